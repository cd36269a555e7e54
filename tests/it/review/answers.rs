//! Filled rows become decisions, or are refused in words.

use std::collections::BTreeSet;

use sverka::domain::{
    crm::KnownRecord,
    party::{Counterparty, PartyKey},
    review::{
        answers::{Against, Plan, plan},
        sheet::{Filled, Made, of_party, of_record},
    },
    verdict::{Decision, DecisionKind},
};

use super::{A, B, C, at, id, said};
use crate::matching::{buyers, company};

/// Two different buyers and one without a number.
fn parties() -> Vec<Counterparty> {
    buyers(&[("ООО Гефест-Техно", A, ""), ("ООО Гефест-Техно", B, ""), ("Лютик", "", "")])
}

fn records() -> Vec<KnownRecord> {
    vec![company("1", "Гефест-Техно", "", ""), company("2", "Гефест Техно", C, "")]
}

/// The row that an export wrote for a counterparty, filled in.
fn row(number: u32, party: &Counterparty, answer: &str) -> Filled {
    let candidates = records().iter().map(|r| (r.record.id.clone(), of_record(r))).collect();
    let made =
        Made { party: party.key.0.clone(), fingerprint: of_party(party), candidates, at_ms: at(5).timestamp_millis() };
    Filled {
        row: number,
        made: made.cell(),
        key: party.key.0.clone(),
        answer: answer.into(),
        other: String::new(),
        note: "звонила".into(),
    }
}

fn planned(rows: &[Filled], now: (&[Counterparty], &[KnownRecord]), decisions: &[Decision], known: &[&str]) -> Plan {
    planned_after(rows, now, decisions, known, &[])
}

fn planned_after(
    rows: &[Filled],
    now: (&[Counterparty], &[KnownRecord]),
    decisions: &[Decision],
    known: &[&str],
    undone: &[(Decision, chrono::DateTime<chrono::Utc>)],
) -> Plan {
    let recorded: BTreeSet<String> = known.iter().map(|id| (*id).to_owned()).collect();
    let against = Against {
        parties: now.0,
        records: now.1,
        decisions,
        recorded: &recorded,
        undone,
        now: at(9),
        author: "Громова",
    };
    plan(rows, against)
}

fn kinds(plan: &Plan) -> Vec<(u32, Vec<DecisionKind>)> {
    plan.apply.iter().map(|(row, list)| (*row, list.iter().map(|d| d.kind.clone()).collect())).collect()
}

fn why(plan: &Plan, row: u32) -> &str {
    plan.refused.iter().find(|(r, _)| *r == row).map_or_else(|| panic!("{plan:?}"), |(_, text)| text.ru.as_str())
}

#[test]
fn each_answer_is_understood_however_it_is_typed() {
    let (parties, records) = (parties(), records());
    let p = &parties[0];
    let other = parties[2].key.clone();
    let cases: [(&str, &str, Vec<DecisionKind>); 9] = [
        ("да, кандидат 1", "", vec![DecisionKind::Confirm(id("1"))]),
        ("ДА 2", "", vec![DecisionKind::Confirm(id("2"))]),
        ("Yes, candidate 2", "", vec![DecisionKind::Confirm(id("2"))]),
        ("Нет в CRM.", "", vec![DecisionKind::Reject(id("1")), DecisionKind::Reject(id("2"))]),
        ("not in the CRM", "", vec![DecisionKind::Reject(id("1")), DecisionKind::Reject(id("2"))]),
        ("не клиент", "", vec![DecisionKind::Exempt]),
        ("то же, что …", "лютик", vec![DecisionKind::Same(other.clone())]),
        ("то же, что «лютик»", "", vec![DecisionKind::Same(other.clone())]),
        ("same as лютик", "", vec![DecisionKind::Same(other)]),
    ];
    for (answer, other, wanted) in cases {
        let filled = Filled { other: other.into(), ..row(2, p, answer) };
        let plan = planned(&[filled], (&parties, &records), &[], &[]);
        assert_eq!(kinds(&plan), [(2, wanted)], "{answer}: {plan:?}");
        let decision = &plan.apply[0].1[0];
        assert_eq!((decision.author.as_str(), decision.at, decision.note.as_str()), ("Громова", at(9), "звонила"));
        assert_eq!(decision.party, p.key);
    }
}

#[test]
fn an_empty_row_is_left_alone_and_nonsense_is_refused_by_row() {
    let (parties, records) = (parties(), records());
    let p = &parties[0];
    let mut rows: Vec<Filled> = ["", "  ", "да", "да, кандидат 3", "может быть", "то же, что …", "то же, что никто"]
        .iter()
        .zip(2..)
        .map(|(answer, number)| row(number, p, answer))
        .collect();
    rows.push(Filled { other: p.key.0.clone(), ..row(9, p, "то же, что") });
    rows.push(Filled { made: "{".into(), ..row(10, p, "не клиент") });
    rows.push(Filled { key: parties[1].key.0.clone(), ..row(11, p, "не клиент") });
    let plan = planned(&rows, (&parties, &records), &[], &[]);
    assert_eq!((plan.empty, plan.apply.len(), plan.refused.len()), (2, 0, 8), "{plan:?}");
    for (number, words) in [
        (4, "какой кандидат"),
        (5, "какой кандидат"),
        (6, "выберите из списка"),
        (7, "впишите ключ"),
        (8, "«никто» нет"),
        (9, "что он сам"),
        (10, "ячейка строки повреждена"),
        (11, "сортировали по частям"),
    ] {
        assert!(why(&plan, number).contains(words), "{number}: {}", why(&plan, number));
    }
}

#[test]
fn importing_twice_records_nothing_twice() {
    let (parties, records) = (parties(), records());
    let rows = [
        row(2, &parties[0], "да, кандидат 1"),
        row(3, &parties[0], "да, кандидат 1"),
        row(4, &parties[1], "не клиент"),
    ];
    let first = planned(&rows, (&parties, &records), &[], &[]);
    assert_eq!((first.apply.len(), first.unchanged.as_slice()), (2, &[3][..]), "{first:?}");
    let made: Vec<Decision> = first.apply.iter().flat_map(|(_, list)| list.clone()).collect();
    let ids: Vec<&str> = made.iter().map(|d| d.id.as_str()).collect();
    let second = planned(&rows, (&parties, &records), &made, &ids);
    assert_eq!((second.apply.len(), second.unchanged.len(), second.refused.len()), (0, 3, 0), "{second:?}");
    // Taken back since: the same file does not bring it back.
    let undone = planned(&rows, (&parties, &records), &[], &ids);
    assert_eq!((undone.apply.len(), undone.unchanged.len()), (0, 3), "{undone:?}");
    // Said on the command line meanwhile.
    let by_hand = [said(1, &parties[0].key.0, DecisionKind::Confirm(id("1")))];
    let plan = planned(&rows[..1], (&parties, &records), &by_hand, &["d1"]);
    assert_eq!(plan.unchanged, [2]);
}

#[test]
fn what_changed_or_vanished_since_is_not_applied() {
    let (parties, was) = (parties(), records());
    let rows = [
        row(2, &parties[0], "да, кандидат 1"),
        row(3, &parties[1], "да, кандидат 2"),
        row(4, &parties[2], "нет в CRM"),
    ];
    let mut changed = was.clone();
    changed[0].record.title = "Василёк".into();
    changed[1].gone = true;
    let plan = planned(&rows, (&parties, &changed), &[], &[]);
    assert!(why(&plan, 2).contains("кандидат 1 (crm:company:1) с тех пор изменился (теперь «Василёк»"), "{plan:?}");
    assert!(why(&plan, 3).contains("кандидата 2 (crm:company:2) больше нет в CRM"), "{plan:?}");
    assert!(why(&plan, 4).contains("изменился"), "{plan:?}");
    // A record that is no more needs no rejection; the others do.
    let mut gone = was.clone();
    gone[1].gone = true;
    let plan = planned(&rows[2..], (&parties, &gone), &[], &[]);
    assert_eq!(kinds(&plan), [(4, vec![DecisionKind::Reject(id("1"))])]);
    // The counterparty itself.
    let now = buyers(&[("ООО Гефест-Техно", A, "770701001")]);
    let plan = planned(&rows[..1], (&now, &was), &[], &[]);
    assert!(why(&plan, 2).contains("больше нет; выгрузите очередь заново"), "{plan:?}");
    let mut other = parties;
    other[0].inns = other[1].inns.clone();
    let plan = planned(&rows[..1], (&other, &was), &[], &[]);
    assert!(why(&plan, 2).contains("ИНН контрагента с тех пор изменился"), "{plan:?}");
}

#[test]
fn contradictions_are_refused_by_row() {
    let (parties, records) = (parties(), records());
    let now = (&parties[..], &records[..]);
    let twice =
        [row(2, &parties[0], "да, кандидат 1"), row(5, &parties[0], "не клиент"), row(6, &parties[2], "не клиент")];
    let plan = planned(&twice, now, &[], &[]);
    assert_eq!(kinds(&plan), [(6, vec![DecisionKind::Exempt])]);
    assert!(why(&plan, 2).contains("противоречит строке 5") && why(&plan, 5).contains("противоречит строке 2"));
    let both = [row(2, &parties[0], "да, кандидат 1"), row(3, &parties[1], "да, кандидат 1")];
    let plan = planned(&both, now, &[], &[]);
    assert!(plan.apply.is_empty() && why(&plan, 3).contains("та же карточка выбрана"), "{plan:?}");

    let a = parties[0].key.0.as_str();
    let in_force = |kind| [said(1, a, kind)];
    for (decided, answer) in [
        (DecisionKind::Confirm(id("2")), "да, кандидат 1"),
        (DecisionKind::Confirm(id("2")), "нет в CRM"),
        (DecisionKind::Confirm(id("2")), "не клиент"),
        (DecisionKind::Reject(id("1")), "да, кандидат 1"),
        (DecisionKind::Exempt, "да, кандидат 1"),
    ] {
        let plan = planned(&[row(2, &parties[0], answer)], now, &in_force(decided.clone()), &["d1"]);
        assert!(why(&plan, 2).contains("уже решено иначе (решение d1, Петрова)"), "{decided:?} {answer}: {plan:?}");
    }
    let taken = [said(1, a, DecisionKind::Confirm(id("1")))];
    let plan = planned(&[row(2, &parties[1], "да, кандидат 1")], now, &taken, &["d1"]);
    assert!(why(&plan, 2).contains("уже подтверждена за «ООО Гефест-Техно» (решение d1)"), "{plan:?}");
    // Declared one company, they may share it.
    let same = [taken[0].clone(), said(2, a, DecisionKind::Same(PartyKey(parties[1].key.0.clone())))];
    let plan = planned(&[row(2, &parties[1], "да, кандидат 1")], now, &same, &["d1", "d2"]);
    assert_eq!(plan.apply.len(), 1, "{plan:?}");
}

#[test]
fn what_was_undone_since_the_export_is_not_said_again_unawares() {
    let (parties, records) = (parties(), records());
    let now = (&parties[..], &records[..]);
    let rows = [row(2, &parties[0], "да, кандидат 1")];
    let by_hand = said(1, &parties[0].key.0, DecisionKind::Confirm(id("1")));
    let plan = planned_after(&rows, now, &[], &["d1"], &[(by_hand.clone(), at(6))]);
    assert!(why(&plan, 2).contains("отменён после выгрузки таблицы (решение d1)"), "{plan:?}");
    // A workbook made after that may say it again.
    let plan = planned_after(&rows, now, &[], &["d1"], &[(by_hand, at(4))]);
    assert_eq!(plan.apply.len(), 1, "{plan:?}");
}
