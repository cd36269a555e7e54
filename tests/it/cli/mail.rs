//! `outbox`: what is shown is what left, byte for byte.

use std::fs;

use super::{company, sverka};

#[tokio::test]
async fn show_prints_the_bytes_of_the_file_in_the_outbox_folder() {
    let t = company().await;
    let dir = t.dir.path();
    let list = sverka(dir, &["--json", "outbox", "list"]).json();
    let mails = list.as_array().expect("a list");
    assert!(!mails.is_empty());
    let files: Vec<String> = fs::read_dir(dir.join("outbox"))
        .expect("the folder")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|e| e == "eml"))
        .map(|path| fs::read_to_string(path).expect("a mail"))
        .collect();
    assert_eq!(files.len(), mails.len());
    for mail in mails {
        let key = mail["key"].as_str().expect("a key");
        let shown = sverka(dir, &["outbox", "show", key]);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert!(files.contains(&shown.stdout), "{key} differs from every file");
        assert_eq!(sverka(dir, &["outbox", "retry", key]).code, 1, "what left is not sent again");
    }
    let unknown = sverka(dir, &["--lang", "en", "outbox", "show", "nothing"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (1, ""));
    assert_eq!(unknown.stderr, "error: there is no mail “nothing”\n  hint: list them: sverka outbox list\n");
}
