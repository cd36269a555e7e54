//! `sverka check`: everything that can be wrong before the first run, all at once, without a network; then a summary
//! of what was understood. Deliberately absent: servers and shares, the database.

use std::{collections::BTreeMap, path::Path, process::ExitCode};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    cli::output::Out,
    config::{Config, Transport, cron, load, problem::Problem},
    domain::{
        due,
        org::Role,
        run::Job,
        text::{Lang, Text},
    },
    error::{Kind, Result},
};

/// Arguments of `check`.
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// Считать замечания ошибками.
    #[arg(long)]
    pub strict: bool,
}

/// A check of something that this file knows nothing about (templates, layouts): a name, and what is wrong with it.
pub type Extra<'a> = (&'a str, &'a dyn Fn(&Config) -> Vec<Text>);

/// Checks the configuration and prints mistakes or a summary. Exit code 3 when it cannot be used (with `strict`: when
/// there is anything to say). `extra` are further checks, made when the configuration itself is sound.
pub fn run(
    args: &CheckArgs,
    config_path: &Path,
    now: DateTime<Utc>,
    out: Out,
    extra: &[Extra<'_>],
) -> Result<ExitCode> {
    let checked = Checked::new(config_path, now, extra);
    if out.json {
        out.json(&checked.to_json(args.strict, now, out.lang));
    } else {
        out.line(checked.render(now, out.lang));
    }
    Ok(ExitCode::from(checked.exit_code(args.strict)))
}

/// Outcome of a check.
#[derive(Debug)]
pub struct Checked {
    /// Mistakes and remarks.
    pub problems: Vec<Problem>,
    /// What further checks say: name of the check, and the mistake.
    pub further: Vec<(String, Text)>,
    /// The configuration, if it can be used.
    pub config: Option<Config>,
}

impl Checked {
    /// Loads the configuration, then makes the further checks.
    pub fn new(config_path: &Path, now: DateTime<Utc>, extra: &[Extra<'_>]) -> Self {
        match load(config_path, now.date_naive()) {
            Ok(config) => {
                let further = extra
                    .iter()
                    .flat_map(|(name, check)| check(&config).into_iter().map(|text| ((*name).to_owned(), text)))
                    .collect();
                Self { problems: config.warnings.clone(), further, config: Some(config) }
            }
            Err(errors) => Self { problems: errors.problems, further: Vec::new(), config: None },
        }
    }

    fn errors(&self) -> usize {
        self.problems.iter().filter(|p| !p.warning).count() + self.further.len()
    }

    fn warnings(&self) -> usize {
        self.problems.iter().filter(|p| p.warning).count()
    }

    /// 0, or that of a wrong configuration.
    pub fn exit_code(&self, strict: bool) -> u8 {
        if self.errors() > 0 || (strict && self.warnings() > 0) { Kind::Config.exit_code() } else { 0 }
    }

    /// For people.
    pub fn render(&self, now: DateTime<Utc>, lang: Lang) -> String {
        let mut parts: Vec<String> = self.problems.iter().map(|p| p.render(lang)).collect();
        parts.extend(self.further.iter().map(|(name, text)| format!("{name}: {}\n", text.get(lang))));
        if let Some(config) = self.config.as_ref().filter(|_| self.errors() == 0) {
            parts.push(summary(config, now, lang) + "\n");
        }
        parts.push(verdict(self.errors(), self.warnings()).get(lang).to_owned());
        parts.join("\n")
    }

    /// For programs.
    pub fn to_json(&self, strict: bool, now: DateTime<Utc>, lang: Lang) -> Value {
        let further = self
            .further
            .iter()
            .map(|(name, text)| json!({ "severity": "error", "place": name, "message": text.get(lang) }));
        json!({
            "ok": self.exit_code(strict) == 0,
            "problems": self.problems.iter().map(|p| p.to_json(lang)).chain(further).collect::<Vec<_>>(),
            "summary": self.config.as_ref().map(|config| summary_json(config, now)),
        })
    }
}

fn verdict(errors: usize, warnings: usize) -> Text {
    match (errors, warnings) {
        (0, 0) => Text::new("Настройки в порядке.", "The configuration is sound."),
        (0, n) => Text::new(
            format!("Настройки в порядке, замечаний: {n}."),
            format!("The configuration is sound, remarks: {n}."),
        ),
        (e, n) => Text::new(format!("Ошибок: {e}, замечаний: {n}."), format!("Errors: {e}, remarks: {n}.")),
    }
}

const ROLES: [(Role, &str, &str); 4] = [
    (Role::Manager, "менеджеры", "managers"),
    (Role::Head, "руководители", "heads"),
    (Role::Finance, "финансы", "finance"),
    (Role::Operator, "операторы", "operators"),
];

/// What was understood, for people.
pub fn summary(config: &Config, now: DateTime<Utc>, lang: Lang) -> String {
    let pick = |ru: &'static str, en: &'static str| if lang == Lang::Ru { ru } else { en };
    let mut lines = Vec::new();
    let mut line = |name: &str, text: String| lines.push(format!("{name:<22} {text}"));

    line(pick("компания", "company"), format!("{}, {}", config.company.name, config.company.tz));
    let people =
        ROLES.map(|(role, ru, en)| format!("{} {}", pick(ru, en), config.roster.with_role(role).count())).join(", ");
    line(pick("сотрудники", "people"), people);
    if config.matching.calibrate {
        let learned = pick(
            "веса поправляются по решениям людей, от 30 решений, не больше 1,5 бита",
            "weights are shifted by people's decisions, from 30 of them on, at most 1.5 bits",
        );
        line(pick("сопоставление", "matching"), learned.to_owned());
    }
    for version in &config.policy.versions {
        let rules = version.rules.iter().map(|rule| {
            let shadow = if rule.shadow { pick(" (только показ)", " (shown only)") } else { "" };
            format!("{}{shadow}", rule.id)
        });
        let rules = rules.collect::<Vec<_>>().join(", ");
        let from = version.effective_from;
        line(pick("положение", "policy"), format!("{} {} {from}: {rules}", version.id, pick("с", "from")));
    }
    for job in Job::ALL {
        let name = match job {
            Job::Ingest => pick("приём файлов", "ingest"),
            Job::Alerts => pick("письма менеджерам", "alerts"),
            Job::Monthly => pick("страницы месяца", "monthly pages"),
            Job::Audit => pick("отчёт руководителям", "audit"),
            Job::Close => pick("закрытие месяца", "close"),
        };
        line(name, occurrences(config, job, now).join(", "));
    }
    let years = config.calendar.years().map(|y| y.to_string()).collect::<Vec<_>>().join(", ");
    line(pick("календарь", "calendar"), years);
    for folder in &config.accounting.folders {
        line(pick("учётная система", "accounting"), folder.display().to_string());
    }
    for source in &config.crm {
        line("CRM", format!("{} ({}): {}", source.name, source.preset.code(), source.folder.display()));
    }
    let lists = [(pick("звонки", "calls"), &config.calls), (pick("планы", "plans"), &config.plans)];
    for (name, folder) in lists.iter().flat_map(|(name, lists)| lists.folders.iter().map(move |f| (*name, f))) {
        line(name, folder.display().to_string());
    }
    line(
        pick("почта", "mail"),
        match &config.mail.transport {
            Transport::Directory { folder } => {
                format!("{} {}", pick("файлы .eml, никуда не уходят:", ".eml files, nothing leaves:"), folder.display())
            }
            Transport::Smtp(smtp) => {
                format!("{}:{} → {}", smtp.host, smtp.port, config.mail.allowed_domains.join(", "))
            }
        },
    );
    line(pick("база данных", "database"), config.store.url.redacted());
    lines.join("\n")
}

/// The next three occurrences with their offset from UTC: `2026-11-23 10:00 +03:00`.
fn occurrences(config: &Config, job: Job, now: DateTime<Utc>) -> Vec<String> {
    let tz = config.company.tz;
    let Ok(cron) = config.schedule.cron(job).parse::<croner::Cron>() else { return Vec::new() };
    // Of the days on which the monthly pages may leave one a month is meant.
    let looked_at = if job == Job::Monthly { 100 } else { 3 };
    cron::next(config.schedule.cron(job), tz, now, looked_at)
        .iter()
        .filter(|at| due::is_meant(job, &cron, tz, &config.calendar, at.to_utc()))
        .take(3)
        .map(|at| at.format("%Y-%m-%d %H:%M %:z").to_string())
        .collect()
}

/// What was understood, for programs.
pub fn summary_json(config: &Config, now: DateTime<Utc>) -> Value {
    let people: BTreeMap<&str, usize> =
        ROLES.map(|(role, _, en)| (en, config.roster.with_role(role).count())).into_iter().collect();
    let versions: Vec<Value> = config
        .policy
        .versions
        .iter()
        .map(|v| json!({ "id": v.id, "title": v.title, "effective_from": v.effective_from.to_string() }))
        .collect();
    let schedule: BTreeMap<&str, Vec<String>> =
        Job::ALL.into_iter().map(|job| (job.code(), occurrences(config, job, now))).collect();
    json!({
        "company": config.company.name,
        "timezone": config.company.tz.name(),
        "people": people,
        "policy": versions,
        "schedule": schedule,
        "calendar": config.calendar.years().collect::<Vec<_>>(),
        "accounting": config.accounting.folders,
        "crm": config.crm,
        "hashes": config.hashes,
    })
}
