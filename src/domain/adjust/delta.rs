//! What is still to be posted: `wanted - posted` for every key of either side, and nothing else ever is (rules,
//! section 6). Deliberately absent: which amounts are wanted, storage, ids and hashes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        ledger::{EntryKey, EntryKind, Evidence, NewEntry, Posted, Wanted},
        money::Money,
        period::Period,
        text::Text,
    },
    words::{both, money, say},
};

/// Both sides of one key.
#[derive(Default)]
struct Sides<'a> {
    real: Money,
    line: Option<&'a Wanted>,
    posted: Money,
    entries: Vec<String>,
    first: Option<&'a Posted>,
}

/// Entries still to be posted: `wanted - posted` for every key of either side, sorted by key. A shadow line counts as
/// nothing. `delta` after posting `delta` is empty.
///
/// Periods close in order: a key whose period is closed, or lies before a closed one, becomes a correction in the first
/// period after the last closed one; nothing is ever posted to a closed period or to one whose statement is past.
pub fn delta(wanted: &[Wanted], posted: &[Posted], closed: &BTreeSet<Period>) -> Vec<NewEntry> {
    let last = closed.last().copied();
    sides(wanted, posted)
        .into_iter()
        .filter_map(|(key, side)| {
            let amount = side.real - side.posted;
            if amount.is_zero() {
                return None;
            }
            let late = last.filter(|last| key.belongs_to <= *last);
            let own = side.line.map(|w| w.kind).or(side.first.map(|p| p.kind)).unwrap_or(EntryKind::Correction);
            Some(NewEntry {
                pay_period: late.map_or(key.belongs_to, Period::next),
                kind: if late.is_some() { EntryKind::Correction } else { own },
                amount,
                policy_version: side
                    .line
                    .map(|w| w.policy_version.clone())
                    .or_else(|| side.first.map(|p| p.policy_version.clone()))
                    .unwrap_or_default(),
                evidence: evidence(key, &side, late.is_some()),
                corrects: side.entries,
                key: key.clone(),
            })
        })
        .collect()
}

fn sides<'a>(wanted: &'a [Wanted], posted: &'a [Posted]) -> BTreeMap<&'a EntryKey, Sides<'a>> {
    let mut all: BTreeMap<&EntryKey, Sides<'_>> = BTreeMap::new();
    for line in wanted {
        let side = all.entry(&line.key).or_default();
        if !line.shadow {
            side.real += line.amount;
        }
        // A real line speaks for the key before a shown one.
        if side.line.is_none_or(|old| old.shadow && !line.shadow) {
            side.line = Some(line);
        }
    }
    for sum in posted {
        let side = all.entry(&sum.key).or_default();
        side.posted += sum.amount;
        side.entries.extend(sum.entries.iter().cloned());
        side.first.get_or_insert(sum);
    }
    all
}

/// The line's evidence with the cause of the difference: nothing at a first posting, else the status in words and both
/// sums.
fn evidence(key: &EntryKey, side: &Sides<'_>, late: bool) -> Evidence {
    let mut evidence = side.line.map_or_else(
        || Evidence { document: Text::same(key.subject.clone()), ..Evidence::default() },
        |line| line.evidence.clone(),
    );
    let before = side.first.is_some();
    let dropped = side.line.is_none_or(|line| line.shadow);
    evidence.cause = match (before, dropped) {
        (false, _) if late => Text::new(
            format!("относится к закрытому периоду {}, проводится в открытом", key.belongs_to),
            format!("belongs to the closed period {}, posted in the open one", key.belongs_to),
        ),
        (false, _) => Text::default(),
        (true, dropped) => {
            let why = if !dropped {
                evidence.cause
            } else if side.line.is_some() {
                Text::new(
                    "по регламенту строка показывается, но на премию не влияет",
                    "by the regulation the line is shown and does not touch the bonus",
                )
            } else {
                nothing_wanted()
            };
            both(|lang| {
                format!(
                    "{}; {} {}, {} {}",
                    why.get(lang),
                    say(lang, "было проведено", "posted so far"),
                    money(side.posted, lang),
                    say(lang, "следует", "due"),
                    money(side.real, lang)
                )
            })
        }
    };
    evidence
}

/// The cause when the facts no longer ask for anything; `explain` says it with the document's status.
pub(super) fn nothing_wanted() -> Text {
    Text::new(
        "основание отпало: карточка внесена или подтверждена, либо документ или правило изменились",
        "the ground is gone: the card was entered or confirmed, or the document or the rule changed",
    )
}

/// A key whose posted sum is not what the facts ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imbalance {
    /// Key.
    pub key: EntryKey,
    /// What the facts ask for.
    pub wanted: Money,
    /// What is posted.
    pub posted: Money,
}

/// Every key whose posted sum differs from the wanted one, sorted by key; empty = the ledger equals the recomputation.
/// Used by `ledger verify`.
pub fn balance_check(wanted: &[Wanted], posted: &[Posted]) -> Vec<Imbalance> {
    sides(wanted, posted)
        .into_iter()
        .filter(|(_, side)| side.real != side.posted)
        .map(|(key, side)| Imbalance { key: key.clone(), wanted: side.real, posted: side.posted })
        .collect()
}

#[cfg(test)]
mod tests;
