//! The mails of a run: reports for each reader, rendered to their final bytes. Pure but for the configuration.
//! Deliberately absent: freezing and sending.

use std::collections::{BTreeMap, BTreeSet};

use super::{App, context, hand_over::Source, monthly, notice, reconcile::Draft, review};
use crate::{
    deliver,
    domain::{
        ledger::NewEntry,
        mail::FrozenMail,
        money::Money,
        org::{Employee, EmployeeId, Role},
        party::PartyKey,
        period::Period,
        report::{
            AlertReport, AlertedItem, AuditFigures, AuditReport, EscalationReport, ReportContext, escalation::heads_of,
        },
        review::sheet,
        run::Job,
        sale::SaleKey,
    },
    error::Result,
};

/// Rows of the review workbook that comes with an audit: the first of the queue, more than anybody answers in a week.
const MOST_OFFERED: usize = 1_000;

/// What a run says, and what it has to remember of it.
#[derive(Debug, Default)]
pub struct Made {
    /// Mails.
    pub mails: Vec<FrozenMail>,
    /// Audit figures by head.
    pub audit: BTreeMap<String, AuditFigures>,
    /// What managers are told now.
    pub alerted: Vec<AlertedItem>,
    /// What heads are told of their managers now.
    pub escalated: Vec<(EmployeeId, SaleKey)>,
    /// Statements.
    pub statements: Vec<MadeStatement>,
}

/// A statement as it is recorded.
#[derive(Clone, Debug)]
pub struct MadeStatement {
    /// Number.
    pub number: String,
    /// Its period.
    pub period: Period,
    /// Sum of its entries.
    pub total: Money,
    /// Ids of its entries.
    pub entries: BTreeSet<String>,
}

/// Renders everything the run says.
pub fn of_run(app: &App, draft: &Draft) -> Result<Made> {
    let mut ctx = context::report_context(app, Some(draft.request.job), draft.request.as_of, draft.now);
    ctx.ledger_head.clone_from(&draft.head);
    ctx.input_hash.clone_from(&draft.loaded.input_hash);
    ctx.by_hand = draft.request.due.is_none();
    if let Some(due) = draft.request.due.as_ref().filter(|d| d.late) {
        ctx.late = Some((due.due_at, draft.now));
        ctx.week_of = Some(ctx.local(due.due_at).date());
    }
    let mut made = match draft.request.job {
        Job::Ingest => Made::default(),
        Job::Alerts => alerts(app, draft, &ctx)?,
        Job::Monthly => monthly::mails(app, draft, &ctx)?,
        Job::Audit => audits(app, draft, &ctx)?,
        Job::Close => statements(app, draft, &ctx)?,
    };
    made.mails.extend(notice::templates(app, draft.now)?);
    Ok(made)
}

fn alerts(app: &App, draft: &Draft, ctx: &ReportContext) -> Result<Made> {
    let sender = context::sender(app);
    let mut made = Made::default();
    for person in app.config.roster.with_role(Role::Manager) {
        // The sales of somebody who has left are told to his deputy, in a mail of their own.
        let Some(reader) = notice::reader_for(app, person, draft.now) else { continue };
        // At most one a day: what is new since then is told tomorrow, and is not marked as told today.
        if draft.told.today.contains(&person.id) {
            continue;
        }
        let (facts, outcome) = (&draft.loaded.facts, &draft.outcome);
        let Some(mut report) = AlertReport::build(facts, outcome, person, &draft.told.alerted, ctx) else { continue };
        report.name_lines(&draft.beside.ledger);
        report.in_place_of = (reader.id != person.id).then(|| person.name.clone());
        made.mails.push(deliver::alert_mail(&report, reader, &sender, draft.now)?);
        made.alerted.extend(report.marks);
    }
    escalate(app, draft, ctx, &mut made)?;
    Ok(made)
}

/// One mail for each head about what his managers were told and did not enter.
fn escalate(app: &App, draft: &Draft, ctx: &ReportContext, made: &mut Made) -> Result<()> {
    let days = app.config.alerts.escalate_working_days;
    if days == 0 {
        return Ok(());
    }
    let (roster, sender) = (&app.config.roster, context::sender(app));
    for head in roster.with_role(Role::Head) {
        let Some(reader) = notice::reader_for(app, head, draft.now) else { continue };
        if draft.told.heads_today.contains(&head.id) {
            continue;
        }
        let of: Vec<&Employee> =
            roster.with_role(Role::Manager).filter(|p| heads_of(roster, p).iter().any(|h| h.id == head.id)).collect();
        let told = (draft.told.due.as_slice(), &draft.told.escalated);
        let (facts, outcome) = (&draft.loaded.facts, &draft.outcome);
        let Some(report) = EscalationReport::build(facts, outcome, (head, &of), told, days, ctx) else { continue };
        made.mails.push(deliver::escalation_mail(&report, reader, &sender, draft.now)?);
        made.escalated.extend(report.marks);
    }
    Ok(())
}

fn audits(app: &App, draft: &Draft, ctx: &ReportContext) -> Result<Made> {
    let sender = context::sender(app);
    let entries: Vec<NewEntry> = draft.earlier.iter().chain(&draft.entries).map(|e| e.entry.clone()).collect();
    let changed = draft.beside.changed(&draft.entries);
    let mut made = Made::default();
    for head in notice::recipients(app, Role::Head, draft.now) {
        let history: Vec<AuditFigures> =
            draft.history.iter().filter_map(|h| h.audit.get(&head.id.0).cloned()).collect();
        let mut report = AuditReport::build(&draft.loaded.facts, &draft.outcome, &entries, &history, &head, ctx);
        let queue = review::queue_for(&draft.loaded, &draft.outcome, &head);
        let offers = sheet::offers(&queue, &draft.loaded.facts, draft.now);
        let asked: BTreeSet<&PartyKey> = report.uncertain.iter().map(|line| &line.key).collect();
        let offered = offers.iter().filter(|offer| asked.contains(&offer.row.party)).take(MOST_OFFERED);
        report.review = offered.cloned().collect();
        report.changed.clone_from(&changed);
        report.look_back(&draft.loaded.facts, &draft.outcome, &head, &draft.first_told, ctx);
        made.mails.push(deliver::audit_mail(&report, &head, &sender, draft.now)?);
        made.audit.insert(head.id.0.clone(), report.figures);
    }
    Ok(made)
}

fn statements(app: &App, draft: &Draft, ctx: &ReportContext) -> Result<Made> {
    let source = Source {
        app,
        loaded: &draft.loaded,
        outcome: &draft.outcome,
        beside: &draft.beside,
        own: &draft.entries,
        now: draft.now,
    };
    source.of_close(&draft.closing, ctx)
}
