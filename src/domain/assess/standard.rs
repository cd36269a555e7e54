//! Clients of a period against every profile of required fields: how complete the cards are by their own standard, and how
//! they would be by a stricter one. Cards are looked at as they stand as of the run, whether or not a rule pays for them.
//! Deliberately absent: premiums, and the scores that pay (`completeness` judges those as of the close).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{
    super::{
        crm::{CrmId, CrmRecord},
        facts::{Facts, Outcome},
        money::{Money, Rate},
        org::EmployeeId,
        party::PartyKey,
        period::Period,
        policy::{PolicyVersion, Profile},
        verdict::{Status, Verdict},
    },
    completeness::{profile, score},
    exempt::in_other_currency,
    fields::Linked,
    segment, verdict_of,
};

/// A card against one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Score {
    /// Filled weight over total weight, rounded down.
    pub(crate) rate: Rate,
    /// Required fields that are empty or invalid.
    pub(crate) missing: Vec<String>,
}

impl Score {
    /// Whether everything that is required is there.
    pub(crate) fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.rate >= Rate::WHOLE
    }
}

/// One client that was sold to in the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Identity.
    pub(crate) key: PartyKey,
    /// Name.
    pub(crate) name: String,
    /// Who sold to it, as far as known.
    pub(crate) sellers: BTreeSet<EmployeeId>,
    /// Sales of the period with VAT, returns not taken off.
    pub(crate) turnover: Money,
    /// Segment at the last sale of the period.
    pub(crate) segment: String,
    /// Verdict.
    pub(crate) verdict: Verdict,
    /// The fullest record by its own profile; `None` when it has none.
    pub(crate) record: Option<CrmId>,
    /// By its own profile; `None` when the client is not judged or the regulation asks for nothing.
    pub(crate) own: Option<Score>,
    /// By the profile of every segment that has one of its own, by name; empty when the client is not judged.
    pub(crate) by_segment: BTreeMap<String, Score>,
}

/// Every client sold to in the period that the regulation judges, sorted by key. Sales in other currencies, exempt ones and
/// returns bring nobody in.
pub(crate) fn clients(facts: &Facts, outcome: &Outcome, period: Period) -> Vec<Client> {
    let linked = Linked::of(facts.records.iter().filter(|known| !known.gone).map(|known| &known.record));
    type Sold<'s> = (BTreeSet<EmployeeId>, Money, (NaiveDate, &'s str));
    let mut sold: HashMap<usize, Sold<'_>> = HashMap::new();
    for ((sale, assessed), &party) in facts.sales.iter().zip(&outcome.sales).zip(&facts.party_of) {
        let counts = period.contains(sale.date) && sale.amount > Money::ZERO && assessed.status != Status::Exempt;
        if counts && !in_other_currency(facts, sale) {
            let entry = sold.entry(party).or_insert_with(|| (BTreeSet::new(), Money::ZERO, (sale.date, segment::ALL)));
            entry.0.extend(assessed.employee.clone());
            entry.1 += sale.amount;
            // Sales stand in the order of their keys, not of their dates.
            if entry.2.0 <= sale.date {
                entry.2 = (sale.date, &assessed.segment);
            }
        }
    }
    let version = facts.policy.as_of(period.last_day());
    let mut all: Vec<Client> = sold
        .into_iter()
        .filter_map(|(at, (sellers, turnover, (_, segment)))| {
            let party = facts.parties.get(at)?;
            let found = verdict_of(facts, &outcome.verdicts, at);
            let verdict = found.map_or(Verdict::NotJudgeable, |v| v.verdict);
            let records: Vec<&CrmRecord> = match verdict {
                Verdict::InCrm => found.iter().flat_map(|v| &v.candidates).filter_map(|c| linked.get(&c.id)).collect(),
                _ => Vec::new(),
            };
            let judged = matches!(verdict, Verdict::InCrm | Verdict::NotInCrm);
            let own = version.filter(|_| judged).and_then(|v| profile(v, segment)).map(|p| best(p, &records, &linked));
            let stricter = version.filter(|_| judged).into_iter().flat_map(|v| &v.profiles);
            let by_segment = stricter
                .filter(|p| p.segment != segment::ALL)
                .map(|p| (p.segment.clone(), best(p, &records, &linked).0))
                .collect();
            Some(Client {
                key: party.key.clone(),
                name: party.name.clone(),
                sellers,
                turnover,
                segment: segment.to_owned(),
                verdict,
                record: own.as_ref().and_then(|(_, id)| id.clone()).or_else(|| records.first().map(|r| r.id.clone())),
                own: own.map(|(score, _)| score),
                by_segment,
            })
        })
        .collect();
    all.sort_by(|a, b| a.key.cmp(&b.key));
    all
}

/// The fullest of the records by the profile.
fn best(profile: &Profile, records: &[&CrmRecord], linked: &Linked<'_>) -> (Score, Option<CrmId>) {
    let of = |record: Option<&CrmRecord>| {
        let (rate, missing) = score(profile, record, linked);
        (Score { rate, missing }, record.map(|r| r.id.clone()))
    };
    let scored = records.iter().map(|record| of(Some(record)));
    scored.reduce(|best, next| if next.0.rate > best.0.rate { next } else { best }).unwrap_or_else(|| of(None))
}

/// Fields that the version asks of a card of the segment.
pub(crate) fn fields(version: &PolicyVersion, segment: &str) -> Vec<String> {
    profile(version, segment).map(|p| p.fields.iter().map(|f| f.field.clone()).collect()).unwrap_or_default()
}
