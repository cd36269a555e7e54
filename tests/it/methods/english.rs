//! The mails of the story as whoever reads English gets them, one of each kind, whole. Deliberately absent: what the numbers
//! should be (the files of the thirteen ways).

use super::{in_english, n02_anonymous::without_signs};

#[test]
fn the_mails_of_the_story_read_well_in_english() {
    let story = in_english();
    for (name, key) in [
        ("alert", "alert.2026-11-05.0102"),
        ("audit", "audit.2026-W46"),
        ("company_of_everybody", "company.2026-11.once.0101"),
        ("company_of_head", "company.2026-11.once.0001"),
        ("pilot", "pilot."),
    ] {
        insta::assert_snapshot!(name, story.mail(key).text);
    }
    insta::assert_snapshot!("statement", without_signs(&story.mail("statement.2026-11/1").text));
}
