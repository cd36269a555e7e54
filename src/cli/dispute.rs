//! `sverka dispute`: contest a line by its code, see what waits, decide, take a decision back. Deliberately absent: who may
//! do what (`domain::dispute`), the money (the next run posts the difference).

use std::{path::Path, process::ExitCode};

use clap::{Args, Subcommand, ValueEnum};

use super::{output::Out, session, speech};
use crate::{
    domain::{
        dispute::{Case, Claim, EventKind, Ruling, State},
        text::Text,
        words::date,
    },
    env::Clock,
    error::Result,
    pipeline::{
        App,
        disputes::{self, Asked},
    },
};

/// Subcommands of `dispute`.
#[derive(Debug, Subcommand)]
pub enum DisputeCommand {
    /// Оспорить строку по её коду. До ответа руководителя снижение в файл для бухгалтерии не попадает.
    Open(OpenArgs),
    /// Оспаривания: что ждёт ответа и до какого дня.
    List {
        /// Показать и решённые.
        #[arg(long)]
        all: bool,
    },
    /// Решить: оставить строку (uphold) или снять её (withdraw). Решает руководитель, не сам сотрудник.
    Decide {
        /// Код строки или номер оспаривания.
        what: String,
        /// Решение.
        #[arg(value_enum)]
        ruling: RulingName,
        /// Кто решает: имя или табельный номер.
        #[arg(long)]
        by: String,
        /// Почему.
        #[arg(long)]
        text: String,
    },
    /// Вернуть решённое оспаривание на рассмотрение.
    Undo {
        /// Код строки или номер оспаривания.
        what: String,
        /// Кто возвращает: имя или табельный номер.
        #[arg(long)]
        by: String,
        /// Почему.
        #[arg(long)]
        text: String,
    },
}

/// Arguments of `dispute open`.
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// Код строки, например 0001-7Q.
    code: String,
    /// Что не так.
    #[arg(long, value_enum)]
    kind: ClaimName,
    /// Номер записи CRM, если карточка там есть.
    #[arg(long)]
    crm_id: Option<String>,
    /// Кто оспаривает: имя или табельный номер.
    #[arg(long)]
    by: String,
    /// Своими словами.
    #[arg(long, default_value = "")]
    text: String,
}

/// Claims, as arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ClaimName {
    /// The card is in the CRM.
    InCrm,
    /// Not my client.
    NotMine,
    /// Retail.
    Retail,
    /// A duplicate.
    Duplicate,
    /// Not credited.
    NotCredited,
}

impl ClaimName {
    const fn claim(self) -> Claim {
        match self {
            Self::InCrm => Claim::InCrm,
            Self::NotMine => Claim::NotMine,
            Self::Retail => Claim::Retail,
            Self::Duplicate => Claim::Duplicate,
            Self::NotCredited => Claim::NotCredited,
        }
    }
}

/// Rulings, as arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RulingName {
    /// The line stands.
    Uphold,
    /// The line is withdrawn.
    Withdraw,
}

impl RulingName {
    const fn ruling(self) -> Ruling {
        match self {
            Self::Uphold => Ruling::Uphold,
            Self::Withdraw => Ruling::Withdraw,
        }
    }
}

/// Runs the subcommand.
pub fn run(command: &DisputeCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        match command {
            DisputeCommand::Open(args) => {
                let asked = Asked {
                    code: args.code.clone(),
                    claim: args.kind.claim(),
                    crm_id: args.crm_id.clone(),
                    by: args.by.clone(),
                    note: args.text.clone(),
                    source: "cli".to_owned(),
                };
                show(&app, &[disputes::open(&app, &asked).await?], out);
            }
            DisputeCommand::List { all } => list(&app, *all, path, out).await?,
            DisputeCommand::Decide { what, ruling, by, text } => {
                show(&app, &[disputes::decide(&app, what, ruling.ruling(), by, text).await?], out);
            }
            DisputeCommand::Undo { what, by, text } => {
                show(&app, &[disputes::undo(&app, what, by, text).await?], out);
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn list(app: &App, all: bool, path: &Path, out: Out) -> Result<()> {
    let today = app.clock.now().with_timezone(&app.config.company.tz).date_naive();
    let mut cases = disputes::all(app).await?;
    cases.retain(|case| all || matches!(case.state(today), State::Open { .. }));
    if cases.is_empty() && !out.json {
        out.say(&Text::new("ответа ничего не ждёт", "nothing waits for an answer"));
        return Ok(());
    }
    show(app, &cases, out);
    if let Some(case) = cases.iter().find(|case| matches!(case.state(today), State::Open { .. })).filter(|_| !out.json)
    {
        let (program, code) = (speech::program(path), &case.dispute.code);
        out.say(&Text::new(
            format!("решить: {program} dispute decide {code} withdraw|uphold --by ИМЯ --text \"…\""),
            format!("decide: {program} dispute decide {code} withdraw|uphold --by NAME --text \"…\""),
        ));
    }
    Ok(())
}

fn show(app: &App, cases: &[Case], out: Out) {
    let today = app.clock.now().with_timezone(&app.config.company.tz).date_naive();
    if out.json {
        let rows = cases.iter().map(|case| serde_json::json!({ "case": case, "state": case.state(today) }));
        out.json(&rows.collect::<Vec<_>>());
        return;
    }
    for case in cases {
        let (of, claim) = (&case.dispute, case.dispute.claim.text());
        let (by, owner) = (disputes::name_of(app, &of.by), disputes::name_of(app, &of.key.employee));
        let state = match case.state(today) {
            State::Open { due } => {
                let silence = of.by_default.text();
                Text::new(
                    format!("ждёт ответа до {}; без ответа: {}", date(due, out.lang), silence.ru),
                    format!("waits for an answer until {}; without one: {}", date(due, out.lang), silence.en),
                )
            }
            State::Decided { ruling, by, why } => {
                let ended = ruling.text();
                let (by_ru, by_en) =
                    if by.is_empty() { (String::new(), String::new()) } else { (format!(", {by}"), format!(", {by}")) };
                let tail = |why: &str| if why.is_empty() { String::new() } else { format!(": {why}") };
                Text::new(
                    format!("{}{by_ru}{}", ended.ru, tail(&why.ru)),
                    format!("{}{by_en}{}", ended.en, tail(&why.en)),
                )
            }
        };
        out.say(&Text::new(
            format!("{}  {owner}, {}: {} ({by})", of.code, of.key.subject, claim.ru),
            format!("{}  {owner}, {}: {} ({by})", of.code, of.key.subject, claim.en),
        ));
        if !of.note.is_empty() {
            out.line(format!("    «{}»", of.note));
        }
        for event in case.events.iter().filter(|e| e.kind == EventKind::Checked) {
            out.say(&Text::new(format!("    проверено: {}", event.note.ru), format!("    checked: {}", event.note.en)));
        }
        out.line(format!("    {}", state.get(out.lang)));
    }
}
