//! A buyer's cell that holds more than his name: the contract on a second line, or his code behind the last comma (names
//! hold commas themselves, so a whole column has to agree). Deliberately absent: cleaning names (`domain::normalise`).

use super::{
    raw::{RawCell, RawSheet},
    value::{self, is_blank, key},
};
use crate::domain::sale::PartyRef;

/// Cells looked at to tell whether a column carries codes.
const SAMPLE: usize = 500;

/// Takes contract and code out of the name.
pub fn split(mut party: PartyRef, coded: bool) -> PartyRef {
    if let Some((name, rest)) = party.name.split_once('\n')
        && !name.chars().all(is_blank)
        && is_contract(rest)
    {
        party.name = name.trim_end_matches(is_blank).to_owned();
    }
    if coded && let Some((name, code)) = code_of(&party.name) {
        party.code = code.to_owned();
        party.name = name.to_owned();
    }
    party
}

/// Whether the lines below a name are a contract, order or document, not the rest of the name.
fn is_contract(text: &str) -> bool {
    let low = key(text);
    let words = [
        "договор",
        "дог.",
        "дс №",
        "дс№",
        "соглашение",
        "счет",
        "заказ",
        "контракт",
        "реализация",
        "без договора",
        "оферта",
    ];
    words.iter().any(|word| low.contains(word)) || low.contains(" от ") || low.starts_with('№')
}

/// Whether nearly every filled cell of the column ends with a code behind a comma.
pub fn column_has_codes(sheet: &RawSheet, from: usize, column: usize) -> bool {
    let texts = sheet.rows_from(from).filter_map(|row| match row.cell(column) {
        RawCell::Text(text) if !value::is_empty(RawCell::Text(text)) => Some(text),
        _ => None,
    });
    let (mut all, mut coded) = (0_usize, 0_usize);
    for text in texts.take(SAMPLE) {
        all += 1;
        coded += usize::from(code_of(text).is_some());
    }
    all >= 2 && coded * 10 >= all * 9
}

/// Name and code: «ВЕКТОР ООО, 00-000123».
fn code_of(text: &str) -> Option<(&str, &str)> {
    let (name, code) = text.rsplit_once(',')?;
    let code = code.trim_matches(is_blank);
    let digits = code.chars().filter(char::is_ascii_digit).count();
    let sound = (3..=15).contains(&code.chars().count())
        && digits >= 3
        && code.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
    (sound && !name.chars().all(is_blank)).then_some((name.trim_matches(is_blank), code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, coded: bool) -> (String, String) {
        let party = split(PartyRef { name: text.to_owned(), ..PartyRef::default() }, coded);
        (party.name, party.code)
    }

    #[test]
    fn contract_and_code_are_taken_out() {
        assert_eq!(name("ХОЛДИНГ ВЕКТОР ООО\nДС №260509-1905 от 19.05.2026 г.", false).0, "ХОЛДИНГ ВЕКТОР ООО");
        assert_eq!(name("Общество с ограниченной\nответственностью «А»", false).0.lines().count(), 2);
        let coded = name("Торг, Сервис и К, ООО, 00-000123", true);
        assert_eq!(coded, ("Торг, Сервис и К, ООО".to_owned(), "00-000123".to_owned()));
        assert_eq!(name("Лютик, ИП, Ёлкин", true).1, "", "what is no code stays");
    }

    #[test]
    fn a_column_agrees_on_codes_or_has_none() {
        let column = |texts: &[&str]| {
            let rows: Vec<Vec<&str>> = texts.iter().map(|t| vec![*t]).collect();
            let sheet = RawSheet::of_texts(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
            column_has_codes(&sheet, 0, 0)
        };
        assert!(column(&["А, 00-000001", "Б, ООО, 00-000002", "В, 00-000003"]));
        assert!(!column(&["А, 2020", "Б, ООО", "В"]));
    }
}
