//! The table of links: one row for each name, ИНН and КПП as written in accounting. Deliberately absent: amounts.

use std::{collections::BTreeMap, io::Write, path::Path};

use crate::{
    cli::speech,
    domain::{
        party::Counterparty,
        text::{Lang, Text},
        verdict::{PartyVerdict, Verdict},
    },
    error::{Error, Result},
};

/// Writes the file beside its place and moves it there, so that nobody reads half of it.
pub(super) fn write(path: &Path, parties: &[Counterparty], verdicts: &[PartyVerdict], lang: Lang) -> Result<()> {
    let failed = |cause: &Text| {
        let name = path.display();
        let (ru, en) = (&cause.ru, &cause.en);
        Error::input(Text::new(format!("не удалось записать {name}: {ru}"), format!("cannot write {name}: {en}")))
    };
    let bytes = table(parties, verdicts, lang).map_err(|e| failed(&Text::same(e.to_string())))?;
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    let partial = Path::new(&partial);
    let written = std::fs::File::create(partial)
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(partial, path));
    written.map_err(|e| failed(&speech::cause(&e)))
}

fn table(parties: &[Counterparty], verdicts: &[PartyVerdict], lang: Lang) -> csv::Result<Vec<u8>> {
    // Two codes may share one spelling; the row is then the first code's.
    let mut rows: BTreeMap<(&str, &str, &str), &PartyVerdict> = BTreeMap::new();
    for (party, verdict) in parties.iter().zip(verdicts) {
        for spelling in &party.spellings {
            rows.entry((&spelling.name, &spelling.inn, &spelling.kpp)).or_insert(verdict);
        }
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["accounting_key", "accounting_name", "inn", "kpp", "verdict", "crm_id", "score", "reason"])?;
    for ((name, inn, kpp), verdict) in rows {
        let ids = match verdict.verdict {
            Verdict::InCrm => verdict.candidates.first().map(|c| c.id.id.clone()).unwrap_or_default(),
            Verdict::Uncertain => verdict.candidates.iter().map(|c| c.id.id.as_str()).collect::<Vec<_>>().join("|"),
            Verdict::NotInCrm | Verdict::NotJudgeable => String::new(),
        };
        let score = verdict.candidates.first().map_or(0, |c| c.score_bp);
        let score = format!("{}.{:04}", score / 10_000, score % 10_000);
        let reason = verdict.reason.get(lang);
        out.write_record([&verdict.party.0, name, inn, kpp, verdict.verdict.code(), &ids, &score, reason])?;
    }
    out.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
