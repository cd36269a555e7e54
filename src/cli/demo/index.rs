//! The demo's page: every mail with its HTML, text and headers, readable without a server. Deliberately absent: scripts
//! and anything remote.

use std::{fmt::Write as _, fs, path::Path};

use crate::{
    domain::mail::OutboxMail,
    error::{Error, Result},
    pipeline::App,
};

/// Writes `index.html` and one page a mail.
pub async fn write(app: &App, dir: &Path) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mut mails = tx.outbox(None, 10_000).await?;
    tx.commit().await?;
    mails.sort_by(|a, b| (a.frozen_at, &a.mail.key).cmp(&(b.frozen_at, &b.mail.key)));
    let failed = |e: std::io::Error| Error::bug("write the demo's page", e);
    fs::create_dir_all(dir.join("mails")).map_err(failed)?;
    let mut list = String::new();
    let mut day = String::new();
    for (index, mail) in mails.iter().enumerate() {
        let local = mail.frozen_at.with_timezone(&app.config.company.tz);
        let date = local.format("%d.%m.%Y").to_string();
        if date != day {
            let _ = write!(list, "<h2>{date}</h2>");
            day = date;
        }
        let file = format!("{index:03}.html");
        fs::write(dir.join("mails").join(&file), page(mail)).map_err(failed)?;
        let _ = write!(
            list,
            "<a href=\"mails/{file}\" target=\"mail\"><b>{}</b><span>{} → {}</span></a>",
            escape(&mail.mail.subject),
            local.format("%H:%M"),
            escape(&mail.mail.recipient)
        );
    }
    let html = format!(
        "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Сверка: письма демонстрации</title><style>{STYLE}</style>\
         <nav><h1>Письма за три недели</h1>{list}</nav>\
         <iframe name=\"mail\" title=\"Письмо\" src=\"mails/{:03}.html\"></iframe></html>",
        mails.len().saturating_sub(1)
    );
    fs::write(dir.join("index.html"), html).map_err(failed)
}

const STYLE: &str = "body{margin:0;display:flex;height:100vh;font:16px/1.4 system-ui,sans-serif;color:#1c1c1c;background:#fafafa}\
nav{width:26rem;overflow:auto;padding:0 1rem;border-right:1px solid #ccc;box-sizing:border-box}h1{font-size:1.2rem}h2{font-size:1rem;color:#555}\
nav a{display:block;padding:.5rem;color:inherit;text-decoration:none;border-radius:4px}nav a:hover,nav a:focus{background:#e8eef8}\
nav b{display:block;font-weight:600}nav span{color:#555;font-size:.85rem}iframe{flex:1;border:0;background:#fff}\
@media(max-width:800px){body{display:block}nav{width:auto;height:45vh}iframe{width:100%;height:55vh}}";

/// One mail: headers, HTML as it is, text, attachments by name, the whole source.
fn page(mail: &OutboxMail) -> String {
    let source = String::from_utf8_lossy(&mail.mail.bytes);
    let parts = crate::deliver::reader::read(&mail.mail.bytes);
    let headers = source.split("\r\n\r\n").next().unwrap_or_default();
    let attachments: String = parts
        .attachments
        .iter()
        .map(|(name, bytes)| format!("<li>{} ({} КБ)</li>", escape(name), bytes.len().div_ceil(1024)))
        .collect();
    format!(
        "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{0}</title><style>body{{font:16px/1.4 system-ui,sans-serif;margin:1rem}}pre{{white-space:pre-wrap;font-size:14px}}\
         iframe{{width:100%;height:60vh;border:1px solid #ccc}}summary{{cursor:pointer;padding:.4rem 0}}</style>\
         <h1 style=\"font-size:1.2rem\">{0}</h1><p>{1}</p>\
         <iframe sandbox title=\"HTML\" srcdoc=\"{2}\"></iframe><ul>{3}</ul>\
         <details><summary>Текст</summary><pre>{4}</pre></details>\
         <details><summary>Заголовки</summary><pre>{5}</pre></details></html>",
        escape(&mail.mail.subject),
        escape(&mail.mail.recipient),
        escape(&parts.html),
        attachments,
        escape(&parts.text),
        escape(headers),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
