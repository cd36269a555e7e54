//! Phones and e-mail addresses as comparable keys. A phone's key is its last ten digits; a number without area code is
//! no key. Deliberately absent: validity of numbering plans, formatting for display.

/// Keys of all phones in a text: several in a cell, extensions («доб. 12») left out, made-up numbers too. Sorted, distinct.
pub fn phones(raw: &str) -> Vec<String> {
    let mut out = Vec::new();
    if raw.is_empty() {
        return out;
    }
    for piece in raw.to_lowercase().split([',', ';', '/', '|', '\n', '\r', '\t']) {
        // Behind «доб.», «вн.», ext or # stands an extension, not a number.
        let piece = ["доб", "вн", "ext", "#", "x"]
            .iter()
            .fold(piece, |text, mark| text.find(mark).map_or(text, |at| text.get(..at).unwrap_or_default()));
        for number in piece.split('+') {
            numbers(number, &mut out);
        }
    }
    out.sort();
    out.dedup();
    out
}

fn numbers(piece: &str, out: &mut Vec<String>) {
    let mut digits = String::new();
    for c in piece.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else if c.is_alphabetic() {
            keys(&digits, out);
            digits.clear();
        }
    }
    keys(&digits, out);
}

fn keys(digits: &str, out: &mut Vec<String>) {
    let mut add = |key: &str| {
        if !made_up(key) {
            out.push(key.to_owned());
        }
    };
    match digits.len() {
        10 => add(digits),
        11..=13 => add(digits.get(digits.len() - 10..).unwrap_or_default()),
        // Two numbers written one behind the other.
        20 => [0, 10].iter().for_each(|at| add(digits.get(*at..at + 10).unwrap_or_default())),
        22 => [1, 12].iter().for_each(|at| add(digits.get(*at..at + 10).unwrap_or_default())),
        _ => {}
    }
}

/// One digit repeated, or a plain row of digits.
fn made_up(key: &str) -> bool {
    let mut rest = key.get(1..).unwrap_or_default().chars();
    let first = key.chars().next();
    rest.all(|c| Some(c) == first)
        || matches!(key, "1234567890" | "0123456789" | "9876543210")
        || key.get(3..).is_some_and(|tail| tail.chars().all(|c| c == '0') || tail == "1234567")
}

/// E-mail addresses of a text in lower case, sorted, distinct.
pub fn emails(raw: &str) -> Vec<String> {
    if !raw.contains('@') {
        return Vec::new();
    }
    let mut out: Vec<String> = raw
        .to_lowercase()
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '|' | '(' | ')' | '"'))
        .map(|part| part.trim_start_matches("mailto:").trim_matches(['.', ':']))
        .filter(|part| {
            part.split_once('@')
                .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'))
        })
        .map(str::to_owned)
        .collect();
    out.sort();
    out.dedup();
    out
}

/// The address's own domain; `None` for public mail services, whose domain says nothing about the company.
pub fn own_domain(email: &str) -> Option<&str> {
    const PUBLIC: [&str; 26] = [
        "mail.ru",
        "bk.ru",
        "list.ru",
        "inbox.ru",
        "internet.ru",
        "yandex.ru",
        "ya.ru",
        "yandex.com",
        "yandex.by",
        "yandex.kz",
        "gmail.com",
        "googlemail.com",
        "rambler.ru",
        "lenta.ru",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "icloud.com",
        "me.com",
        "yahoo.com",
        "ukr.net",
        "i.ua",
        "tut.by",
        "nm.ru",
        "narod.ru",
        "vk.com",
    ];
    let (_, domain) = email.rsplit_once('@')?;
    (!domain.is_empty() && !PUBLIC.contains(&domain)).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_as_people_write_them() {
        assert_eq!(phones("+7 921 111-22-33, 8 (921) 000-00-05 доб. 123"), ["9210000005", "9211112233"]);
        assert_eq!(phones("8(495)123-45-60 вн. 4, факс: 84951234560"), ["4951234560"]);
        assert_eq!(phones("79211112233 +79214445566"), ["9211112233", "9214445566"]);
        assert!(phones("22-33-44").is_empty(), "a city number without code is no key");
        assert!(phones("1111111111; 0000000000; +7 (999) 000-00-00").is_empty());
    }

    #[test]
    fn addresses_and_own_domains() {
        assert_eq!(emails("Info@Romashka.RU; <ivan@mail.ru>, нет"), ["info@romashka.ru", "ivan@mail.ru"]);
        assert_eq!(own_domain("info@romashka.ru"), Some("romashka.ru"));
        assert_eq!(own_domain("ivan@mail.ru"), None);
    }
}
