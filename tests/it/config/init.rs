//! A fresh folder: accepted at once, never written over.

use sverka::{
    cli::{
        check::{Checked, summary},
        init::{InitArgs, write},
    },
    config::Config,
    domain::{
        policy::RuleKind,
        text::{Lang, Text},
    },
};

use super::Folder;

#[test]
fn a_fresh_folder_is_sound_and_says_what_to_replace() {
    let messages = Folder::new().messages();
    insta::assert_snapshot!(messages.join("\n"), @"warning: addresses of the sample: 5, the first is orlova@firma.example");
}

#[test]
fn a_fresh_regulation_posts_nothing_until_a_person_lets_it() {
    let config = Folder::new().load().expect("sound");
    let rules = &config.policy.versions[0].rules;
    assert_eq!(rules.len(), 3);
    assert!(rules.iter().all(|rule| rule.shadow || matches!(rule.kind, RuleKind::Cap { .. })));
}

#[test]
fn nothing_is_written_when_a_file_is_there() {
    let folder = Folder::new();
    folder.put("people.toml", "# mine\n");
    let args = InitArgs {
        folder: folder.path().to_owned(),
        company: "x".into(),
        organisations: Vec::new(),
        timezone: "Europe/Moscow".into(),
        language: "ru".into(),
    };
    std::fs::remove_file(folder.main()).expect("removed");
    let error = write(&args).expect_err("refused");
    assert!(error.message.en.contains("people.toml") && !error.message.en.contains("sverka.toml,"));
    assert!(!folder.main().exists());
    assert_eq!(std::fs::read_to_string(folder.path().join("people.toml")).expect("there"), "# mine\n");
}

#[test]
fn a_company_name_with_quotes_stays_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = InitArgs {
        folder: folder.path().join("new"),
        company: "ООО \"Рога \\ Копыта\"".into(),
        organisations: vec!["ООО \"Рога\"".into(), "ИП Рогов".into()],
        timezone: "Asia/Yekaterinburg".into(),
        language: "en".into(),
    };
    write(&args).expect("written");
    let config =
        sverka::config::load_with(&args.folder.join("sverka.toml"), std::iter::empty(), super::day(super::TODAY))
            .expect("sound");
    assert_eq!(config.company.name, args.company);
    assert_eq!(config.company.organisations, args.organisations);
    assert_eq!(config.company.tz.name(), "Asia/Yekaterinburg");
    assert_eq!(config.company.lang, Lang::En);
}

#[test]
fn the_summary_shows_what_was_understood() {
    let folder = Folder::new();
    let config = folder.load().expect("sound");
    let now = "2026-11-20T09:00:00Z".parse().expect("an instant");
    let both = [Lang::Ru, Lang::En].map(|lang| folder.tidy(&summary(&config, now, lang))).join("\n\n");
    insta::assert_snapshot!(both);
}

#[test]
fn remarks_fail_only_a_strict_check_and_a_further_check_fails_any() {
    let folder = Folder::new();
    let now = "2026-11-20T09:00:00Z".parse().expect("an instant");
    let sound = Checked::new(&folder.main(), now, &[]);
    assert_eq!((sound.exit_code(false), sound.exit_code(true)), (0, 3));
    assert!(sound.render(now, Lang::En).ends_with("The configuration is sound, remarks: 1."));
    let broken_template = |_: &Config| vec![Text::same("audit: `manger` is undefined")];
    let failed = Checked::new(&folder.main(), now, &[("templates", &broken_template)]);
    assert_eq!(failed.exit_code(false), 3);
    let json = failed.to_json(false, now, Lang::En);
    assert_eq!(json["ok"], false);
    assert_eq!(json["problems"][1]["message"], "audit: `manger` is undefined");
    assert_eq!(json["summary"]["schedule"]["audit"][0], "2026-11-20 17:00 +03:00");
    std::fs::remove_file(folder.main()).expect("removed");
    assert_eq!(Checked::new(&folder.main(), now, &[]).exit_code(false), 3);
}
