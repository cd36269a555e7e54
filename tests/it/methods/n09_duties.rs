//! 9. Revised job duties: an annex to the job description from the same file that is computed.

use sverka::{
    deliver::regulation::markdown,
    domain::{
        org::Roster,
        regulation::{Examples, Input, annex},
        text::Lang,
    },
};

use super::story;

#[test]
fn the_annex_says_the_duties_of_the_policy() {
    let policy = &story().policy;
    let input = Input {
        company: "ООО «Проверка»",
        version: &policy.versions[0],
        until: None,
        roster: &Roster::default(),
        on: "2026-12-06".parse().expect("a day"),
        examples: &Examples::new(),
    };
    insta::assert_snapshot!(markdown(&annex::build(&input), Lang::Ru));
}
