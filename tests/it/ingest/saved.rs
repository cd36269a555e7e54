//! Layouts of a company's own: named by hand, saved, edited, read again, and wrong ones named with their line.

use std::{path::Path, process::Command};

use sverka::ingest::layout::{COLUMN_ROLES, LEVEL_ROLES};

use super::program;

const REPORT: &str = "Отгрузки за Июнь 2026 г.\nВедущий;Отгружено\nПлательщик;\nНакладная;\nИванов И. И.;157,50\n  ВЕКТОР ООО;150,50\n    Реализация УТ-1 от 01.06.2026 10:00:00;100,00\n    Реализация УТ-2 от 02.06.2026 11:00:00;50,50\n  Лютик ИП;7,00\n    Реализация УТ-3 от 02.06.2026 12:00:00;7,00\nИтого;157,50\n";

fn inspect(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(program())
        .current_dir(folder)
        .env_remove("SVERKA_LANG")
        .args(["inspect", "Отгрузки.csv"])
        .args(arguments)
        .output()
        .expect("run");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).expect("text"))
}

#[test]
fn a_mapping_by_hand_is_saved_edited_and_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Отгрузки.csv"), REPORT).expect("write");
    let (code, text) = inspect(folder.path(), &[]);
    assert_eq!(code, Some(2), "nobody knows what «Отгружено» is: {text}");
    let by_hand = ["--map", "amount=Отгружено", "--levels", "manager,counterparty,number"];
    let (code, text) = inspect(folder.path(), &by_hand);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("157,50") && text.contains("менеджер → контрагент → документ"), "{text}");
    let (code, text) = inspect(folder.path(), &[&by_hand[..], &["--save-layout"]].concat());
    assert_eq!(code, Some(0), "{text}");
    let saved = folder.path().join("layouts/Отгрузки.toml");
    let layout = std::fs::read_to_string(&saved).expect("the layout");
    insta::assert_snapshot!("a_saved_layout", layout);
    let (code, text) = inspect(folder.path(), &["--json"]);
    assert_eq!(code, Some(0), "read by the saved layout: {text}");
    assert!(text.contains("\"total_kopecks\": 15750"), "{text}");
    let (code, text) = inspect(folder.path(), &["--save-layout"]);
    assert_eq!(code, Some(1), "never overwritten: {text}");
    std::fs::write(&saved, layout.replace("role = \"amount\"", "role = \"summa\"")).expect("write");
    let (code, text) = inspect(folder.path(), &[]);
    assert_eq!(code, Some(3));
    assert!(text.contains("Отгрузки.toml, строка") && text.contains("summa"), "{text}");
}

#[test]
fn an_unknown_role_is_answered_with_the_list() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("Отгрузки.csv"), REPORT).expect("write");
    for wrong in [&["--map", "summa=Отгружено"][..], &["--levels", "клиентура"], &["--map", "amount"]]
    {
        let (code, text) = inspect(folder.path(), wrong);
        assert_eq!(code, Some(1));
        assert!(text.contains("amount") || text.contains("counterparty"), "{text}");
    }
}

#[test]
fn the_page_about_layouts_names_every_role() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/layouts.md")).expect("the page");
    let words: Vec<&str> = page.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    for role in COLUMN_ROLES.iter().chain(&LEVEL_ROLES) {
        assert!(words.contains(role), "{role}");
    }
}
