//! One small table in every container, encoding, delimiter, place and order of columns gives the same sales.

use encoding_rs::WINDOWS_1251;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use sverka::domain::{finding::SourceRef, money::Money, sale::Sale};

use super::{holds, parse, sales};

const HEADER: [&str; 7] = ["Дата", "Номер", "Контрагент", "ИНН", "Сумма", "Сумма без НДС", "Менеджер"];
const ROWS: [[&str; 7]; 4] = [
    ["05.11.2026", "УТ-1", "ООО \"Ромашка\"", "7701234560", "14800,00", "12333,33", "Иванов И. И."],
    ["05.11.2026", "УТ-1", "ООО \"Ромашка\"", "7701234560", "200,50", "167,08", "Иванов И. И."],
    ["06.11.2026", "УТ-2", "Лютик; ИП, Ёлкин", "500100732259", "-35,07", "-29,23", "<Не указан>"],
    ["30.11.2026", "УТ-3", " ВЕКТОР ООО", "0105043805", "1000000,00", "833333,33", "Петров П. П."],
];

fn content(bytes: &[u8]) -> Vec<Sale> {
    let parsed = parse(bytes);
    assert_eq!(holds(&parsed), Vec::<&str>::new());
    sales(&parsed)
        .iter()
        .map(|s| Sale { source: SourceRef::default(), file_hash: String::new(), ..s.clone() })
        .collect()
}

fn text(delimiter: char, order: &[usize]) -> String {
    let field = |f: &str| {
        let quote = f.contains(['"', ';', ',', '\t']);
        if quote { format!("\"{}\"", f.replace('"', "\"\"")) } else { f.to_owned() }
    };
    let line = |cells: &[&str; 7]| {
        order.iter().map(|i| field(cells[*i])).collect::<Vec<_>>().join(&delimiter.to_string()) + "\r\n"
    };
    std::iter::once(&HEADER).chain(&ROWS).map(line).collect()
}

#[test]
fn encodings_and_delimiters_do_not_matter() {
    let order = [0, 1, 2, 3, 4, 5, 6];
    let want = content(text(';', &order).as_bytes());
    assert_eq!(want.len(), 3);
    assert_eq!((want[0].amount.kopecks(), want[0].net.map(Money::kopecks)), (1_500_050, Some(1_250_041)));
    for delimiter in [';', ',', '\t', '|'] {
        let text = text(delimiter, &order);
        let units: Vec<u16> = text.encode_utf16().collect();
        let spellings: [(&str, Vec<u8>); 5] = [
            ("utf-8", text.clone().into_bytes()),
            ("utf-8 with a mark", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
            ("cp1251", WINDOWS_1251.encode(&text).0.into_owned()),
            ("utf-16le", std::iter::once(0xFEFF).chain(units.clone()).flat_map(u16::to_le_bytes).collect()),
            ("utf-16be", std::iter::once(0xFEFF).chain(units).flat_map(u16::to_be_bytes).collect()),
        ];
        for (name, bytes) in spellings {
            assert_eq!(content(&bytes), want, "{name} {delimiter:?}");
        }
    }
}

#[test]
fn the_order_of_columns_does_not_matter() {
    let want = content(text(';', &[0, 1, 2, 3, 4, 5, 6]).as_bytes());
    let mut order = [0, 1, 2, 3, 4, 5, 6];
    for step in 0..60_usize {
        order.rotate_left(1 + step % 3);
        order.swap(step % 7, (step * 3 + 1) % 7);
        assert_eq!(content(text(';', &order).as_bytes()), want, "{order:?}");
    }
}

#[test]
fn a_workbook_says_the_same_with_typed_and_with_text_cells() {
    let want = content(text(';', &[0, 1, 2, 3, 4, 5, 6]).as_bytes());
    assert_eq!(content(&workbook(false, false)), want, "text cells");
    assert_eq!(content(&workbook(true, true)), want, "numbers and dates");
    assert_eq!(content(&workbook(true, false)), want, "dates without a date format");
}

/// Titles above, an empty column at the left, «Итого» below; typed or text cells.
fn workbook(typed: bool, formatted: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("TDSheet").expect("name");
    let date = if formatted { Format::new().set_num_format("dd.mm.yyyy") } else { Format::new() };
    sheet.write(0, 1, "Продажи за Ноябрь 2026 г.").expect("write");
    for (column, header) in (1..).zip(HEADER) {
        sheet.write(4, column, header).expect("write");
    }
    for (row, cells) in (5..).zip(ROWS) {
        for (index, (column, cell)) in (1..).zip(cells).enumerate() {
            let number = || cell.replace(',', ".").parse::<f64>().expect("a number");
            let written = match index {
                0 if typed => {
                    let day = cell[..2].parse().expect("a day");
                    sheet.write_with_format(row, column, ExcelDateTime::from_ymd(2026, 11, day).expect("date"), &date)
                }
                // The third ИНН would lose its zero as a number; accounting keeps such a one as text.
                3 if typed && !cell.starts_with('0') => sheet.write(row, column, number()),
                4 | 5 if typed => sheet.write(row, column, number()),
                _ => sheet.write(row, column, cell),
            };
            written.expect("write");
        }
    }
    sheet.write(9, 1, "Итого").expect("write");
    if typed {
        sheet.write(9, 5, 1_014_965.43).expect("write");
    } else {
        sheet.write(9, 5, "1\u{a0}014\u{a0}965,43").expect("write");
    }
    book.save_to_buffer().expect("save")
}
