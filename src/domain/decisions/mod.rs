//! Decisions of people against the facts of today. A decision names a counterparty by its key and a record by its id, and
//! both change: a buyer first known by ИНН gets a code, a CRM is imported anew. What a decision was made about is kept with
//! it ([`Seen`]) and found again where that can be proven; where it cannot, the decision is listed as orphaned. What newer
//! evidence contradicts stays in force and is listed for a second look. Nothing is lost in silence.
//! Deliberately absent: verdicts (`matching`, `common` joins them), storing, any change of a decision.

mod common;
mod doubt;
mod place;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    crm::{CrmId, KnownRecord},
    finding::{Finding, Severity},
    normalise::name::Name,
    party::{Counterparty, PartyKey},
    tax_id::{self, InnStrength},
    text::Text,
    verdict::{Decision, DecisionKind},
};
pub use common::{Companies, settle, surely_different};
use place::{Parties, Place, Records};

/// Names kept with a decision.
const NAMES: usize = 8;

/// What a counterparty was known by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartySeen {
    /// Code in accounting.
    pub code: String,
    /// Valid ИНН as written.
    pub inns: BTreeSet<String>,
    /// КПП.
    pub kpps: BTreeSet<String>,
    /// Normalised names.
    pub names: BTreeSet<String>,
}

impl PartySeen {
    /// Of a counterparty as it stands.
    pub fn of(party: &Counterparty) -> Self {
        let codes = party.spellings.iter().map(|s| s.code.trim());
        let names = std::iter::once(party.name.as_str()).chain(party.spellings.iter().map(|s| s.name.as_str()));
        Self {
            code: codes.filter(|code| !code.is_empty()).min().unwrap_or_default().to_owned(),
            inns: exact_inns(party),
            kpps: party.kpps.iter().map(|kpp| kpp.as_str().to_owned()).collect(),
            names: names.map(|n| Name::new(n).key()).filter(|n| !n.is_empty()).take(NAMES).collect(),
        }
    }

    /// What the key itself tells, for a decision that was kept without more.
    fn of_key(key: &PartyKey) -> Self {
        let mut seen = Self::default();
        match key.0.split_once('/') {
            Some((inn, kpp)) if tax_id::Inn::new(inn).is_some() => {
                seen.inns.insert(inn.to_owned());
                seen.kpps.extend((!kpp.is_empty()).then(|| kpp.to_owned()));
            }
            _ => {
                seen.code.clone_from(&key.0);
                seen.names.extend(Some(Name::new(&key.0).key()).filter(|n| !n.is_empty()));
            }
        }
        seen
    }
}

/// What was known of both sides when a decision was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seen {
    /// The counterparty.
    pub party: PartySeen,
    /// The other counterparty of «the same company».
    pub other: Option<PartySeen>,
    /// Valid ИНН of the record.
    pub record_inns: BTreeSet<String>,
}

impl Seen {
    /// What is known now of what the decision is about.
    pub fn of(decision: &Decision, parties: &[Counterparty], records: &[KnownRecord]) -> Self {
        let party = |key: &PartyKey| parties.iter().find(|p| p.key == *key).map(PartySeen::of);
        Self {
            party: party(&decision.party).unwrap_or_else(|| PartySeen::of_key(&decision.party)),
            other: match &decision.kind {
                DecisionKind::Same(other) => party(other),
                _ => None,
            },
            record_inns: decision
                .kind
                .record()
                .and_then(|id| records.iter().find(|r| r.record.id == *id))
                .map(record_inns)
                .unwrap_or_default(),
        }
    }
}

/// A decision and what it is about today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// As it was made.
    pub decision: Decision,
    /// The counterparty as it is known today: several when its cards share one ИНН and КПП; empty = none.
    pub parties: Vec<PartyKey>,
    /// The other counterparty of «the same company», likewise.
    pub others: Vec<PartyKey>,
    /// Keys that nobody has today: nothing is sold to them, and they have no card.
    pub vanished: Vec<PartyKey>,
    /// The same record under another id, when that is proven.
    pub alias: Option<CrmId>,
    /// How the decision was carried over, if it was.
    pub moved: Option<Text>,
    /// Why it cannot be applied, or is about a record that is no more.
    pub orphaned: Option<Text>,
    /// What speaks against it since it was made.
    pub doubt: Option<Text>,
}

/// All decisions that were not taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standings(pub Vec<Standing>);

/// Looks each decision up among today's counterparties and records.
pub fn resolve(
    decisions: &[Decision],
    seen: &BTreeMap<String, Seen>,
    parties: &[Counterparty],
    records: &[KnownRecord],
) -> Standings {
    if decisions.is_empty() {
        return Standings::default();
    }
    let (parties, records) = (Parties::of(parties), Records::of(records));
    let standing = |decision: &Decision| {
        let kept = seen.get(&decision.id);
        let mut standing = Standing {
            decision: decision.clone(),
            parties: Vec::new(),
            others: Vec::new(),
            vanished: Vec::new(),
            alias: None,
            moved: None,
            orphaned: None,
            doubt: None,
        };
        let was = kept.map(|k| &k.party);
        standing.parties = standing.place(&parties.find(&decision.party, was), &decision.party);
        if let DecisionKind::Same(other) = &decision.kind {
            let was = kept.and_then(|k| k.other.as_ref());
            standing.others = standing.place(&parties.find(other, was), other);
        }
        if let Some(id) = decision.kind.record() {
            let confirmed = matches!(decision.kind, DecisionKind::Confirm(_));
            let (alias, lost) = records.find(id, confirmed);
            if let Some(alias) = &alias {
                let text = Text::new(
                    format!("карточка {id} теперь под номером {alias}"),
                    format!("the record {id} now has the id {alias}"),
                );
                standing.moved = Some(joined(standing.moved.take(), text));
            }
            standing.alias = alias;
            standing.orphaned = standing.orphaned.take().or(lost);
        }
        standing.doubt = doubt::of(&standing, kept, &parties, &records);
        standing
    };
    Standings(decisions.iter().map(standing).collect())
}

impl Standing {
    /// Takes a place found: the keys, and a word on how it was found or why not.
    fn place(&mut self, place: &Place, key: &PartyKey) -> Vec<PartyKey> {
        match place {
            Place::Here => vec![key.clone()],
            Place::Moved(keys) => {
                let list = keys.iter().map(|k| k.0.as_str()).collect::<Vec<_>>().join(", ");
                let text = Text::new(
                    format!("контрагент {key} теперь под ключом {list}"),
                    format!("the counterparty {key} now has the key {list}"),
                );
                self.moved = Some(joined(self.moved.take(), text));
                keys.clone()
            }
            Place::Several(keys) => {
                let list = keys.iter().map(|k| k.0.as_str()).collect::<Vec<_>>().join(", ");
                self.orphaned.get_or_insert_with(|| {
                    Text::new(
                        format!("контрагента {key} больше нет, а подходят несколько: {list}; решите о них заново"),
                        format!("the counterparty {key} is no more, and several fit: {list}; decide about them anew"),
                    )
                });
                Vec::new()
            }
            Place::Nowhere => {
                self.vanished.push(key.clone());
                self.orphaned.get_or_insert_with(|| {
                    Text::new(
                        format!("контрагента {key} нет ни в продажах, ни в справочнике"),
                        format!("the counterparty {key} is neither in the sales nor in the list"),
                    )
                });
                Vec::new()
            }
        }
    }

    /// Whether a counterparty of today hangs on it and it cannot be relied on.
    fn matters(&self) -> bool {
        self.doubt.is_some() || (self.orphaned.is_some() && self.vanished.is_empty())
    }

    /// Keys of today, or the key of old where nobody has it: another may have been declared the same company.
    fn keys<'a>(&'a self, today: &'a [PartyKey], old: &'a PartyKey) -> impl Iterator<Item = &'a PartyKey> {
        let old = self.vanished.iter().filter(move |key| *key == old && today.is_empty());
        today.iter().chain(old)
    }
}

impl Standings {
    /// Decisions on today's keys and ids, sorted by time and id. What was said about one counterparty about a record or
    /// about being no client holds for those declared the same company, unless they have a word of their own.
    pub fn in_force(&self) -> Vec<Decision> {
        let mut all = Vec::new();
        for standing in &self.0 {
            for party in standing.keys(&standing.parties, &standing.decision.party) {
                let with = |kind: DecisionKind| Decision { party: party.clone(), kind, ..standing.decision.clone() };
                let alias = standing.alias.iter();
                match &standing.decision.kind {
                    DecisionKind::Confirm(id) => {
                        // The old id is kept: the earlier record proves when the client was entered.
                        all.extend(std::iter::once(id).chain(alias).map(|id| with(DecisionKind::Confirm(id.clone()))));
                    }
                    DecisionKind::Reject(id) => {
                        all.extend(std::iter::once(id).chain(alias).map(|id| with(DecisionKind::Reject(id.clone()))));
                    }
                    DecisionKind::Exempt => all.push(with(DecisionKind::Exempt)),
                    DecisionKind::Same(other) => {
                        let others = standing.keys(&standing.others, other).filter(|other| *other != party);
                        all.extend(others.map(|other| with(DecisionKind::Same(other.clone()))));
                    }
                }
            }
        }
        let vanished = self.0.iter().flat_map(|s| &s.vanished).collect();
        common::spread(&mut all, &vanished);
        all.sort_by(|a, b| (a.at, &a.id, &a.party, &a.kind).cmp(&(b.at, &b.id, &b.party, &b.kind)));
        all
    }

    /// Decisions that are about nothing any more, or about a record that is no more.
    pub fn orphaned(&self) -> impl Iterator<Item = &Standing> {
        self.0.iter().filter(|s| s.orphaned.is_some())
    }

    /// Decisions for a second look.
    pub fn doubtful(&self) -> impl Iterator<Item = &Standing> {
        self.0.iter().filter(|s| s.doubt.is_some())
    }

    /// One remark for the reports, when a decision about a counterparty of today is in question.
    pub fn findings(&self) -> Vec<Finding> {
        let open: Vec<&Standing> = self.0.iter().filter(|s| s.matters()).collect();
        let Some(first) = open.first().and_then(|s| s.doubt.as_ref().or(s.orphaned.as_ref())) else {
            return Vec::new();
        };
        let n = open.len();
        let text = Text::new(
            format!(
                "решений о сопоставлении, на которые надо взглянуть ещё раз: {n} ({}); список: sverka match list --verdict second-look и --verdict orphaned",
                first.ru
            ),
            format!(
                "decisions about matches that need a second look: {n} ({}); list them: sverka match list --verdict second-look and --verdict orphaned",
                first.en
            ),
        );
        vec![Finding::new(Severity::Warn, "decisions_in_question", text)]
    }
}

fn joined(before: Option<Text>, more: Text) -> Text {
    match before {
        Some(before) => Text::new(format!("{}; {}", before.ru, more.ru), format!("{}; {}", before.en, more.en)),
        None => more,
    }
}

/// Valid ИНН of a counterparty, as written.
fn exact_inns(party: &Counterparty) -> BTreeSet<String> {
    let exact = party.inns.iter().filter(|(_, strength)| *strength == InnStrength::Exact);
    exact.map(|(inn, _)| inn.to_string()).collect()
}

/// Valid ИНН of a record, as written.
fn record_inns(known: &KnownRecord) -> BTreeSet<String> {
    let read = tax_id::read_cell(&known.record.inn).0.into_iter();
    read.filter(|(_, strength)| *strength == InnStrength::Exact).map(|(inn, _)| inn.to_string()).collect()
}
