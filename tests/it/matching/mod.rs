//! Tests of bringing counterparties together and of matching them with the CRM.

mod again;
mod again_kept;
mod again_lists;
mod fair;
mod laws;
mod names;
mod parties;
mod places;
mod verdicts;
mod work;

use chrono::DateTime;
use sverka::domain::{
    crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
    finding::SourceRef,
    matching::{MatchSettings, pair},
    money::Money,
    normalise,
    party::Counterparty,
    sale::{PartyCard, PartyRef, Sale, SaleKey},
    verdict::{Decision, PartyVerdict},
};

/// A sale to a buyer as written.
pub(super) fn sale(number: u32, code: &str, name: &str, inn: &str, kpp: &str) -> Sale {
    let date = chrono::NaiveDate::from_ymd_opt(2026, 11, 5).expect("a date");
    Sale {
        key: SaleKey::new("Моя компания", &number.to_string(), date),
        organisation: "Моя компания".into(),
        number: number.to_string(),
        date,
        party: PartyRef { code: code.into(), name: name.into(), inn: inn.into(), kpp: kpp.into() },
        manager: "Петров".into(),
        amount: Money::from_kopecks(10_000),
        net: None,
        margin: None,
        bonus: None,
        currency: "RUB".into(),
        returns: None,
        file_hash: String::new(),
        source: SourceRef { file: "sales.csv".into(), row: number, ..SourceRef::default() },
    }
}

/// A card of the counterparty list.
pub(super) fn card(row: u32, code: &str, name: &str, full: &str, inn: &str, kpp: &str) -> PartyCard {
    PartyCard {
        party: PartyRef { code: code.into(), name: name.into(), inn: inn.into(), kpp: kpp.into() },
        full_name: full.into(),
        source: SourceRef { file: "partners.csv".into(), row, ..SourceRef::default() },
        ..PartyCard::default()
    }
}

/// A company of the CRM.
pub(super) fn company(id: &str, title: &str, inn: &str, kpp: &str) -> KnownRecord {
    KnownRecord {
        record: CrmRecord {
            inn: inn.into(),
            kpp: kpp.into(),
            ..CrmRecord::new(CrmId { source: "crm".into(), kind: CrmKind::Company, id: id.into() }, title)
        },
        entered_at: DateTime::UNIX_EPOCH,
        gone: false,
    }
}

/// Counterparties of buyers as written: (name, ИНН, КПП).
pub(super) fn buyers(list: &[(&str, &str, &str)]) -> Vec<Counterparty> {
    let sales: Vec<Sale> =
        list.iter().enumerate().map(|(i, (name, inn, kpp))| sale(i as u32 + 1, "", name, inn, kpp)).collect();
    normalise::parties(&sales, &[]).0
}

/// Verdicts with the default settings.
pub(super) fn verdicts(parties: &[Counterparty], records: &[KnownRecord], decisions: &[Decision]) -> Vec<PartyVerdict> {
    pair(parties, records, decisions, &MatchSettings::default())
}

/// Verdict code, ids of the candidates, reason: of one buyer against records.
pub(super) fn judged(buyer: (&str, &str, &str), records: &[KnownRecord]) -> (String, Vec<String>, String) {
    let verdict = verdicts(&buyers(&[buyer]), records, &[]).remove(0);
    let ids = verdict.candidates.iter().map(|c| c.id.id.clone()).collect();
    (verdict.verdict.code().to_owned(), ids, verdict.reason.ru)
}
