//! kill -9 of the real daemon at random moments of a full cycle (files in, close, audit, alerts, mails out), again and
//! again until the cycle is through: nothing lost, nothing doubled, no Message-ID with other bytes.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sverka::{
    domain::mail::MailState,
    store::LedgerFilter,
};

use super::sink::{self, Taken};
use crate::app::{POLICY, TestApp};

/// Kills that must have hit a running cycle.
const KILLS: usize = 200;
/// The cycle happens on this Friday evening: the close of October, the audit and the alerts are all due.
const EVENING: &str = "2026-11-06T15:00:00Z";

/// What a finished cycle leaves behind.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    /// `(belongs to, employee, subject, rule)` → amounts in order.
    ledger: BTreeMap<(String, String, String, String), Vec<i64>>,
    /// Keys of the mails, all accepted.
    mails: Vec<String>,
}

/// A company whose daemon has set its cursors in the morning and finds its files in the evening.
async fn prepare(port: u16) -> TestApp {
    let more = format!(
        "[mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\nfrom = \"sverka@firma.example\"\n\
         allowed_domains = [\"firma.example\"]\n\n[schedule]\ningest = \"0 18 * * 5\"\nalerts = \"1 17 * * 5\"\n"
    );
    let mut t = TestApp::with("2026-11-06T05:00:00Z", &more, POLICY, crate::app::PEOPLE).await;
    t.tick().await;
    t.at("2026-11-06T14:50:00Z");
    let mut rows = Vec::new();
    for i in 0..60 {
        let (month, seller) = if i % 3 == 0 { ("10", "Соколова Анна") } else { ("11", "Орлов Илья") };
        let buyer = if i % 4 == 0 { "Ромашка ООО;7707083893" } else { "ВЕКТОР ООО;7701234560" };
        rows.push(format!("{:02}.{month}.2026;0000-{i:06};{buyer};{seller};{},50", 1 + i % 2, 1_000 + i * 37));
    }
    t.drop_sales("Продажи.csv", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    t.drop_crm(&["1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"]);
    t
}

fn start(dir: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_sverka"))
        .args(["--config"])
        .arg(dir.join("sverka.toml"))
        .args(["run", "--rehearse-at", EVENING])
        .stdout(Stdio::null())
        .stderr(fs::File::options().create(true).append(true).open(dir.join("daemon.log")).expect("a log"))
        .spawn()
        .expect("the daemon")
}

/// What is in the database; `None` while something is still open.
async fn left(t: &TestApp) -> Option<Left> {
    let mut tx = t.app.db.begin().await.ok()?;
    let (entries, mails) = (tx.ledger_entries(&LedgerFilter::default()).await.ok()?, tx.outbox(None, 1_000).await.ok()?);
    let runs = tx.due_runs(1_000).await.ok()?;
    let open = tx.open_due().await.ok()?;
    tx.commit().await.ok()?;
    if runs.len() < 4 || !open.is_empty() || mails.iter().any(|m| m.state != MailState::Sent) {
        return None;
    }
    let mut ledger: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for e in &entries {
        let key = &e.entry.key;
        let name = (key.belongs_to.to_string(), key.employee.0.clone(), key.subject.clone(), key.rule.clone());
        ledger.entry(name).or_default().push(e.entry.amount.kopecks());
    }
    let mut mails: Vec<String> = mails.into_iter().map(|m| m.mail.key).collect();
    mails.sort();
    Some(Left { ledger, mails })
}

/// Runs the daemon until the cycle is through, killing it `delays` after each start; how many kills hit.
async fn live(t: &TestApp, mut delays: impl FnMut() -> Option<Duration>) -> (Left, usize) {
    let mut kills = 0;
    let begun = Instant::now();
    loop {
        let mut child = start(t.dir.path());
        let end = delays().map(|d| Instant::now() + d);
        let through = loop {
            if let Some(left) = left(t).await {
                break Some(left);
            }
            if end.is_some_and(|end| Instant::now() >= end) {
                break None;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{}", fs::read_to_string(t.dir.path().join("daemon.log")).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        child.kill().expect("kill -9");
        child.wait().expect("its end");
        match through {
            Some(left) => return (left, kills),
            None => kills += 1,
        }
    }
}

/// Each accepted message is in the outbox with exactly these bytes, under exactly one Message-ID.
async fn assert_mails(t: &TestApp, taken: &Taken) {
    let taken = std::mem::take(&mut *taken.lock().expect("the list"));
    let frozen: BTreeMap<String, Vec<u8>> =
        t.mails().await.into_iter().map(|m| (m.mail.message_id, m.mail.bytes)).collect();
    assert_eq!(taken.keys().collect::<Vec<_>>(), frozen.keys().collect::<Vec<_>>(), "no mail is lost, none is invented");
    for (id, bodies) in taken {
        assert_eq!(bodies.len(), 1, "{id} went out with different bytes");
        let sent = bodies.into_keys().next().unwrap_or_default();
        let trimmed = |b: &[u8]| String::from_utf8_lossy(b).trim_end().to_owned();
        assert_eq!(trimmed(&sent), trimmed(&frozen[&id]), "{id} is not what was frozen");
    }
}

#[tokio::test]
async fn two_hundred_kills_lose_nothing_and_double_nothing() {
    let (port, taken) = sink::start();
    let reference = prepare(port).await;
    let begun = Instant::now();
    let (expected, _) = live(&reference, || None).await;
    let cycle = begun.elapsed();
    assert_mails(&reference, &taken).await;
    assert!(expected.ledger.len() > 10 && expected.mails.len() >= 3, "{expected:?}");

    let mut seed = 0x5EED_u64;
    let mut kills = 0;
    while kills < KILLS {
        let t = prepare(port).await;
        let (left, hit) = live(&t, || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Some(cycle.mul_f64((seed >> 11) as f64 / (1_u64 << 53) as f64))
        })
        .await;
        kills += hit;
        assert_eq!(left, expected, "seed position {seed:#x}");
        assert_mails(&t, &taken).await;
        let mut tx = t.app.db.begin().await.expect("a transaction");
        let entries = tx.ledger_entries(&LedgerFilter::default()).await.expect("entries");
        tx.commit().await.expect("a commit");
        assert!(sverka::domain::ledger_chain::verify(&entries, &t.app.ledger_key, None).is_empty(), "the chain is whole");
        t.app.db.close().await;
    }
    println!("{kills} kills, one cycle takes {cycle:?}");
}
