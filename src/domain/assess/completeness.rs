//! Scores of cards: filled weight over total weight, rounded down, per (period, seller, counterparty sold to).
//!
//! - The facts of a period rule lie at the period's end, so its profile and segments come from the policy version in
//!   force on the period's last day.
//! - A period in `closing_records` (closed or being closed) is judged on those records and on nothing later; an open
//!   one on the records as they stand, to show and not to pay.
//! - Of several records that are one counterparty the fullest counts.
//! - Sold to = at least one sale above zero that is not exempt; a return alone brings no card in.
//! - A counterparty that is proven absent scores 0 with everything missing. One that is uncertain or cannot be judged
//!   is left out of the mean, because what is uncertain moves no money; a finding counts those left out.
//!
//! - A card that was deleted after the close of a period still counts for it, though its counterparty is for a person to
//!   look at now.
//!
//! Deliberately absent: means, bands and premiums (`adjust::premium`).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        crm::{CrmId, CrmRecord},
        facts::{CardScore, Facts},
        finding::{Finding, Severity},
        money::Rate,
        org::EmployeeId,
        party::Counterparty,
        period::Period,
        policy::{PolicyVersion, Profile},
        tax_id::read_cell,
        text::Text,
        verdict::{AssessedSale, PartyVerdict, Status, Verdict},
    },
    exempt::Handles,
    fields::{Linked, filled},
    segment,
    turnover::Turnovers,
};

/// Cards of every counterparty sold to, sorted by period, seller, counterparty.
pub(super) fn cards(
    facts: &Facts,
    verdicts: &[PartyVerdict],
    sales: &[AssessedSale],
    (handles, turnovers): (&[Handles], &Turnovers<'_>),
) -> (Vec<CardScore>, Vec<Finding>) {
    let mut sold: BTreeMap<Period, BTreeSet<(&EmployeeId, usize)>> = BTreeMap::new();
    for ((sale, assessed), &party) in facts.sales.iter().zip(sales).zip(&facts.party_of) {
        if let (Some(employee), true) = (&assessed.employee, assessed.status != Status::Exempt)
            && sale.amount > super::super::money::Money::ZERO
        {
            sold.entry(Period::of(sale.date)).or_default().insert((employee, party));
        }
    }
    let (mut cards, mut findings) = (Vec::new(), Vec::new());
    let mut now = None;
    for (period, pairs) in sold {
        let Some(version) = facts.policy.as_of(period.last_day()) else { continue };
        if !version.rules.iter().any(|rule| rule.kind.needs_cards()) {
            continue;
        }
        let closing = facts.closing_records.get(&period).map(|records| Linked::of(records.iter()));
        let linked = match &closing {
            Some(linked) => linked,
            None => now.get_or_insert_with(|| {
                Linked::of(facts.records.iter().filter(|known| !known.gone).map(|known| &known.record))
            }),
        };
        let mut left_out = BTreeSet::new();
        let mut of_period: Vec<CardScore> = Vec::with_capacity(pairs.len());
        for (employee, at) in pairs {
            let (Some(party), Some(own)) = (facts.parties.get(at), handles.get(at)) else { continue };
            let verdict = super::verdict_of(facts, verdicts, at);
            let records: Vec<&CrmRecord> = match verdict.map(|v| v.verdict) {
                Some(Verdict::InCrm) => {
                    verdict.iter().flat_map(|v| &v.candidates).filter_map(|c| linked.get(&c.id)).collect()
                }
                Some(Verdict::NotInCrm) => Vec::new(),
                Some(Verdict::Uncertain | Verdict::NotJudgeable) | None => {
                    let then =
                        if closing.is_some() { deleted_since(facts, verdict, party, linked) } else { Vec::new() };
                    if then.is_empty() {
                        left_out.insert(at);
                        continue;
                    }
                    then
                }
            };
            let segment = segment::of(version, (at, own), &records, turnovers, period);
            let Some(profile) = profile(version, segment) else { continue };
            let best = records
                .iter()
                .map(|record| (score(profile, Some(record), linked), Some(record.id.clone())))
                .reduce(|best, next| if next.0.0 > best.0.0 { next } else { best })
                .unwrap_or_else(|| (score(profile, None, linked), None));
            let ((score, missing), record) = best;
            let others = records.iter().map(|r| &r.id).filter(|id| record.as_ref() != Some(*id)).cloned().collect();
            of_period.push(CardScore {
                period,
                employee: employee.clone(),
                party: party.key.clone(),
                segment: segment.to_owned(),
                record,
                others,
                score,
                missing,
            });
        }
        of_period.sort_by(|a, b| (&a.employee, &a.party).cmp(&(&b.employee, &b.party)));
        cards.append(&mut of_period);
        if !left_out.is_empty() {
            let count = left_out.len();
            findings.push(Finding::new(
                Severity::Note,
                "cards_left_out",
                Text::new(
                    format!(
                        "{period}: в среднюю полноту карточек не вошло покупателей: {count} (сомнительные или без \
                         возможности проверки). Разберите их в списке на проверку."
                    ),
                    format!(
                        "{period}: buyers left out of the mean card score: {count} (uncertain or not judgeable). \
                         Settle them in the review list."
                    ),
                ),
            ));
        }
    }
    (cards, findings)
}

/// Cards with the counterparty's ИНН that stood in the CRM at the close and are only uncertain now because they were deleted
/// since: what happens to a card after the close changes nothing of a closed period.
fn deleted_since<'a>(
    facts: &Facts,
    verdict: Option<&PartyVerdict>,
    party: &Counterparty,
    linked: &Linked<'a>,
) -> Vec<&'a CrmRecord> {
    let is_gone = |id: &CrmId| facts.records.iter().any(|known| known.gone && known.record.id == *id);
    let same = |record: &&CrmRecord| {
        read_cell(&record.inn).0.iter().any(|(inn, _)| party.inns.iter().any(|(own, _)| own == inn))
    };
    let candidates = verdict.into_iter().flat_map(|v| &v.candidates).filter(|c| is_gone(&c.id));
    candidates.filter_map(|c| linked.get(&c.id)).filter(same).collect()
}

/// The segment's profile, else the one for everybody.
pub(super) fn profile<'a>(version: &'a PolicyVersion, segment: &str) -> Option<&'a Profile> {
    let named = |name: &str| version.profiles.iter().find(|p| p.segment == name);
    named(segment).or_else(|| named(segment::ALL))
}

/// Filled weight over total weight, and what is missing.
pub(super) fn score(profile: &Profile, record: Option<&CrmRecord>, linked: &Linked<'_>) -> (Rate, Vec<String>) {
    let (mut full, mut total, mut missing) = (0_i64, 0_i64, Vec::new());
    for demand in &profile.fields {
        total += i64::from(demand.weight);
        if record.is_some_and(|r| filled(r, &demand.field, linked)) {
            full += i64::from(demand.weight);
        } else {
            missing.push(demand.field.clone());
        }
    }
    // A profile that asks for nothing is met by every card that exists.
    let nothing = if record.is_some() { Rate::WHOLE } else { Rate::ZERO };
    (Rate::of(full, total).unwrap_or(nothing), missing)
}
