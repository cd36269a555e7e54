//! `match explain` and `compare --explain`: a counterparty's candidates in numbers. Deliberately absent: the numbers
//! themselves (`domain::matching`).

use crate::{
    cli::output::Out,
    domain::{
        crm::CrmId,
        matching::{self, Claim, Explained, Waterfall},
        money::Rate,
        party::PartyKey,
        text::{Lang, Text},
        words::percent,
    },
    error::Result,
    pipeline::{self, App},
};

/// Explains one counterparty, or one record for it.
pub(super) async fn show(app: &App, party: &str, asked: Option<&CrmId>, out: Out) -> Result<()> {
    let view = pipeline::view(app, app.clock.now()).await?;
    let (facts, key) = (&view.loaded.facts, PartyKey(party.to_owned()));
    let records = pipeline::compute::matchable(facts);
    let settings = app.config.matching.into();
    let explained = matching::explain(&facts.parties, &records, &facts.decisions, &settings, &key, asked);
    let Some(mut explained) = explained else { return Ok(()) };
    // Decisions about other counterparties may have changed the verdict since.
    if let Some(verdict) = view.outcome.verdicts.iter().find(|v| v.party == key) {
        explained.verdict = verdict.clone();
    }
    print(&explained, out);
    Ok(())
}

/// Prints it for people, or as JSON.
pub(crate) fn print(explained: &Explained, out: Out) {
    if out.json {
        out.json(explained);
        return;
    }
    let (lang, verdict) = (out.lang, &explained.verdict);
    let (name, found) = (super::quoted(lang, explained.name.trim()), super::verdict(verdict.verdict));
    out.line(format!("{}  {name}  {}", explained.party, found.get(lang)));
    out.line(format!("    {}", verdict.reason.get(lang)));
    let (review, accept) = (bp(explained.review_bp, lang), bp(explained.accept_bp, lang));
    out.say(&Text::new(
        format!("    пороги: с {review} смотрит человек, с {accept} совпадение автоматическое"),
        format!("    thresholds: from {review} a person looks, from {accept} a match is automatic"),
    ));
    for candidate in &explained.candidates {
        out.line("");
        waterfall(candidate, out);
    }
}

fn waterfall(of: &Waterfall, out: Out) {
    let lang = out.lang;
    out.line(format!("{}  {}", of.record, super::quoted(lang, of.title.trim())));
    if let Some(rule) = &of.rule {
        row(rule.get(lang), "", out);
    } else if !of.met {
        let unmet = Text::new("поиск эту карточку не встретил", "the search did not meet this record");
        row(unmet.get(lang), "", out);
    }
    for line in &of.lines {
        row(line.what.get(lang), &bits(line.bits, lang), out);
    }
    let sum = Text::new("итого, бит", "sum, bits");
    row(sum.get(lang), &bits(of.bits, lang), out);
    let score = Text::new("оценка", "score");
    row(score.get(lang), &bp(of.score_bp, lang), out);
    if of.others_bits < -0.005 {
        let others = Text::new("другие карточки этого контрагента", "other records of this counterparty");
        row(others.get(lang), &bits(of.others_bits, lang), out);
        let left = Text::new("оценка для автоматического совпадения", "score for an automatic match");
        row(left.get(lang), &bp(of.accept_score_bp, lang), out);
    }
    claims(&of.rivals, Text::new("на карточку претендует", "the record is claimed by"), out);
    claims(&of.others, Text::new("похожа и карточка", "another record alike"), out);
    for gate in &of.gates {
        let (ru, en) = (&gate.ru, &gate.en);
        out.say(&Text::new(format!("    не автоматически: {ru}"), format!("    not automatic: {en}")));
    }
}

fn claims(list: &[Claim], what: Text, out: Out) {
    for claim in list {
        let name = super::quoted(out.lang, claim.name.trim());
        row(&format!("{} {name}", what.get(out.lang)), &format!("({})", bits(claim.bits, out.lang)), out);
    }
}

/// A line with its number in a column of its own.
fn row(what: &str, number: &str, out: Out) {
    let width = what.chars().count();
    let pad = 60_usize.saturating_sub(width);
    out.line(format!("    {what}{:pad$}{number:>9}", "").trim_end());
}

fn bp(score: u32, lang: Lang) -> String {
    percent(Rate::from_bp(i32::try_from(score).unwrap_or(i32::MAX)), lang)
}

/// `+12,3` or `−4.0`.
fn bits(bits: f64, lang: Lang) -> String {
    let text = format!("{:.2}", bits.abs());
    let text = if lang == Lang::Ru { text.replace('.', ",") } else { text };
    let sign = if bits < -0.005 { "−" } else { "+" };
    format!("{sign}{text}")
}
