//! What a run's mails say beside its own sums: what was handed over before and what finance answered, which documents of
//! closed periods accounting changed. Deliberately absent: judging any of it (`domain::report::beside`, `domain::answer`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        answer::{self, FinanceAnswer, Settled},
        ledger::LedgerEntry,
        money::Money,
        org::{EmployeeId, Roster},
        period::Period,
        report::{
            SaleVersion, StatementFigures,
            beside::{ChangedDocument, changed_documents},
        },
        run::{Job, RunOutcome},
    },
    error::Result,
    store::{LedgerFilter, StatementRecord, Tx},
};

/// Statements whose answers a new one still speaks of.
const TOLD_STATEMENTS: usize = 3;

/// What stands beside a run's sums.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The whole ledger before the run; empty where nothing asks for it.
    pub ledger: Vec<LedgerEntry>,
    /// Entries handed over, with the number that did.
    pub handed: BTreeMap<String, String>,
    /// Statements, oldest first.
    pub statements: Vec<StatementRecord>,
    /// Finance's answers, oldest first.
    pub answers: Vec<FinanceAnswer>,
    /// Versions of documents of closed periods that came or went since.
    pub versions: Vec<SaleVersion>,
    /// When periods were closed.
    pub closed_at: BTreeMap<Period, DateTime<Utc>>,
    /// Since when changes are told.
    pub since: DateTime<Utc>,
}

impl Beside {
    /// Loads what the mails of the job say.
    pub async fn load(tx: &mut Tx, job: Job) -> Result<Self> {
        if job == Job::Alerts {
            // Posted reductions are told with the code of their line.
            let ledger = tx.ledger_entries(&LedgerFilter::default()).await?;
            return Ok(Self { ledger, ..Self::default() });
        }
        if !matches!(job, Job::Audit | Job::Close) {
            return Ok(Self::default());
        }
        let statements = tx.statements().await?;
        let since = if job == Job::Close {
            statements.last().map(|s| s.issued_at)
        } else {
            let runs = tx.last_runs(Some(job), 1_000).await?;
            runs.iter().filter(|r| r.outcome == RunOutcome::Done).map(|r| r.finished_at).max()
        }
        .unwrap_or(DateTime::UNIX_EPOCH);
        let closed_at = tx.closed_at().await?;
        let versions = match closed_at.keys().next_back() {
            Some(last) => tx.sale_versions_since(since, last.until()).await?,
            None => Vec::new(),
        };
        let whole = job == Job::Close || !versions.is_empty();
        let ledger = if whole { tx.ledger_entries(&LedgerFilter::default()).await? } else { Vec::new() };
        let (handed, answers) = (tx.handed_over().await?, tx.answers().await?);
        Ok(Self { ledger, handed, statements, answers, versions, closed_at, since })
    }

    /// Documents of closed periods that changed, with what the run itself posts for them.
    pub fn changed(&self, own: &[LedgerEntry]) -> Vec<ChangedDocument> {
        let entries: Vec<LedgerEntry> = self.ledger.iter().chain(own).cloned().collect();
        changed_documents(&self.versions, &self.closed_at, self.since, &entries)
    }

    /// Ids of the entries handed over.
    pub fn handed_ids(&self) -> BTreeSet<String> {
        self.handed.keys().cloned().collect()
    }

    /// Earlier numbers of a period, for the next one.
    pub fn earlier_numbers(&self, period: Period) -> Vec<StatementFigures> {
        let of = |record: &StatementRecord| StatementFigures {
            number: record.number.clone(),
            total: record.total,
            entries: self.entries_of(&record.number).map(|e| e.id.clone()).collect(),
        };
        let mut numbers: Vec<&StatementRecord> = self.statements.iter().filter(|s| s.pay_period == period).collect();
        numbers.sort_by_key(|s| s.issued_at);
        numbers.into_iter().map(of).collect()
    }

    fn entries_of<'a>(&'a self, number: &'a str) -> impl Iterator<Item = &'a LedgerEntry> {
        self.ledger.iter().filter(move |e| self.handed.get(&e.id).is_some_and(|n| n == number))
    }

    /// The last statements against what finance answered, oldest first; those that were answered in full without a
    /// difference are told once, by the statement after them.
    pub fn settled(&self, roster: &Roster) -> Vec<Settled> {
        let skipped = self.statements.len().saturating_sub(TOLD_STATEMENTS);
        self.statements.iter().skip(skipped).map(|record| self.settle(&record.number, roster)).collect()
    }

    /// What a statement handed over, by person.
    pub fn sums_of(&self, number: &str) -> BTreeMap<EmployeeId, Money> {
        let mut sums: BTreeMap<EmployeeId, Money> = BTreeMap::new();
        for entry in self.entries_of(number) {
            *sums.entry(entry.entry.key.employee.clone()).or_default() += entry.entry.amount;
        }
        sums
    }

    /// One statement against what finance answered.
    pub fn settle(&self, number: &str, roster: &Roster) -> Settled {
        let sums = self.sums_of(number);
        let name_of = |id: &EmployeeId| roster.get(id).map_or_else(|| id.0.clone(), |p| p.name.clone());
        answer::settle(number, &sums, &self.answers, name_of)
    }
}
