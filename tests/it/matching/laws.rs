//! Laws of matching: the order of either side decides nothing, which name is whose neither; the pieces of a score are the
//! score; a person's word stands; absence is said with the work that proves it.

use chrono::DateTime;
use proptest::prelude::*;
use sverka::domain::{
    crm::KnownRecord,
    matching::{MatchSettings, Waterfall, explain},
    party::Counterparty,
    verdict::{Decision, DecisionKind, Verdict},
};

use super::{buyers, company, verdicts};

fn world() -> (Vec<Counterparty>, Vec<KnownRecord>) {
    let names = [
        "Ромашка",
        "ООО Ромашка",
        "Роза",
        "Гефест-Техно",
        "ИП Иванов И.И.",
        "ИП Иванов Иван Иванович",
        "Лютик Юг",
        "Покупатель",
    ];
    let inns = ["7707083893", "", "7743013901", "", "500100732259"];
    let list: Vec<(&str, &str, &str)> =
        (0..16).map(|i| (names[i % 8], inns[i % 5], if i % 3 == 0 { "770701001" } else { "" })).collect();
    let records = (0..20)
        .map(|i| {
            let mut record = company(&i.to_string(), names[(i * 3) % 8], inns[(i * 2) % 5], "");
            record.gone = i % 7 == 0;
            record.record.phone = if i % 4 == 0 { "+7 921 111-22-33".into() } else { String::new() };
            record.record.city = ["Тула", "Пермь", ""][i % 3].into();
            record
        })
        .collect();
    (buyers(&list), records)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_order_of_either_side_decides_nothing(
        left in Just((0..64_usize).collect::<Vec<_>>()).prop_shuffle(),
        right in Just((0..20_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (parties, records) = world();
        let plain = verdicts(&parties, &records, &[]);
        let order: Vec<usize> = left.into_iter().filter(|i| *i < parties.len()).collect();
        let mixed: Vec<Counterparty> = order.iter().map(|i| parties[*i].clone()).collect();
        let shuffled: Vec<KnownRecord> = right.iter().map(|i| records[*i].clone()).collect();
        let found = verdicts(&mixed, &shuffled, &[]);
        for (at, i) in order.iter().enumerate() {
            prop_assert_eq!(&found[at], &plain[*i]);
        }
    }
}

/// Names as people write them: words, slips, short forms, persons, numbers, alphabets, legal forms.
fn name() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "Ромашка",
        "Рамошка",
        "Romashka",
        "Гефест",
        "Гефесст",
        "Пром",
        "Промышленный",
        "Торговый",
        "дом",
        "Строй",
        "Стройсервис",
        "Сервис",
        "Северо-Запад",
        "№ 5",
        "7",
        "Тула",
        "Пермь",
        "Центр",
        "экономики",
        "кадров",
        "ЦЭК",
        "Иванов",
        "Иванова",
        "Иван",
        "Иванович",
        "И.И.",
        "И.",
        "склад",
        "(архив)",
        "ГефестПром",
        "Лютик",
    ]);
    let form = prop::sample::select(vec!["", "ООО", "ИП", "АО", "ЗАО", "МБОУ", "LLC"]);
    (form, prop::collection::vec(words, 1..5), any::<bool>()).prop_map(|(form, words, quoted)| {
        let words = words.join(" ");
        if quoted { format!("{form} «{words}»") } else { format!("{form} {words}") }
    })
}

/// One counterparty against one record, in numbers.
fn alone(ours: &str, theirs: &KnownRecord, inn: &str) -> Option<Waterfall> {
    let parties = buyers(&[(ours, inn, "")]);
    let (records, settings) = ([theirs.clone()], MatchSettings::default());
    let key = &parties.first()?.key;
    explain(&parties, &records, &[], &settings, key, Some(&theirs.record.id))?.candidates.pop()
}

fn sum(waterfall: &Waterfall) -> f64 {
    waterfall.lines.iter().map(|line| line.bits).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_pieces_of_a_score_are_the_score(
        ours in name(), theirs in name(), inn in 0..3_usize, other in 0..3_usize, contacts in 0..8_u8,
    ) {
        let inns = ["", "7707083893", "7743013901"];
        let mut record = company("1", &theirs, inns[other], "");
        if contacts & 1 == 1 { record.record.email = "info@romashka-tula.ru".into(); }
        if contacts & 2 == 2 { record.record.phone = "+7 4872 11-22-33".into(); }
        if contacts & 4 == 4 { record.record.city = "Тула".into(); }
        if let Some(shown) = alone(&ours, &record, inns[inn]) {
            prop_assert!((sum(&shown) - shown.bits).abs() < 1e-9, "{ours} / {theirs}: {shown:#?}");
        }
    }

    #[test]
    fn which_name_is_whose_changes_no_bit(ours in name(), theirs in name()) {
        let one = alone(&ours, &company("1", &theirs, "", ""), "").map(|w| w.bits);
        let other = alone(&theirs, &company("1", &ours, "", ""), "").map(|w| w.bits);
        if let (Some(one), Some(other)) = (one, other) {
            prop_assert!((one - other).abs() < 1e-9, "{ours} / {theirs}: {one} and {other}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_pieces_stay_the_score_among_rivals(at in 0..16_usize) {
        let (parties, records) = world();
        if let Some(party) = parties.get(at) {
            let shown = explain(&parties, &records, &[], &MatchSettings::default(), &party.key, None).expect("there");
            for candidate in &shown.candidates {
                prop_assert!((sum(candidate) - candidate.bits).abs() < 1e-9, "{candidate:#?}");
            }
            for listed in shown.verdict.candidates {
                let of = shown.candidates.iter().find(|c| c.record == listed.id);
                prop_assert!(of.is_none_or(|of| of.score_bp == listed.score_bp), "{of:#?} and {listed:?}");
            }
        }
    }

    #[test]
    fn a_persons_word_is_never_overruled(
        said in prop::collection::vec((0..16_usize, 0..20_usize, any::<bool>()), 1..12),
    ) {
        let (parties, records) = world();
        let decisions: Vec<Decision> = said
            .iter()
            .zip(0..)
            .map(|((party, record, yes), n)| {
                let id = records[*record].record.id.clone();
                Decision {
                    id: format!("d{n}"),
                    at: DateTime::from_timestamp(n, 0).expect("an instant"),
                    author: "Орлова".into(),
                    party: parties[party % parties.len()].key.clone(),
                    kind: if *yes { DecisionKind::Confirm(id) } else { DecisionKind::Reject(id) },
                    note: String::new(),
                }
            })
            .collect();
        let found = verdicts(&parties, &records, &decisions);
        for (n, decision) in decisions.iter().enumerate() {
            let id = decision.kind.record().expect("a record");
            let last = |d: &Decision| d.party == decision.party && d.kind.record() == Some(id);
            if decisions[n + 1..].iter().any(last) {
                continue;
            }
            let verdict = found.iter().find(|v| v.party == decision.party).expect("a verdict");
            let listed = verdict.candidates.iter().any(|c| c.id == *id);
            match decision.kind {
                DecisionKind::Confirm(_) => prop_assert!(listed && verdict.verdict == Verdict::InCrm, "{verdict:?}"),
                _ => prop_assert!(!listed, "{verdict:?}"),
            }
        }
    }

    #[test]
    fn a_record_of_somebody_else_makes_nobody_absent(
        name in "[бвгджзклмнпрстф]{9}", city in prop::sample::select(vec!["", "Тула"]), gone in any::<bool>(),
    ) {
        let (parties, mut records) = world();
        let before = verdicts(&parties, &records, &[]);
        let mut more = company("x", &name, "", "");
        more.record.city = city.into();
        more.gone = gone;
        records.push(more);
        for (old, new) in before.iter().zip(verdicts(&parties, &records, &[])) {
            let lost = old.verdict == Verdict::InCrm && new.verdict == Verdict::NotInCrm;
            prop_assert!(!lost, "{old:?} became {new:?}");
        }
    }

    #[test]
    fn absence_lists_the_work_that_proves_it(ours in name(), theirs in prop::collection::vec(name(), 1..60)) {
        let records: Vec<_> = theirs.iter().enumerate().map(|(i, n)| company(&i.to_string(), n, "", "")).collect();
        for verdict in verdicts(&buyers(&[(&ours, "7707083893", "")]), &records, &[]) {
            let work = verdict.work;
            prop_assert_eq!(work.records as usize, records.len());
            prop_assert!(work.compared <= work.met && work.met <= work.records, "{:?}", verdict);
            if verdict.verdict == Verdict::NotInCrm {
                let said = format!("просмотрено карточек CRM: {}", records.len());
                prop_assert!(verdict.reason.ru.contains(&said) && !work.limited, "{:?}", verdict);
            }
        }
    }
}

#[test]
fn equal_scores_are_for_a_person() {
    for title in ["ООО Гефест-Промтехносфера", "Гефест-Промтехносфра", "ИП Лютиков Пётр Ильич"]
    {
        let records = [company("1", title, "", ""), company("2", title, "", "")];
        let verdict = verdicts(&buyers(&[(title, "", "")]), &records, &[]).remove(0);
        assert_eq!(verdict.verdict, Verdict::Uncertain, "{title}: {verdict:?}");
        assert_eq!(verdict.candidates[0].score_bp, verdict.candidates[1].score_bp);
    }
}
