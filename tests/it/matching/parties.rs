//! Spellings become counterparties: identity, branches, folders, findings, any order.

use proptest::prelude::*;
use sverka::domain::{normalise, sale::Sale};

use super::{buyers, card, sale};

fn keys(sales: &[Sale], cards: &[sverka::domain::sale::PartyCard]) -> Vec<String> {
    let (parties, of, _) = normalise::parties(sales, cards);
    of.iter().map(|i| parties[*i].key.0.clone()).collect()
}

#[test]
fn a_code_outranks_inn_and_inn_outranks_the_name() {
    let sales = [
        sale(1, "00-1", "ООО Ромашка", "7707083893", ""),
        sale(2, "00-1", "Ромашка (новое имя)", "", ""),
        sale(3, "", "Роза", "7743013901", "774301001"),
        sale(4, "", "ООО \"Роза\"", "7743013901", ""),
        sale(5, "", "Роза", "7743013901", "774301001"),
        sale(6, "", "ООО Лютик", "", ""),
        sale(7, "", "лютик ООО", "0000000000", ""),
    ];
    assert_eq!(
        keys(&sales, &[]),
        [
            "00-1",
            "00-1",
            "7743013901/774301001",
            "7743013901/774301001",
            "7743013901/774301001",
            "ооо лютик",
            "ооо лютик"
        ]
    );
    let parties = normalise::parties(&sales, &[]).0;
    assert_eq!(parties[0].spellings.len(), 2);
    assert_eq!(parties[1].name, "Роза", "the most frequent spelling");
}

#[test]
fn a_branch_is_a_counterparty_of_its_own_and_a_bare_inn_joins_only_a_single_kpp() {
    let two = [
        sale(1, "", "Роза", "7743013901", "774301001"),
        sale(2, "", "Роза", "7743013901", "780101001"),
        sale(3, "", "Роза", "7743013901", ""),
    ];
    assert_eq!(keys(&two, &[]), ["7743013901/774301001", "7743013901/780101001", "7743013901/"]);
}

#[test]
fn a_bare_name_joins_the_one_card_of_that_name_and_folders_swallow_nothing() {
    let cards = [
        card(2, "1", "Покупатели", "", "", ""),
        card(3, "2", "Ромашка", "ООО «Ромашка Плюс»", "7707083893", ""),
        card(4, "3", "Лютик", "ООО Лютик", "", ""),
        card(5, "4", "Лютик", "ООО Лютик", "", ""),
    ];
    let sales = [
        sale(1, "", "Покупатели", "", ""),
        sale(2, "", "ромашка плюс ООО", "", ""),
        sale(3, "", "Ромашка", "", ""),
        sale(4, "", "Лютик", "", ""),
        sale(5, "", "Кто-то", "7707083893", ""),
    ];
    assert_eq!(keys(&sales, &cards), ["покупатели", "2", "2", "лютик", "2"]);
    let (parties, _, findings) = normalise::parties(&sales, &cards);
    assert!(!parties.iter().any(|p| p.key.0 == "1"), "a folder is no counterparty");
    assert!(findings.iter().any(|f| f.code == "folder_rows"));
    // A row with nothing but the name says nothing of the buyer who is written like it.
    let bare = [card(2, "", "Фиалка", "", "", ""), card(3, "2", "Ромашка", "", "7707083893", "")];
    let (parties, ..) = normalise::parties(&[sale(1, "", "Фиалка", "", "")], &bare);
    assert!(parties.iter().all(|p| p.name != "Фиалка" || p.card.is_none()), "{parties:?}");
}

#[test]
fn a_fault_that_stands_in_many_rows_is_told_where_it_stands_first_in_the_file() {
    let broken = |row| sale(row, "", "ООО Лютик", "7743013902", "");
    for rows in [[9, 3, 7], [3, 7, 9], [7, 9, 3]] {
        let findings = normalise::parties(&rows.map(broken), &[]).2;
        let places: Vec<u32> = findings.iter().filter_map(|f| f.source.as_ref()).map(|at| at.row).collect();
        assert_eq!(places, [3], "{rows:?}");
    }
}

#[test]
fn the_accounting_sides_own_faults_are_findings_with_their_place() {
    let cards = [
        card(2, "1", "А", "А", "7707083893", ""),
        card(3, "2", "Б", "Б", "7707083893", ""),
        card(4, "3", "В", "В", "7743013902", ""),
        card(5, "4", "Г", "Г", "105043805", ""),
        card(6, "5", "Д", "Д", "7743013901", "774301001"),
        card(7, "6", "Д филиал", "Д", "7743013901", "780101001"),
    ];
    let findings = normalise::parties(&[], &cards).2;
    let seen: Vec<(&str, u32)> =
        findings.iter().map(|f| (f.code.as_str(), f.source.as_ref().map_or(0, |s| s.row))).collect();
    assert_eq!(seen, [("inn_broken", 4), ("inn_zero_restored", 5), ("inn_on_several_cards", 2)]);
}

#[test]
fn a_restored_number_joins_only_where_the_name_agrees() {
    let sales = [
        sale(1, "", "ООО Адыгея Торг", "0105043805", ""),
        sale(2, "", "Адыгея Торг", "105043805", ""),
        sale(3, "", "Совсем другой", "105043805", ""),
    ];
    assert_eq!(keys(&sales, &[]), ["0105043805/", "0105043805/", "совсем другой"]);
}

proptest! {
    #[test]
    fn any_order_gives_the_same_counterparties(order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let names = ["ООО Ромашка", "Ромашка ООО", "Роза", "ИП Иванов И.И.", "Лютик", "???"];
        let inns = ["7707083893", "", "105043805", "7743013901"];
        let sales: Vec<Sale> = (0..12)
            .map(|i| sale(i, if i % 5 == 0 { "K-1" } else { "" }, names[i as usize % 6], inns[i as usize % 4], if i % 3 == 0 { "770701001" } else { "" }))
            .collect();
        let shuffled: Vec<Sale> = order.iter().map(|i| sales[*i].clone()).collect();
        let (plain, of, findings) = normalise::parties(&sales, &[]);
        let (mixed, mixed_of, mixed_findings) = normalise::parties(&shuffled, &[]);
        prop_assert_eq!(&plain, &mixed);
        prop_assert_eq!(findings, mixed_findings);
        for (at, i) in order.iter().enumerate() {
            prop_assert_eq!(of[*i], mixed_of[at]);
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn the_real_list_of_a_winery_keeps_its_folders_apart() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/1c/partners-winery.csv");
    let Ok(mut reader) = csv::Reader::from_path(path) else {
        println!("{path} is absent, skipped");
        return;
    };
    let cards: Vec<_> = reader
        .records()
        .map_while(Result::ok)
        .enumerate()
        .map(|(i, r)| card(i as u32 + 2, r[1].trim(), &r[0], &r[2], &r[4], ""))
        .collect();
    let folders = cards.iter().filter(|c| c.full_name.is_empty()).count();
    let sales = [sale(1, "", "Покупатели", "", ""), sale(2, "", "Винний арсенал", "", "")];
    let (parties, of, _) = normalise::parties(&sales, &cards);
    assert!(folders >= 5, "{folders}");
    assert_eq!(parties[of[0]].key.0, "покупатели");
    assert_eq!(parties[of[1]].key.0, "00-000240");
    assert_eq!(buyers(&[("ТОВ «КАНАПА»", "", "")])[0].key.0, "тов канапа");
}
