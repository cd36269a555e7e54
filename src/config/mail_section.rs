//! `[mail]`, and secrets that stand in a file of their own or in the environment. Deliberately absent: talking to a
//! server (`sverka doctor`).

use std::{net::IpAddr, path::Path};

use super::{
    main_file::{absolute, path},
    reader::Section,
    secret::Secret,
    sections::{Dkim, Mail, Security, Smtp, Transport},
    spot::Spot,
    tree::Value,
};
use crate::domain::text::Text;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Directory,
    Smtp,
}

pub(super) fn read(s: &Section<'_>, base: &Path) -> Mail {
    let kind =
        s.choice("transport", &[("directory", Kind::Directory), ("smtp", Kind::Smtp)]).unwrap_or(Kind::Directory);
    let folder = path(s, "directory", base);
    let smtp = smtp(s, base, kind == Kind::Smtp);
    let mail = Mail {
        transport: if kind == Kind::Smtp { Transport::Smtp(smtp) } else { Transport::Directory { folder } },
        from: address(s, "from").unwrap_or_default(),
        from_name: s.text("from_name").unwrap_or_default(),
        reply_to: address(s, "reply_to"),
        allowed_domains: allowed_domains(s),
        give_up_hours: s.int("give_up_hours", 1..=720).unwrap_or_default(),
        dkim: dkim(s, base),
        bounces: s.filled("bounces").map(|folder| absolute(base, &folder)),
        crm_link: s.filled("crm_link"),
        templates: s.filled("templates").map(|_| path(s, "templates", base)),
    };
    if mail.from.is_empty() && s.text("from").is_some_and(|t| t.is_empty()) {
        s.error("from", Text::new("адрес отправителя пуст", "the sender's address is empty"));
    }
    if kind == Kind::Smtp && mail.allowed_domains.is_empty() {
        s.error_hint(
            "allowed_domains",
            Text::new(
                "для отправки через сервер нужны разрешённые домены",
                "sending through a server needs allowed domains",
            ),
            Text::new(
                "allowed_domains = [\"firma.ru\"]: чужим письма не уйдут",
                "allowed_domains = [\"firma.ru\"]: strangers get no mail",
            ),
        );
    }
    if let Some(link) = &mail.crm_link
        && !((link.starts_with("https://") || link.starts_with("http://")) && link.contains("{id}"))
    {
        s.error(
            "crm_link",
            Text::new("адрес карточки: https://… с {id} внутри", "the card's address: https://… with {id} inside"),
        );
    }
    s.finish();
    mail
}

fn smtp(s: &Section<'_>, base: &Path, used: bool) -> Smtp {
    let securities = [("tls", Security::Tls), ("starttls", Security::Starttls), ("plain", Security::Plain)];
    let port = s.int("port", 1..=65_535).and_then(|port| u16::try_from(port).ok()).unwrap_or_default();
    let ca_file = s.filled("ca_file").is_some().then(|| path(s, "ca_file", base));
    let smtp = Smtp {
        host: s.text("host").unwrap_or_default(),
        port,
        security: s.choice("security", &securities).unwrap_or(Security::Starttls),
        user: s.text("user").unwrap_or_default(),
        password: password(s, base),
        ca_file,
    };
    if !used {
        return smtp;
    }
    if smtp.host.is_empty() {
        s.error("host", Text::new("почтовый сервер не указан", "the mail server is not named"));
    } else if smtp.security == Security::Plain && !is_this_machine(&smtp.host) {
        s.error_hint(
            "security",
            Text::new(
                format!("без шифрования почта уходит только на эту машину, а не на {}", smtp.host),
                format!("without encryption mail goes to this machine only, not to {}", smtp.host),
            ),
            Text::new("укажите \"starttls\" или \"tls\"", "use \"starttls\" or \"tls\""),
        );
    }
    if !smtp.user.is_empty() && smtp.password.is_none() {
        s.error_hint(
            "user",
            Text::new("пользователь указан, а пароля нет", "a user is given without a password"),
            Text::new(
                "укажите password_file или SVERKA__MAIL__PASSWORD",
                "use password_file or SVERKA__MAIL__PASSWORD",
            ),
        );
    }
    if let Some(file) = &smtp.ca_file
        && let Err(error) = std::fs::read(file)
    {
        unreadable(s, "ca_file", file, &error);
    }
    smtp
}

/// `password_file`, or `password` from the environment; in the file itself a password is a mistake.
pub(super) fn password(s: &Section<'_>, base: &Path) -> Option<Secret> {
    secret(s, base, "password", "password_file")
}

/// The key of the signature, the same way.
fn dkim(s: &Section<'_>, base: &Path) -> Option<Dkim> {
    let key = secret(s, base, "dkim_key", "dkim_key_file");
    let selector = s.text("dkim_selector").unwrap_or_default();
    let key = key?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if selector.is_empty() || !selector.chars().all(plain) {
        s.error_hint(
            "dkim_selector",
            Text::new(
                "для подписи нужен селектор: имя записи в DNS",
                "a signature needs a selector: the name of its DNS record",
            ),
            Text::new(
                "например \"sverka\": sverka._domainkey.firma.ru",
                "such as \"sverka\": sverka._domainkey.firma.ru",
            ),
        );
    }
    Some(Dkim { selector, key })
}

fn secret(s: &Section<'_>, base: &Path, key: &'static str, file_key: &'static str) -> Option<Secret> {
    if let Some(node) = s.node(key) {
        if let Value::Env(secret) = &node.value {
            s.node(file_key);
            return (!secret.is_empty()).then(|| Secret::new(secret.clone()));
        }
        s.error_hint(
            key,
            if key == "password" {
                Text::new("пароль не хранится в этом файле", "a password does not belong in this file")
            } else {
                Text::new("ключ не хранится в этом файле", "a key does not belong in this file")
            },
            Text::new(
                format!("положите его в отдельный файл и укажите {file_key}"),
                format!("put it in a file of its own and name it in {file_key}"),
            ),
        );
    }
    s.filled(file_key)?;
    let file = path(s, file_key, base);
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            warn_if_open(s, &file);
            Some(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
        }
        Err(error) => {
            unreadable(s, file_key, &file, &error);
            // Something stands for the password, so that its absence is not reported a second time.
            Some(Secret::new(String::new()))
        }
    }
}

fn unreadable(s: &Section<'_>, key: &str, file: &Path, error: &std::io::Error) {
    let shown = file.display();
    let message = if error.kind() == std::io::ErrorKind::NotFound {
        Text::new(format!("нет файла {shown}"), format!("there is no file {shown}"))
    } else {
        Text::new(format!("файл {shown} не читается: {error}"), format!("the file {shown} cannot be read: {error}"))
    };
    s.error(key, message);
}

#[cfg(unix)]
fn warn_if_open(s: &Section<'_>, file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    if std::fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
        s.sink().warn(
            Spot::File(file.to_owned()),
            Text::new("файл с секретом читают и другие пользователи", "other users can read this file with a secret"),
            Text::new("закройте его: chmod 600", "close it: chmod 600"),
        );
    }
}

#[cfg(not(unix))]
fn warn_if_open(_s: &Section<'_>, _file: &Path) {}

fn allowed_domains(s: &Section<'_>) -> Vec<String> {
    let mut domains = Vec::new();
    for (text, at) in s.texts_at("allowed_domains") {
        let domain = text.to_lowercase();
        if domain.is_empty() || domain.contains(['@', '*', '/', ' ']) {
            s.sink().error_hint(
                at,
                Text::new(format!("«{text}» — не домен"), format!("“{text}” is not a domain")),
                Text::new("пишите без @: \"firma.ru\"", "write it without @: \"firma.ru\""),
            );
        }
        domains.push(domain);
    }
    domains
}

fn address(s: &Section<'_>, key: &'static str) -> Option<String> {
    let text = s.filled(key)?;
    if !is_address(&text) {
        s.error(key, Text::new(format!("«{text}» — не адрес e-mail"), format!("“{text}” is not an e-mail address")));
    }
    Some(text)
}

/// Whether the text is one plain mail address. Narrower than the standard on purpose: what people have, no more.
pub(super) fn is_address(text: &str) -> bool {
    let Some((user, domain)) = text.split_once('@') else { return false };
    let plain = |part: &str, extra: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && part.chars().all(|c| c.is_alphanumeric() || extra.contains(c))
    };
    text.len() <= 254 && plain(user, ".-_+'&=~/") && plain(domain, ".-") && !text.contains("..")
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_could_carry_a_header_or_a_second_recipient_are_refused() {
        for good in ["a@b", "ivan.petrov+crm@firma.ru", "иван@почта.рф"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "a", "@b", "a@", "a@b@c", "a b@c.ru", "a@b.ru,c@d.ru", "a@b\r\nBcc: x@y", "<a@b>", "a..b@c", "a@.ru"]
        {
            assert!(!is_address(bad), "{bad:?}");
        }
    }

    #[test]
    fn only_loopback_is_this_machine() {
        for (host, want) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("[::1]", true),
            ("192.168.0.9", false),
            ("mail.localhost.ru", false),
        ] {
            assert_eq!(is_this_machine(host), want, "{host}");
        }
    }
}
