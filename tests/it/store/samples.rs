//! Small values for tests of the store. Deliberately absent: realistic data.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use sverka::domain::{
    crm::{CrmId, CrmKind, CrmRecord, CrmSnapshot},
    finding::{Finding, Severity, SourceRef},
    ledger::{EntryKey, EntryKind, Evidence, NewEntry},
    mail::{FrozenMail, MailKind},
    money::Money,
    org::EmployeeId,
    period::Period,
    sale::{PartyRef, Sale, SaleKey},
    text::Text,
};

/// So many minutes after 1 November 2026, 00:00 UTC.
pub fn at(minutes: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 0, 0, 0).single().expect("instant") + chrono::TimeDelta::minutes(minutes)
}

/// A day of November 2026.
pub fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("day")
}

/// A month of 2026.
pub fn month(month: u32) -> Period {
    Period::new(2026, month).expect("month")
}

/// A finding with a place.
pub fn finding(code: &str) -> Finding {
    let source = SourceRef { file: "Продажи.xlsx".into(), sheet: "TDSheet".into(), row: 7, column: "F".into() };
    Finding::new(Severity::Hold, code, Text::new("по-русски", "in English")).at(source)
}

/// A sale with every column filled.
pub fn sale(number: u32) -> Sale {
    let date = day(number % 28 + 1);
    let number = format!("0000-{number:06}");
    Sale {
        key: SaleKey::new("ООО «Ромашка»", &number, date),
        organisation: "ООО «Ромашка»".into(),
        number,
        date,
        party: PartyRef {
            code: "Ц0001".into(),
            name: "АО «Лён»".into(),
            inn: "7707083893".into(),
            kpp: "770701001".into(),
        },
        manager: "Иванов И. И.".into(),
        amount: Money::from_kopecks(-123_456),
        net: Some(Money::from_kopecks(-102_880)),
        margin: None,
        bonus: Some(Money::from_kopecks(i64::MIN)),
        currency: "RUB".into(),
        returns: Some("0000-000001".into()),
        file_hash: "ab".repeat(32),
        source: SourceRef { file: "Продажи.xlsx".into(), sheet: "TDSheet".into(), row: 7, column: "F".into() },
    }
}

/// A company of the source `bitrix`.
pub fn company(id: &str, created_at: Option<DateTime<Utc>>) -> CrmRecord {
    record(CrmKind::Company, id, created_at)
}

/// A record of the source `bitrix`.
pub fn record(kind: CrmKind, id: &str, created_at: Option<DateTime<Utc>>) -> CrmRecord {
    CrmRecord {
        id: CrmId { source: "bitrix".into(), kind, id: id.into() },
        title: format!("ООО «{id}»"),
        full_name: String::new(),
        inn: "7707083893".into(),
        kpp: String::new(),
        phone: "+7 495 123-45-67".into(),
        email: String::new(),
        city: "Москва".into(),
        responsible: "Иванов".into(),
        external_id: String::new(),
        company_id: String::new(),
        company_name: String::new(),
        won: false,
        created_at,
        updated_at: None,
        fields: BTreeMap::from([("Отрасль".to_owned(), "Торговля".to_owned())]),
    }
}

/// A snapshot of the source `bitrix`; its hash is over the content.
pub fn snapshot(as_of: DateTime<Utc>, records: Vec<CrmRecord>) -> CrmSnapshot {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(&records).expect("json").hash(&mut hasher);
    CrmSnapshot { source: "bitrix".into(), as_of, hash: format!("{:016x}", hasher.finish()), records }
}

/// A mail whose bytes are no UTF-8.
pub fn mail(key: &str) -> FrozenMail {
    FrozenMail {
        key: key.into(),
        kind: MailKind::Alert,
        recipient: "ivanov@example.com".into(),
        sender: "sverka@example.com".into(),
        subject: "Не внесены".into(),
        message_id: format!("<{key}@example.com>"),
        bytes: [b"Subject: x\r\n\r\n".as_slice(), &[0, 255, 254]].concat(),
    }
}

/// An entry of November.
pub fn entry(subject: &str, kopecks: i64) -> NewEntry {
    NewEntry {
        key: EntryKey {
            belongs_to: month(11),
            employee: EmployeeId("007".into()),
            subject: subject.into(),
            rule: "missing_counterparty".into(),
        },
        pay_period: month(11),
        kind: EntryKind::Reduction,
        amount: Money::from_kopecks(kopecks),
        policy_version: "2026-1".into(),
        corrects: vec!["before".into()],
        evidence: Evidence { party: "АО «Лён»".into(), snapshots: vec!["bitrix".into()], ..Evidence::default() },
    }
}
