//! Files that come with mails and from `ledger export`: read back by another implementation.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use sverka::{
    deliver::{delimited, ledger_export, statement_mail, workbook},
    domain::{
        ledger::EntryKind,
        money::Money,
        org::EmployeeId,
        regulation::cite::cite,
        report::{AuditReport, PeriodBonus, StatementInput, StatementReport},
        text::Lang,
    },
};

use super::{
    fixture::{case, context, entries, friday, mixed_week, period, posted, sender, speaking},
    mails::hostile_week,
    readable::read,
};

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).expect("a workbook")
}

fn bonus(id: &str, kopecks: i64) -> PeriodBonus {
    PeriodBonus {
        employee: EmployeeId(id.to_owned()),
        base: Money::from_kopecks(kopecks * 100),
        bonus: Money::from_kopecks(kopecks),
    }
}

#[test]
fn the_hand_over_file_has_one_row_per_person_in_the_payroll_form() {
    let (mut facts, outcome) = case(&mixed_week());
    facts.roster.people[4].name = "Петров Пётр".to_owned();
    let mut ledger = posted(&entries(&outcome));
    ledger[0].entry.key.belongs_to = period().prev();
    ledger[0].entry.kind = EntryKind::Correction;
    let bonuses = [bonus("7", 100_000), bonus("8", 50_000)];
    let input = StatementInput { period: period(), entries: &ledger, bonuses: &bonuses, previous: &[] };
    let report = StatementReport::build(input, &facts, &context());
    let csv = String::from_utf8(delimited::statement_csv(&report).expect("a file")).expect("UTF-8");
    insta::assert_snapshot!(csv.replace('\u{feff}', "<BOM>").replace("\r\n", "\n"), @r"
    <BOM>Период;Табельный номер;Сотрудник;Подразделение;Показатель;База;Премия расчетная;Снижение;Премия к начислению;Корректировка прошлых периодов;Основание;Код ведомости;Контрольная сумма;Ответ;Применено;Примечание
    2026-11;9;Орлов Глеб;Опт;Премия с продаж;0,00;0,00;-4950,00;-4950,00;0,00;п. 4.1 положения 2026-1;2026-11/1;84b8f265c3037585;;;
    2026-11;7;Петров Пётр (таб. № 7);Розница;Премия с продаж;100000,00;1000,00;0,00;1000,00;-6250,00;п. 4.1 положения 2026-1;2026-11/1;84b8f265c3037585;;;
    2026-11;8;Петров Пётр (таб. № 8);Розница;Премия с продаж;50000,00;500,00;-150,00;350,00;0,00;п. 4.1 положения 2026-1;2026-11/1;84b8f265c3037585;;;
    ");
}

#[test]
fn attachments_arrive_byte_for_byte() {
    let (facts, outcome) = case(&mixed_week());
    let ledger = posted(&entries(&outcome));
    let input = StatementInput { period: period(), entries: &ledger, bonuses: &[], previous: &[] };
    let report = StatementReport::build(input, &facts, &context());
    let finance = speaking(&facts.roster, "12", Lang::En);
    let mail = statement_mail(&report, &finance, &sender(), friday()).expect("a mail");
    let attached: Vec<Vec<u8>> = read(&mail.bytes).attachments.into_iter().map(|(_, bytes)| bytes).collect();
    let xlsx = workbook::statement(&report, Lang::En, friday()).expect("a workbook");
    let csv = delimited::statement_csv(&report).expect("a file");
    assert_eq!(attached, [xlsx, csv]);
}

#[test]
fn workbooks_hold_typed_cells_and_no_formulas() {
    let (facts, outcome) = case(&hostile_week());
    let head = speaking(&facts.roster, "101", Lang::Ru);
    let report = AuditReport::build(&facts, &outcome, &entries(&outcome), &[], &head, &context());
    let bytes = workbook::audit(&report, Lang::Ru, friday()).expect("a workbook");
    let mut book = open(bytes);
    assert_eq!(book.sheet_names(), ["Документы", "Менеджеры", "Изменения", "На разбор", "Замечания"]);
    let range = book.worksheet_range("Документы").expect("a sheet");
    assert_eq!(range.height(), hostile_week().len() + 1);
    assert_eq!(range.get_value((1, 0)), Some(&Data::String("7".to_owned())));
    assert_eq!(range.get_value((1, 5)), Some(&Data::Float(10_000.0)));
    assert!(matches!(range.get_value((1, 4)), Some(Data::DateTime(_))), "{:?}", range.get_value((1, 4)));
    let names: Vec<String> = (1..7).filter_map(|r| range.get_value((r, 2))).map(ToString::to_string).collect();
    assert!(names.contains(&"=HYPERLINK(\"http://evil.example\")".to_owned()), "{names:?}");
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).expect("a sheet");
        assert!(formulas.used_cells().all(|(_, _, f)| f.is_empty()), "{sheet}");
    }
}

#[test]
fn the_same_workbook_has_the_same_bytes() {
    let (facts, outcome) = case(&mixed_week());
    let head = speaking(&facts.roster, "101", Lang::En);
    let report = AuditReport::build(&facts, &outcome, &entries(&outcome), &[], &head, &context());
    let make = || workbook::audit(&report, Lang::En, friday()).expect("a workbook");
    assert_eq!(make(), make());
}

#[test]
fn the_ledger_export_carries_every_entry_in_each_format() {
    let (facts, outcome) = case(&hostile_week());
    let (ledger, policy) = (posted(&entries(&outcome)), &facts.policy);

    let csv = ledger_export::ledger_csv(&ledger, policy, Lang::Ru);
    let mut rows =
        csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.strip_prefix("\u{feff}".as_bytes()).expect("a BOM"));
    let rows: Vec<csv::StringRecord> = rows.records().map(|r| r.expect("a row")).collect();
    assert_eq!(rows.len(), ledger.len());
    assert_eq!(rows[0].get(13), Some("-50,00"), "a number stays a number");
    let clause = cite(policy, &ledger[0].entry.policy_version, &ledger[0].entry.key.rule);
    assert!(clause.ru.starts_with("п. 4."), "{clause:?}");
    assert_eq!(rows[0].get(11), Some(clause.ru.as_str()), "the ground of the line");
    let party = rows.iter().find_map(|r| r.get(15).filter(|p| p.contains("HYPERLINK"))).expect("the hostile name");
    assert!(party.starts_with("'="), "{party}");

    let json: serde_json::Value = serde_json::from_slice(&ledger_export::ledger_json(&ledger, policy)).expect("JSON");
    assert_eq!(json[0]["kopecks"], -5_000);
    assert_eq!(json[0]["clause"]["en"], clause.en);
    assert_eq!(json[0]["evidence"]["file_hash"], "d4".repeat(32));
    assert_eq!(json.as_array().map(Vec::len), Some(ledger.len()));

    let mut book = open(ledger_export::ledger_xlsx(&ledger, policy, Lang::En, friday()).expect("a workbook"));
    let range = book.worksheet_range("Ledger").expect("a sheet");
    assert_eq!(range.height(), ledger.len() + 1);
    assert_eq!(range.get_value((1, 13)), Some(&Data::Float(-50.0)));
    assert!(ledger_export::ledger_csv(&[], policy, Lang::En).starts_with("\u{feff}No.;Code;Entry".as_bytes()));
}

/// The text of a part of a workbook.
fn part(book: &[u8], name: &str) -> String {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect(name).read_to_string(&mut text).expect("XML");
    text
}

#[test]
fn cards_of_the_crm_open_from_the_audit_and_nothing_else_does() {
    let mut specs = mixed_week();
    specs.push(super::fixture::spec("2026-11-18", "7", "ООО «Хвост»", 1_000, sverka::domain::verdict::Status::Late));
    let (facts, mut outcome) = case(&specs);
    // A found card, and one whose id tries to leave the address.
    for (at, id) in [(0, "11"), (specs.len() - 1, "12\"/><x href=javascript:1")] {
        let candidate = sverka::domain::verdict::Candidate {
            id: sverka::domain::crm::CrmId {
                source: "bitrix".to_owned(),
                kind: sverka::domain::crm::CrmKind::Company,
                id: id.to_owned(),
            },
            title: "=1+1".to_owned(),
            score_bp: 10_000,
            reason: sverka::domain::text::Text::default(),
        };
        outcome.verdicts[at].candidates = vec![candidate];
    }
    let head = speaking(&facts.roster, "101", Lang::Ru);
    let report = AuditReport::build(&facts, &outcome, &entries(&outcome), &[], &head, &context());
    let bytes = workbook::audit(&report, Lang::Ru, friday()).expect("a workbook");
    let links = part(&bytes, "xl/worksheets/_rels/sheet1.xml.rels");
    assert!(links.contains("https://firma.example/crm/company/details/11/"), "{links}");
    assert!(links.contains("https://firma.example/crm/company/details/12xhrefjavascript1/"), "{links}");
    assert_eq!(links.matches("Target=").count(), 2, "{links}");
    let similar = part(&bytes, "xl/worksheets/_rels/sheet4.xml.rels");
    assert!(similar.contains("https://firma.example/crm/company/details/77/"), "{similar}");
    for sheet in 1..=5 {
        let xml = part(&bytes, &format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(xml.contains("ySplit=\"1\"") && xml.contains("state=\"frozen\""), "sheet {sheet}: the header stays");
        assert!(xml.contains("<autoFilter"), "sheet {sheet}: it can be filtered");
        assert!(!xml.contains("<f>"), "sheet {sheet}: no formula");
    }
    let mut book = open(bytes);
    let range = book.worksheet_range("Документы").expect("a sheet");
    assert_eq!(range.height(), report.lines.len() + 1, "every line");
    let shown: Vec<String> = (1..9).filter_map(|r| range.get_value((r, 9))).map(ToString::to_string).collect();
    assert!(shown.iter().any(|text| text.starts_with("=1+1 (bitrix")), "{shown:?}");
    let managers = book.worksheet_range("Менеджеры").expect("a sheet");
    assert_eq!(managers.height(), report.managers.len() + 1);
    assert!(matches!(managers.get_value((1, 9)), Some(Data::Float(share)) if (0.0..=1.0).contains(share)));
}

#[test]
fn the_statement_names_the_card_beside_a_line_and_types_its_instants() {
    let (facts, mut outcome) = case(&mixed_week());
    let ledger = posted(&entries(&outcome));
    let input = StatementInput { period: period(), entries: &ledger, bonuses: &[], previous: &[] };
    let mut report = StatementReport::build(input, &facts, &context());
    // The sale of the first line was found meanwhile.
    let first = ledger.iter().find(|e| e.id == report.lines[0].entry).expect("the entry").entry.key.subject.clone();
    let at = facts.sales.iter().position(|sale| sale.key.0 == first).expect("its sale");
    outcome.verdicts[at].verdict = sverka::domain::verdict::Verdict::InCrm;
    outcome.verdicts[at].candidates = outcome.verdicts[5].candidates.clone();
    report.show_cards(&ledger, &facts, &outcome, &context());
    assert!(
        report.lines[0].link.ends_with("/77/") && report.lines[0].card.contains("(Москва)"),
        "{:?}",
        report.lines[0]
    );
    assert!(report.lines[1..].iter().all(|line| line.link.is_empty()), "absence has no card");
    let bytes = workbook::statement(&report, Lang::En, friday()).expect("a workbook");
    assert!(part(&bytes, "xl/worksheets/_rels/sheet2.xml.rels").contains("/77/"));
    let mut book = open(bytes);
    let range = book.worksheet_range("Entries").expect("a sheet");
    assert!(matches!(range.get_value((1, 3)), Some(Data::DateTime(_))), "{:?}", range.get_value((1, 3)));
}
