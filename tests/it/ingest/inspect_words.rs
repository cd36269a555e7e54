//! What `inspect` prints for people: letters of columns, the column of the groups, rows of a header, texts that are cut.
//! Deliberately absent: exit codes and JSON (`inspect`).

use std::process::Command;

use super::program;

fn said(text: &str, lang: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("отчёт.csv");
    std::fs::write(&path, text).expect("written");
    let output = Command::new(program()).args(["--lang", lang, "inspect"]).arg(&path).output().expect("run");
    String::from_utf8(output.stdout).expect("text")
}

const GROUPED: &str = "Продажи за ноябрь 2026 г.;\n;\nМенеджер;Выручка\nКонтрагент;\nДокумент;\n\
    Иванов И. И.;300,00\nОбщество с ограниченной ответственностью «Ромашка»;300,00\n\
    Реализация 0000-000001 от 05.11.2026 10:00:00;100,00\nРеализация 0000-000002 от 06.11.2026 10:00:00;200,00\n\
    Петров П. П.;50,00\nЛютик ИП;50,00\nРеализация 0000-000003 от 07.11.2026 10:00:00;50,00\nИтого;350,00\n";

#[test]
fn a_grouped_report_in_russian() {
    insta::assert_snapshot!(said(GROUPED, "ru"), @"");
}

#[test]
fn a_grouped_report_in_english() {
    insta::assert_snapshot!(said(GROUPED, "en"), @"");
}
