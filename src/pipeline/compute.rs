//! Everything that can be computed from values. Runs, previews, explanations and the one-off comparison call this one
//! function, so they cannot disagree. Deliberately absent: loading, posting, mails.

use std::sync::PoisonError;

use chrono::{DateTime, Utc};

use super::app::App;
use crate::domain::{
    adjust, assess,
    crm::{CrmKind, KnownRecord},
    decisions,
    facts::{Facts, Outcome},
    matching::{self, MatchSettings, Matcher},
    verdict::PartyVerdict,
};

/// Verdicts, statuses, scores and wanted amounts as of an instant.
pub fn compute(facts: &Facts, settings: &MatchSettings, as_of: DateTime<Utc>) -> Outcome {
    conclude(facts, verdicts(facts, settings), as_of)
}

/// The same for a run of a program: what the last run found is gone on from, where it is kept.
pub fn compute_for(app: &App, facts: &Facts, as_of: DateTime<Utc>) -> Outcome {
    let settings = app.config.matching.into();
    let Some(matcher) = &app.matcher else { return compute(facts, &settings, as_of) };
    let mut matcher = matcher.lock().unwrap_or_else(PoisonError::into_inner);
    let verdicts = verdicts_again(&mut matcher, facts, &settings);
    drop(matcher);
    conclude(facts, verdicts, as_of)
}

/// The verdicts alone: no policy has a say in them.
pub fn verdicts(facts: &Facts, settings: &MatchSettings) -> Vec<PartyVerdict> {
    settled(matching::pair(&facts.parties, &matchable(facts), &facts.decisions, settings), facts)
}

/// The same verdicts, with what was found for other facts taken over where nothing changed.
pub fn verdicts_again(matcher: &mut Matcher, facts: &Facts, settings: &MatchSettings) -> Vec<PartyVerdict> {
    let found = matcher.pair(&facts.parties, &matchable(facts), &facts.decisions, settings);
    settled(found.into_iter().cloned().collect(), facts)
}

fn settled(mut verdicts: Vec<PartyVerdict>, facts: &Facts) -> Vec<PartyVerdict> {
    decisions::settle(&mut verdicts, &facts.parties, &facts.records, &facts.decisions);
    verdicts
}

/// Everything else, by the policy of the facts.
pub fn conclude(facts: &Facts, verdicts: Vec<PartyVerdict>, as_of: DateTime<Utc>) -> Outcome {
    let (sales, cards, mut findings) = assess::assess(facts, &verdicts, as_of);
    let (wanted, more) = adjust::settle(facts, &verdicts, &sales, &cards);
    findings.extend(more);
    Outcome { verdicts, sales, cards, wanted, findings }
}

/// Companies and contacts: what a counterparty can be matched to.
pub fn matchable(facts: &Facts) -> Vec<KnownRecord> {
    let kinds = [CrmKind::Company, CrmKind::Contact];
    facts.records.iter().filter(|r| kinds.contains(&r.record.id.kind)).cloned().collect()
}
