//! A frozen mail for somebody else's eyes: a deputy gets what the person it was made for cannot receive. Only the
//! recipient, the Message-ID and the text and HTML parts change, by a line that says why; pictures, attachments, subject
//! and thread stay byte for byte. Deliberately absent: who the deputy is (`pipeline::readdress`).

use std::ops::Range;

use lettre::message::{
    SinglePart,
    header::{Headers, MessageId, To},
};
use mail_parser::{HeaderName, Message, MessageParser, MessagePart};

use super::{
    clean,
    error::TemplateError,
    message::{id_part, mailbox},
};
use crate::domain::{mail::FrozenMail, org::Employee, text::Text};

/// The mail as the deputy gets it, under a key of its own.
pub fn to_deputy(mail: &FrozenMail, key: &str, deputy: &Employee, why: &Text) -> Result<FrozenMail, TemplateError> {
    let broken = |what: &str| TemplateError::Message(format!("{}: {what}", mail.key));
    let message = MessageParser::default().parse(&mail.bytes).ok_or_else(|| broken("not a mail"))?;
    let host = mail.sender.rsplit_once('@').map_or("localhost", |(_, host)| host);
    let message_id = format!("<{}@{host}>", id_part(key));
    let why = clean::line(why.get(deputy.lang)).into_owned();

    let root = message.parts.first().ok_or_else(|| broken("no parts"))?;
    let mut edits: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    let mut headers = Headers::new();
    headers.set(To::from(lettre::message::Mailboxes::from(mailbox(&deputy.name, deputy.email.trim())?)));
    edits.push((field(root, &HeaderName::To).ok_or_else(|| broken("no recipient"))?, headers.to_string().into_bytes()));
    let mut headers = Headers::new();
    headers.set(MessageId::from(message_id.clone()));
    edits.push((
        field(root, &HeaderName::MessageId).ok_or_else(|| broken("no Message-ID"))?,
        headers.to_string().into_bytes(),
    ));
    let (text, html) = bodies(&message);
    let text = text.ok_or_else(|| broken("no text part"))?;
    edits.push((whole(text), formatted(&SinglePart::plain(format!("{why}\r\n\r\n{}", content(text))))));
    if let Some(html) = html {
        edits.push((whole(html), formatted(&SinglePart::html(with_line(&content(html), &why)))));
    }

    let mut bytes = mail.bytes.clone();
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, with) in edits {
        if range.end > bytes.len() || range.start > range.end {
            return Err(broken("its parts overlap"));
        }
        bytes.splice(range, with);
    }
    Ok(FrozenMail {
        key: key.to_owned(),
        kind: mail.kind,
        recipient: deputy.email.trim().to_owned(),
        sender: mail.sender.clone(),
        subject: mail.subject.clone(),
        message_id,
        bytes,
    })
}

/// The text part and the HTML part.
fn bodies<'a, 'x>(message: &'a Message<'x>) -> (Option<&'a MessagePart<'x>>, Option<&'a MessagePart<'x>>) {
    let of = |ids: &[u32]| ids.first().and_then(|id| message.parts.get(*id as usize));
    let text = of(&message.text_body).filter(|part| part.is_text() && !part.is_text_html());
    (text, of(&message.html_body).filter(|part| part.is_text_html()))
}

fn content(part: &MessagePart<'_>) -> String {
    part.text_contents().unwrap_or_default().to_owned()
}

/// A part without its last line end, which belongs to the boundary behind it.
fn formatted(part: &SinglePart) -> Vec<u8> {
    let mut bytes = part.formatted();
    if bytes.ends_with(b"\r\n") {
        bytes.truncate(bytes.len() - 2);
    }
    bytes
}

/// Where a part stands, its headers included.
fn whole(part: &MessagePart<'_>) -> Range<usize> {
    part.offset_header as usize..part.offset_end as usize
}

/// Where a header field stands, its line end included.
fn field(part: &MessagePart<'_>, name: &HeaderName<'_>) -> Option<Range<usize>> {
    let header = part.headers.iter().find(|h| &h.name == name)?;
    Some(header.offset_field as usize..header.offset_end as usize)
}

/// The line as the first thing of the page.
fn with_line(html: &str, why: &str) -> String {
    let escaped = why.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let line = format!(
        "<p style=\"margin:0;padding:12px 16px;background:#fff4d6;font:16px/1.5 Arial,sans-serif;color:#1f2933\">{escaped}</p>\n"
    );
    let main = "<div role=\"main\">";
    let at = html
        .find(main)
        .map(|at| at + main.len())
        .or_else(|| html.find("<body").and_then(|at| html.get(at..)?.find('>').map(|end| at + end + 1)))
        .unwrap_or(0);
    let (before, after) = html.split_at_checked(at).unwrap_or(("", html));
    format!("{before}\n{line}{after}")
}
