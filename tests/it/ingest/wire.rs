//! What passes between the parsing child and its parent: the same however the pipe cuts it, nothing from a half of it, and
//! nothing but a refusal from anything else.

use proptest::prelude::*;
use sverka::ingest::{
    Parsed, hash, sandbox,
    wire::{Collector, Heard, Writer},
};

use super::request;

const TABLE: &str =
    "Дата;Номер;Контрагент;ИНН;Сумма\n05.11.2026;УТ-1;ООО «А»;7707083893;5,00\n06.11.2026;УТ-2;Б;;-1,50\n";

/// What the child writes about a table of two sales.
fn sent() -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out);
    let parsed = sandbox::parse_into(
        TABLE.as_bytes().to_vec(),
        &request("RUB"),
        &sandbox::ParseLimits::default().read,
        &mut writer,
    );
    writer.finish(parsed).expect("written");
    out
}

fn read(bytes: &[u8], cut: usize) -> Option<Parsed> {
    let hash = hash::of_bytes(TABLE.as_bytes());
    let mut collector = Collector::new("Продажи.csv", &hash, None);
    let mut begun: Vec<u8> = Vec::new();
    for piece in bytes.chunks(cut.max(1)) {
        begun.extend(piece);
        let used = collector.feed(&begun).ok()?;
        begun.drain(..used);
    }
    collector.finish()
}

#[test]
fn a_hearer_hears_what_is_collected_otherwise() {
    let sent = sent();
    let collected = read(&sent, 7).expect("whole").accounting.expect("sales").sales;
    assert_eq!(collected.len(), 2);
    let mut heard = Vec::new();
    let mut hear = |sale: &Heard<'_>| {
        let party = sale.party().to_owned();
        assert_eq!(sale.source().look(), sale.place());
        heard.push((sale.key(), party, sale.date(), sale.amount(), sale.currency().to_owned(), sale.source()));
    };
    let mut collector = Collector::new("Продажи.csv", "", Some(&mut hear));
    assert_eq!(collector.feed(&sent).expect("frames"), sent.len());
    assert!(collector.finish().expect("whole").accounting.expect("a table").sales.is_empty());
    let expected: Vec<_> =
        collected.into_iter().map(|s| (s.key, s.party, s.date, s.amount, s.currency, s.source)).collect();
    assert_eq!(heard, expected);
}

proptest! {
    /// However the pipe cuts it.
    #[test]
    fn pieces_of_any_length_are_the_whole(cut in 1..400_usize) {
        let sent = sent();
        prop_assert_eq!(read(&sent, cut), read(&sent, sent.len()));
        prop_assert!(read(&sent, cut).is_some());
    }

    /// A child that stopped half-way said nothing.
    #[test]
    fn a_half_is_nothing(end in any::<prop::sample::Index>()) {
        let sent = sent();
        prop_assert!(read(&sent[..end.index(sent.len())], 64).is_none());
    }

    /// One fact that got lost on the way is no answer either.
    #[test]
    fn a_frame_that_is_missing_is_missed(which in any::<prop::sample::Index>()) {
        let sent = sent();
        let mut frames: Vec<&[u8]> = Vec::new();
        let mut rest = &sent[..];
        while let Some(length) = rest.get(1..5) {
            let (frame, after) = rest.split_at(5 + u32::from_le_bytes(length.try_into().expect("four bytes")) as usize);
            frames.push(frame);
            rest = after;
        }
        frames.remove(which.index(frames.len()));
        prop_assert!(read(&frames.concat(), 64).is_none());
    }

    /// A byte changed anywhere, or anything at all: an answer, no panic; never a sale more.
    #[test]
    fn whatever_comes_there_is_an_answer(at in any::<prop::sample::Index>(), to in any::<u8>(), noise in any::<Vec<u8>>()) {
        let mut sent = sent();
        let at = at.index(sent.len());
        sent[at] = to;
        if let Some(parsed) = read(&sent, 50) {
            prop_assert!(parsed.accounting.is_none_or(|table| table.sales.len() <= 2));
        }
        prop_assert!(read(&noise, 50).is_none());
    }
}
