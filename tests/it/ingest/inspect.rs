//! `inspect` from outside: exit codes, JSON, words.

use std::process::{Command, Output};

use super::{program, real_file};

fn inspect(arguments: &[&str]) -> Output {
    Command::new(program()).arg("inspect").args(arguments).output().expect("run")
}

#[test]
fn a_list_of_sales_is_described_in_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("Продажи.csv");
    let text = "Организация: ООО «Пример»\nПродажи за Ноябрь 2026 г.\n\nДата;Номер;Контрагент;Сумма;Склад\n05.11.2026;1;ООО А;5,00;С\nИтого;;;5,00;\n";
    std::fs::write(&path, text).expect("write");
    let output = inspect(&["--json", path.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(String::from_utf8(output.stdout).expect("text"), @r#"
    {
      "kind": "sales",
      "sheet": "",
      "header_rows": [
        4,
        4
      ],
      "columns": {
        "amount": "Сумма",
        "counterparty": "Контрагент",
        "date": "Дата",
        "number": "Номер"
      },
      "rows": 1,
      "total_kopecks": 500,
      "printed_total_kopecks": 500,
      "period": {
        "from": "2026-11-01",
        "to": "2026-11-30"
      },
      "organisation": "ООО «Пример»",
      "grain": "documents",
      "understood": [
        "Вид отчёта: Продажи."
      ],
      "findings": [
        {
          "code": "columns_unused",
          "severity": "note",
          "cell": "4",
          "message": "столбцы не используются: Склад"
        }
      ]
    }
    "#);
}

#[test]
fn a_held_file_ends_with_two_and_a_missing_one_with_one() {
    let Some((path, _)) = real_file("1c/not-sales-stock.xlsx") else { return };
    let output = inspect(&[path.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("остатки склада"), "{text}");
    assert_eq!(inspect(&["/no/such/file.csv"]).status.code(), Some(1));
}
