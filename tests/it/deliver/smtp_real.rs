//! One mail through a real server that demands STARTTLS and a password. Needs a Python with aiosmtpd
//! (`SVERKA_TEST_PYTHON`, else `python3`) and the openssl program; without them the test says so and passes, except in
//! CI, where they must be there.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use sverka::{
    deliver::{Delivery, Mailer, Security, SmtpSettings},
    domain::text::Lang,
};

use super::{
    fixture::mixed_week,
    mails::{alert, statement},
    readable::read,
};

const CERTIFICATE: &str = "[req]\nprompt=no\ndistinguished_name=name\nx509_extensions=ext\n[name]\nCN=localhost\n\
                           [ext]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:localhost\n";

struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate for localhost; `None` without openssl.
fn certificate(folder: &Path) -> Option<()> {
    fs::write(folder.join("req.cnf"), CERTIFICATE).expect("a file");
    let status = Command::new("openssl")
        .current_dir(folder)
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"])
        .args(["-config", "req.cnf", "-keyout", "key.pem", "-out", "cert.pem"])
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|s| s.success()).then_some(())
}

fn start(folder: &Path) -> Option<Server> {
    certificate(folder)?;
    let python = std::env::var("SVERKA_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/deliver/smtp_server.py");
    let mut child = Command::new(python)
        .arg(script)
        .args([folder.join("cert.pem"), folder.join("key.pem"), folder.to_path_buf()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
    if let Ok(port) = line.trim().parse() {
        return Some(Server { child, port });
    }
    let _ = child.wait();
    None
}

#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}

#[tokio::test]
async fn a_mail_arrives_intact_through_starttls_and_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = start(folder.path()) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs openssl and a Python with aiosmtpd 1.4.6");
        skip("no openssl or no Python with aiosmtpd (set SVERKA_TEST_PYTHON)");
        return;
    };
    let mut settings = SmtpSettings::new("localhost", server.port);
    settings.user = "sverka".to_owned();
    settings.password = "пароль".to_owned();
    settings.ca_pem = fs::read(folder.path().join("cert.pem")).expect("the certificate");

    let mail = statement(&mixed_week(), &[], Lang::Ru);
    let mailer = Mailer::Smtp(settings.clone());
    for attempt in ["1", "2"] {
        let delivery = mailer.send(&mail).await;
        assert_eq!(delivery, Delivery::Accepted(format!("250 taken as {attempt}")));
    }
    let arrived: Vec<Vec<u8>> = ["1.eml", "2.eml"].map(|n| fs::read(folder.path().join(n)).expect("a mail")).to_vec();
    assert_eq!(arrived[0], arrived[1], "a repeated mail has the same bytes");
    assert_eq!(arrived[0].trim_ascii_end(), mail.bytes.trim_ascii_end());
    let read = read(&arrived[0]);
    assert_eq!(read.subject, mail.subject);
    assert_eq!(format!("<{}>", read.message_id), mail.message_id);
    assert_eq!(read.headers[0].1, "Сверка <sverka@firma.example>");
    assert_eq!(read.headers[2].1, "Счётова Инна <p12@firma.example>");
    let names: Vec<&str> = read.attachments.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(names, ["Корректировки премий 2026-11-1.xlsx", "Корректировки премий 2026-11-1.csv"]);
    assert!(read.attachments[1].1.starts_with("\u{feff}Период;".as_bytes()));
    let to = fs::read_to_string(folder.path().join("1.to")).expect("an envelope");
    assert_eq!(to, "sverka@firma.example p12@firma.example");

    let wrong = SmtpSettings { password: "нет".to_owned(), ..settings.clone() };
    let refused = Mailer::Smtp(wrong).send(&alert(&mixed_week(), Lang::Ru)).await;
    assert!(matches!(&refused, Delivery::OurConfig(words) if words.contains("535")), "{refused:?}");

    let stranger = SmtpSettings { ca_pem: Vec::new(), ..settings.clone() };
    let refused = Mailer::Smtp(stranger).send(&mail).await;
    assert!(matches!(refused, Delivery::OurConfig(_)), "an unknown authority: {refused:?}");

    let implicit = SmtpSettings { security: Security::Tls, ..settings };
    let refused = Mailer::Smtp(implicit).send(&mail).await;
    assert!(!matches!(refused, Delivery::Accepted(_) | Delivery::Dead(_)), "{refused:?}");
    assert!(!folder.path().join("3.eml").exists());
}
