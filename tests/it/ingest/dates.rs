//! Dates of a list: in words, with two digits of the year, in American order, and against the document's own wording.
//! Deliberately absent: spellings of a single date (tests beside the reader).

use sverka::domain::finding::Severity;

use super::{finding, holds, parse, sales};

fn list(dates: &[&str]) -> Vec<u8> {
    let rows: String = (1..).zip(dates).map(|(n, date)| format!("{date};УТ-{n};ООО А;{n},50\n")).collect();
    format!("Дата;Номер;Контрагент;Сумма\n{rows}").into_bytes()
}

fn days(dates: &[&str]) -> Vec<String> {
    let parsed = parse(&list(dates));
    assert_eq!(holds(&parsed), Vec::<&str>::new(), "{:#?}", parsed.findings);
    sales(&parsed).iter().map(|s| s.date.to_string()).collect()
}

#[test]
fn months_in_words_are_read() {
    let read = days(&["1 июня 2026 г.", "«02» июня 2026 года", "3 июня 2026 г. 12:30:00"]);
    assert_eq!(read, ["2026-06-01", "2026-06-02", "2026-06-03"]);
    let worded = "Документ;Контрагент;Сумма\nРеализация УТ-1 от 1 июня 2026 г.;ООО А;5,00\n";
    let parsed = parse(worded.as_bytes());
    let sale = &sales(&parsed)[0];
    assert_eq!((sale.number.as_str(), sale.date.to_string().as_str()), ("УТ-1", "2026-06-01"));
}

#[test]
fn the_column_decides_what_one_date_leaves_open() {
    assert_eq!(days(&["05.11.26", "06.11.26", "17.11.26"]), ["2026-11-05", "2026-11-06", "2026-11-17"]);
    assert_eq!(days(&["05/11/2026", "25/11/2026"]), ["2026-11-05", "2026-11-25"]);
    assert_eq!(days(&["11/05/26", "11/30/26 12:30 PM"]), ["2026-11-05", "2026-11-30"]);
    let titled =
        ["Продажи за 01.11.2026 - 30.11.2026\n".as_bytes().to_vec(), list(&["11/05/2026", "11/06/2026"])].concat();
    let parsed = parse(&titled);
    assert_eq!(sales(&parsed).iter().map(|s| s.date.to_string()).collect::<Vec<_>>(), ["2026-11-05", "2026-11-06"]);
}

#[test]
fn what_nothing_decides_is_asked_about() {
    for dates in [&["05/11/2026", "06/11/2026"][..], &["05.11.26"], &["25/11/2026", "11/25/2026", "05/11/2026"]] {
        let parsed = parse(&list(dates));
        assert!(holds(&parsed).contains(&"date_ambiguous"), "{dates:?}: {:#?}", parsed.findings);
        let message = &finding(&parsed, "date_ambiguous").message;
        assert!(message.ru.contains("05.11.2026") && message.en.contains("05.11.2026"), "{message:?}");
    }
}

#[test]
fn the_date_column_counts_and_another_date_in_the_wording_is_told() {
    let text = "Дата;Документ;Контрагент;Сумма\n05.11.2026;Реализация УТ-1 от 30.10.2026;ООО А;5,00\n\
                06.11.2026;Реализация УТ-2 от 06.11.2026 10:00:00;ООО А;5,00\n";
    let parsed = parse(text.as_bytes());
    assert_eq!(holds(&parsed), Vec::<&str>::new());
    assert_eq!(sales(&parsed).iter().map(|s| s.date.to_string()).collect::<Vec<_>>(), ["2026-11-05", "2026-11-06"]);
    let told: Vec<_> = parsed.findings.iter().filter(|f| f.code == "date_differs").collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].severity, told[0].source.as_ref().map(|s| s.row)), (Severity::Warn, Some(2)));
}

#[test]
fn a_buyer_called_total_is_a_sale_by_its_date_whatever_the_order_of_its_parts() {
    let text = "Контрагент;Дата;Сумма\nООО А;05.11.26;5,00\nИтог;06.11.26;7,00\nООО Б;17.11.26;9,00\nИтого;;21,00\n";
    let parsed = parse(text.as_bytes());
    let read: Vec<_> = sales(&parsed).iter().map(|s| (s.party.name.as_str(), s.amount.kopecks())).collect();
    assert_eq!(read, [("ООО А", 500), ("Итог", 700), ("ООО Б", 900)], "{:#?}", parsed.findings);
}
