//! Turnovers of a period beside documents of the same days: no sale is counted twice, and a grown period replaces the
//! shorter one. The tables are handed over as read: which reports are turnovers is the reader's affair.

use std::path::PathBuf;

use sverka::{
    domain::{
        finding::SourceRef,
        inbox::{AccountingTable, DateSpan, FileRecord, FileState, Grain, TableKind},
        money::Money,
        run::Release,
        sale::{PartyRef, Sale, SaleKey},
    },
    ingest::{Parsed, Ready},
    pipeline::{intake, release},
};

use crate::app::{PEOPLE, POLICY, TestApp, day};

const ORGANISATION: &str = "ООО «Проверка»";

fn november(from: u32, to: u32) -> DateSpan {
    DateSpan { from: day(&format!("2026-11-{from:02}")), to: day(&format!("2026-11-{to:02}")) }
}

fn sale(grain: Grain, span: DateSpan, at: u32, buyer: &str, roubles: i64) -> Sale {
    let (number, date) = match grain {
        Grain::Documents => (format!("0000-{at:06}"), day(&format!("2026-11-{at:02}"))),
        Grain::Turnovers => (format!("обороты {} – {} {buyer}", span.from, span.to), span.to),
    };
    Sale {
        key: SaleKey::new(ORGANISATION, &number, date),
        organisation: ORGANISATION.into(),
        number,
        date,
        party: PartyRef { name: buyer.into(), ..PartyRef::default() },
        manager: "Орлов Илья".into(),
        amount: Money::from_kopecks(roubles * 100),
        net: None,
        margin: None,
        bonus: None,
        currency: "RUB".into(),
        returns: None,
        file_hash: String::new(),
        source: SourceRef::file("a.xlsx"),
    }
}

/// Takes a table in as a file of its own, dated now; rows are (day of a document or anything, buyer, roubles).
async fn take(t: &TestApp, grain: Grain, span: DateSpan, rows: &[(u32, &str, i64)], insist: bool) -> FileRecord {
    let sales: Vec<Sale> = rows.iter().map(|(at, buyer, roubles)| sale(grain, span, *at, buyer, *roubles)).collect();
    let hash = format!("{}-{}-{}-{rows:?}", grain.code(), span.from, span.to);
    let ready =
        Ready { path: PathBuf::from("a.xlsx"), name: "a.xlsx".into(), size: 1, modified: t.app.clock.now(), hash };
    let table = AccountingTable {
        grain,
        sales,
        period: Some(span),
        organisation: Some(ORGANISATION.into()),
        ..AccountingTable::default()
    };
    let parsed = Parsed {
        kind: TableKind::Sales,
        rows: rows.len() as u64,
        accounting: Some(table),
        ..Parsed::refused(Vec::new())
    };
    let taken = intake::take(&t.app, &ready, parsed, t.app.clock.now(), insist).await.unwrap_or_else(|e| panic!("{e}"));
    taken.expect("a record")
}

async fn live(t: &TestApp) -> Vec<(String, i64)> {
    let mut tx = t.app.db.begin().await.expect("a transaction");
    let sales = tx.sales_in_force().await.expect("sales");
    tx.commit().await.expect("a commit");
    let mut all: Vec<_> = sales.into_iter().map(|s| (s.party.name, s.amount.kopecks() / 100)).collect();
    all.sort();
    all
}

fn pairs(all: &[(&str, i64)]) -> Vec<(String, i64)> {
    all.iter().map(|(name, roubles)| ((*name).to_owned(), *roubles)).collect()
}

fn said(file: &FileRecord, code: &str) -> String {
    let found = file.findings.iter().find(|f| f.code == code);
    found.map_or_else(|| panic!("no {code}: {:?}", file.findings), |f| f.message.ru.clone())
}

async fn companies() -> Vec<(TestApp, Option<crate::store::FreshDb>)> {
    let at = "2026-11-20T10:00:00Z";
    let mut all = vec![(TestApp::new(at).await, None)];
    if let Some(fresh) = crate::store::postgres().await {
        let more = format!("[store]\nurl = \"{}\"\n", fresh.url);
        all.push((TestApp::with(at, &more, POLICY, PEOPLE).await, Some(fresh)));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turnovers_over_documents_wait_and_a_release_replaces_them() {
    for (t, _fresh) in companies().await {
        let documents = [(3, "Ромашка", 10), (5, "Вектор", 20)];
        take(&t, Grain::Documents, november(1, 15), &documents, false).await;
        t.at("2026-11-20T11:00:00Z");
        let rows = [(0, "Ромашка", 15), (0, "Вектор", 25)];
        let held = take(&t, Grain::Turnovers, november(5, 30), &rows, false).await;
        assert_eq!(held.state, FileState::Quarantined);
        let why = said(&held, "days_told_twice");
        assert!(
            why.starts_with("за эти дни уже приняты документы продаж (05.11.2026 – 05.11.2026, документов: 1)"),
            "{why}"
        );
        assert_eq!(live(&t).await, pairs(&[("Вектор", 20), ("Ромашка", 10)]));
        let taken = take(&t, Grain::Turnovers, november(5, 30), &rows, true).await;
        assert_eq!(taken.state, FileState::Accepted);
        assert_eq!(
            live(&t).await,
            pairs(&[("Вектор", 25), ("Ромашка", 10), ("Ромашка", 15)]),
            "only the days it tells"
        );
        // Other days are other sales.
        let other = take(&t, Grain::Documents, november(1, 4), &[(4, "Гефест", 7)], false).await;
        assert_eq!(other.state, FileState::Quarantined, "the third is gone from it: {:?}", other.findings);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_over_turnovers_wait_and_a_release_replaces_them() {
    for (t, _fresh) in companies().await {
        take(&t, Grain::Turnovers, november(1, 30), &[(0, "Ромашка", 15)], false).await;
        t.at("2026-11-20T11:00:00Z");
        let rows = [(3, "Ромашка", 10), (5, "Ромашка", 5)];
        let held = take(&t, Grain::Documents, november(1, 15), &rows, false).await;
        assert_eq!(held.state, FileState::Quarantined);
        let why = said(&held, "days_told_twice");
        assert!(why.starts_with("за эти дни уже приняты обороты по контрагентам (01.11.2026 – 30.11.2026"), "{why}");
        take(&t, Grain::Documents, november(1, 15), &rows, true).await;
        assert_eq!(live(&t).await, pairs(&[("Ромашка", 5), ("Ромашка", 10)]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turnovers_of_a_grown_period_replace_the_shorter_one() {
    for (t, _fresh) in companies().await {
        take(&t, Grain::Turnovers, november(1, 15), &[(0, "Ромашка", 10), (0, "Вектор", 20)], false).await;
        t.at("2026-11-20T11:00:00Z");
        let grown = take(
            &t,
            Grain::Turnovers,
            november(1, 30),
            &[(0, "Ромашка", 15), (0, "Вектор", 20), (0, "Гефест", 1)],
            false,
        )
        .await;
        assert_eq!(grown.state, FileState::Accepted, "{:?}", grown.findings);
        assert_eq!(live(&t).await, pairs(&[("Вектор", 20), ("Гефест", 1), ("Ромашка", 15)]));
        assert_eq!(grown.full_of, Some(vec![ORGANISATION.to_uppercase()]));
        // Part of those days overlaps: neither covers the other.
        t.at("2026-11-20T12:00:00Z");
        let crossing = DateSpan { from: day("2026-11-20"), to: day("2026-12-05") };
        let held = take(&t, Grain::Turnovers, crossing, &[(0, "Ромашка", 3)], false).await;
        assert_eq!(held.state, FileState::Quarantined);
        assert!(said(&held, "days_told_twice").contains("01.11.2026 – 30.11.2026"));
        assert_eq!(live(&t).await.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turnovers_of_the_same_period_correct_and_end_lines_even_where_exports_are_partial() {
    use sverka::domain::export_scope::Exports;
    for (mut t, _fresh) in companies().await {
        let mut config = (*t.app.config).clone();
        config.accounting.exports = Exports::Partial;
        t.app.config = config.into();
        take(&t, Grain::Turnovers, november(1, 30), &[(0, "Ромашка", 10), (0, "Вектор", 20)], false).await;
        t.at("2026-11-20T11:00:00Z");
        let held = take(&t, Grain::Turnovers, november(1, 30), &[(0, "Вектор", 21)], false).await;
        assert_eq!(held.state, FileState::Quarantined, "half of the lines are gone");
        let hold = t.holds().await.remove(0);
        assert_eq!(live(&t).await, pairs(&[("Вектор", 20), ("Ромашка", 10)]));
        take(&t, Grain::Turnovers, november(1, 30), &[(0, "Вектор", 21)], true).await;
        assert_eq!(live(&t).await, pairs(&[("Вектор", 21)]));
        // Its hold ends with a word, and nothing happens twice.
        let word = Release { by: "Смирнов".into(), reason: "x".into(), at: t.app.clock.now() };
        release::release(&t.app, &hold.id, &word, false).await.expect("taken in already");
        assert_eq!(live(&t).await, pairs(&[("Вектор", 21)]));
    }
}
