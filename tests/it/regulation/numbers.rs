//! Clause numbers depend on the version alone, every rule has its clause, and nothing speaks of punishment.

use sverka::domain::{
    org::Roster,
    policy::PolicyVersion,
    regulation::{self, Block, Document, Example, Examples, Input, annex},
    text::{Lang, Text},
};

use super::plain;
use crate::app::day;

/// A document of the version.
pub fn document(version: &PolicyVersion, roster: &Roster, examples: &Examples) -> Document {
    regulation::build(&input(version, roster, examples))
}

/// What it is made from.
pub fn input<'a>(version: &'a PolicyVersion, roster: &'a Roster, examples: &'a Examples) -> Input<'a> {
    Input { company: "ООО «Проверка»", version, until: None, roster, on: day("2026-11-16"), examples }
}

/// Every text of a document.
pub fn texts(document: &Document) -> Vec<&Text> {
    let mut all: Vec<&Text> = vec![&document.title];
    all.extend(&document.approval);
    all.extend(document.facts.iter().flat_map(|(a, b)| [a, b]));
    for section in &document.sections {
        all.push(&section.title);
        for clause in &section.clauses {
            all.push(&clause.title);
            for block in &clause.blocks {
                match block {
                    Block::Paragraph(text) | Block::Formula(text) | Block::Example(text) => all.push(text),
                    Block::List(items) => all.extend(items),
                    Block::Table(table) => all.extend(table.columns.iter().chain(table.rows.iter().flatten())),
                }
            }
        }
    }
    all
}

#[test]
fn every_rule_has_the_clause_that_lines_cite() {
    let (policy, roster) = plain();
    let version = &policy.versions[0];
    let document = document(version, &roster, &Examples::new());
    let said: Vec<(String, String)> = document
        .sections
        .iter()
        .flat_map(|s| &s.clauses)
        .filter_map(|c| Some((c.rule.clone()?, c.number.clone())))
        .collect();
    let cited: Vec<(String, String)> =
        version.rules.iter().map(|r| (r.id.clone(), regulation::clause(version, &r.id).expect("a clause"))).collect();
    assert_eq!(said, cited);
    assert_eq!(regulation::clause(version, "no_such_rule"), None);
    assert_eq!(regulation::cite(&policy, "2026-1", "cap").ru, "п. 4.3 положения 2026-1");
    assert_eq!(regulation::cite(&policy, "2026-1", "gone").en, "regulation 2026-1");
    assert_eq!(regulation::cite(&policy, "2019-1", "cap").ru, "положение 2019-1");
}

#[test]
fn numbers_do_not_depend_on_people_examples_or_rules_behind() {
    let (policy, roster) = plain();
    let mut version = policy.versions[0].clone();
    let numbers = |document: &Document| -> Vec<String> {
        document.sections.iter().flat_map(|s| &s.clauses).map(|c| c.number.clone()).collect()
    };
    let first = numbers(&document(&version, &roster, &Examples::new()));
    let example = Example { real: true, text: Text::same("1 × 1 = 1") };
    let examples = Examples::from([("cap".to_owned(), example)]);
    assert_eq!(numbers(&document(&version, &Roster::default(), &examples)), first);
    let cap = regulation::clause(&version, "cap");
    version.exempt.clear();
    version.profiles.clear();
    version.segments.clear();
    let mut more = version.rules[0].clone();
    more.id = "another".to_owned();
    version.rules.push(more);
    assert_eq!(regulation::clause(&version, "cap"), cap);
    let now = numbers(&document(&version, &roster, &Examples::new()));
    assert!(first.iter().all(|number| now.contains(number)), "{first:?} {now:?}");
    assert!(now.contains(&"4.4".to_owned()));
}

#[test]
fn both_documents_say_everything_in_both_languages_and_never_speak_of_punishment() {
    let examples = Examples::new();
    let (plain, roster) = plain();
    let (all, _) = super::everything();
    let (shipped, _) = super::policy(include_str!("../../../config/policy.toml"));
    let versions = || plain.versions.iter().chain(&all.versions).chain(&shipped.versions);
    let inputs = versions().map(|version| input(version, &roster, &examples));
    for document in inputs.flat_map(|input| [regulation::build(&input), annex::build(&input)]) {
        for text in texts(&document) {
            for lang in [Lang::Ru, Lang::En] {
                let said = text.get(lang).to_lowercase();
                for stem in [["шт", "раф"].concat(), ["уде", "рж"].concat(), "penalt".to_owned(), "deduct".to_owned()]
                {
                    assert!(!said.contains(&stem), "{said}");
                }
            }
            assert_eq!(text.ru.is_empty(), text.en.is_empty(), "{text:?}");
        }
        assert_eq!(document.sheet.rows.len(), 2, "both managers sign, nobody else");
    }
}
