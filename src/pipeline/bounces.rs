//! The folder of mails that came back: each is read once, the mail it is about is found by its Message-ID and goes to the
//! deputy (or is shown to the operator); an address that two mails came back from is suspended, and the operator is told
//! once. Deliberately absent: reading a report (`deliver::bounce_report`), deleting, a mailbox over the network.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{App, context, notice, readdress};
use crate::{
    deliver::{self, bounce_report::BounceReport},
    domain::{
        bounce::{self, AddressEvent, Bounce, BounceKind, address_key},
        finding::{Finding, Severity, SourceRef},
        mail::{MailState, OutboxMail},
        report::BouncedReport,
        text::Text,
    },
    error::{Error, Result},
    store::{StoreError, Tx},
};

/// So much of a mail is read: the report stands at its beginning, the returned mail with its attachments behind it.
const READ_BYTES: u64 = 2 << 20;

/// Reads every new mail of the folder; a remark for each report about no mail of ours.
pub async fn look(app: &App) -> Result<Vec<Finding>> {
    let Some(folder) = &app.config.mail.bounces else { return Ok(Vec::new()) };
    let mut remarks = Vec::new();
    for path in files(folder) {
        remarks.extend(one(app, &path).await?);
    }
    suspend(app).await?;
    Ok(remarks)
}

/// `.eml` files of the folder, and whatever lies in `new` and `cur` of a Maildir.
fn files(folder: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter(|e| e.file_type().is_ok_and(|t| t.is_file())).map(|e| e.path()).collect()
    };
    let mut found = list(folder);
    found.retain(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml")));
    for inner in ["new", "cur"] {
        let hidden = |p: &PathBuf| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        found.extend(list(&folder.join(inner)).into_iter().filter(|p| !hidden(p)));
    }
    found.sort();
    found
}

async fn one(app: &App, path: &Path) -> Result<Vec<Finding>> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut bytes = Vec::new();
    // A file that is gone or cannot be opened now is looked at again.
    if File::open(path).and_then(|file| file.take(READ_BYTES).read_to_end(&mut bytes)).is_err() {
        return Ok(Vec::new());
    }
    let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let known = tx.knows_bounce(&hash).await?;
    tx.commit().await?;
    if known {
        return Ok(Vec::new());
    }
    let report = deliver::bounce_report::read(&bytes);
    let mut tx = app.db.begin().await?;
    let mut remarks = Vec::new();
    match (&report, of_ours(&mut tx, report.as_ref()).await?) {
        (Some(report), Some(mail)) => came_back(app, &mut tx, (report, &mail), (&hash, &name), now).await?,
        (Some(report), None) => {
            let words = "a report about no mail of ours";
            if tx.add_other_mail(&hash, &name, now, words).await? {
                remarks.push(stranger(&name, report));
            }
        }
        (None, _) => {
            tx.add_other_mail(&hash, &name, now, "not a report of failed delivery").await?;
        }
    }
    tx.commit().await?;
    Ok(remarks)
}

/// The mail of ours that a report is about.
async fn of_ours(tx: &mut Tx, report: Option<&BounceReport>) -> Result<Option<OutboxMail>> {
    for id in report.into_iter().flat_map(|r| &r.ids) {
        if let Some(mail) = tx.outbox_mail_of(id).await? {
            return Ok(Some(mail));
        }
    }
    Ok(None)
}

/// Records the report, and sees to it that somebody gets the mail.
async fn came_back(
    app: &App,
    tx: &mut Tx,
    (report, mail): (&BounceReport, &OutboxMail),
    (hash, name): (&str, &str),
    now: DateTime<Utc>,
) -> Result<()> {
    let bounce = Bounce {
        hash: hash.to_owned(),
        mail_key: mail.mail.key.clone(),
        // One recipient a mail: whatever address a forwarding server names, it is this one that does not work.
        address: address_key(&mail.mail.recipient),
        kind: report.kind,
        status: report.status.clone(),
        words: report.words.clone(),
        at: now,
    };
    let words = bounce.said();
    if !tx.add_bounce(&bounce, name).await? || report.kind == BounceKind::Delayed || mail.state != MailState::Sent {
        return Ok(());
    }
    let suspended = tx.suspended_addresses().await?;
    let copy = readdress::instead(app, tx, mail, &words, &suspended, now).await?;
    let reply = match &copy {
        Some(key) => format!("came back: {words}; sent to the deputy as {key}"),
        None => format!("came back: {words}"),
    };
    tx.mark_bounced(&mail.id, &reply).await?;
    if copy.is_none() {
        readdress::tell_operator(app, tx, mail, &reply, now).await?;
    }
    Ok(())
}

/// Suspends every address that has earned it, in a transaction of its own: a replica that read the other of two reports, or
/// a stop in between, delays it to the next look and no further.
async fn suspend(app: &App) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let (bounces, events) = (tx.bounces().await?, tx.address_events().await?);
    let due = bounce::to_suspend(&bounces, &events);
    if due.is_empty() {
        return Ok(tx.commit().await?);
    }
    let mut closed = bounce::suspended(&events);
    closed.extend(due.keys().cloned());
    for (address, of) in &due {
        let last = of.last().map(|b| b.said()).unwrap_or_default();
        let event =
            AddressEvent { address: address.clone(), suspended: true, at: now, author: String::new(), reason: last };
        match tx.add_address_event(&event).await {
            Ok(()) => {}
            // Another replica did it, and tells the operator.
            Err(StoreError::Duplicate(_)) => return Ok(()),
            Err(other) => return Err(other.into()),
        }
        tracing::warn!("an address is suspended after {} mails came back", of.len());
        tell(app, &mut tx, address, of, &closed, now).await?;
    }
    Ok(tx.commit().await?)
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    address: &str,
    of: &[&Bounce],
    closed: &BTreeSet<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let person = readdress::owner(app, address).map(|p| p.name.clone()).unwrap_or_default();
    let deputy = readdress::deputy(app, address, closed, now).map(|p| p.name.clone()).unwrap_or_default();
    let ctx = context::report_context(app, None, now, now);
    let report = BouncedReport::of(address, &person, &deputy, of, &ctx);
    let sender = context::sender(app);
    let mut mails = Vec::new();
    for to in notice::operators(app, now) {
        mails.push(deliver::bounced_mail(&report, &to, &sender, now)?);
    }
    tx.freeze(&mails, now).await?;
    Ok(())
}

fn stranger(name: &str, report: &BounceReport) -> Finding {
    let address = if report.address.is_empty() { "—" } else { &report.address };
    let message = Text::new(
        format!("вернулось письмо, которого эта программа не отправляла (адрес {address})"),
        format!("a mail came back that this program did not send (address {address})"),
    );
    Finding::new(Severity::Warn, "bounce_unknown", message).at(SourceRef::file(name))
}

/// Sends to the address again from now on.
pub async fn lift(app: &App, address: &str, by: &str, why: &str) -> Result<()> {
    let key = address_key(address);
    let mut tx = app.db.begin().await?;
    if !tx.suspended_addresses().await?.contains(&key) {
        return Err(Error::input(Text::new(
            format!("адрес {key} не приостановлен"),
            format!("the address {key} is not suspended"),
        ))
        .hint(Text::new("список: sverka bounces list", "list them: sverka bounces list")));
    }
    let event = AddressEvent {
        address: key,
        suspended: false,
        at: app.clock.now(),
        author: by.to_owned(),
        reason: why.trim().to_owned(),
    };
    tx.add_address_event(&event).await?;
    Ok(tx.commit().await?)
}
