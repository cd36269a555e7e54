//! Files of the command line become sales, cards and records. A file that is not what it is given as ends the command.
//! Deliberately absent: matching.

use std::path::Path;

use chrono::DateTime;

use super::{CompareArgs, ZONE, book::Book};
use crate::{
    domain::{
        crm::CrmRecord,
        finding::Finding,
        sale::{PartyCard, Sale},
        text::Text,
    },
    error::{Error, Result},
    ingest::{
        crm::{assemble, table::CrmTableSettings},
        interpret::{ParseRequest, Parsed, Want},
        layout::Layout,
        sandbox::{self, ParseLimits},
        wire::Hearer,
    },
};

/// Filters of 1C that never narrow the data.
const HARMLESS: [&str; 3] = ["Проведен", "Пометка удаления", "Организация"];
/// Spellings of the rouble.
const ROUBLES: [&str; 6] = ["руб", "руб.", "₽", "рубль", "RUR", "643"];

/// What the files hold.
pub(super) struct Loaded {
    pub book: Book,
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
    let (mut book, mut cards) = (Book::new(args.accounting.len()), Vec::new());
    let mut findings = Vec::new();
    let accounting = async {
        for file in &args.accounting {
            let request = request(Want::Accounting, layouts);
            let mut heard = 0_u64;
            let mut hear = |sale: Sale| {
                heard += 1;
                book.add(&sale);
            };
            let parsed = parse(&parser, file, &request, Some(&mut hear), step).await?;
            let Some(table) = parsed.accounting else { return Err(unusable(file, &parsed.findings)) };
            if heard == 0 && table.cards.is_empty() {
                return Err(unusable(file, &parsed.findings));
            }
            findings.extend(parsed.findings);
            cards.extend(table.cards);
            book.next_file();
        }
        Ok(())
    };
    let mut tables = Vec::new();
    let crm = async {
        for file in &args.crm {
            let parsed = parse(&parser, file, &request(Want::Crm, layouts), None, step).await?;
            let Some(mut table) = parsed.crm else { return Err(unusable(file, &parsed.findings)) };
            if table.records.is_empty() {
                return Err(unusable(file, &parsed.findings));
            }
            table.findings = parsed.findings;
            tables.push(table);
        }
        Ok(())
    };
    // Two children at once; what is wrong with accounting is said first.
    let (accounting, crm) = runtime.block_on(async { tokio::join!(accounting, crm) });
    accounting?;
    crm?;
    let (snapshot, noticed) = assemble("crm", DateTime::UNIX_EPOCH, tables);
    findings.extend(noticed);
    findings.extend(book.differing());
    Ok(Loaded { book, cards, records: snapshot.records, findings })
}

fn request(want: Want, layouts: &[Layout]) -> ParseRequest {
    ParseRequest {
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
    }
}

async fn parse<'h>(
    parser: &Path,
    file: &Path,
    request: &ParseRequest,
    hearer: Option<&'h mut Hearer<'h>>,
    step: &dyn Fn(&Text),
) -> Result<Parsed> {
    let name = file.display();
    step(&Text::new(format!("чтение {name}…"), format!("reading {name}…")));
    super::readable(file)?;
    let parsed = sandbox::parse_hearing(parser, file, request, &ParseLimits::default(), hearer).await;
    parsed.map_err(|finding| unusable(file, &[finding]))
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
