//! One mail, one connection, one envelope. Each stage has its own limit, because the library's covers connecting only,
//! and the answer to the final dot decides alone: whatever happens while saying goodbye does not take a 250 back.
//! Deliberately absent: pooled connections (a cancelled send leaves replies behind that the next mail would read),
//! several recipients, opportunistic encryption.

use std::net::IpAddr;

use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
        response::Response,
    },
};
use tokio::time::{Duration, timeout};

use crate::domain::mail::FrozenMail;

use super::mailer::{Delivery, Security, SmtpSettings};

/// Limit of the QUIT after the answer.
const GOODBYE: Duration = Duration::from_secs(5);

/// What a PEM certificate begins with.
const PEM_MARK: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Where a failure happened: the same code means other things while logging in and while handing a mail over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Connecting, greeting, TLS.
    Connect,
    /// Logging in.
    Login,
    /// Naming the sender.
    Sender,
    /// Naming the recipient, handing the mail over.
    Mail,
}

/// Sends the mail.
pub(super) async fn send(settings: &SmtpSettings, mail: &FrozenMail) -> Delivery {
    let (sender, recipient) = match addresses(settings, mail) {
        Ok(addresses) => addresses,
        Err(delivery) => return delivery,
    };
    let signed = match &settings.dkim {
        None => None,
        Some(signer) => match signer.signed(&mail.bytes) {
            Some(bytes) => Some(bytes),
            None => return Delivery::OurConfig("the mail could not be signed: see mail.dkim_key_file".to_owned()),
        },
    };
    let bytes = signed.as_deref().unwrap_or(&mail.bytes);
    let mut connection = match timeout(settings.connect_timeout, connect(settings)).await {
        Err(_) => return Delivery::Retry("no answer in time while connecting".to_owned()),
        Ok(Err(delivery)) => return delivery,
        Ok(Ok(connection)) => connection,
    };
    let limit = settings.data_timeout;
    match timeout(limit, hand_over(&mut connection, sender, recipient, bytes)).await {
        // The server may have taken it: the repeated mail has the same Message-ID and the same bytes.
        Err(_) => Delivery::Retry("no answer in time while handing the mail over".to_owned()),
        // A connection given up in the middle of a command is dropped: its next reply belongs to the old command.
        Ok(Err(delivery)) => delivery,
        Ok(Ok(reply)) => {
            let _ = timeout(GOODBYE.min(settings.connect_timeout), connection.abort()).await;
            let words = format!("{} {}", reply.code(), reply.message().collect::<Vec<_>>().join(" "));
            if u16::from(reply.code()) == 250 { Delivery::Accepted(words) } else { Delivery::Retry(words) }
        }
    }
}

/// The commands one by one, so that a refused sender (our setting) is told from a refused recipient or mail.
async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    sender: Address,
    recipient: Address,
    bytes: &[u8],
) -> Result<Response, Delivery> {
    let mut options = Vec::new();
    if !sender.to_string().is_ascii() || !recipient.to_string().is_ascii() {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Delivery::Retry("the address needs SMTPUTF8, which the server does not offer".to_owned()));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    connection.command(Mail::new(Some(sender), options)).await.map_err(|e| judge(&e, Stage::Sender))?;
    connection.command(Rcpt::new(recipient, Vec::new())).await.map_err(|e| judge(&e, Stage::Mail))?;
    connection.command(Data).await.map_err(|e| judge(&e, Stage::Mail))?;
    connection.message(bytes).await.map_err(|e| judge(&e, Stage::Mail))
}

fn addresses(settings: &SmtpSettings, mail: &FrozenMail) -> Result<(Address, Address), Delivery> {
    let recipient: Address =
        mail.recipient.parse().map_err(|_| Delivery::Dead("the recipient's address cannot be used".to_owned()))?;
    let allowed = settings.allowed_domains.is_empty()
        || settings.allowed_domains.iter().any(|d| d.eq_ignore_ascii_case(recipient.domain()));
    if !allowed {
        return Err(Delivery::Dead(format!("domain {} is not in mail.allowed_domains", recipient.domain())));
    }
    let sender: Address =
        mail.sender.parse().map_err(|_| Delivery::OurConfig("the sender's address cannot be used".to_owned()))?;
    Ok((sender, recipient))
}

async fn connect(settings: &SmtpSettings) -> Result<AsyncSmtpConnection, Delivery> {
    let (host, port) = (settings.host.as_str(), settings.port);
    let hello = ClientId::default();
    let limit = Some(settings.connect_timeout);
    let tls = match settings.security {
        Security::Plain if is_local(host) => None,
        Security::Plain => {
            return Err(Delivery::OurConfig(format!("plain connections are for this machine only, not for {host}")));
        }
        Security::Tls | Security::StartTls => Some(tls(settings)?),
    };
    let implicit = if settings.security == Security::Tls { tls.clone() } else { None };
    let mut connection = AsyncSmtpConnection::connect_tokio1((host, port), limit, &hello, implicit, None)
        .await
        .map_err(|e| judge(&e, Stage::Connect))?;
    if let (Security::StartTls, Some(tls)) = (settings.security, tls) {
        if !connection.can_starttls() {
            return Err(Delivery::Retry("the server does not offer STARTTLS, which is required".to_owned()));
        }
        connection.starttls(tls, &hello).await.map_err(|e| judge(&e, Stage::Connect))?;
    }
    if !settings.user.is_empty() {
        let credentials = Credentials::new(settings.user.clone(), settings.password.clone());
        connection
            .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
            .await
            .map_err(|e| judge(&e, Stage::Login))?;
    }
    Ok(connection)
}

fn tls(settings: &SmtpSettings) -> Result<TlsParameters, Delivery> {
    let ours = |e: Error| Delivery::OurConfig(format!("TLS settings: {}", words(&e)));
    let mut builder = TlsParameters::builder(settings.host.clone());
    if !settings.ca_pem.is_empty() {
        // The library takes a file without any certificate for an empty list.
        if !settings.ca_pem.windows(PEM_MARK.len()).any(|w| w == PEM_MARK) {
            return Err(Delivery::OurConfig("mail.ca_file holds no PEM certificate".to_owned()));
        }
        builder = builder.add_root_certificate(Certificate::from_pem(&settings.ca_pem).map_err(ours)?);
    }
    builder.build_rustls().map_err(ours)
}

/// What a failure means. Login or sender refused for good is our configuration: no mail dies of a wrong password. Before a mail
/// is offered nothing is known about the mail, so nothing that happens there kills it either.
fn judge(error: &Error, stage: Stage) -> Delivery {
    let code = error.status().map(u16::from);
    match (stage, code) {
        (_, Some(530 | 534 | 535 | 538)) | (Stage::Login | Stage::Sender, Some(500..=599)) => {
            Delivery::OurConfig(words(error))
        }
        (Stage::Login, None) if error.is_client() => Delivery::OurConfig(words(error)),
        (Stage::Connect, None) if error.is_tls() || distrusts_certificate(error) => Delivery::OurConfig(words(error)),
        (Stage::Mail, Some(500..=599)) => Delivery::Dead(words(error)),
        _ => Delivery::Retry(words(error)),
    }
}

/// Whether the server's certificate was not accepted: waiting does not help, a person must look (own authority missing
/// from the settings, wrong host name, expired certificate, somebody in between).
fn distrusts_certificate(error: &Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let tls = inner
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|e| e.downcast_ref::<rustls::Error>());
        if matches!(tls, Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// The error with its causes, on one line.
fn words(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    super::clean::line(&text).into_owned()
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
