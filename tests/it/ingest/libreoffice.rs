//! LibreOffice as a writer of files: tables written by hand, and real reports, go through `soffice --headless` into every
//! container it writes, and the sales stay what they were. Skipped with a line where LibreOffice is not installed.
//! Deliberately absent: LibreOffice as a reader to compare cells with.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Formula, Workbook, XlsxError};
use sverka::{
    domain::{finding::SourceRef, sale::Sale, tax_id},
    ingest::{Parsed, read::ReadLimits, sandbox::parse_bytes},
};

use super::{finding, holds, real_file, request, sales, skipped};

/// Ending, filter of `soffice`.
const WRITTEN: [(&str, &str); 6] = [
    ("xls", "xls:MS Excel 97"),
    ("ods", "ods:calc8"),
    ("xlsx", "xlsx:Calc MS Excel 2007 XML"),
    ("html", "html:HTML (StarCalc):UTF8"),
    ("xml", "xml:MS Excel 2003 XML"),
    // Semicolons, UTF-8, as shown, every sheet's first only.
    ("csv", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true"),
];

/// A folder with the tables in it, and LibreOffice's own settings beside them.
struct Office {
    program: &'static str,
    folder: tempfile::TempDir,
}

impl Office {
    /// LibreOffice, or nothing (with a line) where it is not installed.
    fn new() -> Option<Self> {
        let runs = |name: &&str| {
            let asked = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            asked.is_ok_and(|status| status.success())
        };
        let found = ["soffice", "libreoffice"].into_iter().find(runs);
        let Some(program) = found else {
            skipped("LibreOffice");
            return None;
        };
        Some(Self { program, folder: tempfile::tempdir().expect("a folder") })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Converts all files of one kind in one go.
    fn convert(&self, files: &[PathBuf], filter: &str, reading: &[&str]) -> PathBuf {
        let out = self.path(&format!("out-{}", filter.split(':').next().unwrap_or_default()));
        let done = Command::new(self.program)
            .arg(format!("-env:UserInstallation=file://{}", self.path("settings").display()))
            .arg("--headless")
            .args(reading)
            .arg("--convert-to")
            .arg(filter)
            .arg("--outdir")
            .arg(&out)
            .args(files)
            .current_dir(self.folder.path())
            .output()
            .expect("soffice runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        out
    }
}

fn read(path: &Path) -> Parsed {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    parse_bytes(&bytes, &request("RUB"), &ReadLimits::default())
}

/// The documents without their places; every ИНН is one.
fn content(parsed: &Parsed, what: &str) -> Vec<Sale> {
    assert_eq!(holds(parsed), Vec::<&str>::new(), "{what}: {:#?}", parsed.findings);
    let bare = |s: &Sale| {
        let mut sale = Sale { source: SourceRef::default(), file_hash: String::new(), ..s.clone() };
        // LibreOffice makes a number of an ИНН; its zero at the front is put back where numbers are understood.
        sale.party.inn = tax_id::read_cell(&sale.party.inn).0.iter().map(|(inn, _)| inn.as_str().to_owned()).collect();
        sale
    };
    sales(parsed).iter().map(bare).collect()
}

const LIST: &str = "Продажи за Ноябрь 2026 г.;;;;;;\n;;;;;;\nДата;Номер;Контрагент;ИНН;Сумма;Сумма без НДС;Менеджер\n\
    05.11.2026;0000-000012;\"ООО \"\"Ромашка\"\" <опт> & Ко\";0105043805;14800,00;12333,33;Иванов И. И.\n\
    06.11.2026;0000-000013;\"Лютик; ИП, Ёлкин\";500100732259;-35,07;-29,23;Петров П. П.\n\
    30.11.2026 12:30:00;0000-000014;\"ВЕКТОР\nООО\";7701234560;1234567,89;1028806,58;Петров П. П.\n\
    Итого;;;;1249332,82;1041110,68;\n";

/// The same list as a page with typed-looking texts.
fn page() -> String {
    let rows = LIST.lines().take(5).chain(["Итого;;;;14764,93;12304,10;"]).map(|line| {
        let line = line.replace("\"\"", "“").replace('"', "").replace("Лютик;", "Лютик,");
        let cell = |text: &str| format!("<td>{}</td>", text.replace('&', "&amp;").replace('<', "&lt;"));
        format!("<tr>{}</tr>", line.split(';').map(cell).collect::<String>())
    });
    format!("<html><head><meta charset=utf-8></head><body><table>{}</table></body></html>", rows.collect::<String>())
}

/// A list with numbers, dates, formulas, a header of two merged rows and a hidden sheet.
fn typed() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (day, money, plain) = (
        Format::new().set_num_format("dd.mm.yy hh:mm"),
        Format::new().set_num_format("#,##0.00;[Red](#,##0.00)"),
        Format::new(),
    );
    let sheet = book.add_worksheet().set_name("Продажи")?;
    sheet.write(0, 0, "Продажи за ноябрь 2026 г.")?;
    for (column, caption) in [(0, "Дата"), (1, "Номер"), (2, "Контрагент"), (3, "ИНН"), (6, "Менеджер")]
    {
        sheet.merge_range(2, column, 3, column, caption, &plain)?;
    }
    sheet.merge_range(2, 4, 2, 5, "Выручка", &plain)?;
    sheet.write(3, 4, "Сумма с НДС")?.write(3, 5, "Сумма без НДС")?;
    let rows = [
        (5, "УТ-1", "ООО «Ромашка»", 7_701_234_560_f64, 14_800.0),
        (6, "УТ-2", "Лютик ИП", 500_100_732_259.0, -35.07),
        (30, "УТ-3", "ВЕКТОР ООО", 7_701_234_560.0, 1_234_567.89),
    ];
    for (row, (of_month, number, party, inn, amount)) in (4..).zip(rows) {
        sheet.write_with_format(row, 0, ExcelDateTime::from_ymd(2026, 11, of_month)?.and_hms(17, 30, 5)?, &day)?;
        sheet.write(row, 1, number)?.write(row, 2, party)?.write(row, 3, inn)?;
        sheet.write_with_format(row, 4, amount, &money)?;
        let net = Formula::new(format!("ROUND(E{}/1.2,2)", row + 1)).set_result(format!("{:.2}", amount / 1.2));
        sheet.write_formula_with_format(row, 5, net, &money)?;
        sheet.write(row, 6, "Иванов И. И.")?;
    }
    sheet.write(7, 0, "Итого")?;
    sheet.write_formula_with_format(7, 4, Formula::new("SUM(E5:E7)").set_result("1249332.82"), &money)?;
    let hidden = book.add_worksheet().set_name("Служебный")?.set_hidden(true);
    hidden.write(0, 0, "не смотреть")?;
    book.save_to_buffer()
}

/// Groups told by outline and indents: manager, buyer, document.
fn grouped() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("TDSheet")?;
    sheet.group_symbols_above(true);
    sheet.write(0, 0, "Валовая прибыль предприятия")?.write(1, 0, "Период: 01.11.2026 - 30.11.2026")?;
    sheet.write(3, 0, "Менеджер")?.write(4, 0, "Контрагент")?.write(5, 0, "Документ")?.write(3, 1, "Выручка")?;
    let rows: [(u32, &str, f64); 9] = [
        (0, "Иванов И. И.", 700.5),
        (1, "ООО «Ромашка»", 300.5),
        (2, "Реализация 0000-000001 от 05.11.2026 10:00:00", 100.25),
        (2, "Реализация 0000-000002 от 06.11.2026 11:00:00", 200.25),
        (1, "Лютик ИП", 400.0),
        (2, "Реализация 0000-000003 от 07.11.2026 12:00:00", 400.0),
        (0, "Петров П. П.", 50.0),
        (1, "ВЕКТОР ООО", 50.0),
        (2, "Реализация 0000-000004 от 08.11.2026 13:00:00", 50.0),
    ];
    for (row, (level, text, amount)) in (6..).zip(rows) {
        let format = Format::new().set_align(FormatAlign::Left).set_indent(u8::try_from(level * 2).unwrap_or(0));
        sheet.write_with_format(row, 0, text, &format)?.write(row, 1, amount)?;
    }
    sheet.group_rows(7, 11)?.group_rows(8, 9)?.group_rows(11, 11)?.group_rows(13, 14)?.group_rows(14, 14)?;
    sheet.write(15, 0, "Итого")?.write(15, 1, 750.5)?;
    book.save_to_buffer()
}

#[test]
fn what_libreoffice_writes_reads_the_same() {
    let Some(office) = Office::new() else { return };
    let made: [(&str, Vec<u8>); 4] = [
        ("list.csv", LIST.as_bytes().to_vec()),
        ("page.html", page().into_bytes()),
        ("typed.xlsx", typed().expect("a workbook")),
        ("grouped.xlsx", grouped().expect("a workbook")),
    ];
    for (name, bytes) in &made {
        fs::write(office.path(name), bytes).expect("written");
    }
    // A comma is the decimal sign and the dates are Russian; every cell becomes what it looks like.
    for (name, reading) in [("list.csv", "CSV:59,34,76,1,,1049,false,true"), ("page.html", "HTML (StarCalc):1049 1")] {
        let out = office.convert(&[name.into()], "ods:calc8", &[&format!("--infilter={reading}")]);
        let name = Path::new(name).with_extension("ods");
        fs::rename(out.join(&name), office.path(&name.display().to_string())).expect("moved");
    }
    // How many documents each has, so that nothing is equal by being empty.
    let tables = [("list.ods", "list.csv", 3), ("page.ods", "page.html", 2), ("typed.xlsx", "typed.xlsx", 3)];
    let tables = tables.into_iter().chain([("grouped.xlsx", "grouped.xlsx", 4)]);
    let before: Vec<(PathBuf, Vec<Sale>)> = tables
        .map(|(name, original, count)| {
            let before = content(&read(&office.path(original)), original);
            assert_eq!(before.len(), count, "{original}: {before:#?}");
            (PathBuf::from(name), before)
        })
        .collect();
    let names: Vec<PathBuf> = before.iter().map(|(name, _)| name.clone()).collect();
    for (ending, filter) in WRITTEN {
        let out = office.convert(&names, filter, &[]);
        for (name, before) in &before {
            let path = out.join(name.with_extension(ending));
            let what = format!("{} as {ending}", name.display());
            // Its XML 2003 filter gives up on sheets that declare all 16,384 columns.
            if ending == "xml" && !path.is_file() {
                skipped(&what);
                continue;
            }
            assert_eq!(content(&read(&path), &what), *before, "{what}");
        }
    }
    let flat = office.convert(&["typed.xlsx".into()], "fods:OpenDocument Spreadsheet Flat XML", &[]);
    let parsed = read(&flat.join("typed.fods"));
    let message = &finding(&parsed, "file_unsupported").message;
    assert!(message.ru.contains("LibreOffice") && message.en.contains(".xlsx"), "{message:?}");
}

#[test]
fn real_reports_stay_what_they_are() {
    let files = ["1c/osv-62-01.htm", "1c/winery-nine-sheets.xlsx"].map(real_file);
    let ([Some((_, page)), Some((_, book))], Some(office)) = (files, Office::new()) else { return };
    fs::write(office.path("osv.htm"), page).expect("written");
    fs::write(office.path("winery.xlsx"), book).expect("written");
    let before = ["osv.htm", "winery.xlsx"].map(|name| content(&read(&office.path(name)), name));
    assert_eq!(before.each_ref().map(Vec::len), [2, 11_885]);
    let out = office.convert(&["osv.htm".into()], "ods:calc8", &["--infilter=HTML (StarCalc):1049 1"]);
    fs::rename(out.join("osv.ods"), office.path("osv.ods")).expect("moved");
    for (ending, filter) in WRITTEN.into_iter().filter(|(ending, _)| ["xls", "ods", "xlsx"].contains(ending)) {
        let out = office.convert(&["osv.ods".into(), "winery.xlsx".into()], filter, &[]);
        for (name, before) in ["osv", "winery"].iter().zip(&before) {
            let what = format!("{name}.{ending}");
            let after = content(&read(&out.join(&what)), &what);
            let differs = before.iter().zip(&after).find(|(one, other)| one != other);
            assert_eq!((differs, after.len()), (None, before.len()), "{what}");
        }
    }
}
