//! A mail that cannot reach its person goes to the deputy: the frozen bytes with a line that says why. Deliberately
//! absent: when an address is given up (`bounces`), making the copy (`deliver::redirect`).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{App, notice};
use crate::{
    deliver,
    domain::{
        bounce::address_key,
        mail::{FrozenMail, MailKind, OutboxMail},
        org::{Employee, Role},
        text::Text,
    },
    error::Result,
    store::Tx,
};

/// Whose address it is; of several people with one address the first who has a deputy.
pub fn owner<'a>(app: &'a App, address: &str) -> Option<&'a Employee> {
    let key = address_key(address);
    let mut holders = app.config.roster.people.iter().filter(|p| address_key(&p.email) == key);
    let first = holders.next()?;
    Some(std::iter::once(first).chain(holders).find(|p| p.deputy.is_some()).unwrap_or(first))
}

/// Who reads instead of the holder of the address: the nearest of the chain of deputies who works here and can be written to.
pub fn deputy<'a>(
    app: &'a App,
    address: &str,
    suspended: &BTreeSet<String>,
    now: DateTime<Utc>,
) -> Option<&'a Employee> {
    let today = now.with_timezone(&app.config.company.tz).date_naive();
    let (roster, key) = (&app.config.roster, address_key(address));
    let mut at = owner(app, address)?;
    for _ in 0..roster.people.len() {
        at = roster.get(at.deputy.as_ref()?)?;
        let theirs = address_key(&at.email);
        if at.works_on(today) && !theirs.is_empty() && theirs != key && !suspended.contains(&theirs) {
            return Some(at);
        }
    }
    None
}

/// Whether the address is an operator's: what is for him is sent all the same when nobody can read it in his place.
pub fn is_operators(app: &App, address: &str) -> bool {
    let key = address_key(address);
    app.config.roster.with_role(Role::Operator).any(|p| address_key(&p.email) == key)
}

/// Freezes the deputy's copy of a mail and says its key; `None` when there is no deputy. Done twice, there is one copy.
pub async fn instead(
    app: &App,
    tx: &mut Tx,
    mail: &OutboxMail,
    cause: &str,
    suspended: &BTreeSet<String>,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    let Some(deputy) = deputy(app, &mail.mail.recipient, suspended, now) else { return Ok(None) };
    let copy = copy(app, &mail.mail, deputy, cause)?;
    let key = copy.key.clone();
    tx.freeze(&[copy], now).await?;
    tracing::warn!(outbox.key = %mail.mail.key, "mail {} goes to a deputy as {key}", mail.mail.key);
    Ok(Some(key))
}

fn copy(app: &App, mail: &FrozenMail, deputy: &Employee, cause: &str) -> Result<FrozenMail> {
    let key = format!("{}.for.{}", mail.key, deputy.id.0);
    let name = owner(app, &mail.recipient).map_or_else(|| mail.recipient.clone(), |p| p.name.clone());
    let address = &mail.recipient;
    let why = Text::new(
        format!(
            "Письмо для: {name}. Оно пришло вам как заместителю, потому что адрес {address} не принимает почту ({cause})."
        ),
        format!("Mail for: {name}. You get it as deputy, because the address {address} takes no mail ({cause})."),
    );
    Ok(deliver::redirect::to_deputy(mail, &key, deputy, &why)?)
}

/// A mail that came back, or may not be sent, and has no deputy: the operator is told, once for each mail.
pub async fn tell_operator(app: &App, tx: &mut Tx, mail: &OutboxMail, reply: &str, now: DateTime<Utc>) -> Result<()> {
    // The notice about a lost notice would go the same way.
    if !matches!(mail.mail.kind, MailKind::Undelivered | MailKind::Bounced) {
        let notices = notice::undelivered(app, mail, reply, now)?;
        tx.freeze(&notices, now).await?;
    }
    Ok(())
}
