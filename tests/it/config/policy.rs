//! The regulation: what a sound file becomes, and what is refused.

use sverka::domain::{
    money::{Money, Rate},
    policy::{Band, BonusBase, Premium, RuleKind},
};

use super::{Folder, day};

#[test]
fn the_sample_regulation_is_read_to_the_kopeck() {
    let config = Folder::new().load().expect("sound");
    let version = config.policy.as_of(day("2026-11-20")).expect("in force");
    assert_eq!((version.id.as_str(), version.grace_working_days), ("2026-1", 3));
    assert_eq!((version.bonus.base, version.bonus.rate), (BonusBase::WithoutVat, Rate::from_bp(300)));
    assert_eq!(version.profiles[0].fields.iter().map(|f| f.weight).sum::<u32>(), 10);
    assert_eq!(version.profiles[0].fields[0].field, "title");
    let kinds: Vec<&RuleKind> = version.rules.iter().map(|rule| &rule.kind).collect();
    let band = |from, to, rubles: i64| Band {
        from: Rate::from_bp(from),
        to: Rate::from_bp(to),
        premium: Premium::Fixed(Money::from_kopecks(rubles * 100)),
    };
    assert_eq!(
        kinds,
        [
            &RuleKind::MissingCounterparty {
                missing: Rate::from_bp(5_000),
                late: Rate::from_bp(1_000),
                exclude_from_kpi: true
            },
            &RuleKind::Completeness {
                bands: vec![band(0, 7_000, 0), band(7_000, 9_000, 1_500), band(9_000, 10_001, 3_000)]
            },
            &RuleKind::Cap { cap: Rate::from_bp(2_000) },
        ]
    );
}

/// Errors of the sample regulation in force (not shown only) with one change.
fn errors_with(from: &str, to: &str) -> Vec<String> {
    let folder = Folder::new();
    folder.change("policy.toml", "shadow = true", "shadow = false");
    assert_eq!(folder.errors(), Vec::<String>::new());
    folder.change("policy.toml", from, to);
    folder.errors()
}

#[test]
fn bands_must_cover_everything_once() {
    for (from, to, want) in [
        ("to = \"70 %\"", "to = \"69.5 %\"", "there is a gap between bands: 69.5 % to 70 %"),
        ("to = \"70 %\"", "to = \"71 %\"", "bands overlap: 70 % to 71 %"),
        ("from = \"0 %\"", "from = \"1 %\"", "there is a gap between bands: 0 % to 1 %"),
        ("to = \"100 %\"", "to = \"99.99 %\"", "the bands end at 99.99 %, not at 100 %"),
        ("to = \"100 %\"", "to = \"101 %\"", "the band ends above 100 %"),
    ] {
        assert_eq!(errors_with(from, to), [want], "{to}");
    }
}

#[test]
fn shares_and_limits_are_checked() {
    for (from, to, want) in [
        ("missing = \"50 %\"", "missing = \"100.01 %\"", "a share is between 0 % and 100 %"),
        ("missing = \"50 %\"", "missing = 0.5", "this is not a share"),
        ("missing = \"50 %\"", "missing = \"5 %\"", "being late reduces the bonus more than being missing"),
        ("cap = \"20 %\"", "cap = \"20.01 %\"", "a limit above 20 % needs a reason"),
        ("rate = \"3 %\"", "rate = \"3 %\"\nrate_bp = 300", "`rate` and `rate_bp` are the same, keep one"),
        ("fields = { title = 2,", "fields = { title = -1,", "weight -1: must be 1 to 1000"),
        ("segment = \"all\"", "segment = \"vip\"", "unknown segment “vip”"),
        ("kind = \"cap\"", "kind = \"cap\"\nid = \"completeness\"", "there is a rule “completeness” already"),
    ] {
        let errors = errors_with(from, to);
        assert_eq!(errors.first().map(String::as_str), Some(want), "{to}: {errors:?}");
    }
    assert_eq!(errors_with("cap = \"20 %\"", "cap_bp = 5000\ncap_reason = \"решение совета\""), Vec::<String>::new());
}

#[test]
fn a_reduction_without_a_limit_is_refused_also_for_one_department() {
    let folder = Folder::new();
    folder.change("policy.toml", "shadow = true", "shadow = false");
    folder.change("policy.toml", "kind = \"cap\"", "kind = \"cap\"\nshadow = true");
    assert_eq!(folder.errors(), ["nothing limits the reductions"]);
    let scoped = "cap = \"20 %\"\nscope = { departments = [\"Опт\"] }";
    assert_eq!(
        errors_with("cap = \"20 %\"", scoped),
        ["nothing limits the reductions of the employee Смирнова Ольга Юрьевна"]
    );
}

#[test]
fn two_rules_may_not_reduce_one_sale() {
    let second = |scope: &str| {
        format!(
            "cap = \"20 %\"\n\n[[version.rule]]\nkind = \"missing_counterparty\"\nid = \"strict\"\nmissing = \"100 %\"\nlate = \"0 %\"\nscope = {scope}\n"
        )
    };
    assert_eq!(
        errors_with("cap = \"20 %\"", &second("{ departments = [\"Опт\"] }")),
        ["together with “missing_counterparty” this rule acts twice on one employee (Иванов Пётр Ильич)"]
    );
    let shadowed = second("{ departments = [\"Опт\"] }\nshadow = true");
    assert_eq!(errors_with("cap = \"20 %\"", &shadowed), Vec::<String>::new());
}

#[test]
fn a_department_nobody_belongs_to_is_a_typing_error_now_and_a_remark_in_the_past() {
    let folder = Folder::new();
    let past = "\n[[version]]\nid = \"2025-1\"\ntitle = \"Прежняя\"\neffective_from = 2025-01-01\ngrace_working_days = 5\n\
                bonus = { base = \"margin\", rate = \"2 %\", department_rates = { \"Закрытый\" = \"1 %\" } }\n";
    folder.add("policy.toml", past);
    assert_eq!(folder.errors(), Vec::<String>::new());
    assert!(folder.messages().contains(&"warning: unknown department “Закрытый”".to_owned()));
    folder.change("policy.toml", "2025-01-01", "2027-01-01");
    assert_eq!(folder.errors(), ["unknown department “Закрытый”"]);
    let versions = {
        folder.change("policy.toml", "Закрытый", "Опт");
        folder.load().expect("sound").policy.versions
    };
    assert_eq!(versions.iter().map(|v| v.id.as_str()).collect::<Vec<_>>(), ["2026-1", "2025-1"]);
}
