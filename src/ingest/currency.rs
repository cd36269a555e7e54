//! Currencies as accounting writes them become codes (ISO 4217). Deliberately absent: rates and conversion.

use super::value::key;

/// Spellings of the currencies met in 1C bases.
const KNOWN: &[(&str, &[&str])] = &[
    ("RUB", &["rub", "rur", "руб", "р", "рубль", "рубли", "рублей", "российский рубль", "₽", "643", "810"]),
    ("UAH", &["uah", "грн", "гривна", "гривня", "гривны", "₴", "980"]),
    ("EUR", &["eur", "евро", "€", "978"]),
    ("USD", &["usd", "долл", "доллар", "доллар сша", "долл. сша", "$", "840"]),
    ("KZT", &["kzt", "тенге", "тг", "₸", "398"]),
    ("BYN", &["byn", "бел. руб", "белорусский рубль", "933"]),
    ("CNY", &["cny", "юань", "¥", "156"]),
];

/// The code of a spelling: `base` for its aliases and for nothing at all, else a known code, else `Err` with the text
/// in capitals.
pub fn code(text: &str, base: &str, aliases: &[String]) -> Result<String, String> {
    let wanted = key(text);
    if wanted.is_empty() || wanted == key(base) || aliases.iter().any(|alias| key(alias) == wanted) {
        return Ok(base.to_owned());
    }
    find(&wanted).map(str::to_owned).ok_or_else(|| wanted.to_uppercase())
}

/// The currency named by a unit in a header, such as `руб.` in «Сумма, руб.».
pub fn of_unit(unit: &str) -> Option<&'static str> {
    find(&key(unit))
}

fn find(wanted: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(_, spellings)| spellings.contains(&wanted)).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_become_codes() {
        let aliases = ["у.е.".to_owned()];
        let code = |text: &str| code(text, "RUB", &aliases);
        for (text, want) in [
            ("", "RUB"),
            ("руб.", "RUB"),
            ("643", "RUB"),
            ("У.Е.", "RUB"),
            ("грн", "UAH"),
            ("€", "EUR"),
            ("840", "USD"),
        ] {
            assert_eq!(code(text), Ok(want.to_owned()), "{text}");
        }
        assert_eq!(code("фантик"), Err("ФАНТИК".to_owned()));
    }
}
