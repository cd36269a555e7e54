//! Every check at its levels. Deliberately absent: pipelines, stores.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::*;
use crate::domain::{
    calendar::{Calendar, Year},
    facts::SnapshotInfo,
    finding::SourceRef,
    inbox::{FileState, Grain, TableKind},
    ledger::{EntryKey, EntryKind, Evidence},
    money::Money,
    org::{EmployeeId, Roster},
    party::PartyKey,
    period::Period,
    policy::Policy,
    sale::{PartyRef, Sale, SaleKey},
    verdict::{AssessedSale, Status},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Friday evening; accounting and CRM of the same day.
struct World {
    facts: Facts,
    outcome: Outcome,
    entries: Vec<NewEntry>,
    history: Vec<Figures>,
    quarantined: Vec<FileRecord>,
    last_run: Option<DateTime<Utc>>,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
}

impl World {
    fn new() -> Self {
        let now = at("2026-11-20T14:00:00Z");
        let mut calendar = Calendar::default();
        calendar.insert(2026, Year::default());
        let facts = Facts {
            sales: vec![],
            parties: vec![],
            party_of: vec![],
            records: vec![],
            closing_records: BTreeMap::new(),
            snapshots: vec![SnapshotInfo {
                source: "bitrix".into(),
                as_of: at("2026-11-20T13:45:00Z"),
                hash: String::new(),
                records: 1_000,
                previous_records: Some(1_000),
            }],
            accounting_as_of: Some(at("2026-11-20T13:20:00Z")),
            decisions: vec![],
            waivers: vec![],
            roster: Roster::default(),
            calendar,
            policy: Policy::default(),
            acknowledgements: Vec::new(),
            rule_facts: crate::domain::rule_facts::RuleFacts::default(),
            tz: chrono_tz::Europe::Moscow,
            base_currency: "RUB".into(),
        };
        let mut world = Self {
            facts,
            outcome: Outcome::default(),
            entries: vec![],
            history: vec![],
            quarantined: vec![],
            last_run: Some(at("2026-11-19T14:00:00Z")),
            as_of: now,
            now,
        };
        for _ in 0..20 {
            world.sell("2026-11-10", Some("1"), Status::OnTime, 100_000);
        }
        world
    }

    fn sell(&mut self, date: &str, employee: Option<&str>, status: Status, kopecks: i64) {
        let number = self.facts.sales.len().to_string();
        let date: NaiveDate = date.parse().expect("a date");
        let key = SaleKey::new("Ф", &number, date);
        self.facts.sales.push(Sale {
            key: key.clone(),
            organisation: "Ф".into(),
            number,
            date,
            party: PartyRef::default(),
            manager: String::new(),
            amount: Money::from_kopecks(kopecks),
            net: None,
            margin: None,
            bonus: None,
            currency: "RUB".into(),
            returns: None,
            file_hash: String::new(),
            source: SourceRef::default(),
        });
        self.outcome.sales.push(AssessedSale {
            sale: key,
            employee: employee.map(|id| EmployeeId(id.into())),
            party: PartyKey(String::new()),
            segment: "all".into(),
            status,
            deadline: date,
            entered_at: None,
            remark: None,
        });
    }

    fn reduce(&mut self, employee: &str, kopecks: i64) {
        let period = Period::new(2026, 11).expect("a month");
        self.entries.push(NewEntry {
            key: EntryKey {
                belongs_to: period,
                employee: EmployeeId(employee.into()),
                subject: self.entries.len().to_string(),
                rule: "missing_counterparty".into(),
            },
            pay_period: period,
            kind: EntryKind::Reduction,
            amount: Money::from_kopecks(-kopecks),
            policy_version: String::new(),
            corrects: vec![],
            evidence: Evidence::default(),
        });
    }

    fn past(&mut self, employee: &str, kopecks: i64) {
        let mut figures = Figures { reductions: Money::from_kopecks(kopecks), ..Figures::default() };
        figures.employee_reductions.insert(EmployeeId(employee.into()), Money::from_kopecks(kopecks));
        self.history.push(figures);
    }

    fn judge(&self) -> Vec<Finding> {
        judge(&GateInput {
            facts: &self.facts,
            outcome: &self.outcome,
            entries: &self.entries,
            history: &self.history,
            quarantined: &self.quarantined,
            last_run: self.last_run,
            as_of: self.as_of,
            now: self.now,
            settings: GateSettings::default(),
        })
    }

    fn says(&self) -> Vec<(String, Severity)> {
        self.judge().into_iter().map(|f| (f.code, f.severity)).collect()
    }
}

fn one(code: &str, severity: Severity) -> Vec<(String, Severity)> {
    vec![(code.to_owned(), severity)]
}

#[test]
fn a_plain_friday_passes_in_silence() {
    assert_eq!(World::new().says(), vec![]);
}

#[test]
fn the_settings_of_the_example_config_read_as_the_defaults() {
    #[derive(serde::Deserialize)]
    struct File {
        gate: GateSettings,
    }
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/sverka.toml"));
    let file: File = toml::from_str(text).expect("the example config");
    assert_eq!(file.gate, GateSettings::default());
}

#[test]
fn crm_data_that_is_absent_empty_shrunk_or_old_is_stopped() {
    let mut world = World::new();
    world.facts.snapshots.clear();
    assert_eq!(world.says(), one("crm_absent", Severity::Hold));

    let mut world = World::new();
    world.facts.snapshots[0].records = 0;
    assert_eq!(world.says(), one("crm_empty", Severity::Hold));

    for (records, want) in [
        (970, vec![]),
        (969, one("crm_shrunk", Severity::Warn)),
        (900, one("crm_shrunk", Severity::Warn)),
        (899, one("crm_shrunk", Severity::Hold)),
        (1_500, vec![]),
    ] {
        let mut world = World::new();
        world.facts.snapshots[0].records = records;
        assert_eq!(world.says(), want, "{records}");
    }
    for (as_of, want) in [
        ("2026-11-19T02:00:00Z", vec![]),
        ("2026-11-19T01:59:59Z", one("crm_stale", Severity::Warn)),
        ("2026-11-16T14:00:00Z", one("crm_stale", Severity::Warn)),
        ("2026-11-16T13:59:59Z", one("crm_stale", Severity::Hold)),
    ] {
        let mut world = World::new();
        world.facts.snapshots[0].as_of = at(as_of);
        assert_eq!(world.says(), want, "{as_of}");
    }
}

#[test]
fn accounting_that_is_absent_or_old_is_stopped() {
    for (as_of, want) in [
        (None, one("accounting_absent", Severity::Hold)),
        (Some("2026-11-19T01:00:00Z"), one("accounting_stale", Severity::Warn)),
        (Some("2026-11-12T13:00:00Z"), one("accounting_stale", Severity::Hold)),
    ] {
        let mut world = World::new();
        world.facts.accounting_as_of = as_of.map(at);
        assert_eq!(world.says(), want);
    }
}

#[test]
fn clocks_that_disagree_are_stopped() {
    let mut world = World::new();
    world.last_run = Some(world.now + TimeDelta::minutes(5));
    assert_eq!(world.says(), vec![]);
    world.last_run = Some(world.now + TimeDelta::minutes(6));
    assert_eq!(world.says(), one("clock_before_last_run", Severity::Hold));
    world.last_run = None;
    world.facts.snapshots[0].as_of = world.now + TimeDelta::hours(1);
    assert_eq!(world.says(), one("crm_from_future", Severity::Hold));
}

#[test]
fn a_file_set_aside_and_a_hold_of_the_outcome_are_reasons() {
    let mut world = World::new();
    let reason = Finding::new(Severity::Hold, "total_mismatch", Text::same("Сумма не сходится."));
    world.quarantined.push(FileRecord {
        hash: String::new(),
        name: "Продажи.xlsx".into(),
        source: "accounting".into(),
        as_of: world.now,
        received_at: world.now,
        state: FileState::Quarantined,
        kind: TableKind::Sales,
        rows: 0,
        span: None,
        organisation: String::new(),
        grain: Grain::Documents,
        full_of: None,
        findings: vec![reason],
    });
    world.outcome.findings.push(Finding::new(Severity::Hold, "bonus_base_absent", Text::default()));
    world.outcome.findings.push(Finding::new(Severity::Warn, "cap_absent", Text::default()));
    let found = world.judge();
    let codes: Vec<&str> = found.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["file_quarantined", "bonus_base_absent"]);
    assert!(found[0].message.ru.contains("«Продажи.xlsx» отложен: Сумма не сходится."), "{}", found[0].message.ru);
}

#[test]
fn a_year_without_a_calendar_holds_and_the_next_one_is_asked_for_in_december() {
    let mut world = World::new();
    world.facts.calendar = Calendar::default();
    assert_eq!(world.says(), one("calendar_missing", Severity::Hold));
    let mut world = World::new();
    let shift = TimeDelta::days(14);
    world.as_of += shift;
    world.now += shift;
    world.facts.snapshots[0].as_of += shift;
    world.facts.accounting_as_of = world.facts.accounting_as_of.map(|at| at + shift);
    assert_eq!(world.says(), one("calendar_next_year", Severity::Warn));
}

#[test]
fn sellers_nobody_knows_count_by_their_share_of_the_recent_turnover() {
    // 20 sales of 1 000,00 with a seller.
    for (kopecks, want) in [
        (105_000, vec![]),
        (110_000, one("unknown_sellers", Severity::Warn)),
        (500_000, one("unknown_sellers", Severity::Warn)),
        (501_000, one("unknown_sellers", Severity::Hold)),
    ] {
        let mut world = World::new();
        world.sell("2026-11-11", None, Status::Missing, kopecks);
        assert_eq!(world.says(), want, "{kopecks}");
        // Years of clean history do not drown it.
        world.sell("2025-11-11", Some("1"), Status::OnTime, 900_000_000);
        assert_eq!(world.says(), want, "{kopecks} with history");
    }
    let mut world = World::new();
    world.sell("2026-11-11", None, Status::Exempt, 9_000_000);
    assert_eq!(world.says(), vec![], "nobody asks who sold at the till");
}

#[test]
fn the_first_three_runs_with_reductions_are_pointed_out_whatever_their_size() {
    for runs in 0..3 {
        let mut world = World::new();
        for _ in 0..runs {
            world.past("1", 10_000);
        }
        // A run without reductions is no yardstick.
        world.history.push(Figures::default());
        world.reduce("1", 9_999_999);
        assert_eq!(world.says(), one("reductions_first_runs", Severity::Warn), "{runs}");
    }
}

#[test]
fn reductions_are_measured_against_the_median_of_eight_runs() {
    // The median is 10 000, the lower of the two in the middle.
    for (kopecks, want) in
        [(15_000, None), (15_001, Some(Severity::Warn)), (30_000, Some(Severity::Warn)), (30_001, Some(Severity::Hold))]
    {
        let mut world = World::new();
        // Long ago it was more; only eight count.
        for _ in 0..9 {
            world.past("1", 1_000_000);
        }
        for past in [1, 10_000, 10_000, 10_001, 10_001, 20_000, 30_000, 10_000] {
            world.past("1", past);
        }
        world.reduce("1", kopecks - 5_000);
        world.reduce("1", 5_000);
        let found = world.says();
        let want: Vec<_> = want
            .into_iter()
            .flat_map(|level| {
                ["reductions_implausible", "employee_reductions_implausible"].map(|c| (c.to_owned(), level))
            })
            .collect();
        assert_eq!(found, want, "{kopecks}");
    }
}

#[test]
fn one_employee_may_not_hide_in_the_total() {
    let mut world = World::new();
    for _ in 0..4 {
        world.past("1", 100_000);
        let quiet = Money::from_kopecks(1_000);
        if let Some(last) = world.history.last_mut() {
            last.employee_reductions.insert(EmployeeId("2".into()), quiet);
        }
    }
    world.reduce("1", 100_000);
    world.reduce("2", 3_001);
    assert_eq!(world.says(), one("employee_reductions_implausible", Severity::Hold));
    // Somebody new is measured by the largest that anybody had.
    world.entries.pop();
    world.reduce("3", 20_000);
    assert_eq!(world.says(), vec![]);
}

#[test]
fn everybody_missing_at_once_is_the_feed() {
    let mut world = World::new();
    for sale in &mut world.outcome.sales {
        sale.status = Status::Missing;
    }
    assert_eq!(world.says(), vec![], "nothing would be posted");
    world.reduce("1", 100);
    assert_eq!(world.says()[0], ("nearly_all_missing".to_owned(), Severity::Hold));
    for sale in world.outcome.sales.iter_mut().take(3) {
        sale.status = Status::OnTime;
    }
    assert_eq!(world.says(), one("reductions_first_runs", Severity::Warn));
}

#[test]
fn figures_survive_the_store_and_an_older_program() {
    let mut world = World::new();
    world.reduce("1", 100);
    let own = figures(&world.facts, &world.outcome, &world.entries);
    assert_eq!(
        (own.sales, own.turnover, own.reductions),
        (20, Money::from_kopecks(2_000_000), Money::from_kopecks(100))
    );
    let text = serde_json::to_string(&own).expect("figures as JSON");
    assert_eq!(serde_json::from_str::<Figures>(&text).expect("figures"), own);
    assert_eq!(serde_json::from_str::<Figures>("{}").expect("figures"), Figures::default());
}
