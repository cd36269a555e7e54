//! Whatever a person does to a file with an editor, the answer is a list of problems, never a panic.

use proptest::prelude::*;
use sverka::{
    cli::init::{PEOPLE, POLICY},
    config::DEFAULTS,
    domain::text::Lang,
};

use super::Folder;

/// A piece of the text is cut out and something else is put in its place.
fn spoilt(text: &str, from: usize, length: usize, put: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let from = from % chars.len();
    let until = (from + length).min(chars.len());
    chars[..from].iter().chain(put.chars().collect::<Vec<_>>().iter()).chain(&chars[until..]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spoilt_file_is_told_and_never_panics(
        file in 0..3_usize,
        from in 0..6_000_usize,
        length in 0..40_usize,
        put in prop_oneof!["[\\[\\]{}=\"'#,0-9a-zё %\\n-]{0,12}", "\\PC{0,8}", Just("9999999999999999999".to_owned())],
    ) {
        let folder = Folder::new();
        let (name, text) = [("sverka.toml", DEFAULTS), ("people.toml", PEOPLE), ("policy.toml", POLICY)][file];
        folder.put(name, spoilt(text, from, length, &put));
        let problems = match folder.load() {
            Ok(config) => config.warnings,
            Err(errors) => {
                prop_assert!(errors.count() > 0);
                errors.problems
            }
        };
        for problem in problems {
            prop_assert!(!problem.render(Lang::Ru).is_empty() && !problem.render(Lang::En).is_empty());
        }
    }

    #[test]
    fn a_table_of_anything_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let folder = Folder::new();
        folder.put("people.csv", &bytes).add("sverka.toml", "[files]\npeople = \"people.csv\"\n");
        prop_assert!(folder.load().is_err());
        folder.put("people.csv", [b"PK\x03\x04".as_slice(), &bytes].concat());
        prop_assert!(folder.load().is_err());
    }
}
