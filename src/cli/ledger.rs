//! `sverka ledger`: list, export and verify the register of bonus adjustments. Deliberately absent: changing it.

use std::{io::Write, path::{Path, PathBuf}, process::ExitCode};

use clap::{Subcommand, ValueEnum};

use super::{output::Out, session};
use crate::{
    deliver,
    domain::{
        ledger::LedgerEntry,
        ledger_chain,
        money::Money,
        org::EmployeeId,
        period::Period,
        text::Text,
    },
    env::Clock,
    error::{Error, Result},
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
    /// Проверить цепочку записей и совпадение сумм с пересчётом.
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
            LedgerCommand::Export { period, .. } => LedgerFilter { pay_period: Some(*period), ..LedgerFilter::default() },
            LedgerCommand::Verify { .. } => LedgerFilter::default(),
        };
        let entries = tx.ledger_entries(&filter).await?;
        tx.commit().await?;
        match command {
            LedgerCommand::List { .. } => list(&entries, out),
            LedgerCommand::Export { format, output, .. } => {
                let bytes = match format {
                    Format::Csv => deliver::ledger_export::ledger_csv(&entries, out.lang),
                    Format::Xlsx => deliver::ledger_export::ledger_xlsx(&entries, out.lang, app.clock.now())?,
                    Format::Json => deliver::ledger_export::ledger_json(&entries),
                };
                write(output.as_deref(), &bytes)?;
            }
            LedgerCommand::Verify { head } => {
                let findings = ledger_chain::verify(&entries, &app.ledger_key, head.as_deref());
                for finding in &findings {
                    out.say(&finding.message);
                }
                if !findings.is_empty() {
                    return Ok(ExitCode::FAILURE);
                }
                let head = entries.last().map_or("—", |e| e.hash.as_str());
                out.say(&Text::new(
                    format!("цепочка цела: записей {}, голова {head}", entries.len()),
                    format!("the chain is whole: {} entries, head {head}", entries.len()),
                ));
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn list(entries: &[LedgerEntry], out: Out) {
    if out.json {
        out.line(String::from_utf8_lossy(&deliver::ledger_export::ledger_json(entries)));
        return;
    }
    for e in entries {
        let entry = &e.entry;
        out.line(format!(
            "{:>5}  {}  {}  {:<12} {:>14}  {}  {}",
            e.seq,
            entry.pay_period,
            entry.key.employee.0,
            entry.kind.code(),
            entry.amount.plain(),
            entry.evidence.party,
            entry.evidence.document.get(out.lang),
        ));
    }
    let total: Money = entries.iter().map(|e| e.entry.amount).sum();
    out.say(&Text::new(
        format!("записей: {}, всего {total}", entries.len()),
        format!("entries: {}, total {total}", entries.len()),
    ));
}

fn write(output: Option<&Path>, bytes: &[u8]) -> Result<()> {
    let Some(path) = output else {
        let _ = std::io::stdout().lock().write_all(bytes);
        return Ok(());
    };
    std::fs::write(path, bytes).map_err(|e| {
        Error::input(Text::new(
            format!("не удалось записать {}: {e}", path.display()),
            format!("failed to write {}: {e}", path.display()),
        ))
    })
}
