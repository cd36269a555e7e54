//! Heads learn of contested lines: one mail for everything that came since the last look, each dispute once. Deliberately
//! absent: opening and deciding (`disputes`), reminding (the statement says what still waits).

use std::collections::BTreeMap;

use super::{App, context, notice};
use crate::{
    deliver,
    domain::{
        dispute::{Case, State},
        ledger::LedgerEntry,
        line_code::LineCode,
        org::EmployeeId,
        report::{ContestedReport, escalation::heads_of},
    },
    error::Result,
    store::LedgerFilter,
};

/// Tells every head of the disputes that nobody was told of. One that is answered already is only marked.
pub async fn tell_heads(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let today = now.with_timezone(&app.config.company.tz).date_naive();
    let roster = &app.config.roster;
    let mut tx = app.db.begin().await?;
    let mut news: Vec<(Case, LedgerEntry)> = Vec::new();
    for case in tx.untold_disputes().await? {
        if !tx.dispute_told(&case.dispute.id, now).await? || !matches!(case.state(today), State::Open { .. }) {
            continue;
        }
        let Ok(code) = LineCode::parse(&case.dispute.code) else { continue };
        let filter = LedgerFilter {
            after_seq: code.seq - 1,
            employee: Some(case.dispute.key.employee.clone()),
            subject: Some(case.dispute.key.subject.clone()),
            ..LedgerFilter::default()
        };
        let entry = tx.ledger_entries(&filter).await?.into_iter().find(|entry| code.fits(entry));
        news.extend(entry.map(|entry| (case, entry)));
    }
    let mut by_head: BTreeMap<EmployeeId, Vec<(&Case, &LedgerEntry)>> = BTreeMap::new();
    for (case, entry) in &news {
        let Some(owner) = roster.get(&case.dispute.key.employee) else { continue };
        for head in heads_of(roster, owner) {
            by_head.entry(head.id.clone()).or_default().push((case, entry));
        }
    }
    let ctx = context::report_context(app, None, now, now);
    let sender = context::sender(app);
    let mut mails = Vec::new();
    for (head, cases) in &by_head {
        let reader = roster.get(head).and_then(|person| notice::reader_for(app, person, now));
        let Some((reader, report)) = reader.zip(ContestedReport::of(head, cases, roster, &ctx)) else { continue };
        mails.push(deliver::contested_mail(&report, reader, &sender, now)?);
    }
    tx.freeze(&mails, now).await?;
    tx.commit().await?;
    Ok(mails.len())
}
