//! The file that saves a manager the typing: what stands in it, and that what comes out of the CRM after importing it is found
//! by the matcher.

use sverka::{
    deliver::alert_mail,
    domain::{
        crm::KnownRecord,
        matching::{MatchSettings, pair},
        report::{AlertReport, ImportCard, ImportFormat},
        text::Lang,
        verdict::Verdict,
    },
    ingest::{ParseRequest, Want, crm::table::CrmTableSettings, interpret, raw::RawCell, read as reader},
};

use super::{
    fixture::{case, context, friday, mixed_week, sender, speaking},
    mails::hostile_week,
    readable::read,
};

/// Name and bytes of the file made for a CRM.
fn file(specs: &[super::fixture::Spec], format: ImportFormat) -> (String, Vec<u8>) {
    let (facts, outcome) = case(specs);
    let manager = speaking(&facts.roster, "7", Lang::Ru);
    let ctx = sverka::domain::report::ReportContext { import: format, ..context() };
    let report = AlertReport::build(&facts, &outcome, &manager, &[], &ctx).expect("something to say");
    let mail = alert_mail(&report, &manager, &sender(), friday()).expect("a mail");
    let file = read(&mail.bytes).attachments.into_iter().find(|(name, _)| name.starts_with("Для импорта"));
    file.expect("the file")
}

/// Its rows, header first, read by our own reader of tables.
fn rows((name, bytes): &(String, Vec<u8>)) -> Vec<Vec<String>> {
    let book = reader::read_bytes(name, bytes, &reader::ReadLimits::default()).expect("a table");
    let sheet = book.sheets.first().expect("a sheet");
    let text = |cell: RawCell<'_>| match cell {
        RawCell::Text(text) => text.to_owned(),
        RawCell::Empty => String::new(),
        other => panic!("{other:?}"),
    };
    let width = sheet.row(0).map_or(0, |head| head.width());
    sheet.rows().map(|row| (0..width).map(|c| text(row.cell(c))).collect()).collect()
}

#[test]
fn a_card_is_ready_and_names_what_is_still_empty() {
    let csv = file(&mixed_week(), ImportFormat::Bitrix24);
    assert!(csv.0.ends_with("2026-11-20.csv") && csv.1.starts_with("\u{feff}".as_bytes()), "{}", csv.0);
    let text = String::from_utf8(csv.1).expect("UTF-8").replace('\u{feff}', "<BOM>").replace("\r\n", "\n");
    insta::assert_snapshot!("import_for_bitrix24", text);
    let amo = rows(&file(&mixed_week(), ImportFormat::Amocrm));
    let plain = rows(&file(&mixed_week(), ImportFormat::Plain));
    assert_eq!(amo.len(), plain.len());
    assert_eq!(amo.first().and_then(|head| head.first()).map(String::as_str), Some("Компания"));
    assert_eq!(amo.get(1..), plain.get(1..), "the same cards under other headers");
}

/// The CRM takes the file in, gives each card an id, and exports it again: then nobody is missing any more.
#[test]
fn what_was_imported_is_found() {
    let (facts, outcome) = case(&mixed_week());
    let ours = |at: usize| outcome.sales.get(at).and_then(|s| s.employee.as_ref()).is_some_and(|id| id.0 == "7");
    let mut found = 0;
    for format in [ImportFormat::Bitrix24, ImportFormat::Plain] {
        let mut table = rows(&file(&mixed_week(), format));
        for (at, row) in table.iter_mut().enumerate() {
            row.insert(0, if at == 0 { "ID".to_owned() } else { at.to_string() });
        }
        let mut csv = csv::Writer::from_writer(Vec::new());
        for row in &table {
            csv.write_record(row).expect("written");
        }
        let bytes = csv.into_inner().expect("written");
        let book = reader::read_bytes("crm.csv", &bytes, &reader::ReadLimits::default()).expect("a table");
        let settings = CrmTableSettings {
            source: "crm".into(),
            preset: "auto".into(),
            tz: chrono_tz::Europe::Moscow,
            bare: false,
        };
        let request = ParseRequest { want: Want::Crm, crm: Some(settings), ..ParseRequest::default() };
        let records = interpret(&book, &request).crm.expect("a CRM table").records;
        let known: Vec<KnownRecord> = records
            .into_iter()
            .map(|record| KnownRecord { entered_at: chrono::DateTime::UNIX_EPOCH, record, gone: false })
            .collect();
        assert_eq!(known.len(), table.len() - 1);
        let verdicts = pair(&facts.parties, &known, &[], &MatchSettings::default());
        for (at, sale) in facts.sales.iter().enumerate().filter(|(at, _)| ours(*at)) {
            let (now, before) = (&verdicts[facts.party_of[at]], &outcome.verdicts[facts.party_of[at]]);
            if before.verdict == Verdict::NotInCrm && !sale.amount.is_negative() {
                assert_eq!(now.verdict, Verdict::InCrm, "{format:?}: {}", sale.party.name);
                found += 1;
            }
        }
    }
    assert!(found >= 2, "{found}");
}

/// A name that a spreadsheet would take for a formula stays a name.
#[test]
fn hostile_names_stay_text() {
    let csv = file(&hostile_week(), ImportFormat::Bitrix24);
    let text = String::from_utf8(csv.1).expect("UTF-8");
    assert!(text.contains("'=HYPERLINK"), "{text}");
    assert!(text.lines().all(|line| !line.starts_with(['=', '+', '@'])), "{text}");
    let (_, book) = file(&hostile_week(), ImportFormat::Plain);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("a workbook");
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("xl/worksheets/sheet1.xml").expect("a sheet"), &mut sheet)
        .expect("read");
    assert!(!sheet.contains("<f>"), "no formulas");
}

/// Where a similar card stands in the CRM, a second one would be a duplicate: no card to import.
#[test]
fn a_buyer_with_a_similar_card_is_left_out() {
    let (facts, outcome) = case(&mixed_week());
    let manager = speaking(&facts.roster, "7", Lang::Ru);
    let mut report = AlertReport::build(&facts, &outcome, &manager, &[], &context()).expect("something to say");
    assert!(report.cards.len() > 1);
    let buyer = report.items[0].party.clone();
    report.items.iter_mut().filter(|item| item.party == buyer).for_each(|item| item.similar = true);
    let left = ImportCard::list(&facts, &manager, &report.items);
    assert_eq!(left.len() + 1, report.cards.len());
    assert!(left.iter().all(|card| card.title != buyer));
}
