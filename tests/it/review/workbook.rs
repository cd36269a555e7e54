//! The workbook: written, read by another implementation, filled in, read back by the ordinary reader.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use sverka::{
    deliver::review_book,
    domain::{
        review::{
            self,
            sheet::{Filled, Made, Offer, offers},
        },
        text::Lang,
        verdict::Status,
    },
    ingest::{
        interpret::{ParseRequest, Parsed, Want},
        read::ReadLimits,
        sandbox::parse_bytes,
    },
};

use crate::deliver::fixture::{case, friday, spec};

const HOSTILE: &str = "=HYPERLINK(\"http://evil.example\")";

fn offered() -> Vec<Offer> {
    let specs = [
        spec("2026-11-05", "7", HOSTILE, 10_000_00, Status::Uncertain),
        spec("2026-11-05", "7", "+7 495; «Роза»\nнад", 20_000_00, Status::Uncertain),
    ];
    let (facts, mut outcome) = case(&specs);
    outcome.verdicts[0].candidates[0].title = "@SUM(A1)".into();
    offers(&review::queue(&facts, &outcome, &|_| false), &facts, friday())
}

fn parsed(name: &str, bytes: &[u8], want: Want) -> Parsed {
    let request = ParseRequest { file_name: name.into(), want, ..ParseRequest::default() };
    parse_bytes(bytes, &request, &ReadLimits::default())
}

#[test]
fn the_workbook_has_typed_cells_a_list_to_choose_from_and_a_hidden_column() {
    let bytes = review_book::write(&offered(), Lang::Ru, friday()).expect("a workbook");
    let mut book = Xlsx::new(Cursor::new(bytes.clone())).expect("a workbook");
    assert_eq!(book.sheet_names(), ["На разбор", "Как заполнить"]);
    let range = book.worksheet_range("На разбор").expect("a sheet");
    let head: Vec<String> = (0..13).filter_map(|c| range.get_value((0, c))).map(ToString::to_string).collect();
    insta::assert_snapshot!(head.join(" | "), @"Ключ | Контрагент | ИНН | В открытых периодах | Почему здесь | Почему неясно | Кандидат 1 | Кандидат 2 | Кандидат 3 | Решение | То же, что (ключ) | Примечание | sverka-review/1");
    // The greater sum first; the key is text with its zeros, the name is text whatever it begins with.
    assert_eq!(range.get_value((1, 0)), Some(&Data::String("000000002".into())));
    assert_eq!(range.get_value((2, 1)), Some(&Data::String(HOSTILE.into())));
    assert_eq!(range.get_value((2, 3)), Some(&Data::Float(10_000.0)));
    let candidate = range.get_value((2, 6)).map(ToString::to_string).unwrap_or_default();
    assert!(candidate.starts_with("@SUM(A1) (bitrix:company:77)\n88,12"), "{candidate}");
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).expect("a sheet");
        assert!(formulas.used_cells().all(|(_, _, f)| f.is_empty()), "{sheet}");
    }
    let xml = inside(&bytes, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("<pane xSplit=\"2\" ySplit=\"1\""), "frozen");
    assert!(xml.contains("<autoFilter ref=\"A1:M3\"/>"), "filters reach over the hidden column");
    assert!(xml.contains("hidden=\"1\""), "a hidden column");
    assert!(xml.contains("type=\"list\""), "a list to choose from");
    // Only the candidates that the row has: the second list of the second sheet.
    let list = xml.split("<formula1>").nth(1).and_then(|rest| rest.split("</formula1>").next()).unwrap_or_default();
    assert_eq!(list.replace("&apos;", "'"), "'Как заполнить'!$D$1:$D$4");
    let lists = book.worksheet_range("Как заполнить").expect("a sheet");
    let answers: Vec<String> = (0..4).filter_map(|r| lists.get_value((r, 3))).map(ToString::to_string).collect();
    assert_eq!(answers, ["да, кандидат 1", "нет в CRM", "не клиент", "то же, что …"]);
    assert_eq!(bytes, review_book::write(&offered(), Lang::Ru, friday()).expect("a workbook"), "the same bytes");
}

/// An entry of the container, inflated.
fn inside(bytes: &[u8], name: &str) -> String {
    use std::io::Read;
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a container");
    let mut text = String::new();
    zip.by_name(name).expect("an entry").read_to_string(&mut text).expect("XML");
    text
}

#[test]
fn what_a_person_wrote_is_read_back_with_its_row() {
    let offers = offered();
    for lang in [Lang::Ru, Lang::En] {
        let bytes = review_book::write(&offers, lang, friday()).expect("a workbook");
        let read = parsed("review.xlsx", &bytes, Want::Review);
        let rows = read.review.as_deref().unwrap_or_default();
        assert_eq!((rows.len(), rows[0].row, rows[1].key.as_str()), (2, 2, "000000001"), "{read:?}");
        assert_eq!(
            rows.iter().map(|r| Made::read(&r.made)).collect::<Vec<_>>(),
            offers.iter().map(|o| Some(o.made.clone())).collect::<Vec<_>>()
        );
        assert!(rows.iter().all(|r| r.answer.is_empty()));
    }
    // Saved as text by a spreadsheet program, columns moved about, a remark below.
    let made = offers[0].made.cell().replace('"', "\"\"");
    let text = format!(
        "sverka-review/1;Решение;Ключ;Примечание;То же, что (ключ)\r\n\"{made}\";да, кандидат 1;000000002;созвонились;\r\n;;;итого одно;\r\n"
    );
    let read = parsed("review.csv", text.as_bytes(), Want::Review);
    let wanted = Filled {
        row: 2,
        made: offers[0].made.cell(),
        key: "000000002".into(),
        answer: "да, кандидат 1".into(),
        other: String::new(),
        note: "созвонились".into(),
    };
    assert_eq!(read.review, Some(vec![wanted]), "{read:?}");
}

#[test]
fn a_review_workbook_is_never_an_export_and_an_export_is_never_one() {
    let bytes = review_book::write(&offered(), Lang::Ru, friday()).expect("a workbook");
    for want in [Want::Accounting, Want::Crm, Want::Any] {
        let read = parsed("review.xlsx", &bytes, want);
        assert!(read.holds() && read.review.is_none() && read.accounting.is_none(), "{read:?}");
        assert_eq!(read.findings[0].code, "review_file");
        assert!(read.findings[0].message.ru.contains("sverka match import"), "{:?}", read.findings);
    }
    let sales = "Дата;Номер;Контрагент;Сумма\r\n01.11.2026;1;Роза;100,00\r\n";
    let read = parsed("sales.csv", sales.as_bytes(), Want::Review);
    assert_eq!(read.findings[0].code, "not_a_review_file");
    let cut = "sverka-review/1;Решение\r\n{};не клиент\r\n";
    let read = parsed("cut.csv", cut.as_bytes(), Want::Review);
    assert!(read.findings[0].message.ru.contains("нет столбца «Ключ»"), "{read:?}");
}
