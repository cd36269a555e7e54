//! `sverka training`: who was taught what and when. What became of it stands in the audit and on the company's page of the
//! head. Deliberately absent: judging it (`domain::report::company`).

use std::{collections::BTreeSet, path::Path, process::ExitCode};

use chrono::NaiveDate;
use clap::Subcommand;

use super::{output::Out, session};
use crate::{
    config::suggest::nearest,
    deliver::words::word,
    domain::{
        org::{EmployeeId, Resolved},
        report::name_of,
        rule_facts::Training,
        text::Text,
        words::date,
    },
    env::Clock,
    error::{Error, Result},
    pipeline::App,
    store::new_id,
};

/// Subcommands of `training`.
#[derive(Debug, Subcommand)]
pub enum TrainingCommand {
    /// Записать обучение: тема (поле карточки), кого учили, когда.
    Add {
        /// Тема: поле из профилей положения, например phone.
        #[arg(long)]
        topic: String,
        /// Табельный номер или имя; можно несколько раз.
        #[arg(long = "person", value_name = "WHO", required = true)]
        people: Vec<String>,
        /// День обучения; без ключа сегодня.
        #[arg(long, value_name = "DATE")]
        on: Option<NaiveDate>,
        /// Кто записывает.
        #[arg(long)]
        by: Option<String>,
    },
    /// Какие обучения записаны.
    List,
    /// Отменить запись по её номеру.
    Undo {
        /// Номер записи (список: training list).
        record: String,
        /// Пояснение.
        #[arg(long, default_value = "")]
        note: String,
        /// Кто отменяет.
        #[arg(long)]
        by: Option<String>,
    },
}

/// Runs a subcommand.
pub fn run(command: &TrainingCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        match command {
            TrainingCommand::Add { topic, people, on, by } => add(&app, topic, people, *on, by.as_deref(), out).await?,
            TrainingCommand::List => list(&app, out).await?,
            TrainingCommand::Undo { record, note, by } => {
                let author = session::author(by.as_deref())?;
                let mut tx = app.db.begin().await?;
                if !tx.undo_training(record, &author, app.clock.now(), note).await? {
                    return Err(Error::input(Text::new(
                        format!("действующей записи «{record}» нет"),
                        format!("there is no record “{record}” in force"),
                    ))
                    .hint(Text::new("номера: sverka training list", "ids: sverka training list")));
                }
                tx.commit().await?;
                if out.json {
                    out.json(&serde_json::json!({ "undone": record }));
                } else {
                    out.say(&Text::new("запись отменена", "undone"));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn add(
    app: &App,
    topic: &str,
    people: &[String],
    on: Option<NaiveDate>,
    by: Option<&str>,
    out: Out,
) -> Result<()> {
    let author = session::author(by)?;
    let now = app.clock.now();
    let today = now.with_timezone(&app.config.company.tz).date_naive();
    let on = on.unwrap_or(today);
    if on > today {
        return Err(Error::input(Text::new(
            format!("{} ещё не наступило: записывается обучение, которое прошло", date(on, out.lang)),
            format!("{} has not come yet: a training is recorded when it is over", date(on, out.lang)),
        )));
    }
    let topic = known_topic(app, topic)?;
    let who: Vec<EmployeeId> = people.iter().map(|name| person(app, name, on)).collect::<Result<_>>()?;
    let mut tx = app.db.begin().await?;
    let mut added = 0;
    for employee in &who {
        let training = Training { id: new_id(now), topic: topic.clone(), employee: employee.clone(), on };
        added += usize::from(tx.add_training(&training, &author, now).await?);
    }
    tx.commit().await?;
    if out.json {
        out.json(&serde_json::json!({ "recorded": added, "known": who.len() - added }));
    } else {
        out.say(&Text::new(
            format!("записано: {added}; уже было: {}; что изменилось, скажут отчёты через 30 дней", who.len() - added),
            format!("recorded: {added}; known already: {}; reports say in 30 days what changed", who.len() - added),
        ));
    }
    Ok(())
}

/// A field that some profile of the regulation asks for.
fn known_topic(app: &App, topic: &str) -> Result<String> {
    let profiles = app.config.policy.versions.iter().flat_map(|version| &version.profiles);
    let known: BTreeSet<&str> = profiles.flat_map(|profile| &profile.fields).map(|f| f.field.as_str()).collect();
    if let Some(found) = known.iter().find(|field| field.to_lowercase() == topic.trim().to_lowercase()) {
        return Ok((*found).to_owned());
    }
    let list = known.iter().copied().collect::<Vec<_>>().join(", ");
    let hint = nearest(topic, known.iter().copied()).map_or_else(
        || Text::new(format!("поля: {list}"), format!("fields: {list}")),
        |near| Text::new(format!("возможно, имелось в виду «{near}»"), format!("did you mean “{near}”?")),
    );
    Err(Error::input(Text::new(
        format!("поля «{topic}» нет ни в одном профиле положения"),
        format!("no profile of the regulation has a field “{topic}”"),
    ))
    .hint(hint))
}

fn person(app: &App, name: &str, on: NaiveDate) -> Result<EmployeeId> {
    match app.config.roster.resolve(name, on) {
        Resolved::One(person) => Ok(person.id.clone()),
        Resolved::Nobody => Err(Error::input(Text::new(
            format!("сотрудника «{name}» нет в файле людей"),
            format!("nobody in the people file is “{name}”"),
        ))),
        Resolved::Ambiguous => Err(Error::input(Text::new(
            format!("имя «{name}» есть у двух сотрудников: укажите табельный номер"),
            format!("two employees share the name “{name}”: give the personnel number"),
        ))),
    }
}

async fn list(app: &App, out: Out) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let all = tx.trainings().await?;
    tx.commit().await?;
    if out.json {
        out.json(&all);
        return Ok(());
    }
    if all.is_empty() {
        out.say(&Text::new("обучений не записано", "no trainings are recorded"));
    }
    for training in &all {
        let name = name_of(&app.config.roster, &training.employee);
        let topic = word(&training.topic);
        out.line(format!("{}  {}  {}  {name}", training.id, date(training.on, out.lang), topic.get(out.lang)));
    }
    Ok(())
}
