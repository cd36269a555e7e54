//! Loads what only some rules look at, and only when the regulation has such rules. Deliberately absent: any judgement.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        facts::end_of_day,
        ledger::EntryKey,
        normalise,
        period::Period,
        policy::{Policy, RuleKind},
        rule_facts::{EarlierSale, RuleFacts},
        sale::{PartyCard, Sale, SaleKey},
    },
    error::Result,
    store::Tx,
};

/// What is loaded for.
pub(super) struct Asked<'a> {
    pub(super) policy: &'a Policy,
    pub(super) tz: chrono_tz::Tz,
    pub(super) as_of: DateTime<Utc>,
    pub(super) scope_from: Period,
    pub(super) closes: BTreeMap<Period, DateTime<Utc>>,
}

/// Everything from the store; older sales are added by [`earlier`].
pub(super) async fn load(tx: &mut Tx, asked: Asked<'_>) -> Result<RuleFacts> {
    let has = |wanted: fn(&RuleKind) -> bool| {
        asked.policy.versions.iter().flat_map(|version| &version.rules).any(|rule| wanted(&rule.kind))
    };
    let mut facts = RuleFacts {
        plans: tx.plans().await?,
        deal_decisions: tx.deal_decisions().await?,
        votes: tx.votes().await?,
        trainings: tx.trainings().await?,
        closes: asked.closes,
        ..RuleFacts::default()
    };
    if has(|kind| matches!(kind, RuleKind::CallRecording { .. })) {
        let before = asked.scope_from.from().pred_opt().unwrap_or_else(|| asked.scope_from.from());
        facts.calls = tx.calls_since(end_of_day(asked.tz, before)).await?;
        let days = facts.calls.iter().map(|leg| leg.started_at.with_timezone(&asked.tz).date_naive());
        facts.call_days = days.collect();
    }
    if has(|kind| matches!(kind, RuleKind::Freshness { .. })) {
        facts.card_history = tx.card_history(asked.as_of).await?;
        facts.snapshots_at = tx.snapshot_instants(asked.as_of).await?;
    }
    Ok(facts)
}

/// Keys before the scope under which a bonus still waits for a head.
pub(super) async fn waiting(tx: &mut Tx, policy: &Policy, scope_from: Period) -> Result<BTreeSet<EntryKey>> {
    let rules = policy.versions.iter().flat_map(|version| &version.rules);
    let approvals: BTreeSet<&str> =
        rules.filter(|r| matches!(r.kind, RuleKind::DealApproval { .. })).map(|r| r.id.as_str()).collect();
    if approvals.is_empty() {
        return Ok(BTreeSet::new());
    }
    let open = tx.posted().await?.into_iter().filter(|sum| !sum.amount.is_zero() && sum.key.belongs_to < scope_from);
    Ok(open.map(|sum| sum.key).filter(|key| approvals.contains(key.rule.as_str())).collect())
}

/// Whether segments look back further than the scope.
pub(super) fn looks_back(policy: &Policy) -> bool {
    let mut segments = policy.versions.iter().flat_map(|version| &version.segments);
    segments.any(|segment| segment.turnover.is_some() || segment.new_months.is_some())
}

/// Sales that the scope leaves out, each with the counterparty of the scope that it belongs to; one that buys nothing in the
/// scope gets an index beyond the list.
pub(super) fn earlier(
    all: &[Sale],
    cards: &[PartyCard],
    (kept, party_of, parties): (&[Sale], &[usize], usize),
    base_currency: &str,
) -> Vec<EarlierSale> {
    let in_scope: HashMap<&SaleKey, usize> =
        kept.iter().zip(party_of).map(|(sale, party)| (&sale.key, *party)).collect();
    let (_, groups, _) = normalise::parties(all, cards);
    let mut known: HashMap<usize, usize> = HashMap::new();
    for (sale, group) in all.iter().zip(&groups) {
        if let Some(party) = in_scope.get(&sale.key) {
            known.entry(*group).or_insert(*party);
        }
    }
    let base =
        |sale: &Sale| sale.currency.trim().is_empty() || sale.currency.trim().eq_ignore_ascii_case(base_currency);
    all.iter()
        .zip(&groups)
        .filter(|(sale, _)| !in_scope.contains_key(&sale.key))
        .map(|(sale, group)| EarlierSale {
            party: known.get(group).copied().unwrap_or(parties + group),
            date: sale.date,
            amount: sale.amount,
            in_base: base(sale),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{finding::SourceRef, money::Money, sale::PartyRef};

    fn sale(number: &str, buyer: &str, currency: &str) -> Sale {
        Sale {
            key: SaleKey(number.to_owned()),
            organisation: String::new(),
            number: number.to_owned(),
            date: "2026-03-02".parse().unwrap_or_default(),
            party: PartyRef { code: buyer.to_owned(), name: buyer.to_owned(), ..PartyRef::default() },
            manager: String::new(),
            amount: Money::from_kopecks(100),
            net: None,
            margin: None,
            bonus: None,
            currency: currency.to_owned(),
            returns: None,
            file_hash: String::new(),
            source: SourceRef::default(),
        }
    }

    #[test]
    fn older_sales_keep_their_buyer_and_say_whether_they_are_in_the_base_currency() {
        let all = [sale("1", "A", "EUR"), sale("2", "B", "rub"), sale("3", "A", ""), sale("4", "C", "RUB")];
        // Only the third is within the scope: its buyer is the first counterparty there.
        let found = earlier(&all, &[], (&all[2..3], &[0], 1), "RUB");
        let said: Vec<(bool, bool)> = found.iter().map(|sale| (sale.party == 0, sale.in_base)).collect();
        assert_eq!(said, [(true, false), (false, true), (false, true)]);
        assert_ne!(found[1].party, found[2].party);
    }
}
