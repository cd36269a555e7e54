//! One counterparty's candidates in numbers: from the odds of any pair, piece by piece, to the score, with the rivals, the
//! thresholds and whatever kept the match from being automatic. It does the same work as the verdicts and reads it off; it
//! computes no score of its own. Deliberately absent: printing.

use serde::{Serialize, Serializer};

use super::{
    Detail, MatchSettings, assign,
    decision::{self, accepted, is_clear, score},
    evidence::{Item, Piece},
    family,
    found::{Found, Scored},
    reason,
    search::Search,
    wording::{self, Written},
};
use crate::domain::{
    crm::{CrmId, KnownRecord},
    party::{Counterparty, PartyKey},
    text::Text,
    verdict::{Decision, PartyVerdict},
};

/// Candidates explained when none is named.
const SHOWN: usize = 3;
/// Rivals and other candidates named.
const NAMED: usize = 3;
/// What takes less than this is not named, bits.
const FAINT: f64 = 0.005;
/// Less is a matter of precision.
const FINE: f64 = 1e-4;

/// A counterparty with its candidates in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// The counterparty.
    pub party: PartyKey,
    /// Its name.
    pub name: String,
    /// The verdict.
    pub verdict: PartyVerdict,
    /// Score from which a match is automatic.
    pub accept_bp: u32,
    /// Score from which a person looks.
    pub review_bp: u32,
    /// The candidates, best first.
    pub candidates: Vec<Waterfall>,
}

/// One candidate in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Waterfall {
    /// The record.
    pub record: CrmId,
    /// Its title.
    pub title: String,
    /// What makes a score needless: a decision, or an ИНН in common. Then the lines only show how the record is alike.
    pub rule: Option<Text>,
    /// Whether the search met the record; a record that was only asked for may be none of its candidates.
    pub met: bool,
    /// Every piece of evidence, in the order of adding up, rivals last.
    pub lines: Vec<Line>,
    /// Their sum.
    #[serde(serialize_with = "rounded")]
    pub bits: f64,
    /// Score of so many bits: what the review threshold is held against.
    pub score_bp: u32,
    /// Counterparties that claim the record, what is left of their claim.
    pub rivals: Vec<Claim>,
    /// What the counterparty's other candidates take, beyond `bits`: an automatic match has to be the only one.
    #[serde(serialize_with = "rounded")]
    pub others_bits: f64,
    /// Those other candidates.
    pub others: Vec<Claim>,
    /// Score after that: what the acceptance threshold is held against.
    pub accept_score_bp: u32,
    /// What keeps the match from being automatic.
    pub gates: Vec<Text>,
}

/// A piece of evidence.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Kind of evidence.
    pub code: &'static str,
    /// In words.
    pub what: Text,
    /// Worth.
    #[serde(serialize_with = "rounded")]
    pub bits: f64,
}

/// Another claim, on the same record or by the same counterparty.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// Name of the counterparty, or title of the record.
    pub name: String,
    /// Evidence for it.
    #[serde(serialize_with = "rounded")]
    pub bits: f64,
}

// serde hands the field over by reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn rounded<S: Serializer>(bits: &f64, to: S) -> Result<S::Ok, S::Error> {
    // Adding zero turns a negative zero into a plain one.
    to.serialize_f64((bits * 1000.0).round() / 1000.0 + 0.0)
}

/// Explains one counterparty; with `asked`, only that record. `None` when either is not there.
pub fn explain(
    parties: &[Counterparty],
    records: &[KnownRecord],
    decisions: &[Decision],
    settings: &MatchSettings,
    key: &PartyKey,
    asked: Option<&CrmId>,
) -> Option<Explained> {
    let sorted = super::in_order(parties);
    let sorted: Vec<&Counterparty> = sorted.into_iter().filter_map(|i| parties.get(i)).collect();
    let mut search = Search::new(&sorted, records, decisions, settings);
    let mut found = search.all();
    family::settle(&mut found, &search);
    assign::settle(&mut found, &search, None);
    let at = sorted.iter().position(|party| party.key == *key)?;
    let one = found.get(at)?;
    let view = View { at, party: sorted.get(at)?, found: &found, one, search: &search };
    let verdict = decision::verdict(at, one.clone(), &search, Detail::Full.into());
    let list: Vec<u32> = if let Some(id) = asked { vec![search.place_of(id)?] } else { view.best() };
    let candidates = list.into_iter().filter_map(|record| view.waterfall(record)).collect();
    let (accept_bp, review_bp) = (settings.accept_bp, settings.review_bp);
    Some(Explained { party: key.clone(), name: view.party.name.clone(), verdict, accept_bp, review_bp, candidates })
}

/// What one counterparty's candidates are read from.
struct View<'a> {
    at: usize,
    party: &'a Counterparty,
    found: &'a [Found],
    one: &'a Found,
    search: &'a Search<'a>,
}

impl View<'_> {
    /// The candidates to show: what was decided, then those with its ИНН, then the others, best first.
    fn best(&self) -> Vec<u32> {
        let said = self.one.confirmed().iter().filter_map(|(id, _)| self.search.place_of(id));
        let by_inn = self.one.by_inn.iter().map(|(record, _)| *record);
        let mut list: Vec<u32> = Vec::new();
        for record in said.chain(by_inn).chain(self.one.scored.iter().map(|c| c.record)) {
            if !list.contains(&record) {
                list.push(record);
            }
        }
        list.truncate(SHOWN);
        list
    }

    fn waterfall(&self, record: u32) -> Option<Waterfall> {
        let search = self.search;
        let known = search.records.get(record as usize)?;
        let mut items: Vec<Item> = Vec::new();
        let comparison = search.compared(self.at, record, &mut items)?;
        let shift = search.calibration.shift(&comparison);
        let compared = items.iter().map(|item| item.bits).sum::<f64>() + shift;
        if shift != 0.0 {
            items.push(Item { piece: Piece::Calibration, bits: shift });
        }
        let scored = self.one.scored.iter().find(|c| c.record == record);
        let by_inn = self.one.by_inn.iter().any(|(r, _)| *r == record);
        let confirmed = self.one.confirmed().iter().any(|(id, _)| *id == known.record.id);
        let written = Written::new(self.party, known, &search.words);
        let mut lines: Vec<Line> = Vec::new();
        let mut add = |item: Item| {
            let (code, what) = wording::line(&item, &written);
            lines.push(Line { code, what, bits: item.bits });
        };
        items.into_iter().for_each(&mut add);
        let (bits, others_bits) = match scored {
            Some(scored) => {
                let (own, rivals) = (f64::from(scored.own), f64::from(scored.rivals));
                // Candidates have single precision.
                let floor = if (own - compared).abs() > FINE { own - compared } else { 0.0 };
                if floor != 0.0 {
                    add(Item { piece: Piece::Floor, bits: floor });
                }
                if rivals.abs() > FAINT {
                    add(Item { piece: Piece::Rivals, bits: -rivals });
                }
                (compared + floor - rivals, f64::from(scored.others))
            }
            None => (compared, 0.0),
        };
        let rule = if confirmed {
            Some(reason::by_decision())
        } else if by_inn {
            Some(Text::new("ИНН совпал: этого достаточно", "ИНН agrees: that is enough"))
        } else {
            None
        };
        let sure = rule.is_some();
        Some(Waterfall {
            record: known.record.id.clone(),
            title: known.record.title.clone(),
            rule,
            met: sure || scored.is_some(),
            lines,
            bits,
            score_bp: if sure { decision::SURE } else { score(bits) },
            rivals: self.rivals(record),
            others_bits: -others_bits,
            others: self.others(record),
            accept_score_bp: if sure { decision::SURE } else { score(bits - others_bits) },
            gates: match scored {
                Some(scored) if !sure => self.gates(scored),
                _ => Vec::new(),
            },
        })
    }

    fn entity(&self, record: u32) -> Option<u32> {
        self.search.cluster.get(record as usize).copied()
    }

    /// Other counterparties with a claim on the record or a duplicate of it, strongest first.
    fn rivals(&self, record: u32) -> Vec<Claim> {
        let entity = self.entity(record);
        let mut list: Vec<Claim> = Vec::new();
        for (i, other) in self.found.iter().enumerate().filter(|(i, _)| *i != self.at) {
            let own = other.by_inn.iter().filter(|(r, _)| self.entity(*r) == entity).map(|(_, c)| f64::from(c.bits));
            let scored = other.scored.iter().filter(|c| self.entity(c.record) == entity).map(|c| f64::from(c.bits));
            let Some(bits) = own.chain(scored).max_by(f64::total_cmp).filter(|bits| *bits > f64::from(assign::FAINT))
            else {
                continue;
            };
            let name = self.search.parties.get(i).map(|p| p.name.clone()).unwrap_or_default();
            list.push(Claim { name, bits });
        }
        strongest(list)
    }

    /// The counterparty's other candidates, strongest first.
    fn others(&self, record: u32) -> Vec<Claim> {
        let entity = self.entity(record);
        let others = self.one.scored.iter().filter(|c| self.entity(c.record) != entity && c.bits > assign::FAINT);
        let title = |c: &Scored| self.search.records.get(c.record as usize).map(|k| k.record.title.clone());
        strongest(others.map(|c| Claim { name: title(c).unwrap_or_default(), bits: f64::from(c.bits) }).collect())
    }

    /// What keeps the candidate from being automatic.
    fn gates(&self, scored: &Scored) -> Vec<Text> {
        let settings = self.search.settings;
        let mut gates: Vec<Text> = scored.doubts.iter().map(|doubt| reason::gate(doubt, self.search)).collect();
        let score = score(f64::from(scored.bits) - f64::from(scored.others));
        if score < settings.accept_bp {
            gates.push(Text::new(
                "оценка ниже порога автоматического совпадения",
                "the score is below the threshold of an automatic match",
            ));
        }
        let first = self.one.scored.first().is_some_and(|best| best.record == scored.record);
        if first && accepted(scored, settings) && !is_clear(&self.one.scored, self.search) {
            gates.push(Text::new("другая карточка подходит так же", "another record fits just as well"));
        }
        gates
    }
}

fn strongest(mut list: Vec<Claim>) -> Vec<Claim> {
    list.sort_by(|a, b| b.bits.total_cmp(&a.bits).then_with(|| a.name.cmp(&b.name)));
    list.truncate(NAMED);
    list
}
