//! Rule `call_recording`: a sum for each call that is recorded in the CRM, and a premium by the share of recorded calls
//! (rules, 5.5). Wanted only for closed and closing periods, as every premium. Without a call made there is no line: no
//! data is not zero.
//!
//! Deliberately absent: what a call is and when it is recorded (`assess::calls`).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    super::{
        assess::calls,
        facts::Facts,
        finding::{Finding, Severity},
        ledger::{EntryKey, EntryKind, Evidence, SUBJECT_PERIOD, Wanted},
        money::{Money, Rate},
        org::EmployeeId,
        period::Period,
        policy::RuleKind,
        text::{Lang, Text},
    },
    evidence::Sources,
    periods::Book,
    premium::{band_of, band_words, gives},
    reach::Reach,
    words::{both, money, percent, say},
};

/// Premium lines of every closed or closing period.
pub(super) fn lines(facts: &Facts, book: &Book<'_>, sources: &Sources<'_>, reach: &Reach<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for period in periods(facts).into_iter().filter(|period| facts.is_closing(*period)) {
        let Some(version) = facts.policy.as_of(period.last_day()) else { continue };
        for rule in &version.rules {
            let RuleKind::CallRecording { min_seconds, match_minutes, per_recorded, bands } = &rule.kind else {
                continue;
            };
            let silent = calls::days_without_data(facts, period);
            for (id, own) in calls::count(facts, period, *min_seconds, *match_minutes) {
                let (Some(employee), Some(first)) = (facts.roster.get(id), own.first) else { continue };
                let Some(share) = Rate::of(i64::from(own.recorded), i64::from(own.made)) else { continue };
                let bonus = book.get(&(period, id.0.as_str())).map_or(Money::ZERO, |(_, part)| part.bonus());
                let each = Money::from_kopecks(per_recorded.kopecks().saturating_mul(i64::from(own.recorded)));
                let band = band_of(bands, share);
                let amount = each + band.map_or(Money::ZERO, |band| gives(band.premium, bonus));
                let arithmetic = both(|lang| {
                    let mut parts = vec![format!(
                        "{} {}, {} {} ({})",
                        say(lang, "звонков", "calls made"),
                        own.made,
                        say(lang, "занесено в CRM", "recorded in the CRM"),
                        own.recorded,
                        percent(share, lang)
                    )];
                    if !per_recorded.is_zero() {
                        parts.push(format!(
                            "{} × {} = {}",
                            own.recorded,
                            money(*per_recorded, lang),
                            money(each, lang)
                        ));
                    }
                    parts.extend(band.map(|band| band_words(band, bonus, lang)));
                    if parts.len() > 2 {
                        parts.push(format!("{} {}", say(lang, "итого", "total"), money(amount, lang)));
                    }
                    if silent > 0 {
                        parts.push(format!(
                            "{} {silent}",
                            say(lang, "рабочих дней без данных телефонии:", "working days without telephony data:")
                        ));
                    }
                    parts.join("; ")
                });
                wanted.push(Wanted {
                    key: EntryKey {
                        belongs_to: period,
                        employee: id.clone(),
                        subject: SUBJECT_PERIOD.to_owned(),
                        rule: rule.id.clone(),
                    },
                    amount,
                    kind: EntryKind::Premium,
                    policy_version: version.id.clone(),
                    shadow: !reach.is_real(version, rule, employee, period.last_day()),
                    evidence: Evidence {
                        document: Text::new(format!("за период {period}"), format!("period {period}")),
                        source: first.place.describe(),
                        file_hash: first.file_hash.clone(),
                        snapshots: sources.snapshots.clone(),
                        status: share.bp().to_string(),
                        arithmetic,
                        cause: Text::new(
                            "изменились звонки, записи CRM или премия периода",
                            "the calls, the CRM’s records or the period’s bonus changed",
                        ),
                        ..Evidence::default()
                    },
                });
            }
        }
    }
    wanted
}

/// Calls of one employee under one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallsOf {
    /// Rule.
    pub rule: String,
    /// Who.
    pub employee: EmployeeId,
    /// Name.
    pub name: String,
    /// Calls made.
    pub made: u32,
    /// Of them recorded in the CRM.
    pub recorded: u32,
    /// Recorded / made, rounded down.
    pub share: Rate,
}

/// Calls of a period, whether or not it is closing; empty without telephony data.
pub fn calls_of(facts: &Facts, period: Period) -> Vec<CallsOf> {
    let Some(version) = facts.policy.as_of(period.last_day()) else { return Vec::new() };
    let mut all = Vec::new();
    for rule in &version.rules {
        let RuleKind::CallRecording { min_seconds, match_minutes, .. } = &rule.kind else { continue };
        for (id, own) in calls::count(facts, period, *min_seconds, *match_minutes) {
            let Some(share) = Rate::of(i64::from(own.recorded), i64::from(own.made)) else { continue };
            let name = facts.roster.get(id).map_or_else(String::new, |person| person.name.clone());
            let (rule, employee) = (rule.id.clone(), id.clone());
            all.push(CallsOf { rule, employee, name, made: own.made, recorded: own.recorded, share });
        }
    }
    all
}

/// Periods with calls.
fn periods(facts: &Facts) -> BTreeSet<Period> {
    facts.rule_facts.call_days.iter().map(|day| Period::of(*day)).collect()
}

/// Names that telephony uses and nobody has, of the newest period with data and the one before it.
pub(super) fn strangers(facts: &Facts) -> Vec<Finding> {
    let Some(newest) = periods(facts).last().copied() else { return Vec::new() };
    let counted = |version: &super::super::policy::PolicyVersion| {
        version.rules.iter().any(|rule| matches!(rule.kind, RuleKind::CallRecording { .. }))
    };
    if !facts.policy.as_of(newest.last_day()).is_some_and(counted) {
        return Vec::new();
    }
    let unknown: BTreeMap<&str, usize> = calls::strangers(facts, newest.prev());
    if unknown.is_empty() {
        return Vec::new();
    }
    let list: Vec<String> = unknown.iter().take(5).map(|(name, legs)| format!("{name} ({legs})")).collect();
    let (list, count) = (list.join(", "), unknown.len());
    let message = both(|lang| match lang {
        Lang::Ru => format!(
            "Телефония называет тех, кого нет среди сотрудников ({count}): {list}. Добавьте имя или внутренний номер в \
             псевдонимы сотрудника."
        ),
        Lang::En => format!(
            "Telephony names people who are not among the employees ({count}): {list}. Add the name or the extension to the \
             employee's aliases."
        ),
    });
    vec![Finding::new(Severity::Warn, "calls_of_nobody", message)]
}
