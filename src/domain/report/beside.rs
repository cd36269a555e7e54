//! What stands beside the sums of a statement: lines that are left out because they are contested, what became of earlier
//! numbers («акт сверки»), documents that accounting changed after their period was closed. Deliberately absent: any change
//! of the sums (`statement`), loading (`pipeline`).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::domain::{
    dispute::{Case, State},
    ledger::LedgerEntry,
    line_code::LineCode,
    money::Money,
    org::{EmployeeId, Roster},
    period::Period,
    sale::Sale,
    text::{Lang, Text},
    words::{both, date, money, say},
};

use super::{name_of, subject};

/// A line that this statement does not hand over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuspendedLine {
    /// Code of the line.
    pub code: String,
    /// Whose.
    pub employee: EmployeeId,
    /// Name.
    pub name: String,
    /// Amount that is left out.
    pub amount: Money,
    /// Document.
    pub document: Text,
    /// What is claimed.
    pub claim: Text,
    /// Last day to answer.
    pub due: NaiveDate,
    /// Withdrawn already: the line goes to finance together with the entry that takes it back.
    pub withdrawn: bool,
}

/// The lines that are kept back, in the order of the chain.
pub fn suspended_lines(
    entries: &[LedgerEntry],
    kept: &BTreeMap<String, &Case>,
    roster: &Roster,
    today: NaiveDate,
) -> Vec<SuspendedLine> {
    let line = |entry: &LedgerEntry| {
        let case = kept.get(&entry.id)?;
        Some(SuspendedLine {
            code: LineCode::of(entry).to_string(),
            employee: entry.entry.key.employee.clone(),
            name: name_of(roster, &entry.entry.key.employee),
            amount: entry.entry.amount,
            document: subject(&entry.entry),
            claim: case.dispute.claim.text(),
            due: case.due(),
            withdrawn: !matches!(case.state(today), State::Open { .. }),
        })
    };
    entries.iter().filter_map(line).collect()
}

/// One version of a document with the time it held in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleVersion {
    /// The document.
    pub sale: Sale,
    /// When it came.
    pub from: DateTime<Utc>,
    /// When another took its place, or it was gone.
    pub until: Option<DateTime<Utc>>,
}

impl SaleVersion {
    fn held_at(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// A document of a closed period that reads otherwise now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedDocument {
    /// Closed period.
    pub period: Period,
    /// `№ … от …`.
    pub document: Text,
    /// What changed, old and new.
    pub what: Text,
    /// Where it stands now; where it stood, for one that is gone.
    pub source: Text,
    /// What it changed in kopecks: corrections posted for the document since the close.
    pub effect: Money,
}

/// Documents of closed periods that changed after their close and later than `since`, by period and document.
pub fn changed_documents(
    versions: &[SaleVersion],
    closed: &BTreeMap<Period, DateTime<Utc>>,
    since: DateTime<Utc>,
    entries: &[LedgerEntry],
) -> Vec<ChangedDocument> {
    let mut documents: BTreeMap<&str, Vec<&SaleVersion>> = BTreeMap::new();
    for version in versions {
        documents.entry(&version.sale.key.0).or_default().push(version);
    }
    let mut all = Vec::new();
    for (key, versions) in documents {
        let Some((period, closed_at)) = versions
            .iter()
            .find_map(|v| closed.get_key_value(&Period::of(v.sale.date)))
            .map(|(period, at)| (*period, *at))
        else {
            continue;
        };
        let recent = |v: &&&SaleVersion| v.from > since || v.until.is_some_and(|until| until > since);
        if !versions.iter().any(|v| recent(&v)) {
            continue;
        }
        let old = versions.iter().find(|v| v.held_at(closed_at)).map(|v| &v.sale);
        let new = versions.iter().find(|v| v.until.is_none()).map(|v| &v.sale);
        let Some(what) = difference(old, new) else { continue };
        let Some(shown) = new.or(old) else { continue };
        let of_document = |e: &&LedgerEntry| e.entry.key.subject == key && e.posted_at > closed_at;
        all.push(ChangedDocument {
            period,
            document: both(|lang| match lang {
                Lang::Ru => format!("№ {} от {}", shown.number, date(shown.date, lang)),
                Lang::En => format!("No. {} of {}", shown.number, date(shown.date, lang)),
            }),
            what,
            source: shown.source.describe(),
            effect: entries.iter().filter(of_document).map(|e| e.entry.amount).sum(),
        });
    }
    all.sort_by(|a, b| (a.period, &a.document.ru).cmp(&(b.period, &b.document.ru)));
    all
}

/// What is different, in words; `None` when nothing that counts is.
fn difference(old: Option<&Sale>, new: Option<&Sale>) -> Option<Text> {
    match (old, new) {
        (None, None) => None,
        (None, Some(new)) => Some(both(|lang| {
            format!("{}: {}", say(lang, "документ появился", "the document appeared"), money(new.amount, lang))
        })),
        (Some(old), None) => Some(both(|lang| {
            format!(
                "{}: {}",
                say(lang, "документа больше нет, было", "the document is gone, it was"),
                money(old.amount, lang)
            )
        })),
        (Some(old), Some(new)) => {
            let pieces = |lang: Lang| -> Vec<String> {
                let mut pieces = Vec::new();
                let mut add = |name: &str, a: String, b: String| {
                    if a != b {
                        pieces.push(format!("{name} {a} → {b}"));
                    }
                };
                let sum = |amount: Option<Money>| amount.map_or_else(|| "—".to_owned(), |a| money(a, lang));
                add(say(lang, "сумма", "amount"), money(old.amount, lang), money(new.amount, lang));
                add(say(lang, "без НДС", "without VAT"), sum(old.net), sum(new.net));
                add(say(lang, "маржа", "margin"), sum(old.margin), sum(new.margin));
                add(say(lang, "премия", "bonus"), sum(old.bonus), sum(new.bonus));
                add(say(lang, "дата", "date"), date(old.date, lang), date(new.date, lang));
                add(say(lang, "покупатель", "buyer"), old.party.name.clone(), new.party.name.clone());
                add(say(lang, "ИНН", "ИНН"), old.party.inn.clone(), new.party.inn.clone());
                add(say(lang, "продавец", "seller"), old.manager.clone(), new.manager.clone());
                add(say(lang, "валюта", "currency"), old.currency.clone(), new.currency.clone());
                let returned = |sale: &Sale| sale.returns.clone().unwrap_or_else(|| "—".to_owned());
                add(say(lang, "возврат по", "return of"), returned(old), returned(new));
                pieces
            };
            (!pieces(Lang::Ru).is_empty()).then(|| both(|lang| pieces(lang).join("; ")))
        }
    }
}
