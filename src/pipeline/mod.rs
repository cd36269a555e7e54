//! The conductor: the only place that knows all the stages.
//!
//! ```text
//! intake / crm_intake   files → facts in the store, or set aside with the reason
//! intake_changes        an export against what is known: added, changed, vanished, told twice
//! facts                 the store → everything one run looks at
//! rule_facts            the same for what only some rules look at
//! rule_intake           calls and plans into the store
//! deals                 a head's word on deals, votes of the jury
//! compute               facts → verdicts, statuses, wanted amounts            (pure)
//! reconcile             gate → ledger entries + frozen mails in one transaction, or a hold
//! sealing               new entries behind the end of the ledger       (pure)
//! preview               the mails as they would be frozen, without freezing them
//! held                  what becomes of a held run
//! send                  frozen mails → the server, marked afterwards
//! bounces, readdress    mails that came back, and who reads them instead
//! release               a person's word on a hold
//! acknowledge           signatures under the regulation into the register
//! backtest              a draft of the regulation over closed periods, nothing posted
//! regulation            worked examples for the document that people sign
//! review                the queue of matches for a person, and a filled workbook back into decisions
//! ```

pub mod acknowledge;
mod app;
pub mod backtest;
pub mod bounces;
pub mod compute;
mod context;
pub mod beside;
pub mod contested;
pub mod disputes;
pub mod finance;
pub mod four_eyes;
pub mod hand_over;
pub mod crm_intake;
pub mod facts;
pub mod held;
pub mod intake;
mod intake_changes;
mod intake_clashes;
pub mod mails;
pub mod monthly;
pub mod notice;
pub mod reconcile;
pub mod readdress;
pub mod regulation;
pub mod release;
pub mod replies;
pub mod review;
mod rule_facts;
mod sealing;
pub mod preview;
pub mod rule_intake;
pub mod deals;
pub mod send;
mod told;
pub mod weekly;

use std::{collections::HashMap, path::Path, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    domain::{
        facts::Outcome,
        finding::{Finding, Severity, SourceRef},
        ledger_chain,
        money::Money,
        party::PartyKey,
        text::Text,
    },
    error::Result,
    ingest::{self, ParseRequest, Parsed, Ready, Spool, SpoolSettings, Want, crm::table::CrmTableSettings},
    store::LedgerScan,
};

pub use app::{App, signer};

/// What the facts say at an instant, for commands that only look.
pub struct View {
    /// Facts.
    pub loaded: facts::Loaded,
    /// Conclusions.
    pub outcome: Outcome,
}

impl View {
    /// Turnover with each counterparty in the base currency (returns lower it).
    pub fn turnover(&self) -> HashMap<PartyKey, Money> {
        let facts = &self.loaded.facts;
        let mut sums: HashMap<PartyKey, Money> = HashMap::new();
        for (sale, party) in facts.sales.iter().zip(&facts.party_of) {
            if let Some(party) = facts.parties.get(*party).filter(|_| sale.currency == facts.base_currency) {
                *sums.entry(party.key.clone()).or_default() += sale.amount;
            }
        }
        sums
    }
}

/// Loads and computes, changing nothing.
pub async fn view(app: &App, as_of: DateTime<Utc>) -> Result<View> {
    let mut tx = app.db.begin().await?;
    let loaded = facts::load(app, &mut tx, as_of, &[]).await?;
    tx.commit().await?;
    let outcome = compute::compute_for(app, &loaded.facts, as_of);
    Ok(View { loaded, outcome })
}

/// Everything that speaks against the ledger: rows that are not what was written, seals that do not fit, a head that was
/// told outside and is gone, ends that the database itself names otherwise. Empty = whole.
pub fn ledger_findings(scan: &LedgerScan, key: &[u8], head: Option<&str>) -> Vec<Finding> {
    let mut findings = scan.findings.clone();
    findings.extend(ledger_chain::verify(&scan.entries, key, head));
    findings.extend(ledger_chain::verify_told(&scan.entries, &scan.told));
    findings
}

/// Parses one archived file in a child process; a child that dies is a finding of the answer.
pub async fn parse(app: &App, copy: &Path, name: &str, want: Want, crm: Option<CrmTableSettings>) -> Parsed {
    let config = &app.config;
    let request = ParseRequest {
        file_name: name.to_owned(),
        want,
        base_currency: config.company.currency.clone(),
        currency_aliases: config.company.currency_aliases.clone(),
        harmless_filters: config.accounting.harmless_filters.clone(),
        crm,
        layouts: ingest::layout::of_folder(&app.config.accounting.layouts).0,
        ..ParseRequest::default()
    };
    ingest::sandbox::parse_or_finding(&app.parser, copy, &request, config.accounting.max_file_mib).await
}

/// One look into all folders; what is stable is taken in.
pub async fn look(app: &App, spool: &mut Spool) -> Result<intake::Intake> {
    let mut look = spool.poll(app.clock.now());
    if look.waiting > 0 {
        // New files are looked at a second time at once, so that a run that is due now does not go without them.
        tokio::time::sleep(Duration::from_secs(u64::from(app.config.accounting.stable_seconds))).await;
        look = spool.poll(app.clock.now());
    }
    let now = app.clock.now();
    let mut done = intake::Intake { remarks: look.findings, ..intake::Intake::default() };
    let mut remarks = Vec::new();
    let mut sort = |record: crate::domain::inbox::FileRecord| {
        if record.state == crate::domain::inbox::FileState::Accepted {
            done.accepted.push(record);
        } else {
            done.quarantined.push(record);
        }
    };
    let below = |ready: &Ready, folder: &Path| ready.path.parent() == Some(folder);
    for folder in &app.config.accounting.folders {
        let mut files: Vec<&Ready> = look.stable.iter().filter(|r| below(r, folder)).collect();
        // The older export first: the newer one corrects it.
        files.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
        for ready in files {
            // A file that cannot be kept (changed meanwhile, disk full) is tried at the next look and stops no other.
            if let Some(remark) = not_kept(app, ready).await? {
                remarks.push(remark);
            } else if let Some(record) = intake::accounting(app, ready, now, false).await? {
                sort(record);
            }
        }
    }
    for source in &app.config.crm {
        let files: Vec<Ready> = look.stable.iter().filter(|r| below(r, &source.folder)).cloned().collect();
        let mut kept = Vec::with_capacity(files.len());
        for ready in files {
            match not_kept(app, &ready).await? {
                None => kept.push(ready),
                Some(remark) => remarks.push(remark),
            }
        }
        for record in crm_intake::source(app, source, &kept, now, None).await? {
            sort(record);
        }
    }
    for (source, lists) in [(rule_intake::CALLS, &app.config.calls), (rule_intake::PLANS, &app.config.plans)] {
        for folder in &lists.folders {
            let mut files: Vec<&Ready> = look.stable.iter().filter(|r| below(r, folder)).collect();
            files.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
            for ready in files {
                if let Some(remark) = not_kept(app, ready).await? {
                    remarks.push(remark);
                } else if let Some(record) = rule_intake::take(app, source, ready, now, false).await? {
                    sort(record);
                }
            }
        }
    }
    done.remarks.append(&mut remarks);
    done.remarks.extend(replies::look(app).await?);
    done.remarks.extend(bounces::look(app).await?);
    contested::tell_heads(app).await?;
    Ok(done)
}

/// Copies a file that was never met into the archive; the remark says why it could not be.
async fn not_kept(app: &App, ready: &Ready) -> Result<Option<Finding>> {
    let mut tx = app.db.begin().await?;
    let known = tx.file(&ready.hash).await?.is_some();
    tx.commit().await?;
    let Some(error) = (!known).then(|| ingest::archive(ready, &app.config.store.archive).err()).flatten() else {
        return Ok(None);
    };
    tracing::warn!("a file could not be copied into the archive: {error}");
    let text = Text::new(
        format!(
            "файл не удалось скопировать в архив ({error}); освободите место или проверьте права, он будет взят сам"
        ),
        format!(
            "the file could not be copied into the archive ({error}); free space or check permissions, it will be taken by itself"
        ),
    );
    Ok(Some(Finding::new(Severity::Warn, "file_not_kept", text).at(SourceRef::file(&ready.name))))
}

/// A look for a command.
pub async fn ingest_now(app: &App) -> Result<intake::Intake> {
    look(app, &mut Spool::new(app.spool_settings())).await
}

impl App {
    /// Which folders are looked at, and how long a file must stay the same.
    pub fn spool_settings(&self) -> SpoolSettings {
        let accounting = self.config.accounting.folders.iter().cloned();
        let crm = self.config.crm.iter().map(|c| c.folder.clone());
        let lists = self.config.calls.folders.iter().chain(&self.config.plans.folders).cloned();
        SpoolSettings {
            folders: accounting.chain(crm).chain(lists).collect(),
            stable: TimeDelta::seconds(i64::from(self.config.accounting.stable_seconds)),
            max_bytes: u64::from(self.config.accounting.max_file_mib) << 20,
        }
    }
}
