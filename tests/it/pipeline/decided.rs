//! Decisions of people and the money behind them: one company, a key and an id that change, a workbook by mail.

use sverka::{
    domain::{
        decisions::Seen,
        run::Job,
        verdict::{Decision, DecisionKind},
    },
    pipeline,
};

use crate::{
    app::{TestApp, utc},
    deliver::readable::read,
};

const A: &str = "7707083893";
const B: &str = "7743013901";

fn vektor() -> &'static str {
    "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00"
}

async fn company(at: &str) -> TestApp {
    let mut t = TestApp::new(at).await;
    t.drop_sales(
        "Продажи.csv",
        &[
            &format!("02.11.2026;0000-000001;Гефест-Промтехносфера ООО;{A};Орлов Илья;10000,00"),
            "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
        ],
    );
    t.drop_crm(&[vektor(), "7;Совсем другое имя;;;01.02.2026 10:00:00"]);
    t.ingest().await;
    t
}

/// Records a decision on the facts of now.
async fn decide(t: &TestApp, id: &str, party: &str, kind: DecisionKind) {
    let view = pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    let facts = &view.loaded.facts;
    let party = facts.parties.iter().find(|p| p.name.contains(party)).expect("a party").key.clone();
    let decision =
        Decision {
            id: id.into(), at: t.app.clock.now(), author: "Громова".into(), party, kind, note: String::new()
        };
    let seen = Seen::of(&decision, &facts.parties, &facts.records);
    let mut tx = t.app.db.begin().await.expect("a transaction");
    tx.add_decision_seen(&decision, &seen).await.expect("a decision");
    tx.commit().await.expect("a commit");
}

async fn record(t: &TestApp, id: &str) -> sverka::domain::crm::CrmId {
    let view = pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    view.loaded.facts.records.iter().find(|r| r.record.id.id == id).expect("a record").record.id.clone()
}

#[tokio::test]
async fn a_confirmed_match_survives_the_code_of_its_buyer_and_the_new_id_of_its_record() {
    let mut t = company("2026-11-20T14:00:00Z").await;
    let seven = record(&t, "7").await;
    decide(&t, "d1", "Гефест", DecisionKind::Confirm(seven)).await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), 0);

    // Accounting sends its list with codes: the buyer has another key now.
    t.at("2026-11-21T14:00:00Z");
    let list =
        format!("Код;Наименование;ИНН;КПП\r\nK-7;Гефест-Промтехносфера ООО;{A};\r\nK-8;ВЕКТОР ООО;7701234560;\r\n");
    t.drop_file("inbox/accounting", "Контрагенты.csv", list.as_bytes());
    let taken = t.ingest().await;
    assert_eq!(taken.accepted.len(), 1, "{taken:?}");
    let done = t.run(Job::Audit).await;
    assert_eq!((done.held.len(), t.balance().await.kopecks()), (0, 0));
    let view = pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    assert_eq!(view.loaded.standings.0[0].parties[0].0, "K-7");

    // The CRM is imported anew under other ids, without its dates; the client was in time all the same.
    t.at("2026-11-22T14:00:00Z");
    t.drop_crm(&[
        "1001;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00",
        "1007;Совсем другое имя;;8 (495) 765-43-21;22.11.2026 10:00:00",
    ]);
    t.ingest().await;
    let view = pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    let standing = &view.loaded.standings.0[0];
    // Nothing but the name agrees: that is no proof, and it is said.
    assert_eq!(standing.alias, None);
    assert!(standing.orphaned.as_ref().is_some_and(|o| o.ru.contains("больше нет в CRM")), "{standing:?}");
    assert!(view.loaded.findings.iter().any(|f| f.code == "decisions_in_question"), "{:?}", view.loaded.findings);
    assert_eq!(view.outcome.verdicts.iter().find(|v| v.party.0 == "K-7").map(|v| v.verdict.code()), Some("in_crm"));
}

#[tokio::test]
async fn one_company_in_two_cards_costs_nothing_once_a_person_says_so() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_sales(
        "Продажи.csv",
        &[
            &format!("02.11.2026;0000-000001;Гефест-Промтехносфера ООО;{A};Орлов Илья;10000,00"),
            &format!("02.11.2026;0000-000002;Северный ветер;{B};Орлов Илья;10000,00"),
            "02.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
        ],
    );
    t.drop_crm(&[vektor(), &format!("2;Гефест-Промтехносфера;{A};;01.02.2026 10:00:00")]);
    t.ingest().await;
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -500_00);
    let view = pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    let gefest = view.loaded.facts.parties.iter().find(|p| p.name.contains("Гефест")).expect("a party").key.clone();
    decide(&t, "d1", "Северный", DecisionKind::Same(gefest)).await;
    t.at("2026-11-20T15:00:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), 0, "in the CRM in time, as the other card");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    assert!(tx.undo_decision("d1", "Громова", utc("2026-11-20T16:00:00Z"), "разные").await.expect("an undo"));
    tx.commit().await.expect("a commit");
    t.at("2026-11-20T16:30:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -500_00);
}

#[tokio::test]
async fn the_workbook_of_the_audit_comes_back_as_decisions() {
    let mut t = TestApp::new("2026-11-20T14:00:00Z").await;
    t.drop_sales(
        "Продажи.csv",
        &[
            &format!("02.11.2026;0000-000001;Гефест-Промтехносфера ООО;{A};Орлов Илья;10000,00"),
            "02.11.2026;0000-000002;ВЕКТОР ООО;7701234560;Орлов Илья;90000,00",
        ],
    );
    t.drop_crm(&[
        vektor(),
        "2;ООО Гефест-Промтехносфера;;;01.02.2026 10:00:00",
        "3;Гефест Промтехносфера ООО;;;01.02.2026 10:00:00",
    ]);
    t.ingest().await;
    t.run(Job::Audit).await;
    let mail = t.mails().await.into_iter().find(|m| m.mail.key.starts_with("audit.")).expect("an audit");
    let attached = read(&mail.mail.bytes).attachments;
    let names: Vec<&str> = attached.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Сверка 2026, неделя 47.xlsx", "На разбор 2026, неделя 47.xlsx"]);

    // An untouched workbook changes nothing.
    let path = t.dir.path().join("back.xlsx");
    std::fs::write(&path, &attached[1].1).expect("a file");
    let plan = pipeline::review::import(&t.app, &path, "Громова", false).await.expect("a plan");
    assert_eq!((plan.empty, plan.apply.len(), plan.refused.len()), (1, 0, 0), "{plan:?}");
    let view = pipeline::view(&t.app, t.app.clock.now()).await.expect("a view");
    assert!(view.loaded.standings.0.is_empty());

    // Filled in: neither of the two is the client. The answer costs what an absence costs, and can be taken back.
    std::fs::write(&path, with_answer(&attached[1].1, "нет в CRM")).expect("a file");
    let plan = pipeline::review::import(&t.app, &path, "Громова", false).await.expect("a plan");
    assert_eq!((plan.apply.len(), plan.apply[0].1.len(), plan.refused.len()), (1, 2, 0), "{plan:?}");
    t.at("2026-11-20T15:00:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), -500_00);
    let again = pipeline::review::import(&t.app, &path, "Громова", false).await.expect("a plan");
    assert_eq!((again.apply.len(), again.unchanged.len()), (0, 1), "{again:?}");
    let mut tx = t.app.db.begin().await.expect("a transaction");
    for decision in tx.decisions_in_force().await.expect("decisions") {
        assert!(tx.undo_decision(&decision.id, "Громова", t.app.clock.now(), "").await.expect("an undo"));
    }
    tx.commit().await.expect("a commit");
    t.at("2026-11-20T16:00:00Z");
    t.run(Job::Audit).await;
    assert_eq!(t.balance().await.kopecks(), 0);
}

/// The workbook with an answer in its first row, as a spreadsheet program writes it.
fn with_answer(book: &[u8], answer: &str) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut from = zip::ZipArchive::new(Cursor::new(book)).expect("a container");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut entry = from.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("bytes");
        if name == "xl/worksheets/sheet1.xml" {
            let xml = String::from_utf8(bytes).expect("XML");
            let (before, rest) = xml.split_once("<c r=\"J2\"").expect("the cell of the answer");
            let (_, after) = rest.split_once("/>").expect("an empty cell");
            let cell = format!("<c r=\"J2\" t=\"inlineStr\"><is><t>{answer}</t></is></c>");
            bytes = format!("{before}{cell}{after}").into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        to.write_all(&bytes).expect("bytes");
    }
    to.finish().expect("a container").into_inner()
}
