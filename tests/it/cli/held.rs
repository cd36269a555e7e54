//! `once`, `holds`, `release`: a dry run leaves no trace; a held file waits until somebody gives a reason.

use std::{collections::BTreeMap, fs, path::Path};

use super::{company, sverka};

/// What a person could notice: ledger, mails, holds, decisions, files.
fn trace(dir: &Path) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = [
        &["--json", "ledger", "list"][..],
        &["--json", "outbox", "list"],
        &["--json", "holds", "--all"],
        &["--json", "match", "list", "--verdict", "all"],
    ]
    .iter()
    .map(|arguments| (arguments.join(" "), sverka(dir, arguments).stdout))
    .collect();
    for folder in ["outbox", "archive", "inbox/accounting", "inbox/crm"] {
        let names: Vec<String> = fs::read_dir(dir.join(folder))
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path().display().to_string())
            .collect();
        all.insert(folder.to_owned(), names.join("\n"));
    }
    all
}

#[tokio::test]
async fn a_dry_run_changes_nothing() {
    let t = company().await;
    let dir = t.dir.path();
    let before = trace(dir);
    for job in ["alerts", "audit", "close"] {
        // The data is as old as the machine's clock says: held or not, nothing may be left behind.
        let now = sverka(dir, &["once", job, "--dry-run"]);
        assert!([0, 2].contains(&now.code), "{job}: {}", now.stderr);
        assert!(now.stdout.contains("ничего не записано"), "{job}: {}", now.stdout);
    }
    let past = sverka(dir, &["--json", "once", "audit", "--as-of", "2026-11-16", "--dry-run"]);
    assert_eq!(past.code, 0, "{}{}", past.stdout, past.stderr);
    let past = past.json();
    assert_eq!((past["entries"].as_u64(), past["kopecks"].as_i64()), (Some(0), Some(0)), "posted already: {past}");
    assert_eq!(past["hold"], serde_json::Value::Null);
    assert_eq!(trace(dir), before);
    assert_eq!(sverka(dir, &["once", "ingest", "--dry-run"]).code, 1);
}

#[tokio::test]
async fn a_file_that_does_not_add_up_waits_for_a_reason_and_is_released_once() {
    let t = company().await;
    let row = "09.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;100,00";
    t.drop_sales_with_total("Продажи 2.csv", &[row], 99_00);
    let dir = t.dir.path().to_owned();
    let taken = sverka(&dir, &["once", "ingest"]);
    assert_eq!(taken.code, 2, "{}{}", taken.stdout, taken.stderr);
    assert!(taken.stdout.contains("не принят: Продажи 2.csv"), "{}", taken.stdout);

    let holds = sverka(&dir, &["--json", "holds"]).json();
    assert_eq!((holds[0]["kind"].as_str(), holds[0]["subject"].as_str()), (Some("file"), Some("Продажи 2.csv")));
    let id = holds[0]["id"].as_str().expect("an id").to_owned();
    let words = sverka(&dir, &["--lang", "en", "holds"]).stdout;
    assert!(words.contains(&format!("sverka release {id} --reason")), "{words}");

    assert_eq!(sverka(&dir, &["release", &id]).code, 1, "no reason");
    assert_eq!(sverka(&dir, &["release", &id, "--reason", "  "]).code, 1, "an empty reason");
    assert_eq!(sverka(&dir, &["release", "zzz", "--reason", "x"]).code, 1, "no such hold");
    let released = sverka(&dir, &["release", &id, "--reason", "итог округлён"]);
    assert_eq!(released.code, 0, "{}", released.stderr);
    assert!(released.stdout.contains("принят"), "{}", released.stdout);
    assert_eq!(sverka(&dir, &["release", &id, "--reason", "ещё раз"]).code, 1, "released once");

    let open = sverka(&dir, &["--json", "holds"]).json();
    assert!(!open.to_string().contains(&id), "{open}");
    let all = sverka(&dir, &["holds", "--all"]).stdout;
    assert!(all.contains("petrova") && all.contains("итог округлён"), "{all}");
    let sale = sverka(&dir, &["explain", "0000-000003"]);
    assert_eq!(sale.code, 0, "{}", sale.stderr);
}
