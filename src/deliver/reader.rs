//! Reads a frozen message back: its text, its HTML, its pictures, its attachments. For previews and the demo's page.
//! Deliberately absent: foreign mail (bounces have their own reader).

use base64::{Engine, prelude::BASE64_STANDARD};
use mail_parser::{MessageParser, MimeHeaders};

/// What a message holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailParts {
    /// Text part.
    pub text: String,
    /// HTML part.
    pub html: String,
    /// Pictures that the HTML part shows by their Content-ID.
    pub pictures: Vec<Picture>,
    /// Attachments: name and bytes.
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// A picture of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Content-ID without its brackets.
    pub id: String,
    /// PNG.
    pub bytes: Vec<u8>,
}

/// The parts of a message; empty ones where it has none.
pub fn read(bytes: &[u8]) -> MailParts {
    let Some(message) = MessageParser::default().parse(bytes) else { return MailParts::default() };
    let mut parts = MailParts {
        text: message.body_text(0).map(|t| t.replace("\r\n", "\n")).unwrap_or_default(),
        html: message.body_html(0).map(std::borrow::Cow::into_owned).unwrap_or_default(),
        ..MailParts::default()
    };
    for part in message.attachments() {
        if let Some(id) = part.content_id() {
            let id = id.trim_matches(['<', '>']).to_owned();
            parts.pictures.push(Picture { id, bytes: part.contents().to_vec() });
        } else {
            let name = part.attachment_name().unwrap_or_default().to_owned();
            parts.attachments.push((name, part.contents().to_vec()));
        }
    }
    parts
}

/// The HTML part as a page of its own, with its pictures inside.
pub fn page(bytes: &[u8]) -> String {
    let parts = read(bytes);
    parts.page()
}

impl MailParts {
    /// The HTML part with its pictures inside, so that a browser shows it without the rest of the message.
    pub fn page(&self) -> String {
        self.pictures.iter().fold(self.html.clone(), |html, picture| {
            let inside = format!("\"data:image/png;base64,{}\"", BASE64_STANDARD.encode(&picture.bytes));
            html.replace(&format!("\"cid:{}\"", picture.id), &inside)
        })
    }
}
