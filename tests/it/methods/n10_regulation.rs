//! 10. Regulations and processes: the regulation rendered from the policy, whose clauses every line cites.

use sverka::{
    deliver::regulation::markdown,
    domain::{
        org::Roster,
        regulation::{self, Examples, Input},
        text::Lang,
    },
};

use super::story;

#[test]
fn every_line_of_money_cites_a_clause_that_the_regulation_has() {
    let story = story();
    let input = Input {
        company: "ООО «Проверка»",
        version: &story.policy.versions[0],
        until: None,
        roster: &Roster::default(),
        on: "2026-12-06".parse().expect("a day"),
        examples: &Examples::new(),
    };
    let text = markdown(&regulation::build(&input), Lang::Ru);
    let statement = &story.mail("statement.2026-11/1").text;
    let mut cited: Vec<&str> =
        statement.split("п. ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    cited.sort_unstable();
    cited.dedup();
    assert!(cited.len() >= 4, "{cited:?}: {statement}");
    for clause in cited {
        assert!(text.contains(clause.trim_end_matches(',')), "{clause}: {text}");
    }
}
