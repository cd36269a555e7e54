//! When a card was last kept up: a real change of a field that its profile asks for, its entry, or a recorded activity with
//! the client (rules, 5.3). A touch that changes nothing, or that only empties a field, is none.
//!
//! A change seen first in a snapshot lies between that snapshot and the one before it; the CRM's own time of change counts
//! when it lies between the two, else the benefit of the doubt is the seller's: any day between them. Of what happened to a
//! card before the first snapshot that shows it the CRM's word is taken; where it says nothing, the card is left out when
//! days of the window lie before that snapshot and behind the one before it. A card that a snapshot within the window lacked
//! was entered since, and its entry is looked at.
//!
//! Of several records that are one counterparty the freshest counts: whoever kept the client up did so, whichever card he
//! wrote it on, and a fuller card that somebody adds later takes nothing back.
//!
//! A closed period is judged on the snapshots up to its close and on nothing later.
//!
//! Deliberately absent: bands and premiums (`adjust`).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    super::{
        crm::{CrmId, CrmKind, CrmRecord},
        facts::{CardScore, Facts},
        normalise::contact,
        org::name_key,
        period::Period,
        policy::{PolicyVersion, Requirement},
        rule_facts::CardVersion,
    },
    completeness::profile,
    segment::column,
};

/// What is known about a card's upkeep in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Upkeep {
    /// Kept up within the window.
    Fresh,
    /// Not.
    Stale,
    /// The data do not reach back far enough to say.
    Unknown,
}

/// Everything that touches cards of one period, ready to be asked.
pub(crate) struct Touches<'a> {
    facts: &'a Facts,
    window: Window,
    versions: HashMap<&'a CrmId, Vec<&'a CardVersion>>,
    entered: HashMap<&'a CrmId, DateTime<Utc>>,
    titles: HashMap<&'a CrmId, String>,
    companies: HashSet<(&'a str, &'a str)>,
    names: HashSet<(&'a str, String)>,
}

/// The days before the period's end, and the last instant that is looked at.
#[derive(Clone, Copy, Debug)]
struct Window {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    known: DateTime<Utc>,
}

impl Window {
    fn has(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }
}

impl<'a> Touches<'a> {
    /// Indexes what happened within so many days before the end of the period.
    pub(crate) fn of(facts: &'a Facts, period: Period, days: u32) -> Self {
        let window = Window {
            from: facts.end_of(period.last_day() - TimeDelta::days(i64::from(days))),
            until: facts.end_of(period.last_day()),
            known: facts.rule_facts.closes.get(&period).copied().unwrap_or(DateTime::<Utc>::MAX_UTC),
        };
        let mut all = Self {
            facts,
            window,
            versions: HashMap::new(),
            entered: facts.records.iter().map(|known| (&known.record.id, known.entered_at)).collect(),
            titles: HashMap::new(),
            companies: HashSet::new(),
            names: HashSet::new(),
        };
        for version in &facts.rule_facts.card_history {
            all.versions.entry(&version.id).or_default().push(version);
        }
        match facts.closing_records.get(&period) {
            Some(records) => records.iter().for_each(|record| all.add(record)),
            None => facts.records.iter().filter(|known| !known.gone).for_each(|known| all.add(&known.record)),
        }
        all
    }

    fn add(&mut self, record: &'a CrmRecord) {
        let source = record.id.source.as_str();
        if record.id.kind != CrmKind::Activity {
            self.titles.insert(&record.id, name_key(&record.title));
        } else if record.created_at.is_some_and(|at| self.window.has(at)) {
            let (company, name) = (record.company_id.trim(), name_key(&record.company_name));
            if !company.is_empty() {
                self.companies.insert((source, company));
            }
            if !name.is_empty() {
                self.names.insert((source, name));
            }
        }
    }

    /// Whether the counterparty's data were kept up in the window, on any of its cards.
    pub(crate) fn upkeep(&self, card: &CardScore, version: &PolicyVersion) -> Upkeep {
        let demands = profile(version, &card.segment).map_or(&[][..], |p| p.fields.as_slice());
        let states: Vec<Upkeep> =
            card.record.iter().chain(&card.others).map(|id| self.of_record(id, demands)).collect();
        // A client without a card has nothing that could be kept up.
        let best = [Upkeep::Fresh, Upkeep::Unknown].into_iter().find(|state| states.contains(state));
        best.unwrap_or(Upkeep::Stale)
    }

    fn of_record(&self, id: &CrmId, demands: &[Requirement]) -> Upkeep {
        let window = self.window;
        if self.entered.get(id).is_some_and(|at| window.has(*at)) || self.active(id) {
            return Upkeep::Fresh;
        }
        let mut past: Option<&CardVersion> = None;
        let mut first = None;
        for seen in self.versions.get(id).into_iter().flatten().filter(|v| v.seen_at <= window.known) {
            let Some(record) = &seen.record else {
                continue;
            };
            match past.and_then(|p| p.record.as_ref()) {
                None => {
                    first = Some(seen);
                    if record.updated_at.is_some_and(|at| window.has(at)) {
                        return Upkeep::Fresh;
                    }
                }
                Some(before) if changed(before, record, demands) && self.within(seen) => return Upkeep::Fresh,
                Some(_) => {}
            }
            past = Some(seen);
        }
        match first.and_then(|f| Some((f, f.record.as_ref()?))) {
            // Before the first snapshot that shows it only the CRM's own word is known.
            Some((seen, record)) if record.updated_at.is_none() && self.hides_days(seen) => Upkeep::Unknown,
            Some(_) => Upkeep::Stale,
            None => Upkeep::Unknown,
        }
    }

    /// Whether days of the window lie before the first snapshot that shows the record and behind the last that lacked it.
    fn hides_days(&self, first: &CardVersion) -> bool {
        let all = self.facts.rule_facts.snapshots_at.get(&first.id.source);
        let lacked = all.is_some_and(|all| all.iter().any(|at| *at >= self.window.from && *at < first.seen_at));
        first.seen_at > self.window.from && !lacked
    }

    /// Whether the change that the snapshot showed may lie in the window.
    fn within(&self, seen: &CardVersion) -> bool {
        let window = self.window;
        let all = self.facts.rule_facts.snapshots_at.get(&seen.id.source);
        let before = all.and_then(|all| all.iter().rev().find(|at| **at < seen.seen_at)).copied();
        let before = before.unwrap_or(seen.seen_at);
        let said = seen.record.as_ref().and_then(|r| r.updated_at).filter(|at| *at > before && *at <= seen.seen_at);
        said.map_or(seen.seen_at >= window.from && before < window.until, |at| window.has(at))
    }

    /// Whether anything was recorded with the client in the window.
    fn active(&self, id: &CrmId) -> bool {
        let source = id.source.as_str();
        (id.kind == CrmKind::Company && self.companies.contains(&(source, id.id.trim())))
            || self.titles.get(id).is_some_and(|title| self.names.contains(&(source, title.clone())))
    }
}

/// Whether a field that is asked for, or the name, holds something else than before and is not just emptied.
fn changed(before: &CrmRecord, after: &CrmRecord, demands: &[Requirement]) -> bool {
    let fields = demands.iter().map(|d| d.field.as_str()).chain(["title"]);
    fields.into_iter().any(|field| {
        let (old, new) = (value(before, field), value(after, field));
        new != old && !new.is_empty()
    })
}

/// A field as it is compared: letters and digits, phones by their keys.
fn value(record: &CrmRecord, field: &str) -> String {
    match field.trim() {
        "title" => name_key(&format!("{} {}", record.title, record.full_name)),
        "inn" => name_key(&record.inn),
        "kpp" => name_key(&record.kpp),
        "phone" => contact::phones(&record.phone).join(" "),
        "email" => record.email.trim().to_lowercase(),
        "city" => name_key(&record.city),
        "responsible" => name_key(&record.responsible),
        // Whoever is linked is counted as an activity or not at all.
        "contact" | "deal" | "activity" => String::new(),
        other => column(record, other).map(name_key).unwrap_or_default(),
    }
}
