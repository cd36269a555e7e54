//! Where a company is: towns and area codes learned from the CRM, namesakes told apart, branches with their own records,
//! claims weighed together, mail addresses, misspellings found.

use proptest::prelude::*;
use sverka::domain::{
    crm::KnownRecord,
    matching::{MatchSettings, explain},
    verdict::Verdict,
};

use super::{buyers, company, verdicts};

/// A company of the CRM with town, phone and mail.
fn there(id: &str, title: &str, inn: &str, city: &str, phone: &str, email: &str) -> KnownRecord {
    let mut known = company(id, title, inn, "");
    known.record.city = city.into();
    known.record.phone = phone.into();
    known.record.email = email.into();
    known
}

/// Companies from whose ИНН, towns and phones the regions are learned: six of each of three regions.
pub(super) fn atlas() -> Vec<KnownRecord> {
    let towns = [("71", "Тула", "4872"), ("59", "Пермь", "342"), ("16", "Казань", "843")];
    let names = ["Берилл", "Ветла", "Горизонталь", "Диабаз", "Ермак", "Жердь"];
    towns
        .iter()
        .flat_map(|(region, town, code)| {
            names.iter().enumerate().map(move |(i, name)| {
                let title =
                    format!("{name} {town} {}", ["Завод", "Мост", "Парк", "Сад", "Двор", "Луг"][(i * 5 + 1) % 6]);
                let phone = format!("+7 ({code}) {:0width$}", 234_567 + i, width = 10 - code.len());
                there(&format!("{region}{i}"), &title, &inn(region, i as u32), town, &phone, "")
            })
        })
        .collect()
}

/// A valid ИНН of a region.
pub(super) fn inn(region: &str, n: u32) -> String {
    let digits = format!("{region}{:07}", 1_000_001 + n * 37);
    let weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    let sum: u32 = digits.bytes().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    format!("{digits}{}", sum % 11 % 10)
}

/// Verdict and first candidate of each buyer.
fn found(list: &[(&str, &str, &str)], records: &[KnownRecord]) -> Vec<(Verdict, String)> {
    let parties = buyers(list);
    let verdicts = verdicts(&parties, records, &[]);
    list.iter()
        .map(|(name, inn, kpp)| {
            let at = parties
                .iter()
                .position(|p| p.spellings.iter().any(|s| s.name == *name && s.inn == *inn && s.kpp == *kpp))
                .expect("the buyer");
            (verdicts[at].verdict, verdicts[at].candidates.first().map(|c| c.id.id.clone()).unwrap_or_default())
        })
        .collect()
}

#[test]
fn namesakes_are_told_apart_by_town_and_by_area_code() {
    let mut records = atlas();
    records.push(there("t", "Гефест-Техно", "", "г. Тула", "", ""));
    records.push(there("p", "Гефест-Техно", "", "", "8 (342) 2-999-111", ""));
    let (tula, perm) = (inn("71", 900), inn("59", 901));
    let list = [("ООО Гефест-Техно", tula.as_str(), ""), ("АО Гефест-Техно", perm.as_str(), "")];
    assert_eq!(found(&list, &records), [(Verdict::InCrm, "t".into()), (Verdict::InCrm, "p".into())]);
    // From a third region nobody of them is it for sure, and both have their owners.
    let kazan = inn("16", 902);
    let more = [list[0], list[1], ("ПАО Гефест-Техно", kazan.as_str(), "")];
    assert_ne!(found(&more, &records)[2].0, Verdict::InCrm);
}

#[test]
fn a_crm_of_one_region_does_not_tell_namesakes_apart() {
    let buyer = inn("71", 900);
    let list = [("ООО Гефест-Техно", buyer.as_str(), "")];
    let with = |mut records: Vec<KnownRecord>, other: (&str, &str)| {
        records.push(there("t", "Гефест-Техно", "", "Тула", "+7 (4872) 99-91-11", ""));
        records.push(there("o", "Гефест-Техно", "", other.0, other.1, ""));
        records
    };
    // However few they are: the fewer, the rarer the region seems among all. Neither card has anything before the other.
    for count in 3..=6 {
        let records = with(atlas().into_iter().take(count).collect(), ("Омск", "+7 (3812) 99-91-11"));
        let verdict = verdicts(&buyers(&list), &records, &[]).remove(0);
        let scores: Vec<u32> = verdict.candidates.iter().map(|c| c.score_bp).collect();
        assert_eq!(verdict.verdict, Verdict::Uncertain, "{count}");
        assert!(scores.len() == 2 && scores[0] == scores[1], "{count}: {scores:?}");
    }
    // With another region to compare with, the towns tell.
    let records = with(atlas(), ("Пермь", "+7 (342) 299-91-11"));
    assert_eq!(found(&list, &records), [(Verdict::InCrm, "t".into())]);
}

/// Two bare spellings may be one buyer: neither takes the record from the other. Two numbers are two buyers.
#[test]
fn spellings_that_may_be_one_buyer_are_no_rivals() {
    let records = [atlas(), vec![there("g", "Гефест-Промтехносфера", "", "", "", "")]].concat();
    let one = [("Гефест-Промтехносфера", "", ""), ("Гефест-Промтехносвера", "", "")];
    assert_eq!(found(&one, &records), [(Verdict::InCrm, "g".into()), (Verdict::InCrm, "g".into())]);
    let (a, b) = (inn("71", 900), inn("71", 901));
    let two = [("Гефест-Промтехносфера", a.as_str(), ""), ("Гефест-Промтехносвера", b.as_str(), "")];
    assert!(found(&two, &records).iter().any(|(verdict, _)| *verdict != Verdict::InCrm), "{:?}", found(&two, &records));
}

#[test]
fn a_branch_gets_the_record_of_its_own_place_and_the_others_theirs() {
    let mut records = atlas();
    let own = inn("71", 77);
    records.push(there("head", "Гефест-Техно", &own, "Тула", "", ""));
    records.push(there("perm", "Гефест-Техно Пермь", "", "Пермь", "", ""));
    let list = [("Гефест-Техно ООО", own.as_str(), "710101001"), ("ООО Гефест-Техно", own.as_str(), "590143001")];
    assert_eq!(found(&list, &records), [(Verdict::InCrm, "head".into()), (Verdict::InCrm, "perm".into())]);
    // A single card of the company stands for all of its branches.
    records.pop();
    assert_eq!(found(&list, &records), [(Verdict::InCrm, "head".into()), (Verdict::InCrm, "head".into())]);
}

#[test]
fn branches_of_one_town_are_told_apart_by_kpp() {
    let own = inn("71", 77);
    let mut records = atlas();
    records.push(company("first", "Гефест-Техно", &own, "710101001"));
    records.push(company("second", "Гефест-Техно", &own, "710143001"));
    let list = [("Гефест-Техно", own.as_str(), "710143001"), ("Гефест-Техно", own.as_str(), "710101001")];
    assert_eq!(found(&list, &records), [(Verdict::InCrm, "second".into()), (Verdict::InCrm, "first".into())]);
    records.reverse();
    assert_eq!(found(&list, &records), [(Verdict::InCrm, "second".into()), (Verdict::InCrm, "first".into())]);
}

#[test]
fn another_place_speaks_against_a_name() {
    let mut records = atlas();
    records.push(there("one", "Гефест", "", "Тула", "", ""));
    let (here, elsewhere) = (inn("71", 900), inn("59", 901));
    assert_eq!(found(&[("ООО Гефест", here.as_str(), "")], &records), [(Verdict::InCrm, "one".into())]);
    assert_eq!(found(&[("ООО Гефест", elsewhere.as_str(), "")], &records), [(Verdict::Uncertain, "one".into())]);
}

/// One card in a hundred with the town of another region is a slip: however many there are of them up to that, the town says
/// the same. From there on the region has some of its companies in the town, and in a small town from the first card on.
#[test]
fn a_few_strangers_in_a_town_change_nothing() {
    let bits = |locals: u32, strangers: u32| {
        let own = |n: u32, region: &str| {
            there(&format!("{region}-{n}"), &format!("Мост {n}"), &inn(region, n), "Тула", "", "")
        };
        let mut records: Vec<KnownRecord> = (0..locals).map(|n| own(n, "71")).collect();
        records.extend((0..strangers).map(|n| own(n, "59")));
        records.extend((1_000..1_060).map(|n| there(&format!("p{n}"), "Парк", &inn("59", n), "Пермь", "", "")));
        records.push(there("asked", "Гефест", "", "Тула", "", ""));
        let parties = buyers(&[("ООО Гефест", inn("59", 901).as_str(), "")]);
        let asked = &records[records.len() - 1].record.id;
        let found = explain(&parties, &records, &[], &MatchSettings::default(), &parties[0].key, Some(asked)).unwrap();
        found.candidates[0].lines.iter().find(|line| line.code == "place").map(|line| line.bits)
    };
    assert_eq!([0, 1, 2, 3].map(|strangers| bits(300, strangers)), [Some(-4.0); 4]);
    assert_eq!([bits(300, 12), bits(4, 0), bits(4, 1)], [Some(-2.0), Some(-2.0), Some(-1.0)]);
}

#[test]
fn a_short_name_is_not_absent_where_the_full_one_stands() {
    let mut records = atlas();
    let full = "Гефестовская мануфактура художественной ковки и литья малых архитектурных форм";
    records.push(company("full", full, "", ""));
    let found = found(&[("ООО Гефестовская мануфактура", "7707083893", "")], &records);
    assert_ne!(found[0].0, Verdict::NotInCrm);
    assert_eq!(found[0].1, "full");
}

#[test]
fn a_record_that_is_surely_somebody_elses_is_nobodys_tie() {
    let mut records = atlas();
    records.push(there("exact", "Гефест-Техно", "", "Тула", "", ""));
    records.push(there("slip", "Гефест-Технро", "", "Тула", "", ""));
    let (a, b) = (inn("71", 500), inn("71", 501));
    let list = [("ООО Гефест-Техно", a.as_str(), ""), ("ООО Гефест-Технра", b.as_str(), "")];
    let found = found(&list, &records);
    assert_eq!(found[0], (Verdict::InCrm, "exact".into()));
    assert_eq!(found[1].1, "slip", "{found:?}");
}

#[test]
fn a_rival_is_named_and_gets_nothing_by_itself() {
    let mut records = atlas();
    records.push(there("one", "Гефест-Промтехносфера", "", "", "", ""));
    let list = [("ООО Гефест-Промтехносфера", "7707083893", ""), ("ООО Гефест-Промтехносфира", "7743013901", "")];
    let parties = buyers(&list);
    let told = verdicts(&parties, &records, &[]);
    let of = |inn: &str| told.iter().find(|v| v.party.0.starts_with(inn)).expect("the buyer");
    // Alone it is a match; a rival one letter away leaves neither of them sure.
    assert_eq!(found(&list[..1], &records), [(Verdict::InCrm, "one".into())]);
    assert_ne!(of("7707083893").verdict, Verdict::NotInCrm);
    let other = of("7743013901");
    assert_ne!(other.verdict, Verdict::InCrm, "{other:?}");
    assert!(other.candidates[0].reason.ru.contains("ООО Гефест-Промтехносфера"), "{other:?}");
}

#[test]
fn a_mail_address_finds_a_title_without_its_vowels() {
    let mut records = atlas();
    records.push(there("1", "Гфст-Прмтхнсфр", "", "", "", "info@gefest-promtehnosfera.ru"));
    let found = found(&[("ООО Гефест-Промтехносфера", "7707083893", "")], &records);
    assert_ne!(found[0].0, Verdict::NotInCrm);
    assert_eq!(found[0].1, "1");
}

#[test]
fn a_mail_address_repairs_a_misspelt_title_but_outweighs_no_other_name() {
    let mut records = atlas();
    records.push(there("1", "Промтехносфра Гефаст", "", "", "", "info@gefest-promtehnosfera.ru"));
    records.push(there("2", "Совсем Другая", "", "", "", "office@lazuritkamnerez.ru"));
    let list = [("ООО Гефест-Промтехносфера", "7707083893", ""), ("ООО Лазурит Камнерез", "7743013901", "")];
    let found = found(&list, &records);
    assert_eq!(found[0], (Verdict::InCrm, "1".into()));
    assert_ne!(found[1].0, Verdict::InCrm, "only the address agrees: {found:?}");
}

#[test]
fn a_town_a_remark_or_a_wrong_form_hides_no_person() {
    let mut records = atlas();
    records.push(there("71x", "Берёзкина Т.П. г. Тула - опт", "", "", "", ""));
    records.push(there("59x", "ООО Полозкова З.Ф.", "", "Пермь", "", ""));
    let list =
        [("ИП Берёзкина Таисия Петровна", "711234567890", ""), ("ИП Полозкова Зоя Фёдоровна", "591234567812", "")];
    for (verdict, id) in found(&list, &records) {
        assert_ne!(verdict, Verdict::NotInCrm, "{id}");
        assert!(id.ends_with('x'), "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// However a rare word is misspelt by one letter, its record is met: the buyer is never called absent.
    #[test]
    fn one_slip_never_makes_a_buyer_absent(
        word in "[бвгдзклмнпрст][аеиоу][бвгдзклмнпрст][аеиоу][бвгдзклмнпрст][аеиоу][бвгдзклмнпрст]{1,3}",
        at in 0..6_usize,
        kind in 0..3,
    ) {
        let mut letters: Vec<char> = word.chars().collect();
        match kind {
            0 => { letters.remove(at); }
            1 => letters.insert(at, 'ф'),
            _ => letters.swap(at, at + 1),
        }
        let misspelt: String = letters.into_iter().collect();
        prop_assume!(misspelt != word);
        let mut records = atlas();
        records.push(company("it", &format!("ООО {misspelt}"), "", ""));
        let list = [(&*format!("ООО {word}"), "7707083893", "")];
        let found = found(&list, &records);
        prop_assert_ne!(found[0].0, Verdict::NotInCrm);
        prop_assert_eq!(&found[0].1, "it");
    }
}
