//! `dispute` and `finance prepare` as people type them: a line is contested by its code, a head decides, and what may not be
//! done says why. Deliberately absent: the rules themselves (`pipeline::disputed`, `pipeline::four_eyes`), answers of finance
//! (`answers`).

use sverka::domain::{line_code::LineCode, run::Job};

use super::{company, sverka};

#[tokio::test]
async fn a_line_is_contested_decided_taken_back_and_withdrawn() {
    let mut t = company().await;
    let dir = t.dir.path().to_owned();
    let code = LineCode::of(&t.ledger().await[0]).to_string();
    let nothing = sverka(&dir, &["dispute", "list"]);
    assert_eq!((nothing.code, nothing.stdout.trim()), (0, "ответа ничего не ждёт"), "{}", nothing.stderr);

    let text = ["--text", "клиент коллеги"];
    let open =
        |by: &str| sverka(&dir, &[&["dispute", "open", &code, "--kind", "not-mine", "--by", by], &text[..]].concat());
    let stranger = open("Никто");
    assert_eq!(stranger.code, 1);
    assert!(stranger.stderr.contains("в списке сотрудников нет «Никто»"), "{}", stranger.stderr);
    let other = open("Соколова Анна");
    assert_eq!(other.code, 1, "somebody else's line: {}", other.stdout);
    let opened = open("0101");
    assert_eq!(opened.code, 0, "{}", opened.stderr);
    for part in [code.as_str(), "Орлов Илья", "не мой клиент", "«клиент коллеги»", "ждёт ответа до"]
    {
        assert!(opened.stdout.contains(part), "{part}: {}", opened.stdout);
    }
    assert_eq!(open("0101").code, 1, "one line, one open dispute");
    let mistyped = sverka(&dir, &["dispute", "open", "0001-ZZ", "--kind", "retail", "--by", "0101"]);
    assert!(mistyped.code == 1 && mistyped.stderr.contains("0001-ZZ"), "{}", mistyped.stderr);

    let list = sverka(&dir, &["dispute", "list"]).stdout;
    assert!(list.contains("решить: ") && list.contains(&format!("dispute decide {code} withdraw|uphold")), "{list}");
    let json = sverka(&dir, &["--json", "dispute", "list"]).json();
    assert_eq!(
        (json[0]["case"]["dispute"]["code"].as_str(), json.as_array().map(Vec::len)),
        (Some(code.as_str()), Some(1))
    );

    let decide = |by: &str, ruling: &str| {
        sverka(&dir, &["dispute", "decide", &code, ruling, "--by", by, "--text", "акт передачи клиента"])
    };
    assert_eq!(decide("0101", "withdraw").code, 1, "never the owner of the line");
    let upheld = decide("Громова Елена", "uphold");
    assert_eq!(upheld.code, 0, "{}", upheld.stderr);
    assert!(upheld.stdout.contains("строка остаётся, Громова Елена: акт передачи клиента"), "{}", upheld.stdout);
    let again = decide("Громова Елена", "withdraw");
    assert!(again.code == 1 && again.stderr.contains("sverka dispute undo"), "{}", again.stderr);
    let undone = sverka(&dir, &["dispute", "undo", &code, "--by", "0001", "--text", "нашёлся акт"]);
    assert_eq!(undone.code, 0, "{}", undone.stderr);
    let withdrawn = decide("Громова Елена", "withdraw");
    assert_eq!(withdrawn.code, 0, "{}", withdrawn.stderr);
    assert!(withdrawn.stdout.contains("строка снята"), "{}", withdrawn.stdout);
    let all = sverka(&dir, &["--lang", "en", "dispute", "list", "--all"]).stdout;
    assert!(all.contains("not my client") && all.contains("the line is withdrawn"), "{all}");

    // The next run gives back what the line took.
    assert_eq!(t.balance().await.kopecks(), -500_00);
    assert!(t.run(Job::Audit).await.held.is_empty());
    assert_eq!(t.balance().await.kopecks(), 0);
}

#[tokio::test]
async fn a_close_is_prepared_by_somebody_of_the_people() {
    let t = company().await;
    let dir = t.dir.path();
    let prepared = sverka(dir, &["finance", "prepare", "--period", "2026-11", "--by", "0001"]);
    assert_eq!(prepared.code, 0, "{}", prepared.stderr);
    assert!(prepared.stdout.contains("закрытие 2026-11 подготовил(а) Громова Елена"), "{}", prepared.stdout);
    let english = sverka(dir, &["--lang", "en", "finance", "prepare", "--period", "2026-11", "--by", "Рябова Нина"]);
    assert!(english.stdout.contains("another person releases it"), "{}", english.stdout);
    let nobody = sverka(dir, &["finance", "prepare", "--period", "2026-11", "--by", "Никто"]);
    assert!(nobody.code == 1 && nobody.stderr.contains("табельный номер"), "{}", nobody.stderr);
    assert_ne!(sverka(dir, &["finance", "prepare", "--period", "ноябрь", "--by", "0001"]).code, 0, "no month");
}
