//! `compare`: one reconciliation of accounting files with CRM files, without database; of the configuration only the
//! folder of the company's own layouts counts. Says who is in
//! the CRM and what was sold to whom; computes no bonus. Deliberately absent: policies, exemptions, deadlines, storing.

mod book;
mod links;
mod load;
mod result;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::{DateTime, NaiveDate, Utc};

use self::{
    book::Line,
    links::{Answer, Reasons},
};
use super::{layouts, output::Out};
use crate::{
    domain::{
        crm::{CrmKind, KnownRecord},
        facts::end_of_day,
        matching::{self, Detail, MatchSettings, pair_each},
        normalise,
        party::Counterparty,
        text::Text,
        verdict::{PartyVerdict, Verdict},
    },
    env::Clock,
    error::{Error, Result},
};

/// Zone of times without one, and of the day of `--as-of`: there is no configuration to ask.
const ZONE: chrono_tz::Tz = chrono_tz::Europe::Moscow;

/// Counterparties of one name explained at once.
const EXPLAINED: usize = 3;

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// Файлы учёта: продажи и списки контрагентов.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub accounting: Vec<PathBuf>,
    /// Файлы CRM: компании, контакты (сделки и дела читаются, но клиентами не считаются).
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub crm: Vec<PathBuf>,
    /// Дата, на которую сверяем: позднейшие продажи и карточки не учитываются.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<NaiveDate>,
    /// Папка с описаниями таблиц; без неё та, что в настройках (layouts рядом с ними).
    #[arg(long, value_name = "DIR")]
    pub layouts: Option<PathBuf>,
    /// Куда записать сопоставление (CSV).
    #[arg(long, value_name = "OUT.csv")]
    pub links: Option<PathBuf>,
    /// Вместо сводки: почему такой вывод об этом контрагенте (ключ, ИНН или название).
    #[arg(long, value_name = "NAME")]
    pub explain: Option<String>,
}

/// Runs the command: exit code 0, or 2 when a finding of an input file asks to hold (everything is still printed).
///
/// # Errors
/// When a file cannot be read or is not what it is given as, or the links cannot be written.
pub fn run(args: &CompareArgs, config_path: &Path, out: Out) -> Result<ExitCode> {
    let layouts = layouts::read(&layouts::folder(args.layouts.as_deref(), config_path))?;
    let progress = progress();
    let loaded = load::load(args, &layouts, &|step| progress.set_message(step.get(out.lang).to_owned()))?;
    let today = args.as_of.unwrap_or_else(|| Clock::system().now().with_timezone(&ZONE).date_naive());
    let mut findings = loaded.findings;

    let until = args.as_of.map_or(DateTime::<Utc>::MAX_UTC, |day| end_of_day(ZONE, day));
    let known = |record: &crate::domain::crm::CrmRecord| record.created_at.is_none_or(|at| at < until);
    let records: Vec<KnownRecord> = loaded
        .records
        .into_iter()
        .filter(known)
        .map(|record| KnownRecord {
            entered_at: record.created_at.unwrap_or(DateTime::UNIX_EPOCH),
            record,
            gone: false,
        })
        .collect();
    if !records.iter().any(|r| matches!(r.record.id.kind, CrmKind::Company | CrmKind::Contact)) {
        let message =
            Text::new("в файлах CRM нет ни одной карточки на эту дату", "the CRM files hold no record as of this date");
        let hint = Text::new(
            "проверьте файл командой sverka inspect ФАЙЛ и дату --as-of",
            "look at the file with sverka inspect FILE and at the date --as-of",
        );
        return Err(Error::input(message).hint(hint));
    }

    progress.set_message(Text::new("сопоставление…", "matching…").get(out.lang).to_owned());
    let mut book = loaded.book;
    let (parties, party_of, remarks) = normalise::parties_of(&std::mem::take(&mut book.spellings), &loaded.cards);
    findings.extend(remarks);
    if let Some(wanted) = &args.explain {
        progress.finish_and_clear();
        return explain(wanted, &parties, &records, out);
    }
    let reasons = args.links.as_ref().map(|_| Reasons::default());
    let told = |_, verdict: PartyVerdict| Answer::of(&verdict, out.lang, reasons.as_ref());
    let answers = pair_each(&parties, &records, &[], &MatchSettings::default(), Detail::Verdict, told);
    progress.finish_and_clear();

    if let Some(path) = &args.links {
        links::write(path, &parties, &answers)?;
    }
    let in_time = |line: &&Line| args.as_of.is_none_or(|day| line.date <= day);
    let verdict = |line: &Line| {
        let answer = party_of.get(line.spelling as usize).and_then(|at| answers.get(*at));
        answer.map_or(Verdict::NotJudgeable, |answer| answer.verdict)
    };
    let sales = book.lines.iter().filter(in_time).map(|line| (line, verdict(line)));
    let verdicts = answers.iter().map(|answer| answer.verdict);
    let result = result::Summary::new(today, verdicts, sales, &book.currencies, findings, args.links.as_deref());
    if out.json {
        out.json(&result);
    } else {
        result.print(out);
    }
    let held = result.findings.iter().any(crate::domain::finding::Finding::holds);
    // The process ends here: taking millions of texts apart one by one would only cost time.
    std::mem::forget((parties, records));
    Ok(if held { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// Explains every counterparty that answers to the key, the ИНН or the name.
fn explain(wanted: &str, parties: &[Counterparty], records: &[KnownRecord], out: Out) -> Result<ExitCode> {
    let name = normalise::name::Name::new(wanted).core();
    let answers = |party: &&Counterparty| {
        party.key.0 == wanted
            || party.inns.iter().any(|(inn, _)| inn.as_str() == wanted)
            || (!name.is_empty() && party.spellings.iter().any(|s| normalise::name::Name::new(&s.name).core() == name))
    };
    let found: Vec<&Counterparty> = parties.iter().filter(answers).take(EXPLAINED).collect();
    if found.is_empty() {
        return Err(Error::input(Text::new(
            format!("контрагента «{wanted}» в этих файлах нет"),
            format!("there is no counterparty “{wanted}” in these files"),
        ))
        .hint(Text::new("ключи и названия: --links ФАЙЛ", "keys and names: --links FILE")));
    }
    for party in found {
        let settings = MatchSettings::default();
        if let Some(explained) = matching::explain(parties, records, &[], &settings, &party.key, None) {
            super::matching::explain::print(&explained, out);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses a file that is not there, is a folder or may not be read: nothing for a person to judge, so no exit code 2.
pub(super) fn readable(file: &Path) -> Result<()> {
    let path = file.display();
    let Err(cause) = std::fs::File::open(file) else {
        return if file.is_file() { Ok(()) } else { Err(no_file(file)) };
    };
    if cause.kind() == std::io::ErrorKind::NotFound {
        return Err(no_file(file));
    }
    let cause = super::speech::cause(&cause);
    Err(Error::input(Text::new(
        format!("файл {path} не открывается: {}", cause.ru),
        format!("the file {path} cannot be opened: {}", cause.en),
    )))
}

fn no_file(file: &Path) -> Error {
    let path = file.display();
    Error::input(if file.is_dir() {
        Text::new(format!("это папка, а нужен файл: {path}"), format!("a file is needed, this is a folder: {path}"))
    } else {
        Text::new(format!("нет такого файла: {path}"), format!("no such file: {path}"))
    })
}

/// A line on stderr that shows what is going on; nothing when stderr is no terminal.
fn progress() -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new_spinner();
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}
