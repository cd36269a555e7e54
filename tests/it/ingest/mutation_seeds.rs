//! Small valid files with a printed «Итого» for the mutator: typed, text and inline cells, formulas with their values,
//! subtotals, delimited text, a compound file and an OpenDocument sheet. Each new container gets its line in `all`.
//! Deliberately absent: real files (`mutation` adds those it finds).

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::{mutate, tiny_xls};

/// A file to change.
pub struct Seed {
    /// What it is.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Parts, when it is a ZIP container.
    pub parts: Option<mutate::Parts>,
}

impl Seed {
    /// A seed; a ZIP container is taken apart.
    pub fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        let parts = bytes.starts_with(b"PK").then(|| mutate::unzip(&bytes));
        Self { name, bytes, parts }
    }
}

/// Seeds that this process may read.
pub fn all() -> Vec<Seed> {
    let cells = |cells| workbook(Shape { cells, subtotals: false, one_column: false });
    vec![
        Seed::new("typed.xlsx", cells(Cells::Typed)),
        Seed::new("text.xlsx", cells(Cells::Text)),
        Seed::new("formulas.xlsx", cells(Cells::Formulas)),
        Seed::new("inline.xlsx", inline(&cells(Cells::Text))),
        Seed::new("subtotals.xlsx", workbook(Shape { cells: Cells::Typed, subtotals: true, one_column: false })),
        Seed::new("one-column.xlsx", workbook(Shape { cells: Cells::Typed, subtotals: false, one_column: true })),
        Seed::new("semicolons.csv", delimited(';', ',').into_bytes()),
        Seed::new("cp1251.csv", encoding_rs::WINDOWS_1251.encode(&delimited(';', ',')).0.into_owned()),
        Seed::new("tabs.txt", delimited('\t', '.').into_bytes()),
        Seed::new("commas.csv", delimited(',', '.').into_bytes()),
    ]
}

/// Seeds whose reader may abort: for the child only.
pub fn for_the_child() -> Vec<Seed> {
    vec![Seed::new("biff8.xls", tiny_xls::write(&table())), Seed::new("sheet.ods", ods())]
}

const BUYERS: [&str; 4] = ["ООО «Ромашка»", "ИП Лютик А. А.", "АО Вектор", "ООО \"Север\""];
const HEADER: [&str; 7] = ["Дата", "Номер", "Контрагент", "ИНН", "Сумма", "Сумма без НДС", "Менеджер"];

struct Document {
    day: u8,
    number: String,
    buyer: &'static str,
    amount: i64,
    net: i64,
}

fn documents() -> Vec<Document> {
    let amounts = [1_480_000, 20_050, -3_507, 100_000_000, 5_000_50, 12_345_67, 3];
    let document = |(index, amount): (usize, i64)| Document {
        day: 1 + 2 * index as u8,
        number: format!("УТ-{}", index + 1),
        buyer: BUYERS[index % BUYERS.len()],
        amount,
        net: amount * 5 / 6,
    };
    amounts.into_iter().enumerate().map(document).collect()
}

fn sums(documents: &[Document]) -> (i64, i64) {
    (documents.iter().map(|d| d.amount).sum(), documents.iter().map(|d| d.net).sum())
}

/// `-14 800,00`, with the blank that 1C writes.
fn money(kopecks: i64, group: &str, sign: char) -> String {
    let whole = (kopecks.abs() / 100).to_string();
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push_str(group);
        }
        grouped.push(digit);
    }
    format!("{}{grouped}{sign}{:02}", if kopecks < 0 { "-" } else { "" }, kopecks.abs() % 100)
}

#[derive(Clone, Copy, PartialEq)]
enum Cells {
    Typed,
    Text,
    Formulas,
}

#[derive(Clone, Copy)]
struct Shape {
    cells: Cells,
    subtotals: bool,
    one_column: bool,
}

fn workbook(shape: Shape) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("TDSheet").expect("name");
    let dates = Format::new().set_num_format("dd.mm.yyyy");
    sheet.write(0, 0, "Продажи за Ноябрь 2026 г.").expect("write");
    let shown = |column: &usize| !(shape.one_column && *column == 5);
    let columns: Vec<usize> = (0..HEADER.len()).filter(shown).collect();
    let place = |wanted: usize| columns.iter().position(|c| *c == wanted).map(|c| c as u16);
    for (column, index) in (0..).zip(&columns) {
        sheet.write(2, column, HEADER[*index]).expect("write");
    }
    let mut row = 3;
    let put_money = |sheet: &mut rust_xlsxwriter::Worksheet, row: u32, column: u16, kopecks: i64| {
        let number = kopecks as f64 / 100.0;
        let written = match shape.cells {
            Cells::Typed => sheet.write(row, column, number),
            Cells::Text => sheet.write(row, column, money(kopecks, "\u{a0}", ',')),
            Cells::Formulas => {
                let formula = Formula::new("=SUM(A1:A1)").set_result(money(kopecks, "", '.'));
                sheet.write(row, column, formula)
            }
        };
        written.expect("write");
    };
    let documents = documents();
    for part in documents.chunks(if shape.subtotals { 3 } else { documents.len() }) {
        for document in part {
            let day = ExcelDateTime::from_ymd(2026, 11, document.day).expect("date");
            if shape.cells == Cells::Text {
                sheet.write(row, 0, format!("{:02}.11.2026", document.day)).expect("write");
            } else {
                sheet.write_with_format(row, 0, day, &dates).expect("write");
            }
            sheet.write(row, 1, &document.number).expect("write");
            sheet.write(row, 2, document.buyer).expect("write");
            sheet.write(row, 3, "7701234560").expect("write");
            for (index, kopecks) in [(4, document.amount), (5, document.net)] {
                if let Some(column) = place(index) {
                    put_money(sheet, row, column, kopecks);
                }
            }
            sheet.write(row, place(6).expect("a column"), "Иванов И. И.").expect("write");
            row += 1;
        }
        if shape.subtotals {
            sheet.write(row, 0, "Итого по складу").expect("write");
            put_money(sheet, row, 4, sums(part).0);
            put_money(sheet, row, 5, sums(part).1);
            row += 1;
        }
    }
    let (amount, net) = sums(&documents);
    sheet.write(row, 0, "Итого").expect("write");
    for (index, kopecks) in [(4, amount), (5, net)] {
        if let Some(column) = place(index) {
            put_money(sheet, row, column, kopecks);
        }
    }
    book.save_to_buffer().expect("save")
}

/// The same workbook with its strings inside the cells.
fn inline(bytes: &[u8]) -> Vec<u8> {
    let mut parts = mutate::unzip(bytes);
    let text = |parts: &mutate::Parts, name: &str| {
        let part = parts.iter().find(|(n, _)| n.ends_with(name)).expect("a part");
        String::from_utf8(part.1.clone()).expect("text")
    };
    let strings = text(&parts, "sharedStrings.xml");
    let strings: Vec<&str> =
        mutate::elements(&strings, "si").into_iter().map(|span| &strings[span.start + 4..span.end - 5]).collect();
    let mut sheet = text(&parts, "sheet1.xml");
    for (index, string) in strings.iter().enumerate() {
        let (old, new) = (format!("t=\"s\"><v>{index}</v>"), format!("t=\"inlineStr\"><is>{string}</is>"));
        sheet = sheet.replace(&old, &new);
    }
    for (name, body) in &mut parts {
        if name.ends_with("sheet1.xml") {
            *body = sheet.clone().into_bytes();
        }
    }
    mutate::zip(&parts)
}

/// Rows of texts and amounts, for writers without types.
pub type Table = Vec<Vec<Cell>>;

/// A cell of `Table`.
pub enum Cell {
    /// Text.
    Text(String),
    /// Kopecks.
    Money(i64),
}

fn table() -> Table {
    let text = |t: &str| Cell::Text(t.to_owned());
    let mut rows = vec![vec![text("Продажи за Ноябрь 2026 г.")], HEADER.iter().map(|h| text(h)).collect()];
    for d in documents() {
        let day = format!("{:02}.11.2026", d.day);
        rows.push(vec![
            text(&day),
            text(&d.number),
            text(d.buyer),
            text("7701234560"),
            Cell::Money(d.amount),
            Cell::Money(d.net),
            text("Иванов И. И."),
        ]);
    }
    let (amount, net) = sums(&documents());
    rows.push(vec![text("Итого"), text(""), text(""), text(""), Cell::Money(amount), Cell::Money(net)]);
    rows
}

fn delimited(delimiter: char, sign: char) -> String {
    let field = |cell: &Cell| match cell {
        Cell::Money(kopecks) => money(*kopecks, "", sign),
        Cell::Text(text) if text.contains(['"', delimiter]) => format!("\"{}\"", text.replace('"', "\"\"")),
        Cell::Text(text) => text.clone(),
    };
    let line = |row: Vec<Cell>| row.iter().map(field).collect::<Vec<_>>().join(&delimiter.to_string()) + "\r\n";
    table().into_iter().map(line).collect()
}

fn ods() -> Vec<u8> {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) if text.is_empty() => "<table:table-cell/>".to_owned(),
        Cell::Text(text) => {
            let text = text.replace('"', "&quot;");
            format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
        }
        Cell::Money(kopecks) => {
            let (value, shown) = (money(*kopecks, "", '.'), money(*kopecks, " ", ','));
            format!(
                "<table:table-cell office:value-type=\"float\" office:value=\"{value}\"><text:p>{shown}</text:p></table:table-cell>"
            )
        }
    };
    let row =
        |row: Vec<Cell>| format!("<table:table-row>{}</table:table-row>", row.iter().map(cell).collect::<String>());
    let rows: String = table().into_iter().map(row).collect();
    let space = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"{space}:office:1.0\" \
         xmlns:table=\"{space}:table:1.0\" xmlns:text=\"{space}:text:1.0\" office:version=\"1.2\"><office:body>\
         <office:spreadsheet><table:table table:name=\"TDSheet\">{rows}</table:table></office:spreadsheet>\
         </office:body></office:document-content>"
    );
    let manifest = format!(
        "<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"{space}:manifest:1.0\"><manifest:file-entry \
         manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
         </manifest:manifest>"
    );
    mutate::zip(&vec![
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("META-INF/manifest.xml".to_owned(), manifest.into_bytes()),
        ("content.xml".to_owned(), content.into_bytes()),
    ])
}
