//! From a report to a frozen mail: one function per kind. Deliberately absent: who the recipients are, and freezing the
//! bytes in the store (`pipeline`).

use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::domain::{
    mail::{FrozenMail, MailKind},
    org::Employee,
    report::{
        AlertReport, AuditReport, CompanyReport, Frame, HeldReport, PersonalReport, PilotReport, StatementReport,
        UndeliveredReport,
    },
    text::Lang,
};

use super::{
    clean, deal_book, delimited,
    engine::{Engine, Part},
    error::TemplateError,
    import_file,
    message::{self, Attached, CSV, Parts, Sender, XLSX},
    pictures::Pictures,
    review_book, workbook,
};

/// A large provider shows at most 102 KB of HTML.
pub const HTML_LIMIT: usize = 100_000;
/// Longest lists in the body, tried in this order; the text part is cut at the same place, so both name the same sums.
const LIST_LIMITS: [usize; 6] = [40, 25, 20, 15, 8, 4];

/// The rendered parts of a mail.
pub(super) struct Rendered {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    /// Whether a list was cut.
    pub(super) limit: usize,
}

/// The weekly audit of a head, with its lines as a workbook.
pub fn audit_mail(
    report: &AuditReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("audit.{}.{}", report.occasion, to.id.0);
    let pictures = Pictures::of_audit(report, to.lang, &key);
    let rendered = render_with(sender, MailKind::Audit, to.lang, &report.frame, &key, report, &pictures)?;
    let name = match to.lang {
        Lang::Ru => format!("Сверка {}, неделя {}.xlsx", report.week.year, report.week.number),
        Lang::En => format!("Audit {}, week {}.xlsx", report.week.year, report.week.number),
    };
    let book = Attached { name, mime: XLSX, bytes: workbook::audit(report, to.lang, now)? };
    let thread = format!("audit.{}.{}", to.id.0, report.week.year);
    let mut attached = vec![book];
    if !report.review.is_empty() {
        let name = match to.lang {
            Lang::Ru => format!("На разбор {}, неделя {}.xlsx", report.week.year, report.week.number),
            Lang::En => format!("To review {}, week {}.xlsx", report.week.year, report.week.number),
        };
        attached.push(Attached { name, mime: XLSX, bytes: review_book::write(&report.review, to.lang, now)? });
    }
    if !report.awaiting.deals.is_empty() {
        let name = match to.lang {
            Lang::Ru => format!("Сделки {}, неделя {}.xlsx", report.week.year, report.week.number),
            Lang::En => format!("Deals {}, week {}.xlsx", report.week.year, report.week.number),
        };
        attached.push(Attached { name, mime: XLSX, bytes: deal_book::write(&report.awaiting.deals, to.lang, now)? });
    }
    let mut parts = parts(MailKind::Audit, key, thread, "head", to, rendered, attached);
    parts.show(pictures);
    message::freeze(parts, sender, now)
}

/// What a manager has to enter. A list that does not fit into the body comes as a workbook as well.
pub fn alert_mail(
    report: &AlertReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("alert.{}.{}", report.day, report.owner.0);
    let rendered = render(sender, MailKind::Alert, to.lang, &report.frame, &key, report)?;
    let mut attached = Vec::new();
    if report.items.len() > rendered.limit {
        let name = match to.lang {
            Lang::Ru => format!("Внести в CRM {}.xlsx", report.day),
            Lang::En => format!("To enter {}.xlsx", report.day),
        };
        attached.push(Attached { name, mime: XLSX, bytes: workbook::alert(report, to.lang, now)? });
    }
    if !report.cards.is_empty() {
        let day = report.day.to_string();
        attached.push(import_file::attached(&report.cards, report.import, &day, to.lang, now)?);
    }
    let thread = format!("alert.{}.{}-{:02}", report.owner.0, report.day.year(), report.day.month());
    let parts = parts(MailKind::Alert, key, thread, "manager", to, rendered, attached);
    message::freeze(parts, sender, now)
}

/// Bonus adjustments for finance, as a workbook and as delimited text.
pub fn statement_mail(
    report: &StatementReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("statement.{}.{}", report.number, to.id.0);
    let rendered = render(sender, MailKind::Statement, to.lang, &report.frame, &key, report)?;
    let stem = match to.lang {
        Lang::Ru => format!("Корректировки премий {}", report.number.replace('/', "-")),
        Lang::En => format!("Bonus adjustments {}", report.number.replace('/', "-")),
    };
    let attached = vec![
        Attached { name: format!("{stem}.xlsx"), mime: XLSX, bytes: workbook::statement(report, to.lang, now)? },
        Attached { name: format!("{stem}.csv"), mime: CSV, bytes: delimited::statement_csv(report)? },
    ];
    let thread = format!("statement.{}.{}", to.id.0, report.period);
    let parts = parts(MailKind::Statement, key, thread, "finance", to, rendered, attached);
    message::freeze(parts, sender, now)
}

/// The company's page of a month. One thread a person and year.
pub fn company_mail(
    report: &CompanyReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("company.{}.{}", report.occasion, to.id.0);
    let rendered = render(sender, MailKind::Company, to.lang, &report.frame, &key, report)?;
    let thread = format!("company.{}.{}", to.id.0, report.period.from().year());
    let parts = parts(MailKind::Company, key, thread, "employee", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}

/// The pilot beside the rest.
pub fn pilot_mail(
    report: &PilotReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("pilot.{}.{}", report.occasion, to.id.0);
    let rendered = render(sender, MailKind::Pilot, to.lang, &report.frame, &key, report)?;
    let thread = format!("pilot.{}.{}", to.id.0, report.period.from().year());
    let parts = parts(MailKind::Pilot, key, thread, "director", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}

/// What one salesperson is paid and why. Lines that do not fit into the body come as a workbook as well.
pub fn personal_mail(
    report: &PersonalReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("personal.{}.{}", report.number, report.owner.0);
    let rendered = render(sender, MailKind::Personal, to.lang, &report.frame, &key, report)?;
    let mut attached = Vec::new();
    if report.groups.iter().any(|g| g.lines.len() > rendered.limit) || report.suspended.len() > rendered.limit {
        let number = report.number.replace('/', "-");
        let name = match to.lang {
            Lang::Ru => format!("Ваша премия {number}.xlsx"),
            Lang::En => format!("Your bonus {number}.xlsx"),
        };
        attached.push(Attached { name, mime: XLSX, bytes: workbook::personal(&report.own, to.lang, now)? });
    }
    let thread = format!("personal.{}.{}", report.owner.0, report.period);
    let parts = parts(MailKind::Personal, key, thread, "manager", to, rendered, attached);
    message::freeze(parts, sender, now)
}

/// A held run or file. Should its template fail, the operator gets the same in plain text: a hold nobody learns of is
/// worse than an ugly mail.
pub fn held_mail(
    report: &HeldReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let key = format!("held.{}.{}", report.hold, to.id.0);
    let rendered = render(sender, MailKind::Held, to.lang, &report.frame, &key, report)
        .unwrap_or_else(|error| super::fallback::held(report, to.lang, &error));
    let thread = format!("held.{}.{}", to.id.0, report.hold);
    let parts = parts(MailKind::Held, key, thread, "operator", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}

/// Mails that were given up. The key comes from the listed mails: the same list is one mail, another list another.
pub fn undelivered_mail(
    report: &UndeliveredReport,
    to: &Employee,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Result<FrozenMail, TemplateError> {
    let listed: Vec<String> = report.lines.iter().map(|l| format!("{}#{}", l.key, l.attempts)).collect();
    let digest = message::hex(&Sha256::digest(listed.join("\n")), 6);
    let key = format!("undelivered.{digest}.{}", to.id.0);
    let rendered = render(sender, MailKind::Undelivered, to.lang, &report.frame, &key, report)?;
    let thread = format!("undelivered.{}.{}", to.id.0, report.frame.as_of.year());
    let parts = parts(MailKind::Undelivered, key, thread, "operator", to, rendered, Vec::new());
    message::freeze(parts, sender, now)
}

/// Renders the parts of a mail without pictures.
pub(super) fn render(
    sender: &Sender,
    kind: MailKind,
    lang: Lang,
    frame: &Frame,
    key: &str,
    report: &impl Serialize,
) -> Result<Rendered, TemplateError> {
    render_with(sender, kind, lang, frame, key, report, &Pictures::none())
}

/// Renders by the company's own templates; should one of them fail over these data, by the built-in ones.
fn render_with(
    sender: &Sender,
    kind: MailKind,
    lang: Lang,
    frame: &Frame,
    key: &str,
    report: &impl Serialize,
    pictures: &Pictures,
) -> Result<Rendered, TemplateError> {
    let mut context = context(lang, frame, key, report)?;
    context["pictures"] = pictures.context();
    if let Some(own) = sender.templates.sources() {
        match Engine::with(lang, &frame.currency, &own).and_then(|engine| fitted(&engine, kind, key, &mut context)) {
            Ok(rendered) => return Ok(rendered),
            Err(error) => sender.templates.failed(&error),
        }
    }
    fitted(&Engine::new(lang, &frame.currency)?, kind, key, &mut context)
}

/// The parts with the longest lists that fit.
fn fitted(
    engine: &Engine,
    kind: MailKind,
    key: &str,
    context: &mut serde_json::Value,
) -> Result<Rendered, TemplateError> {
    for limit in LIST_LIMITS {
        context["limit"] = json!(limit);
        let html = engine.render(kind, Part::Html, context)?;
        if html.len() < HTML_LIMIT {
            return Ok(Rendered {
                subject: engine.render(kind, Part::Subject, context)?,
                text: engine.render(kind, Part::Text, context)?,
                html,
                limit,
            });
        }
    }
    Err(TemplateError::TooLong(key.to_owned()))
}

/// What every template sees: the report as `r`, its frame, the key, the language and the length of lists.
pub(super) fn context(
    lang: Lang,
    frame: &Frame,
    key: &str,
    report: &impl Serialize,
) -> Result<serde_json::Value, TemplateError> {
    let broken = |e: serde_json::Error| TemplateError::Template(e.to_string());
    Ok(json!({
        "r": serde_json::to_value(report).map_err(broken)?,
        "frame": serde_json::to_value(frame).map_err(broken)?,
        "key": key,
        "lang": lang.code(),
        "limit": LIST_LIMITS[0],
        "pictures": Pictures::none().context(),
    }))
}

pub(super) fn parts(
    kind: MailKind,
    key: String,
    thread: String,
    reason: &'static str,
    to: &Employee,
    rendered: Rendered,
    attached: Vec<Attached>,
) -> Parts {
    Parts {
        key,
        kind,
        thread,
        reason,
        to_name: clean::line(&to.name).into_owned(),
        to_address: to.email.trim().to_owned(),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        pictures: Vec::new(),
        attached,
    }
}
