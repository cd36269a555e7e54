//! Matching that goes on from the last run gives the verdicts of a whole run, to the last letter, whatever happened in
//! between: to names, numbers, towns, spellings, decisions; records and counterparties that come and go.

use std::sync::Arc;

use chrono::DateTime;
use proptest::prelude::*;
use sverka::domain::{
    crm::{CrmId, KnownRecord},
    matching::{MatchSettings, Matcher, pair},
    party::{Counterparty, PartyKey},
    sale::{PartyCard, PartyRef},
    tax_id,
    verdict::{Decision, DecisionKind},
};

use super::company;

const STEMS: [&str; 22] = [
    "Ромашка",
    "Рамошка",
    "Romashka",
    "Альянс",
    "Алянс",
    "Гефест",
    "Гефесст",
    "Промтехносфера",
    "Промтехносфира",
    "Торговый дом",
    "Строй",
    "Стройсервис",
    "Сервис",
    "Северо-Запад",
    "№ 5",
    "ЦЭК",
    "Центр экономики и кадров",
    "архив",
    "Тула",
    "Тульский филиал",
    "Вектор",
    "Векторр",
];
const PERSONS: [&str; 6] =
    ["Иванов И.И.", "Иванов Иван Иванович", "Ивонов Иван", "Петрова А.", "Петрова Анна Ильинична", "Ivanov Ivan"];
const FORMS: [&str; 6] = ["ООО", "АО", "", "ТОО", "ПАО", "Общество с ограниченной ответственностью"];
const TOWNS: [&str; 9] =
    ["", "г. Тула", "Пермь", "Санкт-Петербург", "Ростов-на-Дону", "Москва", "Казань", "Мсква", "Нижний Новгород"];

/// Marsaglia's xorshift (2003): the same world every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn name(&mut self) -> String {
        if self.below(5) == 0 {
            return format!("ИП {}", self.of(&PERSONS));
        }
        let words: Vec<&str> = (0..=self.below(3)).map(|_| self.of(&STEMS)).collect();
        let town = if self.below(8) == 0 { self.of(&TOWNS) } else { "" };
        format!("{} «{}» {town}", self.of(&FORMS), words.join(" "))
    }

    /// A number of the tax office with its check digit (domain, identifiers).
    fn inn(&mut self, companies: usize) -> String {
        let region = ["71", "59", "78", "61", "77", "16"][self.below(6)];
        let nine = format!("{region}07{:05}", self.below(companies));
        let weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
        let sum: u32 = nine.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        format!("{nine}{}", sum % 11 % 10)
    }

    fn kpp(&mut self) -> String {
        if self.below(2) == 0 { String::new() } else { format!("77010{}001", self.below(9)) }
    }

    fn slip(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() > 3 {
            let at = self.below(letters.len() - 1);
            match self.below(3) {
                0 => letters.swap(at, at + 1),
                1 => drop(letters.remove(at)),
                _ => letters.insert(at, letters[at]),
            }
        }
        letters.into_iter().collect()
    }
}

struct World {
    chance: Chance,
    companies: usize,
    parties: Vec<Counterparty>,
    records: Vec<KnownRecord>,
    decisions: Vec<Decision>,
    next: usize,
}

pub(super) fn party(key: &str, name: &str, inn: &str, kpp: &str, code: &str) -> Counterparty {
    let written = PartyRef { code: code.into(), name: name.into(), inn: inn.into(), kpp: kpp.into() };
    let (inns, _) = tax_id::read_cell(inn);
    Counterparty {
        key: PartyKey(key.into()),
        name: name.into(),
        spellings: vec![Arc::new(written)],
        inns,
        kpps: tax_id::Kpp::parse(kpp).into_iter().collect(),
        card: None,
    }
}

impl World {
    fn new(seed: u64, parties: usize, records: usize) -> Self {
        let chance = Chance(seed | 1);
        let mut world = Self {
            chance,
            companies: records,
            parties: Vec::new(),
            records: Vec::new(),
            decisions: Vec::new(),
            next: 0,
        };
        for _ in 0..parties {
            world.add_party();
        }
        for _ in 0..records {
            world.add_record();
        }
        world
    }

    fn add_party(&mut self) {
        self.next += 1;
        let (key, name) = (format!("П{:06}", self.next), self.chance.name());
        let inn = if self.chance.below(3) == 0 { String::new() } else { self.chance.inn(self.companies) };
        let code = if self.chance.below(6) == 0 { format!("УТ-{}", self.chance.below(50)) } else { String::new() };
        let kpp = self.chance.kpp();
        let mut one = party(&key, &name, &inn, &kpp, &code);
        if self.chance.below(4) == 0 {
            let card = PartyCard {
                party: (*one.spellings[0]).clone(),
                phone: format!("+7 4872 11-22-{:02}", self.chance.below(40)),
                city: self.chance.of(&TOWNS).into(),
                ..PartyCard::default()
            };
            one.card = Some(Box::new(card));
        }
        self.parties.push(one);
    }

    fn add_record(&mut self) {
        self.next += 1;
        let (title, inn) = (self.chance.name(), self.chance.inn(self.companies));
        let inn = if self.chance.below(2) == 0 { String::new() } else { inn };
        let kpp = self.chance.kpp();
        let mut known = company(&format!("{:06}", self.next), &title, &inn, &kpp);
        known.record.city = self.chance.of(&TOWNS).into();
        if self.chance.below(3) == 0 {
            known.record.phone = format!("+7 4872 11-22-{:02}", self.chance.below(40));
        }
        if self.chance.below(5) == 0 {
            known.record.email =
                format!("info@{}.ru", ["romashka", "alyans", "gefest", "vektor"][self.chance.below(4)]);
        }
        if self.chance.below(9) == 0 {
            known.record.external_id = format!("УТ-{}", self.chance.below(50));
        }
        known.gone = self.chance.below(25) == 0;
        self.records.push(known);
    }

    /// One of so many of either side changes, and people decide something.
    fn week(&mut self, share: usize) {
        for i in (0..self.records.len()).rev() {
            if self.chance.below(share) == 0 {
                self.change_record(i);
            }
        }
        for i in (0..self.parties.len()).rev() {
            if self.chance.below(share) == 0 {
                self.change_party(i);
            }
        }
        self.say_something();
    }

    /// One thing changes.
    fn moment(&mut self) {
        match self.chance.below(8) {
            0 => self.say_something(),
            1 | 2 => {
                let i = self.chance.below(self.parties.len());
                self.change_party(i);
            }
            _ => {
                let i = self.chance.below(self.records.len());
                self.change_record(i);
            }
        }
    }

    fn change_record(&mut self, i: usize) {
        let (name, inn, town) = (self.chance.name(), self.chance.inn(self.companies), self.chance.of(&TOWNS));
        let kind = self.chance.below(11);
        let record = &mut self.records[i].record;
        match kind {
            0 => drop(self.records.remove(i)),
            1 => record.title = name,
            2 => record.title = self.chance.slip(&record.title),
            3 => record.inn = inn,
            4 => record.inn.clear(),
            5 => record.city = town.into(),
            6 => record.city = self.chance.slip(&record.city),
            7 => record.phone = format!("+7 4872 11-22-{:02}", self.chance.below(40)),
            8 => record.kpp = self.chance.kpp(),
            9 => self.records[i].gone ^= true,
            _ => self.add_record(),
        }
    }

    fn change_party(&mut self, i: usize) {
        let name = if self.chance.below(2) == 0 { self.chance.name() } else { self.chance.slip(&self.parties[i].name) };
        let (inn, kpp) = (self.chance.inn(self.companies), self.chance.kpp());
        let one = &mut self.parties[i];
        match self.chance.below(6) {
            0 => drop(self.parties.remove(i)),
            1 => *one = party(&one.key.0.clone(), &name, "", &kpp, ""),
            2 => *one = party(&one.key.0.clone(), &name, &inn, &kpp, ""),
            3 => one.card = None,
            // Another branch of the same company.
            4 => {
                self.next += 1;
                let mut branch = self.parties[i].clone();
                branch.key = PartyKey(format!("П{:06}", self.next));
                self.parties.push(branch);
            }
            _ => self.add_party(),
        }
    }

    fn say_something(&mut self) {
        let (party, other) = (self.chance.below(self.parties.len()), self.chance.below(self.parties.len()));
        let record = self.records[self.chance.below(self.records.len())].record.id.clone();
        let kind = match self.chance.below(3) {
            0 => DecisionKind::Confirm(record),
            1 => DecisionKind::Reject(record),
            _ => DecisionKind::Same(self.parties[other].key.clone()),
        };
        self.decide(party, kind);
    }

    fn decide(&mut self, party: usize, kind: DecisionKind) {
        self.next += 1;
        let at = DateTime::from_timestamp(1_700_000_000 + self.next as i64, 0).expect("an instant");
        let party = self.parties[party].key.clone();
        self.decisions.push(Decision {
            id: format!("d{:06}", self.next),
            party,
            kind,
            author: "Контролёр".into(),
            at,
            note: String::new(),
        });
    }

    /// Verdicts of both ways are the same.
    fn agrees(&self, matcher: &mut Matcher, settings: &MatchSettings) {
        let whole = pair(&self.parties, &self.records, &self.decisions, settings);
        let again = matcher.pair(&self.parties, &self.records, &self.decisions, settings);
        assert_eq!(again.len(), whole.len());
        for (again, whole) in again.into_iter().zip(&whole) {
            assert_eq!(again, whole);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 0, ..ProptestConfig::default() })]
    #[test]
    fn going_on_gives_the_verdicts_of_a_whole_run(seed in any::<u64>(), share in 8..60_usize, branch_counts in any::<bool>()) {
        let mut world = World::new(seed, 260, 330);
        let mut matcher = Matcher::default();
        let settings = MatchSettings { branch_counts, ..MatchSettings::default() };
        for _ in 0..5 {
            world.agrees(&mut matcher, &settings);
            world.week(share);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 0, ..ProptestConfig::default() })]
    /// Where little changes, little is done again: what should have been shows.
    #[test]
    fn going_on_after_one_change_gives_the_verdicts_of_a_whole_run(seed in any::<u64>()) {
        let mut world = World::new(seed, 200, 260);
        let mut matcher = Matcher::default();
        for _ in 0..11 {
            world.agrees(&mut matcher, &MatchSettings::default());
            world.moment();
        }
    }
}

/// Lists that are too long to be followed, more records met than are looked at, words that come and go: a large book of few
/// words.
#[test]
fn going_on_holds_where_the_lists_are_cut() {
    let mut world = World::new(2026, 600, 2_600);
    let mut matcher = Matcher::default();
    for week in 0..8 {
        world.agrees(&mut matcher, &MatchSettings::default());
        assert_eq!(matcher.runs(), week, "it goes on and does not begin anew");
        if week % 3 == 0 {
            world.week(40);
        } else {
            world.moment();
        }
    }
}

#[test]
fn nothing_is_taken_over_from_other_settings_or_another_company() {
    let (mut first, second) = (World::new(7, 120, 150), World::new(8, 110, 140));
    let mut matcher = Matcher::default();
    first.agrees(&mut matcher, &MatchSettings::default());
    second.agrees(&mut matcher, &MatchSettings::default());
    let strict = MatchSettings { accept_bp: 9_700, review_bp: 8_000, ..MatchSettings::default() };
    second.agrees(&mut matcher, &strict);
    assert_eq!(matcher.runs(), 0);
    first.week(30);
    first.agrees(&mut matcher, &strict);
    let learning = MatchSettings { calibrate: true, ..strict };
    first.agrees(&mut matcher, &learning);
    first.week(30);
    first.agrees(&mut matcher, &learning);
    assert_eq!(matcher.runs(), 0, "what people decide moves every score then");
}

/// A record that is only looked at because of its contact, a confirmed one that loses its title: the words change with it.
#[test]
fn a_confirmed_card_is_shown_as_it_is_now() {
    let parties = [party("П1", "ООО Ромашка", "7707083893", "", "")];
    let mut records = vec![company("1", "Лютик", "", ""), company("2", "Ромашка", "7707083893", "")];
    let decisions = [Decision {
        id: "d1".into(),
        party: PartyKey("П1".into()),
        kind: DecisionKind::Confirm(CrmId { id: "1".into(), ..records[0].record.id.clone() }),
        author: "Контролёр".into(),
        at: DateTime::UNIX_EPOCH,
        note: String::new(),
    }];
    let mut matcher = Matcher::default();
    for title in ["Лютик", "Лютик плюс"] {
        records[0].record.title = title.into();
        let found = matcher.pair(&parties, &records, &decisions, &MatchSettings::default());
        assert_eq!(found[0].candidates[0].title, title);
    }
}
