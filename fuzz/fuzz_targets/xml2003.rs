//! SpreadsheetML 2003, and the whole way to facts. Deliberately absent: the body, which a property test shares.
#![no_main]

#[path = "../../tests/it/ingest/fuzz_bodies.rs"]
#[expect(dead_code, reason = "each target calls one body of the file")]
mod fuzz_bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::xml(data));
