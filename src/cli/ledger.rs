//! `sverka ledger`: list, export and verify the register of bonus adjustments. Deliberately absent: changing it.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Subcommand, ValueEnum};

use super::{output::Out, session, speech};
use crate::{
    deliver,
    domain::{
        finding::Finding,
        ledger::{LedgerEntry, NewEntry},
        line_code::LineCode,
        money::Money,
        org::EmployeeId,
        period::Period,
        policy::Policy,
        text::{Lang, Text},
    },
    env::Clock,
    error::{Error, Result},
    pipeline,
    store::LedgerFilter,
};

/// Subcommands of `ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Записи.
    List {
        /// Период выплаты (ГГГГ-ММ).
        #[arg(long)]
        period: Option<Period>,
        /// Табельный номер.
        #[arg(long)]
        employee: Option<String>,
    },
    /// Выгрузка записей периода выплаты.
    Export {
        /// Период выплаты (ГГГГ-ММ).
        #[arg(long)]
        period: Period,
        /// Вид файла.
        #[arg(long, value_enum, default_value_t = Format::Csv)]
        format: Format,
        /// Файл; по умолчанию стандартный вывод.
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
    /// Проверить, что цепочка записей цела: ни одна не изменена, не удалена и не вставлена.
    Verify {
        /// Голова цепочки из письма бухгалтерии.
        #[arg(long)]
        head: Option<String>,
    },
}

/// Formats of the export.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// UTF-8 with BOM, `;`, decimal comma.
    Csv,
    /// Workbook.
    Xlsx,
    /// JSON.
    Json,
}

/// Runs the subcommand.
pub fn run(command: &LedgerCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        let mut tx = app.db.begin().await?;
        let filter = match command {
            LedgerCommand::List { period, employee } => LedgerFilter {
                pay_period: *period,
                employee: employee.clone().map(EmployeeId),
                ..LedgerFilter::default()
            },
            LedgerCommand::Export { period, .. } => {
                LedgerFilter { pay_period: Some(*period), ..LedgerFilter::default() }
            }
            LedgerCommand::Verify { .. } => LedgerFilter::default(),
        };
        if let LedgerCommand::Verify { head } = command {
            let scan = tx.scan_ledger().await?;
            tx.commit().await?;
            let findings = pipeline::ledger_findings(&scan, &app.ledger_key, head.as_deref());
            return Ok(verified(&scan.entries, &findings, out));
        }
        let entries = tx.ledger_entries(&filter).await?;
        tx.commit().await?;
        let policy = &app.config.policy;
        match command {
            LedgerCommand::List { .. } => list(&entries, policy, out),
            LedgerCommand::Export { format, output, .. } => {
                let bytes = match format {
                    Format::Csv => deliver::ledger_export::ledger_csv(&entries, policy, out.lang),
                    Format::Xlsx => deliver::ledger_export::ledger_xlsx(&entries, policy, out.lang, app.clock.now())?,
                    Format::Json => deliver::ledger_export::ledger_json(&entries, policy),
                };
                write(output.as_deref(), &bytes)?;
            }
            LedgerCommand::Verify { .. } => {}
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Says whether the chain is whole: exit code 1 when it is not.
fn verified(entries: &[LedgerEntry], findings: &[Finding], out: Out) -> ExitCode {
    let head = entries.last().map(|e| e.hash.as_str());
    if out.json {
        out.json(&serde_json::json!({
            "ok": findings.is_empty(), "entries": entries.len(), "head": head, "findings": findings }));
    } else if findings.is_empty() {
        let (n, head) = (entries.len(), head.unwrap_or("—"));
        out.say(&Text::new(
            format!("цепочка цела: записей {n}, голова {head}"),
            format!("the chain is whole: {n} entries, head {head}"),
        ));
    }
    for finding in findings.iter().filter(|_| !out.json) {
        out.say(&finding.message);
    }
    if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn list(entries: &[LedgerEntry], policy: &Policy, out: Out) {
    if out.json {
        out.line(String::from_utf8_lossy(&deliver::ledger_export::ledger_json(entries, policy)));
        return;
    }
    for e in entries {
        let entry = &e.entry;
        out.line(format!(
            "{:>5}  {}  {}  {:<8} {:<32} {:>14}  {}",
            e.seq,
            LineCode::of(e),
            entry.pay_period,
            entry.key.employee.0,
            speech::word(out.lang, entry.kind.code()),
            speech::amount(out.lang, entry.amount),
            what(entry, out.lang),
        ));
    }
    let total: Money = entries.iter().map(|e| e.entry.amount).sum();
    out.say(&Text::new(
        format!("записей: {}, всего {}", entries.len(), speech::amount(Lang::Ru, total)),
        format!("entries: {}, total {}", entries.len(), speech::amount(Lang::En, total)),
    ));
}

/// What an entry is about: the buyer, where there is one, and the document.
fn what(entry: &NewEntry, lang: Lang) -> String {
    let document = entry.evidence.document.get(lang);
    if entry.evidence.party.is_empty() { document.to_owned() } else { format!("{}, {document}", entry.evidence.party) }
}

fn write(output: Option<&Path>, bytes: &[u8]) -> Result<()> {
    let Some(path) = output else {
        let _ = std::io::stdout().lock().write_all(bytes);
        return Ok(());
    };
    std::fs::write(path, bytes).map_err(|e| {
        Error::input(Text::new(
            format!("не удалось записать {}: {}", path.display(), speech::cause(&e).ru),
            format!("failed to write {}: {}", path.display(), speech::cause(&e).en),
        ))
    })
}
