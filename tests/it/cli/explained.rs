//! `explain` on an entry of every kind: where it comes from, by which rule and version, and how it was computed.

use std::collections::BTreeSet;

use sverka::domain::{line_code::LineCode, run::Job};

use super::{calendars, sverka};
use crate::app::{PEOPLE, POLICY, TestApp};

const VEKTOR: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

/// A premium for complete cards beside the reduction, and a limit that bites.
fn policy() -> String {
    let premium = "[[version.rule]]\nkind = \"completeness\"\nbands = [\n\
                   { from = \"0 %\", to = \"100 %\", premium = \"100.00\" },\n]\n\n[[version.rule]]\nkind = \"cap\"";
    POLICY.replacen("[[version.rule]]\nkind = \"cap\"", premium, 1)
}

/// November with a reduction, its limit and a premium; after the close the card is entered: corrections.
async fn company() -> TestApp {
    let mut t = TestApp::with("2026-11-27T14:00:00Z", "", &policy(), PEOPLE).await;
    calendars(t.dir.path());
    t.drop_sales(
        "Ноябрь.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "10.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;5000,00",
        ],
    );
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    t.run(Job::Audit).await;
    t.at("2026-12-03T07:00:00Z");
    t.drop_sales("Декабрь.csv", &["02.12.2026;0000-000005;ВЕКТОР ООО;7701234560;Орлов Илья;1000,00"]);
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    assert!(t.run(Job::Close).await.held.is_empty());
    t.at("2026-12-10T07:00:00Z");
    t.drop_crm(&[VEKTOR, "2;Ромашка;7707083893;;08.12.2026 09:00:00"]);
    t.ingest().await;
    assert!(t.run(Job::Audit).await.held.is_empty());
    t
}

#[tokio::test]
async fn an_entry_of_every_kind_walks_back_to_its_source_rule_and_arithmetic() {
    let t = company().await;
    let ledger = t.ledger().await;
    let kinds: BTreeSet<&str> = ledger.iter().map(|e| e.entry.kind.code()).collect();
    assert_eq!(kinds, BTreeSet::from(["cap_relief", "correction", "premium", "reduction"]));
    for entry in &ledger {
        let (kind, about_sale) = (entry.entry.kind.code(), entry.entry.key.subject != "period");
        let said = sverka(t.dir.path(), &["explain", &entry.seq.to_string()]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let text = said.stdout.replace('\u{a0}', " ");
        let code = LineCode::of(entry).to_string();
        let mut parts = vec!["T-1", "арифметика", "снимок CRM       crm ", code.as_str()];
        if about_sale {
            // The place in the file, its hash, the match with its reason, the status.
            parts.extend(["Ноябрь.csv, строка", "отпечаток файла", "сопоставление", "Ромашка", " × 10 % = "]);
        }
        parts.extend(match kind {
            "reduction" => ["№ 0000-000001 от 09.11.2026", "клиент не внесён в CRM"],
            "cap_relief" => ["предел: ", "снижения "],
            "premium" => ["средняя полнота", "ступень"],
            _ => ["причина", "было проведено"],
        });
        for part in parts {
            assert!(text.contains(part), "{kind}: no {part:?} in\n{text}");
        }
        // By its code it is the same, and as JSON nothing is missing.
        assert_eq!(sverka(t.dir.path(), &["explain", &code.to_lowercase()]).stdout, said.stdout);
        let json = sverka(t.dir.path(), &["--json", "explain", &entry.seq.to_string()]).json();
        assert_eq!(json["kopecks"].as_i64(), Some(entry.entry.amount.kopecks()));
        assert_eq!(json["code"].as_str(), Some(code.as_str()));
    }
}
