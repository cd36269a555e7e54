//! `sverka.toml` to sections. Deliberately absent: mail, store, sources and the levels of the gate (files of their own), everything
//! that needs more than one file.

use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    cron, folders, gate_levels, mail_section,
    problem::Sink,
    reader::Section,
    sections::{
        Accounting, Alerts, Close, Company, CrmSource, Disputes, Files, Gate, Hours, Lists, Log, LogFormat, Mail,
        Matching, Schedule, Store, Web,
    },
    sources, store_section, suggest,
    tree::Table,
};
use crate::domain::text::{Lang, Text};

/// All sections of the main file.
#[derive(Debug)]
pub(super) struct Main {
    pub(super) company: Company,
    pub(super) files: Files,
    pub(super) store: Store,
    pub(super) accounting: Accounting,
    pub(super) crm: Vec<CrmSource>,
    pub(super) calls: Lists,
    pub(super) plans: Lists,
    pub(super) matching: Matching,
    pub(super) mail: Mail,
    pub(super) schedule: Schedule,
    pub(super) gate: Gate,
    pub(super) alerts: Alerts,
    pub(super) disputes: Disputes,
    pub(super) close: Close,
    pub(super) web: Web,
    pub(super) log: Log,
}

/// Reads all sections; `base` is the folder that relative paths are relative to.
pub(super) fn read(root: &Table, base: &Path, now: DateTime<Utc>, sink: &Sink) -> Main {
    let root = Section::new(root, sink);
    let empty = Table { at: root.place(), entries: Vec::new() };
    let within = |key| root.section(key).unwrap_or_else(|| Section::new(&empty, sink));

    let company = company(&within("company"));
    let accounting = sources::accounting(&within("accounting"), base);
    let crm = sources::crm(&root, base, company.tz);
    let calls = sources::lists(&within("calls"), base, company.tz, true);
    let plans = sources::lists(&within("plans"), base, company.tz, false);
    let main = Main {
        files: files(&within("files"), base),
        store: store_section::read(&within("store"), base),
        matching: matching(&within("matching")),
        mail: mail_section::read(&within("mail"), base),
        schedule: schedule(&within("schedule"), company.tz, now),
        gate: gate_levels::read(&within("gate")),
        alerts: alerts(&within("alerts")),
        disputes: disputes(&within("disputes"), base),
        close: close(&within("close")),
        web: web(&within("web")),
        log: log(&within("log")),
        company,
        accounting,
        crm,
        calls,
        plans,
    };
    root.finish();
    folders::check(&root, &main, base);
    main
}

fn company(s: &Section<'_>) -> Company {
    let company = Company {
        name: s.filled("name").unwrap_or_default(),
        organisations: s.texts("organisations"),
        tz: zone(s).unwrap_or(Tz::UTC),
        currency: s.text("currency").unwrap_or_default(),
        currency_aliases: s.texts("currency_aliases"),
        lang: s.choice("language", &[("ru", Lang::Ru), ("en", Lang::En)]).unwrap_or_default(),
    };
    if s.has("name") && company.name.is_empty() {
        s.error("name", Text::new("название компании пусто", "the company's name is empty"));
    }
    if company.currency.len() != 3 || !company.currency.bytes().all(|b| b.is_ascii_uppercase()) {
        s.error_hint(
            "currency",
            Text::new("валюта задаётся тремя буквами", "a currency is three letters"),
            Text::new("например \"RUB\"", "such as \"RUB\""),
        );
    }
    if company.organisations.iter().all(String::is_empty) {
        s.sink().warn(
            s.at("organisations"),
            Text::new("собственные организации не указаны", "the company's own organisations are not named"),
            Text::new(
                "впишите названия из учётной системы: иначе их не отличить от покупателей",
                "name them as accounting writes them: otherwise they look like buyers",
            ),
        );
    }
    s.finish();
    company
}

/// A time zone by name.
pub(super) fn zone(s: &Section<'_>) -> Option<Tz> {
    let name = s.text("timezone")?;
    let zone = name.parse::<Tz>().ok();
    if zone.is_none() {
        let hint = suggest::nearest(&name, chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name())).map_or_else(
            || Text::new("например \"Europe/Moscow\"", "such as \"Europe/Moscow\""),
            |tz| Text::new(format!("возможно, имелось в виду `{tz}`"), format!("did you mean `{tz}`?")),
        );
        s.error_hint(
            "timezone",
            Text::new(format!("нет такого часового пояса: «{name}»"), format!("there is no time zone “{name}”")),
            hint,
        );
    }
    zone
}

fn files(s: &Section<'_>, base: &Path) -> Files {
    let files =
        Files { policy: path(s, "policy", base), people: path(s, "people", base), calendar: path(s, "calendar", base) };
    s.finish();
    files
}

fn matching(s: &Section<'_>) -> Matching {
    let accept = s.int("accept_bp", 1..=10_000);
    let review = s.int("review_bp", 0..=10_000);
    if let (Some(accept), Some(review)) = (accept, review)
        && accept <= review
    {
        let key = if s.is_default("accept_bp") { "review_bp" } else { "accept_bp" };
        s.error_hint(
            key,
            Text::new(
                format!("accept_bp ({accept}) должен быть больше review_bp ({review})"),
                format!("accept_bp ({accept}) must be above review_bp ({review})"),
            ),
            Text::new("между ними решает человек", "between them a person decides"),
        );
    }
    let matching = Matching {
        accept_bp: accept.unwrap_or_default(),
        review_bp: review.unwrap_or_default(),
        branch_counts: s.flag("branch_counts").unwrap_or_default(),
        calibrate: s.flag("calibrate").unwrap_or_default(),
        remember: s.flag("remember").unwrap_or(true),
    };
    s.finish();
    matching
}

fn schedule(s: &Section<'_>, tz: Tz, now: DateTime<Utc>) -> Schedule {
    let expression = |key| {
        let text = s.text(key).unwrap_or_default();
        if let Some(message) = s.has(key).then(|| cron::mistake(&text, tz, now)).flatten() {
            s.error_hint(
                key,
                message,
                Text::new("например \"0 17 * * 5\": пятница, 17:00", "such as \"0 17 * * 5\": Friday, 17:00"),
            );
        }
        text
    };
    let schedule = Schedule {
        ingest: expression("ingest"),
        alerts: expression("alerts"),
        monthly: expression("monthly"),
        audit: expression("audit"),
        close: expression("close"),
        max_late_hours: s.int("max_late_hours", 1..=8760).unwrap_or_default(),
    };
    s.finish();
    schedule
}

fn alerts(s: &Section<'_>) -> Alerts {
    let (from, until) = (s.int("late_from_hour", 0..=23), s.int("late_until_hour", 1..=24));
    if let (Some(from), Some(until)) = (from, until)
        && from >= until
    {
        s.error(
            "late_until_hour",
            Text::new(
                format!("late_until_hour ({until}) должен быть больше late_from_hour ({from})"),
                format!("late_until_hour ({until}) must be above late_from_hour ({from})"),
            ),
        );
    }
    let alerts = Alerts {
        escalate_working_days: s.int("escalate_working_days", 0..=60).unwrap_or_default(),
        late_hours: Hours { from: from.unwrap_or_default(), until: until.unwrap_or_default() },
    };
    s.finish();
    alerts
}

fn disputes(s: &Section<'_>, base: &Path) -> Disputes {
    let disputes = Disputes { folder: s.filled("folder").map(|folder| absolute(base, &folder)) };
    s.finish();
    disputes
}

fn close(s: &Section<'_>) -> Close {
    let close = Close { four_eyes: s.flag("four_eyes").unwrap_or_default() };
    s.finish();
    close
}

fn web(s: &Section<'_>) -> Web {
    let listen = s.filled("listen");
    let address = listen.as_ref().and_then(|text| text.parse::<std::net::SocketAddr>().ok());
    if listen.is_some() && address.is_none() {
        s.error_hint(
            "listen",
            Text::new("это не адрес с портом", "this is not an address with a port"),
            Text::new("например \"127.0.0.1:8687\"", "such as \"127.0.0.1:8687\""),
        );
    }
    if address.is_some_and(|a| !a.ip().is_loopback()) {
        s.error_hint(
            "listen",
            Text::new(
                "страница состояния открывается только на этой машине",
                "the status page is for this machine only",
            ),
            Text::new("укажите 127.0.0.1", "use 127.0.0.1"),
        );
    }
    let public_url = s.filled("public_url");
    if public_url.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
        s.error("public_url", Text::new("адрес начинается с https://", "the address starts with https://"));
    }
    s.finish();
    Web { listen: address, public_url }
}

fn log(s: &Section<'_>) -> Log {
    const LEVELS: [(&str, &str); 5] =
        [("error", "error"), ("warn", "warn"), ("info", "info"), ("debug", "debug"), ("trace", "trace")];
    let log = Log {
        format: s.choice("format", &[("text", LogFormat::Text), ("json", LogFormat::Json)]).unwrap_or(LogFormat::Text),
        level: s.choice("level", &LEVELS).unwrap_or("info").to_owned(),
    };
    s.finish();
    log
}

/// A path that must not be empty.
pub(super) fn path(s: &Section<'_>, key: &'static str, base: &Path) -> PathBuf {
    let text = s.text(key);
    if text.as_ref().is_some_and(String::is_empty) {
        s.error(key, Text::new("путь пуст", "the path is empty"));
    }
    absolute(base, &text.unwrap_or_default())
}

/// A path relative to the folder, without `.` and `..`.
pub(super) fn absolute(base: &Path, path: &str) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in base.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if whole.pop() => {}
            other => whole.push(other),
        }
    }
    whole
}
