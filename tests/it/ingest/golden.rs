//! The reference's golden cases that concern reading: two header rows and mixed signs, a total wrong by a kopeck,
//! «Отбор», ИНН in every disguise, an empty shared string.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::Workbook;
use sverka::domain::{money::Money, tax_id};

use super::{finding, holds, parse, sales};

#[test]
fn two_header_rows_and_two_ways_to_write_numbers() {
    let text = "ООО «РОМАШКА»;;;;\n\
                Продажи за Ноябрь 2026 г.;;;;\n\
                Документ;;Контрагент;Сумма;\n\
                Дата;Номер;;с НДС;без НДС\n\
                05.11.2026;УТ-1;ООО А;14,800.00;12 333,33\n\
                06.11.2026;УТ-2;ООО Б;5,000.50;4 167,08\n\
                Итого;;;19,800.50;16 500,41\n";
    let parsed = parse(text.as_bytes());
    assert_eq!((holds(&parsed), parsed.header_rows), (vec![], (3, 4)));
    let amounts: Vec<_> = sales(&parsed).iter().map(|s| (s.amount.kopecks(), s.net.map(Money::kopecks))).collect();
    assert_eq!(amounts, [(1_480_000, Some(1_233_333)), (500_050, Some(416_708))]);
    let table = parsed.accounting.expect("a table");
    assert_eq!(table.organisation.as_deref(), Some("ООО «РОМАШКА»"));
    assert_eq!(table.printed_total, table.total);
}

fn list(amounts: &[&str], total: &str) -> String {
    let row = |(number, amount): (usize, &&str)| format!("05.11.2026;{number};ООО А;{amount}\n");
    let rows: String = amounts.iter().enumerate().map(row).collect();
    format!("Дата;Номер;Контрагент;Сумма\n{rows}Итого;;;{total}\n")
}

#[test]
fn a_total_that_is_wrong_by_a_kopeck_holds_with_both_figures() {
    assert_eq!(holds(&parse(list(&["100,10", "200,20"], "300,30").as_bytes())), Vec::<&str>::new());
    let parsed = parse(list(&["100,10", "200,20"], "300,31").as_bytes());
    assert_eq!(holds(&parsed), ["total_mismatch"]);
    let message = &finding(&parsed, "total_mismatch").message.ru;
    assert!(message.contains("300,31") && message.contains("300,30"), "{message}");
}

/// Every digit of every amount, changed to every other digit.
#[test]
fn any_changed_digit_is_noticed() {
    let amounts = ["1234,56", "-78,90", "100000,01"];
    let total = "101155,67";
    assert_eq!(holds(&parse(list(&amounts, total).as_bytes())), Vec::<&str>::new());
    for (which, amount) in amounts.iter().enumerate() {
        for (at, old) in amount.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            for new in ('0'..='9').filter(|new| *new != old) {
                let mut changed = amounts.map(str::to_owned);
                changed[which].replace_range(at..=at, &new.to_string());
                let changed = changed.each_ref().map(String::as_str);
                let parsed = parse(list(&changed, total).as_bytes());
                assert_eq!(holds(&parsed), ["total_mismatch"], "{changed:?}");
            }
        }
    }
}

#[test]
fn a_filter_holds_unless_it_does_not_narrow() {
    let text = |filter: &str| format!("{filter}\n\nДата;Номер;Контрагент;Сумма\n05.11.2026;1;ООО А;5,00\n");
    let parsed = parse(text("Отбор: Менеджер Равно «Иванов»").as_bytes());
    assert_eq!(holds(&parsed), ["filter_present"]);
    assert!(finding(&parsed, "filter_present").message.ru.contains("Менеджер Равно «Иванов»"));
    assert_eq!(parsed.accounting.expect("a table").filter.as_deref(), Some("Менеджер Равно «Иванов»"));
    assert_eq!(holds(&parse(text("Отбор: Проведен Равно Да").as_bytes())), Vec::<&str>::new());
    let below = "Дата;Номер;Контрагент;Сумма\n05.11.2026;1;ООО А;5,00\nОтбор: Склад Равно «А»;;;\n";
    assert_eq!(holds(&parse(below.as_bytes())), ["filter_present"]);
}

#[test]
fn an_inn_is_kept_as_written_and_recovered_by_its_reader() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(["Дата", "Номер", "Контрагент", "ИНН/КПП", "Сумма"])
    {
        sheet.write(0, column, header).expect("write");
    }
    let written = ["7701234560", "7701234560.0", "105043805", "7.70123E+09", "7707083893 / 770701001"];
    for (row, inn) in (1..).zip(written) {
        sheet.write(row, 0, "05.11.2026").expect("write");
        sheet.write(row, 1, row).expect("write");
        sheet.write(row, 2, "ООО А").expect("write");
        let cell = if row == 1 { sheet.write(row, 3, 7_701_234_560.0_f64) } else { sheet.write(row, 3, inn) };
        cell.and_then(|sheet| sheet.write(row, 4, 5)).expect("write");
    }
    let parsed = parse(&book.save_to_buffer().expect("save"));
    let inns: Vec<&str> = sales(&parsed).iter().map(|s| s.party.inn.as_str()).collect();
    assert_eq!(inns, ["7701234560", "7701234560.0", "105043805", "7.70123E+09", "7707083893"]);
    assert_eq!(sales(&parsed)[4].party.kpp, "770701001");
    assert_eq!(sales(&parsed)[0].number, "1", "a number in a number cell has no fraction");
    let readable = |inn: &&str| tax_id::read_cell(inn).0.len();
    assert_eq!(inns.iter().map(readable).collect::<Vec<_>>(), [1, 1, 1, 0, 1]);
}

/// calamine once returned the first shared string for such a cell: a silently wrong counterparty.
#[test]
fn an_empty_shared_string_is_empty() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip([["Дата", "Номер", "Контрагент", "Сумма"], ["05.11.2026", "1", "ООО А", "5"]])
    {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).expect("write");
        }
    }
    let bytes = book.save_to_buffer().expect("save");
    // The third cell of the second row holds shared string 6.
    let emptied = rewrite(&bytes, "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>6</v>", "<v/>"));
    assert_ne!(emptied, bytes);
    let parsed = parse(&emptied);
    assert_eq!((holds(&parsed), sales(&parsed)[0].party.name.as_str()), (vec![], ""));
    finding(&parsed, "party_missing");
}

#[test]
fn a_formula_without_a_value_and_an_error_hold_with_their_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip([["Дата", "Номер", "Контрагент", "Сумма"], ["05.11.2026", "1", "ООО А", "5"]])
    {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).expect("write");
        }
    }
    sheet.write(1, 3, 5).expect("write");
    let bytes = book.save_to_buffer().expect("save");
    for (value, what) in [("<c r=\"D2\"><f>A1</f></c>", "formula"), ("<c r=\"D2\" t=\"e\"><v>#N/A</v></c>", "error")] {
        let changed = rewrite(&bytes, "xl/worksheets/sheet1.xml", |xml| xml.replace("<c r=\"D2\"><v>5</v></c>", value));
        assert_ne!(changed, bytes);
        let parsed = parse(&changed);
        assert_eq!(holds(&parsed), ["error_value"], "{what}");
        let place = finding(&parsed, "error_value").source.as_ref().expect("a place");
        assert_eq!((place.cell().as_str(), &*place.sheet), ("D2", "Sheet1"));
    }
}

/// The archive with one part changed.
fn rewrite(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut body = String::new();
        entry.read_to_string(&mut body).expect("text");
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("start");
        let body = if name == part { change(body) } else { body };
        writer.write_all(body.as_bytes()).expect("write");
    }
    writer.finish().expect("finish").into_inner()
}
