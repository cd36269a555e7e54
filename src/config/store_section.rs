//! `[store]`: the address of the database with its password put in. Deliberately absent: connecting.

use std::path::Path;

use super::{
    mail_section,
    main_file::{absolute, path},
    reader::Section,
    secret::DatabaseUrl,
    sections::Store,
    tree::Value,
};
use crate::domain::text::Text;

pub(super) fn read(s: &Section<'_>, base: &Path) -> Store {
    let store = Store {
        url: database(s, base),
        ledger_key_file: path(s, "ledger_key_file", base),
        archive: path(s, "archive", base),
    };
    s.finish();
    store
}

fn database(s: &Section<'_>, base: &Path) -> DatabaseUrl {
    let text = s.text("url").unwrap_or_default();
    let from_env = s.node("url").is_some_and(|n| matches!(n.value, Value::Env(_)));
    let password = mail_section::password(s, base);
    if let Some(file) = text.strip_prefix("sqlite:") {
        let file = file.strip_prefix("//").unwrap_or(file);
        let (file, options) = file.split_at(file.find('?').unwrap_or(file.len()));
        if file.is_empty() || file.contains(":memory:") {
            s.error_hint(
                "url",
                Text::new("нужен файл базы данных", "a database file is needed"),
                Text::new("например \"sqlite:sverka.db\"", "such as \"sqlite:sverka.db\""),
            );
        }
        return DatabaseUrl::new(format!("sqlite:{}{options}", absolute(base, file).display()));
    }
    let url = DatabaseUrl::new(text.clone());
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        s.error_hint(
            "url",
            Text::new("неизвестный вид базы данных", "an unknown kind of database"),
            Text::new("sqlite:ФАЙЛ или postgres://user@host/база", "sqlite:FILE or postgres://user@host/database"),
        );
        return url;
    }
    if url.has_password() && !from_env {
        s.error_hint(
            "url",
            Text::new("пароль не хранится в этом файле", "a password does not belong in this file"),
            Text::new(
                "укажите password_file или SVERKA__STORE__PASSWORD",
                "use password_file or SVERKA__STORE__PASSWORD",
            ),
        );
    }
    match password.map(|secret| url.with_password(&secret)) {
        None => url,
        Some(Some(whole)) => whole,
        Some(None) => {
            s.error(
                "url",
                Text::new(
                    "пароль указан, но в адресе нет пользователя или уже есть пароль",
                    "a password is given, but the address names no user or has a password already",
                ),
            );
            url
        }
    }
}
