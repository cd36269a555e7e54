//! `sverka deals`: what waits for the head, his word on it one by one or in a table, always with the name of who says it.
//! Deliberately absent: releasing a bonus otherwise than by such a word.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;

use super::{compare, output::Out, session, speech};
use crate::{
    deliver::deal_book,
    domain::{
        deals::{Deal, Judged},
        money::Money,
        text::{Lang, Text},
        words::{date, money},
    },
    env::Clock,
    error::{Error, Result},
    pipeline::{self, App},
};

/// Subcommands of `deals`.
#[derive(Debug, Subcommand)]
pub enum DealsCommand {
    /// Сделки, премия по которым ждёт решения руководителя.
    List {
        /// Показать и одобренные.
        #[arg(long)]
        all: bool,
    },
    /// Одобрить сделку: отложенная премия освобождается.
    Approve {
        /// Ключ документа из списка или его номер.
        deal: String,
        /// Кто решает: имя или табельный номер руководителя, не самого продавца.
        #[arg(long)]
        by: String,
    },
    /// Вернуть сделку: назвать, чего не хватает.
    Return {
        /// Ключ документа из списка или его номер.
        deal: String,
        /// Чего не хватает.
        #[arg(long)]
        missing: String,
        /// Кто решает: имя или табельный номер руководителя, не самого продавца.
        #[arg(long)]
        by: String,
    },
    /// Записать сделки в таблицу .xlsx для решений.
    Export {
        /// Куда записать.
        #[arg(long, short, value_name = "ФАЙЛ")]
        output: PathBuf,
        /// Заменить файл, если он уже есть.
        #[arg(long)]
        force: bool,
    },
    /// Внести решения из заполненной таблицы.
    Import {
        /// Заполненная таблица.
        file: PathBuf,
        /// Кто решает: имя или табельный номер руководителя.
        #[arg(long)]
        by: String,
        /// Только показать.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Runs a subcommand.
pub fn run(command: &DealsCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| match command {
        DealsCommand::List { all } => list(&app, *all, out).await,
        DealsCommand::Approve { deal, by } => say(&app, deal, by, None, out).await,
        DealsCommand::Return { deal, missing, by } => say(&app, deal, by, Some(missing.trim().to_owned()), out).await,
        DealsCommand::Export { output, force } => export(&app, path, output, *force, out).await,
        DealsCommand::Import { file, by, dry_run } => import(&app, file, by, *dry_run, out).await,
    })
}

async fn list(app: &App, all: bool, out: Out) -> Result<ExitCode> {
    let (_, deals) = pipeline::deals::queue(app).await?;
    let shown: Vec<&Deal> = deals.iter().filter(|deal| all || deal.state != "approved").collect();
    if out.json {
        out.json(&shown);
        return Ok(ExitCode::SUCCESS);
    }
    for deal in &shown {
        out.say(&line(deal));
    }
    let sum: Money = shown.iter().map(|deal| deal.deferred).sum();
    let count = shown.len();
    out.say(&Text::new(
        format!("сделок: {count}, отложено премии: {}", money(sum, Lang::Ru)),
        format!("deals: {count}, bonus deferred: {}", money(sum, Lang::En)),
    ));
    Ok(ExitCode::SUCCESS)
}

fn line(deal: &Deal) -> Text {
    let one = |lang: Lang| {
        let due = deal.due.map(|day| date(day, lang)).unwrap_or_default();
        let until = crate::domain::words::say(lang, "решить до", "decide until");
        let bonus = crate::domain::words::say(lang, "премия", "bonus");
        format!(
            "{}  {}  {}  {}  {}  {bonus} {}  {until} {due}\n    {}",
            deal.sale.0,
            date(deal.date, lang),
            deal.seller_name,
            deal.party,
            money(deal.amount, lang),
            money(deal.deferred, lang),
            deal.words.get(lang)
        )
    };
    Text::new(one(Lang::Ru), one(Lang::En))
}

async fn say(app: &App, named: &str, by: &str, returned: Option<String>, out: Out) -> Result<ExitCode> {
    let approved = returned.is_none();
    let deal = pipeline::deals::say(app, named, by, returned).await?;
    if out.json {
        out.json(&serde_json::json!({ "sale": deal.sale, "approved": approved }));
        return Ok(ExitCode::SUCCESS);
    }
    let (number, sum) = (&deal.number, |lang| money(deal.deferred, lang));
    out.say(&if approved {
        Text::new(
            format!("сделка № {number} одобрена: премия {} освободится в следующем прогоне", sum(Lang::Ru)),
            format!("deal No. {number} is approved: the next run releases the bonus of {}", sum(Lang::En)),
        )
    } else {
        Text::new(
            format!("сделка № {number} возвращена, премия остаётся отложенной"),
            format!("deal No. {number} is returned, its bonus stays deferred"),
        )
    });
    Ok(ExitCode::SUCCESS)
}

async fn export(app: &App, path: &Path, output: &Path, force: bool, out: Out) -> Result<ExitCode> {
    let file = output.display();
    // Answers filled in and not taken in yet must not be lost to a second export.
    if output.exists() && !force {
        return Err(Error::input(Text::new(
            format!("файл {file} уже есть"),
            format!("the file {file} exists already"),
        ))
        .hint(Text::new("укажите другое имя или --force", "give another name or --force")));
    }
    let (_, deals) = pipeline::deals::queue(app).await?;
    let waiting: Vec<Deal> = deals.into_iter().filter(|deal| deal.state != "approved").collect();
    let bytes = deal_book::write(&waiting, out.lang, app.clock.now())?;
    std::fs::write(output, bytes).map_err(|e| {
        let cause = speech::cause(&e);
        Error::input(Text::new(
            format!("не удалось записать {file}: {}", cause.ru),
            format!("failed to write {file}: {}", cause.en),
        ))
    })?;
    let (count, program) = (waiting.len(), speech::program(path));
    if out.json {
        out.json(&serde_json::json!({ "file": output, "rows": count }));
        return Ok(ExitCode::SUCCESS);
    }
    out.say(&Text::new(format!("записано строк: {count} в {file}"), format!("rows written: {count} to {file}")));
    out.note(&Text::new(
        format!("впишите «одобрить» или «вернуть» и внесите: {program} deals import {file} --by ИМЯ"),
        format!("write “approve” or “return” and take it in: {program} deals import {file} --by NAME"),
    ));
    Ok(ExitCode::SUCCESS)
}

/// Exit code 2 when a row was refused, for then a person has to look.
async fn import(app: &App, file: &Path, by: &str, dry_run: bool, out: Out) -> Result<ExitCode> {
    compare::readable(file)?;
    let judged = pipeline::deals::import(app, file, by, dry_run).await?;
    if out.json {
        out.json(&judged);
    } else {
        let Judged { apply, unchanged, empty, refused } = &judged;
        told((apply.len(), unchanged.len(), refused.len()), Some(*empty), refused, dry_run, out);
    }
    Ok(ExitCode::from(if judged.refused.is_empty() { 0 } else { 2 }))
}

/// Says what became of the rows of a table.
pub(super) fn told(
    (applied, unchanged, refused): (usize, usize, usize),
    empty: Option<usize>,
    why: &[(u32, Text)],
    dry_run: bool,
    out: Out,
) {
    let (ru, en) = if dry_run {
        ("будет внесено строк", "rows to be applied")
    } else {
        ("внесено строк", "rows applied")
    };
    let without = empty.map_or_else(Text::default, |count| {
        Text::new(format!("; без ответа: {count}"), format!("; without an answer: {count}"))
    });
    out.say(&Text::new(
        format!("{ru}: {applied}; без изменений: {unchanged}; не принято: {refused}{}", without.ru),
        format!("{en}: {applied}; unchanged: {unchanged}; refused: {refused}{}", without.en),
    ));
    for (row, why) in why {
        out.say(&Text::new(format!("  строка {row}: {}", why.ru), format!("  row {row}: {}", why.en)));
    }
}
