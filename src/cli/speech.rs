//! How the command line words what many commands print: the language of this invocation, amounts, codes, causes of the
//! operating system, the program's own name in a hint. Deliberately absent: mails (`deliver`).

use std::{io, path::Path};

use crate::{
    deliver::{format::MINUS, words},
    domain::{
        self,
        money::Money,
        text::{Lang, Text},
    },
};

/// The language that a configuration asks for, if it can be read so far: commands speak it unless told otherwise.
pub fn configured(path: &Path) -> Lang {
    let stated = std::env::var("SVERKA__COMPANY__LANGUAGE").ok().or_else(|| {
        let table: toml::Table = std::fs::read_to_string(path).ok()?.parse().ok()?;
        Some(table.get("company")?.get("language")?.as_str()?.to_owned())
    });
    if stated.as_deref() == Some("en") { Lang::En } else { Lang::Ru }
}

/// The language of an invocation whose arguments could not be parsed.
pub fn of_arguments() -> Lang {
    let arguments: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let flag = |pair: &[String]| matches!(pair, [name, value] if name == "--lang" && value == "en");
    let asked = arguments.iter().any(|a| a == "--lang=en") || arguments.windows(2).any(flag);
    if asked || std::env::var("SVERKA_LANG").is_ok_and(|lang| lang == "en") { Lang::En } else { Lang::Ru }
}

/// An amount with its thousands apart and its sign, without a currency: `−5 153,75` or `−5,153.75`.
pub fn amount(lang: Lang, amount: Money) -> String {
    domain::words::money(amount, lang).replace('-', &MINUS.to_string())
}

/// The word of a stable code.
pub fn word(lang: Lang, code: &str) -> String {
    words::word(code).get(lang).to_owned()
}

/// Why the operating system refused.
pub fn cause(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::NotFound => Text::new("такой папки или файла нет", "no such folder or file"),
        io::ErrorKind::PermissionDenied => Text::new("нет прав", "permission denied"),
        io::ErrorKind::AlreadyExists => Text::new("уже есть", "it exists already"),
        io::ErrorKind::NotADirectory => Text::new("это не папка", "not a folder"),
        io::ErrorKind::IsADirectory => Text::new("это папка", "it is a folder"),
        io::ErrorKind::StorageFull => Text::new("на диске нет места", "the disk is full"),
        io::ErrorKind::ReadOnlyFilesystem => Text::new("диск только для чтения", "the disk is read-only"),
        _ => Text::same(error.to_string()),
    }
}

/// What to type to run this program on the same configuration: `sverka`, or `sverka -c FILE`.
pub fn program(config: &Path) -> String {
    let name = config.display().to_string();
    if name == "sverka.toml" {
        "sverka".to_owned()
    } else if name.chars().any(|c| c.is_whitespace() || "'\"$&;()|<>*?".contains(c)) {
        format!("sverka -c '{}'", name.replace('\'', r"'\''"))
    } else {
        format!("sverka -c {name}")
    }
}
