//! Triggers that refuse to change what is written once: the one place with SQL per engine, because the two have no
//! common text for triggers. Deliberately absent: protection from somebody who may drop triggers (the chain of hashes
//! finds what such a person did).

use sqlx::AssertSqlSafe;

use super::{engine::Db, error::Result};

/// What a guard refuses, with its condition.
struct Guard {
    name: &'static str,
    table: &'static str,
    event: &'static str,
}

const fn guard(name: &'static str, table: &'static str, event: &'static str) -> Guard {
    Guard { name, table, event }
}

/// Every guard. Sales, cards, holds and mails keep their history: their rows change state but are never deleted.
const GUARDS: &[Guard] = &[
    guard("ledger_entry_no_update", "ledger_entry", "UPDATE"),
    guard("ledger_entry_no_delete", "ledger_entry", "DELETE"),
    guard("period_close_no_update", "period_close", "UPDATE"),
    guard("period_close_no_delete", "period_close", "DELETE"),
    guard("statement_no_update", "statement", "UPDATE"),
    guard("statement_no_delete", "statement", "DELETE"),
    guard("decision_no_update", "decision", "UPDATE"),
    guard("decision_no_delete", "decision", "DELETE"),
    guard("decision_undo_no_update", "decision_undo", "UPDATE"),
    guard("decision_undo_no_delete", "decision_undo", "DELETE"),
    guard("acknowledgement_no_update", "acknowledgement", "UPDATE"),
    guard("acknowledgement_no_delete", "acknowledgement", "DELETE"),
    guard("acknowledgement_undo_no_update", "acknowledgement_undo", "UPDATE"),
    guard("acknowledgement_undo_no_delete", "acknowledgement_undo", "DELETE"),
    guard("dispute_no_update", "dispute", "UPDATE"),
    guard("dispute_no_delete", "dispute", "DELETE"),
    guard("dispute_event_no_update", "dispute_event", "UPDATE"),
    guard("dispute_event_no_delete", "dispute_event", "DELETE"),
    guard("reply_mail_no_update", "reply_mail", "UPDATE"),
    guard("reply_mail_no_delete", "reply_mail", "DELETE"),
    guard("statement_line_no_update", "statement_line", "UPDATE"),
    guard("statement_line_no_delete", "statement_line", "DELETE"),
    guard("finance_answer_no_update", "finance_answer", "UPDATE"),
    guard("finance_answer_no_delete", "finance_answer", "DELETE"),
    guard("close_prepared_no_update", "close_prepared", "UPDATE"),
    guard("close_prepared_no_delete", "close_prepared", "DELETE"),
    guard("crm_snapshot_no_update", "crm_snapshot", "UPDATE"),
    guard("crm_snapshot_no_delete", "crm_snapshot", "DELETE"),
    guard("crm_version_no_update", "crm_version", "UPDATE"),
    guard("crm_version_no_delete", "crm_version", "DELETE"),
    guard("crm_entered_no_update", "crm_entered", "UPDATE"),
    guard("crm_entered_no_delete", "crm_entered", "DELETE"),
    guard("deal_decision_no_update", "deal_decision", "UPDATE"),
    guard("deal_decision_no_delete", "deal_decision", "DELETE"),
    guard("training_no_update", "training", "UPDATE"),
    guard("training_no_delete", "training", "DELETE"),
    guard("training_undo_no_update", "training_undo", "UPDATE"),
    guard("training_undo_no_delete", "training_undo", "DELETE"),
    guard("vote_no_update", "vote", "UPDATE"),
    guard("vote_no_delete", "vote", "DELETE"),
    guard("call_leg_no_delete", "call_leg", "DELETE"),
    guard("plan_no_delete", "plan", "DELETE"),
    guard("sale_no_delete", "sale", "DELETE"),
    guard("party_card_no_delete", "party_card", "DELETE"),
    guard("hold_no_delete", "hold", "DELETE"),
    guard("bounce_no_update", "bounce", "UPDATE"),
    guard("bounce_no_delete", "bounce", "DELETE"),
    guard("address_event_no_update", "address_event", "UPDATE"),
    guard("address_event_no_delete", "address_event", "DELETE"),
    guard("dispute_told_no_update", "dispute_told", "UPDATE"),
    guard("dispute_told_no_delete", "dispute_told", "DELETE"),
    guard("outbox_no_delete", "outbox", "DELETE"),
    guard(
        "outbox_frozen",
        "outbox",
        "UPDATE OF id, mail_key, kind, recipient, sender, subject, message_id, bytes, frozen_ms",
    ),
];

/// Installs whatever guard is missing.
pub(super) async fn install(db: &Db) -> Result<()> {
    match db {
        Db::Sqlite(pool) => {
            let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
            for Guard { name, table, event } in GUARDS {
                sqlx::query(AssertSqlSafe(format!(
                    "CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {table}
                     BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )))
                .execute(&mut *tx)
                .await?;
            }
            // INSERT OR REPLACE deletes without firing the guard above.
            sqlx::query(
                "CREATE TRIGGER IF NOT EXISTS ledger_entry_no_replace BEFORE INSERT ON ledger_entry
                 WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE seq = NEW.seq OR id = NEW.id)
                 BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
            )
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
        }
        Db::Postgres(pool) => {
            let mut tx = pool.begin().await?;
            // Replicas may start together; the number is arbitrary and this program's own.
            sqlx::query("SELECT pg_advisory_xact_lock(7237018652)").execute(&mut *tx).await?;
            let present: Vec<String> = sqlx::query_scalar(
                "SELECT CAST(t.tgname AS TEXT) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                 WHERE t.tgenabled = 'O' AND c.relnamespace = CAST(current_schema() AS regnamespace)",
            )
            .fetch_all(&mut *tx)
            .await?;
            for statement in missing_on_postgres(&present) {
                sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await?;
            }
            tx.commit().await?;
        }
    }
    Ok(())
}

fn missing_on_postgres(present: &[String]) -> Vec<String> {
    let mut statements = Vec::new();
    let missing = |name: &str| !present.iter().any(|p| p == name);
    let mut tables: Vec<&str> = GUARDS.iter().map(|g| g.table).collect();
    tables.dedup();
    for Guard { name, table, event } in GUARDS.iter().filter(|g| missing(g.name)) {
        statements.push(format!(
            "CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table}
             FOR EACH STATEMENT EXECUTE FUNCTION sverka_append_only()"
        ));
    }
    for table in tables {
        let name = format!("{table}_no_truncate");
        if missing(&name) {
            statements.push(format!(
                "CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table}
                 FOR EACH STATEMENT EXECUTE FUNCTION sverka_append_only()"
            ));
        }
    }
    if !statements.is_empty() {
        statements.insert(
            0,
            "CREATE OR REPLACE FUNCTION sverka_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
             BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $body$"
                .to_owned(),
        );
    }
    statements
}
