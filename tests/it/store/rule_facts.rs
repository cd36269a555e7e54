//! Calls, plans, heads' words on deals, votes, and how cards changed: both engines say the same in whatever order it comes.

use chrono::{DateTime, Utc};
use sverka::{
    domain::{
        crm::CrmKind,
        finding::SourceRef,
        ledger::EntryKind,
        money::Money,
        org::EmployeeId,
        rule_facts::{CallLeg, DealDecision, Plan, Vote},
        sale::SaleKey,
    },
    store::{Db, StoreError},
};

use super::{
    each_engine, posting, raw,
    samples::{at, company, entry, month, snapshot},
};

each_engine!(
    words_on_deals_are_kept_in_order_and_never_change,
    the_last_vote_of_a_member_counts,
    of_two_files_the_later_one_tells_calls_and_plans,
    more_calls_than_one_statement_takes,
    the_history_of_a_card_is_read_back,
    the_ledger_takes_deferrals_and_keeps_its_guards,
    entries_and_files_of_an_older_database_are_carried_over,
);

fn word(id: &str, minute: i64, returned: Option<&str>) -> DealDecision {
    DealDecision {
        id: id.into(),
        at: at(minute),
        author: EmployeeId("0007".into()),
        sale: SaleKey("ООО|0000-000001|2026".into()),
        amount: Money::from_kopecks(i64::MAX),
        returned: returned.map(str::to_owned),
    }
}

async fn words_on_deals_are_kept_in_order_and_never_change(db: Db) {
    let all = [word("b", 1, Some("нет акта")), word("a", 2, None), word("c", 2, None)];
    let mut tx = db.begin().await.unwrap();
    for each in all.iter().rev() {
        tx.add_deal_decision(each).await.unwrap();
    }
    assert_eq!(tx.deal_decisions().await.unwrap(), all);
    let twice = tx.add_deal_decision(&all[0]).await.unwrap_err();
    assert!(matches!(twice, StoreError::Duplicate(_)), "{twice:?}");
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    tx.add_deal_decision(&all[0]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(raw(&db, "UPDATE deal_decision SET amount = 1").await.is_err());
    assert!(raw(&db, "DELETE FROM deal_decision").await.is_err());
    // A return without a reason is refused by the schema too.
    let mut tx = db.begin().await.unwrap();
    assert!(tx.add_deal_decision(&word("d", 3, Some(""))).await.is_err());
}

fn vote(juror: &str, employee: &str) -> Vote {
    let (juror, employee) = (EmployeeId(juror.into()), EmployeeId(employee.into()));
    Vote { period: month(10), rule: "contest".into(), juror, employee }
}

async fn the_last_vote_of_a_member_counts(db: Db) {
    let mut tx = db.begin().await.unwrap();
    for (id, minute, own) in [("2", 2, vote("j1", "b")), ("1", 1, vote("j1", "a")), ("3", 1, vote("j2", "a"))] {
        tx.add_vote(id, &own, "petrova", at(minute)).await.unwrap();
    }
    assert_eq!(tx.votes().await.unwrap(), [vote("j1", "b"), vote("j2", "a")]);
    tx.commit().await.unwrap();
    assert!(raw(&db, "UPDATE vote SET employee = 'c'").await.is_err());
    let mut tx = db.begin().await.unwrap();
    assert!(tx.add_vote("4", &vote("x", "x"), "petrova", at(3)).await.is_err(), "nobody votes for himself");
}

fn leg(linked: &str, minute: i64, seconds: u32, file: &str) -> CallLeg {
    CallLeg {
        source: "calls".into(),
        linked_id: linked.into(),
        number: "+7 916 000-11-22".into(),
        employee: "Орлов".into(),
        started_at: at(minute),
        seconds,
        result: "answered".into(),
        file_hash: file.into(),
        place: SourceRef { file: "calls.csv".into(), sheet: "Лист".into(), row: 3, column: "".into() },
    }
}

fn plan(month_number: u32, kopecks: i64, file: &str) -> Plan {
    let source = SourceRef { file: "plans.xlsx".into(), sheet: "Лист".into(), row: 2, column: "".into() };
    let (employee, amount) = (EmployeeId("0101".into()), Money::from_kopecks(kopecks));
    Plan { employee, period: month(month_number), amount, file_hash: file.into(), source }
}

async fn of_two_files_the_later_one_tells_calls_and_plans(db: Db) {
    let told: [(DateTime<Utc>, u32, i64, &str); 3] =
        [(at(10), 7, 700, "aa"), (at(30), 9, 900, "bb"), (at(20), 8, 800, "cc")];
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0]] {
        let mut tx = db.begin().await.unwrap();
        for (when, seconds, sum, file) in order.map(|i| told[i]) {
            tx.put_calls(&[leg("a", 1, seconds, file), leg("b", 2, 5, file)], when).await.unwrap();
            tx.put_plan(&plan(10, sum, file), when).await.unwrap();
        }
        assert_eq!(tx.calls_since(at(0)).await.unwrap(), [leg("a", 1, 9, "bb"), leg("b", 2, 5, "bb")]);
        assert_eq!(tx.calls_since(at(2)).await.unwrap(), [leg("b", 2, 5, "bb")]);
        assert_eq!(tx.plans().await.unwrap(), [plan(10, 900, "bb")]);
    }
    // Two files of one instant: the same one wins from either side.
    for files in [["dd", "ee"], ["ee", "dd"]] {
        let mut tx = db.begin().await.unwrap();
        for file in files {
            tx.put_calls(&[leg("a", 1, u32::from(file == "ee"), file)], at(40)).await.unwrap();
            tx.put_plan(&plan(11, i64::from(file == "ee"), file), at(40)).await.unwrap();
        }
        assert_eq!(tx.calls_since(at(0)).await.unwrap()[0], leg("a", 1, 1, "ee"));
        assert_eq!(tx.plans().await.unwrap(), [plan(11, 1, "ee")]);
    }
}

async fn more_calls_than_one_statement_takes(db: Db) {
    // One leg stands twice in the file: the longer one counts.
    let mut legs: Vec<CallLeg> = (0..5_000).map(|n| leg(&format!("{n:05}"), n, 1, "aa")).collect();
    legs.push(leg("00007", 7, 4, "aa"));
    let mut tx = db.begin().await.unwrap();
    tx.put_calls(&legs, at(1)).await.unwrap();
    let read = tx.calls_since(at(0)).await.unwrap();
    assert_eq!((read.len(), read[7].seconds, read[8].seconds), (5_000, 4, 1));
}

async fn the_history_of_a_card_is_read_back(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let mut changed = company("1", None);
    tx.accept_snapshot(&snapshot(at(10), vec![changed.clone(), company("2", None)]), at(10)).await.unwrap();
    changed.phone = "+7 495 765-43-21".into();
    tx.accept_snapshot(&snapshot(at(20), vec![changed.clone()]), at(20)).await.unwrap();
    let history = tx.card_history(at(30)).await.unwrap();
    let seen: Vec<_> = history.iter().map(|v| (v.id.id.as_str(), v.seen_at, v.record.is_some())).collect();
    assert_eq!(seen, [("1", at(10), true), ("1", at(20), true), ("2", at(10), true), ("2", at(20), false)]);
    assert_eq!(history[1].record.as_ref().map(|r| r.phone.as_str()), Some("+7 495 765-43-21"));
    assert!(history.iter().all(|v| v.id.kind == CrmKind::Company));
    assert_eq!(tx.card_history(at(19)).await.unwrap().len(), 2);
    let instants = tx.snapshot_instants(at(30)).await.unwrap();
    assert_eq!(instants.into_values().collect::<Vec<_>>(), [vec![at(10), at(20)]]);
}

async fn the_ledger_takes_deferrals_and_keeps_its_guards(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let mut waits = entry("s", -500);
    waits.kind = EntryKind::Deferral;
    posting::post(&mut tx, &[waits], "run", at(0), 0, |_, _| "h".into()).await.unwrap();
    assert_eq!(tx.posted().await.unwrap()[0].kind, EntryKind::Deferral);
    tx.commit().await.unwrap();
    assert!(raw(&db, "UPDATE ledger_entry SET amount = 1").await.is_err());
    assert!(raw(&db, "DELETE FROM ledger_entry").await.is_err());
}

async fn entries_and_files_of_an_older_database_are_carried_over(db: Db) {
    // The tables as they were before the fourth migration.
    let before = include_str!("../../../migrations/0001_initial.sql");
    let table = |name: &str| {
        let from = before.find(&format!("CREATE TABLE {name} (")).unwrap();
        let end = from + before[from..].find(");\n").unwrap() + 2;
        before[from..end].to_owned()
    };
    for name in ["ledger_entry", "file", "deal_decision", "vote", "call_leg", "plan"] {
        raw(&db, &format!("DROP TABLE {name}")).await.unwrap();
    }
    for sql in [
        table("ledger_entry"),
        table("file"),
        "CREATE INDEX ledger_entry_pay ON ledger_entry (pay_period, employee)".to_owned(),
        "CREATE INDEX file_received ON file (received_ms)".to_owned(),
        "ALTER TABLE file ADD COLUMN grain TEXT NOT NULL DEFAULT 'documents'".to_owned(),
        "ALTER TABLE file ADD COLUMN full_of TEXT".to_owned(),
        format!(
            "INSERT INTO ledger_entry VALUES (1, 'e1', 5, 'run', '2026-11', '2026-10', '0007', 's', \
             'missing_counterparty', 'correction', -12345, '2026-1', '[]', '{}', 'p', 'h')",
            serde_json::to_string(&sverka::domain::ledger::Evidence::default()).unwrap()
        ),
        "INSERT INTO file VALUES ('aa', 'a.xlsx', 'accounting', 1, 2, 'accepted', 'sales', 3, '2026-10-01', '2026-10-31', \
         'ООО', '[]', 'turnovers', '[\"ООО\"]')"
            .to_owned(),
    ] {
        raw(&db, &sql).await.unwrap();
    }
    let migration = include_str!("../../../migrations/0004_rule_facts.sql");
    for sql in migration.split(";\n").filter(|s| !s.trim().is_empty()) {
        raw(&db, sql).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
    }
    let mut tx = db.begin().await.unwrap();
    let kept = tx.entry("1").await.unwrap().unwrap();
    assert_eq!(
        (kept.entry.amount.kopecks(), kept.entry.kind, kept.hash.as_str()),
        (-12_345, EntryKind::Correction, "h")
    );
    let file = tx.file("aa").await.unwrap().unwrap();
    assert_eq!((file.rows, file.grain.code(), file.full_of), (3, "turnovers", Some(vec!["ООО".to_owned()])));
    assert_eq!(file.span.map(|s| s.to.to_string()).as_deref(), Some("2026-10-31"));
    tx.commit().await.unwrap();
    db.migrate().await.unwrap();
    raw(&db, "DELETE FROM ledger_entry").await.unwrap_err();
}
