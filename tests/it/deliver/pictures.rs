//! Charts in the weekly audit: each shown picture is in the message once and says its finding in words; without a past there
//! is none and the mail is the same otherwise.

use sverka::{
    deliver::{audit_mail, reader},
    domain::{
        money::Rate,
        org::EmployeeId,
        report::{AuditFigures, AuditReport},
        text::Lang,
    },
};

use super::{
    fixture::{case, context, entries, friday, mixed_week, sender, speaking},
    mails::audit,
    readable::{amounts, read, visible},
};

/// Width and height that a PNG names.
fn size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

#[test]
fn every_picture_is_shown_and_every_shown_picture_is_there() {
    let mail = audit(&mixed_week(), Lang::Ru);
    let read = read(&mail.bytes);
    let source = String::from_utf8(mail.bytes.clone()).expect("ASCII");
    assert!(source.contains("multipart/related"), "the pictures belong to the text");
    let shown: Vec<&str> = read.html.split("src=\"cid:").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(shown.len(), 2, "the team and the one manager whose shares moved: {shown:?}");
    for id in &shown {
        assert_eq!(read.pictures.iter().filter(|(own, _)| own == id).count(), 1, "{id}");
    }
    assert_eq!(read.pictures.len(), shown.len(), "nothing comes along unseen");
    let page = reader::page(&mail.bytes);
    assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 2);
    assert!(!page.contains("cid:"));
    assert!(read.attachments.iter().all(|(name, _)| name.contains("неделя")), "a picture is no attachment");
}

#[test]
fn a_picture_has_the_points_of_a_fine_screen_and_its_finding_in_words() {
    for (lang, weeks, line) in [
        (Lang::Ru, "Занесено: 8·недель, с 60·% до ", "Петров Пётр: занесено с 30·% до "),
        (Lang::En, "Entered: 8·weeks, from 60% to ", "Петров Пётр: entered from 30% to "),
    ] {
        let read = read(&audit(&mixed_week(), lang).bytes);
        let html = read.html.replace('\u{a0}', "·");
        for words in [weeks, line] {
            assert!(html.contains(&format!("alt=\"{words}")), "{words}: {html}");
        }
        for tag in read.html.split("<img ").skip(1) {
            let value = |name: &str| -> u32 {
                let rest = tag.split_once(&format!("{name}=\"")).expect("a size").1;
                rest.split('"').next().and_then(|n| n.parse().ok()).expect("a number")
            };
            let id = tag.split_once("cid:").expect("an id").1.split('"').next().unwrap_or_default();
            let png = &read.pictures.iter().find(|(own, _)| own == id).expect("a picture").1;
            assert_eq!(size(png), (2 * value("width"), 2 * value("height")));
            assert!(png.len() < 20_000, "{} bytes", png.len());
        }
        // The figures of the chart stand in the text too.
        for (week, share) in [(40, "60"), (45, "42,5"), (46, "40")] {
            let figure = match lang {
                Lang::Ru => format!("{week}-я {share} %"),
                Lang::En => format!("W{week} {}%", share.replace(',', ".")),
            };
            for part in [&read.text, &visible(&read.html)] {
                assert!(part.replace('\u{a0}', " ").contains(&figure), "{figure}: {part}");
            }
        }
    }
}

#[test]
fn without_a_past_there_is_no_picture_and_no_gap() {
    let (facts, outcome) = case(&mixed_week());
    let head = speaking(&facts.roster, "101", Lang::Ru);
    let one = AuditFigures { week: "2026-W46".to_owned(), ..AuditFigures::default() };
    let report = AuditReport::build(&facts, &outcome, &entries(&outcome), &[one], &head, &context());
    let bytes = audit_mail(&report, &head, &sender(), friday()).expect("a mail").bytes;
    let mail = read(&bytes);
    assert!(mail.pictures.is_empty() && !mail.html.contains("<img"));
    assert!(!String::from_utf8(bytes).expect("ASCII").contains("multipart/related"));
    assert_eq!(amounts(&mail.text), amounts(&visible(&mail.html)));
}

#[test]
fn managers_with_the_same_shares_share_one_picture() {
    let (facts, outcome) = case(&mixed_week());
    let head = speaking(&facts.roster, "1", Lang::Ru);
    let past = |week: u32, bp| AuditFigures {
        week: format!("2026-W{week}"),
        managers: ["7", "8", "9"].map(|id| (EmployeeId(id.to_owned()), Rate::from_bp(bp))).into(),
        ..AuditFigures::default()
    };
    let mut report =
        AuditReport::build(&facts, &outcome, &entries(&outcome), &[past(45, 100), past(46, 9_000)], &head, &context());
    for manager in &mut report.managers {
        manager.trend = vec![Rate::from_bp(100), Rate::from_bp(9_000)];
    }
    let mail = read(&audit_mail(&report, &head, &sender(), friday()).expect("a mail").bytes);
    assert_eq!((mail.html.matches("<img").count(), mail.pictures.len()), (3, 1));
}
