//! Reads a frozen message back: its text, its HTML, its attachments. For previews and the demo's page. Deliberately
//! absent: foreign mail (bounces have their own reader).

use mail_parser::{MessageParser, MimeHeaders};

/// What a message holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailParts {
    /// Text part.
    pub text: String,
    /// HTML part.
    pub html: String,
    /// Attachments: name and bytes.
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// The parts of a message; empty ones where it has none.
pub fn read(bytes: &[u8]) -> MailParts {
    let Some(message) = MessageParser::default().parse(bytes) else { return MailParts::default() };
    MailParts {
        text: message.body_text(0).map(|t| t.replace("\r\n", "\n")).unwrap_or_default(),
        html: message.body_html(0).map(std::borrow::Cow::into_owned).unwrap_or_default(),
        attachments: message
            .attachments()
            .map(|part| (part.attachment_name().unwrap_or_default().to_owned(), part.contents().to_vec()))
            .collect(),
    }
}
