//! 3. A premium for upkeep: complete cards and calls recorded against calls made, shown every Friday, paid at the close.

use super::{section, story};

#[test]
fn complete_cards_and_recorded_calls_are_paid_and_shown_on_friday() {
    let story = story();
    // Of two calls long enough one was recorded; the third was too short to count.
    assert_eq!(story.entries("call_recording"), [("0101", 5_000)]);
    let paid: Vec<&str> = story.entries("completeness").into_iter().map(|(employee, _)| employee).collect();
    assert_eq!(paid, ["0101", "0103", "0105"], "the others have a client who is missing and one without a phone");
    insta::assert_snapshot!(section(&story.mail("audit.2026-W46").text, "МЕСЯЦ ПО ПРАВИЛАМ"));
}
