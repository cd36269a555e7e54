//! /healthz and /metrics on the loopback address. Deliberately absent: pages, names, amounts; nothing here changes
//! anything.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::{error::Result, pipeline::App};

/// The loop is unwell when its last good tick is older than this.
const UNWELL_AFTER_SECONDS: i64 = 120;

/// When the loop last did its work.
#[derive(Debug, Default)]
pub struct Pulse {
    last_ms: AtomicI64,
    ticks: AtomicU64,
    failures: AtomicU64,
}

impl Pulse {
    /// A tick succeeded.
    pub fn beat(&self, now: DateTime<Utc>) {
        self.last_ms.store(now.timestamp_millis(), Ordering::Relaxed);
        self.ticks.fetch_add(1, Ordering::Relaxed);
    }

    /// A tick failed.
    pub fn failed(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }
}

/// Serves until told to stop.
pub async fn serve(listener: tokio::net::TcpListener, app: App, pulse: Arc<Pulse>, stop: CancellationToken) {
    let router = Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .with_state((app, pulse));
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!("the health page stopped: {error}");
    }
}

type Shared = State<(App, Arc<Pulse>)>;

/// 200 while the database answers and the loop ticks; 503 with the reason otherwise.
async fn healthz(State((app, pulse)): Shared) -> (StatusCode, String) {
    let age = (app.clock.now().timestamp_millis() - pulse.last_ms.load(Ordering::Relaxed)) / 1_000;
    if let Err(error) = app.db.health().await {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("database: {error}\n"));
    }
    if pulse.ticks.load(Ordering::Relaxed) > 0 && age > UNWELL_AFTER_SECONDS {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("the loop has not run for {age} s\n"));
    }
    (StatusCode::OK, "ok\n".to_owned())
}

/// Figures in the text format of Prometheus.
async fn metrics(State((app, pulse)): Shared) -> (StatusCode, String) {
    match figures(&app, &pulse).await {
        Ok(text) => (StatusCode::OK, text),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("# {}\n", error.message.en)),
    }
}

async fn figures(app: &App, pulse: &Pulse) -> Result<String> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let (ledger, _) = tx.ledger_head().await?;
    let holds = tx.holds(true).await?.len() as i64;
    let oldest = tx.oldest_pending().await?.map_or(0, |at| (now - at).num_seconds().max(0));
    let open = tx.open_due().await?;
    let missed = tx.due_runs(10_000).await?.iter().filter(|d| d.outcome.as_deref().is_some_and(|o| o.starts_with("skipped"))).count() as i64;
    let quarantined = tx.quarantined().await?.len() as i64;
    tx.commit().await?;
    let last = pulse.last_ms.load(Ordering::Relaxed) / 1_000;
    let rows: [(&str, &str, &str, i64); 9] = [
        ("sverka_last_tick_timestamp_seconds", "gauge", "Unix time of the last good tick", last),
        ("sverka_ticks_total", "counter", "Good ticks since the start", pulse.ticks.load(Ordering::Relaxed) as i64),
        ("sverka_tick_failures_total", "counter", "Failed ticks since the start", pulse.failures.load(Ordering::Relaxed) as i64),
        ("sverka_ledger_entries", "gauge", "Entries in the ledger", ledger),
        ("sverka_holds_open", "gauge", "Runs and files that wait for a person", holds),
        ("sverka_files_quarantined", "gauge", "Files set aside", quarantined),
        ("sverka_outbox_oldest_seconds", "gauge", "Age of the oldest mail not yet accepted", oldest),
        ("sverka_runs_open", "gauge", "Due runs not settled yet", open.len() as i64),
        ("sverka_runs_missed_total", "counter", "Due runs skipped as too old", missed),
    ];
    Ok(rows.iter().map(|(name, kind, help, value)| format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n")).collect())
}
