//! Since when cards are complete, and what they held on a day: from the contents that exports showed one after another. Where
//! no history is loaded, the entry of the card is all that is known. Deliberately absent: freshness (`touched`), pay.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    super::{
        crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
        facts::{Facts, Outcome},
        money::Rate,
        org::name_key,
        policy::Profile,
        rule_facts::CardVersion,
        verdict::Verdict,
    },
    completeness::{profile, score},
    fields::{Linked, filled},
    verdict_of,
};

/// Fields that live in records of their own, which history does not keep by day.
const LINKED: [&str; 3] = ["contact", "deal", "activity"];

/// Whether what the field held on a day can be said.
pub(crate) fn is_kept_by_day(field: &str) -> bool {
    !LINKED.contains(&field.trim())
}

/// Cards of all clients, ready to be asked.
pub(crate) struct Cards<'a> {
    facts: &'a Facts,
    outcome: &'a Outcome,
    known: HashMap<&'a CrmId, &'a KnownRecord>,
    versions: HashMap<&'a CrmId, Vec<&'a CardVersion>>,
    by_company: HashMap<(&'a str, &'a str), Vec<&'a CrmRecord>>,
    by_name: HashMap<(&'a str, String), Vec<&'a CrmRecord>>,
    linked: Linked<'a>,
    profiles: HashMap<usize, &'a Profile>,
}

impl<'a> Cards<'a> {
    /// Indexes records and their history.
    pub(crate) fn of(facts: &'a Facts, outcome: &'a Outcome) -> Self {
        let live = || facts.records.iter().filter(|known| !known.gone);
        let mut cards = Self {
            facts,
            outcome,
            known: live().map(|known| (&known.record.id, known)).collect(),
            versions: HashMap::new(),
            by_company: HashMap::new(),
            by_name: HashMap::new(),
            linked: Linked::of(live().map(|known| &known.record)),
            profiles: HashMap::new(),
        };
        for record in live().map(|known| &known.record).filter(|r| r.id.kind != CrmKind::Company) {
            let source = record.id.source.as_str();
            let (company, name) = (record.company_id.trim(), name_key(&record.company_name));
            if !company.is_empty() {
                cards.by_company.entry((source, company)).or_default().push(record);
            } else if !name.is_empty() {
                cards.by_name.entry((source, name)).or_default().push(record);
            }
        }
        for version in &facts.rule_facts.card_history {
            cards.versions.entry(&version.id).or_default().push(version);
        }
        let mut latest = HashMap::new();
        for ((sale, assessed), &party) in facts.sales.iter().zip(&outcome.sales).zip(&facts.party_of) {
            let at = latest.entry(party).or_insert(sale.date);
            if *at <= sale.date {
                *at = sale.date;
                let asked = facts.policy.as_of(sale.date).and_then(|version| profile(version, &assessed.segment));
                if let Some(asked) = asked {
                    cards.profiles.insert(party, asked);
                }
            }
        }
        cards
    }

    /// Records that surely are the client.
    fn ids(&self, party: usize) -> impl Iterator<Item = &'a CrmId> {
        let found = verdict_of(self.facts, &self.outcome.verdicts, party).filter(|v| v.verdict == Verdict::InCrm);
        found.into_iter().flat_map(|v| &v.candidates).map(|c| &c.id)
    }

    /// Whether the client stands in the CRM.
    pub(crate) fn is_known(&self, party: usize) -> bool {
        self.ids(party).any(|id| self.known.contains_key(id))
    }

    /// Since when a card of the client has everything its profile asks for; `None` when none has now.
    pub(crate) fn complete_since(&self, party: usize) -> Option<DateTime<Utc>> {
        let of_record = |id: &'a CrmId| {
            let known = self.known.get(id)?;
            let Some(asked) = self.profiles.get(&party) else { return Some(known.entered_at) };
            let complete = |record: &CrmRecord| {
                let (rate, missing) = score(asked, Some(record), &self.linked);
                missing.is_empty() && rate >= Rate::WHOLE
            };
            if !complete(&known.record) {
                return None;
            }
            let mut seen =
                self.versions.get(id).into_iter().flatten().filter_map(|v| Some((v.seen_at, v.record.as_ref()?)));
            let first = seen.clone().next().map(|(at, _)| at);
            let since = seen.find(|(_, record)| complete(record)).map(|(at, _)| at);
            // Complete from the first export on: it was entered so.
            Some(since.filter(|_| since != first).unwrap_or(known.entered_at))
        };
        self.ids(party).filter_map(of_record).min()
    }

    /// Whether a card of the client held something real in the field at the instant; `None` when it had no card then.
    pub(crate) fn had_field(&self, party: usize, field: &str, at: DateTime<Utc>) -> Option<bool> {
        let then = |id: &CrmId| {
            let seen = self.versions.get(id)?.iter().rev().find(|version| version.seen_at <= at)?;
            seen.record.as_ref().map(|record| filled(record, field, &self.linked))
        };
        self.ids(party).filter_map(then).reduce(|a, b| a || b)
    }

    /// Contacts, deals or activities of the client as they stand.
    pub(crate) fn linked(&self, party: usize, kind: CrmKind) -> impl Iterator<Item = &'a CrmRecord> {
        let mut found: Vec<&'a CrmRecord> = Vec::new();
        for id in self.ids(party) {
            let Some(card) = self.known.get(id) else { continue };
            let source = id.source.as_str();
            let company = (id.kind == CrmKind::Company).then(|| self.by_company.get(&(source, id.id.trim()))).flatten();
            let named = self.by_name.get(&(source, name_key(&card.record.title)));
            found.extend(company.into_iter().chain(named).flatten().filter(|record| record.id.kind == kind));
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found.dedup_by(|a, b| a.id == b.id);
        found.into_iter()
    }
}
