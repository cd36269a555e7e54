//! Opening, migrating, closing, the instance lock.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use sverka::store::{Db, StoreError, instance_lock, new_id};

use super::{
    FreshDb, each_engine, engines, postgres, raw,
    samples::{at, sale},
    sqlite,
};

each_engine!(a_healthy_database_says_so, a_dropped_unit_of_work_leaves_no_trace, a_newer_database_is_refused);

async fn a_healthy_database_says_so(db: Db) {
    db.health().await.unwrap();
    db.migrate().await.unwrap();
    db.close().await;
    assert!(db.health().await.is_err(), "a closed database is not healthy");
}

async fn a_dropped_unit_of_work_leaves_no_trace(db: Db) {
    let mut tx = db.begin().await.unwrap();
    tx.set_meta("a", "1").await.unwrap();
    drop(tx);
    assert_eq!(db.begin().await.unwrap().meta("a").await.unwrap(), None);
}

async fn a_newer_database_is_refused(db: Db) {
    let copy = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    raw(&db, copy).await.unwrap();
    let refused = db.migrate().await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer(9999)), "{refused:?}");
    assert!(refused.text().ru.contains("база новее программы"));
}

async fn survives_a_restart(fresh: FreshDb) {
    let mut tx = fresh.begin().await.unwrap();
    tx.set_meta("a", "1").await.unwrap();
    tx.commit().await.unwrap();
    fresh.close().await;
    let again = Db::connect(&fresh.url).await.unwrap();
    again.migrate().await.unwrap();
    assert_eq!(again.begin().await.unwrap().meta("a").await.unwrap().as_deref(), Some("1"));
    again.close().await;
}

#[tokio::test]
async fn what_was_committed_survives_a_restart() {
    for (name, fresh) in engines().await {
        assert!(fresh.engine().to_lowercase().starts_with(name), "{name}");
        survives_a_restart(fresh).await;
    }
}

/// Two handles, as two processes have them: increments by read and write, none lost, none refused.
async fn two_writers_wait(fresh: FreshDb) {
    let second = Db::connect(&fresh.url).await.unwrap();
    let mut tasks = Vec::new();
    for task in 0..8 {
        let db = if task % 2 == 0 { fresh.db.clone() } else { second.clone() };
        tasks.push(tokio::spawn(async move {
            for _ in 0..5 {
                let mut tx = db.begin().await.unwrap();
                let (seq, _) = tx.ledger_head().await.unwrap();
                tx.set_meta(&format!("{task}"), &seq.to_string()).await.unwrap();
                tx.commit().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    second.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_write_wait_for_each_other() {
    for (_, fresh) in engines().await {
        two_writers_wait(fresh).await;
    }
}

/// Several programs that start at once on an empty database.
async fn migrate_at_once(url: &str) {
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let url = url.to_owned();
        tasks.push(tokio::spawn(async move {
            let db = Db::connect(&url).await.unwrap();
            db.migrate().await.unwrap();
            db.health().await.unwrap();
            db.close().await;
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_may_migrate_one_database_at_once() {
    let dir = tempfile::tempdir().unwrap();
    migrate_at_once(&format!("sqlite:{}", dir.path().join("new.db").display())).await;
    if let Some(fresh) = postgres().await {
        for drop in [
            "DO $$ DECLARE t TEXT; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() \
             LOOP EXECUTE 'DROP TABLE ' || t || ' CASCADE'; END LOOP; END $$",
            "DROP FUNCTION sverka_append_only",
        ] {
            raw(&fresh, drop).await.unwrap();
        }
        migrate_at_once(&fresh.url).await;
    }
}

#[tokio::test]
async fn sqlite_is_opened_for_safety() {
    let fresh = sqlite().await;
    let Db::Sqlite(pool) = &fresh.db else { unreachable!() };
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.unwrap();
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(pool).await.unwrap();
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(pool).await.unwrap();
    let busy: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(pool).await.unwrap();
    assert_eq!((mode.as_str(), synchronous, foreign_keys, busy), ("wal", 2, 1, 10_000));
}

/// Pages are what a disk runs out of; SQLite lets a test set their number.
#[tokio::test]
async fn a_full_disk_leaves_nothing_half_done() {
    let fresh = sqlite().await;
    let sales: Vec<_> = (0..5_000).map(sale).collect();
    raw(&fresh, "PRAGMA max_page_count = 100").await.unwrap();
    let mut tx = fresh.begin().await.unwrap();
    tx.set_meta("before", "1").await.unwrap();
    let refused = tx.insert_sales(&sales, at(0)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Engine(_)) && refused.text().en.contains("full"), "{refused:?}");
    drop(tx);
    let mut tx = fresh.begin().await.unwrap();
    assert_eq!((tx.sales_in_force().await.unwrap(), tx.meta("before").await.unwrap()), (vec![], None));
    tx.commit().await.unwrap();
    raw(&fresh, "PRAGMA max_page_count = 1000000").await.unwrap();
    let mut tx = fresh.begin().await.unwrap();
    tx.insert_sales(&sales, at(0)).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_bad_address_is_refused_without_its_password() {
    for url in ["", "mysql://u:secret@h/d", "sqlite:", "sqlite::memory:", "sqlite:a.db?mode=ro"] {
        let error = Db::connect(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Url(_)), "{url}: {error:?}");
        assert!(!error.to_string().contains("secret"));
    }
    let error = Db::connect("sqlite:/no/such/folder/a.db").await.unwrap_err();
    assert!(error.text().en.contains("/no/such/folder/a.db"), "{error}");
    let error = Db::connect("postgres://u:secret@127.0.0.1:1/d").await.unwrap_err();
    assert!(error.text().ru.contains("127.0.0.1:1/d") && !error.text().ru.contains("secret"), "{error}");
    assert_eq!(Db::sqlite_path("sqlite:///a/b.db").unwrap().to_str(), Some("/a/b.db"));
    assert_eq!(Db::sqlite_path("postgres://h/d"), None);
}

#[test]
fn a_second_instance_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("sverka.db");
    let first = instance_lock(&file).unwrap();
    let refused = instance_lock(&file).unwrap_err();
    assert!(matches!(&refused, StoreError::Locked { pid: Some(pid), .. } if *pid == std::process::id()), "{refused:?}");
    assert!(refused.text().ru.contains("уже работает другая sverka"), "{}", refused.text().ru);
    drop(first);
    instance_lock(&file).unwrap();
}

#[test]
#[expect(clippy::print_stdout, reason = "says why it did nothing")]
fn the_lock_holds_between_processes_and_ends_with_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("sverka.db");
    let Ok(mut child) = Command::new("flock")
        .args([&format!("{}.lock", file.display()), "sh", "-c", "echo locked; read line"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    else {
        println!("skipped: no flock command here");
        return;
    };
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(matches!(instance_lock(&file).unwrap_err(), StoreError::Locked { pid: None, .. }));
    // The shell ends with its input, and the lock with it.
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    child.wait().unwrap();
    instance_lock(&file).unwrap();
}

#[test]
fn ids_follow_the_instant_they_are_given() {
    assert!(new_id(at(0)) < new_id(at(1)));
    assert_ne!(new_id(at(0)), new_id(at(0)));
}
