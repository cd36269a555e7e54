//! Filled rows of a review workbook become decisions, row by row. A row is applied only when the facts it was made from
//! still stand, when it says one clear thing, and when neither another row nor a decision in force says otherwise. What is
//! recorded already is recorded once: the id of a decision is the fingerprint of its row and answer.
//! Deliberately absent: reading the workbook, storing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::sheet::{self, Filled, Made};
use crate::domain::{
    crm::{CrmId, KnownRecord},
    decisions::{Companies, surely_different},
    party::{Counterparty, PartyKey},
    text::Text,
    verdict::{Decision, DecisionKind},
};

/// What rows are judged against.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// Counterparties of today.
    pub parties: &'a [Counterparty],
    /// Records of today.
    pub records: &'a [KnownRecord],
    /// Decisions in force.
    pub decisions: &'a [Decision],
    /// Ids of all decisions ever made, those taken back included.
    pub recorded: &'a BTreeSet<String>,
    /// Decisions taken back, with the instant of that.
    pub undone: &'a [(Decision, DateTime<Utc>)],
    /// When.
    pub now: DateTime<Utc>,
    /// Who answers for the workbook.
    pub author: &'a str,
}

/// What comes of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Rows to apply, with their decisions.
    pub apply: Vec<(u32, Vec<Decision>)>,
    /// Rows whose answer is recorded already.
    pub unchanged: Vec<u32>,
    /// Rows that are not applied, and why.
    pub refused: Vec<(u32, Text)>,
    /// Rows without an answer.
    pub empty: usize,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Candidate(usize),
    NotInCrm,
    NoClient,
    SameAs(String),
}

/// A row understood.
struct Understood {
    row: u32,
    party: PartyKey,
    answer: Answer,
    made: Made,
    kinds: Vec<DecisionKind>,
    note: String,
}

/// Judges the rows.
pub fn plan(rows: &[Filled], against: Against<'_>) -> Plan {
    let mut plan = Plan::default();
    let known = Known::of(against);
    let mut understood = Vec::new();
    for row in rows {
        match known.understand(row) {
            Ok(Some(one)) => understood.push(one),
            Ok(None) => plan.empty += 1,
            Err(why) => plan.refused.push((row.row, why)),
        }
    }
    let against_others = rivals(&understood, &known);
    for one in understood {
        if let Some(why) = against_others.get(&one.row) {
            plan.refused.push((one.row, why.clone()));
            continue;
        }
        let decisions: Vec<Decision> = one
            .kinds
            .iter()
            .map(|kind| Decision {
                id: id_of(&one, kind),
                at: against.now,
                author: against.author.to_owned(),
                party: one.party.clone(),
                kind: kind.clone(),
                note: one.note.clone(),
            })
            .filter(|d| !against.recorded.contains(&d.id) && !known.stands(d))
            .collect();
        if decisions.is_empty() {
            plan.unchanged.push(one.row);
        } else if let Some(why) = decisions.iter().find_map(|d| since_undone(d, one.made.at_ms, against.undone)) {
            plan.refused.push((one.row, why));
        } else if let Some(why) = decisions.iter().find_map(|d| known.contradiction(d)) {
            plan.refused.push((one.row, why));
        } else {
            plan.apply.push((one.row, decisions));
        }
    }
    // The same answer on two rows is one answer.
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let rows = std::mem::take(&mut plan.apply);
    for (row, mut decisions) in rows {
        decisions.retain(|d| seen.insert(d.id.clone()));
        if decisions.is_empty() {
            plan.unchanged.push(row);
        } else {
            plan.apply.push((row, decisions));
        }
    }
    plan.refused.sort_by_key(|(row, _)| *row);
    plan
}

/// Today's facts by what rows name.
struct Known<'a> {
    parties: HashMap<&'a str, &'a Counterparty>,
    records: HashMap<&'a CrmId, &'a KnownRecord>,
    by_party: HashMap<&'a PartyKey, Vec<&'a Decision>>,
    by_record: HashMap<&'a CrmId, Vec<&'a Decision>>,
    companies: Companies,
}

impl<'a> Known<'a> {
    fn of(against: Against<'a>) -> Self {
        let (mut by_party, mut by_record): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for decision in against.decisions {
            by_party.entry(&decision.party).or_default().push(decision);
            if let DecisionKind::Confirm(id) = &decision.kind {
                by_record.entry(id).or_default().push(decision);
            }
        }
        Self {
            parties: against.parties.iter().map(|p| (p.key.0.as_str(), p)).collect(),
            records: against.records.iter().map(|r| (&r.record.id, r)).collect(),
            by_party,
            by_record,
            companies: Companies::of(against.decisions),
        }
    }

    /// The row, if it has an answer and the facts it was made from still stand.
    fn understand(&self, row: &Filled) -> Result<Option<Understood>, Text> {
        if row.answer.trim().is_empty() {
            return Ok(None);
        }
        let made = Made::read(&row.made).ok_or_else(|| {
            Text::new(
                "служебная ячейка строки повреждена; выгрузите очередь заново и перенесите решение",
                "the hidden cell of the row is damaged; export the queue again and answer there",
            )
        })?;
        if letters(&row.key) != letters(&made.party) {
            return Err(Text::new(
                "столбцы строки от разных контрагентов (лист сортировали по частям); выгрузите очередь заново",
                "the cells of the row belong to different counterparties (the sheet was sorted in parts); export it again",
            ));
        }
        let answer = answer(row, made.candidates.len())?;
        let party = self.parties.get(made.party.as_str()).ok_or_else(|| {
            Text::new(
                format!("контрагента с ключом «{}» больше нет; выгрузите очередь заново", made.party),
                format!("there is no counterparty with the key “{}” any more; export the queue again", made.party),
            )
        })?;
        if sheet::of_party(party) != made.fingerprint {
            return Err(Text::new(
                "ИНН контрагента с тех пор изменился; выгрузите очередь заново",
                "the tax number of the counterparty has changed since; export the queue again",
            ));
        }
        let kinds = match &answer {
            Answer::Candidate(n) => match made.candidates.get(n - 1) {
                Some(candidate) => vec![DecisionKind::Confirm(self.still(*n, candidate)?.clone())],
                None => Vec::new(),
            },
            Answer::NotInCrm => {
                let mut kinds = Vec::new();
                for (n, candidate) in (1..).zip(&made.candidates) {
                    // A record that is no more needs no rejection.
                    if self.records.get(&candidate.0).is_some_and(|r| !r.gone) {
                        kinds.push(DecisionKind::Reject(self.still(n, candidate)?.clone()));
                    }
                }
                kinds
            }
            Answer::NoClient => vec![DecisionKind::Exempt],
            Answer::SameAs(other) => vec![DecisionKind::Same(self.other(party, other)?)],
        };
        if kinds.is_empty() {
            return Err(Text::new(
                "ни одной из карточек строки в CRM больше нет; выгрузите очередь заново",
                "none of the records of the row is in the CRM any more; export the queue again",
            ));
        }
        let note = row.note.trim().to_owned();
        Ok(Some(Understood { row: row.row, party: party.key.clone(), answer, made, kinds, note }))
    }

    /// The candidate, if it is still the record that was offered.
    fn still<'b>(&self, n: usize, (id, print): &'b (CrmId, String)) -> Result<&'b CrmId, Text> {
        match self.records.get(id) {
            None => Err(gone(n, id)),
            Some(known) if known.gone => Err(gone(n, id)),
            Some(known) if sheet::of_record(known) != *print => Err(Text::new(
                format!(
                    "кандидат {n} ({id}) с тех пор изменился (теперь «{}», ИНН «{}»); выгрузите очередь заново",
                    known.record.title.trim(),
                    known.record.inn.trim()
                ),
                format!(
                    "candidate {n} ({id}) has changed since (now “{}”, tax number “{}”); export the queue again",
                    known.record.title.trim(),
                    known.record.inn.trim()
                ),
            )),
            Some(_) => Ok(id),
        }
    }

    fn other(&self, party: &Counterparty, key: &str) -> Result<PartyKey, Text> {
        match self.parties.get(key) {
            Some(other) if other.key == party.key => Err(Text::new(
                "контрагент назван той же организацией, что он сам",
                "a counterparty is named its own twin",
            )),
            Some(other) => Ok(other.key.clone()),
            None => Err(Text::new(
                format!("контрагента с ключом «{key}» нет: укажите ключ из столбца «Ключ»"),
                format!("there is no counterparty with the key “{key}”: give a key of the column “Key”"),
            )),
        }
    }

    /// Whether a decision in force says just that.
    fn stands(&self, decision: &Decision) -> bool {
        if let DecisionKind::Same(other) = &decision.kind {
            return self.companies.same(&decision.party, other);
        }
        self.said(&decision.party).any(|d| d.kind == decision.kind)
    }

    fn said(&self, party: &PartyKey) -> impl Iterator<Item = &'a Decision> {
        self.by_party.get(party).into_iter().flatten().copied()
    }

    /// The decision in force that says otherwise.
    fn contradiction(&self, new: &Decision) -> Option<Text> {
        let otherwise = |d: &&Decision| match (&new.kind, &d.kind) {
            (DecisionKind::Confirm(a), DecisionKind::Confirm(b)) => a != b,
            (DecisionKind::Confirm(a), DecisionKind::Reject(b)) => a == b,
            (DecisionKind::Confirm(_), DecisionKind::Exempt)
            | (DecisionKind::Reject(_), DecisionKind::Confirm(_) | DecisionKind::Exempt)
            | (DecisionKind::Exempt, DecisionKind::Confirm(_)) => true,
            _ => false,
        };
        if let Some(d) = self.said(&new.party).find(otherwise) {
            return Some(Text::new(
                format!(
                    "о контрагенте уже решено иначе (решение {}, {}); сначала отмените его: match undo",
                    d.id, d.author
                ),
                format!("decided otherwise already (decision {}, {}); undo it first: match undo", d.id, d.author),
            ));
        }
        let DecisionKind::Confirm(id) = &new.kind else { return None };
        let party = self.parties.get(new.party.0.as_str())?;
        let record = self.records.get(id).copied();
        let owner = self.by_record.get(id)?.iter().find(|d| {
            let other = self.parties.get(d.party.0.as_str());
            !self.companies.same(&d.party, &new.party)
                && other.is_some_and(|other| surely_different(other, party, record))
        })?;
        let name = self.parties.get(owner.party.0.as_str()).map_or("", |p| p.name.trim());
        Some(Text::new(
            format!(
                "карточка {id} уже подтверждена за «{name}» (решение {}); если верно и то и другое, подтвердите командой match confirm",
                owner.id
            ),
            format!(
                "the record {id} is confirmed for “{name}” already (decision {}); if both are right, use match confirm",
                owner.id
            ),
        ))
    }
}

/// The same answer was given elsewhere and taken back after the workbook was made: its author cannot have known.
fn since_undone(new: &Decision, made_ms: i64, undone: &[(Decision, DateTime<Utc>)]) -> Option<Text> {
    let (old, _) =
        undone.iter().find(|(d, at)| d.party == new.party && d.kind == new.kind && at.timestamp_millis() > made_ms)?;
    Some(Text::new(
        format!("такой ответ уже был и отменён после выгрузки таблицы (решение {}); выгрузите очередь заново", old.id),
        format!("that answer was given and undone after the workbook was made (decision {}); export it again", old.id),
    ))
}

/// What stays of a key when a spreadsheet program had it in its hands.
fn letters(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn gone(n: usize, id: &CrmId) -> Text {
    Text::new(
        format!("кандидата {n} ({id}) больше нет в CRM; выгрузите очередь заново"),
        format!("candidate {n} ({id}) is no longer in the CRM; export the queue again"),
    )
}

/// Rows that contradict each other, by row: two answers about one counterparty, or one record for two different ones.
fn rivals(rows: &[Understood], known: &Known<'_>) -> BTreeMap<u32, Text> {
    let (mut by_party, mut by_record): (BTreeMap<_, Vec<&Understood>>, BTreeMap<_, Vec<&Understood>>) =
        Default::default();
    for row in rows {
        by_party.entry(&row.party).or_default().push(row);
        if let Some(DecisionKind::Confirm(id)) = row.kinds.first() {
            by_record.entry(id).or_default().push(row);
        }
    }
    let mut refused = BTreeMap::new();
    for group in by_party.values() {
        for (a, b) in pairs(group).filter(|(a, b)| a.kinds != b.kinds) {
            let text = |row: u32| {
                Text::new(
                    format!("противоречит строке {row}: о том же контрагенте другой ответ"),
                    format!("contradicts row {row}: another answer about the same counterparty"),
                )
            };
            refused.insert(a.row, text(b.row));
            refused.insert(b.row, text(a.row));
        }
    }
    for (id, group) in &by_record {
        let record = known.records.get(*id).copied();
        let party = |row: &Understood| known.parties.get(row.party.0.as_str()).copied();
        for (a, b) in pairs(group).filter(|(a, b)| !known.companies.same(&a.party, &b.party)) {
            let apart = matches!((party(a), party(b)), (Some(p), Some(q))
                if surely_different(p, q, record) && surely_different(q, p, record));
            if apart {
                let text = |row: u32| {
                    Text::new(
                        format!("противоречит строке {row}: та же карточка выбрана для другого контрагента"),
                        format!("contradicts row {row}: the same record is chosen for another counterparty"),
                    )
                };
                refused.insert(a.row, text(b.row));
                refused.insert(b.row, text(a.row));
            }
        }
    }
    refused
}

fn pairs<'a, 'b>(group: &'b [&'a Understood]) -> impl Iterator<Item = (&'a Understood, &'a Understood)> + 'b {
    group.iter().enumerate().flat_map(|(i, a)| group.iter().skip(i + 1).map(move |b| (*a, *b)))
}

/// What the cell says, whatever the case, the letter ё and the language.
fn answer(row: &Filled, candidates: usize) -> Result<Answer, Text> {
    let raw = row.answer.trim();
    let lower = raw.to_lowercase().replace('ё', "е").replace(['«', '»', '"', '“', '”', '…', '.'], " ");
    let said = lower.split([' ', ',', ':', '\u{a0}', '(', ')']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    let begins = |starts: &[&str]| starts.iter().any(|start| said == *start || said.starts_with(&format!("{start} ")));
    if begins(&["нет в crm", "not in the crm", "not in crm"]) {
        return Ok(Answer::NotInCrm);
    }
    if begins(&["не клиент", "not a client"]) {
        return Ok(Answer::NoClient);
    }
    if begins(&["то же что", "та же что", "same as", "the same as"]) {
        // The key stands in its own column, or behind the words.
        let behind = ["что", "as"].iter().find_map(|word| {
            let at = raw.to_lowercase().find(word)?;
            raw.get(at + word.len()..).map(|rest| rest.trim_matches([' ', '…', '.', ':', '«', '»', '"', '\u{a0}']))
        });
        let own = row.other.trim();
        let key = if own.is_empty() { behind.unwrap_or_default() } else { own };
        return if key.is_empty() {
            Err(Text::new(
                "не указано, с кем это одна организация: впишите ключ в столбец «То же, что (ключ)»",
                "the same company as whom? write the key into the column “Same as (key)”",
            ))
        } else {
            Ok(Answer::SameAs(key.to_owned()))
        };
    }
    if begins(&["да", "yes"]) {
        let digits: String = said.chars().filter(char::is_ascii_digit).collect();
        return match digits.parse::<usize>() {
            Ok(n) if (1..=candidates).contains(&n) => Ok(Answer::Candidate(n)),
            Err(_) if digits.is_empty() && candidates == 1 => Ok(Answer::Candidate(1)),
            _ => Err(Text::new(
                format!("непонятно, какой кандидат: в строке их {candidates}, ответ «{raw}»"),
                format!("which candidate? the row has {candidates}, the answer is “{raw}”"),
            )),
        };
    }
    Err(Text::new(
        format!("непонятный ответ «{raw}»: выберите из списка"),
        format!("the answer “{raw}” is not understood: choose one of the list"),
    ))
}

/// The id of a decision out of a row: the same row with the same answer has the same.
fn id_of(row: &Understood, kind: &DecisionKind) -> String {
    let text = format!(
        "{}|{}|{:?}|{}",
        row.party.0,
        row.made.cell(),
        row.answer,
        serde_json::to_string(kind).unwrap_or_default()
    );
    let hash = Sha256::digest(text);
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(hash.iter()) {
        *to = *from;
    }
    // Version 8: made by a rule of our own.
    uuid::Builder::from_bytes(bytes)
        .with_version(uuid::Version::Custom)
        .with_variant(uuid::Variant::RFC4122)
        .into_uuid()
        .to_string()
}
