//! The signature of a mail, judged by an implementation that is not ours (dkimpy of Python; skipped with a printed line where
//! it is missing). Deliberately absent: DNS; the public key is handed over.

use std::{fs, path::Path, process::Command};

use sverka::deliver::DkimSigner;

use super::contents::every_mail;

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn skip(why: &str) {
    println!("skipped: {why}");
}

fn openssl(folder: &Path, args: &[&str]) -> bool {
    Command::new("openssl").current_dir(folder).args(args).output().is_ok_and(|o| o.status.success())
}

/// Says for each file whether its signature holds under the public key (PEM file beside it).
const JUDGE: &str = r#"
import base64, subprocess, sys
import dkim
kind, public, *files = sys.argv[1:]
der = subprocess.run(["openssl", "pkey", "-pubin", "-in", public, "-outform", "DER"], check=True, capture_output=True).stdout
key = der if kind == "rsa" else der[-32:]
record = b"v=DKIM1; k=" + kind.encode() + b"; p=" + base64.b64encode(key)
def txt(name, timeout=5):
    assert name == b"sel._domainkey.firma.example.", name
    return record
for file in files:
    print(file, dkim.verify(open(file, "rb").read(), dnsfunc=txt))
"#;

#[test]
fn signatures_hold_for_another_implementation_and_break_with_the_mail() {
    let python = std::env::var("SVERKA_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", "import dkim, nacl"]).output().is_ok_and(|o| o.status.success());
    let dir = tempfile::tempdir().expect("a folder");
    if !has || !openssl(dir.path(), &["version"]) {
        skip("no Python with dkimpy and pynacl (set SVERKA_TEST_PYTHON), or no openssl");
        return;
    }
    let keys = [
        ("rsa", vec!["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.pem"]),
        ("ed25519", vec!["genpkey", "-algorithm", "ED25519", "-out", "ed25519.pem"]),
    ];
    for (kind, make) in keys {
        assert!(openssl(dir.path(), &make));
        let (private, public) = (format!("{kind}.pem"), format!("{kind}.pub"));
        assert!(openssl(dir.path(), &["pkey", "-in", &private, "-pubout", "-out", &public]));
        let pem = fs::read_to_string(dir.path().join(&private)).expect("a key");
        let signer = DkimSigner::new("firma.example", "sel", &pem).expect("a signer");
        let mut files = Vec::new();
        for (n, mail) in every_mail().iter().step_by(5).enumerate() {
            let signed = signer.signed(&mail.bytes).expect("signed");
            assert!(signed.ends_with(&mail.bytes), "the mail itself stays as it is");
            assert_eq!(signer.signed(&mail.bytes), Some(signed.clone()), "a repeated mail is a copy");
            let text = String::from_utf8(signed).expect("ascii");
            let altered = [
                ("good", text.clone()),
                ("subject", text.replacen("\r\nSubject: ", "\r\nSubject: x", 1)),
                ("sender", text.replacen("\r\nFrom: ", "\r\nFrom: x@firma.example\r\nFrom: ", 1)),
                ("body", format!("{text}x")),
                ("blanks", text.replacen("\r\nMIME-Version: 1.0", "\r\nMIME-Version:   1.0  ", 1)),
            ];
            for (what, text) in altered {
                let name = format!("{kind}-{n}-{what}.eml");
                fs::write(dir.path().join(&name), text).expect("a mail");
                files.push(name);
            }
        }
        let judged = Command::new(&python)
            .current_dir(dir.path())
            .args(["-c", JUDGE, kind, &public])
            .args(&files)
            .output()
            .expect("a judge");
        let said = String::from_utf8_lossy(&judged.stdout).into_owned();
        assert_eq!(said.lines().count(), files.len(), "{}", String::from_utf8_lossy(&judged.stderr));
        for line in said.lines() {
            let stands = line.contains("-good") || line.contains("-blanks");
            assert_eq!(line.ends_with("True"), stands, "{line}");
        }
    }
}

#[test]
fn what_is_no_key_is_said_and_never_used() {
    for text in ["", "secret", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        assert!(DkimSigner::new("firma.example", "sel", text).is_err(), "{text}");
    }
}
