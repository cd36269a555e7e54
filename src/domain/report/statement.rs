//! The hand-over of bonus adjustments to finance at the close of a period. A number is never handed over twice: number
//! 1 covers every entry paid in the period; a later number covers only entries that no earlier number contained, and
//! its bonus columns are zero, because the bonus itself was handed over with number 1. Deliberately absent: closing the
//! period, posting, and any share of a bonus computed here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::domain::{
    adjust::PeriodBonus,
    answer::Settled,
    facts::Facts,
    ledger::LedgerEntry,
    money::Money,
    org::{EmployeeId, Roster},
    period::Period,
    text::Text,
};

use super::{
    Frame, ReportContext,
    beside::{ChangedDocument, SuspendedLine},
    statement_parts,
};

/// What a statement is made of.
#[derive(Clone, Copy, Debug)]
pub struct StatementInput<'a> {
    /// Pay period.
    pub period: Period,
    /// Entries that no earlier number handed over, in the order of the chain: paid in that period or before it, or about it.
    pub entries: &'a [LedgerEntry],
    /// Bonuses of the period.
    pub bonuses: &'a [PeriodBonus],
    /// Figures of the numbers already handed over for this period, in order.
    pub previous: &'a [StatementFigures],
}

/// What is kept of a statement, for the next number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFigures {
    /// `2026-11/1`.
    pub number: String,
    /// Sum of its entries.
    pub total: Money,
    /// Ids of its entries.
    pub entries: BTreeSet<String>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementReport {
    /// Company, times, ledger head, input hash.
    pub frame: Frame,
    /// `2026-11/1`.
    pub number: String,
    /// Pay period.
    pub period: Period,
    /// One row per person, by name and personnel number.
    pub people: Vec<PersonRow>,
    /// Sum over `people`.
    pub totals: Amounts,
    /// One per entry, by person and position in the chain.
    pub lines: Vec<StatementLine>,
    /// The number before this one, if any: this one adds to it and replaces nothing.
    pub previous: Option<Previous>,
    /// First 16 hex digits of the SHA-256 over `entry;employee;kopecks` of every line, in the order of the chain.
    pub control_sum: String,
    /// Versions of the regulation that decided.
    pub policy_versions: Vec<String>,
    /// What it was computed from.
    pub inputs: Vec<InputLine>,
    /// Contested lines that are left out.
    pub suspended: Vec<SuspendedLine>,
    /// Earlier numbers against finance's answers.
    pub settled: Vec<Settled>,
    /// Documents of closed periods that accounting changed since the number before.
    pub changed: Vec<ChangedDocument>,
    /// To be kept for the next number.
    #[serde(skip)]
    pub figures: StatementFigures,
}

/// Amounts of a person or of everybody. `total` = reductions + premiums + deferred + cap relief +
/// corrections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Amounts {
    /// Sum of the bases.
    pub base: Money,
    /// Bonus of the period before adjustments.
    pub bonus: Money,
    /// Reductions, zero or negative (positive for a reversal inside the period).
    pub reductions: Money,
    /// Premiums.
    pub premiums: Money,
    /// Bonuses that wait for the head's approval (negative) or were released (positive).
    pub deferred: Money,
    /// What came back over the cap.
    pub cap_relief: Money,
    /// Differences to earlier, closed periods.
    pub corrections: Money,
    /// The adjustment.
    pub total: Money,
    /// Bonus and adjustment together.
    pub payable: Money,
}

impl Amounts {
    /// Adds the other amounts, column by column.
    pub fn add(&mut self, other: &Self) {
        self.base += other.base;
        self.bonus += other.bonus;
        self.reductions += other.reductions;
        self.premiums += other.premiums;
        self.deferred += other.deferred;
        self.cap_relief += other.cap_relief;
        self.corrections += other.corrections;
        self.total += other.total;
        self.payable += other.payable;
    }
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonRow {
    /// Personnel number: text, zeros kept.
    pub id: EmployeeId,
    /// Name.
    pub name: String,
    /// Department.
    pub department: String,
    /// Somebody else in this statement has the same name.
    pub namesake: bool,
    /// Amounts.
    #[serde(flatten)]
    pub amounts: Amounts,
    /// Clauses that decided, such as «п. 4.1 положения 2026-1».
    pub grounds: Text,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementLine {
    /// Position in the chain.
    pub seq: i64,
    /// Code that people type.
    pub code: String,
    /// Id of the entry.
    pub entry: String,
    /// When posted, business time.
    pub posted_at: NaiveDateTime,
    /// Personnel number.
    pub employee: EmployeeId,
    /// Name.
    pub name: String,
    /// Kind code.
    pub kind: String,
    /// Rule id.
    pub rule: String,
    /// Policy version.
    pub policy_version: String,
    /// The clause that says the rule, «п. 4.1 положения 2026-1».
    pub ground: Text,
    /// Period of the fact.
    pub belongs_to: Period,
    /// Amount, signed.
    pub amount: Money,
    /// Document; empty for rules over a period.
    pub document: Text,
    /// Buyer.
    pub party: String,
    /// The arithmetic, and the cause of a change.
    pub why: Text,
    /// File, sheet, row.
    pub source: Text,
    /// Title and id of the buyer's card in the CRM; empty = none, or not said (`show_cards`).
    pub card: String,
    /// Link to it; empty = none.
    pub link: String,
    /// Hash in the chain.
    pub hash: String,
}

/// The number before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Previous {
    /// Its number.
    pub number: String,
    /// Sum of all earlier numbers.
    pub total: Money,
    /// Sum of all numbers with this one.
    pub together: Money,
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputLine {
    /// File, or CRM source with its as-of.
    pub what: Text,
    /// SHA-256.
    pub hash: String,
}

impl StatementReport {
    /// The next number for the period.
    pub fn build(input: StatementInput<'_>, facts: &Facts, ctx: &ReportContext) -> Self {
        let handed: BTreeSet<&String> = input.previous.iter().flat_map(|p| &p.entries).collect();
        let mut entries: Vec<&LedgerEntry> =
            input.entries.iter().filter(|e| concerns(e, input.period) && !handed.contains(&e.id)).collect();
        entries.sort_by_key(|e| e.seq);

        let bonuses = if input.previous.is_empty() { input.bonuses } else { &[] };
        let people = statement_parts::people(facts, &entries, bonuses, input.period);
        let mut totals = Amounts::default();
        for person in &people {
            totals.add(&person.amounts);
        }
        let number = format!("{}/{}", input.period, input.previous.len() + 1);
        let earlier: Money = input.previous.iter().map(|p| p.total).sum();
        let versions: BTreeSet<&String> = entries.iter().map(|e| &e.entry.policy_version).collect();
        Self {
            frame: ctx.frame(facts),
            period: input.period,
            totals,
            people,
            lines: statement_parts::lines(facts, &entries, ctx),
            previous: input.previous.last().map(|p| Previous {
                number: p.number.clone(),
                total: earlier,
                together: earlier + totals.total,
            }),
            control_sum: statement_parts::control_sum(&entries),
            policy_versions: versions.into_iter().cloned().collect(),
            inputs: statement_parts::inputs(facts, &entries, ctx),
            suspended: Vec::new(),
            settled: Vec::new(),
            changed: Vec::new(),
            figures: StatementFigures {
                number: number.clone(),
                total: totals.total,
                entries: entries.iter().map(|e| e.id.clone()).collect(),
            },
            number,
        }
    }
}

/// Whether a number of the period may hand the entry over: it is paid by then, or corrects the period or one before it.
pub fn concerns(entry: &LedgerEntry, period: Period) -> bool {
    entry.entry.pay_period <= period || entry.entry.key.belongs_to <= period
}

/// Marks people who share a name, compared as the roster compares.
pub(super) fn mark_namesakes(people: &mut [PersonRow]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for person in people.iter() {
        *seen.entry(crate::domain::org::name_key(&person.name)).or_default() += 1;
    }
    for person in people {
        person.namesake = seen.get(&crate::domain::org::name_key(&person.name)).is_some_and(|n| *n > 1);
    }
}

/// Department of a person; empty for somebody who is not in the people file.
pub(super) fn department_of(roster: &Roster, id: &EmployeeId) -> String {
    roster.get(id).map(|p| p.department.clone()).unwrap_or_default()
}
