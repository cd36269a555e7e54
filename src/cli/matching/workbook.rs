//! `match export` and `match import`: the queue as a workbook, and a filled one back. Deliberately absent: what answers mean
//! (`domain::review::answers`), cells (`deliver::review_book`, `ingest::review`).

use std::{path::Path, process::ExitCode};

use super::{session, speech};
use crate::{
    cli::{compare, output::Out},
    deliver::review_book,
    domain::{
        review::{answers::Plan, sheet},
        text::Text,
    },
    error::{Error, Result},
    pipeline::{self, App},
};

/// Writes the queue.
pub(super) async fn export(app: &App, path: &Path, output: &Path, force: bool, out: Out) -> Result<()> {
    // Answers filled in and not taken in yet must not be lost to a second export.
    if output.exists() && !force {
        let file = output.display();
        return Err(Error::input(Text::new(
            format!("файл {file} уже есть"),
            format!("the file {file} exists already"),
        ))
        .hint(Text::new("укажите другое имя или --force", "give another name or --force")));
    }
    let now = app.clock.now();
    let view = pipeline::view(app, now).await?;
    let queue = pipeline::review::queue(&view.loaded, &view.outcome);
    let offers = sheet::offers(&queue, &view.loaded.facts, now);
    let bytes = review_book::write(&offers, out.lang, now)?;
    std::fs::write(output, bytes).map_err(|e| {
        let (file, cause) = (output.display(), speech::cause(&e));
        Error::input(Text::new(
            format!("не удалось записать {file}: {}", cause.ru),
            format!("failed to write {file}: {}", cause.en),
        ))
    })?;
    if out.json {
        out.json(&serde_json::json!({
            "file": output, "rows": queue.rows.len(), "open_kopecks": queue.open.kopecks() }));
        return Ok(());
    }
    let (n, file, program) = (offers.len(), output.display(), speech::program(path));
    out.say(&Text::new(format!("записано строк: {n} в {file}"), format!("rows written: {n} to {file}")));
    out.say(&queue.summary());
    out.note(&Text::new(
        format!("заполните столбец «Решение» и внесите: {program} match import {file} --by ИМЯ"),
        format!("fill in the column “Decision” and take it in: {program} match import {file} --by NAME"),
    ));
    Ok(())
}

/// Takes a filled workbook in: exit code 2 when a row was refused, for then a person has to look.
pub(super) async fn import(app: &App, file: &Path, by: Option<&str>, dry_run: bool, out: Out) -> Result<ExitCode> {
    compare::readable(file)?;
    let author = session::author(by)?;
    let plan = pipeline::review::import(app, file, &author, dry_run).await?;
    if out.json {
        out.json(&plan);
    } else {
        say(&plan, dry_run, out);
    }
    Ok(ExitCode::from(if plan.refused.is_empty() { 0 } else { 2 }))
}

fn say(plan: &Plan, dry_run: bool, out: Out) {
    let (applied, unchanged, refused, empty) = (plan.apply.len(), plan.unchanged.len(), plan.refused.len(), plan.empty);
    let decisions: usize = plan.apply.iter().map(|(_, decisions)| decisions.len()).sum();
    let head = if dry_run {
        Text::new(format!("будет внесено строк: {applied}"), format!("rows to be applied: {applied}"))
    } else {
        Text::new(format!("внесено строк: {applied}"), format!("rows applied: {applied}"))
    };
    out.say(&Text::new(
        format!(
            "{} (решений {decisions}); без изменений: {unchanged}; не принято: {refused}; без ответа: {empty}",
            head.ru
        ),
        format!(
            "{} ({decisions} decisions); unchanged: {unchanged}; refused: {refused}; without an answer: {empty}",
            head.en
        ),
    ));
    for (row, why) in &plan.refused {
        out.say(&Text::new(format!("  строка {row}: {}", why.ru), format!("  row {row}: {}", why.en)));
    }
    if applied > 0 && !dry_run {
        out.note(&Text::new("учтётся в следующем прогоне", "the next run takes it into account"));
    }
}
