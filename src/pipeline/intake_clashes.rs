//! Sales that an export would count a second time: the same days in another grain, turnovers of overlapping days, the same
//! document with and without its organisation. Each waits for a person, whose release lets the export replace what it
//! repeats. Deliberately absent: the same document under the same identity (`domain::merge`).

use std::collections::{BTreeMap, HashSet};

use super::intake_changes::{Changes, Export};
use crate::{
    domain::{
        export_scope, export_words,
        inbox::{DateSpan, Grain, TableKind},
        sale::SaleKey,
    },
    error::Result,
    store::{LiveSale, Tx},
};

impl Export<'_> {
    /// Adds a hold for everything that would be counted twice, and on a release ends it.
    pub(super) async fn clashes(&self, tx: &mut Tx, changes: &mut Changes) -> Result<()> {
        let Some(days) = self.record.span.filter(|_| !changes.merged.new.is_empty()) else { return Ok(()) };
        let mut clashes = self.turnovers(tx, changes, days).await?;
        let mut live = tx.live_sales_within(days.from, days.to).await?;
        live.retain(|s| self.grain_of(&s.file_hash) == Grain::Documents && !self.keys.contains(&s.key));
        if self.table.grain == Grain::Documents {
            self.twins(tx, changes, &live).await?;
        } else {
            live.retain(|s| self.shares_organisation(&s.key));
            if let (Some(from), Some(to)) = (live.iter().map(|s| s.date).min(), live.iter().map(|s| s.date).max()) {
                clashes.push((Grain::Documents, DateSpan { from, to }, live));
            }
        }
        for (other, span, live) in clashes.into_iter().filter(|(_, _, live)| !live.is_empty()) {
            changes.findings.push(export_words::told_twice(self.table.grain, other, span, live.len()));
            if self.seen.is_some() {
                changes.ended.extend(live.into_iter().map(|s| s.key).filter(|key| !self.keys.contains(key)));
            }
        }
        Ok(())
    }

    /// Known turnovers of days that the export tells of, but for those that it replaces because it covers them.
    async fn turnovers(
        &self,
        tx: &mut Tx,
        changes: &Changes,
        days: DateSpan,
    ) -> Result<Vec<(Grain, DateSpan, Vec<LiveSale>)>> {
        let own = self.table.grain;
        let mut clashes = Vec::new();
        for file in self.files.iter().filter(|f| f.kind == TableKind::Sales && f.grain == Grain::Turnovers) {
            let Some(span) = file.span.filter(|s| s.meets(days) && file.hash != self.record.hash) else { continue };
            if own == Grain::Documents && !changes.merged.new.iter().any(|s| span.contains(s.date)) {
                continue;
            }
            let mut live = tx.live_sales_within(span.from, span.to).await?;
            live.retain(|s| s.file_hash == file.hash && self.shares_organisation(&s.key));
            let newer = live.iter().all(|s| s.told_at < self.record.as_of);
            let replaced = own == Grain::Turnovers && days.covers(span) && newer && self.scope.is_some();
            if !replaced {
                clashes.push((Grain::Turnovers, span, live));
            }
        }
        Ok(clashes)
    }

    /// Documents of the same number and day of which one names its organisation and the other does not.
    async fn twins(&self, tx: &mut Tx, changes: &mut Changes, live: &[LiveSale]) -> Result<()> {
        let rest = |key: &SaleKey| key.0.split_once('|').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        let mut known: BTreeMap<_, Vec<&SaleKey>> = BTreeMap::new();
        for sale in live {
            known.entry((rest(&sale.key), sale.date)).or_default().push(&sale.key);
        }
        let mut twins = HashSet::new();
        for sale in &changes.merged.new {
            let same = known.get(&(rest(&sale.key), sale.date)).into_iter().flatten();
            twins.extend(
                same.filter(|key| key.organisation().is_empty() != sale.key.organisation().is_empty())
                    .map(|key| (*key).clone()),
            );
        }
        let mut keys: Vec<SaleKey> = twins.into_iter().collect();
        keys.sort();
        let twins = tx.sales_by_keys(&keys).await?;
        changes.findings.extend(export_words::unnamed_organisation(&twins));
        if self.seen.is_some() {
            changes.ended.extend(keys);
        }
        Ok(())
    }

    /// Whether a known sale may be of one of the export's organisations.
    fn shares_organisation(&self, key: &SaleKey) -> bool {
        self.organisations.iter().any(|own| export_scope::may_be_one(own, key.organisation()))
    }
}
