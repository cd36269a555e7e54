//! Mails that come back: the deputy gets them, an address that two came back from is suspended, nothing is lost and nobody
//! is told twice. Deliberately absent: how reports are written (`deliver::bounces`), a real mail system (`daemon::mta`).

use std::fs;

use sverka::{
    domain::{mail::MailState, run::Job},
    pipeline::{bounces, send},
};

use crate::app::{PEOPLE, POLICY, TestApp};

const CRM: &str = "1;ООО «Вектор»;7701234560;+7 495 123-45-67;12.01.2026 10:00:00";

fn report(of: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.firma.example\nTo: sverka@localhost\nSubject: Undelivered Mail Returned to Sender\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; whoever@else.example\n\
         Action: failed\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} no\n\n--b\nContent-Type: text/rfc822-headers\n\n\
         Message-ID: {of}\n\n--b--\n"
    )
}

/// A company whose first manager was told of a sale.
async fn told(people: &str) -> TestApp {
    let more = "[mail]\nbounces = \"inbox/bounces\"\n";
    let mut t = TestApp::with("2026-11-10T07:00:00Z", more, POLICY, people).await;
    fs::create_dir_all(t.dir.path().join("inbox/bounces/new")).expect("a folder");
    t.drop_crm(&[CRM]);
    t.drop_sales(
        "Продажи.csv",
        &[
            "09.11.2026;0000-000001;Ромашка ООО;7707083893;Орлов Илья;10000,00",
            "09.11.2026;0000-000003;ВЕКТОР ООО;7701234560;Соколова Анна;500000,00",
        ],
    );
    t.ingest().await;
    t.run(Job::Alerts).await;
    t
}

/// The next day brings another sale of the same manager, and its alert.
async fn next_day(t: &mut TestApp, day: u32) {
    t.at(&format!("2026-11-{day}T07:00:00Z"));
    t.drop_crm(&[CRM]);
    t.drop_sales(
        &format!("Продажи {day}.csv"),
        &[&format!("{day}.11.2026;0000-0000{day};Гефест {day} ООО;7704567890;Орлов Илья;20000,00")],
    );
    t.ingest().await;
    t.run(Job::Alerts).await;
}

impl TestApp {
    async fn comes_back(&mut self, key: &str, status: &str) {
        let mails = self.mails().await;
        let mail = mails.iter().find(|m| m.mail.key == key).unwrap_or_else(|| panic!("{key}"));
        let name = format!("inbox/bounces/new/{}.{status}", key.replace('/', "-"));
        fs::write(self.dir.path().join(name), report(&mail.mail.message_id, status)).expect("a report");
        self.ingest().await;
        send::pending(&self.app).await.unwrap_or_else(|e| panic!("{e}"));
    }

    async fn state(&self, key: &str) -> (MailState, String) {
        let mails = self.mails().await;
        let mail = mails.into_iter().find(|m| m.mail.key == key).unwrap_or_else(|| panic!("{key}"));
        (mail.state, mail.last_reply)
    }

    /// Keys and recipients of mails whose key begins so.
    async fn to(&self, start: &str) -> Vec<(String, String)> {
        let mails = self.mails().await.into_iter().filter(|m| m.mail.key.starts_with(start));
        mails.map(|m| (m.mail.key, m.mail.recipient)).collect()
    }
}

fn with_deputy() -> String {
    PEOPLE.replace("name = \"Орлов Илья\"", "name = \"Орлов Илья\"\ndeputy = \"0102\"")
}

#[tokio::test]
async fn the_deputy_reads_from_the_first_bounce_and_two_mails_end_an_address() {
    let mut t = told(&with_deputy()).await;
    t.comes_back("alert.2026-11-10.0101", "5.1.1").await;
    let deputy = "sokolova@firma.example".to_owned();
    let copy = ("alert.2026-11-10.0101.for.0102".to_owned(), deputy.clone());
    assert_eq!(t.to("alert").await[1], copy);
    let text = t.text_of("alert.2026-11-10.0101.for").await;
    assert!(
        text.starts_with("Письмо для: Орлов Илья.") && text.contains("5.1.1") && text.contains("Ромашка"),
        "{text}"
    );
    let (state, reply) = t.state("alert.2026-11-10.0101").await;
    assert_eq!(state, MailState::Dead);
    assert!(reply.contains("as alert.2026-11-10.0101.for.0102"), "{reply}");
    // Once more the same report, and another one about the same mail: nothing new, the address stands.
    t.ingest().await;
    t.comes_back("alert.2026-11-10.0101", "5.4.4").await;
    assert_eq!((t.to("alert").await.len(), t.to("bounced").await.len()), (2, 0));

    next_day(&mut t, 11).await;
    assert_eq!(t.state("alert.2026-11-11.0101").await.0, MailState::Sent, "one mail does not end an address");
    t.comes_back("alert.2026-11-11.0101", "5.1.1").await;
    let told = t.to("bounced").await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1, "admin@firma.example");
    let notice = t.text_of("bounced").await;
    for part in
        ["orlov@firma.example", "Орлов Илья", "получает Соколова Анна", "sverka bounces lift orlov@firma.example"]
    {
        assert!(notice.replace('\n', " ").contains(part), "{part}: {notice}");
    }

    // From now on nothing is tried: the deputy gets the mail in place of the person, whose own is kept in the outbox.
    next_day(&mut t, 12).await;
    let (state, reply) = t.state("alert.2026-11-12.0101").await;
    assert_eq!(
        (state, reply.as_str()),
        (MailState::Dead, "the address is suspended; sent to the deputy as alert.2026-11-12.0101.for.0102")
    );
    assert_eq!(t.state("alert.2026-11-12.0101.for.0102").await.0, MailState::Sent);
    let folder = t.dir.path().join("outbox");
    assert!(!folder.join("alert.2026-11-12.0101.eml").exists(), "it left all the same");
    assert_eq!((t.to("bounced").await.len(), t.to("undelivered").await.len()), (1, 0), "told once");

    bounces::lift(&t.app, "Orlov@firma.example", "Смирнов", "ящик починили").await.unwrap_or_else(|e| panic!("{e}"));
    assert!(bounces::lift(&t.app, "orlov@firma.example", "Смирнов", "ещё раз").await.is_err());
    next_day(&mut t, 13).await;
    assert_eq!(t.state("alert.2026-11-13.0101").await.0, MailState::Sent);
    t.ingest().await;
    assert_eq!(t.to("bounced").await.len(), 1, "old reports do not suspend it anew");
    t.assert_settled().await;
}

#[tokio::test]
async fn without_a_deputy_the_operator_sees_the_mail_and_his_own_are_sent_all_the_same() {
    let mut t = told(PEOPLE).await;
    t.comes_back("alert.2026-11-10.0101", "5.1.1").await;
    assert_eq!(t.to("undelivered").await.len(), 1);
    assert!(t.text_of("undelivered").await.contains("orlov@firma.example"));
    next_day(&mut t, 11).await;
    t.comes_back("alert.2026-11-11.0101", "5.1.1").await;
    assert!(t.text_of("bounced").await.contains("Заместителя нет"), "{}", t.text_of("bounced").await);
    next_day(&mut t, 12).await;
    assert_eq!(t.state("alert.2026-11-12.0101").await.0, MailState::Dead);
    assert_eq!(t.to("undelivered").await.len(), 3, "one for each mail that nobody got");

    // Both notices to the operator come back as well: there is nobody else, so his mail is still tried.
    let own: Vec<String> = t.to("undelivered").await.into_iter().map(|(key, _)| key).collect();
    for key in &own[..2] {
        t.comes_back(key, "5.1.1").await;
    }
    assert_eq!(t.to("bounced").await.len(), 2);
    let last = t.to("bounced").await.pop().expect("a notice").0;
    assert_eq!(t.state(&last).await.0, MailState::Sent);
    assert_eq!(t.to("undelivered").await.len(), 3, "no notice about a notice");
    t.assert_settled().await;
}

#[tokio::test]
async fn a_full_mailbox_ends_no_address_and_a_delay_is_only_noted() {
    let mut t = told(&with_deputy()).await;
    t.comes_back("alert.2026-11-10.0101", "5.2.2").await;
    next_day(&mut t, 11).await;
    t.comes_back("alert.2026-11-11.0101", "5.2.2").await;
    assert_eq!((t.to("bounced").await.len(), t.to("alert").await.len()), (0, 4), "both mails went to the deputy");
    next_day(&mut t, 12).await;
    assert_eq!(t.state("alert.2026-11-12.0101").await.0, MailState::Sent);
    fs::write(t.dir.path().join("inbox/bounces/чужое.eml"), report("<somebody.else@host>", "5.1.1")).expect("a report");
    fs::write(t.dir.path().join("inbox/bounces/new/.hidden"), b"x").expect("a file");
    let remarks = t.ingest().await.remarks;
    assert_eq!(remarks.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), ["bounce_unknown"]);
    assert!(t.ingest().await.remarks.is_empty(), "said once");
}
