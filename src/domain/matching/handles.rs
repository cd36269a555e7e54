//! The word of a mail address that may be a name: the company's own domain, or the mailbox at a public mail service.
//! Deliberately absent: whether it is the name (`naming`).

use crate::domain::normalise::contact;

/// Mailboxes that name a post and not a person or company.
const POSTS: [&str; 24] = [
    "info",
    "office",
    "mail",
    "email",
    "sales",
    "sale",
    "zakaz",
    "zakup",
    "zakupki",
    "snab",
    "buh",
    "buhgalter",
    "admin",
    "director",
    "dir",
    "manager",
    "priemnaya",
    "sekretar",
    "support",
    "contact",
    "order",
    "orders",
    "post",
    "secretary",
];
/// Domains below which companies have theirs.
const SHARED: [&str; 6] = ["com", "org", "net", "msk", "spb", "co"];
/// A shorter word is too common to be a name.
const SHORTEST: usize = 4;

/// Words of the addresses, distinct, in the order of the addresses.
pub(super) fn of(emails: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for email in emails {
        let Some((user, domain)) = email.rsplit_once('@') else { continue };
        let text = if contact::own_domain(email).is_some() { label(domain) } else { user };
        let word: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if word.chars().count() >= SHORTEST && !POSTS.contains(&word) && !out.iter().any(|have| have == word) {
            out.push(word.to_owned());
        }
    }
    out
}

/// The company's part of a domain.
fn label(domain: &str) -> &str {
    let mut parts = domain.rsplit('.').skip(1);
    let first = parts.next().unwrap_or_default();
    if SHARED.contains(&first) { parts.next().unwrap_or(first) } else { first }
}

#[cfg(test)]
mod tests {
    #[test]
    fn own_domains_and_public_mailboxes() {
        let of = |text: &str| super::of(&crate::domain::normalise::contact::emails(text));
        assert_eq!(of("info@tehno-prom.ru"), ["tehnoprom"]);
        assert_eq!(of("zakaz@romashka.msk.ru; petrov78@mail.ru"), ["petrov", "romashka"]);
        assert!(of("office@mail.ru, ok@ab.ru").is_empty());
    }
}
