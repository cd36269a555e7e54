//! 5. New hires first: cohorts by the day of hiring, never fewer than three people.

use super::{section, story};

#[test]
fn cohorts_are_compared_and_nobody_stands_alone() {
    let text = &story().mail("company.2026-11.once.0101").text;
    let cohorts = section(text, "ПО СТАЖУ");
    assert_eq!(cohorts.matches("3·человека").count(), 2, "{cohorts}");
    insta::assert_snapshot!(cohorts);
}
