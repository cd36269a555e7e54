//! Amounts, shares and dates as people read them inside sentences of the core (evidence, findings).
//! Deliberately absent: layout of mails and tables (`deliver` has its own filters) and any translation beyond the two
//! languages of `Text`.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    money::{Money, Rate},
    text::{Lang, Text},
};

/// Builds both wordings from one closure.
pub fn both(wording: impl Fn(Lang) -> String) -> Text {
    Text::new(wording(Lang::Ru), wording(Lang::En))
}

/// Chooses the wording of a fixed phrase.
pub const fn say(lang: Lang, ru: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ru => ru,
        Lang::En => en,
    }
}

/// `1 250,00` (non-breaking spaces) or `1,250.00`, with a minus sign when negative.
pub fn money(amount: Money, lang: Lang) -> String {
    let kopecks = amount.kopecks().unsigned_abs();
    let point = if lang == Lang::Ru { ',' } else { '.' };
    let sign = if amount.is_negative() { "-" } else { "" };
    format!("{sign}{}{point}{:02}", integer(kopecks / 100, lang), kopecks % 100)
}

/// `23 439` (non-breaking spaces) or `23,439`.
pub fn integer(n: u64, lang: Lang) -> String {
    let digits = n.to_string();
    let group = if lang == Lang::Ru { '\u{a0}' } else { ',' };
    let mut text = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    text
}

/// `50 %`, `1,25 %` or `1.25%`; no trailing zeros.
pub fn percent(rate: Rate, lang: Lang) -> String {
    let bp = rate.bp();
    let sign = if bp < 0 { "-" } else { "" };
    let (whole, rest) = (bp.unsigned_abs() / 100, bp.unsigned_abs() % 100);
    let fraction = format!("{rest:02}");
    let fraction = fraction.trim_end_matches('0');
    let (point, unit) = match lang {
        Lang::Ru => (',', "\u{a0}%"),
        Lang::En => ('.', "%"),
    };
    if fraction.is_empty() { format!("{sign}{whole}{unit}") } else { format!("{sign}{whole}{point}{fraction}{unit}") }
}

/// `05.11.2026` or `2026-11-05`.
pub fn date(day: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Ru => day.format("%d.%m.%Y").to_string(),
        Lang::En => day.format("%Y-%m-%d").to_string(),
    }
}

/// Date and minute in the business time zone; the epoch means «before tracking began».
pub fn instant(at: DateTime<Utc>, tz: Tz, lang: Lang) -> String {
    if at == DateTime::UNIX_EPOCH {
        return say(lang, "до начала учёта", "before tracking began").to_owned();
    }
    let local = at.with_timezone(&tz);
    format!("{} {}", date(local.date_naive(), lang), local.format("%H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_shares_read_as_people_write_them() {
        let amount = Money::from_kopecks(-123_456_705);
        assert_eq!(money(amount, Lang::Ru), "-1\u{a0}234\u{a0}567,05");
        assert_eq!(money(amount, Lang::En), "-1,234,567.05");
        assert_eq!(money(Money::from_kopecks(7), Lang::Ru), "0,07");
        assert_eq!(percent(Rate::from_bp(125), Lang::Ru), "1,25\u{a0}%");
        assert_eq!(percent(Rate::from_bp(5_000), Lang::En), "50%");
        assert_eq!(percent(Rate::from_bp(50), Lang::En), "0.5%");
    }
}
