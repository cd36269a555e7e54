//! 12. A deal closes by the head's decision: its bonus waits, the head is asked with a workbook, nothing approves itself.

use super::{section, story};

#[test]
fn the_bonus_of_a_large_deal_waits_for_the_head() {
    let story = story();
    // 90 000 at 10 %; still waiting when the month was closed.
    assert_eq!(story.entries("deal_approval"), [("0101", -900_000)]);
    let audit = story.mail("audit.2026-W46");
    assert!(audit.files.iter().any(|(name, _)| name.starts_with("Сделки")));
    insta::assert_snapshot!(section(&audit.text, "СДЕЛКИ ЖДУТ"));
}
