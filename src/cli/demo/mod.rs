//! `sverka demo`: a made-up company, three weeks of the daemon's schedule under a moved clock, mails in a folder with a
//! page to look at them. Needs no network, server or account. Deliberately absent: any shortcut past the real
//! pipeline: the files are real files, parsed, matched, computed and frozen as in production.

pub mod company;
pub mod files;
mod index;
mod summary;
pub mod ways;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{init, output::Out, session};
use crate::{
    config,
    domain::{org::EmployeeId, rule_facts::Training, text::Text},
    env::Clock,
    error::{Error, Result},
    ingest::Spool,
    pipeline::App,
    schedule,
};

/// Key of the demo's ledger: fixed and public, so that the same demo has the same chain. A real one is drawn once.
const LEDGER_KEY: &str = "a public key of the demonstration, of no use anywhere else";

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Папка для писем, файлов и страницы index.html.
    #[arg(long, default_value = "demo")]
    dir: PathBuf,
}

/// Runs the demo.
pub fn run(args: &DemoArgs, out: Out) -> Result<ExitCode> {
    let dir = prepare(&args.dir)?;
    let config = config::load(&dir.join("sverka.toml"), company::start())?;
    session::block_on(async move {
        let clock = Clock::manual(at(&config, company::start(), 7, 0));
        let app = App::open(config, clock, App::own_binary()).await?.remembering();
        live_through(&app, &dir).await?;
        index::write(&app, &dir).await?;
        summary::tell(&app, &dir, out).await?;
        app.db.close().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Makes the folder: configuration, people, empty inboxes. A folder that is not an earlier demo is never touched.
fn prepare(dir: &Path) -> Result<PathBuf> {
    let failed = |e: std::io::Error| Error::bug("make the demo's folder", e);
    let marker = dir.join(".sverka-demo");
    if dir.exists() && !marker.exists() && fs::read_dir(dir).map_err(failed)?.next().is_some() {
        return Err(Error::input(Text::new(
            format!("папка {} не пуста и создана не демонстрацией", dir.display()),
            format!("the folder {} is not empty and was not made by the demo", dir.display()),
        ))
        .hint(Text::new("укажите другую: sverka demo --dir ПАПКА", "name another: sverka demo --dir DIR")));
    }
    if marker.exists() {
        fs::remove_dir_all(dir).map_err(failed)?;
    }
    fs::create_dir_all(dir).map_err(failed)?;
    let dir = dir.canonicalize().map_err(failed)?;
    fs::write(dir.join(".sverka-demo"), "").map_err(failed)?;
    fs::write(dir.join("sverka.toml"), files::sverka_toml()).map_err(failed)?;
    fs::write(dir.join("people.toml"), files::people_toml()).map_err(failed)?;
    fs::write(dir.join("policy.toml"), files::policy_toml()).map_err(failed)?;
    fs::write(dir.join("ledger.key"), LEDGER_KEY).map_err(failed)?;
    for folder in ["inbox/accounting", "inbox/crm", "calendar"] {
        fs::create_dir_all(dir.join(folder)).map_err(failed)?;
    }
    for (name, text) in init::CALENDARS {
        fs::write(dir.join("calendar").join(name), text).map_err(failed)?;
    }
    Ok(dir)
}

/// Three weeks, half an hour at a time.
async fn live_through(app: &App, dir: &Path) -> Result<()> {
    let (clients, documents) = (company::clients(), company::documents());
    let mut spool = Spool::new(app.spool_settings());
    let days = (company::end() - company::start()).num_days() + 1;
    let bar = ProgressBar::new(days as u64)
        .with_style(ProgressStyle::with_template("{bar:30} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    // The first look only sets the cursors of the schedules.
    schedule::tick(app, &mut spool, "demo").await?;
    for offset in 0..days {
        let day = company::start() + Days::new(offset as u64);
        bar.set_message(day.format("%d.%m.%Y").to_string());
        bar.inc(1);
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || day.to_string() == "2026-11-04" {
            continue;
        }
        if day.to_string() == "2026-10-28" {
            taught(app, day).await?;
        }
        for half_hours in 16..=38 {
            let (hour, minute) = (half_hours / 2, 30 * (half_hours % 2));
            let now = at(&app.config, day, hour, minute);
            app.clock.set(now);
            exports(dir, &clients, &documents, day, (hour, minute), now)?;
            schedule::tick(app, &mut spool, "demo").await?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// A seminar on phones for two people, recorded on its day.
async fn taught(app: &App, day: NaiveDate) -> Result<()> {
    let at = at(&app.config, day, 12, 0);
    let mut tx = app.db.begin().await?;
    for id in ["0104", "0109"] {
        let employee = EmployeeId(id.to_owned());
        let training = Training { id: format!("demo-{id}"), topic: "phone".to_owned(), employee, on: day };
        tx.add_training(&training, "Громова Елена", at).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What accounting and the CRM export: every morning what there was up to the evening before, on Friday afternoon all.
fn exports(
    dir: &Path,
    clients: &[company::Client],
    documents: &[company::Document],
    day: NaiveDate,
    time: (u32, u32),
    now: DateTime<Utc>,
) -> Result<()> {
    let friday = day.weekday() == Weekday::Fri;
    let written = now - TimeDelta::minutes(20);
    let (morning, afternoon) = (time == (9, 0), friday && time == (16, 30));
    if morning && day == company::start() {
        files::counterparty_list(&dir.join("inbox/accounting/Контрагенты.csv"), clients, written)?;
    }
    if morning || afternoon {
        files::crm_companies(&dir.join("inbox/crm/Компании.csv"), clients, day, written)?;
    }
    // One morning accounting sends a file that does not add up, and the right one the next morning.
    let broken = day.to_string() == "2026-11-10" && morning;
    if morning || afternoon {
        let until = if morning { day - Days::new(1) } else { day };
        for (first, list) in files::month_to_date(documents, until) {
            let last = list.last().map_or(day, |d| d.date);
            let name = format!("Продажи {}.xlsx", first.format("%Y-%m"));
            let slip = if broken && first.month() == 11 { 10_000 } else { 0 };
            files::sales_workbook(
                &dir.join("inbox/accounting").join(name),
                clients,
                &list,
                (first, last),
                slip,
                written,
            )?;
        }
    }
    Ok(())
}

/// An instant of business time.
fn at(config: &config::Config, day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
    config.company.tz.from_local_datetime(&local).earliest().map_or(DateTime::UNIX_EPOCH, |at| at.to_utc())
}
