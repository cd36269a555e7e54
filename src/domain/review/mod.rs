//! The queue of counterparties that wait for a person: where the money is first, and among equals where one answer
//! helps most. Money at stake is what was sold, is judged, and lies in periods that are not closed. Counterparties that
//! contest one record, or were declared one company, stand together: an answer about one is half an answer about the others.
//! Deliberately absent: verdicts (`matching`), what an answer means (`answers`), layout (`deliver`).

pub mod answers;
pub mod sheet;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::{
    crm::CrmId,
    decisions::Companies,
    facts::{Facts, Outcome},
    money::Money,
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    text::{Lang, Text},
    verdict::{Candidate, Status, Verdict},
    words::{both, money},
};

/// Names written out in a sentence.
const NAMED: usize = 3;

/// Everybody who waits, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// Counterparties, the most useful answer first.
    pub rows: Vec<Row>,
    /// What they bought in open periods.
    pub open: Money,
    /// What they bought within the horizon.
    pub total: Money,
    /// Uncertain ones that nothing judged was sold to: no money hangs on the answer, so they are only counted.
    pub idle: usize,
}

/// One counterparty that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Identity.
    pub party: PartyKey,
    /// Name.
    pub name: String,
    /// Its valid ИНН.
    pub inns: Vec<String>,
    /// Sales in open periods, net of returns.
    pub open: Money,
    /// How many of them, returns left out.
    pub sales: u32,
    /// All judged sales within the horizon, net of returns.
    pub total: Money,
    /// Others with the same question: they claim the same record, or were declared the same company.
    pub with: Vec<Rival>,
    /// Open sales of this one and those together.
    pub reach: Money,
    /// Why a person has to look.
    pub reason: Text,
    /// Why it stands where it stands.
    pub why: Text,
    /// Candidates, best first.
    pub candidates: Vec<Candidate>,
}

/// Another counterparty with the same question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rival {
    /// Identity.
    pub party: PartyKey,
    /// Name.
    pub name: String,
    /// Its sales in open periods.
    pub open: Money,
    /// Whether a person declared it the same company: then the answer settles both.
    pub same: bool,
}

/// What a counterparty bought.
#[derive(Clone, Copy, Default)]
struct Sold {
    open: Money,
    total: Money,
    sales: u32,
    judged: u32,
}

/// The queue of the whole company. `closed` says which periods are closed.
pub fn queue(facts: &Facts, outcome: &Outcome, closed: &dyn Fn(Period) -> bool) -> Queue {
    queue_of(facts, outcome, closed, &|_| true)
}

/// The queue over the sales of some sellers only: what a head of a department sees.
pub fn queue_of(
    facts: &Facts,
    outcome: &Outcome,
    closed: &dyn Fn(Period) -> bool,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> Queue {
    let sold = sold(facts, outcome, closed, sees);
    let companies = Companies::of(&facts.decisions);
    let uncertain = outcome.verdicts.iter().enumerate().filter(|(_, v)| v.verdict == Verdict::Uncertain);
    let (waiting, idle): (Vec<usize>, Vec<usize>) =
        uncertain.map(|(i, _)| i).partition(|i| sold.get(i).is_some_and(|s| s.judged > 0));
    let together = together(outcome, &waiting, &companies);

    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, group) in &together {
        members.entry(*group).or_default().push(*i);
    }

    let money_of = |i: usize| sold.get(&i).copied().unwrap_or_default();
    let mut rows: Vec<(usize, Row)> = Vec::with_capacity(waiting.len());
    for i in &waiting {
        let (Some(party), Some(verdict)) = (facts.parties.get(*i), outcome.verdicts.get(*i)) else { continue };
        let group = together.get(i).copied().unwrap_or(*i);
        let mut with: Vec<Rival> = members
            .get(&group)
            .into_iter()
            .flatten()
            .filter(|other| *other != i)
            .filter_map(|other| {
                let rival = facts.parties.get(*other)?;
                Some(Rival {
                    party: rival.key.clone(),
                    name: rival.name.clone(),
                    open: money_of(*other).open,
                    same: companies.same(&party.key, &rival.key),
                })
            })
            .collect();
        with.sort_by(|a, b| b.open.cmp(&a.open).then_with(|| a.party.cmp(&b.party)));
        let own = money_of(*i);
        let mut row = Row {
            party: party.key.clone(),
            name: party.name.clone(),
            inns: party.inns.iter().map(|(inn, _)| inn.to_string()).collect(),
            open: own.open,
            sales: own.sales,
            total: own.total,
            reach: own.open + with.iter().map(|r| r.open).sum(),
            with,
            reason: verdict.reason.clone(),
            why: Text::default(),
            candidates: verdict.candidates.clone(),
        };
        row.why = why(&row);
        rows.push((group, row));
    }
    // Those who stand together have the same reach and number, and stay side by side.
    rows.sort_by(|(g, a), (h, b)| {
        let rank = |row: &Row| (row.reach, row.with.len());
        rank(b)
            .cmp(&rank(a))
            .then_with(|| g.cmp(h))
            .then_with(|| (b.open, b.total).cmp(&(a.open, a.total)))
            .then_with(|| a.party.cmp(&b.party))
    });
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    Queue { open: rows.iter().map(|r| r.open).sum(), total: rows.iter().map(|r| r.total).sum(), rows, idle: idle.len() }
}

fn sold(
    facts: &Facts,
    outcome: &Outcome,
    closed: &dyn Fn(Period) -> bool,
    sees: &dyn Fn(Option<&EmployeeId>) -> bool,
) -> HashMap<usize, Sold> {
    let mut sold: HashMap<usize, Sold> = HashMap::new();
    for ((sale, assessed), party) in facts.sales.iter().zip(&outcome.sales).zip(&facts.party_of) {
        let counts = assessed.status != Status::Exempt && sale.currency == facts.base_currency;
        if !counts || !sees(assessed.employee.as_ref()) {
            continue;
        }
        let one = sold.entry(*party).or_default();
        one.total += sale.amount;
        one.judged += 1;
        if !closed(Period::of(sale.date)) {
            one.open += sale.amount;
            one.sales += u32::from(!sale.is_return());
        }
    }
    sold
}

/// The number of the question of each counterparty that waits: one for all whose best candidate is the same record, and
/// for all members of a company.
fn together(outcome: &Outcome, waiting: &[usize], companies: &Companies) -> BTreeMap<usize, usize> {
    let mut by_record: BTreeMap<&CrmId, BTreeSet<usize>> = BTreeMap::new();
    let mut by_company: BTreeMap<&BTreeSet<PartyKey>, BTreeSet<usize>> = BTreeMap::new();
    for i in waiting {
        let Some(verdict) = outcome.verdicts.get(*i) else { continue };
        if let Some(best) = verdict.candidates.first() {
            by_record.entry(&best.id).or_default().insert(*i);
        }
        if let Some(group) = companies.group(&verdict.party) {
            by_company.entry(group).or_default().insert(*i);
        }
    }
    let mut of: BTreeMap<usize, usize> = waiting.iter().map(|i| (*i, *i)).collect();
    for set in by_record.into_values().chain(by_company.into_values()).filter(|set| set.len() > 1) {
        let roots: BTreeSet<usize> = set.iter().filter_map(|i| of.get(i)).copied().collect();
        let Some(first) = roots.first().copied() else { continue };
        for root in of.values_mut().filter(|root| roots.contains(root)) {
            *root = first;
        }
    }
    of
}

fn why(row: &Row) -> Text {
    both(|lang| {
        let ru = lang == Lang::Ru;
        let mut text = if row.sales > 0 || !row.open.is_zero() {
            let (sum, n) = (money(row.open, lang), row.sales);
            if ru {
                format!("в открытых периодах без CRM {sum} (продаж: {n})")
            } else {
                format!("{sum} without a CRM record in open periods (sales: {n})")
            }
        } else {
            let sum = money(row.total, lang);
            if ru {
                format!("в открытых периодах продаж нет, всего {sum}")
            } else {
                format!("no sales in open periods, {sum} in all")
            }
        };
        for same in [true, false] {
            let rivals: Vec<&Rival> = row.with.iter().filter(|r| r.same == same).collect();
            if rivals.is_empty() {
                continue;
            }
            let name =
                |r: &Rival| if ru { format!("«{}»", r.name.trim()) } else { format!("“{}”", r.name.trim()) };
            let each = |r: &&Rival| format!("{} {} ({})", r.party, name(r), money(r.open, lang));
            let mut names: Vec<String> = rivals.iter().take(NAMED).map(each).collect();
            if rivals.len() > NAMED {
                names.push(format!("+{}", rivals.len() - NAMED));
            }
            let (names, n) = (names.join(", "), rivals.len() + 1);
            text.push_str(&match (same, lang) {
                (true, Lang::Ru) => format!("; ответ решает сразу за {n}: та же организация, что {names}"),
                (true, Lang::En) => format!("; one answer settles {n}: the same company as {names}"),
                (false, Lang::Ru) => format!("; решайте вместе: на ту же карточку претендуют ещё {names}"),
                (false, Lang::En) => format!("; decide together: the same record is claimed by {names}"),
            });
        }
        text
    })
}

impl Queue {
    /// How many wait and what they hold.
    pub fn summary(&self) -> Text {
        both(|lang| {
            let (n, open, total) = (self.rows.len(), money(self.open, lang), money(self.total, lang));
            let mut text = match lang {
                Lang::Ru => format!("ждут решения: {n}; продаж в открытых периодах на {open}, всего на {total}"),
                Lang::En => format!("waiting for a decision: {n}; sales of {open} in open periods, {total} in all"),
            };
            if self.idle > 0 {
                text.push_str(&match lang {
                    Lang::Ru => format!("; неясны, но без проверяемых продаж: {}", self.idle),
                    Lang::En => format!("; unclear, but without sales that are judged: {}", self.idle),
                });
            }
            text
        })
    }
}
