//! Rendered parts become the bytes of a message. The bytes are a function of the arguments alone: Message-ID and MIME
//! boundaries come from the key, the Date is handed in. A mail frozen twice is one mail. Deliberately absent: words
//! (`templates/`) and who gets what (`compose`).

use std::{fmt::Write, time::SystemTime};

use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use sha2::{Digest, Sha256};

use crate::domain::mail::{FrozenMail, MailKind};

use super::{
    clean,
    error::TemplateError,
    overrides::Templates,
    pictures::{Inline, Pictures},
};

/// Longest display name, characters.
const NAME_LENGTH: usize = 78;
/// Longest subject, characters.
const SUBJECT_LENGTH: usize = 180;

/// Who sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Address; its domain also names Message-IDs and lists.
    pub address: String,
    /// Name shown.
    pub name: String,
    /// Where answers go; empty = to `address`.
    pub reply_to: String,
    /// The company's own templates.
    pub templates: Templates,
}

impl Sender {
    fn host(&self) -> &str {
        self.address.rsplit_once('@').map_or("localhost", |(_, host)| host)
    }
}

/// A file that comes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Name, may be Cyrillic.
    pub name: String,
    /// MIME type.
    pub mime: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

/// MIME type of an xlsx workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// MIME type of delimited text.
pub const CSV: &str = "text/csv; charset=utf-8";

/// A rendered mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Unique key (see `FrozenMail::key`).
    pub key: String,
    /// Kind.
    pub kind: MailKind,
    /// What the thread is about, such as `audit.101.2026`: one root for all mails of it.
    pub thread: String,
    /// Why the recipient gets it: role code.
    pub reason: &'static str,
    /// Recipient's name.
    pub to_name: String,
    /// Recipient's address.
    pub to_address: String,
    /// Subject.
    pub subject: String,
    /// Text part.
    pub text: String,
    /// HTML part; empty = text only.
    pub html: String,
    /// Pictures of the HTML part.
    pub pictures: Vec<Inline>,
    /// Files.
    pub attached: Vec<Attached>,
}

impl Parts {
    /// Takes the pictures that the HTML part shows; a list that was cut shows fewer.
    pub fn show(&mut self, pictures: Pictures) {
        self.pictures = pictures.list.into_values().filter(|picture| self.html.contains(&picture.id)).collect();
    }
}

/// The finished mail, dated `now` (whole seconds).
pub fn freeze(parts: Parts, sender: &Sender, now: DateTime<Utc>) -> Result<FrozenMail, TemplateError> {
    let subject = clean::cut(&clean::line(&parts.subject), SUBJECT_LENGTH).into_owned();
    let message_id = format!("<{}@{}>", id_part(&parts.key), sender.host());
    let root = format!("<thread.{}@{}>", id_part(&parts.thread), sender.host());
    let list = format!("{0}.sverka.{1}", parts.kind.code(), sender.host());
    let reply_to = if sender.reply_to.is_empty() { &sender.address } else { &sender.reply_to };

    let mut builder = Message::builder()
        .from(mailbox(&sender.name, &sender.address)?)
        .reply_to(mailbox("", reply_to)?)
        .to(mailbox(&parts.to_name, &parts.to_address)?)
        .subject(subject.clone())
        .date(SystemTime::from(now))
        .message_id(Some(message_id.clone()))
        .in_reply_to(root.clone())
        .references(root);
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        // Not `All`: that would also suppress the notices of failed delivery that the operator needs.
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("List-Id", &format!("<{list}>")),
        ("X-Sverka-Kind", parts.kind.code()),
        ("X-Sverka-Reason", parts.reason),
    ] {
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|e| TemplateError::Message(e.to_string()))?;
        builder = builder.raw_header(HeaderValue::new(name, value.to_owned()));
    }
    let message = builder.multipart(body(&parts)?).map_err(|e| TemplateError::Message(e.to_string()))?;
    Ok(FrozenMail {
        bytes: message.formatted(),
        kind: parts.kind,
        recipient: parts.to_address,
        sender: sender.address.clone(),
        subject,
        message_id,
        key: parts.key,
    })
}

fn body(parts: &Parts) -> Result<MultiPart, TemplateError> {
    let mut alternative = multipart(MultiPartKind::Alternative, &parts.key, "alternative")
        .singlepart(SinglePart::plain(parts.text.clone()));
    if !parts.html.is_empty() {
        alternative = alternative.singlepart(SinglePart::html(parts.html.clone()));
    }
    let mut content = alternative;
    if !parts.pictures.is_empty() {
        content = multipart(MultiPartKind::Related, &parts.key, "related").multipart(content);
        for picture in &parts.pictures {
            let mime = ContentType::parse("image/png").map_err(|e| TemplateError::Attachment(e.to_string()))?;
            content = content.singlepart(Attachment::new_inline(picture.id.clone()).body(picture.bytes.clone(), mime));
        }
    }
    let mut mixed = multipart(MultiPartKind::Mixed, &parts.key, "mixed").multipart(content);
    for file in &parts.attached {
        let mime = ContentType::parse(file.mime).map_err(|e| TemplateError::Attachment(e.to_string()))?;
        let name = clean::line(&file.name).replace(['/', '\\', '"'], "-");
        mixed = mixed.singlepart(Attachment::new(name).body(file.bytes.clone(), mime));
    }
    Ok(mixed)
}

/// The library's own boundary is random; this one is the hash of the key. `=_` can stand in neither of the encodings
/// that are used for parts with other than plain short lines.
fn multipart(kind: MultiPartKind, key: &str, level: &str) -> MultiPart {
    let boundary = format!("=_sverka_{}", hex(&Sha256::digest(format!("{level}:{key}")), 16));
    MultiPart::builder().kind(kind).boundary(boundary).build()
}

pub(super) fn mailbox(name: &str, address: &str) -> Result<Mailbox, TemplateError> {
    // A line feed in the display name makes the library panic, and names come from files.
    let name = clean::cut(&clean::line(name), NAME_LENGTH).into_owned();
    let bad = || TemplateError::Address(format!("{name} <{}>", clean::line(address)));
    let parsed: Address = address.parse().map_err(|_| bad())?;
    Ok(Mailbox::new((!name.is_empty()).then_some(name), parsed))
}

/// The key as the left part of a Message-ID: anything outside a dot-atom becomes `=XX`; different keys stay different.
pub fn id_part(key: &str) -> String {
    escaped(key, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'))
}

/// The key as a file name: `/` is escaped too.
pub fn file_part(key: &str) -> String {
    escaped(key, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn escaped(key: &str, plain: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(key.len());
    for byte in key.bytes() {
        // A dot only between two characters: dots at the ends or two in a row are no dot-atom.
        if plain(byte) || (byte == b'.' && !out.is_empty() && !out.ends_with('.')) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "={byte:02X}");
        }
    }
    if out.ends_with('.') {
        out.truncate(out.len() - 1);
        out.push_str("=2E");
    }
    out
}

/// The first `bytes` bytes of a hash in hex.
pub fn hex(hash: &[u8], bytes: usize) -> String {
    hash.iter().take(bytes).fold(String::with_capacity(bytes * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_message_ids_and_file_names_without_collisions() {
        assert_eq!(id_part("statement.2026-11/1.12"), "statement.2026-11/1.12");
        assert_eq!(file_part("statement.2026-11/1.12"), "statement.2026-11=2F1.12");
        assert_eq!(id_part("a..б."), "a.=2E=D0=B1=2E");
        assert_ne!(id_part("a@b"), id_part("a=40b"));
    }
}
