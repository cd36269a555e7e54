//! `demo`: runs without anything, leaves a page and a company that every hinted command works on.

use std::{fs, path::Path, process::Command};

use sverka::{cli::demo::ways::WAYS, deliver::reader};

use super::{calendars, sverka};
use crate::deliver::browser::chromium;

/// What each of the thirteen ways shows, in the mail or in the answer of the command that the page names for it.
const SEEN: [&str; 13] = [
    "ГРАНИТ-СЕРВИС",
    "ГРАНИТ-СЕРВИС",
    "карточки заполнены на",
    "как для сегмента «крупные»",
    "меньше трёх месяцев",
    "писали двое и больше",
    "Карточка месяца",
    "рано судить",
    "1.",
    "Снижение премии",
    "конкурс, место ",
    "СДЕЛКИ ЖДУТ РЕШЕНИЯ РУКОВОДИТЕЛЯ",
    "Ньюкомб",
];

fn every_way_is_seen(dir: &std::path::Path) {
    assert_eq!(WAYS.len(), SEEN.len());
    for (at, (way, seen)) in WAYS.iter().zip(SEEN).enumerate() {
        let mut shown = String::new();
        if !way.mail.is_empty() {
            let mail = sverka(dir, &["-c", "show/sverka.toml", "outbox", "show", way.mail]);
            assert_eq!(mail.code, 0, "{}: {}", way.title, mail.stderr);
            shown.push_str(&reader::read(mail.stdout.as_bytes()).text);
        }
        if !way.command.is_empty() {
            let command = way.command.replace("demo/", "show/");
            let ran = sverka(dir, &command.split_whitespace().skip(1).collect::<Vec<_>>());
            assert_eq!(ran.code, 0, "{command}: {}", ran.stderr);
            shown.push_str(&ran.stdout);
        }
        let shown = shown.replace('\u{a0}', " ");
        assert!(shown.contains(seen), "{}. {}: no «{seen}» in {shown}", at + 1, way.title);
    }
}

#[test]
fn the_demo_runs_and_every_hint_it_prints_works() {
    let dir = tempfile::tempdir().expect("a folder");
    let ran = sverka(dir.path(), &["demo", "--dir", "show"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let root = dir.path().join("show");
    let page = fs::read_to_string(root.join("index.html")).expect("the page");
    assert!(page.contains("audit.2026-W46.5"), "the mails are in the page");
    assert!(!page.contains("src=\"http") && !page.contains("src=\\\"http"), "nothing is loaded from elsewhere");
    let messages = fs::read_dir(root.join("mails")).expect("the messages").count();
    assert_eq!(messages, 52);
    for part in [
        "149 продаж, 1 возврат",
        "не занесён: 3",
        "28 записей, вместе −45 524,37",
        "1 файл (строки",
        "страниц месяца 18",
        "52 письма",
    ] {
        let text = ran.stdout.replace('\u{a0}', " ");
        assert!(text.contains(part), "{part}: {text}");
    }
    read_by_keys(&page, &root);
    calendars(&root);
    let mut tried = 0;
    for line in ran.stdout.lines().filter_map(|line| line.trim().strip_prefix("sverka ")) {
        // The words before the run of blanks are the command; quotes hold a path together.
        let command = line.split("   ").next().unwrap_or(line).trim();
        let arguments: Vec<String> = command
            .split('"')
            .enumerate()
            .flat_map(|(i, part)| match i % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect(),
                _ => vec![part.to_owned()],
            })
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let hinted = sverka(dir.path(), &arguments);
        assert_eq!(hinted.code, 0, "{command}: {}", hinted.stderr);
        assert!(!hinted.stdout.trim().is_empty(), "{command}");
        tried += 1;
    }
    assert_eq!(tried, 7);
    every_way_is_seen(dir.path());

    let foreign = dir.path().join("foreign");
    fs::create_dir(&foreign).expect("a folder");
    fs::write(foreign.join("letter.txt"), "mine").expect("a file");
    let refused = sverka(dir.path(), &["--lang", "en", "demo", "--dir", "foreign"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("not empty"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(foreign.join("letter.txt")).expect("a file"), "mine");
}

/// The page in a real browser, by the keys alone: every view of a mail shows something, the toggles turn, nothing scrolls
/// sideways on a screen of a telephone's width.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn read_by_keys(page: &str, root: &Path) {
    let Some(browser) = chromium() else {
        println!("skipped in part: no Chromium");
        return;
    };
    let file = root.join("keys.html");
    let script = include_str!("demo_keys.js");
    fs::write(&file, page.replacen("</body>", &format!("<script>{script}</script></body>"), 1)).expect("a page");
    let output = Command::new(browser)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=500,900"])
        .arg(format!("--user-data-dir={}", root.join("profile").display()))
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .output()
        .expect("the browser runs");
    let dom = String::from_utf8_lossy(&output.stdout);
    let said = dom.split_once("RESULT").and_then(|(_, rest)| rest.split_once("END")).map(|(said, _)| said);
    let said = said.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(said, "[]", "what the page does wrong");
}
