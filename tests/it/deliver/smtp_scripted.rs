//! What every answer of a mail server means, by a server that follows a script.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use sverka::{
    deliver::{Delivery, Mailer, Security, SmtpSettings},
    domain::{mail::FrozenMail, text::Lang},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::{fixture::mixed_week, mails::alert};

/// Replies by stage. `DROP` closes the connection, `SILENCE` never answers.
#[derive(Clone, Copy)]
struct Script {
    banner: &'static str,
    auth: &'static str,
    from: &'static str,
    rcpt: &'static str,
    data: &'static str,
    dot: &'static str,
    quit: &'static str,
}

const DROP: &str = "DROP";
const SILENCE: &str = "SILENCE";
const GOOD: Script = Script {
    banner: "220 ready",
    auth: "235 in",
    from: "250 ok",
    rcpt: "250 ok",
    data: "354 go on",
    dot: "250 2.0.0 taken",
    quit: "221 bye",
};

/// Runs one connection per script; gives the port and the mails that were handed over.
async fn server(scripts: Vec<Script>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let mails = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&mails);
    tokio::spawn(async move {
        for script in scripts {
            let Ok((stream, _)) = listener.accept().await else { return };
            let _ = converse(stream, script, &seen).await;
        }
    });
    (port, mails)
}

async fn converse(stream: TcpStream, script: Script, seen: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    if !answer(&mut stream, script.banner).await? {
        return Ok(());
    }
    let mut line = String::new();
    while {
        line.clear();
        stream.read_line(&mut line).await?
    } > 0
    {
        let reply = match line.get(..4).unwrap_or_default() {
            "EHLO" => "250-scripted\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => script.auth,
            "MAIL" => script.from,
            "RCPT" => script.rcpt,
            "DATA" => script.data,
            "QUIT" => script.quit,
            _ => "250 ok",
        };
        if !answer(&mut stream, reply).await? {
            return Ok(());
        }
        if line.starts_with("DATA") && reply.starts_with("354") {
            let mut mail = String::new();
            while !mail.ends_with("\r\n.\r\n") {
                stream.read_line(&mut mail).await?;
            }
            seen.lock().expect("a lock").push(mail);
            if !answer(&mut stream, script.dot).await? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Writes a reply; false when the conversation is over.
async fn answer(stream: &mut BufReader<TcpStream>, reply: &str) -> std::io::Result<bool> {
    match reply {
        DROP => return Ok(false),
        SILENCE => std::future::pending::<()>().await,
        _ => {}
    }
    stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    stream.flush().await?;
    Ok(true)
}

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        security: Security::Plain,
        user: "sverka".to_owned(),
        password: "secret".to_owned(),
        connect_timeout: Duration::from_millis(800),
        data_timeout: Duration::from_millis(800),
        ..SmtpSettings::new("127.0.0.1", port)
    }
}

fn mail() -> FrozenMail {
    alert(&mixed_week(), Lang::Ru)
}

async fn outcome(script: Script) -> Delivery {
    let (port, _) = server(vec![script]).await;
    Mailer::Smtp(settings(port)).send(&mail()).await
}

fn class(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Accepted(_) => "accepted",
        Delivery::Retry(_) => "retry",
        Delivery::Dead(_) => "dead",
        Delivery::OurConfig(_) => "our configuration",
    }
}

#[tokio::test]
async fn every_answer_has_its_class() {
    let cases = [
        ("good", GOOD, "accepted"),
        ("421 banner", Script { banner: "421 too busy", ..GOOD }, "retry"),
        ("554 banner", Script { banner: "554 go away", ..GOOD }, "retry"),
        ("garbage banner", Script { banner: "HTTP/1.1 400 Bad Request", ..GOOD }, "retry"),
        ("silent banner", Script { banner: SILENCE, ..GOOD }, "retry"),
        ("454 auth", Script { auth: "454 later", ..GOOD }, "retry"),
        ("535 auth", Script { auth: "535 wrong password", ..GOOD }, "our configuration"),
        ("504 auth", Script { auth: "504 unknown mechanism", ..GOOD }, "our configuration"),
        ("530 rcpt", Script { rcpt: "530 authenticate first", ..GOOD }, "our configuration"),
        ("550 sender", Script { from: "550 sender unknown", ..GOOD }, "our configuration"),
        ("452 sender", Script { from: "452 disk full", ..GOOD }, "retry"),
        ("450 rcpt", Script { rcpt: "450 greylisted", ..GOOD }, "retry"),
        ("550 rcpt", Script { rcpt: "550 no such user", ..GOOD }, "dead"),
        ("550 rcpt, then silence", Script { rcpt: "550 no such user", quit: SILENCE, ..GOOD }, "dead"),
        ("451 data", Script { data: "451 local error", ..GOOD }, "retry"),
        ("452 after the dot", Script { dot: "452 disk full", ..GOOD }, "retry"),
        ("554 after the dot", Script { dot: "554 refused as spam", ..GOOD }, "dead"),
        ("garbage after the dot", Script { dot: "what?", ..GOOD }, "retry"),
        ("drop after the dot", Script { dot: DROP, ..GOOD }, "retry"),
        ("silence after the dot", Script { dot: SILENCE, ..GOOD }, "retry"),
        ("drop at rcpt", Script { rcpt: DROP, ..GOOD }, "retry"),
        ("drop at quit", Script { quit: DROP, ..GOOD }, "accepted"),
        ("silence at quit", Script { quit: SILENCE, ..GOOD }, "accepted"),
    ];
    for (name, script, want) in cases {
        let got = outcome(script).await;
        assert_eq!(class(&got), want, "{name}: {got:?}");
    }
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_is_repeated_byte_for_byte() {
    let (port, mails) = server(vec![Script { dot: DROP, ..GOOD }, GOOD]).await;
    let (mailer, mail) = (Mailer::Smtp(settings(port)), mail());
    assert_eq!(class(&mailer.send(&mail).await), "retry");
    assert_eq!(mailer.send(&mail).await, Delivery::Accepted("250 2.0.0 taken".to_owned()));
    let mails = mails.lock().expect("a lock");
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0], mails[1]);
    assert!(mails[0].contains(&format!("Message-ID: {}\r\n", mail.message_id)), "{}", mails[0]);
}

#[tokio::test]
async fn a_refused_mail_leaves_nothing_behind_for_the_next_one() {
    let (port, _) = server(vec![Script { dot: SILENCE, ..GOOD }]).await;
    assert_eq!(class(&Mailer::Smtp(settings(port)).send(&mail()).await), "retry");
    let (port, _) = server(vec![Script { rcpt: "550 no", ..GOOD }, GOOD]).await;
    let mailer = Mailer::Smtp(settings(port));
    assert_eq!(class(&mailer.send(&mail()).await), "dead");
    assert_eq!(class(&mailer.send(&mail()).await), "accepted");
}

#[tokio::test]
async fn security_is_never_given_up_quietly() {
    let (port, mails) = server(vec![GOOD]).await;
    let required = SmtpSettings { security: Security::StartTls, ..settings(port) };
    assert_eq!(class(&Mailer::Smtp(required).send(&mail()).await), "retry");
    assert!(mails.lock().expect("a lock").is_empty());

    let elsewhere = SmtpSettings { host: "mail.example.test".to_owned(), ..settings(port) };
    assert_eq!(class(&Mailer::Smtp(elsewhere).send(&mail()).await), "our configuration");

    let limited = SmtpSettings { allowed_domains: vec!["other.example".to_owned()], ..settings(port) };
    assert_eq!(class(&Mailer::Smtp(limited).send(&mail()).await), "dead");

    let broken = SmtpSettings { security: Security::Tls, ca_pem: b"no certificate".to_vec(), ..settings(port) };
    assert_eq!(class(&Mailer::Smtp(broken).send(&mail()).await), "our configuration");
}

#[tokio::test]
async fn nobody_listening_is_a_reason_to_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    assert_eq!(class(&Mailer::Smtp(settings(port)).send(&mail()).await), "retry");
}

#[test]
fn settings_do_not_print_the_password() {
    assert!(!format!("{:?}", settings(25)).contains("secret"));
}
