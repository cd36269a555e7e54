//! Files of the command line become sales, cards and records. A file that is not what it is given as ends the command.
//! Deliberately absent: matching.

use std::path::Path;

use chrono::DateTime;

use super::{CompareArgs, ZONE};
use crate::{
    domain::{
        crm::CrmRecord,
        finding::{Finding, Severity, SourceRef},
        sale::{PartyCard, Sale, SaleKey},
        text::Text,
    },
    error::{Error, Result},
    ingest::{
        crm::{assemble, table::CrmTableSettings},
        interpret::{ParseRequest, Parsed, Want},
        layout::Layout,
        sandbox::{self, ParseLimits},
    },
};

/// Filters of 1C that never narrow the data.
const HARMLESS: [&str; 3] = ["Проведен", "Пометка удаления", "Организация"];
/// Spellings of the rouble.
const ROUBLES: [&str; 6] = ["руб", "руб.", "₽", "рубль", "RUR", "643"];

/// What the files hold.
pub(super) struct Loaded {
    pub sales: Vec<Sale>,
    pub cards: Vec<PartyCard>,
    pub records: Vec<CrmRecord>,
    pub findings: Vec<Finding>,
}

/// Reads all files; `step` hears what is being read.
pub(super) fn load(args: &CompareArgs, layouts: &[Layout], step: &dyn Fn(&Text)) -> Result<Loaded> {
    let parser = std::env::current_exe().map_err(|e| Error::bug("find the program itself", e))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::bug("start the runtime", e))?;
    let parse = |file: &Path, want: Want| -> Result<Parsed> {
        let name = file.display();
        step(&Text::new(format!("чтение {name}…"), format!("reading {name}…")));
        super::readable(file)?;
        let request = ParseRequest {
            want,
            currency_aliases: ROUBLES.map(str::to_owned).to_vec(),
            harmless_filters: HARMLESS.map(str::to_owned).to_vec(),
            crm: matches!(want, Want::Crm).then(|| CrmTableSettings {
                source: "crm".to_owned(),
                preset: "auto".to_owned(),
                tz: ZONE,
            }),
            layouts: layouts.to_vec(),
            ..ParseRequest::default()
        };
        let parsed = runtime.block_on(sandbox::parse(&parser, file, &request, &ParseLimits::default()));
        parsed.map_err(|finding| unusable(file, &[finding]))
    };

    let (mut sales, mut cards, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for file in &args.accounting {
        let parsed = parse(file, Want::Accounting)?;
        let Some(table) = parsed.accounting else { return Err(unusable(file, &parsed.findings)) };
        if table.sales.is_empty() && table.cards.is_empty() {
            return Err(unusable(file, &parsed.findings));
        }
        findings.extend(parsed.findings);
        sales.extend(table.sales);
        cards.extend(table.cards);
    }
    let mut tables = Vec::new();
    for file in &args.crm {
        let parsed = parse(file, Want::Crm)?;
        let Some(mut table) = parsed.crm else { return Err(unusable(file, &parsed.findings)) };
        if table.records.is_empty() {
            return Err(unusable(file, &parsed.findings));
        }
        table.findings = parsed.findings;
        tables.push(table);
    }
    let (snapshot, noticed) = assemble("crm", DateTime::UNIX_EPOCH, tables);
    findings.extend(noticed);
    findings.extend(once(&mut sales));
    Ok(Loaded { sales, cards, records: snapshot.records, findings })
}

/// A document that stands in several files counts once; with another amount somebody has to look.
fn once(sales: &mut Vec<Sale>) -> Option<Finding> {
    let mut first: std::collections::HashMap<SaleKey, (usize, String)> = std::collections::HashMap::new();
    let mut differing: Option<(usize, SourceRef)> = None;
    let mut keep = Vec::with_capacity(sales.len());
    for (i, sale) in sales.iter().enumerate() {
        let again = match first.get(&sale.key) {
            Some((at, hash)) if *hash != sale.file_hash => {
                let other = sales.get(*at).is_some_and(|one| {
                    (one.amount, &one.currency, &one.party) != (sale.amount, &sale.currency, &sale.party)
                });
                if other {
                    let found = differing.get_or_insert((0, sale.source.clone()));
                    found.0 += 1;
                }
                true
            }
            Some(_) => false,
            None => {
                first.insert(sale.key.clone(), (i, sale.file_hash.clone()));
                false
            }
        };
        keep.push(!again);
    }
    let mut kept = keep.into_iter();
    sales.retain(|_| kept.next().unwrap_or(true));
    differing.map(|(n, source)| {
        Finding::new(
            Severity::Hold,
            "document_differs",
            Text::new(
                format!("документов, которые в двух файлах учёта разные: {n}; учтён первый файл. Оставьте свежую выгрузку"),
                format!("documents that differ between two accounting files: {n}; the first file counts. Keep the fresh export"),
            ),
        )
        .at(source)
    })
}

/// Why a file cannot be used: the findings that hold, each with its place.
fn unusable(file: &Path, findings: &[Finding]) -> Error {
    let name = file.display();
    let message = Text::new(format!("файл нельзя использовать: {name}"), format!("the file cannot be used: {name}"));
    let mut error = Error::input(message);
    for finding in findings.iter().filter(|f| f.holds()).take(5) {
        error = error.hint(super::result::line(finding));
    }
    error.hint(Text::new(
        format!("посмотрите, как он читается: sverka inspect {name}"),
        format!("see how it is read: sverka inspect {name}"),
    ))
}
