//! The demo's page: every mail with its HTML, text, headers and attachments, readable without a server. Each mail is a
//! page of its own with the list beside it, so that no script and no frame target is needed and a narrow screen shows
//! one thing at a time. Deliberately absent: scripts and anything remote.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use chrono_tz::Tz;

use super::ways::WAYS;
use crate::{
    deliver::{
        reader::{self, MailParts},
        words,
    },
    domain::mail::OutboxMail,
    error::{Error, Result},
    pipeline::App,
};

/// Mails shown; the demo has some twenty.
const MOST: usize = 10_000;

/// Writes `index.html`, and under `mails/` one page a mail with its HTML, its source and its attachments beside it.
pub async fn write(app: &App, dir: &Path) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mut mails = tx.outbox(None, MOST).await?;
    tx.commit().await?;
    mails.sort_by(|a, b| (a.frozen_at, &a.mail.key).cmp(&(b.frozen_at, &b.mail.key)));
    let failed = |e: std::io::Error| Error::bug("write the demo's page", e);
    let folder = dir.join("mails");
    fs::create_dir_all(&folder).map_err(failed)?;
    let tz = app.config.company.tz;
    for (index, mail) in mails.iter().enumerate() {
        let parts = reader::read(&mail.mail.bytes);
        let stem = format!("{index:03}");
        fs::write(folder.join(format!("{stem}-mail.html")), &parts.html).map_err(failed)?;
        fs::write(folder.join(format!("{stem}.eml")), &mail.mail.bytes).map_err(failed)?;
        let mut attachments = String::new();
        for (name, bytes) in &parts.attachments {
            let file = format!("{stem}-{}", safe(name));
            fs::write(folder.join(&file), bytes).map_err(failed)?;
            let size = bytes.len().div_ceil(1024);
            let _ = write!(attachments, "<li><a href=\"{}\">{}</a>, {size}&nbsp;КБ</li>", escape(&file), escape(name));
        }
        let page = page(mail, &parts, &attachments, &stem, &list(&mails, tz, "", Some(index)));
        fs::write(folder.join(format!("{stem}.html")), page).map_err(failed)?;
    }
    let intro = "<main class=\"intro\"><h1>Что пришло бы людям за три недели</h1>\
         <p>Выберите письмо в списке. У каждого видны вид в почте, текст без оформления, заголовки и вложения.</p>\
         <p>Начните с последней недельной сверки и с ведомости корректировок.</p>";
    let intro = format!("{intro}{}</main>", ways(&mails));
    let index = shell("Письма демонстрации", "home", &list(&mails, tz, "mails/", None), &intro);
    fs::write(dir.join("index.html"), index).map_err(failed)
}

/// The thirteen ways, each with the mail or the command where it is seen.
fn ways(mails: &[OutboxMail]) -> String {
    let mut list = String::from("<h2>Тринадцать способов: где каждый виден</h2><ol>");
    for way in WAYS {
        let _ = write!(list, "<li><b>{}</b>: {}", escape(way.title), escape(way.text));
        if let Some(index) = mails.iter().position(|mail| mail.mail.key == way.mail) {
            let _ = write!(list, " <a href=\"mails/{index:03}.html\">письмо</a>");
        }
        if !way.command.is_empty() {
            let _ = write!(list, " <code>{}</code>", escape(way.command));
        }
        list.push_str("</li>");
    }
    list + "</ol>"
}

/// The list of all mails, by day; `at` is the one that is open.
fn list(mails: &[OutboxMail], tz: Tz, base: &str, at: Option<usize>) -> String {
    let kinds: BTreeSet<_> = mails.iter().map(|m| m.mail.kind.code()).collect();
    let mut list = format!("<p class=\"small\">Писем: {}, видов: {}</p>", mails.len(), kinds.len());
    let mut day = String::new();
    for (index, mail) in mails.iter().enumerate() {
        let local = mail.frozen_at.with_timezone(&tz);
        let date = local.format("%d.%m.%Y").to_string();
        if date != day {
            let _ = write!(list, "<h2>{date}</h2>");
            day = date;
        }
        let current = if at == Some(index) { " aria-current=\"page\"" } else { "" };
        let _ = write!(
            list,
            "<a href=\"{base}{index:03}.html\"{current}><b>{}</b><span>{}, {} → {}</span></a>",
            escape(&mail.mail.subject),
            escape(&words::word(mail.mail.kind.code()).ru),
            local.format("%H:%M"),
            escape(&mail.mail.recipient)
        );
    }
    list
}

const STYLE: &str = ":root{color-scheme:light dark;--back:#fafafa;--text:#1f2933;--soft:#566370;--line:#ccd3da;--on:#e3ecf5;--link:#23567a}\
@media(prefers-color-scheme:dark){:root{--back:#16191d;--text:#e6e9ec;--soft:#a7b0b9;--line:#46505a;--on:#28323c;--link:#8fc1e6}}\
*{box-sizing:border-box}body{margin:0;display:flex;height:100vh;font:16px/1.45 system-ui,sans-serif;color:var(--text);background:var(--back)}\
nav{width:24rem;flex:none;overflow:auto;padding:0 1rem 2rem;border-right:1px solid var(--line)}main{flex:1;min-width:0;overflow:auto;padding:0 1.25rem 2rem}\
h1{font-size:1.2rem}h2{font-size:.95rem;margin:1.2rem 0 .3rem;color:var(--soft)}a{color:var(--link)}.small,nav span{color:var(--soft);font-size:.875rem}\
nav a{display:block;padding:.5rem;color:inherit;text-decoration:none;border-radius:4px;overflow-wrap:anywhere}nav a:hover,nav a[aria-current]{background:var(--on)}\
a:focus-visible,summary:focus-visible{outline:2px solid var(--link)}nav b{display:block;font-weight:600}\
h1,li,p{overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px;padding:.8rem;border:1px solid var(--line)}\
iframe{width:100%;height:75vh;border:1px solid var(--line);background:#f3f5f7}summary{cursor:pointer;padding:.5rem 0;font-weight:600}.back{display:none}\
@media(max-width:800px){body{display:block;height:auto}nav{width:auto;border:0}body.home main,body.mail nav{display:none}.back{display:block}main{padding:0 .75rem 2rem}}";

fn shell(title: &str, class: &str, list: &str, main: &str) -> String {
    format!(
        "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{}</title><style>{STYLE}</style></head><body class=\"{class}\">\
         <nav aria-label=\"Письма\"><h1>Письма за три недели</h1>{list}</nav>{main}</body></html>",
        escape(title)
    )
}

/// One mail: HTML as it is, text, headers, attachments and the whole source.
fn page(mail: &OutboxMail, parts: &MailParts, attachments: &str, stem: &str, list: &str) -> String {
    let source = String::from_utf8_lossy(&mail.mail.bytes);
    let headers = source.split("\r\n\r\n").next().unwrap_or_default();
    let attached =
        if attachments.is_empty() { String::new() } else { format!("<h2>Вложения</h2><ul>{attachments}</ul>") };
    let subject = escape(&mail.mail.subject);
    let main = format!(
        "<main><p class=\"back\"><a href=\"../index.html\">← Все письма</a></p><h1>{subject}</h1>\
         <p class=\"small\">Кому: {}</p>{attached}\
         <iframe sandbox=\"allow-same-origin\" title=\"Письмо, как в почте\" srcdoc=\"{}\"></iframe>\
         <p class=\"small\"><a href=\"{stem}-mail.html\">Открыть письмо отдельно</a> · <a href=\"{stem}.eml\">Исходный файл</a></p>\
         <details><summary>Текст без оформления</summary><pre>{}</pre></details>\
         <details><summary>Заголовки</summary><pre>{}</pre></details></main>",
        escape(&mail.mail.recipient),
        escape(&parts.html),
        escape(&parts.text),
        escape(headers),
    );
    shell(&mail.mail.subject, "mail", list, &main)
}

/// A name for a file and a link: letters, digits, dot, dash; everything else becomes an underscore.
fn safe(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    name.trim_start_matches('.').chars().map(kept).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
