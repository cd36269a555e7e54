//! Verdicts: ИНН, names, persons, ties, decisions, deleted records, poor cards.

use chrono::DateTime;
use sverka::domain::{
    crm::CrmKind,
    matching::{MatchSettings, pair},
    verdict::{Decision, DecisionKind, Verdict},
};

use super::{buyers, company, judged, sale, verdicts};

const A: &str = "7707083893";
const B: &str = "7743013901";

#[test]
fn an_equal_inn_is_enough_and_duplicates_are_all_listed() {
    let records =
        [company("1", "Ромашка", A, ""), company("2", "ООО Ромашка (дубль)", A, ""), company("3", "Роза", B, "")];
    let (verdict, mut ids, reason) = judged(("ООО \"Ромашка\"", A, "770701001"), &records);
    ids.sort();
    assert_eq!((verdict.as_str(), ids), ("in_crm", vec!["1".to_owned(), "2".to_owned()]));
    assert!(reason.starts_with("ИНН совпал"), "{reason}");
    assert_eq!(judged(("Переименованная", A, ""), &records).0, "in_crm");
}

#[test]
fn a_sole_trader_kept_as_a_contact_is_found_by_inn_or_by_whole_name_and_phone() {
    let mut contact = company("7", "Иванов Иван Иванович", "500100732259", "");
    contact.record.id.kind = CrmKind::Contact;
    assert_eq!(judged(("ИП Иванов И.И.", "500100732259", ""), &[contact.clone()]).0, "in_crm");
    contact.record.inn = String::new();
    assert_eq!(judged(("ИП Иванов Иван Иванович", "", ""), &[contact.clone()]).0, "uncertain", "by name alone");
    assert_eq!(judged(("ИП Иванов И.И.", "", ""), &[contact]).0, "uncertain", "initials");
}

#[test]
fn branches_follow_the_switch() {
    let parties = buyers(&[("Роза", B, "780101001"), ("Роза", B, "774301001"), ("Роза", B, "")]);
    let records = [company("1", "Роза", B, "774301001")];
    let verdict = |branch_counts| -> Vec<Verdict> {
        let settings = MatchSettings { branch_counts, ..MatchSettings::default() };
        pair(&parties, &records, &[], &settings).iter().map(|v| v.verdict).collect()
    };
    assert!(verdict(true).iter().all(|v| *v == Verdict::InCrm));
    // Sorted by key: without КПП, the head office, the other branch.
    assert_eq!(verdict(false), [Verdict::InCrm, Verdict::InCrm, Verdict::NotInCrm]);
}

#[test]
fn a_name_is_enough_only_when_it_is_one_clear_best() {
    let alone = [company("1", "Гефест-Промтехносфера", "", ""), company("2", "Северный ветер", "", "")];
    let (verdict, ids, reason) = judged(("ООО «Гефест Промтехносфера»", A, ""), &alone);
    assert_eq!((verdict.as_str(), ids), ("in_crm", vec!["1".to_owned()]));
    assert!(reason.contains("название совпало") && reason.contains("ИНН в CRM нет"), "{reason}");

    let tie = [company("1", "ООО Гефест-Промтехносфера", "", ""), company("2", "Гефест Промтехносфера ООО", "", "")];
    let (verdict, ids, reason) = judged(("ООО Гефест-Промтехносфера", A, ""), &tie);
    assert_eq!((verdict.as_str(), ids.len()), ("uncertain", 2));
    assert!(reason.contains("несколько"), "{reason}");
}

#[test]
fn two_buyers_claiming_one_record_equally_are_both_for_a_person() {
    let parties = buyers(&[("ООО Гефест-Техно", A, ""), ("ООО Гефест-Техно", B, "")]);
    let found = verdicts(&parties, &[company("1", "Гефест-Техно", "", "")], &[]);
    assert!(found.iter().all(|v| v.verdict == Verdict::Uncertain), "{found:?}");
}

#[test]
fn contradicting_numbers_are_never_automatic_and_a_slip_goes_to_a_person() {
    let (verdict, ids, _) =
        judged(("ООО Гефест-Промтехносфера", A, ""), &[company("1", "Гефест-Промтехносфера", B, "")]);
    assert_ne!(verdict, "in_crm");
    assert_eq!(ids, ["1"], "the rejected one is named");
    // 7707083893 with two digits exchanged is 7707038893: the check digit is wrong, the name is equal.
    assert_ne!(
        judged(("ООО Гефест-Промтехносфера", A, ""), &[company("1", "Гефест-Промтехносфера", "7707038893", "")]).0,
        "not_in_crm"
    );
    // One digit and the check digit differ: both are valid.
    let (verdict, ..) = judged(("ООО Гефест", "7701234560", ""), &[company("1", "Гефест", "7701234553", "")]);
    assert_ne!(verdict, "in_crm");
}

#[test]
fn absence_names_the_best_rejected_and_why() {
    let records = [company("1", "Сахарный завод Восход", B, ""), company("2", "Пекарня Тополь", "", "")];
    let verdict = verdicts(&buyers(&[("ООО Гефест-Промтехносфера", A, "")]), &records, &[]).remove(0);
    assert_eq!(verdict.verdict, Verdict::NotInCrm);
    assert!(verdict.candidates.len() <= 3 && verdict.candidates.iter().all(|c| c.score_bp < 7_500));
    assert!(verdict.candidates.iter().all(|c| !c.reason.ru.is_empty() && !c.reason.en.is_empty()));
    assert_eq!(verdicts(&buyers(&[("Гефест", A, "")]), &[], &[]).remove(0).verdict, Verdict::NotInCrm);
}

#[test]
fn general_and_short_names_without_inn_are_not_judged() {
    let records = [company("1", "Покупатель", "", ""), company("2", "ЮГ", "", "")];
    for name in ["Покупатель", "Частное лицо", "Розничный покупатель", "Физ. лицо", "<Не указан>", "Ю", "—", ""]
    {
        assert_eq!(judged((name, "", ""), &records).0, "not_judgeable", "{name}");
    }
    assert_eq!(judged(("Покупатель", A, ""), &records).0, "uncertain", "an equal name and a valid ИНН: a person looks");
}

#[test]
fn transliteration_look_alikes_and_slips_are_found() {
    let others: Vec<_> = ["Северсталь Запад", "Пекарня Тополь", "Завод Восход", "Лесная сказка"]
        .iter()
        .enumerate()
        .map(|(i, title)| company(&format!("9{i}"), title, "", ""))
        .collect();
    for title in
        ["Gefest-Promtekhnosfera LLC", "ГEФEСT-ПРОМТЕХНОСФЕРА", "Гефест Промтехносфра", "промтехносфера гефест, ООО"]
    {
        let mut records = others.clone();
        records.push(company("1", title, "", ""));
        let (verdict, ids, _) = judged(("ООО «Гефест-Промтехносфера»", A, ""), &records);
        assert_eq!((verdict.as_str(), ids.first().map(String::as_str)), ("in_crm", Some("1")), "{title}");
    }
}

#[test]
fn phone_external_code_and_digits_as_written_are_evidence() {
    let mut record = company("1", "Гефест (склад)", "", "");
    record.record.external_id = "K-77".into();
    let party = |code: &str| sverka::domain::normalise::parties(&[sale(1, code, "ООО Гефест", "", "")], &[]).0;
    assert_eq!(verdicts(&party("K-77"), std::slice::from_ref(&record), &[])[0].verdict, Verdict::InCrm);
    // A Ukrainian code is no ИНН, but the same digits on both sides are no chance.
    let (verdict, _, reason) = judged(("ТОВ Канапа", "44870438", ""), &[company("1", "Канапа", "44870438", "")]);
    assert_eq!(verdict, "in_crm", "{reason}");
}

#[test]
fn a_deleted_record_alone_makes_a_person_look() {
    let mut gone = company("1", "Ромашка", A, "");
    gone.gone = true;
    let (verdict, ids, reason) = judged(("ООО Ромашка", A, ""), std::slice::from_ref(&gone));
    assert_eq!((verdict.as_str(), ids), ("uncertain", vec!["1".to_owned()]));
    assert!(reason.contains("больше нет"), "{reason}");
    let (verdict, ids, _) = judged(("ООО Ромашка", A, ""), &[gone, company("2", "Ромашка", A, "")]);
    // The living one first; the deleted one beside it proves that the client had been entered before.
    assert_eq!((verdict.as_str(), ids), ("in_crm", vec!["2".to_owned(), "1".to_owned()]));
}

#[test]
fn what_a_person_said_outranks_everything() {
    let parties = buyers(&[("Совсем другое имя", B, "")]);
    let records = [company("1", "Ромашка", A, ""), company("2", "Совсем другое имя", B, "")];
    let said = |n: i64, kind: DecisionKind| Decision {
        id: format!("d{n}"),
        at: DateTime::from_timestamp(n, 0).expect("an instant"),
        author: "Орлова".into(),
        party: parties[0].key.clone(),
        kind,
        note: String::new(),
    };
    let (one, two) = (records[0].record.id.clone(), records[1].record.id.clone());
    let confirmed = &verdicts(&parties, &records, &[said(1, DecisionKind::Confirm(one.clone()))])[0];
    assert_eq!((confirmed.verdict, confirmed.decision.as_deref()), (Verdict::InCrm, Some("d1")));
    assert_eq!(confirmed.candidates[0].id, one);
    let rejected = &verdicts(&parties, &records, &[said(1, DecisionKind::Reject(two.clone()))])[0];
    assert_eq!(rejected.verdict, Verdict::NotInCrm);
    assert!(rejected.candidates.iter().all(|c| c.id != two), "a rejected record never comes back");
    // The last word counts, whatever the order of the list.
    let both = [said(2, DecisionKind::Reject(one.clone())), said(1, DecisionKind::Confirm(one))];
    assert_eq!(verdicts(&parties, &records, &both)[0].decision, None);
    let exempt = &verdicts(&parties, &records, &[said(1, DecisionKind::Exempt)])[0];
    assert_eq!((exempt.verdict, &exempt.decision), (Verdict::InCrm, &None), "an exemption is no verdict");
}
