//! `sverka acknowledge`: the register of signatures under the regulation. Deliberately absent: what rows mean
//! (`domain::regulation::signing`), the sheet to be signed (`sverka regulation`).

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::NaiveDate;
use clap::Subcommand;

use super::{compare, output::Out, session};
use crate::{
    domain::{
        org::EmployeeId,
        policy::PolicyVersion,
        regulation::{
            binding::{self, Bound},
            people,
            signing::Plan,
        },
        report::name_of,
        text::Text,
        words::date,
    },
    env::Clock,
    error::{Error, Result},
    pipeline::{App, acknowledge},
    store::AcknowledgementRecord,
};

/// Subcommands of `acknowledge`.
#[derive(Debug, Subcommand)]
#[command(disable_version_flag = true)]
pub enum AcknowledgeCommand {
    /// Записать подпись одного сотрудника.
    #[command(disable_version_flag = true)]
    Record {
        /// Табельный номер (или имя).
        employee: String,
        /// Редакция; без ключа действующая сегодня.
        #[arg(long)]
        version: Option<String>,
        /// День подписи; без ключа сегодня.
        #[arg(long, value_name = "ДАТА")]
        on: Option<NaiveDate>,
        /// Кто записывает.
        #[arg(long)]
        by: Option<String>,
    },
    /// Внести подписи из таблицы (.csv, .xlsx): табельный номер, редакция, дата.
    #[command(disable_version_flag = true)]
    Import {
        /// Таблица.
        file: PathBuf,
        /// Редакция для строк, где она не указана.
        #[arg(long)]
        version: Option<String>,
        /// Кто записывает.
        #[arg(long)]
        by: Option<String>,
        /// Только показать, что будет внесено.
        #[arg(long)]
        dry_run: bool,
    },
    /// Кто ознакомлен с редакцией и кто нет.
    #[command(disable_version_flag = true)]
    List {
        /// Редакция; без ключа действующая сегодня и будущие.
        #[arg(long)]
        version: Option<String>,
        /// Со всеми записями, отменённые тоже.
        #[arg(long)]
        all: bool,
    },
    /// Отменить запись по её номеру.
    Undo {
        /// Номер записи (список: acknowledge list --all).
        record: String,
        /// Пояснение.
        #[arg(long, default_value = "")]
        note: String,
        /// Кто отменяет.
        #[arg(long)]
        by: Option<String>,
    },
}

/// Runs the subcommand.
pub fn run(command: &AcknowledgeCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| match command {
        AcknowledgeCommand::Record { employee, version, on, by } => {
            let author = session::author(by.as_deref())?;
            let version = match version {
                Some(id) => id.clone(),
                None => in_force(&app)?.id.clone(),
            };
            let on = on.unwrap_or_else(|| today(&app));
            let plan = acknowledge::record(&app, employee, &version, on, &author).await?;
            if let Some(finding) = plan.refused.into_iter().next() {
                return Err(Error::input(finding.message));
            }
            if out.json {
                out.json(&serde_json::json!({ "recorded": plan.record.len() }));
            } else if plan.record.is_empty() {
                out.say(&Text::new("это ознакомление уже записано", "this acknowledgement is recorded already"));
            } else {
                out.say(&Text::new(
                    "ознакомление записано; учтётся в следующем прогоне",
                    "recorded; the next run takes it into account",
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
        AcknowledgeCommand::Import { file, version, by, dry_run } => {
            compare::readable(file)?;
            let author = session::author(by.as_deref())?;
            let plan = acknowledge::import(&app, file, version.as_deref(), &author, *dry_run).await?;
            if out.json {
                out.json(&plan);
            } else {
                say(&plan, *dry_run, out);
            }
            Ok(ExitCode::from(if plan.refused.is_empty() { 0 } else { 2 }))
        }
        AcknowledgeCommand::List { version, all } => {
            list(&app, version.as_deref(), *all, out).await?;
            Ok(ExitCode::SUCCESS)
        }
        AcknowledgeCommand::Undo { record, note, by } => {
            let author = session::author(by.as_deref())?;
            let mut tx = app.db.begin().await?;
            if !tx.undo_acknowledgement(record, &author, app.clock.now(), note).await? {
                return Err(Error::input(Text::new(
                    format!("действующей записи «{record}» нет"),
                    format!("there is no record “{record}” in force"),
                ))
                .hint(Text::new("номера: sverka acknowledge list --all", "ids: sverka acknowledge list --all")));
            }
            tx.commit().await?;
            if out.json {
                out.json(&serde_json::json!({ "undone": record }));
            } else {
                out.say(&Text::new(
                    "запись отменена; учтётся в следующем прогоне",
                    "undone; the next run takes it into account",
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
    })
}

fn today(app: &App) -> NaiveDate {
    app.clock.now().with_timezone(&app.config.company.tz).date_naive()
}

fn in_force(app: &App) -> Result<&PolicyVersion> {
    app.config.policy.as_of(today(app)).ok_or_else(|| {
        Error::input(Text::new("сегодня не действует ни одна редакция", "no version is in force today"))
            .hint(Text::new("укажите --version", "give --version"))
    })
}

fn say(plan: &Plan, dry_run: bool, out: Out) {
    let (new, known, blank, refused) = (plan.record.len(), plan.known, plan.blank, plan.refused.len());
    let head = match (refused, dry_run) {
        (1.., _) => {
            Text::new("ничего не внесено: сначала исправьте строки ниже", "nothing recorded: mend the rows below first")
        }
        (_, true) => Text::new(format!("будет внесено: {new}"), format!("to be recorded: {new}")),
        _ => Text::new(format!("внесено: {new}"), format!("recorded: {new}")),
    };
    out.say(&Text::new(
        format!("{}; уже записано: {known}; без даты: {blank}; не принято: {refused}", head.ru),
        format!("{}; known already: {known}; without a date: {blank}; refused: {refused}", head.en),
    ));
    for finding in &plan.refused {
        let place = finding.source.as_ref().map(crate::domain::finding::SourceRef::describe).unwrap_or_default();
        out.say(&Text::new(
            format!("  {}: {}", place.ru, finding.message.ru),
            format!("  {}: {}", place.en, finding.message.en),
        ));
    }
    if refused == 0 && new > 0 && !dry_run {
        out.note(&Text::new("учтётся в следующем прогоне", "the next run takes it into account"));
    }
}

async fn list(app: &App, version: Option<&str>, all: bool, out: Out) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let history = tx.acknowledgement_history().await?;
    tx.commit().await?;
    let (config, today) = (&app.config, today(app));
    let now = config.policy.as_of(today).map(|v| v.effective_from);
    let asked = |v: &&PolicyVersion| match version {
        Some(id) => v.id == id,
        None => now.is_none_or(|now| v.effective_from >= now),
    };
    let versions: Vec<&PolicyVersion> = config.policy.versions.iter().filter(asked).collect();
    if let (Some(id), true) = (version, versions.is_empty()) {
        let known = config.policy.versions.iter().map(|v| v.id.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Error::input(Text::new(format!("редакции «{id}» нет"), format!("there is no version “{id}”")))
            .hint(Text::new(format!("есть: {known}"), format!("there are: {known}"))));
    }
    let mut rows = Vec::new();
    for version in versions {
        let of_version: Vec<&AcknowledgementRecord> =
            history.iter().filter(|r| r.acknowledgement.version == version.id && (all || r.undone.is_none())).collect();
        let standing: Vec<_> =
            of_version.iter().filter(|r| r.undone.is_none()).map(|r| r.acknowledgement.clone()).collect();
        let Bound { holding: standing, former } = binding::bound(&config.policy, standing);
        let unsigned = people::unsigned(version, &config.roster, &standing, today);
        let name = |id: &EmployeeId| name_of(&config.roster, id);
        if out.json {
            let signed: Vec<_> = of_version
                .iter()
                .map(|r| json(r, &name(&r.acknowledgement.employee), former.contains(&r.acknowledgement)))
                .collect();
            let unsigned: Vec<_> =
                unsigned.iter().map(|e| serde_json::json!({ "employee": e.id, "name": e.name })).collect();
            rows.push(serde_json::json!({ "version": version.id, "signed": signed, "unsigned": unsigned }));
            continue;
        }
        let (id, from) = (&version.id, version.effective_from);
        out.say(&crate::domain::words::both(|lang| match lang {
            crate::domain::text::Lang::Ru => {
                format!(
                    "Редакция {id} (с {}): ознакомлены {}, нет {}",
                    date(from, lang),
                    standing.len(),
                    unsigned.len()
                )
            }
            crate::domain::text::Lang::En => {
                format!("Version {id} (from {}): signed {}, not {}", date(from, lang), standing.len(), unsigned.len())
            }
        }));
        for record in &of_version {
            let mut text = line(record, &name(&record.acknowledgement.employee), all, out);
            if record.undone.is_none() && former.contains(&record.acknowledgement) {
                let words =
                    Text::new("подписан прежний текст, не считается", "a former text was signed, does not count");
                text.push_str(&format!("  {}", words.get(out.lang)));
            }
            out.line(text);
        }
        for person in unsigned {
            let (id, name) = (&person.id.0, &person.name);
            out.say(&Text::new(format!("  нет    {id}  {name}"), format!("  not    {id}  {name}")));
        }
    }
    if out.json {
        out.json(&rows);
    }
    Ok(())
}

fn json(record: &AcknowledgementRecord, name: &str, former: bool) -> serde_json::Value {
    let of = &record.acknowledgement;
    serde_json::json!({
        "id": record.id, "employee": of.employee, "name": name, "on": of.on, "by": record.author,
        "recorded_at": record.recorded_at, "origin": record.origin, "former_text": former,
        "undone": record.undone.as_ref().map(|u| serde_json::json!({ "by": u.author, "at": u.at, "note": u.note })),
    })
}

fn line(record: &AcknowledgementRecord, name: &str, all: bool, out: Out) -> String {
    let of = &record.acknowledgement;
    let mut text = format!("  {}  {}  {name}", date(of.on, out.lang), of.employee.0);
    if all {
        let by = Text::new(format!("записал {}", record.author), format!("recorded by {}", record.author));
        text.push_str(&format!("  {}  {}", record.id, by.get(out.lang)));
        if !record.origin.is_empty() {
            text.push_str(&format!("  {}", record.origin));
        }
    }
    if let Some(undo) = &record.undone {
        let words = Text::new(
            format!("отменил {}: {}", undo.author, undo.note),
            format!("undone by {}: {}", undo.author, undo.note),
        );
        text.push_str(&format!("  {}", words.get(out.lang)));
    }
    text
}
