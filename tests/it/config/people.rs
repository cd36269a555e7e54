//! People from TOML and from tables, and what is refused about them.

use sverka::domain::{
    org::{EmployeeId, Resolved, Role, Roster},
    text::Lang,
};

use super::{Folder, day};

const TABLE: &str = "\
Табельный номер;ФИО;Псевдонимы;E-mail;Отдел;Роль;Принят;Уволен;Группы;Язык;Заместитель\r\n\
001;Орлова Мария;;orlova@firma.ru;;руководитель, финансы;;;;;\r\n\
002;Белов Игорь;;belov@firma.ru;;оператор;;;;en;\r\n\
\r\n\
007;Иванова Анна;\"Иванова А.; Кузнецова А. (до 01.02.2026);Ким (опт)\";ivanova@firma.ru;Опт;менеджер;15.09.2025;;пилот, новые;;001\r\n\
";

fn with_table(name: &str, bytes: &[u8]) -> Folder {
    let folder = Folder::new();
    folder.put(name, bytes).add("sverka.toml", &format!("[files]\npeople = \"{name}\"\n"));
    folder
}

fn check_roster(roster: &Roster) {
    assert_eq!(roster.people.len(), 3);
    let anna = roster.get(&EmployeeId("007".into())).expect("zeros are kept");
    assert_eq!(anna.hired, Some(day("2025-09-15")));
    assert_eq!(anna.groups, ["новые".to_owned(), "пилот".to_owned()].into());
    assert_eq!(anna.deputy, Some(EmployeeId("001".into())));
    assert_eq!(roster.people[0].roles, [Role::Head, Role::Finance].into());
    assert_eq!((anna.lang, roster.people[1].lang), (Lang::Ru, Lang::En));
    let found = |name: &str, on: &str| matches!(roster.resolve(name, day(on)), Resolved::One(p) if p.id == anna.id);
    assert!(found("КУЗНЕЦОВА А", "2026-01-31"));
    assert!(!found("Кузнецова А.", "2026-02-01"));
    assert!(found("Ким (опт)", "2026-02-01"));
}

#[test]
fn a_table_in_utf8_and_in_cp1251_gives_the_same_people() {
    check_roster(&with_table("people.csv", TABLE.as_bytes()).load().expect("sound").roster);
    check_roster(&with_table("people.csv", format!("\u{feff}{TABLE}").as_bytes()).load().expect("sound").roster);
    let (cp1251, _, lost) = encoding_rs::WINDOWS_1251.encode(TABLE);
    assert!(!lost);
    check_roster(&with_table("people.csv", &cp1251).load().expect("sound").roster);
}

#[test]
fn a_workbook_gives_the_same_people() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).delimiter(b';').flexible(true).from_reader(TABLE.as_bytes());
    for (row, record) in reader.records().enumerate() {
        let record = record.expect("a row");
        for (column, text) in record.iter().enumerate() {
            // Two empty rows above and an empty column on the left, as people leave them.
            let (row, column) = (u32::try_from(row).expect("small") + 2, u16::try_from(column).expect("small") + 1);
            if text == "15.09.2025" {
                let at = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 9, 15).expect("a date");
                sheet.write_datetime_with_format(row, column, &at, &date).expect("written");
            } else {
                sheet.write_string(row, column, text).expect("written");
            }
        }
    }
    let bytes = book.save_to_buffer().expect("saved");
    check_roster(&with_table("people.xlsx", &bytes).load().expect("sound").roster);
}

#[test]
fn mistakes_in_a_table_name_the_row() {
    let folder = with_table(
        "people.csv",
        "id,name,role,e-mail,hired,aliasses,comment\n1,Ann,head,ann@x.ru,soon,,\n1,Bob,\"finance;boss\",b@x.ru,,,\n3,Cid,operator,c@x.ru,,,\n"
            .as_bytes(),
    );
    insta::assert_snapshot!(folder.complaints(Lang::En), @r"
    error: unknown column “aliasses”
      ┌─ [folder]/people.csv, row 1
      hint: did you mean “aliases”?

    warning: unknown column “comment”
      ┌─ [folder]/people.csv, row 1
      hint: the column is not read

    error: “soon” is not a date
      ┌─ [folder]/people.csv, row 2
      hint: write 2026-11-20

    error: unknown role “boss”
      ┌─ [folder]/people.csv, row 3
      hint: possible here: manager, head, finance, operator

    error: the personnel number 1 belongs to Ann already
      ┌─ [folder]/people.csv, row 3
    ");
}

#[test]
fn namesakes_are_refused_only_on_the_same_days() {
    let folder = Folder::new();
    let person = |id: &str, alias: &str| {
        format!(
            "[[person]]\nid = \"{id}\"\nname = \"Имя {id}\"\nemail = \"p{id}@firma.example\"\ndepartment = \"Опт\"\n\
             roles = [\"manager\"]\naliases = [{alias}]\n"
        )
    };
    let one = person("201", "{ name = \"Ли Я.\", until = 2026-03-01 }");
    let apart = person("202", "{ name = \"ЛИ Я\", from = 2026-03-01 }");
    let at_once = person("203", "\"Ли  Я.\"");
    folder.add("people.toml", &format!("{one}\n{apart}"));
    assert_eq!(folder.errors(), Vec::<String>::new());
    folder.add("people.toml", &at_once);
    assert_eq!(folder.errors(), ["on the same days the employee 201 has the name “Ли  Я.” too"]);
}

#[test]
fn a_role_that_only_a_leaver_holds_is_empty() {
    let folder = Folder::new();
    folder.change("people.toml", "roles = [\"finance\"]", "roles = [\"finance\"]\nleft = 2026-11-19");
    assert_eq!(folder.errors(), ["nobody at work has the role finance and an e-mail"]);
    folder.change("people.toml", "left = 2026-11-19", "left = 2026-11-20");
    assert_eq!(folder.errors(), Vec::<String>::new());
}

#[test]
fn a_department_needs_its_head_or_a_general_one() {
    let folder = Folder::new();
    folder.change("people.toml", "roles = [\"head\"]", "roles = [\"head\"]\ndepartment = \"Опт\"");
    assert_eq!(folder.errors(), ["the department “Розница” has no head with an e-mail"]);
}
