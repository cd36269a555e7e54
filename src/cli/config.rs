//! `sverka config show | defaults`: what is in force, secrets hidden, and the documented defaults.
//! Deliberately absent: changing anything (people edit files).

use std::{path::Path, process::ExitCode};

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    cli::output::Out,
    config::{Config, DEFAULTS, load},
    domain::text::{Lang, Text},
    error::{Error, Result},
};

/// Arguments of `config`.
#[derive(Clone, Debug, clap::Args)]
pub struct ConfigArgs {
    /// Что показать.
    #[command(subcommand)]
    pub what: What,
}

/// What to show.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub enum What {
    /// Все действующие настройки (по умолчанию, из файла, из окружения); секреты скрыты.
    Show,
    /// Все ключи со значениями по умолчанию и пояснениями (на английском).
    Defaults,
}

/// Prints the settings.
pub fn run(args: &ConfigArgs, config_path: &Path, today: NaiveDate, out: Out) -> Result<ExitCode> {
    match args.what {
        What::Defaults => out.line(DEFAULTS.trim_end()),
        What::Show => {
            let config = load(config_path, today).map_err(Error::from)?;
            if out.json {
                out.json(&Shown::of(&config));
            } else {
                out.line(as_toml(&config, out.lang)?.trim_end());
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The sections of the main file as they are in force; secrets serialize as `***`.
#[derive(Debug, Serialize)]
pub struct Shown<'a> {
    company: &'a crate::config::Company,
    files: &'a crate::config::Files,
    store: &'a crate::config::Store,
    accounting: &'a crate::config::Accounting,
    matching: &'a crate::config::Matching,
    mail: &'a crate::config::Mail,
    schedule: &'a crate::config::Schedule,
    gate: &'a crate::config::Gate,
    web: &'a crate::config::Web,
    log: &'a crate::config::Log,
    crm: &'a [crate::config::CrmSource],
}

impl<'a> Shown<'a> {
    /// The view of a configuration.
    pub fn of(config: &'a Config) -> Self {
        let Config { company, files, store, accounting, crm, matching, mail, schedule, gate, web, log, .. } = config;
        Self { company, files, store, accounting, matching, mail, schedule, gate, web, log, crm }
    }
}

/// The same as TOML.
pub fn as_toml(config: &Config, lang: Lang) -> Result<String> {
    let text = toml::to_string_pretty(&Shown::of(config)).map_err(|e| Error::bug("show the configuration", e))?;
    let head = Text::new("# действующие настройки, секреты скрыты", "# settings in force, secrets hidden");
    Ok(format!("{}\n\n{text}", head.get(lang)))
}
