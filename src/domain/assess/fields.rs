//! Whether a required field of a card is filled with something real: a phone of `1111111`, a company called «Тест», an
//! ИНН with a wrong checksum are not. Deliberately absent: weights and scores (`completeness`), repairing values.

use super::{
    super::{
        crm::{CrmId, CrmKind, CrmRecord},
        org::name_key,
        tax_id::{Inn, Kpp, read_cell},
    },
    segment::column,
};
use std::collections::{HashMap, HashSet};

/// Names that say that nobody was named.
const PLACEHOLDERS: [&str; 26] = [
    "тест",
    "тестовый",
    "тестовая",
    "тестовое",
    "test",
    "проба",
    "пробный",
    "новый",
    "новая",
    "без названия",
    "без имени",
    "не указан",
    "не указано",
    "не указана",
    "неизвестно",
    "неизвестный",
    "нет",
    "нет данных",
    "клиент",
    "контрагент",
    "компания",
    "новая компания",
    "новый клиент",
    "noname",
    "unknown",
    "none",
];

/// What is linked to companies in one set of records, by kind.
pub(super) struct Linked<'a> {
    companies: HashSet<(CrmKind, &'a str, &'a str)>,
    names: HashSet<(CrmKind, &'a str, String)>,
    records: HashMap<&'a CrmId, &'a CrmRecord>,
}

impl<'a> Linked<'a> {
    pub(super) fn of(records: impl Iterator<Item = &'a CrmRecord>) -> Self {
        let mut linked = Self { companies: HashSet::new(), names: HashSet::new(), records: HashMap::new() };
        for record in records {
            let (kind, source) = (record.id.kind, record.id.source.as_str());
            linked.records.insert(&record.id, record);
            if kind == CrmKind::Company {
                continue;
            }
            if !record.company_id.trim().is_empty() {
                linked.companies.insert((kind, source, record.company_id.trim()));
            }
            let name = name_key(&record.company_name);
            if !name.is_empty() {
                linked.names.insert((kind, source, name));
            }
        }
        linked
    }

    /// The record of this id in the set.
    pub(super) fn get(&self, id: &CrmId) -> Option<&'a CrmRecord> {
        self.records.get(id).copied()
    }

    /// Whether a contact, deal or activity belongs to the record, by its id or by its name in the same source.
    fn has(&self, kind: CrmKind, record: &CrmRecord) -> bool {
        let source = record.id.source.as_str();
        let name = name_key(&record.title);
        let by_id = record.id.kind == CrmKind::Company && self.companies.contains(&(kind, source, record.id.id.trim()));
        by_id || (!name.is_empty() && self.names.contains(&(kind, source, name)))
    }
}

/// Whether the field holds something real.
pub(super) fn filled(record: &CrmRecord, field: &str, linked: &Linked<'_>) -> bool {
    match field.trim() {
        "title" => real_name(&record.title) || real_name(&record.full_name),
        "inn" => !read_cell(&record.inn).0.is_empty(),
        // An ИП has none, so none is asked of a person's ИНН; КПП may also stand behind the ИНН in one cell.
        "kpp" => {
            Kpp::parse(&record.kpp).is_some()
                || !read_cell(&record.inn).1.is_empty()
                || read_cell(&record.inn).0.first().is_some_and(|(inn, _): &(Inn, _)| inn.is_person())
        }
        "phone" => phone_parts(&record.phone).any(|part| real_phone(&part)),
        "email" => record.email.split([',', ';', ' ', '\n']).any(real_email),
        "city" => real_name(&record.city),
        "responsible" => real_name(&record.responsible),
        // A contact who is the card (an ИП) is his own contact.
        "contact" => record.id.kind == CrmKind::Contact || linked.has(CrmKind::Contact, record),
        "deal" => linked.has(CrmKind::Deal, record),
        "activity" => linked.has(CrmKind::Activity, record),
        other => column(record, other).is_some_and(|value| {
            let key = name_key(value);
            !key.is_empty() && !PLACEHOLDERS.contains(&key.as_str())
        }),
    }
}

/// At least two letters or digits, not one character repeated, not a placeholder, not «Тест 1».
fn real_name(text: &str) -> bool {
    let key = name_key(text);
    let mut letters = key.chars().filter(|c| c.is_alphanumeric());
    let Some(first) = letters.next() else { return false };
    let bare = key.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    letters.any(|c| c != first) && !bare.is_empty() && ![key.as_str(), bare].iter().any(|k| PLACEHOLDERS.contains(k))
}

fn phone_parts(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split([',', ';', '\n', '/', '|']).map(|part| part.chars().filter(char::is_ascii_digit).collect())
}

/// 6 to 15 digits that are neither one digit repeated (after the country prefix) nor a run such as 1234567.
fn real_phone(digits: &str) -> bool {
    if !(6..=15).contains(&digits.len()) {
        return false;
    }
    let local = if digits.len() == 11 { digits.get(1..).unwrap_or(digits) } else { digits };
    let distinct = |text: &str| text.bytes().collect::<HashSet<_>>().len();
    let run =
        local.as_bytes().windows(2).all(|pair| matches!(pair, [a, b] if (*a + 1 == *b) || (*a == b'9' && *b == b'0')));
    // The last seven digits are the subscriber's own: +7 999 000-00-00 is a stand-in as well.
    let own = local.get(local.len().saturating_sub(7)..).unwrap_or(local);
    distinct(local) > 1 && distinct(own) > 1 && !run
}

fn real_email(part: &str) -> bool {
    let Some((user, host)) = part.trim().split_once('@') else { return false };
    let host_ok = host.split('.').count() >= 2 && host.split('.').all(|label| !label.is_empty());
    !user.is_empty() && host_ok && !host.contains('@') && !matches!(host, "test.ru" | "test.com" | "example.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_is_not_filled() {
        for junk in ["", "1111111", "+7 111 111-11-11", "8 (999) 000-00-00", "1234567", "12345", "нет"] {
            assert!(!phone_parts(junk).any(|p| real_phone(&p)), "{junk}");
        }
        for real in ["+7 495 123-45-67", "8 (812) 702-11-40, 1111111", "234-56-71"] {
            assert!(phone_parts(real).any(|p| real_phone(&p)), "{real}");
        }
        for junk in ["Тест", "тест 2", "«ТЕСТ»", "ааа", "-", "", "x", "Без названия", "123"]
        {
            assert!(!real_name(junk), "{junk}");
        }
        for real in ["ООО «Тестовые системы»", "ИП Ли", "Новая линия", "3М"] {
            assert!(real_name(real), "{real}");
        }
        assert!(real_email("a.b@firm.ru") && !real_email("a@b") && !real_email("@firm.ru") && !real_email("x@test.ru"));
    }
}
