//! Plain rows of the ledger for people and machines: delimited text, workbook, JSON. Every field of an entry is there,
//! so that the chain of hashes can be checked from the export, and the clause of the regulation beside it. Deliberately absent: choosing entries, verifying.

use chrono::SecondsFormat;
use serde::Serialize;

use crate::domain::{
    ledger::LedgerEntry,
    line_code::LineCode,
    policy::Policy,
    regulation::cite::cite,
    text::{Lang, Text},
};

use super::{
    delimited::{self, decimal, guarded},
    error::TemplateError,
    sheets::{Cell, Column, Sheet, single},
    words,
};

/// Columns: names in both languages, width in the workbook.
const COLUMNS: [(&str, &str, f64); 26] = [
    ("№", "No.", 8.0),
    ("Код", "Code", 10.0),
    ("Запись", "Entry", 38.0),
    ("Внесена (UTC)", "Posted at (UTC)", 22.0),
    ("Запуск", "Run", 38.0),
    ("Период выплаты", "Pay period", 12.0),
    ("Период события", "Belongs to", 12.0),
    ("Табельный номер", "Personnel number", 14.0),
    ("Предмет", "Subject", 34.0),
    ("Правило", "Rule", 24.0),
    ("Версия положения", "Policy version", 14.0),
    ("Пункт положения", "Clause", 30.0),
    ("Вид", "Kind", 26.0),
    ("Сумма", "Amount", 16.0),
    ("Документ", "Document", 30.0),
    ("Контрагент", "Counterparty", 34.0),
    ("Источник", "Source", 44.0),
    ("Хеш файла", "File hash", 20.0),
    ("Снимки CRM", "CRM snapshots", 30.0),
    ("Статус", "Status", 16.0),
    ("Сопоставление", "Matching", 44.0),
    ("Расчёт", "Arithmetic", 40.0),
    ("Причина изменения", "Cause of change", 30.0),
    ("Исправляет", "Corrects", 38.0),
    ("Предыдущий хеш", "Previous hash", 20.0),
    ("Хеш", "Hash", 20.0),
];

/// The entries as delimited text (BOM, semicolons, decimal comma, guarded against formulas).
pub fn ledger_csv(entries: &[LedgerEntry], policy: &Policy, lang: Lang) -> Vec<u8> {
    let headers = COLUMNS.map(|(ru, en, _)| if lang == Lang::Ru { ru } else { en });
    let rows = entries.iter().map(|entry| {
        cells(entry, policy, lang)
            .into_iter()
            .map(|cell| match cell {
                Cell::Money(amount) => decimal(amount),
                Cell::Text(text) | Cell::Link { text, .. } => guarded(&text),
                Cell::Number(number) => number.to_string(),
                Cell::Share(share) => share.bp().to_string(),
                Cell::Date(_) | Cell::Instant(_) | Cell::Empty => String::new(),
            })
            .collect()
    });
    // Writing to memory cannot fail and all rows have as many cells as there are columns.
    delimited::write(&headers, rows).unwrap_or_default()
}

/// The entries as a workbook.
pub fn ledger_xlsx(
    entries: &[LedgerEntry],
    policy: &Policy,
    lang: Lang,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<u8>, TemplateError> {
    let columns = COLUMNS.map(|(ru, en, width)| Column { title: if lang == Lang::Ru { ru } else { en }, width });
    let name = if lang == Lang::Ru { "Журнал" } else { "Ledger" };
    let rows = entries.iter().map(|entry| cells(entry, policy, lang)).collect();
    single(&[Sheet { name, columns: &columns, rows }], now)
}

/// The entries as JSON, one object each, amounts as `kopecks` and as text.
pub fn ledger_json(entries: &[LedgerEntry], policy: &Policy) -> Vec<u8> {
    let rows: Vec<Row<'_>> = entries.iter().map(|entry| Row::of(entry, policy)).collect();
    serde_json::to_vec_pretty(&rows).unwrap_or_default()
}

fn cells(each: &LedgerEntry, policy: &Policy, lang: Lang) -> Vec<Cell> {
    let (entry, evidence) = (&each.entry, &each.entry.evidence);
    let text = |s: &str| Cell::Text(s.to_owned());
    vec![
        Cell::Number(each.seq),
        Cell::Text(LineCode::of(each).to_string()),
        text(&each.id),
        Cell::Text(each.posted_at.to_rfc3339_opts(SecondsFormat::Millis, true)),
        text(&each.run),
        Cell::Text(entry.pay_period.to_string()),
        Cell::Text(entry.key.belongs_to.to_string()),
        text(&entry.key.employee.0),
        text(&entry.key.subject),
        text(&entry.key.rule),
        text(&entry.policy_version),
        text(cite(policy, &entry.policy_version, &entry.key.rule).get(lang)),
        text(words::word(entry.kind.code()).get(lang)),
        Cell::Money(entry.amount),
        text(evidence.document.get(lang)),
        text(&evidence.party),
        text(evidence.source.get(lang)),
        text(&evidence.file_hash),
        Cell::Text(evidence.snapshots.join("; ")),
        text(words::word(&evidence.status).get(lang)),
        text(evidence.matching.get(lang)),
        text(evidence.arithmetic.get(lang)),
        text(evidence.cause.get(lang)),
        Cell::Text(entry.corrects.join("; ")),
        text(&each.prev_hash),
        text(&each.hash),
    ]
}

#[derive(Serialize)]
struct Row<'a> {
    seq: i64,
    code: String,
    id: &'a str,
    posted_at: String,
    run: &'a str,
    pay_period: String,
    belongs_to: String,
    employee: &'a str,
    subject: &'a str,
    rule: &'a str,
    policy_version: &'a str,
    clause: Text,
    kind: &'static str,
    kopecks: i64,
    amount: String,
    corrects: &'a [String],
    evidence: &'a crate::domain::ledger::Evidence,
    prev_hash: &'a str,
    hash: &'a str,
}

impl<'a> Row<'a> {
    fn of(each: &'a LedgerEntry, policy: &Policy) -> Self {
        let entry = &each.entry;
        Self {
            seq: each.seq,
            code: LineCode::of(each).to_string(),
            id: &each.id,
            posted_at: each.posted_at.to_rfc3339_opts(SecondsFormat::Millis, true),
            run: &each.run,
            pay_period: entry.pay_period.to_string(),
            belongs_to: entry.key.belongs_to.to_string(),
            employee: &entry.key.employee.0,
            subject: &entry.key.subject,
            rule: &entry.key.rule,
            policy_version: &entry.policy_version,
            clause: cite(policy, &entry.policy_version, &entry.key.rule),
            kind: entry.kind.code(),
            kopecks: entry.amount.kopecks(),
            amount: entry.amount.plain(),
            corrects: &entry.corrects,
            evidence: &entry.evidence,
            prev_hash: &each.prev_hash,
            hash: &each.hash,
        }
    }
}
