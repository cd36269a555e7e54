//! The pages of a month: the company's to everybody, the pilot's to whoever heads everything. They leave once, on the first
//! working day of the month that follows, or as soon after it as the program runs. Deliberately absent: entries; these pages
//! move no money.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    App, View, compute, context,
    facts::{self, Loaded},
    mails::Made,
    notice,
    reconcile::{Draft, Request},
};
use crate::{
    deliver,
    domain::{
        due::first_working_day,
        org::{Employee, Role},
        period::Period,
        report::{
            CompanyReport, PilotReport, ReportContext,
            company::{self, FirstTold},
        },
        run::Job,
    },
    error::Result,
    store::{AlertedItem, Tx},
};

/// The month that pages of the day speak of.
fn month_of(day: NaiveDate) -> Period {
    Period::of(day).prev()
}

/// Why nothing leaves at the occurrence, if so: its month has had its pages, or no working day has come yet.
pub async fn not_now(app: &App, due_at: DateTime<Utc>) -> Result<Option<&'static str>> {
    let tz = app.config.company.tz;
    let due = due_at.with_timezone(&tz).date_naive();
    if due < first_working_day(&app.config.calendar, Period::of(due)) {
        return Ok(Some("before the first working day of the month"));
    }
    let mut tx = app.db.begin().await?;
    let mut told = false;
    for person in &app.config.roster.people {
        told |= tx.outbox_mail(&format!("company.{}.{}", month_of(due), person.id.0)).await?.is_some();
    }
    tx.commit().await?;
    Ok(told.then_some("the pages of the month have left"))
}

/// The request as of the morning after a month, for somebody who asks for the pages of that very month.
pub fn about(mut request: Request, app: &App, period: Period) -> Request {
    let after = crate::domain::facts::end_of_day(app.config.company.tz, period.until());
    request.as_of = request.as_of.min(after - chrono::TimeDelta::seconds(1));
    request
}

/// Everything as of an instant, with how cards changed.
pub async fn view(app: &App, as_of: DateTime<Utc>) -> Result<(View, ReportContext)> {
    let mut tx = app.db.begin().await?;
    let mut loaded = facts::load(app, &mut tx, as_of, &[]).await?;
    loaded.facts.rule_facts.card_history = tx.card_history(as_of).await?;
    tx.commit().await?;
    let outcome = compute::compute_for(app, &loaded.facts, as_of);
    Ok((View { loaded, outcome }, context::report_context(app, None, as_of, app.clock.now())))
}

/// What only the reports of a job look at: when people were first told of sales, and how cards changed where anything is said
/// about it.
pub(super) async fn looked_back(
    tx: &mut Tx,
    request: &Request,
    loaded: &mut Loaded,
    alerted: &[AlertedItem],
) -> Result<FirstTold> {
    let mut told = FirstTold::new();
    if !matches!(request.job, Job::Monthly | Job::Audit) {
        return Ok(told);
    }
    for item in alerted {
        let first = told.entry((item.employee.clone(), item.sale.clone())).or_insert(item.at);
        *first = (*first).min(item.at);
    }
    let asked = request.job == Job::Monthly || !told.is_empty() || !loaded.facts.rule_facts.trainings.is_empty();
    if asked && loaded.facts.rule_facts.card_history.is_empty() {
        loaded.facts.rule_facts.card_history = tx.card_history(request.as_of).await?;
    }
    Ok(told)
}

/// The pages.
pub(super) fn mails(app: &App, draft: &Draft, ctx: &ReportContext) -> Result<Made> {
    let sender = context::sender(app);
    let due = draft.request.due.as_ref().map_or(draft.request.as_of, |due| due.due_at);
    let period = month_of(ctx.local(due).date());
    let (facts, outcome) = (&draft.loaded.facts, &draft.outcome);
    let mut made = Made::default();
    let page = CompanyReport::build(facts, outcome, period, ctx);
    for to in readers(app, draft.now) {
        let page = page.read_by(to, facts, outcome, &draft.first_told, ctx);
        made.mails.push(deliver::company_mail(&page, to, &sender, draft.now)?);
    }
    if let Some(page) = PilotReport::build(facts, outcome, period, ctx) {
        for to in directors(app, draft.now) {
            made.mails.push(deliver::pilot_mail(&page, &to, &sender, draft.now)?);
        }
    }
    Ok(made)
}

/// Everybody who works here and can be written to.
fn readers(app: &App, now: DateTime<Utc>) -> impl Iterator<Item = &Employee> {
    let today = now.with_timezone(&app.config.company.tz).date_naive();
    app.config.roster.people.iter().filter(move |person| person.works_on(today) && company::is_reader(person))
}

/// Heads of everything; where there is none, all heads.
fn directors(app: &App, now: DateTime<Utc>) -> Vec<Employee> {
    let heads = notice::recipients(app, Role::Head, now);
    let all: Vec<Employee> = heads.iter().filter(|head| head.department.is_empty()).cloned().collect();
    if all.is_empty() { heads } else { all }
}
