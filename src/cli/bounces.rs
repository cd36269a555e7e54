//! `sverka bounces`: mails that came back, addresses that nothing is sent to, and lifting one. Deliberately absent: reading
//! the folder (the daemon and `sverka once ingest` do it).

use std::{path::Path, process::ExitCode};

use clap::Subcommand;

use super::{output::Out, session};
use crate::{
    domain::{bounce, text::Text, words::instant},
    env::Clock,
    error::{Error, Result},
    pipeline::{self, readdress},
};

/// Subcommands of `bounces`.
#[derive(Debug, Subcommand)]
pub enum BouncesCommand {
    /// Приостановленные адреса и вернувшиеся письма.
    List {
        /// Сколько последних возвратов показать.
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Снова отправлять на адрес (он исправлен или ящик снова принимает почту).
    Lift {
        /// Адрес.
        address: String,
        /// Причина.
        #[arg(long)]
        reason: String,
        /// Кто решил; без него имя пользователя системы.
        #[arg(long)]
        by: Option<String>,
    },
}

/// Runs the subcommand.
pub fn run(command: &BouncesCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        match command {
            BouncesCommand::List { limit } => list(&app, *limit, out).await?,
            BouncesCommand::Lift { address, reason, by } => {
                if reason.trim().is_empty() {
                    return Err(Error::input(Text::new("причина пуста", "the reason is empty")));
                }
                pipeline::bounces::lift(&app, address, &session::author(by.as_deref())?, reason).await?;
                let address = bounce::address_key(address);
                out.say(&Text::new(
                    format!("на {address} снова отправляем; что ушло заместителю, осталось у него"),
                    format!("mail goes to {address} again; what went to the deputy stays with the deputy"),
                ));
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn list(app: &pipeline::App, limit: usize, out: Out) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let (bounces, events) = (tx.bounces().await?, tx.address_events().await?);
    tx.commit().await?;
    let suspended = bounce::suspended(&events);
    let closed: Vec<_> = suspended
        .iter()
        .filter_map(|address| events.iter().rev().find(|e| &e.address == address).map(|e| (address, e)))
        .collect();
    let deputy = |address: &str| readdress::deputy(app, address, &suspended, now).map(|p| p.name.clone());
    if out.json {
        out.json(&serde_json::json!({
            "suspended": closed.iter().map(|(address, event)| serde_json::json!({
                "address": address, "since": event.at, "reason": event.reason, "deputy": deputy(address),
            })).collect::<Vec<_>>(),
            "bounces": bounces.iter().rev().take(limit).map(|b| serde_json::json!({
                "at": b.at, "address": b.address, "kind": b.kind, "status": b.status, "words": b.words, "mail": b.mail_key,
            })).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    if closed.is_empty() {
        out.say(&Text::new("приостановленных адресов нет", "no address is suspended"));
    }
    let tz = app.config.company.tz;
    for (address, event) in closed {
        let since = instant(event.at, tz, out.lang);
        let reads = deputy(address).map_or_else(
            || {
                Text::new(
                    "заместителя нет, письма остаются в sverka outbox",
                    "no deputy, the mails stay in sverka outbox",
                )
            },
            |name| Text::new(format!("письма получает {name}"), format!("{name} gets the mails")),
        );
        out.say(&Text::new(
            format!("{address}: приостановлен с {since}, {}", reads.ru),
            format!("{address}: suspended since {since}, {}", reads.en),
        ));
        out.line(format!("    {}", event.reason));
        out.say(&Text::new(
            format!("    снова отправлять: sverka bounces lift {address} --reason \"…\""),
            format!("    send again: sverka bounces lift {address} --reason \"…\""),
        ));
    }
    for b in bounces.iter().rev().take(limit) {
        let kind = match b.kind {
            bounce::BounceKind::Hard => Text::new("нет адреса", "no address"),
            bounce::BounceKind::Soft => Text::new("не доставлено", "not delivered"),
            bounce::BounceKind::Delayed => Text::new("задержано", "delayed"),
        };
        let at = instant(b.at, tz, out.lang);
        out.line(format!("{at}  {:<14} {:<28} {}", kind.get(out.lang), b.address, b.mail_key));
        out.line(format!("    {}", b.said()));
    }
    Ok(())
}
