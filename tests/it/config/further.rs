//! Further rules in the regulation: what a sound file becomes, and every mistake at once with its place.

use sverka::domain::{
    money::{Money, Rate},
    policy::{Band, BonusBase, ContestBy, Premium, RuleKind, Tier, Turnover, TurnoverTake},
    text::Lang,
};

use super::{Folder, day};

const SOUND: &str = r#"
[[version]]
id = "2027-1"
title = "Следующая редакция"
effective_from = 2027-01-01
grace_working_days = 3

[version.bonus]
base = "margin"
rate = "3 %"
plan_base = "with_vat"
tiers = [{ from = "0 %", rate = "2 %" }, { from = "100 %", rate = "3 %" }, { from = "120 %", rate = "4.5 %" }]
department_tiers = { "Опт" = [{ from = "0 %", rate = "1 %" }] }

[[version.segment]]
name = "top"
turnover = { months = 12, top = 20 }

[[version.segment]]
name = "large"
turnover = { months = 12, at_least = "1000000.00" }

[[version.segment]]
name = "new"
new_months = 3

[[version.profile]]
segment = "all"
fields = { title = 1, phone = 2 }

[[version.profile]]
segment = "top"
extends = "all"
fields = { phone = 3, email = 1 }

[[version.rule]]
kind = "freshness"
requires_acknowledgement = true
fresh_days = 30
bands = [{ from = "0 %", to = "100 %", premium = "1 %" }]

[[version.rule]]
kind = "deal_approval"
scope = { segments = ["top", "new"], min_amount = "100000.00" }
escalate_working_days = 7

[[version.rule]]
kind = "call_recording"
min_seconds = 20
match_minutes = 30
per_recorded = "15.50"

[[version.rule]]
kind = "contest"
by = "streak"
prizes = ["5000.00", "3000", "1000.00"]
"#;

#[test]
fn further_rules_are_read_to_the_kopeck() {
    let folder = Folder::new();
    folder.add("policy.toml", SOUND);
    let policy = folder.load().expect("sound").policy;
    let version = policy.as_of(day("2027-02-01")).expect("in force");
    let step = |from, rate| Tier { from: Rate::from_bp(from), rate: Rate::from_bp(rate) };
    assert_eq!(version.bonus.plan_base, BonusBase::WithVat);
    assert_eq!(version.bonus.tiers[0].steps, [step(0, 200), step(10_000, 300), step(12_000, 450)]);
    assert_eq!(
        (version.bonus.tiers[1].department.as_deref(), &version.bonus.tiers[1].steps[..]),
        (Some("Опт"), &[step(0, 100)][..])
    );
    let turnovers: Vec<_> = version.segments.iter().map(|s| (s.turnover, s.new_months)).collect();
    assert_eq!(
        turnovers,
        [
            (Some(Turnover { months: 12, take: TurnoverTake::Top(20) }), None),
            (Some(Turnover { months: 12, take: TurnoverTake::AtLeast(Money::from_kopecks(100_000_000)) }), None),
            (None, Some(3)),
        ]
    );
    let fields: Vec<_> = version.profiles[1].fields.iter().map(|f| (f.field.as_str(), f.weight)).collect();
    assert_eq!(fields, [("phone", 3), ("email", 1), ("title", 1)]);
    let premium = Premium::ShareOfBonus(Rate::from_bp(100));
    let band = Band { from: Rate::ZERO, to: Rate::from_bp(10_001), premium };
    let rubles = |n: i64| Money::from_kopecks(n * 100);
    assert_eq!(
        version.rules.iter().map(|r| &r.kind).collect::<Vec<_>>(),
        [
            &RuleKind::Freshness { fresh_days: 30, bands: vec![band] },
            &RuleKind::DealApproval { escalate_working_days: 7 },
            &RuleKind::CallRecording {
                min_seconds: 20,
                match_minutes: 30,
                per_recorded: Money::from_kopecks(1_550),
                bands: vec![]
            },
            &RuleKind::Contest { by: ContestBy::Streak, prizes: vec![rubles(5_000), rubles(3_000), rubles(1_000)] },
        ]
    );
    assert_eq!(
        version.rules.iter().map(|r| r.requires_acknowledgement).collect::<Vec<_>>(),
        [true, false, false, false]
    );
}

fn broken() -> Folder {
    let folder = Folder::new();
    folder.put(
        "policy.toml",
        r#"[[version]]
id = "2026-1"
title = "Редакция"
effective_from = 2026-01-01
grace_working_days = 3

[version.bonus]
base = "column"
plan_base = "margn"
tiers = [{ from = "10 %", rate = "2 %" }, { from = "10 %", rate = "3 %" }, { from = "120 %", rate = "1 %" }]
department_tiers = { "Оптт" = [{ from = "0 %" }] }

[[version.segment]]
name = "top"
turnover = { months = 12, top = 20 }

[[version.segment]]
name = "narrow"
turnover = { months = 12, top = 5 }

[[version.segment]]
name = "both"
turnover = { months = 12, top = 5, at_least = "1.00" }

[[version.segment]]
name = "forever"
new_months = 100

[[version.profile]]
segment = "top"
extends = "all"
fields = { phone = 3 }

[[version.rule]]
kind = "freshness"
bands = [{ from = "0 %", to = "90 %", premium = "1 %" }]

[[version.rule]]
kind = "deal_approval"
scope = { segments = ["narrow"] }
escalate_working_days = 0

[[version.rule]]
kind = "deal_approval"
id = "second"
scope = { segments = ["narow"] }

[[version.rule]]
kind = "call_recording"
min_seconds = 20
match_minutes = 0
scope = { min_amount = "100.00" }

[[version.rule]]
kind = "contest"
by = "luck"
prizes = ["1000.00", "3000.00"]

[[version.rule]]
kind = "cap"
cap = "20 %"
requires_acknowledgement = true
"#,
    );
    folder
}

#[test]
fn every_mistake_of_further_rules_is_told_in_russian() {
    insta::assert_snapshot!(broken().complaints(Lang::Ru));
}

#[test]
fn every_mistake_of_further_rules_is_told_in_english() {
    insta::assert_snapshot!(broken().complaints(Lang::En));
}

#[test]
fn folders_of_calls_and_plans_must_not_lie_in_others() {
    let folder = Folder::new();
    folder.add(
        "sverka.toml",
        "[calls]\nfolders = [\"inbox/crm/calls\"]\ntimezone = \"Asia/Omsk\"\n[plans]\nfolders = [\"plans\"]\n",
    );
    let errors = folder.errors();
    assert!(errors.len() == 1 && errors[0].starts_with("folders overlap"), "{errors:?}");
    folder.change("sverka.toml", "inbox/crm/calls", "inbox/calls");
    let config = folder.load().expect("sound");
    assert_eq!(config.calls.tz, chrono_tz::Asia::Omsk);
    assert_eq!(config.plans.folders, [folder.path().join("plans")]);
}
