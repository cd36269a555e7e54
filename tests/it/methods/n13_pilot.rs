//! 13. A working group starts: the pilot beside the rest, with an interval.

use super::story;

#[test]
fn the_director_sees_the_pilot_with_its_uncertainty() {
    let story = story();
    let pages: Vec<&str> =
        story.mails.iter().filter(|mail| mail.key.starts_with("pilot.")).map(|mail| mail.key.as_str()).collect();
    assert_eq!(pages, ["pilot.2026-11.once.0001"], "nobody but the head of everything");
    let page = &story.mail("pilot.").text;
    assert!(page.contains("пилот: 12 из 12") && page.contains("остальные: 6 из 12"), "{page}");
    insta::assert_snapshot!(page);
}
