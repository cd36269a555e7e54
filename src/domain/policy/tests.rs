//! Which version, rate and step hold, and whom a rule concerns, each at both sides of its edge. Deliberately absent: what
//! follows from them in kopecks (the laws of money).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    super::{org::EmployeeId, text::Lang},
    *,
};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn person(department: &str) -> Employee {
    Employee {
        id: EmployeeId("0001".into()),
        name: "Иванов И.И.".into(),
        aliases: vec![],
        email: String::new(),
        department: department.into(),
        roles: BTreeSet::new(),
        hired: None,
        left: None,
        groups: BTreeSet::new(),
        lang: Lang::Ru,
        deputy: None,
    }
}

fn version(id: &str, from: &str) -> PolicyVersion {
    PolicyVersion {
        id: id.into(),
        title: String::new(),
        effective_from: day(from),
        grace_working_days: 3,
        bonus: BonusTerms::flat(BonusBase::WithVat, Rate::from_bp(125)),
        exempt: vec![],
        segments: vec![],
        profiles: vec![],
        rules: vec![],
        disputes: DisputeTerms::default(),
    }
}

#[test]
fn a_version_holds_from_its_first_day_until_the_day_before_the_next() {
    let policy = Policy { versions: vec![version("a", "2026-10-01"), version("b", "2026-11-15")] };
    let found = |date: &str| policy.as_of(day(date)).map(|v| v.id.as_str());
    assert_eq!(
        ["2026-09-30", "2026-10-01", "2026-11-14", "2026-11-15", "2027-01-01"].map(found),
        [None, Some("a"), Some("a"), Some("b"), Some("b")]
    );
}

#[test]
fn a_department_has_its_own_rate_and_everybody_else_the_common_one() {
    let flat = BonusTerms::flat(BonusBase::Margin, Rate::from_bp(125));
    assert_eq!((flat.base, flat.rate, flat.plan_base), (BonusBase::Margin, Rate::from_bp(125), BonusBase::WithVat));
    let terms = BonusTerms { department_rates: vec![("Опт".into(), Rate::from_bp(50))], ..flat };
    assert_eq!(["Опт", "Розница", ""].map(|own| terms.rate_for(&person(own)).bp()), [50, 125, 125]);
}

#[test]
fn tiers_are_those_of_the_department_else_the_common_ones_unless_it_has_a_flat_rate() {
    let tiers = |department: Option<&str>, bp| Tiers {
        department: department.map(str::to_owned),
        steps: vec![Tier { from: Rate::ZERO, rate: Rate::from_bp(bp) }],
    };
    let mut terms = BonusTerms::flat(BonusBase::WithVat, Rate::from_bp(125));
    assert_eq!(terms.tiers_for(&person("Опт")), None);
    terms.department_rates = vec![("Розница".into(), Rate::from_bp(50))];
    terms.tiers = vec![tiers(Some("Опт"), 1), tiers(None, 2)];
    let found =
        |terms: &BonusTerms, own: &str| terms.tiers_for(&person(own)).and_then(|t| t.rate_at(Rate::ZERO)).map(Rate::bp);
    assert_eq!(["Опт", "Розница", "Сервис", ""].map(|own| found(&terms, own)), [Some(1), None, Some(2), Some(2)]);
    // Tiers of one department are nobody else's.
    terms.tiers.truncate(1);
    assert_eq!(["Опт", "Сервис"].map(|own| found(&terms, own)), [Some(1), None]);
}

#[test]
fn a_step_holds_from_its_own_basis_point_on_and_below_the_first_the_first_holds() {
    let step = |from, rate| Tier { from: Rate::from_bp(from), rate: Rate::from_bp(rate) };
    let tiers = Tiers { department: None, steps: vec![step(0, 100), step(10_000, 200), step(12_000, 300)] };
    for (attained, rate) in [(-1, 100), (0, 100), (9_999, 100), (10_000, 200), (11_999, 200), (12_000, 300)] {
        assert_eq!(tiers.rate_at(Rate::from_bp(attained)), Some(Rate::from_bp(rate)), "{attained}");
    }
    assert_eq!(Tiers { department: None, steps: vec![] }.rate_at(Rate::WHOLE), None);
}

#[test]
fn a_scope_asks_for_all_that_it_names_and_for_nothing_else() {
    let mut own = person("Опт");
    own.groups = ["pilot".to_owned(), "north".to_owned()].into();
    own.hired = Some(day("2026-10-05"));
    let scope = Scope {
        departments: ["Опт".to_owned(), "Розница".to_owned()].into(),
        groups: ["pilot".to_owned()].into(),
        hired_from: Some(day("2026-10-05")),
        ..Scope::default()
    };
    assert!(Scope::default().covers_employee(&own) && Scope::default().covers_employee(&person("")));
    assert!(scope.covers_employee(&own));
    let spoilt: [fn(&mut Employee); 4] = [
        |e| e.department = "Сервис".into(),
        |e| e.groups = ["north".to_owned()].into(),
        |e| e.hired = Some(day("2026-10-04")),
        |e| e.hired = None,
    ];
    for (at, spoil) in spoilt.iter().enumerate() {
        let mut other = own.clone();
        spoil(&mut other);
        assert!(!scope.covers_employee(&other), "{at}");
        assert!(Scope::default().covers_employee(&other), "{at}");
    }
}

#[test]
fn a_scope_over_sales_looks_at_segment_and_size_of_sale_and_return_alike() {
    let m = Money::from_kopecks;
    assert!(Scope::default().covers_sale("vip", Money::ZERO));
    let least = Scope { min_amount: Some(m(100)), ..Scope::default() };
    assert_eq!([99, 100, 101, -99, -100].map(|sum| least.covers_sale("all", m(sum))), [false, true, true, false, true]);
    let vip = Scope { segments: ["vip".to_owned()].into(), ..least };
    assert!(vip.covers_sale("vip", m(100)));
    assert!(!vip.covers_sale("all", m(100)) && !vip.covers_sale("vip", m(99)) && !vip.covers_sale("all", m(99)));
}

#[test]
fn every_kind_has_the_word_of_the_policy_file_and_says_whether_it_scores_cards() {
    let contest = |by| RuleKind::Contest { by, prizes: vec![] };
    let missing = RuleKind::MissingCounterparty { missing: Rate::ZERO, late: Rate::ZERO, exclude_from_kpi: false };
    let calls = RuleKind::CallRecording { min_seconds: 0, match_minutes: 0, per_recorded: Money::ZERO, bands: vec![] };
    for (kind, code, cards) in [
        (missing, "missing_counterparty", false),
        (RuleKind::Completeness { bands: vec![] }, "completeness", true),
        (RuleKind::Freshness { fresh_days: 1, bands: vec![] }, "freshness", true),
        (RuleKind::DealApproval { escalate_working_days: 1 }, "deal_approval", false),
        (calls, "call_recording", false),
        (contest(ContestBy::CardScore), "contest", true),
        (contest(ContestBy::Streak), "contest", false),
        (contest(ContestBy::Votes), "contest", false),
        (RuleKind::Cap { cap: Rate::WHOLE }, "cap", false),
    ] {
        assert_eq!((kind.code(), kind.needs_cards()), (code, cards));
    }
    let words = [ContestBy::CardScore, ContestBy::Streak, ContestBy::Votes].map(ContestBy::code);
    assert_eq!(words, ["card_score", "streak", "votes"]);
}
