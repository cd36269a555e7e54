//! `sverka outbox`: what waits, what left, with the server's words; the exact bytes of a mail; another try.
//! Deliberately absent: changing a mail.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Subcommand, ValueEnum};

use super::{browse, output::Out, session};
use crate::{
    domain::{
        mail::{MailState, OutboxMail},
        text::Text,
    },
    env::Clock,
    error::{Error, Result},
};

/// Subcommands of `outbox`.
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// Список писем.
    List {
        /// Только в этом состоянии.
        #[arg(long)]
        state: Option<State>,
        /// Сколько показать.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Точные байты письма (RFC 5322) в стандартный вывод.
    Show {
        /// Номер или ключ письма.
        id: String,
        /// Записать письмо страницей и открыть в браузере.
        #[arg(long)]
        open: bool,
        /// Папка для .eml и .html (с --open); без неё папка preview рядом с настройками.
        #[arg(long, requires = "open")]
        dir: Option<PathBuf>,
    },
    /// Отправить ещё раз письмо, от которого отказались.
    Retry {
        /// Номер или ключ письма.
        id: String,
    },
}

/// States, as arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum State {
    /// Waits.
    Pending,
    /// Accepted.
    Sent,
    /// Given up.
    Dead,
}

/// Runs the subcommand.
pub fn run(command: &OutboxCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        let mut tx = app.db.begin().await?;
        match command {
            OutboxCommand::List { state, limit } => {
                let state = state.map(|s| match s {
                    State::Pending => MailState::Pending,
                    State::Sent => MailState::Sent,
                    State::Dead => MailState::Dead,
                });
                print(&tx.outbox(state, *limit).await?, out);
            }
            OutboxCommand::Show { id, open, dir } => {
                let mail = tx.outbox_mail(id).await?.ok_or_else(|| unknown(id))?;
                if *open {
                    let dir = dir.clone().unwrap_or_else(|| path.with_file_name("preview"));
                    browse::open(&browse::write(&mail.mail, &dir)?, out);
                } else {
                    let _ = std::io::stdout().lock().write_all(&mail.mail.bytes);
                }
            }
            OutboxCommand::Retry { id } => {
                let mail = tx.outbox_mail(id).await?.ok_or_else(|| unknown(id))?;
                if mail.state == MailState::Sent {
                    return Err(Error::input(Text::new(
                        format!("письмо {} уже принято сервером", mail.mail.key),
                        format!("mail {} has already been accepted by the server", mail.mail.key),
                    )));
                }
                tx.requeue(&mail.id, app.clock.now()).await?;
                out.say(&Text::new("письмо снова в очереди", "the mail is queued again"));
            }
        }
        tx.commit().await?;
        Ok(ExitCode::SUCCESS)
    })
}

fn unknown(id: &str) -> Error {
    Error::input(Text::new(format!("письма «{id}» нет"), format!("there is no mail “{id}”")))
        .hint(Text::new("список: sverka outbox list", "list them: sverka outbox list"))
}

fn print(mails: &[OutboxMail], out: Out) {
    if out.json {
        let list: Vec<_> = mails
            .iter()
            .map(|m| {
                serde_json::json!({
                    "id": m.id, "key": m.mail.key, "kind": m.mail.kind.code(), "state": m.state.code(),
                    "recipient": m.mail.recipient, "subject": m.mail.subject, "message_id": m.mail.message_id,
                    "frozen_at": m.frozen_at, "attempts": m.attempts, "sent_at": m.sent_at, "reply": m.last_reply,
                })
            })
            .collect();
        out.json(&list);
        return;
    }
    if mails.is_empty() {
        out.say(&Text::new("писем нет", "no mails"));
    }
    for m in mails {
        let state = match m.state {
            MailState::Pending => Text::new("ждёт", "waits"),
            MailState::Sent => Text::new("ушло", "sent"),
            MailState::Dead => Text::new("не ушло", "given up"),
        };
        out.line(format!("{:<8} {:<30} {:<28} {}", state.get(out.lang), m.mail.key, m.mail.recipient, m.mail.subject));
        if m.state != MailState::Sent && !m.last_reply.is_empty() {
            out.line(format!("         {} × {}", m.attempts, m.last_reply));
        }
    }
}
