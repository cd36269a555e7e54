//! What changed between versions: every setting that is touched is told at its clause, and nothing else is.

use sverka::domain::{
    money::{Money, Rate},
    policy::{Band, BonusBase, PolicyVersion, Premium, Profile, Requirement, RuleKind, Segment},
    regulation::diff::diff,
    text::Lang,
};

use super::plain;
use crate::app::day;

/// A change of a version, the clause that tells it, and a word of it.
type Edit = (fn(&mut PolicyVersion), &'static str, &'static str);

const EDITS: [Edit; 21] = [
    (|v| v.title.push('!'), "", "название"),
    (|v| v.effective_from = day("2027-01-01"), "1.3", "стало 01.01.2027"),
    (|v| v.bonus.rate = Rate::from_bp(450), "3.1", "было 3\u{a0}%, стало 4,5\u{a0}%"),
    (|v| v.bonus.base = BonusBase::Margin, "3.1", "маржа"),
    (|v| v.bonus.department_rates.push(("Опт".into(), Rate::from_bp(200))), "3.1", "«Опт»: добавлено, 2\u{a0}%"),
    (|v| v.grace_working_days = 5, "3.3", "стало до конца 5-го рабочего дня"),
    (|v| v.exempt[0].names.push("Банк".into()), "3.4", "Физическое лицо, Банк"),
    (|v| v.exempt.clear(), "3.4", "«Розница»: больше нет"),
    (
        |v| v.segments.push(Segment { name: "vip".into(), members: vec!["7707083893".into()], ..Segment::default() }),
        "3.5",
        "«vip»: добавлено",
    ),
    (|v| v.profiles[0].fields[0].weight = 7, "3.5", "«название» в карточке (all): было 2, стало 7"),
    (|v| v.profiles[0].fields.truncate(5), "3.5", "«ответственный» в карточке (all): больше нет"),
    (
        |v| {
            let fields = vec![Requirement { field: "Отрасль".into(), weight: 3 }];
            v.profiles.push(Profile { segment: "vip".into(), fields });
        },
        "3.5",
        "«Отрасль» в карточке (vip): добавлено, 3",
    ),
    (|v| v.rules[0].shadow = true, "4.1", "пробный режим: было нет, стало да"),
    (|v| v.rules[0].scope.departments.extend(["Опт".into()]), "4.1", "стало подразделения «Опт»"),
    (|v| v.rules[0].scope.groups.extend(["пилот".into()]), "4.1", "стало сотрудники групп «пилот»"),
    (|v| v.rules[0].scope.min_amount = Some(Money::from_kopecks(10_000_00)), "4.1", "продажи от 10\u{a0}000,00"),
    (|v| set(v, |missing, _, _| *missing = Rate::WHOLE), "4.1", "было 50\u{a0}%, стало 100\u{a0}%"),
    (|v| set(v, |_, late, _| *late = Rate::ZERO), "4.1", "позже срока: было 10\u{a0}%, стало 0\u{a0}%"),
    (|v| set(v, |_, _, kpi| *kpi = false), "4.1", "засчитывается в план: было нет, стало да"),
    (
        |v| {
            if let RuleKind::Completeness { bands } = &mut v.rules[1].kind {
                let (from, to) = (Rate::from_bp(9_000), Rate::from_bp(10_001));
                bands[2] = Band { from, to, premium: Premium::ShareOfBonus(Rate::from_bp(500)) };
            }
        },
        "4.2",
        "5\u{a0}% премии за период",
    ),
    (
        |v| {
            if let RuleKind::Cap { cap } = &mut v.rules[2].kind {
                *cap = Rate::from_bp(1_000);
            }
        },
        "4.3",
        "было 20\u{a0}%, стало 10\u{a0}%",
    ),
];

fn set(version: &mut PolicyVersion, edit: fn(&mut Rate, &mut Rate, &mut bool)) {
    if let RuleKind::MissingCounterparty { missing, late, exclude_from_kpi } = &mut version.rules[0].kind {
        edit(missing, late, exclude_from_kpi);
    }
}

#[test]
fn every_setting_that_is_touched_is_told_at_its_clause() {
    let (policy, _) = plain();
    let old = &policy.versions[0];
    assert_eq!(diff(old, old), []);
    for (at, (edit, clause, word)) in EDITS.iter().enumerate() {
        let mut new = old.clone();
        edit(&mut new);
        let found = diff(old, &new);
        let told: Vec<&str> = found.iter().filter(|c| c.clause == *clause).map(|c| c.text.get(Lang::Ru)).collect();
        assert!(told.iter().any(|t| t.contains(word)), "edit {at}: {found:?}");
        assert!(found.iter().all(|c| c.clause == *clause), "edit {at} tells more than it did: {found:?}");
        assert!(found.iter().all(|c| !c.text.en.is_empty() && c.text.en != c.text.ru), "edit {at}: {found:?}");
        assert!(!diff(&new, old).is_empty(), "edit {at} backwards");
    }
}

#[test]
fn rules_that_come_and_go_are_told_whole() {
    let (policy, _) = plain();
    let old = &policy.versions[0];
    let mut new = old.clone();
    new.rules.remove(1);
    let mut pilot = old.rules[0].clone();
    pilot.id = "pilot".to_owned();
    new.rules.push(pilot);
    let told = |lang| {
        let lines: Vec<String> =
            diff(old, &new).iter().map(|c| format!("{:<5}{}\n", c.clause, c.text.get(lang))).collect();
        lines.concat().replace('\u{a0}', " ")
    };
    insta::assert_snapshot!("rules_ru", told(Lang::Ru));
    insta::assert_snapshot!("rules_en", told(Lang::En));
}
