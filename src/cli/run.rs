//! `sverka run`: the daemon. Deliberately absent: what it does (`schedule`).

use std::{path::Path, process::ExitCode};

use chrono::{DateTime, Utc};
use clap::Args;

use super::{output::Out, session};
use crate::{
    config::{Config, LogFormat, Security, Transport},
    domain::text::Text,
    env::Clock,
    error::{Error, Kind, Result},
    pipeline::App,
    schedule::lifecycle,
    store::{self, Db},
};

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Репетиция: начать с этого момента (RFC 3339). Только когда письма не покидают эту машину.
    #[arg(long, value_name = "INSTANT")]
    rehearse_at: Option<DateTime<Utc>>,
}

/// Runs until told to stop.
pub fn run(args: &RunArgs, path: &Path, _out: Out) -> Result<ExitCode> {
    let clock = args.rehearse_at.map_or_else(Clock::system, Clock::starting_at);
    let config = session::load(path, clock.now().date_naive())?;
    if args.rehearse_at.is_some() && !stays_here(&config.mail.transport) {
        return Err(Error::new(
            Kind::Config,
            Text::new(
                "репетиция с другим временем возможна, только когда письма не покидают эту машину (mail.transport = \"directory\" или сервер на ней самой без шифрования)",
                "a rehearsal at another time needs mails to stay on this machine (mail.transport = \"directory\" or a plain server on it)",
            ),
        ));
    }
    log(&config);
    if !config.warnings.is_empty() {
        tracing::warn!(
            remarks = config.warnings.len(),
            "the configuration has {} remarks: sverka check",
            config.warnings.len()
        );
    }
    session::block_on(async move {
        // One process owns an SQLite file; on PostgreSQL several may share the work.
        let lock = Db::sqlite_path(config.store.url.expose()).map(|path| store::instance_lock(&path)).transpose()?;
        let alone = lock.is_some();
        let app = App::open(config, clock, App::own_binary()).await?.remembering();
        if alone {
            // Whoever held a lease on this file is gone: what it left is taken up at once.
            let mut tx = app.db.begin().await?;
            tx.release_leases().await?;
            tx.commit().await?;
        }
        lifecycle::run(app).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Whether no mail can leave the machine: a folder, or an unencrypted server, which the configuration allows only here.
fn stays_here(transport: &Transport) -> bool {
    match transport {
        Transport::Directory { .. } => true,
        Transport::Smtp(smtp) => smtp.security == Security::Plain,
    }
}

fn log(config: &Config) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.log.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second initialisation (tests) changes nothing.
    let _ = match config.log.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
