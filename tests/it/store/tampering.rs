//! Somebody with the password of the database and all its rights, but without the ledger's key and without the mails that
//! were sent: whatever he does to the ledger shows when it is verified against a mailed head. Deliberately absent: the
//! guards that refuse such changes in the first place (`guards`), which he drops before he begins.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;
use sverka::{
    domain::{
        ledger::{EntryKind, Evidence, LedgerEntry, NewEntry},
        ledger_chain,
        money::Money,
        text::Text,
    },
    pipeline,
    store::{Db, StatementRecord, Tx},
};

use super::{
    each_engine, posting, raw,
    samples::{at, entry, month},
    tampering_edits::{Edit, Random},
};

each_engine!(
    ten_thousand_changes_of_the_ledger_are_all_found,
    rows_that_say_the_same_in_other_words_are_found,
    an_untouched_ledger_is_whole,
);

const KEY: &[u8] = b"a key that lies outside the database";
const ENTRIES: usize = 9;

fn seal(link: &posting::Link<'_>, entry: &NewEntry) -> String {
    ledger_chain::seal(entry, link.seq, link.id, link.posted_at, link.run, link.prev_hash, KEY)
}

/// Entries of every kind in three runs, and a statement that shows where they ended.
async fn fill(db: &Db) -> Vec<LedgerEntry> {
    let kinds = [EntryKind::Reduction, EntryKind::Premium, EntryKind::CapRelief, EntryKind::Correction];
    let mut entries = Vec::new();
    for n in 0..ENTRIES {
        let mut one = entry(&format!("ФИРМА|0000-{n:06}|2026"), -100_00 - n as i64 * 7);
        one.kind = kinds[n % 4];
        one.corrects = if n % 3 == 0 { vec![] } else { vec![format!("e{n}"), "e0".into()] };
        one.evidence = Evidence {
            document: Text::new(format!("№ {n}"), format!("No. {n}")),
            arithmetic: Text::new("1 000,00 × 10 % = 100,00", "1,000.00 × 10% = 100.00"),
            file_hash: "ab".repeat(32),
            ..one.evidence
        };
        entries.push(one);
    }
    let mut posted = Vec::new();
    let mut tx = db.begin().await.unwrap();
    for (run, part) in entries.chunks(ENTRIES / 3 + 1).enumerate() {
        let head = tx.ledger_head().await.unwrap().0;
        let run = run as i64;
        posted.extend(posting::post(&mut tx, part, &format!("run-{run}"), at(run), head, seal).await.unwrap());
    }
    let last = posted.last().expect("entries");
    let statement = StatementRecord {
        number: "2026-11/1".into(),
        pay_period: month(11),
        run: "run".into(),
        total: Money::ZERO,
        ledger_seq: last.seq,
        ledger_hash: last.hash.clone(),
        issued_at: at(9),
    };
    tx.add_statement(&statement).await.unwrap();
    tx.commit().await.unwrap();
    posted
}

/// Takes the guards away.
async fn disarm(db: &Db) {
    let guards = ["ledger_entry_no_update", "ledger_entry_no_delete", "statement_no_update", "statement_no_delete"];
    for name in guards {
        let table = name.trim_end_matches("_no_update").trim_end_matches("_no_delete");
        let drop = match db {
            Db::Sqlite(_) => format!("DROP TRIGGER {name}"),
            Db::Postgres(_) => format!("DROP TRIGGER {name} ON {table}"),
        };
        raw(db, &drop).await.unwrap();
    }
}

async fn execute(tx: &mut Tx, sql: &str) -> Result<(), String> {
    let sql = AssertSqlSafe(sql.to_owned());
    match tx {
        Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
    }
    .map_err(|e| e.to_string())
}

async fn undo(tx: Tx) {
    match tx {
        Tx::Sqlite(tx) => tx.rollback().await,
        Tx::Postgres(tx) => tx.rollback().await,
    }
    .expect("a rollback");
}

async fn found(tx: &mut Tx, head: &str) -> Vec<String> {
    let scan = tx.scan_ledger().await.expect("a ledger that cannot be read is a finding, no error");
    pipeline::ledger_findings(&scan, KEY, Some(head)).into_iter().map(|f| f.code).collect()
}

async fn an_untouched_ledger_is_whole(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(found(&mut tx, ledger_chain::GENESIS).await, Vec::<String>::new());
    drop(tx);
    let entries = fill(&db).await;
    let mut tx = db.begin().await.unwrap();
    // Any head that was ever mailed is still there.
    for one in &entries {
        assert_eq!(found(&mut tx, &one.hash).await, Vec::<String>::new());
    }
}

async fn ten_thousand_changes_of_the_ledger_are_all_found(db: Db) {
    let cases = if matches!(db, Db::Sqlite(_)) { 10_000 } else { 400 };
    let entries = fill(&db).await;
    disarm(&db).await;
    let head = &entries.last().expect("entries").hash;
    let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for case in 0..cases {
        let mut random = Random::new(case);
        let edit = Edit::draw(&mut random, &entries);
        let mut tx = db.begin().await.unwrap();
        for sql in &edit.statements {
            execute(&mut tx, sql).await.unwrap_or_else(|e| panic!("case {case}: {sql}: {e}"));
        }
        let said = found(&mut tx, head).await;
        assert!(!said.is_empty(), "case {case} went unnoticed: {:#?}", edit.statements);
        undo(tx).await;
        *kinds.entry(edit.kind).or_default() += 1;
        for code in said {
            *codes.entry(code).or_default() += 1;
        }
    }
    // Every kind of change was really tried, and the answers are not all the same one.
    assert_eq!(kinds.len(), Edit::KINDS, "{kinds:?}");
    assert!(kinds.values().all(|n| *n * 100 > cases as usize), "{kinds:?}");
    assert!(codes.len() >= 5, "{codes:?}");
    let mut tx = db.begin().await.unwrap();
    assert_eq!(found(&mut tx, head).await, Vec::<String>::new(), "nothing of it stayed");
}

/// The seal covers what a row means; what it looks like is compared with what the program writes.
async fn rows_that_say_the_same_in_other_words_are_found(db: Db) {
    let entries = fill(&db).await;
    disarm(&db).await;
    let head = &entries.last().expect("entries").hash;
    for (column, value, code) in [
        ("evidence", "evidence || ' '", "ledger_rewritten"),
        ("evidence", "REPLACE(evidence, '{\"document\"', '{\"note\":\"x\",\"document\"')", "ledger_rewritten"),
        ("corrects", "' ' || corrects", "ledger_rewritten"),
        ("evidence", "'{'", "ledger_unreadable"),
        ("pay_period", "'soon'", "ledger_unreadable"),
        ("kind", "'correction'", "ledger_broken"),
    ] {
        let mut tx = db.begin().await.unwrap();
        execute(&mut tx, &format!("UPDATE ledger_entry SET {column} = {value} WHERE seq = 6")).await.unwrap();
        let said = found(&mut tx, head).await;
        assert!(said.iter().any(|c| c == code), "{column} = {value}: {said:?}");
        undo(tx).await;
    }
    // Where the engine keeps anything anywhere, a text in a column of numbers is named too.
    if matches!(db, Db::Sqlite(_)) {
        for (column, value) in [("amount", "'much'"), ("posted_ms", "x'00ff'"), ("employee", "x'ff00'")] {
            let mut tx = db.begin().await.unwrap();
            execute(&mut tx, &format!("UPDATE ledger_entry SET {column} = {value} WHERE seq = 6")).await.unwrap();
            assert!(!found(&mut tx, head).await.is_empty(), "{column} = {value}");
            undo(tx).await;
        }
    }
}
