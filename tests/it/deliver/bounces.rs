//! Reports of failed delivery as mail servers write them, and a mail made over for a deputy. Deliberately absent: what
//! follows from a report (`pipeline::bounced`).

use sverka::{
    deliver::{bounce_report::read, redirect},
    domain::{
        bounce::BounceKind,
        mail::FrozenMail,
        org::Role,
        text::{Lang, Text},
    },
};

use super::{contents::every_mail, fixture::person, readable};

fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

/// As Exim 4.96 writes it.
const EXIM: &str = "X-Failed-Recipients: nosuch@firma.example\nAuto-Submitted: auto-replied\n\
From: Mail Delivery System <Mailer-Daemon@localhost>\nTo: sverka@firma.example\nReferences: <alert.2026-11-20.7@firma.example>\n\
Content-Type: multipart/report; report-type=delivery-status; boundary=b1\nMIME-Version: 1.0\n\
Subject: Mail delivery failed: returning message to sender\nMessage-Id: <E1xXUkF@localhost>\n\n--b1\n\
Content-type: text/plain; charset=us-ascii\n\nThis message was created automatically by mail delivery software.\n\n--b1\n\
Content-type: message/delivery-status\n\nReporting-MTA: dns; localhost\n\nAction: failed\n\
Final-Recipient: rfc822;nosuch@firma.example\nStatus: 5.0.0\n\n--b1\nContent-type: message/rfc822\n\n\
From: sverka@firma.example\nTo: nosuch@firma.example\nSubject: t\nMessage-ID:\n <alert.2026-11-20.7@firma.example>\n\nhi\n\n--b1--\n";

/// As Postfix writes it, with the headers of the returned mail only.
const POSTFIX: &str = "From: MAILER-DAEMON@mx.firma.example (Mail Delivery System)\nTo: sverka@firma.example\n\
Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"B/1\"\n\n--B/1\nContent-Description: Notification\n\
Content-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host mx.firma.example.\n\n--B/1\n\
Content-Description: Delivery report\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.firma.example\n\
X-Postfix-Sender: rfc822; sverka@firma.example\n\nFinal-Recipient: rfc822; p7@other.example\n\
Original-Recipient: rfc822;p7@firma.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.other.example\n\
Diagnostic-Code: smtp; 550 5.1.1 <p7@other.example>: Recipient address\n    rejected: User unknown in virtual mailbox table\n\n\
--B/1\nContent-Description: Undelivered Message Headers\nContent-Type: text/rfc822-headers\n\n\
From: sverka@firma.example\nMessage-ID: <audit.2026-W47.5.101@firma.example>\nSubject: x\n\n--B/1--\n";

#[test]
fn reports_of_exim_and_postfix_name_the_mail_the_address_and_the_cause() {
    let exim = read(&crlf(EXIM)).expect("a report");
    assert_eq!((exim.kind, exim.status.as_str()), (BounceKind::Hard, "5.0.0"));
    assert_eq!(exim.address, "nosuch@firma.example");
    assert_eq!(exim.ids[0], "<alert.2026-11-20.7@firma.example>");

    let postfix = read(&crlf(POSTFIX)).expect("a report");
    assert_eq!((postfix.kind, postfix.status.as_str()), (BounceKind::Hard, "5.1.1"));
    assert_eq!(postfix.address, "p7@firma.example");
    assert_eq!(postfix.ids, ["<audit.2026-W47.5.101@firma.example>"]);
    assert!(postfix.words.ends_with("User unknown in virtual mailbox table"), "{}", postfix.words);

    // Unix line ends, as a Maildir has them.
    assert_eq!(read(POSTFIX.as_bytes()).map(|r| (r.kind, r.ids)), Some((postfix.kind, postfix.ids)));
    let says = |from: &str, to: &str| read(&crlf(&POSTFIX.replace(from, to))).map(|r| (r.kind, r.status));
    assert_eq!(says("Action: failed", "Action: delayed"), Some((BounceKind::Delayed, "5.1.1".to_owned())));
    assert_eq!(says("Action: failed", "Action: delivered"), None);
    assert_eq!(says("5.1.1", "5.2.2"), Some((BounceKind::Soft, "5.2.2".to_owned())));
    assert_eq!(says("5.1.1", "4.4.7"), Some((BounceKind::Soft, "4.4.7".to_owned())));
    let general = POSTFIX.replace("Status: 5.1.1", "Status: 5.0.0").replace("550 5.1.1", "552 5.2.2");
    assert_eq!(read(&crlf(&general)).map(|r| r.kind), Some(BounceKind::Soft), "the words say more than 5.0.0");
}

#[test]
fn reports_in_words_are_read_and_other_mails_are_none() {
    let mail = |from: &str, subject: &str, more: &str, body: &str| {
        crlf(&format!("From: {from}\nTo: sverka@firma.example\nSubject: {subject}\n{more}\n{body}"))
    };
    let daemon = "Mail Delivery System <MAILER-DAEMON@mx.firma.example>";
    let returned = "\n------ This is a copy of the message, including all the headers. ------\n\n\
                    Message-ID: <alert.2026-11-20.7@firma.example>\nSubject: 550 5.1.1 is no cause here\n";
    let exim = format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered \
         to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  \
         nosuch@firma.example\n    Unrouteable address\n{returned}"
    );
    let report = read(&mail(daemon, "Mail delivery failed: returning message to sender", "", &exim)).expect("a report");
    assert_eq!((report.kind, report.address.as_str()), (BounceKind::Hard, "nosuch@firma.example"));
    assert_eq!((report.words.as_str(), report.status.as_str()), ("Unrouteable address", ""));
    assert_eq!(report.ids, ["<alert.2026-11-20.7@firma.example>"]);

    let postfix = "This is the mail system at host mx.\n\n<p7@firma.example>: host mx.other.example[192.0.2.1] said: 550 5.1.1\n    \
                   <p7@firma.example>: Recipient address rejected: User unknown (in reply to\n    RCPT TO command)\n";
    let report = read(&mail(daemon, "Undelivered Mail Returned to Sender", "", postfix)).expect("a report");
    assert_eq!(
        (report.kind, report.status.as_str(), report.address.as_str()),
        (BounceKind::Hard, "5.1.1", "p7@firma.example")
    );

    let qmail = "Hi. This is the qmail-send program at mx.\nI'm afraid I wasn't able to deliver your message to the following \
                 addresses.\n\n<p7@firma.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a \
                 copy of the message.\n\nMessage-ID: <audit.1@firma.example>\n";
    let report = read(&mail("MAILER-DAEMON@mx.firma.example", "failure notice", "", qmail)).expect("a report");
    assert_eq!((report.kind, report.status.as_str()), (BounceKind::Hard, "5.1.1"));
    assert_eq!(report.ids, ["<audit.1@firma.example>"]);

    let late =
        "A message that you sent has not yet been delivered. No action is required on your part. 451 greylisted\n";
    let report = read(&mail(daemon, "Warning: message delayed 24 hours", "", late)).expect("a report");
    assert_eq!(report.kind, BounceKind::Delayed);

    for (from, subject, more, body) in [
        ("Орлов Илья <orlov@firma.example>", "Re: Undelivered", "", "0001-7Q: розница, 550 5.1.1"),
        ("orlov@firma.example", "В отпуске", "Auto-Submitted: auto-replied\n", "Буду 550 числа"),
        (daemon, "Отчёт за неделю", "", "5.1.1"),
        ("postmaster@firma.example", "В отпуске", "Auto-Submitted: auto-replied\n", "could not be delivered"),
    ] {
        assert_eq!(read(&mail(from, subject, more, body)), None, "{subject}");
    }
    assert_eq!(read(b""), None);
}

/// A small generator of its own: the same changes at every run.
struct Rng(u64);

impl Rng {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

#[test]
fn whatever_lies_in_the_folder_nothing_panics_and_nothing_grows() {
    let mut rng = Rng(7);
    let seeds = [crlf(EXIM), crlf(POSTFIX), EXIM.as_bytes().to_vec(), every_mail()[0].bytes.clone()];
    for round in 0..4_000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=rng.below(12) {
            let at = rng.below(bytes.len());
            match rng.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, u8::try_from(rng.below(256)).unwrap_or(0)),
                2 => bytes.splice(at..at, "Ж: <\u{202e}@>\n\n".bytes()).for_each(drop),
                3 if !bytes.is_empty() => bytes[at] = u8::try_from(rng.below(256)).unwrap_or(0),
                _ => {
                    let to = (at + rng.below(200)).min(bytes.len());
                    let piece = bytes[at.min(to)..to].to_vec();
                    bytes.extend(piece);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        if let Some(report) = read(&bytes) {
            assert!(report.words.chars().count() <= 300 && report.ids.len() <= 40);
        }
    }
}

/// The mail as its deputy gets it.
fn redirected(mail: &FrozenMail, lang: Lang) -> FrozenMail {
    let deputy = person("8", "Сидорова Мария", "Розница", Role::Manager, lang);
    let why = Text::new("Письмо для: <Петров Пётр> & Ко.", "Mail for: <Петров Пётр> & Co.");
    redirect::to_deputy(mail, &format!("{}.for.8", mail.key), &deputy, &why).expect("a copy")
}

#[test]
fn a_deputy_gets_the_same_mail_with_one_line_more() {
    for mail in every_mail() {
        let copy = redirected(mail, Lang::Ru);
        let (before, after) = (readable::read(&mail.bytes), readable::read(&copy.bytes));
        assert_eq!(copy.recipient, "p8@firma.example");
        assert_eq!(format!("<{}>", after.message_id), copy.message_id);
        assert_ne!(copy.message_id, mail.message_id);
        assert_eq!(after.attachments, before.attachments, "{}", mail.key);
        let changed: Vec<&str> =
            before.headers.iter().zip(&after.headers).filter(|(a, b)| a.1 != b.1).map(|(_, b)| b.0.as_str()).collect();
        assert_eq!(changed, ["To", "Message-ID"], "{}", mail.key);
        assert_eq!(after.text, format!("Письмо для: <Петров Пётр> & Ко.\n\n{}", before.text), "{}", mail.key);
        if !before.html.is_empty() {
            assert!(after.html.contains("Письмо для: &lt;Петров Пётр&gt; &amp; Ко.</p>"), "{}", mail.key);
            let from = after.html.find("\n<p style=\"margin:0;padding:12px").expect("the line");
            let to = from + after.html[from..].find("</p>\n").expect("its end") + "</p>\n".len();
            assert_eq!(format!("{}{}", &after.html[..from], &after.html[to..]), before.html, "{}", mail.key);
        }
        assert!(copy.bytes.is_ascii(), "{}", mail.key);
        assert_eq!(redirected(mail, Lang::Ru).bytes, copy.bytes, "the same copy however often it is made");
    }
}
