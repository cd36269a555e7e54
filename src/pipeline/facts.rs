//! Loads everything one run looks at. Deliberately absent: any judgement about it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Months, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::{
    App,
    rule_facts::{self, Asked},
};
use crate::{
    domain::{
        decisions::{self, Standings},
        dispute::{self, Case},
        export_words,
        facts::Facts,
        finding::{Finding, Severity, SourceRef},
        inbox::{FileRecord, FileState, TableKind},
        ledger::EntryKey,
        normalise,
        period::Period,
        policy::{ExemptClass, Policy, RuleKind},
        regulation::binding,
        rule_facts::RuleFacts,
        sale::Sale,
        text::Text,
    },
    error::Result,
    store::Tx,
};

/// How far back sales are looked at, months: longer than any return or correction that a company still books, so that
/// memory does not grow with the years. Older ledger keys are out of the run's scope and stay as they are. Older sales of
/// buyers who bring something back within the scope are looked at all the same: what a return reverses must not change
/// because its sale grew old.
const HORIZON_MONTHS: u32 = 13;

/// How long a report says what an export changed: from one weekly report to the next.
const TOLD_FOR: TimeDelta = TimeDelta::days(7);

/// Facts and what they rest on.
pub struct Loaded {
    /// The facts.
    pub facts: Facts,
    /// Findings of bringing them together.
    pub findings: Vec<Finding>,
    /// First period of the run's scope.
    pub scope_from: Period,
    /// Older keys that are looked at all the same: bonuses that still wait for a head must not wait for ever.
    pub waiting: BTreeSet<EntryKey>,
    /// Closed periods with the as-of of their close.
    pub closed: BTreeMap<Period, DateTime<Utc>>,
    /// Contested lines, oldest first.
    pub disputes: Vec<Case>,
    /// Files that wait for a person.
    pub quarantined: Vec<FileRecord>,
    /// Decisions of people as they were made, and what they are about today.
    pub standings: Standings,
    /// SHA-256 over everything the run rests on; the same inputs give the same hash.
    pub input_hash: String,
}

impl Loaded {
    /// How many disputes and events of disputes were read.
    pub fn dispute_counts(&self) -> (usize, usize) {
        (self.disputes.len(), self.disputes.iter().map(|case| case.events.len()).sum())
    }
}

/// Loads the facts as of an instant. `closing` adds the periods being closed.
pub async fn load(app: &App, tx: &mut Tx, as_of: DateTime<Utc>, closing: &[Period]) -> Result<Loaded> {
    let config = &app.config;
    let today = as_of.with_timezone(&config.company.tz).date_naive();
    let scope_from = Period::of(today.checked_sub_months(Months::new(HORIZON_MONTHS)).unwrap_or(today));

    let policy = with_own_organisations(&config.policy, &config.company.organisations);
    let all = tx.sales_in_force().await?;
    let sales_since = all.iter().map(|sale| sale.date).min();
    let whole = if rule_facts::looks_back(&policy) { all.clone() } else { Vec::new() };
    let mut waiting = rule_facts::waiting(tx, &policy, scope_from).await?;
    let subjects: BTreeSet<&str> = waiting.iter().map(|key| key.subject.as_str()).collect();
    let sales = in_scope(all, scope_from, |year| config.calendar.years().any(|y| y == year), &subjects);
    let known: BTreeSet<&str> = sales.iter().map(|sale| sale.key.0.as_str()).collect();
    // What cannot be looked at stays as it is.
    waiting.retain(|key| known.contains(key.subject.as_str()));
    let cards = tx.cards_in_force().await?;
    let (parties, party_of, mut findings) = normalise::parties(&sales, &cards);

    let closed = tx.closed_periods().await?;
    let mut closing_records = BTreeMap::new();
    let judged = closed.iter().map(|(p, at)| (*p, *at)).chain(closing.iter().map(|p| (*p, as_of)));
    for (period, at) in judged.filter(|(p, _)| *p >= scope_from && needs_cards(&policy, *p)) {
        let records = tx.records_as_of(at).await?;
        closing_records.insert(period, records.into_iter().filter(|r| !r.gone).map(|r| r.record).collect());
    }

    let quarantined = tx.quarantined().await?;
    let accepted = tx.files(None, 10_000).await?;
    findings.extend(lately_changed(&accepted, as_of));
    let accounting_as_of = accepted
        .iter()
        .filter(|f| f.kind == TableKind::Sales && f.state == FileState::Accepted && f.as_of <= as_of)
        .map(|f| f.as_of)
        .max();
    // A source that was taken out of the configuration is not waited for; its records still prove what was entered.
    let mut snapshots = tx.snapshots_as_of(as_of).await?;
    snapshots.retain(|s| config.crm.iter().any(|c| c.name == s.source));
    findings.extend(silent_sources(
        config.crm.iter().map(|c| c.name.as_str()),
        snapshots.iter().map(|s| s.source.as_str()),
    ));
    let records = tx.records_as_of(as_of).await?;
    let standings =
        decisions::resolve(&tx.decisions_in_force().await?, &tx.decisions_seen().await?, &parties, &records);
    findings.extend(standings.findings());
    let closes: BTreeMap<Period, DateTime<Utc>> =
        closed.iter().map(|(p, at)| (*p, *at)).chain(closing.iter().map(|p| (*p, as_of))).collect();
    let asked = Asked { policy: &policy, tz: config.company.tz, as_of, scope_from, closes };
    let rule_facts = rule_facts::load(tx, asked).await?;
    let kept = (sales.as_slice(), party_of.as_slice(), parties.len());
    let earlier = rule_facts::earlier(&whole, &cards, kept, &config.company.currency);
    let disputes = tx.disputes().await?;
    // What the program adds to the policy nobody signs.
    let signed = binding::bound(&config.policy, tx.acknowledgements_in_force().await?);
    findings.extend(signed.findings(&config.roster));
    let facts = Facts {
        sales,
        parties,
        party_of,
        records,
        closing_records,
        snapshots,
        accounting_as_of,
        decisions: standings.in_force(),
        waivers: dispute::waivers(&disputes, today),
        roster: config.roster.clone(),
        calendar: config.calendar.clone(),
        policy,
        acknowledgements: signed.holding,
        rule_facts: RuleFacts { earlier, sales_since, ..rule_facts },
        tz: config.company.tz,
        base_currency: config.company.currency.clone(),
    };
    let input_hash = input_hash(app, &facts, &closed, &accepted, &quarantined);
    Ok(Loaded { facts, findings, scope_from, waiting, closed, disputes, quarantined, standings, input_hash })
}

/// What a buyer is written by beside a sale: two sales that share one may belong to one counterparty.
pub(super) fn handles(sale: &Sale) -> Vec<String> {
    [("c", sale.party.code.trim()), ("i", sale.party.inn.trim()), ("n", sale.party.name.trim())]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(kind, text)| format!("{kind}{}", text.to_lowercase()))
        .collect()
}

/// Sales from the first period of the scope on, every older one of the counterparties that have a return among them, and
/// those whose bonus still waits.
/// A year without a calendar stays out: nothing older than the scope may hold a run.
fn in_scope(sales: Vec<Sale>, from: Period, has_calendar: impl Fn(i32) -> bool, waiting: &BTreeSet<&str>) -> Vec<Sale> {
    let (mut kept, mut older): (Vec<Sale>, Vec<Sale>) = sales.into_iter().partition(|s| s.date >= from.from());
    let mut known: BTreeSet<String> = kept.iter().filter(|s| s.is_return()).flat_map(handles).collect();
    older.retain(|s| has_calendar(s.date.year()));
    let (owed, mut older): (Vec<Sale>, Vec<Sale>) = older.into_iter().partition(|s| waiting.contains(s.key.0.as_str()));
    kept.extend(owed);
    // One counterparty may be written in several ways, each of which leads to further sales.
    while !known.is_empty() {
        let (more, rest): (Vec<Sale>, Vec<Sale>) =
            older.into_iter().partition(|s| handles(s).iter().any(|handle| known.contains(handle)));
        older = rest;
        if more.is_empty() {
            break;
        }
        known.extend(more.iter().flat_map(handles));
        kept.extend(more);
    }
    kept.sort_by(|a, b| a.key.cmp(&b.key));
    kept
}

/// What exports of the last week changed among documents that were known: it belongs beside the figures that moved.
fn lately_changed(files: &[FileRecord], as_of: DateTime<Utc>) -> Vec<Finding> {
    let told = |f: &FileRecord| f.received_at.max(f.as_of);
    let lately = |f: &&FileRecord| told(f) <= as_of && as_of - told(f) < TOLD_FOR;
    let mut files: Vec<&FileRecord> =
        files.iter().filter(|f| f.kind == TableKind::Sales && f.state == FileState::Accepted).filter(lately).collect();
    files.sort_by(|a, b| (told(a), &a.hash).cmp(&(told(b), &b.hash)));
    let of_file = |file: &FileRecord| {
        let changes = file.findings.iter().filter(|f| f.severity == Severity::Warn && export_words::is_change(&f.code));
        let place = SourceRef::file(&file.name);
        changes.map(|f| f.clone().at(place.clone())).collect::<Vec<_>>()
    };
    files.into_iter().flat_map(of_file).collect()
}

/// A configured CRM that has never delivered: its clients would all look missing. Without any snapshot at all the gate
/// says so itself.
fn silent_sources<'a>(asked: impl Iterator<Item = &'a str>, known: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let known: BTreeSet<&str> = known.collect();
    let silent = asked.filter(|name| !known.is_empty() && !known.contains(name));
    let finding = |name: &str| {
        let text = Text::new(
            format!(
                "от CRM «{name}» нет ни одной принятой выгрузки: её клиенты выглядели бы незанесёнными; положите выгрузку в её папку"
            ),
            format!(
                "the CRM “{name}” has no accepted export yet: its clients would look missing; put an export into its folder"
            ),
        );
        Finding::new(Severity::Hold, "crm_source_silent", text)
    };
    silent.map(finding).collect()
}

/// Own organisations are never clients: an exempt class of every version.
pub(super) fn with_own_organisations(policy: &Policy, organisations: &[String]) -> Policy {
    let mut policy = policy.clone();
    if !organisations.is_empty() {
        for version in &mut policy.versions {
            version.exempt.push(ExemptClass {
                name: "Собственные организации".into(),
                names: organisations.to_vec(),
                ..ExemptClass::default()
            });
        }
    }
    policy
}

/// Whether any version in force during the period judges cards, or what was recorded with clients, at its close.
fn needs_cards(policy: &Policy, period: Period) -> bool {
    let first = policy.as_of(period.from()).map(|v| v.effective_from);
    policy
        .versions
        .iter()
        .filter(|v| Some(v.effective_from) >= first && v.effective_from < period.until())
        .flat_map(|v| &v.rules)
        .any(|rule| rule.kind.needs_cards() || matches!(rule.kind, RuleKind::CallRecording { .. }))
}

fn input_hash(
    app: &App,
    facts: &Facts,
    closed: &BTreeMap<Period, DateTime<Utc>>,
    accepted: &[FileRecord],
    quarantined: &[FileRecord],
) -> String {
    let hashes = &app.config.hashes;
    let mut parts: Vec<String> = vec![hashes.policy.clone(), hashes.people.clone(), hashes.calendar.clone()];
    parts.push(format!("{:?} {:?}", app.config.matching, app.config.company.organisations));
    parts.extend(facts.snapshots.iter().map(|s| format!("{} {} {}", s.source, s.as_of.timestamp_millis(), s.hash)));
    parts.extend(facts.decisions.iter().map(|d| d.id.clone()));
    parts.extend(closed.keys().map(ToString::to_string));
    parts.extend(facts.acknowledgements.iter().map(|a| format!("{} {} {}", a.employee.0, a.version, a.on)));
    parts.extend(facts.rule_facts.deal_decisions.iter().map(|word| word.id.clone()));
    parts.extend(facts.rule_facts.votes.iter().map(|v| {
        let (juror, employee) = (&v.juror.0, &v.employee.0);
        format!("{} {} {juror} {employee}", v.period, v.rule)
    }));
    parts.extend(facts.rule_facts.plans.iter().map(|p| format!("{} {} {}", p.employee.0, p.period, p.amount)));
    parts.extend(facts.waivers.iter().map(|w| format!("{:?}", w.key)));
    let mut files: Vec<String> =
        accepted.iter().chain(quarantined).map(|f| format!("{} {}", f.hash, f.state.code())).collect();
    files.sort();
    files.dedup();
    parts.extend(files);
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
