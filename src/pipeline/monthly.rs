//! The pages of a month: the company's to everybody, the pilot's to whoever heads everything. They leave once, on the first
//! working day of the month that follows, or as soon after it as the program runs. Deliberately absent: entries; these pages
//! move no money.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    App, context,
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
        report::{CompanyReport, PilotReport, ReportContext, company},
    },
    error::Result,
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

/// The pages.
pub(super) fn mails(app: &App, draft: &Draft, ctx: &ReportContext) -> Result<Made> {
    let sender = context::sender(app);
    let due = draft.request.due.as_ref().map_or(draft.request.as_of, |due| due.due_at);
    let period = month_of(ctx.local(due).date());
    let (facts, outcome) = (&draft.loaded.facts, &draft.outcome);
    let mut made = Made::default();
    let page = CompanyReport::build(facts, outcome, period, ctx);
    for to in readers(app, draft.now) {
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
