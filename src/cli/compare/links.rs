//! The table of links: one row for each name, ИНН and КПП as written in accounting. Deliberately absent: amounts.

use std::{
    collections::HashSet,
    io::Write,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    cli::speech,
    domain::{
        parallel::by_thread,
        party::Counterparty,
        sale::PartyRef,
        text::{Lang, Text},
        verdict::{PartyVerdict, Verdict},
    },
    error::{Error, Result},
};

/// What is kept of a verdict; the rest of its words is let go at once.
pub(super) struct Answer {
    pub verdict: Verdict,
    score: u32,
    ids: Box<str>,
    reason: Arc<str>,
}

/// Reasons, each kept once: a few thousand stand for hundreds of thousands of counterparties.
#[derive(Default)]
pub(super) struct Reasons(Mutex<HashSet<Arc<str>>>);

impl Reasons {
    fn kept(&self, reason: &str) -> Arc<str> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(reason) {
            return Arc::clone(known);
        }
        let new: Arc<str> = reason.into();
        all.insert(Arc::clone(&new));
        new
    }
}

impl Answer {
    /// Of a verdict; with `reasons` it has what the table shows.
    pub fn of(verdict: &PartyVerdict, lang: Lang, reasons: Option<&Reasons>) -> Self {
        let ids = match verdict.verdict {
            _ if reasons.is_none() => String::new(),
            Verdict::InCrm => verdict.candidates.first().map(|c| c.id.id.clone()).unwrap_or_default(),
            Verdict::Uncertain => verdict.candidates.iter().map(|c| c.id.id.as_str()).collect::<Vec<_>>().join("|"),
            Verdict::NotInCrm | Verdict::NotJudgeable => String::new(),
        };
        Self {
            verdict: verdict.verdict,
            score: verdict.candidates.first().map_or(0, |c| c.score_bp),
            ids: ids.into(),
            reason: reasons.map(|all| all.kept(verdict.reason.get(lang))).unwrap_or_default(),
        }
    }
}

/// Writes the file beside its place and moves it there, so that nobody reads half of it.
pub(super) fn write(path: &Path, parties: &[Counterparty], answers: &[Answer]) -> Result<()> {
    let failed = |cause: &Text| {
        let name = path.display();
        let (ru, en) = (&cause.ru, &cause.en);
        Error::input(Text::new(format!("не удалось записать {name}: {ru}"), format!("cannot write {name}: {en}")))
    };
    let bytes = table(parties, answers).map_err(|e| failed(&Text::same(e.to_string())))?;
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    let partial = Path::new(&partial);
    let written = std::fs::File::create(partial)
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(partial, path));
    written.map_err(|e| failed(&speech::cause(&e)))
}

/// A spelling, the counterparty that has it, and what came of it.
type Row<'a> = ((&'a str, &'a str, &'a str), &'a str, &'a Answer);

const HEADER: [&str; 8] = ["accounting_key", "accounting_name", "inn", "kpp", "verdict", "crm_id", "score", "reason"];

fn table(parties: &[Counterparty], answers: &[Answer]) -> csv::Result<Vec<u8>> {
    let rows = rows(parties, answers);
    let mut all = Vec::new();
    for piece in by_thread(rows.len(), |range| lines(range.start == 0, rows.get(range).unwrap_or_default())) {
        all.extend(piece?);
    }
    Ok(all)
}

/// Every spelling once, in order.
fn rows<'a>(parties: &'a [Counterparty], answers: &'a [Answer]) -> Vec<Row<'a>> {
    let pieces = by_thread(parties.len(), |range| {
        let spelt = |(party, answer): (&'a Counterparty, &'a Answer)| {
            let of = move |s: &'a Arc<PartyRef>| {
                ((s.name.as_str(), s.inn.as_str(), s.kpp.as_str()), party.key.0.as_str(), answer)
            };
            party.spellings.iter().map(of)
        };
        let own = parties.iter().zip(answers).skip(range.start).take(range.len());
        let mut rows: Vec<Row<'a>> = own.flat_map(spelt).collect();
        rows.sort_by_key(|(spelling, ..)| *spelling);
        rows
    });
    // Two codes may share one spelling; the row is then the first code's. Sorted pieces are merged.
    let mut rows = pieces.concat();
    rows.sort_by_key(|(spelling, ..)| *spelling);
    rows.dedup_by_key(|(spelling, ..)| *spelling);
    rows
}

/// Part of the table, with its header where it is the first.
fn lines(first: bool, rows: &[Row<'_>]) -> csv::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    if first {
        out.write_record(HEADER)?;
    }
    for ((name, inn, kpp), key, answer) in rows {
        let score = format!("{}.{:04}", answer.score / 10_000, answer.score % 10_000);
        out.write_record([key, name, inn, kpp, answer.verdict.code(), &answer.ids, &score, &answer.reason])?;
    }
    out.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
