//! What must hold for every mail, whatever is in it.

use std::sync::LazyLock;

use sverka::{
    deliver::{HTML_LIMIT, audit_mail, message},
    domain::{finding::Finding, mail::FrozenMail, report::AuditReport, text::Lang, verdict::Status},
};

use super::{
    fixture::{Spec, case, context, entries, friday, mixed_week, person, sender, speaking, spec, warning},
    mails::{alert, audit, clean_week, held, hostile_week, statement, undelivered},
    monthly,
    readable::{amounts, read, visible},
};

/// 500 sales, most of them to report, with long names full of characters that HTML writes longer.
pub(super) fn long_week() -> Vec<Spec> {
    (0..500)
        .map(|n| {
            let status = match n % 5 {
                0 => Status::Uncertain,
                1 => Status::NotJudgeable,
                2 => Status::Pending,
                _ => Status::Missing,
            };
            let name = format!("ООО «Покупатель № {n}» & <{}>", "\"кавычки\" ".repeat(12));
            spec("2026-11-17", ["7", "8"][n % 2], &name, 1_000_000 + i64::try_from(n).expect("small"), status)
        })
        .collect()
}

static MAILS: LazyLock<Vec<FrozenMail>> = LazyLock::new(compose_all);

pub(super) fn every_mail() -> &'static [FrozenMail] {
    &MAILS
}

fn compose_all() -> Vec<FrozenMail> {
    let mut list = Vec::new();
    for lang in [Lang::Ru, Lang::En] {
        for specs in [&[][..], &clean_week(), &mixed_week(), &hostile_week(), &long_week()] {
            list.push(audit(specs, lang));
            list.push(statement(specs, &[], lang));
            if specs.iter().any(|s| s.who == "7" && s.status == Status::Missing) {
                list.push(alert(specs, lang));
            }
        }
        list.extend([held(lang, true), held(lang, false), undelivered(lang)]);
        list.extend(super::notices::all(lang));
        list.extend([monthly::company(true, lang), monthly::company(false, lang), monthly::pilot(lang)]);
    }
    list
}

#[test]
fn html_is_never_clipped_and_text_keeps_its_columns() {
    for mail in every_mail() {
        let read = read(&mail.bytes);
        assert!(read.html.len() < HTML_LIMIT, "{}: {} bytes", mail.key, read.html.len());
        for line in read.text.lines() {
            // A word that is longer than the line (a link, a name without spaces) may stand out.
            let breakable = line.trim().contains(' ');
            assert!(line.chars().count() <= 72 || !breakable, "{}: {line}", mail.key);
        }
    }
}

#[test]
fn bytes_are_plain_ascii_in_short_lines() {
    for mail in every_mail() {
        assert!(mail.bytes.is_ascii(), "{}: the mailer announces no 8BITMIME", mail.key);
        let longest = mail.bytes.split(|b| *b == b'\n').map(<[u8]>::len).max();
        assert!(longest < Some(998), "{}: a line of {longest:?} bytes", mail.key);
    }
}

#[test]
fn text_and_html_name_the_same_amounts() {
    let mut compared = 0;
    for mail in every_mail() {
        let read = read(&mail.bytes);
        let (text, html) = (amounts(&read.text), amounts(&visible(&read.html)));
        assert_eq!(text, html, "{}", mail.key);
        compared += text.len();
    }
    assert!(compared > 400, "only {compared} amounts found: the comparison has lost its eyes");
}

#[test]
fn a_list_that_was_cut_says_so_and_comes_as_a_file() {
    let mail = alert(&long_week(), Lang::Ru);
    let read = read(&mail.bytes);
    assert!(read.text.contains("в приложении"), "{}", read.text);
    let names = |mail: &FrozenMail| -> Vec<String> {
        super::readable::read(&mail.bytes).attachments.into_iter().map(|a| a.0).collect()
    };
    let lists = |mail: &FrozenMail| names(mail).iter().filter(|name| name.starts_with("Внести")).count();
    assert_eq!((lists(&mail), names(&mail).len()), (1, 2), "the list, and cards to import");
    assert_eq!(lists(&alert(&mixed_week(), Lang::Ru)), 0, "a list that fits is no file");
}

#[test]
fn lists_shrink_until_the_html_fits() {
    let quotes = "\"".repeat(300);
    let specs: Vec<Spec> = (0..60).map(|_| spec("2026-11-17", "7", &quotes, 1_000_000, Status::Missing)).collect();
    let (facts, mut outcome) = case(&specs);
    for wanted in &mut outcome.wanted {
        wanted.evidence.arithmetic = sverka::domain::text::Text::same(quotes.clone());
    }
    let finding = Finding { message: sverka::domain::text::Text::same(quotes), ..warning() };
    outcome.findings = vec![finding; 20];
    let head = speaking(&facts.roster, "101", Lang::Ru);
    let report = AuditReport::build(&facts, &outcome, &entries(&outcome), &[], &head, &context());
    let mail = audit_mail(&report, &head, &sender(), friday()).expect("a mail");
    let read = read(&mail.bytes);
    assert!(read.html.len() < HTML_LIMIT, "{}", read.html.len());
    assert!(read.text.contains("ещё 40: в приложении"), "20 of 60 fit: {} bytes", read.html.len());
    assert_eq!(amounts(&read.text), amounts(&visible(&read.html)));
}

#[test]
fn no_forbidden_word_is_written_in_either_language() {
    for mail in every_mail() {
        let read = read(&mail.bytes);
        let all = format!("{} {} {}", read.subject, read.text, visible(&read.html)).to_lowercase();
        for stem in ["штраф", "удерж", "penalt", "deduct"] {
            assert!(!all.contains(stem), "{}: {stem}", mail.key);
        }
        assert!(!all.split(|c: char| !c.is_alphanumeric()).any(|w| w == "fine" || w == "fines"), "{}", mail.key);
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_markup_stays_text() {
    for mail in every_mail() {
        let read = read(&mail.bytes);
        let html = read.html.to_lowercase();
        for tag in ["<script", "<link", "<iframe", "url(", "@import", "<form", "javascript:"] {
            assert!(!html.contains(tag), "{}: {tag}", mail.key);
        }
        for source in html.split("src=").skip(1) {
            assert!(source.starts_with("\"cid:"), "{}: {}", mail.key, source.chars().take(40).collect::<String>());
        }
        for link in html.split("href=\"").skip(1) {
            let target = link.split('"').next().unwrap_or_default().replace("&#x2f;", "/");
            assert!(target.starts_with("https://firma.example/"), "{}: {target}", mail.key);
        }
        assert_eq!(html.matches("<table").count(), html.matches("</table>").count(), "{}", mail.key);
    }
}

#[test]
fn no_string_becomes_a_header_line() {
    let mail = alert(&hostile_week(), Lang::Ru);
    let headers = String::from_utf8_lossy(&mail.bytes);
    let headers = headers.split("\r\n\r\n").next().unwrap_or_default();
    assert!(!headers.lines().any(|l| l.starts_with("Bcc")), "{headers}");
    assert!(!mail.subject.contains(['\n', '\r', '\u{202e}']), "{:?}", mail.subject);

    let (facts, outcome) = case(&hostile_week());
    let mut head = speaking(&facts.roster, "101", Lang::Ru);
    head.name = format!("Ильин\r\nBcc: evil@example.test\u{202e}{}", "я".repeat(300));
    let report = AuditReport::build(&facts, &outcome, &entries(&outcome), &[], &head, &context());
    let mut sender = sender();
    sender.name = "Сверка\nX-Evil: 1".to_owned();
    let mail = audit_mail(&report, &head, &sender, friday()).expect("a mail");
    let headers = String::from_utf8_lossy(&mail.bytes);
    let headers = headers.split("\r\n\r\n").next().unwrap_or_default();
    assert!(!headers.lines().any(|l| l.starts_with("Bcc") || l.starts_with("X-Evil")), "{headers}");
    assert_eq!(read(&mail.bytes).message_id, "audit.2026-W47.5.101@firma.example");
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for (first, second) in every_mail().iter().zip(&compose_all()) {
        assert_eq!(first, second, "{}", first.key);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 1_000, failure_persistence: None, ..Default::default() })]

    /// Whatever stands in a name, subject or key: no panic, no further header line, read back without controls.
    #[test]
    fn any_text_makes_a_sound_message(name: String, subject: String, key in ".{1,60}") {
        let parts = message::Parts {
            key,
            kind: sverka::domain::mail::MailKind::Alert,
            thread: name.clone(),
            reason: "manager",
            to_name: name,
            to_address: "a@firma.example".to_owned(),
            subject,
            text: "text".to_owned(),
            html: "<p>text</p>".to_owned(),
            pictures: Vec::new(),
            attached: Vec::new(),
        };
        let mail = message::freeze(parts, &sender(), friday()).expect("a message");
        let all = String::from_utf8(mail.bytes.clone()).expect("ASCII");
        let head = all.split("\r\n\r\n").next().unwrap_or_default();
        let known = ["From", "Reply-To", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
            "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "X-Sverka-Kind", "X-Sverka-Reason",
            "MIME-Version", "Content-Type"];
        for line in head.split("\r\n").filter(|l| !l.starts_with([' ', '\t'])) {
            let field = line.split(':').next().unwrap_or_default();
            proptest::prop_assert!(known.contains(&field), "{line}");
        }
        proptest::prop_assert!(!mail.subject.chars().any(char::is_control));
    }
}

#[test]
fn an_unusable_address_is_an_error_and_not_a_panic() {
    let (facts, outcome) = case(&[]);
    for address in ["", "no-at-sign", "a@b\r\nBcc: c@d", "a b@c", "<a@b>"] {
        let mut head = person("101", "Ильин Олег", "Розница", sverka::domain::org::Role::Head, Lang::Ru);
        head.email = address.to_owned();
        let report = AuditReport::build(&facts, &outcome, &[], &[], &head, &context());
        assert!(audit_mail(&report, &head, &sender(), friday()).is_err(), "{address:?}");
    }
}
