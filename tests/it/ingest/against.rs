//! `inspect NEW --against OLD` in both languages, as JSON, and its exit codes.

use std::{fmt::Write as _, path::Path, process::Command};

use super::program;

const HEAD: &str = "Дата;Номер;Контрагент;ИНН;Ответственный;Сумма\n";

fn written(folder: &Path, name: &str, period: &str, rows: &[String]) -> String {
    let title =
        if period.is_empty() { String::new() } else { format!("Продажи за период {period}\n\n") };
    let path = folder.join(name);
    std::fs::write(&path, format!("{title}{HEAD}{}\n", rows.join("\n"))).expect("a file");
    path.to_str().expect("a path").to_owned()
}

/// Thirty documents that never change.
fn steady() -> Vec<String> {
    (1..=30).map(|n| format!("{n:02}.11.2026;0000-{:06};Вектор ООО;7701234560;Орлов Илья;100,00", 100 + n)).collect()
}

fn with(rows: &[&str]) -> Vec<String> {
    [steady(), rows.iter().map(|r| (*r).to_owned()).collect()].concat()
}

fn ran(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(program()).args(arguments).output().expect("run");
    let text = String::from_utf8(output.stdout).expect("text");
    (output.status.code().unwrap_or(-1), text.replace('\u{a0}', " "))
}

const OLD: [&str; 2] = [
    "02.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
    "03.11.2026;0000-000002;Гефест ООО;7704567890;Орлов Илья;400,00",
];
const NEW: [&str; 2] = [
    "05.11.2026;0000-000001;Ромашка ООО;7707083893;Соколова Анна;9000,00",
    "09.11.2026;0000-000003;Лютик ООО;7701112223;Орлов Илья;70,50",
];
const NOVEMBER: &str = "01.11.2026 - 30.11.2026";

#[test]
fn an_accountant_reads_what_the_new_export_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = written(folder.path(), "Было.csv", NOVEMBER, &with(&OLD));
    let new = written(folder.path(), "Стало.csv", NOVEMBER, &with(&NEW));
    let (code, russian) = ran(&["inspect", &new, "--against", &old]);
    insta::assert_snapshot!(russian, @r"
    Сравниваются документы за 01.11.2026 – 30.11.2026: период новой выгрузки.
    Добавлено: 1 на 70,50 RUB
      09.11.2026  0000-000003                    70,50 RUB  Лютик ООО                         Орлов Илья
    Изменено: 1 на -1 000,00 RUB
      02.11.2026  0000-000001         Ромашка ООО: сумма 10 000,00 → 9 000,00; дата 02.11.2026 → 05.11.2026; менеджер Орлов Илья → Соколова Анна
    Исчезло: 1 на 400,00 RUB
      03.11.2026  0000-000002                   400,00 RUB  Гефест ООО                        Орлов Илья
    Без изменений: 30. Было документов 32 на 13 400,00 RUB, стало 32 на 12 070,50 RUB.
    Итог: изменённые документы станут такими, как в новой выгрузке, исчезнувшие перестанут учитываться; в открытом месяце сразу, в закрытом разница пройдёт исправлением в открытом.
    ");
    assert_eq!(code, 0);
    let (_, english) = ran(&["--lang", "en", "inspect", &new, "--against", &old]);
    insta::assert_snapshot!(english, @r"
    Documents of 2026-11-01 to 2026-11-30 are compared: the period of the new export.
    Added: 1, 70.50 RUB
      2026-11-09  0000-000003                    70.50 RUB  Лютик ООО                         Орлов Илья
    Changed: 1, -1,000.00 RUB
      2026-11-02  0000-000001         Ромашка ООО: amount 10,000.00 → 9,000.00; date 2026-11-02 → 2026-11-05; manager Орлов Илья → Соколова Анна
    Vanished: 1, 400.00 RUB
      2026-11-03  0000-000002                   400.00 RUB  Гефест ООО                        Орлов Илья
    Unchanged: 30. Before: 32 documents, 13,400.00 RUB; now: 32, 12,070.50 RUB.
    In short: changed documents become what the new export says, vanished ones no longer count; in an open month at once, for a closed one the difference is posted as a correction in the open month.
    ");
    let (code, json) = ran(&["--json", "inspect", &new, "--against", &old]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((code, json["same"].as_u64(), json["needs_person"].as_bool()), (0, Some(30), Some(false)));
    assert_eq!(json["changed"][0]["what"], serde_json::json!(["amount", "date", "manager"]));
    assert_eq!(json["kopecks"]["changed"], serde_json::json!({ "RUB": -1_000_00 }));
    assert_eq!(json["vanished"][0]["number"], "0000-000002");
    assert_eq!(json["added"][0]["kopecks"], 7_050);
}

#[test]
fn the_last_sentence_says_what_it_would_mean() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let whole = written(at, "Было.csv", NOVEMBER, &with(&OLD));
    let more = written(at, "Больше.csv", NOVEMBER, &with(&[OLD[0], OLD[1], NEW[1]]));
    let half = written(at, "Половина.csv", NOVEMBER, &steady()[..15]);
    let list = written(at, "Список.csv", "", &steady()[..15]);
    let late = written(
        at,
        "Конец.csv",
        "03.11.2026 - 30.11.2026",
        &with(&["03.11.2026;0000-000002;Гефест ООО;7704567890;Орлов Илья;1,00"])[2..],
    );
    let broken = written(at, "Сломан.csv", NOVEMBER, &["нет даты;1;А;;Б;1,00".into()]);
    let mut said = String::new();
    for (new, old) in
        [(&whole, &whole), (&more, &whole), (&half, &whole), (&list, &whole), (&late, &whole), (&broken, &whole)]
    {
        let (code, text) = ran(&["inspect", new, "--against", old]);
        let last = text.lines().last().unwrap_or_default();
        let name = Path::new(new).file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let _ = writeln!(said, "{code} {name}: {last}");
    }
    insta::assert_snapshot!(said, @r"
    0 Было.csv: Итог: выгрузки говорят одно и то же, приём новой ничего не изменит.
    0 Больше.csv: Итог: новая выгрузка только добавит документы; принятое раньше не изменится.
    2 Половина.csv: Итог: исчезло 17 из 32 документов, это слишком много, и при обычных настройках выгрузка будет ждать человека; выгрузите период целиком или подтвердите её, если документы и правда отменены.
    0 Список.csv: Итог: новая выгрузка без периода в заголовке или с отбором, поэтому отсутствие документов в ней ничего не доказывает: они останутся, остальное будет принято как в ней.
    2 Конец.csv: Итог: новая выгрузка накрывает не все дни прежней и говорит о части документов иначе, поэтому она будет ждать человека; выгрузите весь период одним файлом.
    2 Сломан.csv: новый файл, нужен человек: Сломан.csv, A4: «нет даты» не дата; нужна дата вида 05.11.2026
    ");
    assert_eq!(ran(&["inspect", &whole, "--against", "/no/such/file.csv"]).0, 1);
    assert_eq!(ran(&["--json", "inspect", &broken, "--against", &whole]).0, 2);
}

#[test]
fn at_most_twenty_lines_of_a_kind_are_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = written(folder.path(), "Было.csv", NOVEMBER, &[OLD[0].to_owned()]);
    let new = written(folder.path(), "Стало.csv", NOVEMBER, &with(&[OLD[0]]));
    let (code, text) = ran(&["inspect", &new, "--against", &old]);
    assert_eq!(code, 0);
    assert_eq!(text.lines().filter(|l| l.contains("Вектор")).count(), 20, "{text}");
    assert!(text.contains("… и ещё 10; все: --json"), "{text}");
}
