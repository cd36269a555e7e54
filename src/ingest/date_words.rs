//! Dates whose month is a word: «1 июня 2026 г.», «05 ноя 2026». Deliberately absent: months without a day (periods of
//! titles, see `period_words`) and years of two digits.

use chrono::NaiveDate;

use super::value::is_blank;

/// Months as dates decline them, and as columns shorten them.
const MONTHS: [(&str, &str); 12] = [
    ("января", "янв"),
    ("февраля", "фев"),
    ("марта", "мар"),
    ("апреля", "апр"),
    ("мая", "май"),
    ("июня", "июн"),
    ("июля", "июл"),
    ("августа", "авг"),
    ("сентября", "сен"),
    ("октября", "окт"),
    ("ноября", "ноя"),
    ("декабря", "дек"),
];

/// The date that a text begins with, and what follows it.
pub(super) fn leading(text: &str) -> Option<(NaiveDate, &str)> {
    let (day, rest) = word(text)?;
    let day = day.trim_matches(['«', '»', '"']);
    let sound = (1..=2).contains(&day.len()) && day.bytes().all(|b| b.is_ascii_digit());
    let day: u32 = day.parse().ok().filter(|_| sound)?;
    let (month, rest) = word(rest)?;
    let (year, rest) = word(rest)?;
    let month = month.trim_end_matches('.').to_lowercase();
    let month = (1..)
        .zip(MONTHS)
        .find(|(_, (full, short))| month == *full || month == *short || month == "сент" && *short == "сен")?
        .0;
    let digits = year.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let attached = year.get(4..)?.trim_end_matches([',', ';', ')']);
    if !matches!(attached, "" | "г" | "г.") {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(digits.parse().ok()?, month, day)?;
    let behind = word(rest).filter(|(word, _)| matches!(word.trim_end_matches(','), "г." | "г" | "года"));
    Some((date, behind.map_or(rest, |(_, rest)| rest)))
}

/// The first word and the rest.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(is_blank);
    let end = text.find(is_blank).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    (!word.is_empty()).then_some((word, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_is_a_word() {
        let cases = [
            ("1 июня 2026 г.", "2026-06-01", ""),
            ("«05» Ноября 2026 года", "2026-11-05", ""),
            ("31 мая 2026г. 12:30", "2026-05-31", " 12:30"),
            ("7\u{a0}сент. 2026, по договору", "2026-09-07", " по договору"),
        ];
        for (text, day, rest) in cases {
            assert_eq!(leading(text), Some((day.parse().expect("a date"), rest)), "{text}");
        }
        for text in
            ["31 июня 2026", "июня 2026", "1 июня 26", "1 июнь 2026", "1 товар 2026", "100 мая 2026", "1 мая 2026х"]
        {
            assert_eq!(leading(text), None, "{text}");
        }
    }
}
