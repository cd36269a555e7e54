//! `match duplicates`: what either system keeps twice, and broken accounting cards. Deliberately absent: finding them
//! (`domain::duplicates`).

use super::{quoted, speech};
use crate::{
    cli::output::Out,
    domain::{
        duplicates::{self, CardLine},
        text::Text,
    },
    error::Result,
    pipeline::{self, App},
};

/// Prints the lists.
pub(super) async fn list(app: &App, out: Out) -> Result<()> {
    let view = pipeline::view(app, app.clock.now()).await?;
    let found = duplicates::find(&view.loaded.facts, &view.turnover());
    if out.json {
        out.json(&found);
        return Ok(());
    }
    let lang = out.lang;
    let records: usize = found.crm.iter().map(|group| group.records.len()).sum();
    let (groups, twins, broken) = (found.crm.len(), found.cards.len(), found.broken.len());
    out.say(&Text::new(
        format!("Карточки CRM, которые одна организация: групп {groups}, карточек {records}"),
        format!("CRM records that are one organisation: groups {groups}, records {records}"),
    ));
    for group in &found.crm {
        out.line(format!("  {}", group.why.get(lang)));
        for record in &group.records {
            let owner = if record.responsible.is_empty() { String::new() } else { format!("  {}", record.responsible) };
            out.line(format!("    {}  {}  {}{owner}", record.id, quoted(lang, &record.title), record.inn));
        }
    }
    out.say(&Text::new(
        format!("Карточки учёта с одним ИНН и КПП: групп {twins}"),
        format!("Accounting cards with one tax number and КПП: groups {twins}"),
    ));
    let card = |card: &CardLine| {
        format!("    {}  {}  {}", card.party, quoted(lang, &card.name), speech::amount(lang, card.turnover))
    };
    for group in &found.cards {
        let slash = if group.kpp.is_empty() { "" } else { "/" };
        out.line(format!("  {}{slash}{}  {}", group.inn, group.kpp, speech::amount(lang, group.turnover)));
        group.cards.iter().for_each(|line| out.line(card(line)));
    }
    out.say(&Text::new(format!("Испорченные карточки учёта: {broken}"), format!("Broken accounting cards: {broken}")));
    for one in &found.broken {
        out.line(card(&one.card));
        one.faults.iter().for_each(|fault| out.line(format!("      {}", fault.get(lang))));
    }
    Ok(())
}
