//! What is wrong with the accounting side itself: broken and restored ИНН, one ИНН on several cards, folders.
//! Deliberately absent: anything that needs the CRM.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::identity::Reading;
use crate::domain::{
    finding::{Finding, Severity, SourceRef},
    party::Counterparty,
    sale::{PartyCard, PartyRef},
    tax_id::{Inn, InnStrength, Kpp},
    text::Text,
};

/// Code, name and КПП of a card.
type CardOf<'a> = (&'a str, &'a str, Option<&'a Kpp>);

/// Remarks on cards: each broken or restored ИНН, and cards that share ИНН and КПП (branches with own КПП are no remark).
pub(super) fn of_cards<'a>(cards: impl Iterator<Item = (&'a PartyCard, &'a Reading)>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut by_inn: BTreeMap<&Inn, BTreeSet<CardOf<'a>>> = BTreeMap::new();
    let mut places: BTreeMap<&Inn, &SourceRef> = BTreeMap::new();
    for (card, reading) in cards {
        findings.extend(of_number(&card.party, &card.source, reading));
        for (inn, _) in &reading.inns {
            by_inn.entry(inn).or_default().insert((&card.party.code, &card.party.name, reading.kpps.first()));
            let place = places.entry(inn).or_insert(&card.source);
            *place = (*place).min(&card.source);
        }
    }
    findings.sort_by(|a, b| (&a.source, &a.code).cmp(&(&b.source, &b.code)));
    for (inn, cards) in &by_inn {
        let kpps: HashSet<&Kpp> = cards.iter().filter_map(|(_, _, kpp)| *kpp).collect();
        if cards.len() < 2 || kpps.len() == cards.len() {
            continue;
        }
        let list: Vec<String> = cards.iter().take(5).map(|(code, name, _)| format!("{name} ({code})")).collect();
        let more = if cards.len() > 5 { ", …" } else { "" };
        let list = format!("{}{more}", list.join(", "));
        let finding = Finding::new(
            Severity::Warn,
            "inn_on_several_cards",
            Text::new(
                format!("ИНН {inn} стоит на нескольких карточках: {list}. Объедините их или исправьте ИНН"),
                format!("ИНН {inn} stands on several cards: {list}. Merge them or correct the ИНН"),
            ),
        );
        findings.push(match places.get(inn) {
            Some(place) => finding.at((*place).clone()),
            None => finding,
        });
    }
    findings
}

/// Remarks on spellings beside sales that no card repeats.
pub(super) fn of_spellings<'a>(
    spellings: impl Iterator<Item = (&'a PartyRef, &'a SourceRef, &'a Reading, &'a str)>,
    cards: &[PartyCard],
) -> Vec<Finding> {
    let carded: HashSet<(&str, &str)> =
        cards.iter().map(|card| (card.party.code.as_str(), card.party.inn.as_str())).collect();
    let mut findings: Vec<Finding> = spellings
        .filter(|(party, _, _, code)| !carded.contains(&(*code, party.inn.as_str())))
        .filter_map(|(party, source, reading, _)| of_number(party, source, reading))
        .collect();
    findings.sort_by(|a, b| (&a.source, &a.message.ru).cmp(&(&b.source, &b.message.ru)));
    findings
}

fn of_number(party: &PartyRef, source: &SourceRef, reading: &Reading) -> Option<Finding> {
    let (name, raw) = (party.name.trim(), party.inn.trim());
    if raw.is_empty() || raw.chars().all(|c| matches!(c, '0' | '-' | '—' | ' ')) {
        return None;
    }
    let finding = match reading.inns.first() {
        // Eight digits are a Ukrainian ЄДРПОУ: another country's number, not a broken one.
        None if raw.len() == 8 && raw.bytes().all(|b| b.is_ascii_digit()) => Finding::new(
            Severity::Note,
            "foreign_tax_id",
            Text::new(
                format!("«{name}»: номер {raw} не ИНН, похож на ЕДРПОУ; сравнивается как написан"),
                format!("“{name}”: {raw} is no ИНН, it looks like a Ukrainian code; it is compared as written"),
            ),
        ),
        None => Finding::new(
            Severity::Warn,
            "inn_broken",
            Text::new(
                format!(
                    "«{name}»: ИНН «{raw}» неверен (длина или контрольная цифра). Исправьте его в карточке контрагента"
                ),
                format!(
                    "“{name}”: ИНН “{raw}” is wrong (length or check digit). Correct it in the counterparty's card"
                ),
            ),
        ),
        Some((inn, InnStrength::Restored)) => Finding::new(
            Severity::Note,
            "inn_zero_restored",
            Text::new(
                format!("«{name}»: в ИНН «{raw}» восстановлен ведущий ноль: {inn}"),
                format!("“{name}”: the leading zero of ИНН “{raw}” was restored: {inn}"),
            ),
        ),
        Some((_, InnStrength::Exact)) => return None,
    };
    Some(finding.at(source.clone()))
}

/// One remark for all rows that were taken for folders.
pub(super) fn of_folders<'a>(folders: impl Iterator<Item = &'a PartyCard>) -> Option<Finding> {
    let mut rows: Vec<&PartyCard> = folders.collect();
    rows.sort_by(|a, b| a.source.cmp(&b.source));
    let first = rows.first()?;
    let names: BTreeSet<&str> = rows.iter().map(|card| card.party.name.trim()).collect();
    let list = names.iter().take(5).copied().collect::<Vec<_>>().join("», «");
    let n = rows.len();
    Some(
        Finding::new(
            Severity::Note,
            "folder_rows",
            Text::new(
                format!("строк без реквизитов, принятых за папки списка: {n} («{list}»)"),
                format!("rows without details taken for folders of the list: {n} (“{list}”)"),
            ),
        )
        .at(first.source.clone()),
    )
}

/// A counterparty with more than one valid ИНН.
pub(super) fn of_inns(parties: &[Counterparty]) -> Vec<Finding> {
    parties
        .iter()
        .filter(|party| party.inns.len() > 1)
        .map(|Counterparty { key, inns, .. }| {
            let list = inns.iter().map(|(inn, _)| inn.as_str()).collect::<Vec<_>>().join(", ");
            Finding::new(
                Severity::Warn,
                "several_inns",
                Text::new(
                    format!("у контрагента «{key}» несколько ИНН: {list}. Проверьте, не два ли это контрагента"),
                    format!("counterparty “{key}” has several ИНН: {list}. Check whether these are two counterparties"),
                ),
            )
        })
        .collect()
}
