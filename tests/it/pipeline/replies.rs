//! Replies saved as mails: what they contest and what they do not. Deliberately absent: what a dispute does (`disputed`).

use std::fs;

use sverka::{
    domain::{dispute::Claim, line_code::LineCode, run::Job},
    pipeline::{disputes, replies},
};

use crate::app::{PEOPLE, POLICY, TestApp};

const VEKTOR: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

fn mail(from: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "From: {from}\r\nTo: sverka@firma.example\r\nSubject: Re: statement\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    );
    [head.as_bytes(), body.replace('\n', "\r\n").as_bytes()].concat()
}

#[test]
fn a_reply_contests_the_codes_of_its_own_words_only() {
    // Codes of made-up entries: only their form counts here.
    let code = |seq: i64| {
        (b"0123456789ABCDEFGHJKMNPQRSTVWXYZ").iter().find_map(|sign| {
            let text = format!("{seq:04}-0{}", char::from(*sign));
            LineCode::parse(&text).ok().map(|code| code.to_string())
        })
    };
    let (one, two, three) = (code(1).expect("a code"), code(2).expect("a code"), code(3).expect("a code"));
    let body = format!(
        "Добрый день!\n{one}: в CRM есть: ID 4711, под именем холдинга\n{} это не мой клиент\n\n\
         27.11.2026 17:00, Сверка пишет:\n> Орлов Илья: −500,00, код {three}\n{three}\n",
        two.to_lowercase()
    );
    let read = replies::read(&mail("Орлов Илья <orlov@firma.example>", &body));
    assert_eq!(read.from, "orlov@firma.example");
    assert_eq!(
        read.lines,
        [(one, Claim::InCrm, Some("4711".to_owned())), (two, Claim::NotMine, None)],
        "what is quoted is not contested"
    );
    assert!(read.text.contains("под именем холдинга") && !read.text.contains("пишет"), "{}", read.text);
    for (words, claim) in [
        ("розница, частное лицо", Claim::Retail),
        ("это дубль", Claim::Duplicate),
        ("мне не засчитали", Claim::NotCredited),
        ("it is in the CRM, ID: A-7", Claim::InCrm),
    ] {
        let code = code(9).expect("a code");
        assert_eq!(replies::read(&mail("a@b.ru", &format!("{code} {words}"))).lines[0].1, claim, "{words}");
    }
    // Numbers of documents, dates and sums are no codes.
    assert_eq!(replies::read(&mail("a@b.ru", "№ 0000-000001 от 09-11-2026 на 1000-00, тел. 8-495")).lines, []);
    assert_eq!(replies::read(b"\xff\x00 no mail at all").lines, []);
}

#[tokio::test]
async fn a_saved_reply_opens_a_dispute_once_and_says_why_another_does_not() {
    let more = "[disputes]\nfolder = \"inbox/replies\"\n";
    let mut t = TestApp::with("2026-11-27T14:00:00Z", more, POLICY, PEOPLE).await;
    fs::create_dir_all(t.dir.path().join("inbox/replies")).expect("a folder");
    t.drop_sales(
        "Ноябрь.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "10.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Орлов Илья;500000,00",
        ],
    );
    t.drop_crm(&[VEKTOR]);
    t.ingest().await;
    t.run(Job::Audit).await;
    let code = LineCode::of(&t.ledger().await[0]).to_string();
    let put = |name: &str, from: &str| {
        let text = format!("{code}: розница");
        fs::write(t.dir.path().join("inbox/replies").join(name), mail(from, &text)).expect("a mail");
    };
    put("чужой.eml", "someone@else.example");
    put("коллега.eml", "sokolova@firma.example");
    put("орлов.eml", "Orlov@Firma.example");
    let remarks = |intake: sverka::pipeline::intake::Intake| -> Vec<String> {
        intake.remarks.into_iter().filter(|r| r.code == "reply_mail").map(|r| r.message.ru).collect()
    };
    let said = remarks(t.ingest().await);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().any(|s| s.contains("someone@else.example")), "{said:?}");
    assert!(said.iter().any(|s| s.contains("только свои строки")), "{said:?}");
    let cases = disputes::all(&t.app).await.expect("cases");
    assert_eq!((cases.len(), cases[0].dispute.claim, cases[0].dispute.by.0.as_str()), (1, Claim::Retail, "0101"));
    // The same mails again: nothing happens and nothing is said.
    assert_eq!(remarks(t.ingest().await), Vec::<String>::new());
    assert_eq!(disputes::all(&t.app).await.expect("cases").len(), 1);
}
