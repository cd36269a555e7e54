//! What one change does to what is kept of others: to a name cut into other words, to a rival's name, to the entity of a
//! candidate, to those that stand behind, to words within a slip. Each is told by the verdicts of a whole run.

use std::collections::BTreeSet;

use chrono::DateTime;
use sverka::domain::{
    crm::KnownRecord,
    matching::{MatchSettings, Matcher, pair},
    party::Counterparty,
    sale::PartyCard,
    verdict::{Decision, DecisionKind, Verdict},
};

use super::{
    again::party,
    again_lists::{many, met, word},
    company,
    places::inn,
};

/// The first counterparty's verdict in each state.
fn verdicts(states: &[(Vec<Counterparty>, Vec<KnownRecord>)]) -> Vec<Verdict> {
    let settings = MatchSettings::default();
    states.iter().map(|(parties, records)| pair(parties, records, &[], &settings)[0].verdict).collect()
}

#[test]
fn a_name_cut_into_other_words_is_worth_what_these_are_now() {
    // Only the card has the words; one more company with one of them makes it less rare where both sides have it.
    let parties = vec![party("П1", "Западстиль", "", "", "")];
    let state = |n: usize| {
        let card = std::iter::once(company("000001", "Запад Стиль", "", ""));
        (parties.clone(), card.chain(many("Запад", 18, 500)).chain(many("Стиль", n, 100)).collect())
    };
    met(&(18..30).map(state).collect::<Vec<_>>());
}

#[test]
fn a_name_that_more_have_is_judged_anew_though_its_words_are_worth_the_same() {
    // 305 and 361 companies with each word are as many doublings; 80 and 136 with both are not.
    let named = |i: usize| party(&format!("Ф{i:04}"), "Гефест Вектор", &inn("71", i as u32), "", "");
    let with = |first: &str, from: usize| -> Vec<Counterparty> {
        (from..from + 224).map(|i| party(&format!("Ц{i:03}"), &format!("{first} {}", word(i)), "", "", "")).collect()
    };
    let own = std::iter::once(party("П1", "Гефест Вектор", "", "", ""));
    let others = || with("Гефест", 0).into_iter().chain(with("Вектор", 400));
    let before: Vec<_> = own.chain(others()).chain((0..80).map(named)).collect();
    let after: Vec<_> = before.iter().cloned().chain((80..136).map(named)).collect();
    let states = [(before, Vec::new()), (after, Vec::new())];
    met(&states);
    assert_eq!(verdicts(&states), [Verdict::NotInCrm, Verdict::NotJudgeable]);
}

#[test]
fn a_card_without_a_name_takes_nobody_elses_words_with_it() {
    // Cards of nothing but signs stand between the others and vanish one after another.
    let parties: Vec<_> = (0..9).map(|i| party(&format!("П{i}"), &format!("Гефест {}", word(i)), "", "", "")).collect();
    let cards = |from: usize| -> Vec<KnownRecord> {
        let nameless = |i: usize| company(&format!("{:06}", 2 * i), "—", "", "");
        let named = |i: usize| company(&format!("{:06}", 2 * i + 1), &format!("Гефест {}", word(i + 4)), "", "");
        (0..12).flat_map(|i| (i >= from).then(|| nameless(i)).into_iter().chain([named(i)])).collect()
    };
    met(&[0, 3, 6, 9, 12].map(|from| (parties.clone(), cards(from))));
}

#[test]
fn cards_of_one_number_stand_in_the_order_of_what_their_phones_are_worth() {
    let (number, phone) = (inn("71", 1), "+7 4872 123456");
    let mut parties = vec![party("П1", "Ромашка Вектор", &number, "", "")];
    parties[0].card = Some(PartyCard { phone: phone.into(), ..PartyCard::default() }.into());
    let mut own = [company("1", "Ромашка", &number, ""), company("2", "Ромашка Вектор", &number, "")];
    own[0].record.phone = phone.into();
    let state = |n: usize| {
        let with_phone = |mut known: KnownRecord| {
            known.record.phone = phone.into();
            known
        };
        let others = (0..n).map(|i| with_phone(company(&format!("{:06}", 500 + i), &word(i), "", "")));
        let cards = own.iter().cloned().chain(many("Вектор", 30, 100)).chain(others).collect();
        (parties.clone(), cards)
    };
    let states = [1, 2, 4, 8, 14, 24, 40, 60, 84, 110].map(state);
    met(&states);
    let first = |(parties, records): &(Vec<Counterparty>, Vec<KnownRecord>)| {
        pair(parties, records, &[], &MatchSettings::default())[0].candidates[0].id.id.clone()
    };
    let order: BTreeSet<String> = states.iter().map(first).collect();
    assert_eq!(order.len(), 2, "the phone is worth more than the word, and then less");
}

#[test]
fn a_branch_leaves_a_card_to_another_that_it_now_fits() {
    let number = inn("71", 1);
    let cards = vec![company("1", "Ромашка", &number, "590101001"), company("2", "Ромашка", &number, "770101001")];
    let parties = |kpp: &str| vec![party("П1", "Ромашка", &number, "", ""), party("П2", "Ромашка", &number, kpp, "")];
    let states = [(parties("590101001"), cards.clone()), (parties("770101001"), cards)];
    met(&states);
    let first = states.map(|(parties, records)| {
        pair(&parties, &records, &[], &MatchSettings::default())[0].candidates[0].id.id.clone()
    });
    assert_eq!(first, ["2", "1"], "what the other one leaves");
}

#[test]
fn companies_declared_one_are_no_rivals() {
    let parties = vec![party("П1", "Ромашка", &inn("71", 1), "", ""), party("П2", "Ромашка", &inn("71", 2), "", "")];
    let cards = vec![company("1", "Ромашка", "", "")];
    let same = Decision {
        id: "Р1".into(),
        party: parties[0].key.clone(),
        kind: DecisionKind::Same(parties[1].key.clone()),
        author: "Иванова".into(),
        note: String::new(),
        at: DateTime::UNIX_EPOCH,
    };
    let (mut matcher, settings) = (Matcher::default(), MatchSettings::default());
    let mut told = Vec::new();
    for decisions in [Vec::new(), vec![same], Vec::new()] {
        let whole = pair(&parties, &cards, &decisions, &settings);
        let again: Vec<_> = matcher.pair(&parties, &cards, &decisions, &settings).into_iter().cloned().collect();
        assert_eq!(again, whole);
        told.push(whole[0].candidates[0].score_bp);
    }
    assert!(told[1] > told[0] && told[2] == told[0], "{told:?}");
}

#[test]
fn a_rival_is_told_by_the_name_that_he_has_now() {
    let card = vec![company("1", "Ромашка", "", "")];
    let rivals =
        |name: &str| vec![party("П1", "Ромашка", &inn("71", 1), "", ""), party("П2", name, &inn("71", 2), "", "")];
    // The same name in other letters: his claim is what it was.
    met(&[(rivals("ООО Ромашка"), card.clone()), (rivals("РОМАШКА ООО"), card.clone()), (rivals("ООО Лютик"), card)]);
}

#[test]
fn two_cards_are_one_entity_once_a_third_one_says_so() {
    let (one, other) = (inn("71", 1), inn("71", 2));
    let parties = vec![party("П1", "Ромашка Гефестовна", "", "710101001", "")];
    let named = |id: &str, inn: &str| company(id, "Ромашка Гефестовна", inn, "710101001");
    let cards = vec![named("1", &one), named("2", &other)];
    let third = company("3", "Лютик", &format!("{one}, {other}"), "");
    let all = cards.iter().cloned().chain([third]).collect();
    let states = [(parties.clone(), cards.clone()), (parties.clone(), all), (parties, cards)];
    met(&states);
    assert_eq!(verdicts(&states), [Verdict::Uncertain, Verdict::InCrm, Verdict::Uncertain]);
}

#[test]
fn those_that_stand_behind_are_compared_once_nothing_fits() {
    // What only the best card has becomes rarer, and so speaks more against it; nobody came or went in the CRM.
    let parties = |n: usize| -> Vec<Counterparty> {
        let other = |i: usize| party(&format!("Р{i:03}"), &format!("Розмарин {}", word(i)), "", "", "");
        std::iter::once(party("П1", "Гефест", "", "", "")).chain((200..200 + n).map(other)).collect()
    };
    let cards: Vec<_> =
        many("Гефест", 19, 100).into_iter().chain([company("000001", "Гефест Розмарин", "", "")]).collect();
    let states: Vec<_> =
        [40, 33, 28, 23, 19, 15, 11, 8, 5, 2, 0].iter().map(|n| (parties(*n), cards.clone())).collect();
    met(&states);
    let compared =
        |(parties, records): &(Vec<_>, Vec<_>)| pair(parties, records, &[], &MatchSettings::default())[0].work.compared;
    let compared: BTreeSet<u32> = states.iter().map(compared).collect();
    assert_eq!(compared, [16, 20].into());
}

#[test]
fn whatever_leads_to_a_new_card_is_followed() {
    let cards = vec![company("000001", "Гортензия", "", "")];
    let person = |name: &str| vec![party("П1", name, "", "", "")];
    for (name, title) in [
        ("Ромашка Гефест", "Ромашка"),
        ("Рамашка", "Ромашка Лютик"),
        ("ИП Иванов Иван Иванович", "Ивонов И."),
        ("ЦЭК", "Центр экономики и кадров"),
        ("Центр экономики и кадров", "ЦЭК"),
        ("Гефестпромтех", "Гефест Промтиф"),
    ] {
        let new = cards.iter().cloned().chain([company("900000", title, "", "")]).collect();
        let found = met(&[(person(name), cards.clone()), (person(name), new), (person(name), cards.clone())]);
        assert_eq!(found, [0, 1, 0], "{name}, {title}");
    }
    let with_kpp = vec![party("П1", "Лютик", "", "710101001", "")];
    let new = cards.iter().cloned().chain([company("900000", "Азалия", "", "710101001")]).collect();
    assert_eq!(met(&[(with_kpp.clone(), cards), (with_kpp, new)]), [0, 1]);
}
