//! Mails as files: complete or not there, once, whatever was killed before.

use std::fs;

use sverka::{
    deliver::{Delivery, Mailer, MemoryBox},
    domain::{mail::FrozenMail, text::Lang},
};

use super::{
    fixture::mixed_week,
    mails::{alert, statement},
};

fn names(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_mail_is_one_file_however_often_it_is_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("outbox");
    let mailer = Mailer::Directory(target.clone());
    let mail = statement(&mixed_week(), &[], Lang::Ru);
    for _ in 0..2 {
        assert!(matches!(mailer.send(&mail).await, Delivery::Accepted(_)));
    }
    assert_eq!(names(&target), ["statement.2026-11=2F1.12.eml"]);
    assert_eq!(fs::read(target.join("statement.2026-11=2F1.12.eml")).expect("a mail"), mail.bytes);
}

#[tokio::test]
async fn leftovers_of_a_killed_process_neither_count_nor_stay_in_the_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = alert(&mixed_week(), Lang::Ru);
    let mailer = Mailer::Directory(folder.path().to_path_buf());
    assert!(matches!(mailer.send(&mail).await, Delivery::Accepted(_)));
    // The state right before the rename: a part of the file under its temporary name.
    let eml = folder.path().join(format!("{}.eml", mail.key));
    let (hash, _) = part_name(&mail);
    fs::remove_file(&eml).expect("the mail");
    fs::write(folder.path().join(&hash), &mail.bytes[..100]).expect("a part");
    assert!(matches!(mailer.send(&mail).await, Delivery::Accepted(_)));
    assert_eq!(fs::read(&eml).expect("a mail"), mail.bytes);
    assert_eq!(names(folder.path()), [format!("{}.eml", mail.key)]);
}

fn part_name(mail: &FrozenMail) -> (String, usize) {
    use sha2::{Digest, Sha256};
    (format!(".{}.part", sverka::deliver::message::hex(&Sha256::digest(&mail.bytes), 16)), 16)
}

#[tokio::test]
async fn another_mail_under_the_same_name_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = alert(&mixed_week(), Lang::Ru);
    let other = alert(&mixed_week(), Lang::En);
    assert_eq!(mail.key, other.key);
    let mailer = Mailer::Directory(folder.path().to_path_buf());
    assert!(matches!(mailer.send(&mail).await, Delivery::Accepted(_)));
    assert!(matches!(mailer.send(&other).await, Delivery::OurConfig(_)));
    assert_eq!(fs::read(folder.path().join(format!("{}.eml", mail.key))).expect("a mail"), mail.bytes);
}

#[tokio::test]
async fn keys_cannot_leave_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("outbox");
    let mailer = Mailer::Directory(inside.clone());
    for key in ["../../etc/passwd", "..", "", "a/b\\c:d", &"я".repeat(400)] {
        let mail = FrozenMail { key: key.to_owned(), ..alert(&mixed_week(), Lang::Ru) };
        assert!(matches!(mailer.send(&mail).await, Delivery::Accepted(_)), "{key}");
    }
    assert_eq!(names(&inside).len(), 5);
    assert_eq!(names(folder.path()), ["outbox"]);
}

#[tokio::test]
async fn memory_answers_as_scripted() {
    let memory = MemoryBox::default();
    memory.script([Delivery::Retry("451".to_owned())]);
    let mailer = Mailer::Memory(memory.clone());
    let mail = alert(&mixed_week(), Lang::Ru);
    assert_eq!(mailer.send(&mail).await, Delivery::Retry("451".to_owned()));
    assert!(matches!(mailer.send(&mail).await, Delivery::Accepted(_)));
    assert_eq!(memory.mails(), [mail]);
}
