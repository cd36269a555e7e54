//! What commands that need the database share: a runtime, the configuration, the opened application, the author of a
//! decision. Deliberately absent: anything about a single command.

use std::{future::Future, path::Path};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    config,
    domain::{facts::end_of_day, text::Text},
    env::Clock,
    error::{Error, Result},
    pipeline::App,
};

/// Today by the machine's clock, UTC: only for checks that need a year before a time zone is known.
pub fn today() -> NaiveDate {
    Clock::system().now().date_naive()
}

/// Loads the configuration as of a day.
pub fn load(path: &Path, today: NaiveDate) -> Result<config::Config> {
    Ok(config::load(path, today)?)
}

/// Runs a command against the opened application.
pub fn with_app<T, F, Fut>(path: &Path, clock: Clock, command: F) -> Result<T>
where
    F: FnOnce(App) -> Fut,
    Fut: Future<Output = Result<T>>,
{
    let config = load(path, clock.now().date_naive())?;
    block_on(async move {
        let app = App::open(config, clock, App::own_binary()).await?;
        let db = app.db.clone();
        let result = command(app).await;
        db.close().await;
        result
    })
}

/// Runs a future on a runtime of its own.
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Error::bug("start the runtime", e))?
        .block_on(future)
}

/// Who decides, for the record: the given name, else the login name of this session.
pub fn author(given: Option<&str>) -> Result<String> {
    given
        .map(str::to_owned)
        .or_else(|| std::env::var("SUDO_USER").ok())
        .or_else(|| std::env::var("USER").ok())
        .or_else(|| std::env::var("LOGNAME").ok())
        .filter(|name| !name.trim().is_empty())
        .ok_or_else(|| {
            Error::input(Text::new("неизвестно, кто принимает решение", "it is unknown who decides"))
                .hint(Text::new("укажите --by ИМЯ", "give --by NAME"))
        })
}

/// The instant a day stands for: its end in the business time zone, but never later than now.
pub fn as_of(day: Option<NaiveDate>, app: &App) -> DateTime<Utc> {
    let now = app.clock.now();
    day.map_or(now, |day| end_of_day(app.config.company.tz, day).min(now))
}
