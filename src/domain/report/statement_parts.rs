//! The parts of the finance statement: people, lines, control sum, inputs. Deliberately absent: which entries belong to
//! which number (`statement`).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use sha2::{Digest, Sha256};

use crate::domain::{
    adjust::PeriodBonus,
    facts::{Facts, Outcome},
    ledger::{EntryKind, LedgerEntry},
    line_code::LineCode,
    org::EmployeeId,
    party::PartyKey,
    period::Period,
    regulation::cite::{self, cite},
    text::Text,
    verdict::PartyVerdict,
};

use super::{
    ReportContext, StatementReport,
    audit_rows::CandidateLine,
    name_of,
    statement::{Amounts, InputLine, PersonRow, StatementLine, department_of, mark_namesakes},
    subject,
};

/// One row per person who has a bonus or an entry.
pub(super) fn people(
    facts: &Facts,
    entries: &[&LedgerEntry],
    bonuses: &[PeriodBonus],
    period: Period,
) -> Vec<PersonRow> {
    let roster = &facts.roster;
    // Version and rule of every entry.
    type Grounds<'a> = BTreeSet<(&'a str, &'a str)>;
    let mut sums: BTreeMap<&EmployeeId, (Amounts, Grounds<'_>)> = BTreeMap::new();
    for bonus in bonuses {
        let (amounts, _) = sums.entry(&bonus.employee).or_default();
        amounts.base += bonus.base;
        amounts.bonus += bonus.bonus;
        amounts.payable += bonus.bonus;
    }
    for each in entries {
        let entry = &each.entry;
        let (amounts, grounds) = sums.entry(&entry.key.employee).or_default();
        // Whatever belongs to another period is a correction for the reader, even if it was posted before the close.
        let column = match entry.kind {
            _ if entry.key.belongs_to != period => &mut amounts.corrections,
            EntryKind::Correction => &mut amounts.corrections,
            EntryKind::Reduction => &mut amounts.reductions,
            EntryKind::Premium => &mut amounts.premiums,
            EntryKind::Deferral => &mut amounts.deferred,
            EntryKind::CapRelief => &mut amounts.cap_relief,
        };
        *column += entry.amount;
        amounts.total += entry.amount;
        amounts.payable += entry.amount;
        grounds.insert((&entry.policy_version, &entry.key.rule));
    }
    let mut people: Vec<_> = sums
        .into_iter()
        .map(|(id, (amounts, grounds))| PersonRow {
            id: id.clone(),
            name: name_of(roster, id),
            department: department_of(roster, id),
            namesake: false,
            amounts,
            grounds: grounds
                .into_iter()
                .map(|(version, rule)| cite::ground(&facts.policy, version, rule))
                .reduce(|all, one| joined(&all, &one))
                .unwrap_or_default(),
        })
        .collect();
    people.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    mark_namesakes(&mut people);
    people
}

/// One line per entry, by person and position in the chain.
pub(super) fn lines(facts: &Facts, entries: &[&LedgerEntry], ctx: &ReportContext) -> Vec<StatementLine> {
    let roster = &facts.roster;
    let mut lines: Vec<_> = entries
        .iter()
        .map(|each| StatementLine {
            ground: cite(&facts.policy, &each.entry.policy_version, &each.entry.key.rule),
            seq: each.seq,
            code: LineCode::of(each).to_string(),
            entry: each.id.clone(),
            posted_at: ctx.local(each.posted_at),
            employee: each.entry.key.employee.clone(),
            name: name_of(roster, &each.entry.key.employee),
            kind: each.entry.kind.code().to_owned(),
            rule: each.entry.key.rule.clone(),
            policy_version: each.entry.policy_version.clone(),
            belongs_to: each.entry.key.belongs_to,
            amount: each.entry.amount,
            document: subject(&each.entry),
            party: each.entry.evidence.party.clone(),
            why: joined(&each.entry.evidence.arithmetic, &each.entry.evidence.cause),
            source: each.entry.evidence.source.clone(),
            card: String::new(),
            link: String::new(),
            hash: each.hash.clone(),
        })
        .collect();
    lines.sort_by(|a, b| (&a.name, &a.employee, a.seq).cmp(&(&b.name, &b.employee, b.seq)));
    lines
}

impl StatementReport {
    /// Names the card in the CRM beside each line about a sale whose buyer was found there.
    pub fn show_cards(&mut self, entries: &[LedgerEntry], facts: &Facts, outcome: &Outcome, ctx: &ReportContext) {
        let subjects: BTreeMap<&str, &str> =
            entries.iter().map(|e| (e.id.as_str(), e.entry.key.subject.as_str())).collect();
        let verdicts: BTreeMap<&PartyKey, &PartyVerdict> = outcome.verdicts.iter().map(|v| (&v.party, v)).collect();
        let parties: BTreeMap<&str, &PartyKey> = facts
            .sales
            .iter()
            .zip(&facts.party_of)
            .filter_map(|(sale, party)| Some((sale.key.0.as_str(), &facts.parties.get(*party)?.key)))
            .collect();
        for line in &mut self.lines {
            let party = subjects.get(line.entry.as_str()).and_then(|subject| parties.get(subject));
            let verdict = party.and_then(|party| verdicts.get(*party)).copied();
            (line.card, line.link) = CandidateLine::found(verdict, ctx);
        }
    }
}

fn joined(first: &Text, second: &Text) -> Text {
    let join = |a: &str, b: &str| [a, b].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join("; ");
    Text::new(join(&first.ru, &second.ru), join(&first.en, &second.en))
}

/// First 16 hex digits of the SHA-256 over the lines `entry;employee;kopecks`, each ended by a line feed.
pub(super) fn control_sum(entries: &[&LedgerEntry]) -> String {
    let mut hash = Sha256::new();
    for each in entries {
        let kopecks = each.entry.amount.kopecks();
        hash.update(format!("{};{};{kopecks}\n", each.id, each.entry.key.employee.0));
    }
    let mut hex = String::with_capacity(16);
    for byte in hash.finalize().iter().take(8) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Files that the entries were read from, and the CRM snapshots of the run.
pub(super) fn inputs(facts: &Facts, entries: &[&LedgerEntry], ctx: &ReportContext) -> Vec<InputLine> {
    let sales = facts.sales.iter().map(|sale| (&*sale.file_hash, &*sale.source.file));
    let calls = facts.rule_facts.calls.iter().map(|leg| (&*leg.file_hash, &*leg.place.file));
    let plans = facts.rule_facts.plans.iter().map(|plan| (&*plan.file_hash, &*plan.source.file));
    let names: BTreeMap<&str, &str> = sales.chain(calls).chain(plans).collect();
    let mut hashes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for each in entries.iter().filter(|e| !e.entry.evidence.file_hash.is_empty()) {
        hashes.entry(&each.entry.evidence.file_hash).or_default().push(each.seq.to_string());
    }
    let mut hashes: Vec<_> = hashes.into_iter().collect();
    hashes.sort_by_key(|(_, numbers)| numbers.first().and_then(|n| n.parse::<i64>().ok()));
    let files = hashes.into_iter().map(|(hash, numbers)| {
        let file = names.get(hash).copied().unwrap_or_default();
        let numbers = numbers.join(", ");
        InputLine {
            what: Text::new(format!("{file}, записи № {numbers}"), format!("{file}, entries {numbers}")),
            hash: hash.to_owned(),
        }
    });
    let snapshots = facts.snapshots.iter().map(|s| {
        let (ru, en) = (ctx.local(s.as_of).format("%d.%m.%Y %H:%M"), ctx.local(s.as_of).format("%-d %b %Y %H:%M"));
        let what = Text::new(format!("выгрузка CRM «{}», {ru}", s.source), format!("CRM export “{}”, {en}", s.source));
        InputLine { what, hash: s.hash.clone() }
    });
    files.chain(snapshots).collect()
}
