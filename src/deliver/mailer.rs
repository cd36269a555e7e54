//! How a frozen mail leaves: through a mail server, into a folder, or into memory. It takes bytes and says what the
//! answer means; what becomes of the outbox row is decided by the caller. Deliberately absent: rendering, retries, the
//! outbox.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::domain::mail::FrozenMail;

use super::{directory, dkim::DkimSigner, smtp};

/// What the answer to a mail means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server has taken it: mark it sent.
    Accepted(String),
    /// Try the same bytes again later.
    Retry(String),
    /// Refused for good: stop, tell the operator.
    Dead(String),
    /// Our own settings are wrong (password, certificate, folder): keep the mail, raise an alarm.
    OurConfig(String),
}

/// The ways a mail can leave.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// Through a mail server: production.
    Smtp(SmtpSettings),
    /// Into a folder as `.eml` files: first steps, rehearsals, sites without mail.
    Directory(PathBuf),
    /// Into memory: tests.
    Memory(MemoryBox),
}

impl Mailer {
    /// Sends one mail and waits for the answer, no longer than the settings allow.
    pub async fn send(&self, mail: &FrozenMail) -> Delivery {
        match self {
            Self::Smtp(settings) => smtp::send(settings, mail).await,
            Self::Directory(folder) => directory::send(folder.clone(), mail.clone()).await,
            Self::Memory(memory) => memory.take(mail),
        }
    }
}

/// How the connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS, required: without it nothing is sent.
    StartTls,
    /// None: only to this machine.
    Plain,
}

/// Settings of the mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Name of the server; its certificate must carry it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Security.
    pub security: Security,
    /// User name; empty = no authentication.
    pub user: String,
    /// Password.
    pub password: String,
    /// The company's own authority, PEM, in addition to the public ones; empty = none.
    pub ca_pem: Vec<u8>,
    /// Mail leaves for these domains only; empty = no limit.
    pub allowed_domains: Vec<String>,
    /// Signs every mail; `None` = mails leave as they were frozen.
    pub dkim: Option<DkimSigner>,
    /// Limit of connecting, greeting, TLS and authentication together.
    pub connect_timeout: Duration,
    /// Limit of handing the mail over; RFC 5321 asks for ten minutes after the final dot.
    pub data_timeout: Duration,
}

impl SmtpSettings {
    /// STARTTLS to the host, RFC limits, no authentication.
    pub fn new(host: &str, port: u16) -> Self {
        Self {
            host: host.to_owned(),
            port,
            security: Security::StartTls,
            user: String::new(),
            password: String::new(),
            ca_pem: Vec::new(),
            allowed_domains: Vec::new(),
            dkim: None,
            connect_timeout: Duration::from_mins(1),
            data_timeout: Duration::from_mins(10),
        }
    }
}

impl std::fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Mails in memory; answers can be scripted, otherwise everything is accepted.
#[derive(Clone, Debug, Default)]
pub struct MemoryBox {
    inner: Arc<Mutex<MemoryState>>,
}

#[derive(Debug, Default)]
struct MemoryState {
    taken: Vec<FrozenMail>,
    answers: VecDeque<Delivery>,
}

impl MemoryBox {
    /// The next mails get these answers, in order.
    pub fn script(&self, answers: impl IntoIterator<Item = Delivery>) {
        self.lock().answers.extend(answers);
    }

    /// Every accepted mail, in order.
    pub fn mails(&self) -> Vec<FrozenMail> {
        self.lock().taken.clone()
    }

    fn take(&self, mail: &FrozenMail) -> Delivery {
        let mut state = self.lock();
        let answer = state.answers.pop_front().unwrap_or_else(|| Delivery::Accepted("250 memory".to_owned()));
        if matches!(answer, Delivery::Accepted(_)) {
            state.taken.push(mail.clone());
        }
        answer
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, MemoryState> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait after so many tries: one minute, doubled each time, at most one hour.
pub fn backoff(attempts: u32) -> Duration {
    let minutes = 1_u64 << attempts.saturating_sub(1).min(6);
    Duration::from_mins(minutes.min(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_an_hour() {
        let minutes: Vec<u64> = (0..10).map(|n| backoff(n).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
