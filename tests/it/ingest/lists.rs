//! Rules of plain lists: missing and renamed columns, returns, conflicts, currencies, periods, several sheets.

use rust_xlsxwriter::Workbook;
use sverka::domain::{finding::Severity, inbox::TableKind, money::Money};

use super::{finding, holds, parse, sales};

fn list(header: &str, rows: &[&str]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn a_missing_column_is_named_with_the_nearest_header() {
    for (renamed, mentioned) in [("Сумма, тыс. руб.", true), ("Сума", true), ("Суммма", true), ("Склад", false)]
    {
        let text = list(&format!("Дата;Номер;Контрагент;{renamed}"), &["05.11.2026;1;ООО А;5,00"]);
        let parsed = parse(text.as_bytes());
        assert_eq!((parsed.kind, holds(&parsed)), (TableKind::Sales, vec!["column_missing"]), "{renamed}");
        let message = &finding(&parsed, "column_missing").message.ru;
        assert_eq!(message.contains(&format!("может быть, это «{renamed}»?")), mentioned, "{message}");
        assert!(parsed.accounting.is_none(), "nothing is taken");
    }
}

#[test]
fn spellings_of_headers_do_not_matter() {
    for header in [
        "ДАТА;номер документа;Покупатель;Сумма продажи",
        "\"Дата\ndokument\";Номер;Клиент;Сумма",
        "Дата\u{a0}документа;№ документа;КОНТРАГЕНТ:;Сумма, руб.",
        " дата  документа ;Регистратор;Наименование контрагента;Сумма (с НДС)",
    ] {
        let parsed = parse(list(header, &["05.11.2026;1;ООО А;5,00"]).as_bytes());
        let known = !header.contains("dokument");
        assert_eq!(holds(&parsed).is_empty(), known, "{header}: {:?}", parsed.findings);
    }
}

#[test]
fn returns_are_negative_however_they_are_printed() {
    let text = list(
        "Документ;Контрагент;Сумма;Документ-основание",
        &[
            "Реализация УТ-1 от 05.11.2026;ООО А;100,00;Заказ клиента 7 от 01.11.2026",
            "Возврат товаров от покупателя УТ-2 от 06.11.2026;ООО А;40,00;Реализация УТ-1 от 05.11.2026 10:00:00",
            "Корректировка реализации УТ-3 от 07.11.2026;ООО А;-10,00;Реализация УТ-1 от 05.11.2026 10:00:00",
            "Итого;;130,00;",
        ],
    );
    let parsed = parse(text.as_bytes());
    assert_eq!(holds(&parsed), Vec::<&str>::new(), "the total sums the column as printed");
    let facts: Vec<_> = sales(&parsed).iter().map(|s| (s.amount.kopecks(), s.returns.as_deref())).collect();
    assert_eq!(facts, [(10_000, None), (-4_000, Some("УТ-1")), (-1_000, Some("УТ-1"))]);
    assert_eq!(finding(&parsed, "returns_turned").severity, Severity::Note);
    let netted = text.replace("130,00", "50,00");
    assert_eq!(holds(&parse(netted.as_bytes())), Vec::<&str>::new(), "a report may subtract returns");
}

#[test]
fn lines_of_one_document_add_up_and_contradictions_hold_with_both_rows() {
    let header = "Дата;Номер;Контрагент;Сумма";
    let parsed = parse(list(header, &["05.11.2026;1;ООО А;5,00", "05.11.2026;1;ООО А;7,00"]).as_bytes());
    assert_eq!((sales(&parsed).len(), sales(&parsed)[0].amount.kopecks()), (1, 1_200));
    for other in ["05.11.2026;1;ООО Б;7,00", "06.11.2026;1;ООО А;7,00"] {
        let parsed = parse(list(header, &["05.11.2026;1;ООО А;5,00", other]).as_bytes());
        assert_eq!(holds(&parsed), ["document_conflict"], "{other}");
        let conflict = finding(&parsed, "document_conflict");
        assert!(conflict.message.ru.contains("строках 2 и 3"), "{}", conflict.message.ru);
    }
    let years = parse(list(header, &["05.11.2025;1;ООО А;5,00", "05.11.2026;1;ООО Б;7,00"]).as_bytes());
    assert_eq!((holds(&years), years.rows), (vec![], 2), "numbers begin anew every year");
}

#[test]
fn documents_without_a_number_keep_their_identity_in_another_export() {
    let header = "Дата;Контрагент;Сумма";
    let rows = ["05.11.2026;ООО А;5,00", "05.11.2026;ООО А;5,00", "06.11.2026;ООО Б;7,00"];
    let keys = |rows: &[&str]| -> Vec<String> {
        let parsed = parse(list(header, rows).as_bytes());
        assert_eq!(holds(&parsed), Vec::<&str>::new());
        finding(&parsed, "no_numbers");
        sales(&parsed).iter().map(|s| s.key.0.clone()).collect()
    };
    let all = keys(&rows);
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 3, "two equal sales stay two");
    let mut reordered = keys(&[rows[2], rows[1], rows[0]]);
    reordered.sort();
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(reordered, sorted);
}

#[test]
fn other_currencies_are_kept_apart() {
    let header = "Дата;Номер;Контрагент;Сумма;Валюта";
    let rows = ["05.11.2026;1;ООО А;5,00;руб.", "05.11.2026;2;ООО А;7,00;EUR", "05.11.2026;3;ООО А;9,00;643"];
    for total in ["21,00", "14,00"] {
        let text = list(header, &[&rows[..], &[format!("Итого;;;{total};").as_str()]].concat());
        let parsed = parse(text.as_bytes());
        assert_eq!(holds(&parsed), Vec::<&str>::new(), "{total}");
        assert_eq!(parsed.accounting.as_ref().and_then(|t| t.total).map(Money::kopecks), Some(1_400));
        finding(&parsed, "other_currency");
    }
    let currencies: Vec<String> =
        sales(&parse(list(header, &rows).as_bytes())).iter().map(|s| s.currency.clone()).collect();
    assert_eq!(currencies, ["RUB", "EUR", "RUB"]);
}

#[test]
fn bad_cells_hold_with_their_address_and_footers_are_skipped() {
    let header = "Дата;Номер;Контрагент;Сумма";
    for (row, code, cell) in [
        ("05.11.2026;1;ООО А;> 5000", "amount_not_a_number", "D2"),
        ("05.11.2026;1;ООО А;1,2345", "amount_fraction", "D2"),
        ("05.11.2026;1;ООО А;1,234", "amount_sign_unclear", "D2"),
        ("32.11.2026;1;ООО А;5,00", "date_unreadable", "A2"),
        ("01.02.03;1;ООО А;5,00", "date_ambiguous", "A2"),
        ("01.01.1899;1;ООО А;5,00", "date_out_of_range", "A2"),
        (";1;ООО А;5,00", "date_missing", "A2"),
        (";;ООО А;5,00", "row_without_document", "D2"),
    ] {
        let parsed = parse(list(header, &[row]).as_bytes());
        assert!(holds(&parsed).contains(&code), "{row}: {:?}", holds(&parsed));
        let place = finding(&parsed, code).source.as_ref().expect("a place");
        assert_eq!(place.cell(), cell, "{row}");
    }
    let footer = list(header, &["05.11.2026;1;ООО А;5,00", "Итого;;;5,00", ";;;", "Ответственный: ______;;;"]);
    let parsed = parse(footer.as_bytes());
    assert_eq!((holds(&parsed), parsed.rows), (vec![], 1));
    finding(&parsed, "rows_skipped");
    let empty = parse(list(header, &["05.11.2026;1;ООО А;"]).as_bytes());
    assert_eq!((finding(&empty, "amount_empty").severity, empty.rows), (Severity::Warn, 1));
}

#[test]
fn subtotals_are_checked_and_never_imported() {
    let rows = |part: &str| {
        let text = list(
            "Дата;Номер;Контрагент;Сумма",
            &[
                "05.11.2026;1;А;5,00",
                "05.11.2026;2;А;6,00",
                &format!("Итого по А;;;{part}"),
                "05.11.2026;3;Б;1,00",
                "Итого;;;12,00",
            ],
        );
        let parsed = parse(text.as_bytes());
        (holds(&parsed).join(" "), parsed.rows)
    };
    assert_eq!(rows("11,00"), (String::new(), 3));
    assert_eq!(rows("11,01"), ("total_mismatch".to_owned(), 3));
    let twice = list("Дата;Номер;Контрагент;Сумма", &["05.11.2026;1;А;5,00", "Итого;;;5,00", "05.11.2026;2;А;6,00"]);
    assert_eq!(holds(&parse(twice.as_bytes())), ["rows_after_total"]);
}

#[test]
fn documents_outside_the_printed_period_are_counted() {
    let text = "Период: ноябрь 2026\n\nДата;Номер;Контрагент;Сумма\n05.11.2026;1;А;5,00\n05.12.2026;2;А;6,00\n05.11.2026;3;А;1,00\n";
    let parsed = parse(text.as_bytes());
    let message = &finding(&parsed, "outside_period").message.ru;
    assert!(message.contains("33,33 %") && message.contains("01.11.2026 – 30.11.2026"), "{message}");
}

/// Sheet name, whether it is hidden, rows.
type Sheet<'a> = (&'a str, bool, &'a [[&'a str; 4]]);

fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, hidden, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).expect("name");
        sheet.set_hidden(*hidden);
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write(row, column, *cell).expect("write");
            }
        }
    }
    book.save_to_buffer().expect("save")
}

#[test]
fn sheets_of_one_header_are_joined_others_are_asked_about() {
    const HEADER: [&str; 4] = ["Дата", "Номер", "Контрагент", "Сумма"];
    let october = [HEADER, ["05.10.2026", "1", "ООО А", "5,00"]];
    let november = [HEADER, ["05.11.2026", "2", "ООО А", "6,00"]];
    let odd = [["Дата", "Номер", "Покупатель", "Сумма"], ["05.11.2026", "3", "ООО А", "6,00"]];
    let joined = parse(&workbook(&[("Октябрь", false, &october), ("Ноябрь", false, &november)]));
    assert_eq!((holds(&joined), joined.rows), (vec![], 2));
    let asked = parse(&workbook(&[("Октябрь", false, &october), ("Ноябрь", false, &odd)]));
    assert_eq!(holds(&asked), ["several_sheets"]);
    let twice = parse(&workbook(&[("Октябрь", false, &october), ("Копия", false, &october)]));
    assert_eq!(holds(&twice), ["document_conflict"], "the same document on two sheets is not two lines");
    let hidden = parse(&workbook(&[("Октябрь", false, &october), ("Ноябрь", true, &november)]));
    assert_eq!((holds(&hidden), hidden.rows), (vec![], 1));
    assert!(finding(&hidden, "hidden_sheets").message.ru.contains("Ноябрь"));
}
