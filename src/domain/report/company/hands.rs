//! What rests on one person: turnover with known clients about whom only one person ever wrote anything into the CRM. If
//! that person leaves, nobody else knows the client.
//!
//! **Who wrote** is told by what the export gives: the responsible person and the columns «Кем создан», «Кем изменён» of the
//! card, the responsible people and authors of its contacts, deals and activities, and everybody who was responsible in
//! earlier exports. The seller that accounting names has touched no card by that.
//!
//! **What cannot be said is not said**: a source whose exports never name anybody but the responsible person cannot tell one
//! hand from two; neither can a card on which nobody is named, or one person of the company and a name that nobody has.
//!
//! Deliberately absent: names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Months, NaiveDate};
use serde::Serialize;

use crate::domain::{
    assess::{in_other_currency, verdict_of},
    crm::{CrmId, CrmKind, CrmRecord},
    facts::{Facts, Outcome},
    money::{Money, Rate},
    org::{Resolved, Roster, name_key},
    period::Period,
    verdict::{Status, Verdict},
};

/// Months that are looked at, the page's own last.
const MONTHS: u32 = 12;

/// Headers under which exports name who made or changed a record (letters and digits, lower case, ё as е).
const AUTHORS: [&str; 16] = [
    "кем создан",
    "кем создана",
    "кем создано",
    "создал",
    "создатель",
    "автор",
    "кем изменен",
    "кем изменена",
    "кем изменено",
    "изменил",
    "кто изменил",
    "created by",
    "author",
    "modified by",
    "updated by",
    "last modified by",
];

/// The shares, of the turnover with known clients, each rounded down; `None` without such turnover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hands {
    /// First day that is looked at.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// With clients of one person only.
    pub single: Option<Rate>,
    /// With clients of two people and more.
    pub shared: Option<Rate>,
    /// With clients of whom it cannot be said.
    pub unknown: Option<Rate>,
    /// How many clients each of the three is.
    pub clients: [u32; 3],
    /// Clients of one person who no longer works here.
    pub left: u32,
    /// Clients of whom it cannot be said because the export names only the responsible person.
    pub silent: u32,
}

/// Who is named about one client.
#[derive(Default)]
struct Named<'a> {
    ours: BTreeSet<&'a str>,
    strangers: bool,
    only_responsible: bool,
}

/// The shares of the twelve months up to the period's end.
pub(super) fn hands(facts: &Facts, outcome: &Outcome, period: Period, today: NaiveDate) -> Hands {
    let earliest = period.from().checked_sub_months(Months::new(MONTHS - 1)).unwrap_or(period.from());
    let first = facts.sales.iter().map(|sale| sale.date).min();
    let mut sums: BTreeMap<usize, Money> = BTreeMap::new();
    for ((sale, assessed), &party) in facts.sales.iter().zip(&outcome.sales).zip(&facts.party_of) {
        let within = earliest <= sale.date && sale.date < period.until();
        let counts = within && sale.amount > Money::ZERO && assessed.status != Status::Exempt;
        let known = verdict_of(facts, &outcome.verdicts, party).is_some_and(|v| v.verdict == Verdict::InCrm);
        if counts && known && !in_other_currency(facts, sale) {
            *sums.entry(party).or_default() += sale.amount;
        }
    }
    let book = Book::of(facts);
    let whole: Money = sums.values().copied().sum();
    let (mut money, mut clients) = ([Money::ZERO; 3], [0_u32; 3]);
    let (mut left, mut silent) = (0, 0);
    for (party, sum) in sums {
        let named = book.named(facts, outcome, party);
        let at = match named.ours.len() {
            _ if named.only_responsible => 2,
            2.. => 1,
            1 if !named.strangers => 0,
            _ => 2,
        };
        if let (Some(money), Some(count)) = (money.get_mut(at), clients.get_mut(at)) {
            *money += sum;
            *count += 1;
        }
        let alone = named.ours.first().filter(|_| at == 0);
        let gone = alone.and_then(|id| facts.roster.people.iter().find(|p| p.id.0 == **id));
        left += u32::from(gone.is_some_and(|person| !person.works_on(today)));
        silent += u32::from(named.only_responsible);
    }
    let share = |at: usize| money.get(at).and_then(|sum| Rate::of(sum.kopecks(), whole.kopecks()));
    Hands {
        from: first.map_or(earliest, |first| first.max(earliest)),
        to: period.last_day(),
        single: share(0),
        shared: share(1),
        unknown: share(2),
        clients,
        left,
        silent,
    }
}

/// Everything the sources name, ready to be asked.
struct Book<'a> {
    cards: HashMap<&'a CrmId, &'a CrmRecord>,
    by_company: HashMap<(&'a str, &'a str), Vec<&'a CrmRecord>>,
    by_name: HashMap<(&'a str, String), Vec<&'a CrmRecord>>,
    earlier: HashMap<&'a CrmId, BTreeSet<&'a str>>,
    telling: BTreeSet<&'a str>,
}

impl<'a> Book<'a> {
    fn of(facts: &'a Facts) -> Self {
        let mut book = Self {
            cards: HashMap::new(),
            by_company: HashMap::new(),
            by_name: HashMap::new(),
            earlier: HashMap::new(),
            telling: BTreeSet::new(),
        };
        for known in facts.records.iter().filter(|known| !known.gone) {
            let record = &known.record;
            let source = record.id.source.as_str();
            if matches!(record.id.kind, CrmKind::Company | CrmKind::Contact) {
                book.cards.insert(&record.id, record);
            }
            let mut names = authors(record).peekable();
            let linked = record.id.kind != CrmKind::Company && !record.responsible.trim().is_empty();
            if names.peek().is_some() || linked {
                book.telling.insert(source);
            }
            let (company, name) = (record.company_id.trim(), name_key(&record.company_name));
            if !company.is_empty() {
                book.by_company.entry((source, company)).or_default().push(record);
            } else if !name.is_empty() {
                book.by_name.entry((source, name)).or_default().push(record);
            }
        }
        for version in &facts.rule_facts.card_history {
            let responsible = version.record.as_ref().map(|r| r.responsible.trim()).filter(|name| !name.is_empty());
            let all = book.earlier.entry(&version.id).or_default();
            all.extend(responsible);
            if all.len() > 1 {
                book.telling.insert(version.id.source.as_str());
            }
        }
        book
    }

    fn named(&self, facts: &'a Facts, outcome: &Outcome, party: usize) -> Named<'a> {
        let mut named = Named::default();
        let (mut telling, mut any) = (false, false);
        let found = verdict_of(facts, &outcome.verdicts, party);
        for id in found.iter().flat_map(|v| &v.candidates).map(|c| &c.id) {
            let Some((id, card)) = self.cards.get_key_value(id) else { continue };
            let source = id.source.as_str();
            telling |= self.telling.contains(source);
            let company = (id.kind == CrmKind::Company).then(|| self.by_company.get(&(source, id.id.trim()))).flatten();
            let linked = company.into_iter().chain(self.by_name.get(&(source, name_key(&card.title)))).flatten();
            for record in std::iter::once(card).chain(linked) {
                named.add(&facts.roster, &record.responsible, &mut any);
                authors(record).for_each(|name| named.add(&facts.roster, name, &mut any));
            }
            self.earlier.get(*id).into_iter().flatten().for_each(|name| named.add(&facts.roster, name, &mut any));
        }
        named.only_responsible = any && !telling;
        named
    }
}

impl<'a> Named<'a> {
    fn add(&mut self, roster: &'a Roster, name: &str, any: &mut bool) {
        let name = name.trim();
        if name.is_empty() {
            return;
        }
        *any = true;
        match of_any_day(roster, name) {
            Some(id) => {
                self.ours.insert(id);
            }
            None => self.strangers = true,
        }
    }
}

/// The person of the name, whenever it was his.
fn of_any_day<'a>(roster: &'a Roster, name: &str) -> Option<&'a str> {
    let days = roster.people.iter().flat_map(|p| &p.aliases).filter_map(|alias| alias.from);
    let mut days = std::iter::once(NaiveDate::MIN).chain(days).collect::<BTreeSet<_>>().into_iter().rev();
    days.find_map(|day| match roster.resolve(name, day) {
        Resolved::One(person) => Some(person.id.0.as_str()),
        Resolved::Nobody | Resolved::Ambiguous => None,
    })
}

/// Who made or changed the record, by its columns.
fn authors(record: &CrmRecord) -> impl Iterator<Item = &str> {
    let told = |header: &str| AUTHORS.contains(&name_key(header).as_str());
    record.fields.iter().filter(move |(header, _)| told(header)).map(|(_, name)| name.trim()).filter(|n| !n.is_empty())
}
