//! Everything that can be computed from values. Runs, previews, explanations and the one-off comparison call this one
//! function, so they cannot disagree. Deliberately absent: loading, posting, mails.

use chrono::{DateTime, Utc};

use crate::domain::{
    adjust, assess,
    crm::{CrmKind, KnownRecord},
    decisions,
    facts::{Facts, Outcome},
    matching::{self, MatchSettings},
};

/// Verdicts, statuses, scores and wanted amounts as of an instant.
pub fn compute(facts: &Facts, settings: &MatchSettings, as_of: DateTime<Utc>) -> Outcome {
    let mut verdicts = matching::pair(&facts.parties, &matchable(facts), &facts.decisions, settings);
    decisions::settle(&mut verdicts, &facts.parties, &facts.records, &facts.decisions);
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
