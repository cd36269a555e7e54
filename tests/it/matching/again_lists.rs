//! What one change does to searches that it does not seem to touch: a list that becomes too long, a word that records did not
//! have, a namesake, a town. Each is told by the verdicts of a whole run, and would be told otherwise if what was found before
//! were simply taken over.

use sverka::domain::{
    crm::KnownRecord,
    matching::{MatchSettings, Matcher, pair},
    party::Counterparty,
    verdict::Verdict,
};

use super::{again::party, company, places::inn};

/// A word that is like no other.
pub(super) fn word(i: usize) -> String {
    let syllable = |digit: usize| ["ба", "ве", "ги", "до", "жу", "зя", "кю", "лё", "мы", "нэ"][digit % 10].repeat(3);
    [i / 100, i / 10, i].map(syllable).concat()
}

/// Records of that first word, each with another one of its own, with numbers from `from` on.
pub(super) fn many(first: &str, n: usize, from: usize) -> Vec<KnownRecord> {
    (from..from + n).map(|i| company(&format!("{i:06}"), &format!("{first} {}", word(i)), "", "")).collect()
}

/// Goes on from state to state; answers how many records the first counterparty met in each. Beside those given there are
/// others that have nothing to do with them: one change is to be little.
pub(super) fn met(states: &[(Vec<Counterparty>, Vec<KnownRecord>)]) -> Vec<u32> {
    let (mut matcher, settings) = (Matcher::default(), MatchSettings::default());
    let mut met = Vec::new();
    for (run, (parties, records)) in states.iter().enumerate() {
        let others = (0..20).map(|i| party(&format!("Я{i:02}"), &format!("Ы{}", word(i + 900)), "", "", ""));
        let parties: &Vec<_> = &parties.iter().cloned().chain(others).collect();
        let cards = (0..60).map(|i| company(&format!("99{i:04}"), &format!("Э{}", word(i + 900)), "", ""));
        let records: &Vec<_> = &records.iter().cloned().chain(cards).collect();
        let whole = pair(parties, records, &[], &settings);
        let again: Vec<_> = matcher.pair(parties, records, &[], &settings).into_iter().cloned().collect();
        assert_eq!(again, whole, "run {run}");
        assert_eq!(matcher.runs(), run, "it goes on");
        met.push(whole[0].work.met);
    }
    met
}

/// One counterparty; the records before, and what is new.
fn grows(name: &str, before: Vec<KnownRecord>, new: Vec<KnownRecord>) -> Vec<u32> {
    let parties = vec![party("П1", name, "", "", "")];
    let after = before.iter().cloned().chain(new).collect();
    met(&[(parties.clone(), before), (parties, after)])
}

#[test]
fn a_common_word_is_followed_until_records_have_a_rarer_one() {
    let found = grows("Гефест Лютик", many("Гефест", 310, 0), vec![company("900000", "Лютик", "", "")]);
    assert_eq!(found, [310, 1]);
    // And until it is too common beside a rarer one.
    let before: Vec<_> = many("Гефестион", 300, 0).into_iter().chain(many("Лютик", 40, 400)).collect();
    assert_eq!(grows("Гефестион Лютик", before, many("Гефестион", 1, 800)), [340, 40]);
}

#[test]
fn a_name_is_nobodys_once_too_many_have_it() {
    // Nothing in the CRM is like it, before or after: only the name itself tells less.
    let named = |i: usize| party(&format!("Ф{i:04}"), "Гефест", &inn("71", i as u32), "", "");
    let filler = (0..400).map(|i| party(&format!("Ц{i:03}"), &format!("Ш{}", word(i)), "", "", ""));
    let before: Vec<_> =
        std::iter::once(party("П1", "Гефест", "", "", "")).chain(filler).chain((0..80).map(named)).collect();
    let after: Vec<_> = before.iter().cloned().chain((80..140).map(named)).collect();
    let states = [(before, Vec::new()), (after, Vec::new())];
    met(&states);
    let told = states.map(|(parties, records)| pair(&parties, &records, &[], &MatchSettings::default())[0].verdict);
    assert_eq!(told, [Verdict::NotInCrm, Verdict::NotJudgeable]);
}

#[test]
fn a_misspelt_word_is_followed_until_too_many_have_it() {
    assert_eq!(grows("Гефезт Лютик", many("Гефест", 200, 0), many("Гефест", 1, 500)), [200, 0]);
    // Also by one whose number stands on another branch's card.
    let parties = vec![party("П1", "Гефезт Лютик", "7707083893", "710101001", "")];
    let with = |n: usize| {
        let branch = company("900000", "Ромашка", "7707083893", "590101001");
        many("Гефест", n, 0).into_iter().chain([branch]).collect::<Vec<_>>()
    };
    assert_eq!(met(&[(parties.clone(), with(200)), (parties, with(201))]), [201, 1]);
}

#[test]
fn first_letters_are_followed_until_too_many_share_them() {
    let centre = |i: usize| company(&format!("{i:06}"), &format!("Центр экономики к{}", word(i)), "", "");
    assert_eq!(grows("ЦЭК", (0..300).map(centre).collect(), vec![centre(400)]), [300, 0]);
}

#[test]
fn a_number_of_the_tax_office_is_followed_until_too_many_have_it() {
    let records = |n: usize| (0..n).map(|i| company(&format!("{i:06}"), &word(i), "", "710101001")).collect::<Vec<_>>();
    let parties = vec![party("П1", "Лютик", "", "710101001", "")];
    assert_eq!(met(&[(parties.clone(), records(300)), (parties, records(301))]), [300, 0]);
}

#[test]
fn of_common_words_the_rarest_is_followed() {
    let before: Vec<_> = many("Гефест", 301, 0).into_iter().chain(many("Вектор", 303, 400)).collect();
    assert_eq!(grows("Гефест Вектор", before, many("Гефест", 3, 800)), [301, 303]);
}

#[test]
fn a_whole_name_with_slips_is_followed_while_nobody_has_the_name_itself() {
    // One more of so many changes nothing in what the words are worth.
    let often = many("Гефест", 70, 0).into_iter().chain(many("Промтех", 70, 400));
    let before = often.chain([company("900001", "Геф естпромтих", "", "")]).collect();
    assert_eq!(grows("Гефест Промтех", before, vec![company("900002", "Промтех Гефест", "", "")]), [141, 142]);
    let often = many("Гефест", 70, 0).into_iter().chain(many("Промтех", 70, 400));
    let before = often.chain([company("900001", "Геф естпромтих", "", "")]).collect();
    assert_eq!(grows("Гефест Промтех", before, vec![company("900002", "Гефест Промтех", "", "")]), [141, 141]);
    // A name in one word is found by its own words only, once nobody writes it in several.
    let parties = vec![party("П1", "Гефест Промтех", "", "", "")];
    let (apart, together) = (company("1", "Геф естпромтих", "", ""), company("2", "Гефестпромтих", "", ""));
    assert_eq!(met(&[(parties.clone(), vec![apart, together.clone()]), (parties, vec![together])]), [2, 0]);
}

#[test]
fn a_second_branch_makes_the_first_look_for_its_own_card() {
    let inn = "7107000000".to_owned();
    let inn =
        (0..10).map(|last| format!("{}{last}", &inn[..9])).find(|inn| !party("x", "x", inn, "", "").inns.is_empty());
    let inn = inn.expect("a check digit");
    let first = party("П1", "Ромашка", &inn, "710101001", "");
    let second = party("П2", "Ромашка", &inn, "590101001", "");
    let records = vec![company("1", "Ромашка", &inn, "710101001"), company("2", "Ромашка", "", "")];
    let found = met(&[(vec![first.clone()], records.clone()), (vec![first, second], records)]);
    assert_eq!(found, [1, 2], "a lone one has its card");
}

#[test]
fn cards_of_one_number_stand_in_the_order_of_their_names() {
    let inn = "7707083893";
    let parties = vec![party("П1", "Ромашка", inn, "", "")];
    let own = [company("1", "Ромашка Гефест", inn, ""), company("2", "Ромашка Вектор", inn, "")];
    let with = |gefest: usize, vektor: usize| -> Vec<KnownRecord> {
        own.iter().cloned().chain(many("Гефест", gefest, 100)).chain(many("Вектор", vektor, 500)).collect()
    };
    let states: Vec<_> = (0..11).map(|i| (parties.clone(), with(60 + 12 * i, 120))).collect();
    met(&states);
}

#[test]
fn a_town_that_tells_of_its_region_settles_a_search() {
    let inn = |region: &str, i: usize| {
        let nine = format!("{region}070{i:04}");
        let all = (0..10).map(|last| format!("{nine}{last}"));
        all.into_iter().find(|inn| !party("x", "x", inn, "", "").inns.is_empty()).expect("a check digit")
    };
    let parties = vec![party("П1", "Ромашка", &inn("71", 999), "", "")];
    let mut records: Vec<KnownRecord> = (0..12)
        .map(|i| {
            let (region, city) = if i < 4 { ("71", "Тула") } else { ("59", "Пермь") };
            let mut known = company(&format!("{i:06}"), &word(i), &inn(region, i), "");
            known.record.city = city.into();
            known
        })
        .collect();
    let mut own = company("100", "Ромашка", "", "");
    own.record.city = "Тула".into();
    records.extend([own, company("101", "Рамашка", "", "")]);
    let before: Vec<KnownRecord> = records.iter().skip(1).cloned().collect();
    assert_eq!(met(&[(parties.clone(), before.clone()), (parties.clone(), records), (parties, before)]), [2, 1, 2]);
}

#[test]
fn a_town_that_nobody_named_before_is_taken_out_of_names() {
    let parties = vec![party("П1", "Ромашка Казань", "", "", "")];
    let mut kazan = company("2", "Лютик", "", "");
    let before = vec![company("1", "Ромашка", "", ""), kazan.clone()];
    kazan.record.city = "Казань".into();
    met(&[(parties.clone(), before.clone()), (parties.clone(), vec![before[0].clone(), kazan]), (parties, before)]);
}

#[test]
fn two_words_are_worth_less_together_once_many_have_the_rarer_one() {
    let one = company("000001", "Гефест Вектор Роза", "", "");
    let records: Vec<_> =
        std::iter::once(one).chain(many("Гефест", 290, 100)).chain(many("Вектор", 310, 400)).collect();
    let buyers = |n: usize| -> Vec<Counterparty> {
        let other = |i: usize| party(&format!("П{i:02}"), &format!("Гефест {}", word(i + 700)), "", "", "");
        std::iter::once(party("П1", "Гефест Вектор Лютик", "", "", "")).chain((10..10 + n).map(other)).collect()
    };
    // Rarity itself does not change between these: 300 and 303 companies are as many doublings.
    met(&[(buyers(7), records.clone()), (buyers(10), records.clone()), (buyers(7), records)]);
}

/// Records that share one word with the counterparty, as many as these, all elsewhere but one.
fn crowd(ids: impl Iterator<Item = usize>, here: usize) -> Vec<KnownRecord> {
    ids.map(|i| {
        let kpp = if i == here { "710101001" } else { "590101001" };
        company(&format!("{i:06}"), &format!("Гефест {}", word(i)), "", kpp)
    })
    .collect()
}

#[test]
fn those_that_stand_behind_come_forward_when_others_vanish() {
    let parties = vec![party("П1", "Гефест Лютик", "", "710201001", "")];
    // The one of the same region stands too far behind to be looked at, until forty before it are gone.
    let states = [5, 15, 41, 65].map(|gone| (parties.clone(), crowd(gone..300, 138)));
    met(&states);
}

#[test]
fn a_new_one_does_not_come_before_those_that_stand_behind() {
    let parties = vec![party("П1", "Гефест Лютик", "", "710201001", "")];
    let state = |gone: usize, new: bool| {
        let all = (gone..300).chain(new.then_some(900));
        (parties.clone(), crowd(all, 900))
    };
    met(&[state(5, false), state(25, true), state(34, true), state(55, true), state(80, true), state(99, true)]);
}
