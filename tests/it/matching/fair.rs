//! Whose record it is may be open; that somebody has none must be proven. Each case here once called a buyer absent whose
//! record may well have been there.

use sverka::domain::{
    crm::KnownRecord,
    matching::{MatchSettings, pair},
    normalise,
    sale::{PartyCard, Sale},
    verdict::{PartyVerdict, Verdict},
};

use super::{
    card, company,
    places::{atlas, inn},
    sale, verdicts,
};

const A: &str = "7707083893";

/// Verdict on the counterparty whose key begins so.
fn verdict(sales: &[Sale], cards: &[PartyCard], records: &[KnownRecord], key: &str) -> PartyVerdict {
    let (parties, ..) = normalise::parties(sales, cards);
    let told = verdicts(&parties, records, &[]);
    told.into_iter().find(|v| v.party.0.starts_with(key)).expect("the counterparty")
}

#[test]
fn a_second_card_of_the_same_name_loses_nothing_to_the_first() {
    let name = "ООО Гефест-Промтехносфера";
    let cards = [card(2, "K-1", name, "", A, ""), card(3, "K-2", name, "", "", "")];
    let sales = [sale(1, "K-1", name, A, ""), sale(2, "K-2", name, "", "")];
    let records = [company("1", "Гефест-Промтехносфера", A, "")];
    assert_eq!(verdict(&sales, &cards, &records, "K-1").verdict, Verdict::InCrm);
    let second = verdict(&sales, &cards, &records, "K-2");
    assert_ne!(second.verdict, Verdict::NotInCrm, "{second:?}");
    // Nor where the company lets people look at less.
    let (parties, ..) = normalise::parties(&sales, &cards);
    for review_bp in [5_000, 8_500, 9_200] {
        let settings = MatchSettings { review_bp, ..MatchSettings::default() };
        let told = pair(&parties, &records, &[], &settings);
        assert!(told.iter().all(|v| v.verdict != Verdict::NotInCrm), "{review_bp}: {told:?}");
    }
}

#[test]
fn two_cards_without_numbers_share_the_record_though_only_one_has_its_phone() {
    let name = "ООО Гефест-Промтехносфера";
    let mut cards = [card(2, "K-1", name, "", "", ""), card(3, "K-2", name, "", "", "")];
    cards[0].phone = "+7 921 111-22-33".into();
    let sales = [sale(1, "K-1", name, "", ""), sale(2, "K-2", name, "", "")];
    let mut record = company("1", "Гефест-Промтехносфера", "", "");
    record.record.phone = "8 (921) 111-22-33".into();
    let second = verdict(&sales, &cards, &[record], "K-2");
    assert_ne!(second.verdict, Verdict::NotInCrm, "{second:?}");
}

#[test]
fn a_namesake_in_the_same_town_hides_no_misspelt_record() {
    let name = "ООО Гефест-Промтехносфера";
    let (first, second) = (inn("71", 500), inn("71", 501));
    let mut cards = [card(2, "K-1", name, "", &first, ""), card(3, "K-2", name, "", &second, "")];
    cards[0].phone = "+7 921 111-22-33".into();
    let sales = [sale(1, "K-1", name, &first, ""), sale(2, "K-2", name, &second, "")];
    let mut records = atlas();
    for (id, title, phone) in [("own", "Гефест-Промтехносфера", "89211112233"), ("slip", "Гефест-Промтехнасфера", "")]
    {
        let mut record = company(id, title, "", "");
        record.record.city = "Тула".into();
        record.record.phone = phone.into();
        records.push(record);
    }
    let told = verdict(&sales, &cards, &records, "K-2");
    assert_ne!(told.verdict, Verdict::NotInCrm, "{told:?}");
    assert!(told.candidates.iter().any(|c| c.id.id == "slip"), "{told:?}");
}

#[test]
fn a_branch_takes_no_unmarked_record_from_another_company_of_the_name() {
    let name = "ООО Гефест-Промтехносфера";
    let (own, other) = (inn("71", 77), inn("16", 78));
    let sales = [
        sale(1, "", name, &own, "710101001"),
        sale(2, "", name, &own, "590143001"),
        sale(3, "", name, &other, "160101001"),
    ];
    let mut records = atlas();
    let mut head = company("head", "Гефест-Промтехносфера", &own, "710101001");
    head.record.city = "Тула".into();
    records.push(head);
    records.push(company("open", "Гефест-Промтехносфера", "", ""));
    let told = verdict(&sales, &[], &records, &other);
    assert_ne!(told.verdict, Verdict::NotInCrm, "{told:?}");
    assert_eq!(verdict(&sales, &[], &records, &format!("{own}/710101001")).candidates[0].id.id, "head");
}
