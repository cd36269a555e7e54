//! Mail and secrets: nothing leaves by accident, no password stands in the file or in an output.

use sverka::{
    cli::config::{Shown, as_toml},
    config::{Security, Transport, secret::Secret},
};

use super::Folder;

const SMTP: &str = "\
transport = \"smtp\"
host = \"mail.firma.example\"
user = \"sverka\"
password_file = \"mail.password\"
from = \"sverka@firma.example\"
allowed_domains = [\"Firma.example\"]";

fn with_smtp() -> Folder {
    let folder = Folder::new();
    folder.change("sverka.toml", "\ntransport = \"directory\"", &format!("\n{SMTP}")).put("mail.password", "s3cret\n");
    folder
}

#[test]
fn a_password_comes_from_its_file_without_the_line_break() {
    let config = with_smtp().load().expect("sound");
    let Transport::Smtp(smtp) = &config.mail.transport else { panic!("smtp was asked for") };
    assert_eq!(smtp.password.as_ref().map(Secret::expose), Some("s3cret"));
    assert_eq!((smtp.port, smtp.security), (587, Security::Starttls));
    assert_eq!(config.mail.allowed_domains, ["firma.example"]);
    assert_eq!(config.mail.sender_domain(), "firma.example");
}

#[test]
fn a_password_from_the_environment_needs_no_file() {
    let folder = with_smtp();
    folder.change("sverka.toml", "password_file = \"mail.password\"\n", "");
    assert!(folder.errors().contains(&"a user is given without a password".to_owned()));
    let config = folder.load_env(&[("SVERKA__MAIL__PASSWORD", "from env")]).expect("sound");
    let Transport::Smtp(smtp) = &config.mail.transport else { panic!("smtp was asked for") };
    assert_eq!(smtp.password.as_ref().map(Secret::expose), Some("from env"));
}

#[test]
fn no_output_shows_a_secret() {
    let config = with_smtp()
        .load_env(&[("SVERKA__STORE__URL", "postgres://sverka@db/sverka"), ("SVERKA__STORE__PASSWORD", "s3cret")])
        .expect("sound");
    assert_eq!(config.store.url.expose(), "postgres://sverka:s3cret@db/sverka");
    let outputs = [
        format!("{config:?}"),
        serde_json::to_string(&Shown::of(&config)).expect("json"),
        as_toml(&config, sverka::domain::text::Lang::En).expect("toml"),
        sverka::cli::check::summary(&config, "2026-11-20T09:00:00Z".parse().expect("instant"), config.company.lang),
    ];
    for output in outputs {
        assert!(!output.contains("s3cret"), "{output}");
    }
    assert!(as_toml(&config, sverka::domain::text::Lang::En).expect("toml").contains("password = \"***\""));
}

#[test]
fn plain_smtp_goes_to_this_machine_only_and_needs_domains() {
    let folder = with_smtp();
    folder.change("sverka.toml", "\nhost =", "\nsecurity = \"plain\"\nhost =");
    assert_eq!(folder.errors(), ["without encryption mail goes to this machine only, not to mail.firma.example"]);
    folder.change("sverka.toml", "mail.firma.example", "localhost");
    assert_eq!(folder.errors(), Vec::<String>::new());
    folder.change("sverka.toml", "allowed_domains = [\"Firma.example\"]", "");
    assert_eq!(folder.errors(), ["sending through a server needs allowed domains"]);
}

#[test]
fn a_person_whose_domain_is_not_allowed_is_told_before_friday() {
    let folder = with_smtp();
    folder.change("people.toml", "kim@firma.example", "kim@mail.ru");
    assert_eq!(folder.errors(), ["the domain mail.ru is not in mail.allowed_domains: mail would not leave"]);
}
