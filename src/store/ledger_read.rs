//! Reading the ledger: entries, and sums per key. Deliberately absent: posting (`ledger`) and verifying the chain
//! (`domain::ledger_chain`).

use std::collections::BTreeMap;

use super::{
    engine::{Tx, on_engine},
    error::{Result, StoreError},
    row::At,
};
use crate::domain::{
    ledger::{EntryKey, EntryKind, LedgerEntry, NewEntry, Posted},
    money::Money,
    org::EmployeeId,
    period::Period,
};

/// Which entries are wanted; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// Paid in this period.
    pub pay_period: Option<Period>,
    /// Of this person.
    pub employee: Option<EmployeeId>,
    /// About this sale (or `period`).
    pub subject: Option<String>,
    /// By this rule.
    pub rule: Option<String>,
    /// After this position; 0 = from the start.
    pub after_seq: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct EntryRow {
    seq: i64,
    id: String,
    posted_ms: i64,
    run_id: String,
    pay_period: String,
    belongs_to: String,
    employee: String,
    subject: String,
    rule: String,
    kind: String,
    amount: i64,
    policy_version: String,
    corrects: String,
    evidence: String,
    prev_hash: String,
    hash: String,
}

impl EntryRow {
    /// The columns that are texts of something else.
    pub(super) fn texts(&self) -> [String; 4] {
        [self.pay_period.clone(), self.belongs_to.clone(), self.corrects.clone(), self.evidence.clone()]
    }
}

impl TryFrom<EntryRow> for LedgerEntry {
    type Error = StoreError;
    fn try_from(row: EntryRow) -> Result<Self> {
        let at = At { table: "ledger_entry", id: &row.id };
        let key = EntryKey {
            belongs_to: at.period("belongs_to", &row.belongs_to)?,
            employee: EmployeeId(row.employee),
            subject: row.subject,
            rule: row.rule,
        };
        let entry = NewEntry {
            key,
            pay_period: at.period("pay_period", &row.pay_period)?,
            kind: at.some("kind", EntryKind::parse(&row.kind))?,
            amount: Money::from_kopecks(row.amount),
            policy_version: row.policy_version,
            corrects: at.json("corrects", &row.corrects)?,
            evidence: at.json("evidence", &row.evidence)?,
        };
        let posted_at = at.instant("posted_ms", row.posted_ms)?;
        let (run, prev_hash, hash) = (row.run_id, row.prev_hash, row.hash);
        Ok(Self { seq: row.seq, posted_at, run, entry, prev_hash, hash, id: row.id })
    }
}

#[derive(sqlx::FromRow)]
struct PostedRow {
    id: String,
    belongs_to: String,
    employee: String,
    subject: String,
    rule: String,
    kind: String,
    amount: i64,
    policy_version: String,
}

impl Tx {
    /// What is posted for each key, sorted by key. Keys whose entries add up to nothing are there too.
    pub async fn posted(&mut self) -> Result<Vec<Posted>> {
        let rows: Vec<PostedRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, belongs_to, employee, subject, rule, kind, amount, policy_version FROM ledger_entry ORDER BY seq")
            .fetch_all(conn).await)?;
        let mut sums: BTreeMap<EntryKey, Posted> = BTreeMap::new();
        for row in rows {
            let at = At { table: "ledger_entry", id: &row.id };
            let belongs_to = at.period("belongs_to", &row.belongs_to)?;
            let kind = at.some("kind", EntryKind::parse(&row.kind))?;
            let (employee, subject, rule) = (EmployeeId(row.employee), row.subject, row.rule);
            let key = EntryKey { belongs_to, employee, subject, rule };
            let sum = sums.entry(key.clone()).or_insert_with(|| Posted {
                key,
                amount: Money::ZERO,
                entries: Vec::new(),
                kind,
                policy_version: String::new(),
            });
            sum.amount = at.some("amount", sum.amount.checked_add(Money::from_kopecks(row.amount)))?;
            sum.policy_version = row.policy_version;
            sum.entries.push(row.id);
        }
        Ok(sums.into_values().collect())
    }

    /// Entries in the order of the chain.
    pub async fn ledger_entries(&mut self, filter: &LedgerFilter) -> Result<Vec<LedgerEntry>> {
        let rows: Vec<EntryRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM ledger_entry
             WHERE seq > $1 AND ($2 IS NULL OR pay_period = $2) AND ($3 IS NULL OR employee = $3)
               AND ($4 IS NULL OR subject = $4) AND ($5 IS NULL OR rule = $5) ORDER BY seq")
            .bind(filter.after_seq).bind(filter.pay_period.map(|p| p.to_string()))
            .bind(filter.employee.as_ref().map(|e| e.0.as_str())).bind(filter.subject.as_deref())
            .bind(filter.rule.as_deref()).fetch_all(conn).await)?;
        rows.into_iter().map(LedgerEntry::try_from).collect()
    }

    /// The entry with the position or the id.
    pub async fn entry(&mut self, seq_or_id: &str) -> Result<Option<LedgerEntry>> {
        let seq = seq_or_id.parse().unwrap_or(0_i64);
        let row: Option<EntryRow> = on_engine!(self, conn => sqlx::query_as(
            "SELECT * FROM ledger_entry WHERE seq = $1 OR id = $2").bind(seq).bind(seq_or_id)
            .fetch_optional(conn).await)?;
        row.map(LedgerEntry::try_from).transpose()
    }
}
