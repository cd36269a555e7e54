//! What stands beside the money: exemptions, sellers nobody knows, evidence, causes. Deliberately absent: mails.

use sverka::domain::{
    adjust::{balance_check, explain},
    finding::Severity,
    org::Alias,
    party::PartyKey,
    policy::BonusBase,
    verdict::{Decision, DecisionKind, PartyVerdict, Status, Verdict},
};

use super::{
    book::Book,
    world::{at, conclude, day, facts, known, missing, party, rub, sale, set_sales, verdict, version},
};

const AS_OF: &str = "2026-11-20 17:00:00";

fn absent() -> [PartyVerdict; 1] {
    [verdict("P0", Verdict::NotInCrm, &["X"])]
}

fn world() -> sverka::domain::facts::Facts {
    let sales = vec![sale("0000-000123", "2026-11-05", "P0", "Иванов И.И.", "100000.00")];
    facts(AS_OF, vec![party("P0", "ООО «Ромашка»")], sales, vec![missing(5_000, 2_000)])
}

#[test]
fn a_line_walks_back_to_its_file_and_says_its_arithmetic() {
    let outcome = conclude(&world(), &absent(), at(AS_OF));
    let text = |t: &sverka::domain::text::Text| format!("{}\n{}", t.ru, t.en).replace('\u{a0}', " ");
    let line = &outcome.wanted[0];
    assert_eq!(text(&line.evidence.document), "№ 0000-000123 от 05.11.2026\nNo. 0000-000123 of 2026-11-05");
    assert_eq!(line.evidence.source.ru, "Продажи.xlsx, лист «TDSheet», строка 7");
    assert_eq!(line.evidence.file_hash.len(), 64);
    assert_eq!(line.evidence.snapshots, [format!("crm 2026-11-20T14:00:00+00:00 {}", "c".repeat(64))]);
    assert_eq!((line.evidence.status.as_str(), line.policy_version.as_str()), ("missing", "2026-1"));
    assert_eq!(
        text(&line.evidence.arithmetic),
        "100 000,00 × 1,25 % = 1 250,00; 1 250,00 × 50 % = 625,00\n\
         100,000.00 × 1.25% = 1,250.00; 1,250.00 × 50% = 625.00"
    );
    assert_eq!(
        text(&line.evidence.matching).lines().next().unwrap_or_default(),
        "по имени; ближайшие отклонены: «Карточка X» (crm:company:X), 95 %: похожее имя"
    );
}

#[test]
fn a_return_of_several_sales_says_each_piece_and_their_sum() {
    let sold = |number: &str, date: &str, sum: &str| sale(number, date, "P0", "Иванов И.И.", sum);
    let sales = vec![
        sold("1", "2026-11-03", "1000.00"),
        sold("2", "2026-11-05", "2000.00"),
        sold("3", "2026-11-06", "-2400.00"),
    ];
    let facts = facts(AS_OF, vec![party("P0", "Ромашка")], sales, vec![missing(5_000, 0)]);
    let wanted = conclude(&facts, &absent(), at(AS_OF)).wanted;
    let back = wanted.iter().find(|w| w.key.subject.contains("|3|")).expect("the return");
    // The later sale whole, of the earlier one 400,00.
    assert_eq!(back.amount, rub("15.00"));
    assert_eq!(
        back.evidence.arithmetic.en,
        "before the return 1,000.00 × 1.25% = 12.50; 12.50 × 50% = 6.25; \
         after 600.00 × 1.25% = 7.50; 7.50 × 50% = 3.75; comes back 2.50; \
         before the return 2,000.00 × 1.25% = 25.00; 25.00 × 50% = 12.50; \
         after 0.00 × 1.25% = 0.00; 0.00 × 50% = 0.00; comes back 12.50; total 15.00"
    );
}

#[test]
fn a_reversal_says_what_happened_and_where() {
    let mut facts = world();
    let mut book = Book::default();
    let first = book.post(&conclude(&facts, &absent(), at(AS_OF)).wanted);
    assert_eq!(first[0].evidence.cause.ru, "");
    // Entered late: less is reduced.
    facts.records = vec![known("X", "Ромашка", at("2026-11-12 10:30:00"))];
    let found = [verdict("P0", Verdict::InCrm, &["X"])];
    let second = book.post(&conclude(&facts, &found, at(AS_OF)).wanted);
    assert_eq!(second[0].amount, rub("375.00"));
    assert_eq!(
        second[0].evidence.cause.ru,
        "карточка внесена 12.11.2026 10:30, позже срока (10.11.2026); было проведено -625,00, следует -250,00"
    );
    // It turns out to be in time: nothing is wanted any more.
    facts.records[0].entered_at = at("2026-11-06 10:30:00");
    let outcome = conclude(&facts, &found, at(AS_OF));
    let mut third = book.post(&outcome.wanted);
    explain(&mut third, &facts, &found, &outcome.sales);
    assert_eq!((third[0].amount, third[0].corrects.len()), (rub("250.00"), 2));
    assert_eq!(
        third[0].evidence.cause.ru,
        "карточка внесена 06.11.2026 10:30, в срок (до 10.11.2026 включительно); было проведено -250,00, следует 0,00"
    );
    assert_eq!(third[0].evidence.source.ru, "Продажи.xlsx, лист «TDSheet», строка 7");
    assert_eq!(balance_check(&outcome.wanted, &book.posted()), vec![]);
    assert_eq!(balance_check(&outcome.wanted, &book.posted()[..0]), vec![]);
    assert_eq!(balance_check(&conclude(&facts, &absent(), at(AS_OF)).wanted, &book.posted()).len(), 1);
}

#[test]
fn a_document_that_disappears_or_changes_hands_is_reversed_with_its_cause() {
    let mut book = Book::default();
    book.post(&conclude(&world(), &absent(), at(AS_OF)).wanted);
    let mut gone = world();
    set_sales(&mut gone, vec![]);
    let mut other = book.clone();
    let mut entries = other.post(&[]);
    explain(&mut entries, &gone, &absent(), &[]);
    assert!(entries[0].evidence.cause.ru.starts_with("документа больше нет"), "{}", entries[0].evidence.cause.ru);

    let mut handed = world();
    handed.sales[0].manager = "Петрова А.А.".into();
    let outcome = conclude(&handed, &absent(), at(AS_OF));
    let mut entries = book.post(&outcome.wanted);
    explain(&mut entries, &handed, &absent(), &outcome.sales);
    let sums: Vec<_> = entries.iter().map(|e| (e.key.employee.0.as_str(), e.amount)).collect();
    assert_eq!(sums, [("0001", rub("625.00")), ("0002", rub("-625.00"))]);
    assert!(
        entries[0].evidence.cause.ru.starts_with("документ теперь числится за другим"),
        "{}",
        entries[0].evidence.cause.ru
    );
}

#[test]
fn what_is_exempt_says_why() {
    type Change = fn(&mut sverka::domain::facts::Facts);
    let cases: [(Change, &str); 6] = [
        (|f| f.sales[0].currency = "EUR".into(), "other currency"),
        (
            |f| f.policy.versions[0].exempt[0].names = vec!["Ромашка ООО".into()],
            "not judged by the regulation: “Розница”",
        ),
        (|f| f.policy.versions[0].exempt[0].codes = vec!["P0".into()], "not judged by the regulation"),
        (
            |f| {
                f.decisions.push(Decision {
                    id: "d".into(),
                    at: at("2026-11-01 10:00:00"),
                    author: "Head".into(),
                    party: PartyKey("P0".into()),
                    kind: DecisionKind::Exempt,
                    note: String::new(),
                });
            },
            "by a person's decision",
        ),
        (|f| f.policy.versions[0].effective_from = day("2026-11-06"), "before the regulation took effect (2026-11-06)"),
        (|f| f.policy.versions.clear(), "there is no regulation"),
    ];
    for (change, why) in cases {
        let mut facts = world();
        change(&mut facts);
        let outcome = conclude(&facts, &absent(), at(AS_OF));
        assert_eq!((outcome.sales[0].status, outcome.wanted.len()), (Status::Exempt, 0), "{why}");
        let remark = outcome.sales[0].remark.clone().unwrap_or_default();
        assert!(remark.en.starts_with(why) && !remark.ru.is_empty(), "{} / {why}", remark.en);
    }
}

#[test]
fn sellers_nobody_knows_are_one_finding_per_name_with_their_turnover() {
    let mut facts = world();
    let mut sales = facts.sales.clone();
    for (number, manager) in [("2", "Сидоров"), ("3", "Сидоров"), ("4", ""), ("5", "Ваня")] {
        sales.push(sale(number, "2026-11-05", "P0", manager, "1000.00"));
    }
    set_sales(&mut facts, sales);
    for (at, person) in facts.roster.people.iter_mut().enumerate() {
        // An alias that two share, one of them only until October.
        person.aliases.push(Alias { name: "ваня".into(), from: None, until: (at == 1).then(|| day("2026-10-01")) });
    }
    let found = |facts: &sverka::domain::facts::Facts| {
        let outcome = conclude(facts, &absent(), at(AS_OF));
        let nobody = outcome.findings.iter().filter(|f| f.code.ends_with("_seller"));
        nobody.map(|f| (f.code.clone(), f.severity, f.message.en.replace('\u{a0}', " "))).collect::<Vec<_>>()
    };
    let all = found(&facts);
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all[1].2.contains("“Сидоров”") && all[1].2.contains("2 documents for 2,000.00"), "{all:?}");
    assert!(all.iter().all(|f| f.1 == Severity::Warn));
    facts.roster.people[1].aliases[0].until = None;
    assert!(found(&facts).iter().any(|f| f.0 == "ambiguous_seller" && f.2.contains("“Ваня”")));
}

#[test]
fn a_base_that_the_file_does_not_have_holds_once_per_file() {
    for base in [BonusBase::WithoutVat, BonusBase::Margin, BonusBase::Column] {
        let mut facts = world();
        let mut sales = facts.sales.clone();
        sales.push(sale("2", "2026-11-06", "P0", "Иванов И.И.", "1000.00"));
        set_sales(&mut facts, sales);
        facts.policy.versions[0].bonus.base = base;
        let outcome = conclude(&facts, &absent(), at(AS_OF));
        let held: Vec<_> = outcome.findings.iter().filter(|f| f.holds()).collect();
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].code, "bonus_base_absent");
        assert!(held[0].message.ru.contains("документов: 2"), "{}", held[0].message.ru);
    }
    // A column of the file is taken as it stands.
    let mut facts = world();
    facts.policy.versions[0].bonus.base = BonusBase::Column;
    facts.sales[0].bonus = Some(rub("300.01"));
    assert_eq!(conclude(&facts, &absent(), at(AS_OF)).wanted[0].amount, rub("-150.01"));
    // Without an amount there is no money, whatever the column says.
    facts.sales[0].amount = rub("0");
    let outcome = conclude(&facts, &absent(), at(AS_OF));
    assert_eq!((outcome.sales[0].status, outcome.wanted.len()), (Status::Missing, 0));
}

#[test]
fn reductions_without_a_limit_are_pointed_out() {
    let warned = |facts: &sverka::domain::facts::Facts| {
        conclude(facts, &absent(), at(AS_OF)).findings.iter().any(|f| f.code == "cap_absent")
    };
    let mut facts = world();
    assert!(warned(&facts));
    facts.policy.versions[0] = version("2026-1", "2026-10-01", vec![missing(5_000, 0), super::world::cap(2_000)]);
    assert!(!warned(&facts));
}
