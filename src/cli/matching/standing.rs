//! `match list --verdict decisions`, `orphaned` and `second-look`: decisions of people as they were made, and those that
//! today's data does not bear out.
//! Deliberately absent: judging that (`domain::decisions`).

use std::path::Path;

use super::{Which, speech};
use crate::{
    cli::output::Out,
    domain::{decisions::Standing, text::Text, verdict::DecisionKind, words::instant},
    error::Result,
    pipeline::{self, App},
};

/// Prints those decisions.
pub(super) async fn list(app: &App, path: &Path, which: Which, out: Out) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let loaded = pipeline::facts::load(app, &mut tx, app.clock.now(), &[]).await?;
    tx.commit().await?;
    let standings = &loaded.standings;
    let listed: Vec<&Standing> = match which {
        Which::Orphaned => standings.orphaned().collect(),
        Which::SecondLook => standings.doubtful().collect(),
        _ => standings.0.iter().collect(),
    };
    if out.json {
        out.json(&listed);
        return Ok(());
    }
    if listed.is_empty() {
        let n = standings.0.len();
        out.say(&Text::new(
            format!("таких решений нет; всего решений в силе: {n}"),
            format!("there are no such decisions; decisions in force: {n}"),
        ));
        return Ok(());
    }
    for standing in &listed {
        let decision = &standing.decision;
        let at = instant(decision.at, app.config.company.tz, out.lang);
        let what = kind(&decision.kind);
        out.line(format!("{}  {at}  {}  {}: {}", decision.id, decision.author, decision.party, what.get(out.lang)));
        for text in standing.orphaned.iter().chain(&standing.doubt).chain(&standing.moved) {
            out.line(format!("    {}", text.get(out.lang)));
        }
        if !decision.note.is_empty() {
            out.line(format!("    {}", decision.note));
        }
    }
    let program = speech::program(path);
    out.note(&Text::new(
        format!("решение остаётся в силе, пока его не отменят: {program} match undo НОМЕР"),
        format!("a decision stays in force until it is undone: {program} match undo ID"),
    ));
    Ok(())
}

/// What was decided, in words.
fn kind(kind: &DecisionKind) -> Text {
    let text = |ru: String, en: String| Text::new(ru, en);
    match kind {
        DecisionKind::Confirm(id) => text(format!("это карточка {id}"), format!("is the record {id}")),
        DecisionKind::Reject(id) => text(format!("не карточка {id}"), format!("is not the record {id}")),
        DecisionKind::Exempt => text("не клиент".into(), "not a client".into()),
        DecisionKind::Same(other) => {
            text(format!("та же организация, что {other}"), format!("the same company as {other}"))
        }
    }
}
