//! A new export against the sales already known: what is new, the same, corrected, or in conflict. Deliberately absent:
//! documents that the export no longer has (`export_scope`) and storage.

use std::collections::HashMap;

use super::{
    export_diff,
    finding::{Finding, Severity},
    inbox::DateSpan,
    sale::{Sale, SaleKey},
    text::{Lang, Text},
    words,
};

/// What an export changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// Documents not known before.
    pub new: Vec<Sale>,
    /// Known documents whose values the newer export changes: (before, after).
    pub corrected: Vec<(Sale, Sale)>,
    /// Documents that say the same as before.
    pub same: Vec<SaleKey>,
    /// Documents that a newer export in full no longer had: they stay away.
    pub outdated: Vec<Sale>,
    /// One hold for each document that two files tell differently and neither can be trusted over the other.
    pub conflicts: Vec<Finding>,
}

/// Where the known version of a document came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Days its file covers.
    pub span: Option<DateSpan>,
    /// As-of of the newest file that told it so, epoch milliseconds.
    pub as_of_ms: i64,
}

/// Compares an export with what is known. A changed document is a correction when the export is the newer one and covers
/// at least the days of the file that told it first (the same report saved again); otherwise the two files overlap only
/// in part and contradict each other, which a person has to settle. `gone` says of a document that is not known whether a
/// newer export has proven it gone.
pub fn merge(
    incoming: Vec<Sale>,
    from: Origin,
    known: &HashMap<SaleKey, (Sale, Origin)>,
    gone: impl Fn(&Sale) -> bool,
) -> Merge {
    let mut merged = Merge::default();
    for sale in incoming {
        match known.get(&sale.key) {
            None if gone(&sale) => merged.outdated.push(sale),
            None => merged.new.push(sale),
            Some((before, _)) if same_facts(before, &sale) => merged.same.push(sale.key),
            Some((before, origin)) if supersedes(from, *origin) => merged.corrected.push((before.clone(), sale)),
            Some((before, _)) => merged.conflicts.push(conflict(before, &sale)),
        }
    }
    merged
}

fn supersedes(newer: Origin, older: Origin) -> bool {
    let covers = match (newer.span, older.span) {
        (Some(n), Some(o)) => n.covers(o),
        _ => false,
    };
    covers && newer.as_of_ms >= older.as_of_ms
}

/// Whether two versions say the same; the place they were read from does not count.
pub fn same_facts(a: &Sale, b: &Sale) -> bool {
    export_diff::what_changed(a, b).is_empty()
}

fn conflict(before: &Sale, after: &Sale) -> Finding {
    let (old, new) = (before.source.describe(), after.source.describe());
    Finding::new(
        Severity::Hold,
        "conflicting_document",
        Text::new(
            format!(
                "документ {} от {} в двух файлах разный: {} ({}) и {} ({}); выгрузите период целиком одним файлом или подтвердите новый файл",
                after.number,
                after.date.format("%d.%m.%Y"),
                words::money(before.amount, Lang::Ru),
                old.ru,
                words::money(after.amount, Lang::Ru),
                new.ru
            ),
            format!(
                "document {} of {} differs between two files: {} ({}) and {} ({}); export the whole period as one file or release the new one",
                after.number,
                after.date.format("%d.%m.%Y"),
                words::money(before.amount, Lang::En),
                old.en,
                words::money(after.amount, Lang::En),
                new.en
            ),
        ),
    )
    .at(after.source.clone())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::{finding::SourceRef, money::Money, sale::PartyRef};

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).expect("a day")
    }

    fn sale(number: &str, kopecks: i64) -> Sale {
        Sale {
            key: SaleKey::new("Орг", number, day(5)),
            organisation: "Орг".into(),
            number: number.into(),
            date: day(5),
            party: PartyRef { name: "Ромашка".into(), ..PartyRef::default() },
            manager: "Орлов".into(),
            amount: Money::from_kopecks(kopecks),
            net: None,
            margin: None,
            bonus: None,
            currency: "RUB".into(),
            returns: None,
            file_hash: String::new(),
            source: SourceRef::file("a.xlsx"),
        }
    }

    fn origin(from: u32, to: u32, as_of_ms: i64) -> Origin {
        Origin { span: Some(DateSpan { from: day(from), to: day(to) }), as_of_ms }
    }

    fn known(list: &[(Sale, Origin)]) -> HashMap<SaleKey, (Sale, Origin)> {
        list.iter().map(|(s, o)| (s.key.clone(), (s.clone(), *o))).collect()
    }

    #[test]
    fn overlapping_files_count_each_sale_once() {
        let known = known(&[(sale("1", 100), origin(1, 15, 1))]);
        let merged = merge(vec![sale("1", 100), sale("2", 50)], origin(10, 30, 2), &known, |_| false);
        assert_eq!((merged.new.len(), merged.same.len(), merged.corrected.len(), merged.conflicts.len()), (1, 1, 0, 0));
    }

    #[test]
    fn the_same_period_saved_again_corrects_and_a_partial_overlap_conflicts() {
        let before = known(&[(sale("1", 100), origin(1, 15, 1))]);
        assert_eq!(merge(vec![sale("1", 90)], origin(1, 20, 2), &before, |_| false).corrected.len(), 1);
        assert_eq!(merge(vec![sale("1", 90)], origin(10, 30, 2), &before, |_| false).conflicts.len(), 1);
        assert_eq!(
            merge(vec![sale("1", 90)], origin(1, 15, 0), &before, |_| false).conflicts.len(),
            1,
            "an older file corrects nothing"
        );
    }
}
