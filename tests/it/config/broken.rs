//! Many mistakes in four files: all are told at once, with their places, in both languages.

use sverka::domain::text::Lang;
use sverka::error::{Error, Kind};

use super::Folder;

fn broken() -> Folder {
    let folder = Folder::new();
    folder
        .put(
            "sverka.toml",
            r#"[company]
name = "ООО «Север»"
timezone = "Europe/Moskow"
organisations = "ООО «Север»"

[accounting]
folders = ["inbox/accounting"]
stable_secnds = 10
exports = "ful"

[[crm]]
name = "crm"
folder = "inbox/crm"
preset = "bitrix"

[[crm]]
name = "crm"
folder = "inbox/crm/old"

[matching]
accept_bp = 7000

[mail]
transport = "smtp"
host = "mail.firma.ru"
security = "plain"
reciever = "head@firma.ru"
password = "s3cret"

[schedule]
audit = "0 17 31 2 *"
alerts = "0 10 * *"

[gate.warn]
crm_age_hours = 100

[store]
url = "postgres://sverka:s3cret@db/sverka"
"#,
        )
        .put(
            "people.toml",
            r#"[[person]]
id = "1"
name = "Иванов Пётр"
email = "ivanov@firma.ru"
department = "Опт"
roles = ["manger"]
deputy = "9"

[[person]]
id = "1"
name = "Петров Иван"
aliases = [{ name = "Иванов Петр", from = 2026-02-01 }]
email = "petrov(at)firma.ru"
department = "Опт"
roles = ["manager"]
hired = 2026-02-31
"#,
        )
        .put(
            "policy.toml",
            r#"[[version]]
id = "2026-1"
title = "Редакция"
effective_from = 2026-01-01
grace_working_days = "3"

[version.bonus]
base = "with_vat"
rate = "3"

[[version.profile]]
segment = "vip"
fields = { inn = 0, phone = 1 }

[[version.rule]]
kind = "missing_counterparty"
missing = "150 %"
late = "10 %"
scope = { departments = ["Опд"] }

[[version.rule]]
kind = "completeness"
bands = [
    { from = "0 %", to = "70 %", premium = "0" },
    { from = "80 %", to = "95 %", premium = "3000 руб" },
    { from = "60 %", to = "90 %", premium = "5 %" },
]

[[version.rule]]
kind = "cap"
cap = "50 %"

[[version.rule]]
kind = "contst"

[[version]]
id = "2026-1"
title = "Ещё одна"
effective_from = 2026-01-01
grace_working_days = 3
bonus = { base = "column" }
"#,
        )
        .put("calendar/ru-2026.toml", "year = 2025\ndays_off = [2026-01-01]\nworking_weekends = [2025-11-05]\n");
    folder
}

#[test]
fn every_mistake_of_every_file_is_told_at_once_in_russian() {
    insta::assert_snapshot!(broken().complaints(Lang::Ru));
}

#[test]
fn every_mistake_of_every_file_is_told_at_once_in_english() {
    insta::assert_snapshot!(broken().complaints(Lang::En));
}

#[test]
fn a_secret_written_into_the_file_is_not_repeated_by_the_error() {
    for lang in [Lang::Ru, Lang::En] {
        assert!(!broken().complaints(lang).contains("s3cret"));
    }
}

#[test]
fn the_error_of_other_commands_has_exit_code_3_and_lists_everything() {
    let error = Error::from(broken().load().expect_err("broken"));
    assert_eq!(error.kind, Kind::Config);
    assert_eq!(error.kind.exit_code(), 3);
    assert!(error.message.ru.contains("Europe/Moskow") && error.message.ru.contains("stable_secnds"));
}

#[test]
fn a_missing_file_is_told_with_the_way_out() {
    let folder = Folder::new();
    std::fs::remove_file(folder.main()).expect("removed");
    insta::assert_snapshot!(folder.complaints(Lang::En), @r"
    error: there is no such file
      ┌─ [folder]/sverka.toml
      hint: `sverka init FOLDER` writes a sample
    ");
}

#[test]
fn a_syntax_error_does_not_hide_the_other_mistakes() {
    let folder = Folder::new();
    folder.put(
        "sverka.toml",
        "[company\nname = \"x\"\n[web]\nlisten = \"nowhere\"\nhosst = 1\n[[crm]]\nname = \"crm\"\nfolder = \"inbox/crm\"\n",
    );
    let errors = folder.errors();
    assert!(errors.iter().any(|e| e.starts_with("not valid TOML")), "{errors:?}");
    assert!(errors.contains(&"unknown key `hosst`".to_owned()), "{errors:?}");
    assert!(errors.contains(&"this is not an address with a port".to_owned()), "{errors:?}");
}

#[test]
fn a_clash_with_a_default_points_at_what_the_company_wrote() {
    let folder = Folder::new();
    folder.add("sverka.toml", "[matching]\nreview_bp = 9500\n[gate.hold]\ncrm_age_hours = 24\n");
    let errors = folder.load().expect_err("broken").problems.into_iter().filter(|p| !p.warning);
    let lines: Vec<String> = errors.map(|p| p.at.excerpt().expect("in the file").text).collect();
    assert_eq!(lines, ["review_bp = 9500", "crm_age_hours = 24"]);
}
