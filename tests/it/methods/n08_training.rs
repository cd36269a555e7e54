//! 8. Training for everyone: who misses what, and whether it changed after a training.

use super::{section, story};

#[test]
fn the_head_sees_topics_and_what_a_training_changed_so_far() {
    let story = story();
    let page = &story.mail("company.2026-11.once.0001").text;
    insta::assert_snapshot!(section(page, "КОМУ КАКАЯ ТЕМА"));
    let trained = section(page, "ЧТО ИЗМЕНИЛОСЬ ПОСЛЕ ОБУЧЕНИЯ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(trained.contains("Соколова Анна: рано судить, 30 дней пройдут чт·10.12.2026"), "{trained}");
    assert!(!story.mail("company.2026-11.once.0101").text.contains("Соколова Анна"), "only heads see names");
}
