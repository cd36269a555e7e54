//! `sverka explain SALE|ENTRY`: from the cell to the kopeck. Deliberately absent: any new judgement (it shows what the
//! run's own functions say).

use std::{path::Path, process::ExitCode};

use clap::Args;

use super::{matching, output::Out, session, speech};
use crate::{
    deliver,
    domain::{
        adjust,
        ledger::{EntryKind, Evidence, LedgerEntry},
        line_code::LineCode,
        money::Rate,
        policy::Policy,
        regulation::cite,
        sale::Sale,
        text::{Lang, Text},
        words::{date, instant, percent},
    },
    env::Clock,
    error::{Error, Result},
    pipeline::{self, View},
    store::LedgerFilter,
};

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Номер документа, ключ «организация|номер|год», номер записи реестра или код строки.
    what: String,
}

/// Explains a sale or an entry.
pub fn run(args: &ExplainArgs, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        let mut tx = app.db.begin().await?;
        let found = match LineCode::parse(&args.what) {
            Ok(code) => tx.entry(&code.seq.to_string()).await?.filter(|entry| code.fits(entry)),
            Err(_) => tx.entry(&args.what).await?,
        };
        if let Some(entry) = found {
            tx.commit().await?;
            show_entry(&entry, &app.config.policy, out);
            return Ok(ExitCode::SUCCESS);
        }
        let entries = tx.ledger_entries(&LedgerFilter::default()).await?;
        tx.commit().await?;
        let view = pipeline::view(&app, app.clock.now()).await?;
        let wanted = args.what.to_uppercase();
        let found: Vec<usize> = (0..view.loaded.facts.sales.len())
            .filter(|i| {
                let sale = &view.loaded.facts.sales[*i];
                sale.key.0 == wanted || sale.number.to_uppercase() == wanted
            })
            .collect();
        if found.is_empty() {
            return Err(Error::input(Text::new(
                format!("ни продажи, ни записи «{}» нет", args.what),
                format!("there is neither a sale nor an entry “{}”", args.what),
            ))
            .hint(Text::new(
                "номера записей: sverka ledger list; номер документа или ключ продажи пишется как в файле учёта",
                "entries: sverka ledger list; a document's number is written as in the accounting file",
            )));
        }
        for index in found {
            show_sale(&view, index, &entries, out);
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn show_sale(view: &View, index: usize, entries: &[LedgerEntry], out: Out) {
    let facts = &view.loaded.facts;
    let (Some(sale), Some(assessed)) = (facts.sales.get(index), view.outcome.sales.get(index)) else { return };
    let verdict = facts.party_of.get(index).and_then(|p| view.outcome.verdicts.get(*p));
    let posted: Vec<&LedgerEntry> = entries.iter().filter(|e| e.entry.key.subject == sale.key.0).collect();
    if out.json {
        out.json(&serde_json::json!({
            "sale": sale, "status": assessed.status.code(), "employee": assessed.employee, "deadline": assessed.deadline,
            "entered_at": assessed.entered_at, "verdict": verdict,
            "entries": posted.iter().map(|e| serde_json::json!({
                "seq": e.seq, "id": e.id, "kopecks": e.entry.amount.kopecks(), "kind": e.entry.kind.code(),
                "pay_period": e.entry.pay_period, "evidence": e.entry.evidence })).collect::<Vec<_>>(),
        }));
        return;
    }
    head(sale, out);
    let row = |ru: &str, en: &str, value: &str| {
        out.say(&Text::new(format!("  {ru:<16} {value}"), format!("  {en:<16} {value}")));
    };
    row("файл", "file", sale.source.describe().get(out.lang));
    row("отпечаток файла", "file hash", &sale.file_hash);
    row("продавец", "seller", &format!("{} → {}", sale.manager, assessed.employee.as_ref().map_or("?", |e| &e.0)));
    row("срок внесения", "deadline", &date(assessed.deadline, out.lang));
    row("статус", "status", &speech::word(out.lang, assessed.status.code()));
    if let Some(at) = assessed.entered_at {
        row("занесено", "entered", &instant(at, facts.tz, out.lang));
    }
    if let Some(remark) = &assessed.remark {
        row("замечание", "remark", remark.get(out.lang));
    }
    if let Some(verdict) = verdict {
        row(
            "сопоставление",
            "match",
            &format!("{}: {}", matching::verdict(verdict.verdict).get(out.lang), verdict.reason.get(out.lang)),
        );
        for candidate in &verdict.candidates {
            let (score, title) =
                (matching::score(candidate, out.lang), matching::quoted(out.lang, candidate.title.trim()));
            row("", "", &format!("{score} {} {title}: {}", candidate.id, candidate.reason.get(out.lang)));
        }
    }
    for wanted in view.outcome.wanted.iter().filter(|w| w.key.subject == sale.key.0) {
        let sum = speech::amount(out.lang, wanted.amount);
        let line = format!("{sum} ({})", wanted.evidence.arithmetic.get(out.lang));
        match adjust::why_shown(facts, wanted) {
            None => row("причитается", "wanted", &line),
            Some(why) => row("было бы", "would have been", &format!("{line}; {}", why.get(out.lang))),
        }
        if wanted.kind == EntryKind::Deferral {
            row("", "", wanted.evidence.cause.get(out.lang));
        }
    }
    for entry in posted {
        show_entry(entry, &facts.policy, out);
    }
}

fn head(sale: &Sale, out: Out) {
    let (ru, en) = (date(sale.date, Lang::Ru), date(sale.date, Lang::En));
    let amount = |lang| deliver::format::money(lang, &sale.currency, sale.amount);
    let (number, party) = (&sale.number, sale.party.name.trim());
    out.say(&Text::new(
        format!("Документ {number} от {ru}, {}, «{party}»", amount(Lang::Ru)),
        format!("Document {number} of {en}, {}, “{party}”", amount(Lang::En)),
    ));
}

fn show_entry(entry: &LedgerEntry, policy: &Policy, out: Out) {
    let ground = cite(policy, &entry.entry.policy_version, &entry.entry.key.rule);
    if out.json {
        out.json(&serde_json::json!({
            "seq": entry.seq, "code": LineCode::of(entry).to_string(), "id": entry.id, "posted_at": entry.posted_at, "run": entry.run,
            "key": entry.entry.key, "pay_period": entry.entry.pay_period, "kind": entry.entry.kind.code(),
            "kopecks": entry.entry.amount.kopecks(), "policy_version": entry.entry.policy_version,
            "ground": ground.get(out.lang), "corrects": entry.entry.corrects, "evidence": entry.entry.evidence, "hash": entry.hash,
        }));
        return;
    }
    let key = &entry.entry.key;
    let kind = deliver::words::word(entry.entry.kind.code());
    let amount = |lang| speech::amount(lang, entry.entry.amount);
    out.say(&Text::new(
        format!(
            "Запись {}: {} ({}), сотрудник {}, за {}, выплата {}",
            entry.seq,
            amount(Lang::Ru),
            kind.ru,
            key.employee.0,
            key.belongs_to,
            entry.entry.pay_period
        ),
        format!(
            "Entry {}: {} ({}), employee {}, for {}, paid in {}",
            entry.seq,
            amount(Lang::En),
            kind.en,
            key.employee.0,
            key.belongs_to,
            entry.entry.pay_period
        ),
    ));
    let Evidence { document, party, source, file_hash, snapshots, status, matching, arithmetic, cause } =
        &entry.entry.evidence;
    let row = |ru: &str, en: &str, value: &str| {
        if !value.is_empty() {
            out.say(&Text::new(format!("  {ru:<16} {value}"), format!("  {en:<16} {value}")));
        }
    };
    row("код строки", "line code", &LineCode::of(entry).to_string());
    row("документ", "document", document.get(out.lang));
    row("покупатель", "buyer", party);
    row("файл", "file", source.get(out.lang));
    row("отпечаток файла", "file hash", file_hash);
    for snapshot in snapshots {
        row("снимок CRM", "CRM snapshot", snapshot);
    }
    row("статус", "status", &status_words(status, out.lang));
    row("сопоставление", "match", matching.get(out.lang));
    row("правило", "rule", &format!("{} ({})", speech::word(out.lang, &key.rule), ground.get(out.lang)));
    row("арифметика", "arithmetic", arithmetic.get(out.lang));
    row("причина", "cause", cause.get(out.lang));
}

/// A status is a code, or for premiums the average completeness in basis points.
fn status_words(status: &str, lang: Lang) -> String {
    status.parse().map_or_else(|_| speech::word(lang, status), |bp| percent(Rate::from_bp(bp), lang))
}
