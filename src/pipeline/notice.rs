//! Notices to the operator: something is held, a mail was given up, a digest came too late. Deliberately absent:
//! anything about money.

use chrono::{DateTime, Utc};

use super::{App, context};
use crate::{
    deliver::{self, overrides::TemplateFault},
    domain::{
        finding::{Finding, Severity},
        mail::{FrozenMail, OutboxMail},
        org::{Employee, Role},
        report::{HeldReport, UndeliveredReport},
        run::{Hold, HoldSubject, Job},
        text::Text,
    },
    error::Result,
};

/// A short id for the command line, from the run or the file it is about.
pub fn hold_id(of: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(of.as_bytes()).iter().take(4).map(|b| format!("{b:02x}")).collect()
}

/// Who is told: every operator who works here and has an address; a deputy where one has left.
pub fn operators(app: &App, now: DateTime<Utc>) -> Vec<Employee> {
    recipients(app, Role::Operator, now)
}

/// Holders of a role who can be written to on the day: whoever has left is replaced by his deputy.
pub fn recipients(app: &App, role: Role, now: DateTime<Utc>) -> Vec<Employee> {
    let mut found: Vec<Employee> = Vec::new();
    for person in app.config.roster.with_role(role) {
        if let Some(reader) = reader_for(app, person, now)
            && !found.iter().any(|f| f.id == reader.id)
        {
            found.push(reader.clone());
        }
    }
    found
}

/// Who reads a person's mail on the day: himself, or his deputy (and that one's) when he has left or has no address.
pub fn reader_for<'a>(app: &'a App, person: &'a Employee, now: DateTime<Utc>) -> Option<&'a Employee> {
    let today = now.with_timezone(&app.config.company.tz).date_naive();
    let roster = &app.config.roster;
    let can_read = |p: &Employee| p.works_on(today) && !p.email.is_empty();
    let mut at = Some(person);
    // A chain of deputies is followed at most as far as there are people.
    for _ in 0..roster.people.len() {
        match at {
            Some(p) if !can_read(p) => at = p.deputy.as_ref().and_then(|d| roster.get(d)),
            _ => break,
        }
    }
    at.filter(|p| can_read(p))
}

/// The notice of a hold.
pub fn held(app: &App, hold: &Hold, now: DateTime<Utc>) -> Result<Vec<FrozenMail>> {
    let ctx = context::report_context(app, None, now, now);
    let report = HeldReport::of(hold, &ctx);
    let sender = context::sender(app);
    let mut readers = operators(app, now);
    // Whoever waits for the report learns that it does not come.
    let owners = match &hold.subject {
        HoldSubject::Run { job: Job::Audit, .. } => recipients(app, Role::Head, now),
        HoldSubject::Run { job: Job::Close, .. } => recipients(app, Role::Finance, now),
        _ => Vec::new(),
    };
    readers.extend(owners.into_iter().filter(|o| !readers.iter().any(|r| r.id == o.id)).collect::<Vec<_>>());
    let mut mails = Vec::new();
    for to in &readers {
        mails.push(deliver::held_mail(&report, to, &sender, now)?);
    }
    Ok(mails)
}

/// The notice that templates of the company are wrong and the built-in ones stand in: once for the same mistakes.
pub fn templates(app: &App, now: DateTime<Utc>) -> Result<Vec<FrozenMail>> {
    let faults = app.templates.faults();
    if faults.is_empty() {
        return Ok(Vec::new());
    }
    let said: Vec<Text> = faults.iter().map(TemplateFault::text).collect();
    let all: Vec<&str> = said.iter().map(|text| text.en.as_str()).collect();
    let id = hold_id(&format!("templates {}", all.join("\n")));
    let reasons = said.iter().map(|text| Finding::new(Severity::Warn, "template_wrong", text.clone())).collect();
    let report = HeldReport::of_templates(id, reasons, &context::report_context(app, None, now, now));
    let sender = context::sender(app);
    Ok(operators(app, now)
        .iter()
        .map(|to| deliver::held_mail(&report, to, &sender, now))
        .collect::<std::result::Result<_, _>>()?)
}

/// The notice of a mail that was given up.
pub fn undelivered(app: &App, mail: &OutboxMail, reply: &str, now: DateTime<Utc>) -> Result<Vec<FrozenMail>> {
    let ctx = context::report_context(app, None, now, now);
    let mut dead = mail.clone();
    reply.clone_into(&mut dead.last_reply);
    let Some(report) = UndeliveredReport::of(&[dead], &ctx) else { return Ok(Vec::new()) };
    let sender = context::sender(app);
    let mut mails = Vec::new();
    for to in operators(app, now) {
        mails.push(deliver::undelivered_mail(&report, &to, &sender, now)?);
    }
    Ok(mails)
}

/// The notice of a digest that was skipped because it had become too old.
pub fn skipped(app: &App, job: Job, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<FrozenMail>> {
    let local = due.with_timezone(&app.config.company.tz).format("%d.%m.%Y %H:%M");
    let hold = Hold {
        id: hold_id(&format!("skipped {} {}", job.code(), due.timestamp_millis())),
        subject: HoldSubject::Run { run: String::new(), job, as_of: due, input_hash: String::new() },
        reasons: vec![Finding::new(
            Severity::Warn,
            "run_skipped",
            Text::new(
                format!(
                    "прогон «{}», который должен был пройти {local}, пропущен: программа не работала, и он устарел; выполнить сейчас: sverka once {}",
                    job.code(),
                    job.code()
                ),
                format!(
                    "the run “{}” due {local} was skipped: the program was down and it is too old; run it now: sverka once {}",
                    job.code(),
                    job.code()
                ),
            ),
        )],
        opened_at: now,
        release: None,
    };
    held(app, &hold, now)
}
