//! Files of the command line become sales, cards and records. A file that is not what it is given as ends the command.
//! Deliberately absent: matching.

use std::path::{Path, PathBuf};

use super::{CompareArgs, ZONE, book::Book};
use crate::{
    domain::{crm::CrmRecord, finding::Finding, sale::PartyCard, text::Text},
    error::{Error, Result},
    ingest::{
        crm::{table::CrmTableSettings, together},
        interpret::{ParseRequest, Parsed, Want},
        layout::Layout,
        sandbox::{self, ParseLimits},
        wire::{Heard, Hearer},
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

/// Reads all files, both sides at once; `step` hears what is being read.
pub(super) fn load(args: &CompareArgs, layouts: &[Layout], step: &Step<'_>) -> Result<Loaded> {
    let parser = std::env::current_exe().map_err(|e| Error::bug("find the program itself", e))?;
    let reader = Reader { parser: &parser, layouts, step };
    // A child and a thread of its own for each side; what is wrong with accounting is said first.
    let (accounting, crm) = std::thread::scope(|scope| {
        let crm = scope.spawn(|| reader.crm(&args.crm));
        let accounting = reader.accounting(&args.accounting);
        let died = |_| Err(Error::bug("read the CRM files", std::io::Error::other("the thread died")));
        (accounting, crm.join().unwrap_or_else(died))
    });
    let (book, cards, mut findings) = accounting?;
    let (records, noticed) = crm?;
    findings.extend(noticed);
    findings.extend(book.differing());
    Ok(Loaded { book, cards, records, findings })
}

/// Who hears what is being read.
pub(super) type Step<'s> = dyn Fn(&Text) + Sync + 's;

/// What both sides need to be read.
struct Reader<'r> {
    parser: &'r Path,
    layouts: &'r [Layout],
    step: &'r Step<'r>,
}

impl Reader<'_> {
    fn accounting(&self, files: &[PathBuf]) -> Result<(Book, Vec<PartyCard>, Vec<Finding>)> {
        let (mut book, mut cards, mut findings) = (Book::new(files.len()), Vec::new(), Vec::new());
        for file in files {
            let mut heard = 0_u64;
            let mut hear = |sale: &Heard<'_>| {
                heard += 1;
                book.add(sale);
            };
            let parsed = self.parse(file, Want::Accounting, Some(&mut hear))?;
            let Some(table) = parsed.accounting else { return Err(unusable(file, &parsed.findings)) };
            if heard == 0 && table.cards.is_empty() {
                return Err(unusable(file, &parsed.findings));
            }
            findings.extend(parsed.findings);
            cards.extend(table.cards);
            book.next_file();
        }
        Ok((book, cards, findings))
    }

    fn crm(&self, files: &[PathBuf]) -> Result<(Vec<CrmRecord>, Vec<Finding>)> {
        let mut tables = Vec::new();
        for file in files {
            let parsed = self.parse(file, Want::Crm, None)?;
            let Some(mut table) = parsed.crm else { return Err(unusable(file, &parsed.findings)) };
            if table.records.is_empty() {
                return Err(unusable(file, &parsed.findings));
            }
            table.findings = parsed.findings;
            tables.push(table);
        }
        Ok(together(tables))
    }

    fn parse<'h>(&self, file: &Path, want: Want, hearer: Option<&'h mut Hearer<'h>>) -> Result<Parsed> {
        let name = file.display();
        (self.step)(&Text::new(format!("чтение {name}…"), format!("reading {name}…")));
        super::readable(file)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| Error::bug("start the runtime", e))?;
        let request = request(want, self.layouts);
        let limits = ParseLimits::default();
        let parsed = runtime.block_on(sandbox::parse_hearing(self.parser, file, &request, &limits, hearer));
        parsed.map_err(|finding| unusable(file, &[finding]))
    }
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
            bare: true,
        }),
        layouts: layouts.to_vec(),
        ..ParseRequest::default()
    }
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
