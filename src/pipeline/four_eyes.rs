//! A close that two people answer for: one prepares it, another releases it. Deliberately absent: any other reason to hold a
//! close (`gate`).

use super::{App, disputes, facts, reconcile::Request};
use crate::{
    domain::{
        finding::{Finding, Severity},
        org::Resolved,
        period::Period,
        run::{Hold, Job, Release},
        text::Text,
    },
    error::{Error, Result},
    store::{self, PreparedClose},
};

/// Code of the hold.
pub const CODE: &str = "four_eyes";

/// Why a close waits, when the company wants two people for it.
pub fn stop(app: &App, request: &Request) -> Option<Finding> {
    let wanted = app.config.close.four_eyes && request.job == Job::Close;
    wanted.then(|| {
        let period = request.closing.map(|p| p.to_string()).unwrap_or_default();
        let text = Text::new(
            format!("закрытие {period} ждёт двух человек: один готовит (sverka finance prepare --period {period} --by ИМЯ), другой снимает остановку"),
            format!("the close of {period} waits for two people: one prepares it (sverka finance prepare --period {period} --by NAME), another releases it"),
        );
        Finding::new(Severity::Hold, CODE, text)
    })
}

/// Records that a person has looked at what the close of a period would do; returns the name.
pub async fn prepare(app: &App, period: Period, by: &str) -> Result<String> {
    let now = app.clock.now();
    let person = disputes::person(app, by)?;
    let mut tx = app.db.begin().await?;
    let loaded = facts::load(app, &mut tx, now, &[]).await?;
    if loaded.closed.contains_key(&period) {
        return Err(Error::input(Text::new(
            format!("период {period} закрыт"),
            format!("the period {period} is closed"),
        )));
    }
    let prepared = PreparedClose {
        id: store::new_id(now),
        period,
        author: person.name.clone(),
        at: now,
        input_hash: loaded.input_hash,
    };
    tx.prepare_close(&prepared).await?;
    tx.commit().await?;
    Ok(prepared.author)
}

/// Whether a person may release a held close: somebody else has prepared it, on the data as it is.
pub async fn second(app: &App, hold: &Hold, request: &Request, release: &Release) -> Result<()> {
    if !hold.reasons.iter().any(|reason| reason.code == CODE) {
        return Ok(());
    }
    let Some(period) = request.closing else { return Ok(()) };
    let mut tx = app.db.begin().await?;
    let prepared = tx.prepared_close(period).await?;
    let loaded = facts::load(app, &mut tx, app.clock.now(), &[]).await?;
    tx.commit().await?;
    let prepare = Text::new(
        format!("подготовить: sverka finance prepare --period {period} --by ИМЯ"),
        format!("prepare it: sverka finance prepare --period {period} --by NAME"),
    );
    let Some(prepared) = prepared else {
        return Err(Error::input(Text::new(
            format!("закрытие {period} никто не подготовил"),
            format!("nobody has prepared the close of {period}"),
        ))
        .hint(prepare));
    };
    if same_person(app, &prepared.author, &release.by) {
        return Err(Error::input(Text::new(
            format!("закрытие {period} подготовил(а) {}: снимает остановку другой человек", prepared.author),
            format!("{} prepared the close of {period}: another person releases it", prepared.author),
        )));
    }
    if prepared.input_hash != loaded.input_hash {
        return Err(Error::input(Text::new(
            format!("с тех пор как {} готовил(а) закрытие, исходные данные изменились", prepared.author),
            format!("the inputs have changed since {} prepared the close", prepared.author),
        ))
        .hint(prepare));
    }
    Ok(())
}

/// Names, aliases and personnel numbers of one person are one person; a name nobody has is compared as it stands.
fn same_person(app: &App, one: &str, other: &str) -> bool {
    let today = app.clock.now().with_timezone(&app.config.company.tz).date_naive();
    match (app.config.roster.resolve(one, today), app.config.roster.resolve(other, today)) {
        (Resolved::One(a), Resolved::One(b)) => a.id == b.id,
        _ => one.trim().to_lowercase() == other.trim().to_lowercase(),
    }
}
