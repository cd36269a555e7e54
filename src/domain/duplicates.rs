//! Entities that one system keeps twice, and accounting cards that are broken: lists for whoever tidies up. CRM records are
//! one entity as `matching` counts them; accounting cards by ИНН and КПП. Deliberately absent: merging anything, likeness
//! of names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::{
    crm::{CrmId, CrmKind, KnownRecord},
    facts::Facts,
    matching,
    money::Money,
    party::{Counterparty, PartyKey},
    tax_id::{self, InnStrength},
    text::Text,
};

/// Everything worth tidying.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Doubles {
    /// Records of the CRM that are one entity.
    pub crm: Vec<CrmGroup>,
    /// Accounting cards that are one counterparty.
    pub cards: Vec<CardGroup>,
    /// Broken accounting cards.
    pub broken: Vec<Broken>,
}

/// Records that are one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrmGroup {
    /// What they have in common.
    pub why: Text,
    /// The records, by id.
    pub records: Vec<CrmLine>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrmLine {
    /// Identity.
    pub id: CrmId,
    /// Title.
    pub title: String,
    /// ИНН as written.
    pub inn: String,
    /// Responsible employee.
    pub responsible: String,
}

/// Counterparties with one ИНН and КПП.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardGroup {
    /// ИНН.
    pub inn: String,
    /// КПП, where there is one.
    pub kpp: String,
    /// The counterparties.
    pub cards: Vec<CardLine>,
    /// What was sold to all of them.
    pub turnover: Money,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardLine {
    /// Identity.
    pub party: PartyKey,
    /// Name.
    pub name: String,
    /// What was sold to it.
    pub turnover: Money,
}

/// A card with something wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The card.
    #[serde(flatten)]
    pub card: CardLine,
    /// What is wrong, each in a sentence.
    pub faults: Vec<Text>,
}

/// The lists, the greatest turnover first.
pub fn find(facts: &Facts, turnover: &HashMap<PartyKey, Money>) -> Doubles {
    let line = |p: &Counterparty| CardLine {
        party: p.key.clone(),
        name: p.name.trim().to_owned(),
        turnover: turnover.get(&p.key).copied().unwrap_or_default(),
    };
    let mut broken: Vec<Broken> = facts
        .parties
        .iter()
        .filter_map(|p| {
            let faults = faults(p);
            (!faults.is_empty()).then(|| Broken { card: line(p), faults })
        })
        .collect();
    broken.sort_by(|a, b| b.card.turnover.cmp(&a.card.turnover).then_with(|| a.card.party.cmp(&b.card.party)));
    Doubles { crm: crm(&facts.records), cards: cards(&facts.parties, &line), broken }
}

fn crm(records: &[KnownRecord]) -> Vec<CrmGroup> {
    let clients = [CrmKind::Company, CrmKind::Contact];
    let living: Vec<KnownRecord> =
        records.iter().filter(|r| !r.gone && clients.contains(&r.record.id.kind)).cloned().collect();
    let by_id: HashMap<&CrmId, &KnownRecord> = living.iter().map(|r| (&r.record.id, r)).collect();
    let mut groups: BTreeMap<u32, Vec<&KnownRecord>> = BTreeMap::new();
    for (id, entity) in matching::entities(&living) {
        groups.entry(entity).or_default().extend(by_id.get(&id));
    }
    let groups = groups.into_values().filter(|group| group.len() > 1);
    groups
        .map(|group| CrmGroup {
            why: in_common(&group),
            records: group
                .iter()
                .map(|known| CrmLine {
                    id: known.record.id.clone(),
                    title: known.record.title.trim().to_owned(),
                    inn: known.record.inn.trim().to_owned(),
                    responsible: known.record.responsible.trim().to_owned(),
                })
                .collect(),
        })
        .collect()
}

fn in_common(group: &[&KnownRecord]) -> Text {
    let inns = |known: &&KnownRecord| -> BTreeSet<String> {
        tax_id::read_cell(&known.record.inn).0.into_iter().map(|(inn, _)| inn.to_string()).collect()
    };
    let mut all = group.iter().map(inns);
    let first = all.next().unwrap_or_default();
    let shared = all.fold(first, |kept, more| kept.intersection(&more).cloned().collect());
    if shared.is_empty() {
        return Text::new(
            "одно название и общий телефон или адрес почты, или ИНН через третью карточку",
            "one name and a common phone or e-mail, or a tax number by way of a third record",
        );
    }
    let inn = shared.into_iter().collect::<Vec<_>>().join(", ");
    let mut kpps: Vec<&str> = group.iter().map(|known| known.record.kpp.trim()).collect();
    kpps.sort_unstable();
    kpps.dedup();
    if kpps.len() == group.len() && !kpps.contains(&"") {
        return Text::new(
            format!("один ИНН {inn}, КПП у каждой свой: похоже на филиалы"),
            format!("one tax number {inn}, each with a КПП of its own: branches, it seems"),
        );
    }
    Text::new(format!("один ИНН {inn}"), format!("one tax number {inn}"))
}

fn cards(parties: &[Counterparty], line: &impl Fn(&Counterparty) -> CardLine) -> Vec<CardGroup> {
    let mut by_inn: BTreeMap<&str, Vec<&Counterparty>> = BTreeMap::new();
    for party in parties {
        for (inn, strength) in &party.inns {
            if *strength == InnStrength::Exact {
                by_inn.entry(inn.as_str()).or_default().push(party);
            }
        }
    }
    let mut groups = Vec::new();
    for (inn, parties) in by_inn {
        // Branches have a КПП each; a card without КПП may be any of them.
        let kpp = |p: &&Counterparty| p.kpps.first().map_or("", |kpp| kpp.as_str()).to_owned();
        let kpps: BTreeSet<String> = parties.iter().map(kpp).filter(|k| !k.is_empty()).collect();
        let alone = kpps.len() < 2;
        let mut by_kpp: BTreeMap<String, Vec<&Counterparty>> = BTreeMap::new();
        for party in &parties {
            let own = if alone { kpps.first().cloned().unwrap_or_default() } else { kpp(party) };
            by_kpp.entry(own).or_default().push(party);
        }
        for (kpp, parties) in by_kpp.into_iter().filter(|(_, list)| list.len() > 1) {
            let mut cards: Vec<CardLine> = parties.into_iter().map(line).collect();
            cards.sort_by(|a, b| b.turnover.cmp(&a.turnover).then_with(|| a.party.cmp(&b.party)));
            let turnover = cards.iter().map(|c| c.turnover).sum();
            groups.push(CardGroup { inn: inn.to_owned(), kpp, cards, turnover });
        }
    }
    groups.sort_by(|a, b| b.turnover.cmp(&a.turnover).then_with(|| (&a.inn, &a.kpp).cmp(&(&b.inn, &b.kpp))));
    groups
}

/// What is wrong with a card.
fn faults(party: &Counterparty) -> Vec<Text> {
    let mut faults = Vec::new();
    let raw: BTreeSet<&str> = party.spellings.iter().map(|s| s.inn.trim()).filter(|inn| !inn.is_empty()).collect();
    for inn in raw {
        if inn.chars().all(|c| matches!(c, '0' | '-' | '—' | ' ')) {
            continue;
        }
        match tax_id::read_cell(inn).0.first() {
            // Eight digits are another country's number.
            None if inn.len() == 8 && inn.bytes().all(|b| b.is_ascii_digit()) => {}
            None => faults.push(Text::new(
                format!("ИНН «{inn}» неверен: длина или контрольная цифра"),
                format!("the tax number “{inn}” is wrong: length or check digit"),
            )),
            Some((whole, InnStrength::Restored)) => faults.push(Text::new(
                format!("в ИНН «{inn}» потерян ведущий ноль, верно {whole}"),
                format!("the tax number “{inn}” lost its leading zero, it is {whole}"),
            )),
            Some((_, InnStrength::Exact)) => {}
        }
    }
    if party.inns.len() > 1 {
        let list = party.inns.iter().map(|(inn, _)| inn.as_str()).collect::<Vec<_>>().join(", ");
        faults.push(Text::new(
            format!("несколько ИНН: {list}; не два ли это контрагента"),
            format!("several tax numbers: {list}; are these two counterparties?"),
        ));
    }
    let names: BTreeSet<&str> =
        std::iter::once(party.name.as_str()).chain(party.spellings.iter().map(|s| s.name.as_str())).collect();
    let mixed: BTreeSet<&str> =
        names.iter().flat_map(|name| name.split(|c: char| !c.is_alphabetic())).filter(|w| is_mixed(w)).collect();
    for word in mixed {
        faults.push(Text::new(
            format!("в слове «{word}» смешаны русские и латинские буквы"),
            format!("the word “{word}” mixes Cyrillic and Latin letters"),
        ));
    }
    faults
}

/// Whether a word is written in two alphabets, which the eye does not see.
fn is_mixed(word: &str) -> bool {
    let latin = word.chars().any(|c| c.is_ascii_alphabetic());
    latin && word.chars().any(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' | 'і' | 'І' | 'ї' | 'Ї' | 'є' | 'Є'))
}
