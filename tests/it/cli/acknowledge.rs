//! `acknowledge`: signatures by hand and from tables, who has not signed, and what a bad row is told.

use std::fs;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{company, sverka};

#[tokio::test]
async fn a_signature_is_recorded_once_listed_and_taken_back() {
    let t = company().await;
    let dir = t.dir.path();
    let nobody = sverka(dir, &["acknowledge", "list"]);
    assert_eq!(nobody.code, 0, "{}", nobody.stderr);
    assert!(nobody.stdout.contains("Редакция T-1 (с 01.01.2026): ознакомлены 0, нет 2"), "{}", nobody.stdout);

    let signed = sverka(dir, &["acknowledge", "record", "0101", "--on", "2026-11-02", "--by", "Громова"]);
    assert_eq!(signed.code, 0, "{}", signed.stderr);
    let again = sverka(dir, &["acknowledge", "record", "Орлов Илья", "--on", "2026-11-02"]);
    assert!(again.stdout.contains("уже записано"), "{}{}", again.stdout, again.stderr);
    let other = sverka(dir, &["--lang", "en", "acknowledge", "record", "0101", "--on", "2026-11-03"]);
    assert_eq!(other.code, 1);
    assert!(other.stderr.contains("recorded for 2026-11-02 already, here it is 2026-11-03"), "{}", other.stderr);

    let list = sverka(dir, &["--json", "acknowledge", "list", "--version", "T-1", "--all"]).json();
    let record = &list[0]["signed"][0];
    assert_eq!((record["employee"].as_str(), record["by"].as_str()), (Some("0101"), Some("Громова")), "{list}");
    assert_eq!(list[0]["unsigned"], serde_json::json!([{ "employee": "0102", "name": "Соколова Анна" }]));
    let id = record["id"].as_str().expect("an id").to_owned();
    let undone = sverka(dir, &["acknowledge", "undo", &id, "--note", "не та дата", "--by", "Громова"]);
    assert_eq!(undone.code, 0, "{}", undone.stderr);
    assert_eq!(sverka(dir, &["acknowledge", "undo", &id]).code, 1, "once");
    let all = sverka(dir, &["acknowledge", "list", "--all"]).stdout;
    assert!(all.contains("отменил Громова: не та дата") && all.contains("ознакомлены 0, нет 2"), "{all}");
    assert_eq!(sverka(dir, &["acknowledge", "list"]).stdout, nobody.stdout);
}

#[tokio::test]
async fn what_nobody_can_have_signed_is_not_recorded() {
    let t = company().await;
    let dir = t.dir.path();
    for (arguments, part) in [
        (&["record", "0999"][..], "нет в списке людей"),
        (&["record", "101"], "возможно, 0101"),
        (&["record", "0101", "--version", "T-9"], "редакции «T-9» нет; есть: T-1"),
        (&["record", "0101", "--on", "2999-01-01"], "01.01.2999 ещё не наступило"),
        (&["record", "0101", "--on", "завтра"], "дата пишется так"),
        (&["list", "--version", "T-9"], "редакции «T-9» нет"),
        (&["undo", "none"], "действующей записи «none» нет"),
    ] {
        let ran = sverka(dir, &[&["acknowledge"], arguments].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{arguments:?}: {}", ran.stderr);
    }
}

#[tokio::test]
async fn a_table_is_taken_whole_or_not_at_all() {
    let t = company().await;
    let dir = t.dir.path();
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let sheet = book.add_worksheet().set_name("Ознакомление").expect("a name");
    sheet.write(0, 0, "Лист ознакомления").expect("a cell");
    for (at, title) in (0..).zip(["№", "Табельный номер", "ФИО", "Редакция", "Дата"]) {
        sheet.write(2, at, title).expect("a cell");
    }
    for (row, (id, version)) in (3..).zip([("0101", "T-1"), ("0102", "T-1"), ("0102", "T-1")]) {
        sheet.write(row, 1, id).expect("a cell");
        sheet.write(row, 3, version).expect("a cell");
    }
    let on = |d| ExcelDateTime::from_ymd(2026, 11, d).expect("a day");
    sheet.write_datetime_with_format(3, 4, on(2), &day).expect("a cell");
    sheet.write_datetime_with_format(4, 4, on(3), &day).expect("a cell");
    book.save(dir.join("подписи.xlsx")).expect("a workbook");
    let dry = sverka(dir, &["acknowledge", "import", "подписи.xlsx", "--by", "Громова", "--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    assert_eq!(dry.stdout, "будет внесено: 2; уже записано: 0; без даты: 1; не принято: 0\n");
    let done = sverka(dir, &["acknowledge", "import", "подписи.xlsx", "--by", "Громова"]);
    assert_eq!(done.stdout, "внесено: 2; уже записано: 0; без даты: 1; не принято: 0\n");
    let again = sverka(dir, &["acknowledge", "import", "подписи.xlsx", "--by", "Другой"]);
    assert_eq!(again.stdout, "внесено: 0; уже записано: 2; без даты: 1; не принято: 0\n");
    let all = sverka(dir, &["acknowledge", "list", "--all"]).stdout;
    assert!(all.contains("подписи.xlsx, лист «Ознакомление», строка 5"), "{all}");

    // Every bad row is named by its cell, and the good one beside it is not recorded either.
    let more = "Personnel number;Version;Date\n0101;T-1;05.11.2026\n0102;;03.11.2026\n777;T-1;01.11.2026\n\
                0102;T-1;вчера\n";
    fs::write(dir.join("more.csv"), more).expect("a file");
    let refused = sverka(dir, &["acknowledge", "import", "more.csv", "--version", "T-1"]);
    assert_eq!(refused.code, 2);
    insta::assert_snapshot!("acknowledge_refused_ru", refused.stdout);
    let refused = sverka(dir, &["--lang", "en", "acknowledge", "import", "more.csv"]);
    insta::assert_snapshot!("acknowledge_refused_en", refused.stdout);

    let other = sverka(dir, &["acknowledge", "import", "people.toml"]);
    assert_eq!(other.code, 1);
    assert!(other.stderr.contains("нет столбцов «Табельный номер» и «Дата»"), "{}", other.stderr);
}

#[tokio::test]
async fn a_signature_does_not_outlive_the_text_it_was_given_for() {
    let t = company().await;
    let dir = t.dir.path();
    assert_eq!(sverka(dir, &["acknowledge", "record", "0101", "--on", "2026-11-02", "--by", "Громова"]).code, 0);
    let policy = fs::read_to_string(dir.join("policy.toml")).expect("a policy");
    // A remark changes nothing, a figure does.
    fs::write(dir.join("policy.toml"), format!("# a remark\n{policy}")).expect("a policy");
    assert!(sverka(dir, &["acknowledge", "list"]).stdout.contains("ознакомлены 1, нет 1"));
    fs::write(dir.join("policy.toml"), policy.replacen("50 %", "60 %", 1)).expect("a policy");
    let list = sverka(dir, &["acknowledge", "list"]).stdout;
    assert!(list.contains("ознакомлены 0, нет 2") && list.contains("подписан прежний текст, не считается"), "{list}");
    let json = sverka(dir, &["--json", "acknowledge", "list"]).json();
    assert_eq!(json[0]["signed"][0]["former_text"], true, "{json}");

    // The old sheet is no signature under the new text; a new one takes the place of the old.
    let old = sverka(dir, &["--lang", "en", "acknowledge", "record", "0101", "--on", "2026-11-02"]);
    assert_eq!(old.code, 1);
    assert!(old.stderr.contains("signed a former text of version “T-1”"), "{}", old.stderr);
    let new = sverka(dir, &["acknowledge", "record", "0101", "--on", "2026-11-05", "--by", "Громова"]);
    assert_eq!(new.code, 0, "{}", new.stderr);
    let all = sverka(dir, &["acknowledge", "list", "--all"]).stdout;
    assert!(all.contains("ознакомлены 1, нет 1") && all.contains("редакция изменена, подписан новый текст"), "{all}");
    // Putting the first text back does not bring the first signature back: it was taken back, and the second is of another text.
    fs::write(dir.join("policy.toml"), policy).expect("a policy");
    assert!(sverka(dir, &["acknowledge", "list"]).stdout.contains("ознакомлены 0, нет 2"));
}
