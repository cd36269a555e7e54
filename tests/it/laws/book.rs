//! A ledger in memory that keeps the rules of posting. Deliberately absent: seals, storage.

use std::collections::{BTreeMap, BTreeSet};

use sverka::domain::{
    adjust::{balance_check, delta},
    ledger::{EntryKey, EntryKind, NewEntry, Posted, Wanted},
    money::Money,
    period::Period,
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    pub(crate) entries: Vec<(String, NewEntry)>,
    pub(crate) closed: BTreeSet<Period>,
}

impl Book {
    pub(crate) fn posted(&self) -> Vec<Posted> {
        let mut sums: BTreeMap<EntryKey, Posted> = BTreeMap::new();
        for (id, entry) in &self.entries {
            let sum = sums.entry(entry.key.clone()).or_insert_with(|| Posted {
                key: entry.key.clone(),
                amount: Money::ZERO,
                entries: vec![],
                kind: entry.kind,
                policy_version: String::new(),
            });
            sum.amount += entry.amount;
            sum.entries.push(id.clone());
            sum.policy_version.clone_from(&entry.policy_version);
        }
        sums.into_values().collect()
    }

    /// Posts the difference and checks every law of posting; returns what was posted.
    pub(crate) fn post(&mut self, wanted: &[Wanted]) -> Vec<NewEntry> {
        let posted = self.posted();
        let entries = delta(wanted, &posted, &self.closed);
        assert!(entries.windows(2).all(|pair| pair[0].key < pair[1].key), "sorted, one entry per key");
        for entry in &entries {
            assert!(!entry.amount.is_zero(), "an entry of nothing: {entry:?}");
            assert!(self.closed.iter().all(|closed| entry.pay_period > *closed), "paid in the past: {entry:?}");
            let late = self.closed.last().is_some_and(|last| entry.key.belongs_to <= *last);
            assert_eq!(entry.kind == EntryKind::Correction, late, "{entry:?}");
            if !late {
                assert_eq!(entry.pay_period, entry.key.belongs_to);
            }
            let before = posted.iter().find(|p| p.key == entry.key);
            assert_eq!(entry.corrects, before.map(|p| p.entries.clone()).unwrap_or_default());
            assert_eq!(entry.evidence.cause.ru.is_empty(), before.is_none() && !late, "{entry:?}");
            assert_eq!(entry.evidence.cause.en.is_empty(), entry.evidence.cause.ru.is_empty());
        }
        for entry in &entries {
            self.entries.push((format!("e{}", self.entries.len() + 1), entry.clone()));
        }
        assert_eq!(delta(wanted, &self.posted(), &self.closed), vec![], "the difference after posting the difference");
        assert_eq!(balance_check(wanted, &self.posted()), vec![], "the ledger is the recomputation");
        entries
    }

    /// Sums by key, nothing left out but nothing itself.
    pub(crate) fn sums(&self) -> BTreeMap<EntryKey, i64> {
        let mut sums = BTreeMap::new();
        for posted in self.posted() {
            if !posted.amount.is_zero() {
                sums.insert(posted.key, posted.amount.kopecks());
            }
        }
        sums
    }
}
