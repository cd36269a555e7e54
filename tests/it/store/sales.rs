//! Sales and cards.

use sverka::{
    domain::{
        finding::SourceRef,
        money::Money,
        sale::{PartyCard, PartyRef, Sale},
    },
    store::{Db, StoreError},
};

use super::{
    each_engine, raw,
    samples::{at, sale},
};

each_engine!(
    a_sale_reads_back_as_it_was_written,
    a_superseded_sale_stays_in_the_history,
    two_live_versions_of_one_document_are_refused,
    twenty_thousand_sales_come_and_go,
    the_newest_card_of_a_code_counts,
    a_card_without_code_is_known_by_name_and_inn,
);

async fn a_sale_reads_back_as_it_was_written(db: Db) {
    let bare = Sale { net: None, bonus: None, returns: None, source: SourceRef::default(), ..sale(2) };
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales(&[bare.clone(), sale(1)], at(0)).await.unwrap();
    assert_eq!(tx.sales_in_force().await.unwrap(), [sale(1), bare], "sorted by key");
    tx.insert_sales(&[], at(0)).await.unwrap();
    assert_eq!(tx.sales_by_keys(&[]).await.unwrap(), []);
}

async fn a_superseded_sale_stays_in_the_history(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales(&[sale(1), sale(2)], at(0)).await.unwrap();
    assert_eq!(tx.supersede_sales(&[sale(1).key, sale(9).key], at(1)).await.unwrap(), 1);
    let corrected = Sale { amount: Money::from_kopecks(5), ..sale(1) };
    tx.insert_sales(std::slice::from_ref(&corrected), at(1)).await.unwrap();
    assert_eq!(tx.sales_in_force().await.unwrap(), [corrected.clone(), sale(2)]);
    assert_eq!(tx.sales_by_keys(&[sale(9).key, sale(1).key]).await.unwrap(), [corrected]);
    assert_eq!(tx.supersede_sales(&[sale(2).key], at(2)).await.unwrap(), 1);
    assert_eq!(tx.supersede_sales(&[sale(2).key], at(3)).await.unwrap(), 0, "ended once");
    tx.commit().await.unwrap();
    assert_eq!(raw(&db, "UPDATE sale SET amount = amount WHERE superseded_ms IS NOT NULL").await, Ok(2));
}

async fn two_live_versions_of_one_document_are_refused(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales(&[sale(1)], at(0)).await.unwrap();
    let refused = tx.insert_sales(&[sale(1)], at(1)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Duplicate(_)), "{refused:?}");
}

async fn twenty_thousand_sales_come_and_go(db: Db) {
    let sales: Vec<Sale> = (0..20_000).map(sale).collect();
    let keys: Vec<_> = sales.iter().map(|s| s.key.clone()).collect();
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales(&sales, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.sales_in_force().await.unwrap().len(), 20_000);
    assert_eq!(tx.sales_by_keys(&keys).await.unwrap().len(), 20_000);
    assert_eq!(tx.supersede_sales(&keys, at(1)).await.unwrap(), 20_000);
    assert_eq!(tx.sales_in_force().await.unwrap(), []);
}

fn card(code: &str, name: &str, inn: &str, city: &str) -> PartyCard {
    PartyCard {
        party: PartyRef { code: code.into(), name: name.into(), inn: inn.into(), kpp: String::new() },
        city: city.into(),
        source: SourceRef { file: "Контрагенты.xlsx".into(), row: 3, ..SourceRef::default() },
        ..PartyCard::default()
    }
}

async fn the_newest_card_of_a_code_counts(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let first = [card("1", "Лён", "", "Тверь"), card("2", "Лён", "", "Псков")];
    assert_eq!(tx.put_cards(&first, at(0)).await.unwrap(), 2);
    assert_eq!(tx.cards_in_force().await.unwrap(), first);
    let mut moved = first.clone();
    moved[0].source.row = 99;
    assert_eq!(tx.put_cards(&moved, at(1)).await.unwrap(), 0, "another row of the file is no change");
    let renamed = [card("1", "Лён-2", "", "Омск"), card("1", "Лён-2", "", "Томск")];
    assert_eq!(tx.put_cards(&renamed, at(2)).await.unwrap(), 1);
    assert_eq!(tx.cards_in_force().await.unwrap(), [renamed[1].clone(), first[1].clone()], "the last of the file");
    tx.commit().await.unwrap();
    assert_eq!(raw(&db, "UPDATE party_card SET body = body WHERE superseded_ms IS NOT NULL").await, Ok(1));
}

async fn a_card_without_code_is_known_by_name_and_inn(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.put_cards(&[card("", "Лён", "1", "Тверь"), card("", "Лён", "2", "Псков")], at(0)).await.unwrap();
    assert_eq!(tx.put_cards(&[card("", "Лён", "2", "Омск")], at(1)).await.unwrap(), 1);
    let cities: Vec<String> = tx.cards_in_force().await.unwrap().into_iter().map(|c| c.city).collect();
    assert_eq!(cities, ["Тверь", "Омск"]);
}
