//! What an export speaks for in full: the days and organisations of which it lists every document, so that a known
//! document which it lacks is gone. Deliberately absent: which documents are known (`pipeline`), and the words
//! (`export_words`).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    inbox::{AccountingTable, DateSpan, FileRecord, FileState, Grain, TableKind},
    sale::Sale,
};

/// `accounting.exports`: whether exports list a period in full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exports {
    /// Always: whatever an export with a printed period lacks is gone.
    Full,
    /// Never: absence proves nothing.
    Partial,
    /// When an export prints its period and lacks little; a person looks at the others.
    #[default]
    Auto,
}

impl Exports {
    /// Every one, with its name in the settings.
    pub const ALL: [(&'static str, Self); 3] = [("full", Self::Full), ("partial", Self::Partial), ("auto", Self::Auto)];
}

/// Days and organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The printed period.
    pub span: DateSpan,
    /// Organisations of its documents, as identities write them.
    pub organisations: BTreeSet<String>,
}

impl Scope {
    /// What an export may speak for: its printed period, for the organisations of its documents. Without a printed period,
    /// without documents, or with a filter that narrows the data (`narrowed`) it speaks for nothing but what it lists.
    pub fn of(table: &AccountingTable, narrowed: bool) -> Option<Self> {
        let span = table.period.filter(|_| !narrowed && !table.sales.is_empty())?;
        let organisations = table.sales.iter().map(|s| s.key.organisation().to_owned()).collect();
        Some(Self { span, organisations })
    }

    /// Whether a document of the organisation and the day is within.
    pub fn covers(&self, organisation: &str, day: NaiveDate) -> bool {
        self.span.contains(day) && self.organisations.contains(organisation)
    }
}

/// Whether so many gone documents among the known ones are more than a level (basis points) allows.
pub fn too_many(gone: usize, known: usize, level_bp: u32) -> bool {
    gone as u128 * 10_000 > known as u128 * u128::from(level_bp)
}

/// Accepted files of a grain, newer than an instant, that list something in full.
pub fn newer_in_full(files: &[FileRecord], grain: Grain, as_of: DateTime<Utc>) -> Vec<&FileRecord> {
    let kept = |f: &&FileRecord| {
        f.kind == TableKind::Sales && f.state == FileState::Accepted && f.grain == grain && f.as_of > as_of
    };
    files.iter().filter(kept).filter(|f| f.full_of.is_some()).collect()
}

/// Whether one of the newer files lists the day of a document in full that nobody knows: then the document is gone (or was
/// never more than a draft), and an older export does not bring it back.
pub fn outlived(sale: &Sale, newer: &[&FileRecord]) -> bool {
    newer.iter().any(|f| {
        f.span.is_some_and(|s| s.contains(sale.date))
            && f.full_of.as_ref().is_some_and(|all| all.iter().any(|o| o == sale.key.organisation()))
    })
}

/// Whether two organisations, as identities write them, may be one: a file that names none may be anybody's.
pub fn may_be_one(a: &str, b: &str) -> bool {
    a.is_empty() || b.is_empty() || a == b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        finding::SourceRef,
        money::Money,
        sale::{PartyRef, SaleKey},
    };

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).expect("a day")
    }

    fn sale(organisation: &str, d: u32) -> Sale {
        Sale {
            key: SaleKey::new(organisation, "1", day(d)),
            organisation: organisation.into(),
            number: "1".into(),
            date: day(d),
            party: PartyRef::default(),
            manager: String::new(),
            amount: Money::from_kopecks(1),
            net: None,
            margin: None,
            bonus: None,
            currency: "RUB".into(),
            returns: None,
            file_hash: String::new(),
            source: SourceRef::default(),
        }
    }

    fn span(from: u32, to: u32) -> DateSpan {
        DateSpan { from: day(from), to: day(to) }
    }

    fn file(as_of_ms: i64) -> FileRecord {
        let at = DateTime::from_timestamp_millis(as_of_ms).unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
        FileRecord {
            hash: "f".into(),
            name: "a.xlsx".into(),
            source: "accounting".into(),
            as_of: at,
            received_at: at,
            state: FileState::Accepted,
            kind: TableKind::Sales,
            rows: 1,
            span: Some(span(1, 30)),
            organisation: String::new(),
            grain: Grain::Documents,
            full_of: Some(vec!["ОРГ".into()]),
            findings: Vec::new(),
        }
    }

    #[test]
    fn only_a_printed_period_without_a_narrowing_filter_speaks_for_more_than_it_lists() {
        let whole = AccountingTable { period: Some(span(1, 30)), sales: vec![sale("Орг", 5)], ..Default::default() };
        let scope = Scope::of(&whole, false).expect("a scope");
        assert!(scope.covers("ОРГ", day(30)) && !scope.covers("ОРГ", day(1).pred_opt().expect("a day")));
        assert!(!scope.covers("", day(5)) && !scope.covers("ДРУГАЯ", day(5)));
        assert_eq!(Scope::of(&whole, true), None);
        assert_eq!(Scope::of(&AccountingTable { period: None, ..whole.clone() }, false), None);
        assert_eq!(Scope::of(&AccountingTable { sales: Vec::new(), ..whole }, false), None);
    }

    #[test]
    fn a_level_is_passed_only_above_it() {
        assert!(!too_many(0, 0, 0) && !too_many(5, 100, 500) && too_many(6, 100, 500));
        assert!(too_many(1, 100, 0) && !too_many(1, 1, 10_000));
    }

    #[test]
    fn a_document_is_outlived_only_by_a_newer_accepted_full_export_of_its_day_and_organisation() {
        let at = DateTime::from_timestamp_millis(10).expect("an instant");
        let gone =
            |f: &FileRecord| outlived(&sale("Орг", 5), &newer_in_full(std::slice::from_ref(f), Grain::Documents, at));
        assert!(gone(&file(11)));
        for spared in [
            file(10),
            FileRecord { full_of: None, ..file(11) },
            FileRecord { full_of: Some(vec![String::new()]), ..file(11) },
            FileRecord { span: Some(span(6, 30)), ..file(11) },
            FileRecord { state: FileState::Quarantined, ..file(11) },
            FileRecord { grain: Grain::Turnovers, ..file(11) },
        ] {
            assert!(!gone(&spared), "{spared:?}");
        }
    }
}
