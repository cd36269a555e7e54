//! `inspect FILE`: how a file is understood, without settings or database. Deliberately absent: taking anything in.

mod against;
mod mapping;
mod text;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::NaiveDate;
use serde::Serialize;

use super::output::Out;
use crate::{
    domain::{
        finding::{Severity, SourceRef},
        money::Money,
    },
    error::{Error, Result},
    ingest::{
        crm::table::CrmTableSettings,
        interpret::{ParseRequest, Parsed, Want},
        sandbox,
    },
};

/// Filters of 1C that never narrow the data; the configuration names a company's own.
const HARMLESS: [&str; 3] = ["Проведен", "Пометка удаления", "Организация"];

/// The running program, also after an upgrade replaced its file.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub struct InspectArgs {
    /// Файл: xlsx, xls, xlsb, ods, htm, xml, dbf, csv, txt.
    pub file: PathBuf,
    /// Основная валюта (RUB, UAH, …); без неё самая частая в файле.
    #[arg(long)]
    pub currency: Option<String>,
    /// Прежняя выгрузка: показать, что новая добавит, изменит и чего в ней больше нет.
    #[arg(long, value_name = "ФАЙЛ")]
    pub against: Option<PathBuf>,
    /// Лист книги, который читать.
    #[arg(long, value_name = "ЛИСТ")]
    pub sheet: Option<String>,
    /// Headers and levels given by hand.
    #[command(flatten)]
    pub mapping: mapping::MappingArgs,
}

/// The answer as JSON.
#[derive(Debug, Serialize)]
struct Report<'a> {
    kind: &'static str,
    sheet: &'a str,
    header_rows: [u32; 2],
    columns: serde_json::Map<String, serde_json::Value>,
    rows: u64,
    total_kopecks: Option<i64>,
    printed_total_kopecks: Option<i64>,
    period: Option<Span>,
    organisation: Option<&'a str>,
    grain: Option<&'static str>,
    understood: Vec<&'a str>,
    findings: Vec<Line<'a>>,
}

#[derive(Debug, Serialize)]
struct Span {
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    code: &'a str,
    severity: Severity,
    cell: String,
    message: &'a str,
}

/// Runs the command: exit code 0 when the file is usable, 2 when a person has to look.
///
/// # Errors
/// When there is no such file, or the runtime cannot start.
pub fn run(args: &InspectArgs, config_path: &Path, out: Out) -> Result<ExitCode> {
    super::compare::readable(&args.file)?;
    let layouts = args.mapping.layouts(config_path)?;
    let request = ParseRequest {
        want: Want::Any,
        base_currency: args.currency.clone().unwrap_or_default().trim().to_uppercase(),
        harmless_filters: HARMLESS.map(str::to_owned).to_vec(),
        crm: Some(CrmTableSettings {
            source: "inspect".to_owned(),
            preset: "auto".to_owned(),
            tz: chrono_tz::Europe::Moscow,
            bare: false,
        }),
        layouts,
        sheet: args.sheet.clone().unwrap_or_default(),
        ..ParseRequest::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::bug("start the runtime", e))?;
    let limits = sandbox::ParseLimits::default();
    let parsed = runtime
        .block_on(sandbox::parse(Path::new(THIS_PROGRAM), &args.file, &request, &limits))
        .unwrap_or_else(|finding| Parsed::refused(vec![finding]));
    args.mapping.check(&parsed)?;
    if let Some(old) = &args.against {
        super::compare::readable(old)?;
        let before = runtime
            .block_on(sandbox::parse(Path::new(THIS_PROGRAM), old, &request, &limits))
            .unwrap_or_else(|finding| Parsed::refused(vec![finding]));
        return Ok(against::answer(&before, &parsed, out));
    }
    if out.json {
        out.json(&report(&parsed, out));
    } else {
        text::print(&parsed, out);
    }
    args.mapping.save(&parsed, &args.file, config_path, out)?;
    Ok(ExitCode::from(if parsed.holds() { 2 } else { 0 }))
}

fn report(parsed: &Parsed, out: Out) -> Report<'_> {
    let table = parsed.accounting.as_ref();
    let columns = parsed.columns.iter().flat_map(|seen| seen.roles.iter().map(|role| (role, seen.header.as_str())));
    Report {
        kind: parsed.kind.code(),
        sheet: &parsed.sheet,
        header_rows: [parsed.header_rows.0, parsed.header_rows.1],
        columns: columns.map(|(role, header)| (role.clone(), header.into())).collect(),
        rows: parsed.rows,
        total_kopecks: table.and_then(|t| t.total).map(Money::kopecks),
        printed_total_kopecks: table.and_then(|t| t.printed_total).map(Money::kopecks),
        period: table.and_then(|t| t.period).map(|p| Span { from: p.from, to: p.to }),
        organisation: table.and_then(|t| t.organisation.as_deref()),
        grain: table.map(|t| t.grain.code()),
        understood: parsed.understood.iter().map(|t| t.get(out.lang)).collect(),
        findings: parsed
            .findings
            .iter()
            .map(|f| Line {
                code: &f.code,
                severity: f.severity,
                cell: f.source.as_ref().map(SourceRef::cell).unwrap_or_default(),
                message: f.message.get(out.lang),
            })
            .collect(),
    }
}
