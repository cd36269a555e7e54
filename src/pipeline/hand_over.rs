//! Statements: which entries a number hands over, and a further number of a closed period when something has come since.
//! Deliberately absent: posting (`reconcile`), what finance answers (`finance`).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    App,
    beside::Beside,
    compute::compute_for,
    context,
    facts::{self, Loaded},
    mails::{Made, MadeStatement},
    notice,
};
use crate::{
    deliver,
    domain::{
        adjust, derived_id, dispute,
        facts::Outcome,
        ledger::LedgerEntry,
        org::Role,
        period::Period,
        report::{
            PersonalReport, ReportContext, StatementInput, StatementReport, beside::suspended_lines,
            statement::concerns,
        },
        run::Job,
        text::Text,
    },
    error::{Error, Result},
    store::{StatementRecord, StoreError},
};

/// What statements are made of.
pub(super) struct Source<'a> {
    pub(super) app: &'a App,
    pub(super) loaded: &'a Loaded,
    pub(super) outcome: &'a Outcome,
    pub(super) beside: &'a Beside,
    /// Entries that the run posts.
    pub(super) own: &'a [LedgerEntry],
    pub(super) now: DateTime<Utc>,
}

impl Source<'_> {
    /// The whole ledger with the run's own entries.
    fn entries(&self) -> Vec<LedgerEntry> {
        self.beside.ledger.iter().chain(self.own).cloned().collect()
    }

    /// The first numbers of the periods being closed.
    pub(super) fn of_close(&self, closing: &[Period], ctx: &ReportContext) -> Result<Made> {
        let entries = self.entries();
        let mut handed = self.beside.handed_ids();
        let mut made = Made::default();
        for period in closing {
            let report = self.next(*period, &entries, &handed, ctx);
            // The first close of a new installation ends every month since the regulation began: months in which nothing
            // happened need no statement. The newest always has one: silence would be ambiguous.
            if report.lines.is_empty() && report.suspended.is_empty() && Some(period) != closing.last() {
                continue;
            }
            handed.extend(report.figures.entries.iter().cloned());
            self.hand_over(&report, &mut made)?;
        }
        Ok(made)
    }

    /// The next number of a period: everything about it that no number handed over and nobody contests.
    fn next(
        &self,
        period: Period,
        entries: &[LedgerEntry],
        handed: &BTreeSet<String>,
        ctx: &ReportContext,
    ) -> StatementReport {
        let (facts, today) = (&self.loaded.facts, ctx.today());
        let kept = dispute::suspended(&self.loaded.disputes, entries, handed, today);
        let concerned: Vec<LedgerEntry> =
            entries.iter().filter(|e| concerns(e, period) && !handed.contains(&e.id)).cloned().collect();
        let open: Vec<LedgerEntry> = concerned.iter().filter(|e| !kept.contains_key(&e.id)).cloned().collect();
        let bonuses = adjust::period_bonuses(facts, self.outcome, period);
        let previous = self.beside.earlier_numbers(period);
        let input = StatementInput { period, entries: &open, bonuses: &bonuses, previous: &previous };
        let mut report = StatementReport::build(input, facts, ctx);
        report.show_cards(&open, facts, self.outcome, ctx);
        report.suspended = suspended_lines(&concerned, &kept, &facts.roster, today);
        report.settled = self.beside.settled(&self.app.config.roster);
        report.changed = self.beside.changed(self.own);
        report
    }

    /// The mails of a statement, and what is recorded of it.
    fn hand_over(&self, report: &StatementReport, made: &mut Made) -> Result<()> {
        let sender = context::sender(self.app);
        for to in &notice::recipients(self.app, Role::Finance, self.now) {
            made.mails.push(deliver::statement_mail(report, to, &sender, self.now)?);
        }
        for mut own in PersonalReport::of(report, &self.loaded.facts) {
            let person = self.app.config.roster.get(&own.owner).filter(|p| p.roles.contains(&Role::Manager));
            // What somebody who has left is paid is told to his deputy, in a mail of its own.
            let Some((person, reader)) = person.and_then(|p| Some((p, notice::reader_for(self.app, p, self.now)?)))
            else {
                continue;
            };
            own.in_place_of = (reader.id != person.id).then(|| person.name.clone());
            made.mails.push(deliver::personal_mail(&own, reader, &sender, self.now)?);
        }
        made.statements.push(MadeStatement {
            number: report.number.clone(),
            period: report.period,
            total: report.totals.total,
            entries: report.figures.entries.clone(),
        });
        Ok(())
    }
}

/// Hands over what has come for a closed period since its last number: corrections, and contested lines that were decided.
/// `None` when there is nothing.
pub async fn further(app: &App, period: Period) -> Result<Option<MadeStatement>> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let (seq, head) = tx.ledger_head().await?;
    let loaded = facts::load(app, &mut tx, now, &[]).await?;
    let beside = Beside::load(&mut tx, Job::Close).await?;
    tx.commit().await?;
    if !loaded.closed.contains_key(&period) {
        return Err(Error::input(Text::new(
            format!("период {period} не закрыт: первую ведомость даёт закрытие"),
            format!("the period {period} is not closed: its first statement comes with the close"),
        ))
        .hint(Text::new("закрыть: sverka once close", "close it: sverka once close")));
    }
    let outcome = compute_for(app, &loaded.facts, now);
    let mut ctx = context::report_context(app, Some(Job::Close), now, now);
    ctx.ledger_head.clone_from(&head);
    ctx.input_hash.clone_from(&loaded.input_hash);
    ctx.by_hand = true;
    let source = Source { app, loaded: &loaded, outcome: &outcome, beside: &beside, own: &[], now };
    let report = source.next(period, &source.entries(), &beside.handed_ids(), &ctx);
    if report.lines.is_empty() {
        return Ok(None);
    }
    let mut made = Made::default();
    source.hand_over(&report, &mut made)?;
    let mut tx = app.db.begin().await?;
    // Nobody posted or handed over meanwhile, or nothing of this is written.
    tx.append(&[], seq).await?;
    if tx.dispute_counts().await? != loaded.dispute_counts() {
        return Err(StoreError::LedgerMoved.into());
    }
    for statement in &made.statements {
        let record = StatementRecord {
            number: statement.number.clone(),
            pay_period: statement.period,
            run: derived_id::of_number(&statement.number, (seq, &head), now),
            total: statement.total,
            ledger_seq: seq,
            ledger_hash: head.clone(),
            issued_at: now,
        };
        tx.add_statement(&record).await?;
        tx.hand_over(&statement.number, &statement.entries).await?;
    }
    tx.freeze(&made.mails, now).await?;
    tx.commit().await?;
    Ok(made.statements.pop())
}
