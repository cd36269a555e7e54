//! Cards that a manager need not type: what accounting knows of a buyer who has none in the CRM, and what is still to be
//! filled in (method 1 of the article: automation makes entry easier). Buyers with a similar card are left out, for a second
//! card would be a duplicate. Deliberately absent: the columns of each CRM (`deliver::import_file`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::alert::AlertLine;
use crate::domain::{
    facts::Facts,
    org::Employee,
    party::Counterparty,
    policy::{PolicyVersion, Profile},
    regulation,
    sale::{PartyCard, Sale, SaleKey},
    text::Text,
};

/// Whose import the file is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    /// CSV of Битрикс24.
    Bitrix24,
    /// Workbook of amoCRM.
    Amocrm,
    /// A plain workbook.
    #[default]
    Plain,
}

/// One card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportCard {
    /// Name as accounting shows it.
    pub title: String,
    /// Full legal name, if accounting has one.
    pub full_name: String,
    /// ИНН as read; empty = none that is valid.
    pub inn: String,
    /// КПП as read.
    pub kpp: String,
    /// Phones as written in accounting.
    pub phone: String,
    /// E-mail as written in accounting.
    pub email: String,
    /// City as written in accounting.
    pub city: String,
    /// Who answers for the client: the seller.
    pub responsible: String,
    /// The documents that asked for the card.
    pub documents: Vec<Text>,
    /// Required fields that are still empty, in the regulation's words.
    pub to_fill: Vec<Text>,
}

impl ImportCard {
    /// Cards for the lines without any similar card, in their order, each buyer once.
    pub fn list(facts: &Facts, person: &Employee, lines: &[AlertLine]) -> Vec<Self> {
        let places: BTreeMap<&SaleKey, usize> = facts.sales.iter().enumerate().map(|(at, s)| (&s.key, at)).collect();
        let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
        let mut cards: Vec<Self> = Vec::new();
        for line in lines.iter().filter(|line| !line.similar) {
            let Some((sale, at)) = places.get(&line.sale).and_then(|i| facts.sales.get(*i).zip(facts.party_of.get(*i)))
            else {
                continue;
            };
            let Some(party) = facts.parties.get(*at) else { continue };
            if let Some(card) = seen.get(at).and_then(|i| cards.get_mut(*i)) {
                card.documents.push(line.document.clone());
                continue;
            }
            seen.insert(*at, cards.len());
            let card = Self { responsible: person.name.clone(), ..Self::of(party) };
            cards.push(Self {
                to_fill: card.empty_fields(facts, sale),
                documents: vec![line.document.clone()],
                ..card
            });
        }
        cards
    }

    fn of(party: &Counterparty) -> Self {
        let known = |get: fn(&PartyCard) -> &String| party.card.as_deref().map(get).cloned().unwrap_or_default();
        Self {
            title: party.name.clone(),
            full_name: known(|c| &c.full_name),
            inn: party.inns.first().map(|(inn, _)| inn.to_string()).unwrap_or_default(),
            kpp: party.kpps.first().map(|kpp| kpp.as_str().to_owned()).unwrap_or_default(),
            phone: known(|c| &c.phone),
            email: known(|c| &c.email),
            city: known(|c| &c.city),
            ..Self::default()
        }
    }

    /// Fields that the regulation in force on the day of the sale requires and accounting cannot fill. The profile for
    /// everybody: which segment the card will be in is only known when it is there.
    fn empty_fields(&self, facts: &Facts, sale: &Sale) -> Vec<Text> {
        let required = facts.policy.as_of(sale.date).and_then(all).map(|profile| profile.fields.as_slice());
        let empty = |field: &str| match field {
            "title" => self.title.is_empty(),
            "inn" => self.inn.is_empty(),
            "kpp" => self.kpp.is_empty(),
            "phone" => self.phone.trim().is_empty(),
            "email" => self.email.trim().is_empty(),
            "city" => self.city.trim().is_empty(),
            "responsible" => self.responsible.is_empty(),
            _ => true,
        };
        let fields = required.unwrap_or_default().iter().map(|requirement| requirement.field.as_str());
        fields.filter(|field| empty(field)).map(regulation::field).collect()
    }
}

fn all(version: &PolicyVersion) -> Option<&Profile> {
    version.profiles.iter().find(|profile| profile.segment == "all")
}
