//! The demo's page: a small reader of the frozen mails, one static file with everything in it, that works without a server.
//! Beside it the messages as `.eml`. Deliberately absent: anything remote, rendering of mails.

use std::{fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono_tz::Tz;
use serde_json::{Value, json};

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
/// The page; `@DATA@` stands for the mails.
const PAGE: &str = include_str!("reader.html");

/// Writes `index.html`, and under `mails/` the messages.
pub async fn write(app: &App, dir: &Path) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mut mails = tx.outbox(None, MOST).await?;
    tx.commit().await?;
    mails.sort_by(|a, b| (a.frozen_at, &a.mail.key).cmp(&(b.frozen_at, &b.mail.key)));
    let failed = |e: std::io::Error| Error::bug("write the demo's page", e);
    let folder = dir.join("mails");
    fs::create_dir_all(&folder).map_err(failed)?;
    for (index, mail) in mails.iter().enumerate() {
        fs::write(folder.join(format!("{index:03}.eml")), &mail.mail.bytes).map_err(failed)?;
    }
    let tz = app.config.company.tz;
    let told: Vec<Value> = mails.iter().map(|mail| told(mail, &reader::read(&mail.mail.bytes), tz)).collect();
    fs::write(dir.join("index.html"), page(&json!({ "mails": told, "ways": WAYS }))).map_err(failed)
}

/// The page over its data. `<` never stands in it, so nothing in a mail ends the script that holds it.
fn page(data: &Value) -> String {
    PAGE.replacen("@DATA@", &data.to_string().replace('<', "\\u003c"), 1)
}

fn told(mail: &OutboxMail, parts: &MailParts, tz: Tz) -> Value {
    let local = mail.frozen_at.with_timezone(&tz);
    let files: Vec<Value> = parts
        .attachments
        .iter()
        .map(|(name, bytes)| json!({ "name": name, "mime": mime(name), "data": BASE64_STANDARD.encode(bytes) }))
        .collect();
    json!({
        "key": mail.mail.key,
        "kind": words::word(mail.mail.kind.code()).ru,
        "subject": mail.mail.subject,
        "from": mail.mail.sender,
        "to": mail.mail.recipient,
        "day": local.format("%d.%m.%Y").to_string(),
        "time": local.format("%H:%M").to_string(),
        "html": parts.page(),
        "text": parts.text,
        "source": String::from_utf8_lossy(&mail.mail.bytes),
        "files": files,
    })
}

/// What a browser takes a file for when it saves it.
fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("csv") => "text/csv",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_cannot_leave_the_place_of_the_data() {
        let page = page(&json!({ "mails": [{ "html": "</script><script>alert(1)</script>@DATA@" }], "ways": [] }));
        assert_eq!(page.matches("</script>").count(), PAGE.matches("</script>").count());
        assert!(page.contains("\\u003c/script>"), "{page}");
    }
}
