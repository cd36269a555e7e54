//! Reading the ledger without trusting it: every row is read for itself and compared, column by column, with what this
//! program would have written for it, so that a row nobody can read, a text that only looks the same, and an end of the
//! chain that is not the last entry are all named. Deliberately absent: the seals (`domain::ledger_chain`), repair.

use sqlx::{FromRow, Row};

use super::{
    engine::{Tx, on_engine},
    error::Result,
    ledger_read::EntryRow,
};
use crate::domain::{
    finding::{Finding, Severity},
    ledger::LedgerEntry,
    ledger_chain::Told,
    text::Text,
};

/// The ledger as its rows say it.
#[derive(Clone, Debug, Default)]
pub struct LedgerScan {
    /// Every entry that can be read, in the order of the chain.
    pub entries: Vec<LedgerEntry>,
    /// Rows that cannot be read, or are not written as this program writes them.
    pub findings: Vec<Finding>,
    /// Ends of the chain that other rows of the database name: its own head, and those of the statements.
    pub told: Vec<Told>,
}

impl Tx {
    /// The whole ledger, row by row.
    pub async fn scan_ledger(&mut self) -> Result<LedgerScan> {
        // The statement names its columns: a column that was added is not looked at, one that is gone fails loudly.
        let rows: Vec<(Option<i64>, std::result::Result<EntryRow, sqlx::Error>)> = on_engine!(self, conn => sqlx::query(
        "SELECT seq, id, posted_ms, run_id, pay_period, belongs_to, employee, subject, rule, kind, amount,
                policy_version, corrects, evidence, prev_hash, hash FROM ledger_entry ORDER BY seq")
        .fetch_all(conn).await.map(|rows| {
            rows.iter().map(|row| (row.try_get("seq").ok(), EntryRow::from_row(row))).collect()
        }))?;
        let mut scan = LedgerScan::default();
        for (seq, row) in rows {
            let written = row.as_ref().ok().map(EntryRow::texts);
            match row.ok().and_then(|row| LedgerEntry::try_from(row).ok()) {
                Some(entry) => {
                    if written.is_some_and(|written| Some(written) != own_texts(&entry)) {
                        scan.findings.push(otherwise(&entry));
                    }
                    scan.entries.push(entry);
                }
                None => scan.findings.push(unreadable(seq)),
            }
        }
        scan.told = self.told_heads().await?;
        Ok(scan)
    }

    async fn told_heads(&mut self) -> Result<Vec<Told>> {
        let own: Vec<(i64, String)> = on_engine!(self, conn => sqlx::query_as("SELECT seq, hash FROM ledger_head")
            .fetch_all(conn).await)?;
        let statements: Vec<(String, i64, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT number, ledger_seq, ledger_hash FROM statement ORDER BY number").fetch_all(conn).await)?;
        let head = |(seq, hash)| Told { by: None, seq, hash };
        let statement = |(number, seq, hash)| Told { by: Some(number), seq, hash };
        Ok(own.into_iter().map(head).chain(statements.into_iter().map(statement)).collect())
    }
}

/// The columns that are texts of something else, as this program writes them.
fn own_texts(entry: &LedgerEntry) -> Option<[String; 4]> {
    Some([
        entry.entry.pay_period.to_string(),
        entry.entry.key.belongs_to.to_string(),
        serde_json::to_string(&entry.entry.corrects).ok()?,
        serde_json::to_string(&entry.entry.evidence).ok()?,
    ])
}

fn unreadable(seq: Option<i64>) -> Finding {
    let (ru, en) = seq.map_or_else(
        || ("с нечитаемым номером".to_owned(), "with an unreadable number".to_owned()),
        |seq| (seq.to_string(), seq.to_string()),
    );
    Finding::new(
        Severity::Hold,
        "ledger_unreadable",
        Text::new(
            format!(
                "Запись журнала {ru} не читается: в её строке стоит то, чего программа не пишет. Ничего не проводите, восстановите базу из копии."
            ),
            format!(
                "Ledger entry {en} cannot be read: its row holds what this program never writes. Post nothing, restore the database from a backup."
            ),
        ),
    )
}

fn otherwise(entry: &LedgerEntry) -> Finding {
    let seq = entry.seq;
    Finding::new(
        Severity::Hold,
        "ledger_rewritten",
        Text::new(
            format!(
                "Запись журнала {seq} записана не так, как её пишет программа: строку меняли мимо программы. Восстановите базу из копии."
            ),
            format!(
                "Ledger entry {seq} is not written as this program writes it: the row was changed past the program. Restore the database from a backup."
            ),
        ),
    )
}
