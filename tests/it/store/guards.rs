//! What is written once cannot be changed past the store either.

use sverka::{
    domain::{
        party::PartyKey,
        run::{Hold, HoldSubject},
        verdict::{Decision, DecisionKind},
    },
    store::{Db, StatementRecord},
};

use super::{
    each_engine, posting, raw,
    samples::{at, company, entry, finding, mail, month, sale, snapshot},
};

each_engine!(
    append_only_tables_refuse_changes,
    a_frozen_mail_keeps_its_bytes,
    a_ledger_entry_cannot_be_replaced,
    a_dropped_guard_comes_back_with_the_next_start,
);

/// One row in every guarded table.
async fn fill(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    tx.insert_sales(&[sale(1)], at(0)).await.unwrap();
    tx.put_cards(&[sverka::domain::sale::PartyCard::default()], at(0)).await.unwrap();
    tx.accept_snapshot(&snapshot(at(0), vec![company("1", None)]), at(0)).await.unwrap();
    let party = PartyKey("1".into());
    let (author, note) = (String::from("a"), String::new());
    let decision = Decision { id: "d".into(), at: at(0), author, party, kind: DecisionKind::Exempt, note };
    tx.add_decision(&decision).await.unwrap();
    tx.undo_decision("d", "b", at(1), "").await.unwrap();
    tx.add_acknowledgement(&super::acknowledgements::record("g", "0101", "2026-1", 1)).await.unwrap();
    tx.undo_acknowledgement("g", "b", at(1), "").await.unwrap();
    posting::post(&mut tx, &[entry("s", -1)], "run", at(0), 0, |_, _| "h".into()).await.unwrap();
    tx.close_period(month(10), at(0), "run", at(0)).await.unwrap();
    let statement = StatementRecord {
        number: "2026-11/1".into(),
        pay_period: month(11),
        run: "run".into(),
        total: sverka::domain::money::Money::ZERO,
        ledger_seq: 1,
        ledger_hash: "h".into(),
        issued_at: at(0),
    };
    tx.add_statement(&statement).await.unwrap();
    let subject = HoldSubject::File { hash: "aa".into(), name: "a.xlsx".into() };
    let hold = Hold { id: "h".into(), subject, reasons: vec![finding("x")], opened_at: at(0), release: None };
    tx.open_hold(&hold).await.unwrap();
    tx.freeze(&[mail("k")], at(0)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn append_only_tables_refuse_changes(db: Db) {
    fill(&db).await;
    for (table, column) in [
        ("ledger_entry", "amount = 0"),
        ("period_close", "as_of_ms = 0"),
        ("statement", "total = 0"),
        ("decision", "author = 'x'"),
        ("decision_undo", "author = 'x'"),
        ("acknowledgement", "author = 'x'"),
        ("acknowledgement_undo", "author = 'x'"),
        ("crm_snapshot", "hash = 'x'"),
        ("crm_version", "body = NULL"),
        ("crm_entered", "entered_ms = 0"),
    ] {
        for statement in [format!("UPDATE {table} SET {column}"), format!("DELETE FROM {table}")] {
            let refused = raw(&db, &statement).await.unwrap_err();
            assert!(refused.contains("append-only"), "{statement}: {refused}");
        }
    }
    for table in ["sale", "party_card", "hold", "outbox"] {
        let refused = raw(&db, &format!("DELETE FROM {table}")).await.unwrap_err();
        assert!(refused.contains("append-only"), "{table}: {refused}");
        if matches!(db, Db::Postgres(_)) {
            let refused = raw(&db, &format!("TRUNCATE {table} CASCADE")).await.unwrap_err();
            assert!(refused.contains("append-only"), "{table}: {refused}");
        }
    }
}

async fn a_frozen_mail_keeps_its_bytes(db: Db) {
    fill(&db).await;
    for column in ["id", "mail_key", "kind", "recipient", "sender", "subject", "message_id", "bytes", "frozen_ms"] {
        let refused = raw(&db, &format!("UPDATE outbox SET {column} = {column}")).await.unwrap_err();
        assert!(refused.contains("append-only"), "{column}: {refused}");
    }
    assert_eq!(raw(&db, "UPDATE outbox SET last_reply = 'x'").await, Ok(1));
}

async fn a_ledger_entry_cannot_be_replaced(db: Db) {
    fill(&db).await;
    let columns = "seq, id, posted_ms, run_id, pay_period, belongs_to, employee, subject, rule, kind, amount, \
                   policy_version, corrects, evidence, prev_hash, hash";
    let changed = columns.replace("amount", "-100");
    let insert = if matches!(db, Db::Sqlite(_)) { "INSERT OR REPLACE" } else { "INSERT" };
    raw(&db, &format!("{insert} INTO ledger_entry ({columns}) SELECT {changed} FROM ledger_entry")).await.unwrap_err();
    let kept = db.begin().await.unwrap().entry("1").await.unwrap().unwrap();
    assert_eq!(kept.entry.amount.kopecks(), -1);
}

async fn a_dropped_guard_comes_back_with_the_next_start(db: Db) {
    fill(&db).await;
    let drop = match &db {
        Db::Sqlite(_) => "DROP TRIGGER ledger_entry_no_delete",
        Db::Postgres(_) => "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_delete",
    };
    raw(&db, drop).await.unwrap();
    db.migrate().await.unwrap();
    raw(&db, "DELETE FROM ledger_entry").await.unwrap_err();
}
