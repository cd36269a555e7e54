//! Lists of what is kept twice or broken.

use std::collections::HashMap;

use sverka::domain::{
    crm::CrmKind,
    duplicates::{self, Doubles},
    money::Money,
    normalise,
};

use super::{A, B, C};
use crate::{
    deliver::fixture::case,
    matching::{card, company, sale},
};

fn found() -> Doubles {
    let cards = [
        card(2, "K-1", "Роза", "", A, "770701001"),
        card(3, "K-2", "Роза (склад)", "", A, "770701001"),
        card(4, "K-3", "Роза СПб", "", A, "780101001"),
        card(5, "K-4", "Лютик", "", B, ""),
        card(6, "K-5", "Лютик бис", "", B, ""),
        card(7, "K-6", "Гефест", "", "7701234567", ""),
        card(8, "K-7", "Вектоp", "", "", ""),
        card(9, "K-8", "Ирис", "", "105043805", ""),
        card(10, "K-9", "Мак", "", &format!("{C}, 4253052543"), ""),
        card(11, "K-10", "Вино «Bin 5»", "", "44870438", ""),
    ];
    let (mut facts, _) = case(&[]);
    (facts.parties, ..) = normalise::parties(&[sale(1, "K-7", "Вектоp", "", "")], &cards);
    facts.records = vec![
        company("1", "Роза", A, ""),
        company("2", "Розы", A, ""),
        company("3", "Тюльпан", "", ""),
        company("4", "ООО Тюльпан", "", ""),
        company("5", "Тюльпан", "", ""),
        company("6", "Мак", B, "770701001"),
        company("7", "Мак СПб", B, "780101001"),
        company("8", "Ушёл", A, ""),
    ];
    for i in [2, 3] {
        facts.records[i].record.phone = "+7 495 123-45-99".into();
    }
    facts.records[7].gone = true;
    let mut deal = company("9", "Роза", A, "");
    deal.record.id.kind = CrmKind::Deal;
    facts.records.push(deal);
    let turnover = HashMap::from([
        (facts.parties.iter().find(|p| p.key.0 == "K-5").expect("K-5").key.clone(), Money::from_kopecks(5_000_00)),
        (facts.parties.iter().find(|p| p.key.0 == "K-7").expect("K-7").key.clone(), Money::from_kopecks(100)),
    ]);
    duplicates::find(&facts, &turnover)
}

#[test]
fn crm_records_of_one_entity_are_listed_with_what_they_share() {
    let groups: Vec<(Vec<String>, String)> =
        found().crm.into_iter().map(|g| (g.records.into_iter().map(|r| r.id.id).collect(), g.why.ru)).collect();
    let ids: Vec<&[String]> = groups.iter().map(|(ids, _)| ids.as_slice()).collect();
    assert_eq!(ids, [&["1".to_owned(), "2".to_owned()][..], &["3".into(), "4".into()], &["6".into(), "7".into()]]);
    assert_eq!(groups[0].1, format!("один ИНН {A}"));
    assert!(groups[1].1.contains("телефон"), "{}", groups[1].1);
    assert!(groups[2].1.contains("филиалы"), "{}", groups[2].1);
}

#[test]
fn accounting_cards_of_one_inn_and_kpp_are_listed_by_turnover_and_branches_are_not() {
    let groups: Vec<(String, String, Vec<String>)> =
        found().cards.into_iter().map(|g| (g.inn, g.kpp, g.cards.into_iter().map(|c| c.party.0).collect())).collect();
    assert_eq!(
        groups,
        [
            (B.to_owned(), String::new(), vec!["K-5".to_owned(), "K-4".to_owned()]),
            (A.to_owned(), "770701001".to_owned(), vec!["K-1".to_owned(), "K-2".to_owned()]),
        ]
    );
}

#[test]
fn broken_cards_say_what_is_wrong() {
    let broken: Vec<(String, String)> = found()
        .broken
        .into_iter()
        .map(|b| (b.card.party.0, b.faults.iter().map(|f| f.ru.as_str()).collect::<Vec<_>>().join("; ")))
        .collect();
    let keys: Vec<&str> = broken.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["K-7", "K-6", "K-8", "K-9"], "{broken:?}");
    assert_eq!(broken[0].1, "в слове «Вектоp» смешаны русские и латинские буквы");
    assert!(broken[1].1.contains("7701234567") && broken[1].1.contains("неверен"), "{}", broken[1].1);
    assert!(broken[2].1.contains("верно 0105043805"), "{}", broken[2].1);
    assert!(broken[3].1.contains("несколько ИНН"), "{}", broken[3].1);
}
