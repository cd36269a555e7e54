//! `sverka backtest`: a draft of the regulation over closed periods beside the present one. Deliberately absent: posting, and
//! the choice between the two.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use super::{output::Out, session, speech};
use crate::{
    config,
    deliver::{backtest_book, backtest_picture, raster},
    domain::{
        backtest::{Backtest, Row},
        money::Rate,
        period::Period,
        text::{Lang, Text},
        words::{both, percent, say},
    },
    env::Clock,
    error::{Error, Result},
    pipeline,
};

/// Arguments of `backtest`.
#[derive(Debug, Args)]
pub struct BacktestArgs {
    /// Проект положения (policy.toml); берётся его новейшая редакция.
    #[arg(long, value_name = "ФАЙЛ")]
    policy: PathBuf,
    /// Первый закрытый период (ГГГГ-ММ).
    #[arg(long)]
    from: Period,
    /// Последний закрытый период (ГГГГ-ММ).
    #[arg(long)]
    to: Period,
    /// Записать таблицу .xlsx.
    #[arg(long, value_name = "ФАЙЛ")]
    xlsx: Option<PathBuf>,
    /// Записать картинку .svg или .png.
    #[arg(long, value_name = "ФАЙЛ")]
    picture: Option<PathBuf>,
}

/// People in the picture.
const SHOWN: usize = 60;
/// The same in points, whose number has a limit.
const SHOWN_IN_POINTS: usize = 40;

/// Runs the command.
pub fn run(args: &BacktestArgs, path: &Path, out: Out) -> Result<ExitCode> {
    if args.from > args.to {
        return Err(Error::input(Text::new(
            format!("{} позже, чем {}", args.from, args.to),
            format!("{} is later than {}", args.from, args.to),
        )));
    }
    if let Some(picture) = &args.picture {
        is_picture(picture)?;
    }
    session::with_app(path, Clock::system(), async |app| {
        let now = app.clock.now();
        let draft = config::load_policy(&args.policy, &app.config, now.date_naive())?;
        let id = draft.versions.last().map(|v| v.id.clone()).unwrap_or_default();
        let step = |period: Period| {
            out.note(&Text::new(format!("считается {period}"), format!("computing {period}")));
        };
        let test = pipeline::backtest::run(&app, &draft, args.from, args.to, &step).await?;
        let rows = test.rows(&app.config.roster);
        if out.json {
            out.json(&serde_json::json!({ "draft": id, "test": test, "people": rows }));
        } else {
            say_all(&test, &rows, &id, out);
        }
        if let Some(file) = &args.xlsx {
            write(file, &backtest_book::write(&test, &rows, out.lang, now)?, out)?;
        }
        if let Some(file) = &args.picture {
            let title = both(|lang| title(&test, &id, lang));
            let points = has_ending(file, "png");
            let most = if points { SHOWN_IN_POINTS } else { SHOWN };
            let picture = backtest_picture::svg(&rows, title.get(out.lang), most, out.lang);
            let bytes = if points { raster::png(&picture)? } else { picture.into_bytes() };
            write(file, &bytes, out)?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending))
}

fn is_picture(file: &Path) -> Result<()> {
    if has_ending(file, "svg") || has_ending(file, "png") {
        return Ok(());
    }
    let name = file.display();
    Err(Error::input(Text::new(
        format!("картинка пишется в .svg или .png, а указано {name}"),
        format!("the picture is written as .svg or .png, not {name}"),
    ))
    .hint(Text::new(".svg откроет любой браузер", "any browser shows .svg")))
}

fn write(file: &Path, bytes: &[u8], out: Out) -> Result<()> {
    let name = file.display();
    std::fs::write(file, bytes).map_err(|e| {
        let cause = speech::cause(&e);
        Error::input(Text::new(
            format!("не удалось записать {name}: {}", cause.ru),
            format!("failed to write {name}: {}", cause.en),
        ))
    })?;
    out.note(&Text::new(format!("записано: {name}"), format!("written: {name}")));
    Ok(())
}

fn title(test: &Backtest, draft: &str, lang: Lang) -> String {
    let (from, to) = (test.periods.first(), test.periods.last());
    let ends = from.zip(to).map(|(a, b)| format!("{a} – {b}")).unwrap_or_default();
    match lang {
        Lang::Ru => format!("Проект {draft} на закрытых периодах {ends}"),
        Lang::En => format!("Draft {draft} over the closed periods {ends}"),
    }
}

fn share(rate: Option<Rate>, lang: Lang) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| percent(rate, lang))
}

fn say_all(test: &Backtest, rows: &[Row], draft: &str, out: Out) {
    let lang = out.lang;
    out.line(title(test, draft, lang));
    out.say(&Text::new(
        "Ничего не проведено. Проект взят так, будто действовал всегда и все с ним ознакомлены.",
        "Nothing was posted. The draft is taken as if it had always been in force and everybody had signed.",
    ));
    let head = |ru, en| say(lang, ru, en);
    out.line("");
    out.line(format!(
        "{:<28} {:>16} {:>16} {:>16} {:>8} {:>8} {:>8}",
        head("Сотрудник", "Employee"),
        head("Сейчас", "Now"),
        head("По проекту", "By the draft"),
        head("Разница", "Difference"),
        head("Доля", "Share"),
        head("Неясно", "Unclear"),
        head("Предел", "Cap")
    ));
    for row in rows {
        let (now, then) = (row.present.total(), row.draft.total());
        out.line(format!(
            "{:<28} {:>16} {:>16} {:>16} {:>8} {:>8} {:>8}",
            row.name,
            speech::amount(lang, now),
            speech::amount(lang, then),
            speech::amount(lang, then - now),
            share(row.draft.share(), lang),
            row.draft.uncertain,
            row.draft.capped
        ));
        for (reason, sum) in row.draft.top(2) {
            let sum = speech::amount(lang, sum);
            out.line(format!("    {sum}  {}", backtest_book::reason(reason).get(lang)));
        }
    }
    let (now, then) = (test.present.total(), test.draft.total());
    out.line(format!(
        "{:<28} {:>16} {:>16} {:>16}",
        head("Итого", "Total"),
        speech::amount(lang, now),
        speech::amount(lang, then),
        speech::amount(lang, then - now)
    ));
    let (was, is) = (test.present.capped(), test.draft.capped());
    out.say(&Text::new(
        format!("Выше предела (до возврата): людей сейчас {was}, по проекту {is}. «Предел» — в скольких периодах."),
        format!("Above the cap (before relief): people now {was}, by the draft {is}. “Cap” is in how many periods."),
    ));
    out.line("");
    out.line(format!(
        "{:<46} {:>8} {:>16} {:>16} {:>10} {:>10}",
        head("Равенство: доля сниженных продаж", "Fairness: share of sales reduced"),
        head("Продаж", "Sales"),
        head("Снижения сейчас", "Reductions now"),
        head("По проекту", "By the draft"),
        head("Сейчас", "Now"),
        head("Проект", "Draft")
    ));
    for (by, name, was, is) in backtest_book::groups(test) {
        out.line(format!(
            "{:<46} {:>8} {:>16} {:>16} {:>10} {:>10}",
            format!("{}: {}", by.get(lang), name.get(lang)),
            is.sales,
            speech::amount(lang, was.reductions),
            speech::amount(lang, is.reductions),
            share(was.reduced_share(), lang),
            share(is.reduced_share(), lang)
        ));
    }
    for remark in &test.remarks {
        out.say(&Text::new(
            format!("замечание по проекту: {}", remark.message.ru),
            format!("remark on the draft: {}", remark.message.en),
        ));
    }
}
