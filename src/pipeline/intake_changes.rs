//! An export against what is known: documents that are new, corrected, gone, or told twice in another grain, and the rows
//! of the store that follow. Deliberately absent: reading files and setting them aside (`intake`), the arithmetic of
//! differences (`domain`).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::App;
use crate::{
    domain::{
        export_scope::{self, Exports, Scope},
        export_words::{self, VANISHED_TOO_MANY},
        finding::{Finding, Severity},
        inbox::{AccountingTable, DateSpan, FileRecord, FileState, Grain, TableKind},
        merge::{self, Merge, Origin},
        period::Period,
        sale::{Sale, SaleKey},
    },
    error::Result,
    store::Tx,
};

/// Files of a source that are looked back on.
const MOST_FILES: usize = 10_000;

/// What an export does to the known sales, and what there is to say about it.
#[derive(Debug, Default)]
pub struct Changes {
    pub(super) merged: Merge,
    /// Known sales that end without a successor of their identity.
    pub(super) ended: BTreeSet<SaleKey>,
    /// Known sales within what the export lists in full.
    known: usize,
    /// Holds, warnings and notes.
    pub findings: Vec<Finding>,
    /// Organisations whose documents the export lists in full.
    pub full_of: Option<Vec<String>>,
}

impl Changes {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.merged.new.is_empty() && self.merged.corrected.is_empty() && self.ended.is_empty()
    }

    /// Writes it: what ended is superseded (and stays in the history), what is new or corrected is told as of the export.
    pub async fn apply(&self, tx: &mut Tx, as_of: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let replaced = self.merged.corrected.iter().map(|(before, _)| before.key.clone());
        let gone: Vec<SaleKey> = replaced.chain(self.ended.iter().cloned()).collect();
        tx.supersede_sales(&gone, now).await?;
        tx.insert_sales_told(&self.merged.new, as_of, now).await?;
        let corrected: Vec<Sale> = self.merged.corrected.iter().map(|(_, after)| after.clone()).collect();
        tx.insert_sales_told(&corrected, as_of, now).await?;
        tx.tell_sales(&self.merged.same, as_of).await?;
        Ok(())
    }
}

/// What is compared.
pub(super) struct Export<'a> {
    pub(super) table: &'a AccountingTable,
    pub(super) record: &'a FileRecord,
    pub(super) keys: HashSet<&'a SaleKey>,
    /// Organisations of its documents, as identities write them.
    pub(super) organisations: BTreeSet<&'a str>,
    /// What it may list in full.
    pub(super) scope: Option<Scope>,
    /// Files of the source.
    pub(super) files: Vec<FileRecord>,
    grains: HashMap<String, Grain>,
    /// What a person saw before releasing the file; `None` = nobody has released it.
    pub(super) seen: Option<&'a [Finding]>,
}

/// Compares an export with what is known. `seen` holds what a person saw who released it: then it is taken as it is.
pub async fn find(
    app: &App,
    tx: &mut Tx,
    table: &AccountingTable,
    record: &FileRecord,
    seen: Option<&[Finding]>,
) -> Result<Changes> {
    if table.sales.is_empty() {
        return Ok(Changes::default());
    }
    let files = tx.files(Some(&record.source), MOST_FILES).await?;
    let narrowed = record.findings.iter().any(|f| f.code == "filter_present");
    // Turnovers of a period replace what was told of it before, or they would be counted twice.
    let may_be_full = app.config.accounting.exports != Exports::Partial || table.grain == Grain::Turnovers;
    let export = Export {
        table,
        record,
        keys: table.sales.iter().map(|s| &s.key).collect(),
        organisations: table.sales.iter().map(|s| s.key.organisation()).collect(),
        scope: Scope::of(table, narrowed).filter(|_| may_be_full),
        grains: files.iter().map(|f| (f.hash.clone(), f.grain)).collect(),
        files,
        seen,
    };
    let merged = export.merge(tx).await?;
    let mut changes = Changes { findings: merged.conflicts.clone(), merged, ..Changes::default() };
    changes.findings.extend(export_words::outdated(&changes.merged.outdated));
    export.clashes(tx, &mut changes).await?;
    let gone = export.gone(app, tx, &mut changes).await?;
    changes.ended.extend(gone.iter().map(|s| s.key.clone()));
    let closed = tx.closed_periods().await?.into_keys().collect();
    let found = export.summary(app, &changes, &gone, &closed);
    changes.findings.extend(found);
    Ok(changes)
}

impl Export<'_> {
    /// The documents of the export against the same documents as known.
    async fn merge(&self, tx: &mut Tx) -> Result<Merge> {
        let keys: Vec<SaleKey> = self.table.sales.iter().map(|s| s.key.clone()).collect();
        let told: HashMap<SaleKey, DateTime<Utc>> =
            tx.live_sales_by_keys(&keys).await?.into_iter().map(|s| (s.key, s.told_at)).collect();
        let spans: HashMap<&str, Option<DateSpan>> = self.files.iter().map(|f| (f.hash.as_str(), f.span)).collect();
        let mut known = HashMap::new();
        for sale in tx.sales_by_keys(&keys).await? {
            // A person who releases the file has decided between the two.
            let origin = if self.seen.is_some() {
                Origin { span: self.record.span, as_of_ms: i64::MIN }
            } else {
                Origin {
                    span: spans.get(sale.file_hash.as_str()).copied().flatten(),
                    as_of_ms: told.get(&sale.key).map_or(i64::MAX, DateTime::timestamp_millis),
                }
            };
            known.insert(sale.key.clone(), (sale, origin));
        }
        let mut sales = self.table.sales.clone();
        for sale in &mut sales {
            sale.file_hash.clone_from(&self.record.hash);
        }
        let newer = export_scope::newer_in_full(&self.files, self.table.grain, self.record.as_of);
        let own = Origin { span: self.record.span, as_of_ms: self.record.as_of.timestamp_millis() };
        Ok(merge::merge(sales, own, &known, |sale| self.seen.is_none() && export_scope::outlived(sale, &newer)))
    }

    /// How fine the sales of a file are.
    pub(super) fn grain_of(&self, hash: &str) -> Grain {
        self.grains.get(hash).copied().unwrap_or_default()
    }

    /// Known documents that the export proves gone. Sets what it lists in full, or says why nobody can tell.
    async fn gone(&self, app: &App, tx: &mut Tx, changes: &mut Changes) -> Result<Vec<Sale>> {
        let Some(scope) = &self.scope else { return Ok(Vec::new()) };
        let mut live = tx.live_sales_within(scope.span.from, scope.span.to).await?;
        live.retain(|s| {
            self.grain_of(&s.file_hash) == self.table.grain
                && scope.covers(s.key.organisation(), s.date)
                && !changes.ended.contains(&s.key)
        });
        changes.known = live.len();
        live.retain(|s| !self.keys.contains(&s.key) && s.told_at < self.record.as_of);
        let lacking: Vec<SaleKey> = live.into_iter().map(|s| s.key).collect();
        let lacking = tx.sales_by_keys(&lacking).await?;
        let gone: Vec<&Sale> = lacking.iter().filter(|s| !self.retold(s)).collect();
        let level = app.config.gate.hold.vanished_bp;
        if app.config.accounting.exports != Exports::Full && export_scope::too_many(gone.len(), changes.known, level) {
            // Only a person who saw this very remark has said that they are gone; of turnovers none may stay beside newer.
            let told = |seen: &[Finding]| seen.iter().any(|f| f.code == VANISHED_TOO_MANY);
            let severity = match self.seen {
                None => Some(Severity::Hold),
                Some(seen) if told(seen) || self.table.grain == Grain::Turnovers => None,
                Some(_) => Some(Severity::Warn),
            };
            if let Some(severity) = severity {
                changes.findings.push(export_words::vanished_too_many(&gone, changes.known, scope.span, severity));
                return Ok(Vec::new());
            }
        }
        changes.full_of = Some(scope.organisations.iter().cloned().collect());
        Ok(lacking)
    }

    /// Whether turnovers of other days tell of the same buyer and seller: the line has grown, it is not gone.
    fn retold(&self, before: &Sale) -> bool {
        self.table.grain == Grain::Turnovers && self.successor(before).is_some()
    }

    fn successor(&self, before: &Sale) -> Option<&Sale> {
        self.table.sales.iter().find(|s| s.party == before.party && s.manager == before.manager)
    }

    /// What changed, in words: open months and closed ones apart.
    fn summary(&self, app: &App, changes: &Changes, gone: &[Sale], closed: &BTreeSet<Period>) -> Vec<Finding> {
        let mut parts: BTreeMap<bool, export_words::Changes<'_>> = BTreeMap::new();
        let is_closed = |sale: &Sale| closed.contains(&Period::of(sale.date));
        for (before, after) in &changes.merged.corrected {
            parts.entry(is_closed(before) || is_closed(after)).or_default().changed.push((before, after));
        }
        let mut grown = HashSet::new();
        for sale in gone {
            let part = parts.entry(is_closed(sale)).or_default();
            match self.successor(sale).filter(|_| self.table.grain == Grain::Turnovers) {
                Some(after) if grown.insert(&after.key) => part.changed.push((sale, after)),
                _ => part.vanished.push(sale),
            }
        }
        // The first export of some days changes nothing.
        let again = self.files.iter().any(|f| {
            f.kind == TableKind::Sales
                && f.state == FileState::Accepted
                && f.span.zip(self.record.span).is_some_and(|(a, b)| a.meets(b))
        });
        for sale in changes.merged.new.iter().filter(|s| !grown.contains(&s.key)) {
            if again || is_closed(sale) {
                parts.entry(is_closed(sale)).or_default().added.push(sale);
            }
        }
        let level = app.config.gate.warn.vanished_bp;
        let mut found = Vec::new();
        for (closed, mut part) in parts {
            part.few = !export_scope::too_many(part.vanished.len(), changes.known, level);
            found.extend(if closed { part.of_closed() } else { part.of_open() });
        }
        found
    }
}
