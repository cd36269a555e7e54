//! The command `compare`, run as a person runs it.

use std::{
    path::Path,
    process::{Command, Output},
};

const SALES: &str = "Дата;Номер;Контрагент;ИНН;КПП;Менеджер;Сумма\n\
    05.11.2026;1;\"ООО \"\"Ромашка\"\"\";7707083893;770701001;Петров;100,50\n\
    06.11.2026;2;РОМАШКА ООО;7707083893;;Петров;200,00\n\
    07.11.2026;3;ООО Гефест-Промтехносфера;7743013901;774301001;Петров;300,00\n\
    08.11.2026;4;Частное лицо;;;Петров;1,00\n";
const CRM: &str = "ID;Название компании;Реквизит: ИНН;Дата создания\n\
    1;Ромашка;7707083893;01.11.2026 10:00:00\n\
    2;Пекарня Тополь;;01.11.2026 10:00:00\n";

fn folder(sales: &str, crm: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("sales.csv"), sales).expect("sales");
    std::fs::write(dir.path().join("crm.csv"), crm).expect("crm");
    dir
}

fn compare(dir: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sverka"))
        .current_dir(dir)
        .args(["compare", "--accounting", "sales.csv", "--crm", "crm.csv", "--links", "links.csv"])
        .args(more)
        .output()
        .expect("the program runs")
}

#[test]
fn links_repeat_every_spelling_byte_for_byte_under_the_key_they_share() {
    let dir = folder(SALES, CRM);
    let output = compare(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let links = std::fs::read_to_string(dir.path().join("links.csv")).expect("links");
    insta::assert_snapshot!(links, @r#"
    accounting_key,accounting_name,inn,kpp,verdict,crm_id,score,reason
    7707083893/770701001,"ООО ""Ромашка""",7707083893,770701001,in_crm,1,1.0000,ИНН совпал
    7743013901/774301001,ООО Гефест-Промтехносфера,7743013901,774301001,not_in_crm,,0.0000,"ИНН в CRM не найден; похожих названий нет; просмотрено карточек CRM: 2, с общим словом или номером: 0, сравнено полностью: 0"
    7707083893/770701001,РОМАШКА ООО,7707083893,,in_crm,1,1.0000,ИНН совпал
    частное лицо,Частное лицо,,,not_judgeable,,0.0000,"в учёте нет ИНН, а название общее; заполните карточку контрагента"
    "#);
    assert!(String::from_utf8_lossy(&output.stdout).contains("нет в CRM"));
}

/// Two cards of accounting may be written alike beside their sales: the table has the spelling once, under the first code.
#[test]
fn a_spelling_that_two_codes_share_stands_once_under_the_first() {
    let sales = "Дата;Номер;Код контрагента;Контрагент;ИНН;Менеджер;Сумма\n\
        05.11.2026;1;00-2;ООО Гефест;;Петров;100,50\n\
        06.11.2026;2;00-1;ООО Гефест;;Петров;200,00\n\
        07.11.2026;3;00-3;Ромашка;7707083893;Петров;200,00\n";
    let dir = folder(sales, CRM);
    let output = compare(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let links = std::fs::read_to_string(dir.path().join("links.csv")).expect("links");
    let keys: Vec<&str> = links.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(keys, ["00-1", "00-3"], "{links}");
}

#[test]
fn a_counterparty_is_explained_by_name_inn_or_key() {
    let dir = folder(SALES, CRM);
    for wanted in ["ромашка ООО", "7707083893", "7707083893/770701001"] {
        let output = compare(dir.path(), &["--explain", wanted]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("слово «ромашка»") && text.contains("crm:company:1"), "{wanted}: {text}");
    }
    let unknown = compare(dir.path(), &["--explain", "Никто"]);
    assert_eq!(unknown.status.code(), Some(1));
}

#[test]
fn json_sums_documents_and_kopecks_by_verdict() {
    let dir = folder(SALES, CRM);
    let output = compare(dir.path(), &["--json", "--as-of", "2026-11-30"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
    assert_eq!(json["as_of"], "2026-11-30");
    assert_eq!(json["counterparties"]["in_crm"], 1);
    assert_eq!(json["sales"]["in_crm"], serde_json::json!({"documents": 2, "kopecks": 30_050}));
    assert_eq!(json["sales"]["not_in_crm"], serde_json::json!({"documents": 1, "kopecks": 30_000}));
    assert_eq!(json["sales"]["not_judgeable"]["kopecks"], 100);
    assert_eq!(json["links"], "links.csv");
    assert!(json["findings"].is_array());
}

#[test]
fn as_of_leaves_out_what_came_later() {
    let dir = folder(SALES, &CRM.replace("1;Ромашка;7707083893;01.11.2026", "1;Ромашка;7707083893;20.11.2026"));
    let output = compare(dir.path(), &["--json", "--as-of", "2026-11-06"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
    assert_eq!(json["sales"]["not_in_crm"], serde_json::json!({"documents": 2, "kopecks": 30_050}), "{json}");
}

#[test]
fn a_finding_that_holds_ends_with_2_after_everything_was_written() {
    let dir = folder(SALES, &format!("{CRM}2;Другое имя;;01.11.2026 10:00:00\n"));
    let output = compare(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(dir.path().join("links.csv").exists());
    assert!(String::from_utf8_lossy(&output.stdout).contains("нужен человек"));
}

#[test]
fn a_file_that_is_something_else_ends_with_1_and_says_what_to_do() {
    let dir = folder(SALES, "Номенклатура;Остаток\nБолт;5\n");
    let output = compare(dir.path(), &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("crm.csv") && said.contains("sverka inspect"), "{said}");
    assert!(!dir.path().join("links.csv").exists());
    std::fs::remove_file(dir.path().join("crm.csv")).expect("remove");
    assert_eq!(compare(dir.path(), &[]).status.code(), Some(1));
}

#[test]
fn the_companys_own_layouts_are_tried_here_too() {
    let dir = folder(&SALES.replace("Сумма", "Оттиск"), CRM);
    let inspect = |more: &[&str]| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_sverka"));
        run.current_dir(dir.path()).args(["inspect", "sales.csv", "--map", "сумма=Оттиск", "--save-layout"]).args(more);
        run.output().expect("the program runs").status.code()
    };
    let compared = |more: &[&str]| compare(dir.path(), more).status.code();
    assert_eq!(compared(&[]), Some(1), "nobody knows the amount");
    assert_eq!(inspect(&["own/sales.toml"]), Some(0));
    assert_eq!(compared(&[]), Some(1), "not the folder that counts");
    assert_eq!(compared(&["--layouts", "own"]), Some(0));
    std::fs::write(dir.path().join("sverka.toml"), "[accounting]\nlayouts = \"own\"\n").expect("written");
    assert_eq!(compared(&[]), Some(0), "the folder of the configuration");
    std::fs::remove_file(dir.path().join("sverka.toml")).expect("removed");
    assert_eq!(inspect(&[]), Some(0));
    assert_eq!(compared(&[]), Some(0), "the folder beside the configuration");
    std::fs::write(dir.path().join("layouts/broken.toml"), "name = 1\n").expect("written");
    let output = compare(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("broken.toml"), "{output:?}");
}

/// A document counts once however many files have it, be they one file named twice; what differs is told and held.
#[test]
fn a_document_of_several_files_counts_once() {
    let dir = folder(SALES, CRM);
    let row = |line: &str| format!("{}\n{line}\n", SALES.lines().next().expect("a header"));
    std::fs::write(dir.path().join("again.csv"), row("06.11.2026;2;РОМАШКА ООО;7707083893;;Петров;200,00"))
        .expect("again");
    std::fs::write(dir.path().join("other.csv"), row("06.11.2026;2;РОМАШКА ООО;7707083893;;Петров;250,00"))
        .expect("other");
    let total = |more: &[&str]| -> (i64, i64, Option<i32>, String) {
        let files: &[&str] = if more.is_empty() { &[] } else { &["--accounting"] };
        let output = compare(dir.path(), &[&["--json"], files, more].concat());
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let json: serde_json::Value = serde_json::from_str(&text).expect("json");
        let sales = json["sales"].as_object().expect("sales");
        let sum = |key: &str| sales.values().map(|s| s[key].as_i64().unwrap_or(0)).sum();
        (sum("documents"), sum("kopecks"), output.status.code(), text)
    };
    let once = total(&[]);
    assert_eq!((once.0, once.1, once.2), (4, 601_50, Some(0)));
    for more in [["sales.csv"], ["again.csv"]] {
        let twice = total(&more);
        assert_eq!((twice.0, twice.1, twice.2), (4, 601_50, Some(0)), "{more:?}");
    }
    let other = total(&["other.csv"]);
    assert_eq!((other.0, other.1, other.2), (4, 601_50, Some(2)), "the first file counts");
    assert!(other.3.contains("document_differs"), "{}", other.3);
}
