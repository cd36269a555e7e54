//! `sverka init FOLDER`: writes a commented configuration that `sverka check` accepts. Never overwrites, never asks.
//! Deliberately absent: the database (made at the first run) and everything that needs a network.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{
    cli::{output::Out, speech},
    domain::text::{Lang, Text},
    error::{Error, Result},
};

/// Arguments of `init`.
#[derive(Clone, Debug, clap::Args)]
pub struct InitArgs {
    /// Папка; если её нет, будет создана.
    pub folder: PathBuf,
    /// Название компании.
    #[arg(long, default_value = "Моя компания")]
    pub company: String,
    /// Своя организация, как её пишет учётная система; можно несколько раз.
    #[arg(long = "organisation", value_name = "NAME")]
    pub organisations: Vec<String>,
    /// Часовой пояс компании.
    #[arg(long, default_value = "Europe/Moscow")]
    pub timezone: String,
    /// Язык писем и командной строки: ru или en.
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    pub language: String,
}

const STARTER: &str = include_str!("../../config/starter.toml");
/// The sample regulation, also the demo's.
pub const POLICY: &str = include_str!("../../config/policy.toml");
/// The sample people, also the demo's.
pub const PEOPLE: &str = include_str!("../../config/people.toml");
/// Working days of the years that come with the program: file name and text.
pub const CALENDARS: [(&str, &str); 2] = [
    ("ru-2025.toml", include_str!("../../config/calendar/ru-2025.toml")),
    ("ru-2026.toml", include_str!("../../config/calendar/ru-2026.toml")),
];

/// Writes the configuration and prints the next three steps.
pub fn run(args: &InitArgs, out: Out) -> Result<ExitCode> {
    let written = write(args)?;
    if out.json {
        out.json(&serde_json::json!({ "folder": args.folder, "written": written }));
    } else {
        out.say(&next_steps(&args.folder));
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the configuration and says which files; nothing at all when one of them exists.
pub fn write(args: &InitArgs) -> Result<Vec<PathBuf>> {
    if args.timezone.parse::<chrono_tz::Tz>().is_err() {
        let name = &args.timezone;
        return Err(Error::input(Text::new(
            format!("нет такого часового пояса: «{name}»"),
            format!("there is no time zone “{name}”"),
        ))
        .hint(Text::new("например Europe/Moscow, Asia/Yekaterinburg", "such as Europe/Moscow")));
    }
    let files: Vec<(PathBuf, String)> =
        files(args).into_iter().map(|(name, text)| (args.folder.join(name), text)).collect();
    let taken: Vec<String> =
        files.iter().filter(|(path, _)| path.exists()).map(|(path, _)| path.display().to_string()).collect();
    if !taken.is_empty() {
        let list = taken.join(", ");
        return Err(Error::input(Text::new(
            format!("уже есть: {list}; ничего не записано"),
            format!("already there: {list}; nothing was written"),
        ))
        .hint(Text::new(
            "укажите другую папку или уберите эти файлы",
            "name another folder or move these files away",
        )));
    }
    for folder in ["calendar", "inbox/accounting", "inbox/crm", "outbox"] {
        let folder = args.folder.join(folder);
        std::fs::create_dir_all(&folder).map_err(|e| cannot(&folder, &e))?;
    }
    for (path, text) in &files {
        write_new(path, text).map_err(|e| cannot(path, &e))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn files(args: &InitArgs) -> Vec<(String, String)> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let organisations = args.organisations.iter().map(|o| quoted(o)).collect::<Vec<_>>().join(", ");
    let starter = STARTER
        .replace("{name}", &quoted(&args.company))
        .replace("{organisations}", &format!("[{organisations}]"))
        .replace("{timezone}", &quoted(&args.timezone))
        .replace("{language}", &quoted(&args.language));
    // Until the regulation is signed, everything is computed and shown, and nothing is posted.
    let policy = POLICY.replace("shadow = false", "shadow = true");
    let mut files = vec![
        ("sverka.toml".to_owned(), starter),
        ("policy.toml".to_owned(), policy),
        ("people.toml".to_owned(), PEOPLE.to_owned()),
    ];
    files.extend(CALENDARS.iter().map(|(name, text)| (format!("calendar/{name}"), (*text).to_owned())));
    files
}

/// Fails when the file exists: also when it appeared a moment ago.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn cannot(path: &Path, error: &std::io::Error) -> Error {
    let (path, cause) = (path.display(), speech::cause(error));
    Error::input(Text::new(
        format!("{path} не записывается: {}", cause.ru),
        format!("cannot write {path}: {}", cause.en),
    ))
}

fn next_steps(folder: &Path) -> Text {
    let at = |name: &str| folder.join(name).display().to_string();
    let (main, people, policy) = (at("sverka.toml"), at("people.toml"), at("policy.toml"));
    let (accounting, crm) = (at("inbox/accounting"), at("inbox/crm"));
    let program = speech::program(&folder.join("sverka.toml"));
    Text::new(
        format!(
            "Готово: {main}\n\n\
             Дальше:\n\
             1. Впишите сотрудников в {people} и свои организации в {main}, затем: {program} check\n\
             2. Положите выгрузку продаж в {accounting}, выгрузку CRM в {crm}, затем: {program} once ingest\n\
             3. Сверьте {policy} с подписанным положением. Пока в правилах shadow = true, суммы только показываются.\n\
             4. Письма без отправки: {program} once audit --dry-run; {program} preview audit. Постоянная работа: {program} run"
        ),
        format!(
            "Done: {main}\n\n\
             Next:\n\
             1. Put your people into {people} and your organisations into {main}, then: {program} check\n\
             2. Put an export of sales into {accounting} and an export of the CRM into {crm}, then: {program} once ingest\n\
             3. Compare {policy} with the signed regulation. While its rules say shadow = true, sums are only shown.\n\
             4. Mails without sending: {program} once audit --dry-run; {program} preview audit. The daemon: {program} run"
        ),
    )
}

/// The language asked for.
pub fn lang(args: &InitArgs) -> Lang {
    if args.language == "en" { Lang::En } else { Lang::Ru }
}
