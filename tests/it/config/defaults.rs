//! The documented defaults: every key explained, every key known, every sample free of forbidden words.

use sverka::{
    cli::init::{CALENDARS, PEOPLE, POLICY},
    config::{DEFAULTS, GateLevels, Security, Transport},
    domain::export_scope::Exports,
};

use super::Folder;

#[test]
fn every_key_has_a_comment_of_its_own() {
    let mut before = "";
    for line in DEFAULTS.lines() {
        let is_key =
            line.split_once(" = ").is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        assert!(!is_key || before.starts_with('#'), "no comment above: {line}");
        before = line;
    }
}

#[test]
fn every_key_is_known_and_every_default_is_sound_but_for_the_crm_source() {
    let folder = Folder::new();
    folder.put("sverka.toml", DEFAULTS);
    assert_eq!(folder.errors(), ["there is no CRM source"]);
}

#[test]
fn the_example_of_a_crm_source_in_the_comments_is_valid() {
    let folder = Folder::new();
    let uncommented: Vec<&str> = DEFAULTS
        .lines()
        .skip_while(|line| *line != "# [[crm]]")
        .take_while(|line| line.starts_with('#'))
        .filter_map(|line| line.strip_prefix("# "))
        .collect();
    let before = DEFAULTS.split("# [[crm]]").next().expect("text");
    folder.put("sverka.toml", format!("{before}\n{}\n", uncommented.join("\n")));
    assert_eq!(folder.errors(), Vec::<String>::new());
}

#[test]
fn defaults_are_the_documented_ones() {
    let config = Folder::new().load().expect("sound");
    assert_eq!((config.matching.accept_bp, config.matching.review_bp), (9_300, 7_500));
    assert_eq!(config.schedule.audit, "0 17 * * 5");
    assert_eq!(
        config.gate.hold,
        GateLevels {
            crm_age_hours: 96,
            accounting_age_hours: 192,
            crm_shrink_bp: 1_000,
            unknown_manager_bp: 2_000,
            reductions_bp: 30_000,
            outside_period_bp: 100,
            vanished_bp: 500,
        }
    );
    assert_eq!(config.accounting.exports, Exports::Auto);
    assert!(matches!(config.mail.transport, Transport::Directory { .. }));
    assert_ne!(Security::Plain, Security::Starttls);
}

#[test]
fn samples_never_speak_of_what_the_law_forbids() {
    let texts = [DEFAULTS, POLICY, PEOPLE].into_iter().chain(CALENDARS.iter().map(|(_, text)| *text));
    for text in texts {
        let lower = text.to_lowercase();
        // Written apart, so that this file may be searched for the words as well.
        for stem in [["штр", "аф"], ["уд", "ерж"]] {
            assert!(!lower.contains(&stem.concat()), "{}", stem.concat());
        }
    }
}
