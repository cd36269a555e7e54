//! What can go wrong between a report and finished bytes. Deliberately absent: sending (`mailer` answers with a class).

use crate::domain::text::Text;

/// A mail could not be made. For mails about money the caller holds the run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A template is wrong: its name, line and kind of fault, no values.
    #[error("template: {0}")]
    Template(String),
    /// The same, where the place is known.
    #[error("template: {cause} (in {name}:{line})")]
    At {
        /// Name of the template.
        name: String,
        /// Line, from 1.
        line: usize,
        /// The fault, no values.
        cause: String,
    },
    /// Even with the shortest lists the HTML part is longer than mail programs show.
    #[error("mail {0} is too long")]
    TooLong(String),
    /// An address cannot be used.
    #[error("unusable mail address of {0}")]
    Address(String),
    /// The message could not be put together.
    #[error("message: {0}")]
    Message(String),
    /// An attachment could not be written.
    #[error("attachment: {0}")]
    Attachment(String),
}

impl TemplateError {
    /// An error of the engine with its place, when it has one.
    pub(super) fn of_engine(error: &minijinja::Error) -> Self {
        let all = error.to_string();
        match (error.name(), error.line()) {
            (Some(name), Some(line)) => {
                let cause = all.split(" (in ").next().unwrap_or(&all).to_owned();
                Self::At { name: name.to_owned(), line, cause }
            }
            _ => Self::Template(all),
        }
    }

    /// Template and line, when they are known.
    pub fn place(&self) -> Option<(&str, usize)> {
        match self {
            Self::At { name, line, .. } => Some((name, *line)),
            _ => None,
        }
    }

    /// The sentence without its place.
    pub fn cause(&self) -> Text {
        match self {
            Self::At { cause, .. } => {
                Text::new(format!("ошибка в шаблоне: {cause}"), format!("a mistake in the template: {cause}"))
            }
            other => other.text(),
        }
    }

    /// The sentence for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Template(cause) => {
                Text::new(format!("шаблон письма с ошибкой: {cause}"), format!("a mail template is wrong: {cause}"))
            }
            Self::At { name, line, cause } => Text::new(
                format!("шаблон письма с ошибкой: {name}, строка {line}: {cause}"),
                format!("a mail template is wrong: {name}, line {line}: {cause}"),
            ),
            Self::TooLong(key) => Text::new(format!("письмо {key} слишком длинное"), format!("mail {key} is too long")),
            Self::Address(who) => Text::new(
                format!("адрес почты не годится: {who}; исправьте его в файле сотрудников или в [mail]"),
                format!("mail address cannot be used: {who}; mend it in the people file or in [mail]"),
            ),
            Self::Message(cause) => Text::new(
                format!("письмо не собралось: {cause}"),
                format!("the mail could not be put together: {cause}"),
            ),
            Self::Attachment(cause) => Text::new(
                format!("вложение не записалось: {cause}"),
                format!("the attachment could not be written: {cause}"),
            ),
        }
    }
}
