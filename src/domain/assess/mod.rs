//! What is missing, late or incomplete in the CRM (rules, sections 3 and 5.2): a status for every sale and a score for
//! every card. Deliberately absent: money (`adjust`), who is who in the CRM (`matching`), the clock.

pub(crate) mod calls;
pub(crate) mod card_times;
mod completeness;
mod exempt;
mod fields;
pub(crate) mod returns;
mod segment;
mod sellers;
pub(crate) mod standard;
mod summary;
mod timeliness;
pub(crate) mod touched;
mod turnover;

use chrono::{DateTime, Utc};

use super::{
    crm::CrmRecord,
    facts::{CardScore, Facts},
    finding::Finding,
    period::Period,
    text::Text,
    verdict::{AssessedSale, PartyVerdict, Status, Verdict},
    words::{both, date, say},
};
use exempt::Handles;
pub(crate) use exempt::in_other_currency;
use returns::Links;
use timeliness::{Entered, Timing};
use turnover::Turnovers;

/// Status of every sale (aligned with `facts.sales`) and score of every card, as of the instant.
///
/// A linked return takes the seller, status, segment and deadline of the sale it takes back (`returns`); a return that
/// takes nothing back is exempt. Findings: sellers nobody knows (one per name, with the turnover), years without
/// calendar data (hold), other currencies, returns without a sale.
pub fn assess(
    facts: &Facts,
    verdicts: &[PartyVerdict],
    as_of: DateTime<Utc>,
) -> (Vec<AssessedSale>, Vec<CardScore>, Vec<Finding>) {
    let links = returns::link(facts);
    let entered = Entered::of(facts);
    let handles: Vec<Handles> = facts.parties.iter().map(Handles::of).collect();
    let decided = exempt::by_decision(facts);
    let closing = Closing::of(facts);
    let turnovers = Turnovers::of(facts, &handles, &decided);
    let mut summary = summary::Summary::default();

    let mut sales: Vec<AssessedSale> = Vec::with_capacity(facts.sales.len());
    for (at, sale) in facts.sales.iter().enumerate() {
        let party_at = facts.party_of.get(at).copied().unwrap_or(usize::MAX);
        let version = facts.policy.as_of(sale.date);
        let party = facts.parties.get(party_at);
        let verdict = verdict_of(facts, verdicts, party_at);
        let mut timing = Timing { status: Status::Uncertain, deadline: sale.date, entered_at: None, remark: None };
        let mut group = segment::ALL;
        if let (Some(party), Some(own)) = (party, handles.get(party_at)) {
            if let Some(version) = version {
                let period = Period::of(sale.date);
                let records = closing.records(facts, period, verdict, &entered);
                group = segment::of(version, (party_at, own), &records, &turnovers, period);
            }
            let reason = exempt::reason(facts, sale, version, own, decided.contains(&party.key));
            timing = match (reason, version) {
                (Some(reason), _) => Timing { status: Status::Exempt, remark: Some(reason), ..timing },
                (None, Some(version)) => match timeliness::deadline(facts, sale.date, version) {
                    Ok(deadline) => timeliness::judge(facts, deadline, verdict, &entered, as_of),
                    Err(year) => {
                        if !sale.is_return() {
                            summary.no_calendar(year, sale);
                        }
                        Timing { status: Status::NotJudgeable, remark: Some(no_calendar(year)), ..timing }
                    }
                },
                (None, None) => timing,
            };
        }
        sales.push(AssessedSale {
            sale: sale.key.clone(),
            employee: links.employees.get(at).cloned().flatten(),
            party: party.map_or_else(|| super::party::PartyKey(String::new()), |p| p.key.clone()),
            segment: group.to_owned(),
            status: timing.status,
            deadline: timing.deadline,
            entered_at: timing.entered_at,
            remark: timing.remark,
        });
    }
    follow_sales(facts, &links, &mut sales, &mut summary);
    for (at, (sale, assessed)) in facts.sales.iter().zip(&sales).enumerate() {
        if in_other_currency(facts, sale) {
            summary.other_currency(sale);
        } else if assessed.employee.is_none() && assessed.status != Status::Exempt {
            summary.nobody(sale, links.ambiguous.get(at).copied().unwrap_or_default());
        }
    }
    let mut findings = summary.findings();
    findings.extend(turnovers.findings(facts));
    let (cards, more) = completeness::cards(facts, verdicts, &sales, (&handles, &turnovers));
    findings.extend(more);
    (sales, cards, findings)
}

/// The verdict on a counterparty by its index; `None` when the list of verdicts is not aligned with the facts.
pub(crate) fn verdict_of<'a>(facts: &Facts, verdicts: &'a [PartyVerdict], at: usize) -> Option<&'a PartyVerdict> {
    let party = facts.parties.get(at)?;
    verdicts.get(at).filter(|v| v.party == party.key).or_else(|| verdicts.iter().find(|v| v.party == party.key))
}

/// Returns take the status of the sale they take back.
fn follow_sales(facts: &Facts, links: &Links, sales: &mut [AssessedSale], summary: &mut summary::Summary) {
    for (at, sale) in facts.sales.iter().enumerate() {
        if !sale.is_return() || in_other_currency(facts, sale) {
            continue;
        }
        let first = links.taken_from.get(at).and_then(|pieces| pieces.first());
        let unlinked = links.unlinked.get(at).copied().unwrap_or_default();
        let original = first.and_then(|p| Some((facts.sales.get(p.other)?, sales.get(p.other)?.clone())));
        let Some(own) = sales.get_mut(at) else { continue };
        if let Some((source, taken)) = original {
            own.segment = taken.segment;
            own.status = taken.status;
            own.deadline = taken.deadline;
            own.entered_at = taken.entered_at;
            own.remark = Some(both(|lang| {
                let words = say(lang, "возврат по документу №", "return of document No.");
                let from = say(lang, "от", "of");
                format!("{words} {} {from} {}", source.number, date(source.date, lang))
            }));
            if !unlinked.is_zero() {
                summary.return_beyond(sale, unlinked);
            }
        } else {
            // A counterparty exempt by the policy needs no word about its returns.
            if own.status != Status::Exempt {
                summary.return_without_sale(sale);
            }
            own.status = Status::Exempt;
            own.remark.get_or_insert_with(|| {
                Text::new(
                    "возврат: продажа, к которой он относится, не найдена",
                    "return: the sale it belongs to is not found",
                )
            });
        }
    }
}

fn no_calendar(year: i32) -> Text {
    Text::new(
        format!("нет производственного календаря на {year} год"),
        format!("there is no working-day calendar for {year}"),
    )
}

/// Records of closed periods by id, for segments that a CRM flag marks.
struct Closing<'a>(std::collections::BTreeMap<Period, std::collections::HashMap<&'a super::crm::CrmId, &'a CrmRecord>>);

impl<'a> Closing<'a> {
    fn of(facts: &'a Facts) -> Self {
        let by_id = |records: &'a Vec<CrmRecord>| records.iter().map(|r| (&r.id, r)).collect();
        Self(facts.closing_records.iter().map(|(period, records)| (*period, by_id(records))).collect())
    }

    /// The records that are surely the counterparty, as of the close of the period or as they stand.
    fn records(
        &self,
        facts: &Facts,
        period: Period,
        verdict: Option<&PartyVerdict>,
        entered: &Entered<'a>,
    ) -> Vec<&'a CrmRecord> {
        let flagged = facts.policy.versions.iter().flat_map(|v| &v.segments).any(|s| s.crm_flag.is_some());
        let Some(verdict) = verdict.filter(|v| flagged && v.verdict == Verdict::InCrm) else { return Vec::new() };
        let ids = verdict.candidates.iter().map(|c| &c.id);
        match self.0.get(&period) {
            Some(closed) => ids.filter_map(|id| closed.get(id).copied()).collect(),
            None => ids.filter_map(|id| entered.known(id)).filter(|k| !k.gone).map(|k| &k.record).collect(),
        }
    }
}
