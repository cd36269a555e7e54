//! SHA-256 of contents: the identity of a file. Deliberately absent: keyed hashes (the ledger has its own).

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// SHA-256 of bytes, lower-case hex.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 and length of everything a reader gives.
pub fn of_reader(mut reader: impl Read) -> io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; 128 << 10];
    let mut length = 0_u64;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok((hex(&hasher.finalize()), length)),
            Ok(n) => {
                hasher.update(buffer.get(..n).unwrap_or_default());
                length += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_give_the_vector_of_the_standard() {
        let want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_bytes(b"abc"), want);
        assert_eq!(of_reader(&b"abc"[..]).expect("read"), (want.to_owned(), 3));
    }
}
