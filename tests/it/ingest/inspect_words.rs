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
    insta::assert_snapshot!(said(GROUPED, "ru"), @"
    ПРИНЯТ.
    Продажи: документов 3.
    Заголовок: строки 3–5.
    Вид отчёта: Продажи.
    Группы по суммам: менеджер → контрагент → документ. Итоги групп проверены: 4.
    Столбцы:
      A   менеджер → контрагент → документ Менеджер / Контрагент / Документ
      B   сумма с НДС                      Выручка
    Период: 01.11.2026 – 30.11.2026
    Сумма: 350,00, напечатанный итог тот же.
    Первые строки, как они поняты:
      строка  дата        документ                       сумма      контрагент                        менеджер
           8  05.11.2026  0000-000001                   100,00 RUB  Общество с ограниченной ответст…  Иванов И. И.
           9  06.11.2026  0000-000002                   200,00 RUB  Общество с ограниченной ответст…  Иванов И. И.
          12  07.11.2026  0000-000003                    50,00 RUB  Лютик ИП                          Петров П. П.
    ");
}

#[test]
fn a_grouped_report_in_english() {
    insta::assert_snapshot!(said(GROUPED, "en"), @"
    ACCEPTED.
    Sales: 3 documents.
    Header: rows 3–5.
    Kind of report: Sales.
    Groups by sums: manager → counterparty → document. Sums of groups checked: 4.
    Columns:
      A   manager → counterparty → document Менеджер / Контрагент / Документ
      B   amount                            Выручка
    Period: 2026-11-01 to 2026-11-30
    Sum: 350.00, the printed total is the same.
    The first rows as they are understood:
         row  date        document                      amount      counterparty                      manager
           8  2026-11-05  0000-000001                   100.00 RUB  Общество с ограниченной ответст…  Иванов И. И.
           9  2026-11-06  0000-000002                   200.00 RUB  Общество с ограниченной ответст…  Иванов И. И.
          12  2026-11-07  0000-000003                    50.00 RUB  Лютик ИП                          Петров П. П.
    ");
}
