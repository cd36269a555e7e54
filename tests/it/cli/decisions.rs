//! `match`: a person's decision is recorded, shows in the verdict, and is undone by its number.

use super::{company, sverka};

const PARTY: &str = "7707083893/";

#[tokio::test]
async fn a_decision_is_confirmed_shown_and_undone() {
    let t = company().await;
    let dir = t.dir.path();
    let missing = sverka(dir, &["--json", "match", "list", "--verdict", "not-in-crm"]).json();
    assert_eq!(missing[0]["name"], "Ромашка ООО", "{missing}");
    assert_eq!(missing[0]["turnover_kopecks"], 1_000_000);
    let party = missing[0]["party"].as_str().expect("a key").to_owned();
    assert!(party.starts_with(PARTY), "{party}");

    let confirmed = sverka(dir, &["--json", "match", "confirm", &party, "1", "--note", "одна группа"]);
    assert_eq!(confirmed.code, 0, "{}", confirmed.stderr);
    let decision = confirmed.json()["decision"].as_str().expect("a number").to_owned();
    let decided = sverka(dir, &["match", "list", "--verdict", "decided"]).stdout;
    assert!(
        decided.contains("Ромашка ООО") && decided.contains("есть в CRM") && decided.contains(&decision),
        "{decided}"
    );

    assert_eq!(sverka(dir, &["match", "undo", &decision]).code, 0);
    let again = sverka(dir, &["match", "undo", &decision]);
    assert_eq!(again.code, 1, "a decision is undone once");
    let missing = sverka(dir, &["--lang", "en", "match", "list", "--verdict", "not-in-crm"]).stdout;
    assert!(missing.contains("“Ромашка ООО”  10,000.00  not in the CRM"), "{missing}");
}

#[tokio::test]
async fn what_does_not_exist_is_not_decided_about() {
    let t = company().await;
    let dir = t.dir.path();
    for arguments in [
        &["match", "confirm", "nobody", "1"][..],
        &["match", "confirm", "nobody", "--exempt"],
        &["match", "reject", "nobody", "1"],
        &["match", "confirm", "7701234560/", "99"],
        &["match", "confirm", "7701234560/"],
        &["match", "undo", "none"],
    ] {
        let ran = sverka(dir, arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{arguments:?}");
        assert!(ran.stderr.starts_with("ошибка: "), "{}", ran.stderr);
    }
    let none = sverka(dir, &["--json", "match", "list", "--verdict", "decided"]);
    assert_eq!(none.json(), serde_json::json!([]));
}
