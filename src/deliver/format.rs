//! Numbers and dates as people read them, in both languages (ux 4). Deliberately absent: templates (`filters` registers
//! these there) and files for machines (`delimited`).

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::domain::{
    money::{Money, Rate},
    period::Period,
    text::Lang,
};

use super::words;

/// No-break space.
pub const NBSP: char = '\u{a0}';
/// Minus sign.
pub const MINUS: char = '\u{2212}';

/// `−1 234 567,89 ₽` or `−₽1,234,567.89`; another currency by its code: `1 234,50 EUR`, `EUR 1,234.50`.
pub fn money(lang: Lang, currency: &str, amount: Money) -> String {
    let abs = amount.kopecks().unsigned_abs();
    let sign = if amount.is_negative() { MINUS.to_string() } else { String::new() };
    let (point, symbol) = (if lang == Lang::Ru { ',' } else { '.' }, if currency == "RUB" { "₽" } else { currency });
    let digits = format!("{}{point}{:02}", grouped(lang, abs / 100), abs % 100);
    match lang {
        Lang::Ru => format!("{sign}{digits}{NBSP}{symbol}"),
        Lang::En if currency == "RUB" => format!("{sign}{symbol}{digits}"),
        Lang::En => format!("{sign}{symbol}{NBSP}{digits}"),
    }
}

/// The same with a plus sign before amounts above zero: for changes.
pub fn signed(lang: Lang, currency: &str, amount: Money) -> String {
    let plus = if amount.kopecks() > 0 { "+" } else { "" };
    format!("{plus}{}", money(lang, currency, amount))
}

/// `1,24 млн ₽`, `15,3 тыс. ₽`: for subjects only; cut, not rounded up.
pub fn short_money(lang: Lang, currency: &str, amount: Money) -> String {
    let abs = amount.kopecks().unsigned_abs() / 100;
    let sign = if amount.is_negative() { MINUS.to_string() } else { String::new() };
    let symbol = if currency == "RUB" { "₽" } else { currency };
    let (digits, unit) = match abs {
        1_000_000.. => (decimal(lang, abs / 10_000, 2), if lang == Lang::Ru { "млн" } else { "M" }),
        10_000.. => (decimal(lang, abs / 100, 1), if lang == Lang::Ru { "тыс." } else { "k" }),
        _ => return money(lang, currency, amount),
    };
    match lang {
        Lang::Ru => format!("{sign}{digits}{NBSP}{unit}{NBSP}{symbol}"),
        Lang::En => format!("{sign}{symbol}{digits}{unit}"),
    }
}

/// `1 234` or `1,234`.
pub fn integer(lang: Lang, number: i64) -> String {
    let sign = if number < 0 { MINUS.to_string() } else { String::new() };
    format!("{sign}{}", grouped(lang, number.unsigned_abs()))
}

/// `12,3 МБ` or `12.3 MB`: so many millions of bytes, cut to one decimal.
pub fn size(lang: Lang, bytes: u64) -> String {
    let unit = if lang == Lang::Ru { "МБ" } else { "MB" };
    format!("{}{NBSP}{unit}", decimal(lang, bytes / 100_000, 1))
}

/// `94 %` or `97,4 %`: cut to one decimal, none when it is whole.
pub fn percent(lang: Lang, rate: Rate) -> String {
    let space = if lang == Lang::Ru { NBSP.to_string() } else { String::new() };
    let sign = if rate.bp() < 0 { MINUS.to_string() } else { String::new() };
    format!("{sign}{}{space}%", tenths(lang, rate.bp()))
}

/// Hours as days with a tenth: `1,3 дн.`, `1.3 days`.
pub fn days(lang: Lang, hours: i64) -> String {
    let tenths = hours.saturating_mul(10) / 24;
    let (whole, part) = (tenths / 10, tenths % 10);
    match lang {
        Lang::Ru if part == 0 => format!("{whole}{NBSP}дн."),
        Lang::Ru => format!("{whole},{part}{NBSP}дн."),
        Lang::En if part == 0 => format!("{whole}{NBSP}days"),
        Lang::En => format!("{whole}.{part}{NBSP}days"),
    }
}

/// Percentage points with a sign and without a unit: `+2,5`, `−0,3`, `0`.
pub fn signed_points(lang: Lang, bp: i32) -> String {
    let sign = if bp < 0 { MINUS.to_string() } else { String::from(if bp > 0 { "+" } else { "" }) };
    format!("{sign}{}", tenths(lang, bp))
}

/// Change of a share: `▲3`, `▼2,5`, `=`; the words beside it come from the template.
pub fn points(lang: Lang, bp: i32) -> String {
    match bp / 10 {
        0 => "=".to_owned(),
        n if n > 0 => format!("▲{}", tenths(lang, bp)),
        _ => format!("▼{}", tenths(lang, bp)),
    }
}

/// `3 продажи`: the number and the form that belongs to it. English takes the first form for one, the last otherwise.
pub fn plural(lang: Lang, number: i64, one: &str, few: &str, many: &str) -> String {
    let (last, last_two) = (number.unsigned_abs() % 10, number.unsigned_abs() % 100);
    let form = match lang {
        Lang::En if number.unsigned_abs() == 1 => one,
        Lang::Ru if last == 1 && last_two != 11 => one,
        Lang::Ru if (2..=4).contains(&last) && !(12..=14).contains(&last_two) => few,
        Lang::Ru | Lang::En => many,
    };
    format!("{}{NBSP}{form}", integer(lang, number))
}

/// `пт 27.11.2026`, `Fri 27 Nov 2026`.
pub fn date(lang: Lang, day: NaiveDate) -> String {
    let pattern = if lang == Lang::Ru { "%d.%m.%Y" } else { "%-d\u{a0}%b\u{a0}%Y" };
    format!("{}{NBSP}{}", words::weekday(lang, day.weekday().num_days_from_monday()), day.format(pattern))
}

/// `пт 27.11`, `Fri 27 Nov`: for subjects and deadlines near by.
pub fn short_date(lang: Lang, day: NaiveDate) -> String {
    let pattern = if lang == Lang::Ru { "%d.%m" } else { "%-d\u{a0}%b" };
    format!("{}{NBSP}{}", words::weekday(lang, day.weekday().num_days_from_monday()), day.format(pattern))
}

/// `пт 27.11.2026 16:20`.
pub fn instant(lang: Lang, at: NaiveDateTime) -> String {
    format!("{}{NBSP}{}", date(lang, at.date()), at.format("%H:%M"))
}

/// `пт 16:20` within the six days before the reference, else with the date: a weekday alone would mislead.
pub fn near(lang: Lang, at: NaiveDateTime, reference: NaiveDateTime) -> String {
    let days = (reference.date() - at.date()).num_days();
    if (0..=6).contains(&days) {
        let weekday = words::weekday(lang, at.date().weekday().num_days_from_monday());
        format!("{weekday}{NBSP}{}", at.format("%H:%M"))
    } else {
        instant(lang, at)
    }
}

/// `ноябрь 2026`.
pub fn period(lang: Lang, period: Period) -> String {
    let first = period.from();
    format!("{}{NBSP}{}", words::month(lang, first.month()), first.year())
}

fn tenths(lang: Lang, bp: i32) -> String {
    let tenths = u64::from(bp.unsigned_abs()) / 10;
    if tenths.is_multiple_of(10) { grouped(lang, tenths / 10) } else { decimal(lang, tenths, 1) }
}

fn decimal(lang: Lang, scaled: u64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let point = if lang == Lang::Ru { ',' } else { '.' };
    format!("{}{point}{:0width$}", grouped(lang, scaled / unit), scaled % unit, width = decimals as usize)
}

fn grouped(lang: Lang, number: u64) -> String {
    let digits = number.to_string();
    let separator = if lang == Lang::Ru { NBSP } else { ',' };
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rub(lang: Lang, kopecks: i64) -> String {
        money(lang, "RUB", Money::from_kopecks(kopecks)).replace(NBSP, "_")
    }

    #[test]
    fn amounts_read_as_each_language_writes_them() {
        assert_eq!(rub(Lang::Ru, 123_456_789), "1_234_567,89_₽");
        assert_eq!(rub(Lang::Ru, -5), "−0,05_₽");
        assert_eq!(rub(Lang::En, 123_456_789), "₽1,234,567.89");
        assert_eq!(rub(Lang::En, -100), "−₽1.00");
        assert_eq!(money(Lang::Ru, "EUR", Money::from_kopecks(150)).replace(NBSP, "_"), "1,50_EUR");
        assert_eq!(money(Lang::En, "EUR", Money::from_kopecks(150)).replace(NBSP, "_"), "EUR_1.50");
    }

    #[test]
    fn russian_plurals_have_three_forms() {
        for (n, want) in [
            (1, "1_продажа"),
            (2, "2_продажи"),
            (5, "5_продаж"),
            (11, "11_продаж"),
            (14, "14_продаж"),
            (21, "21_продажа"),
            (112, "112_продаж"),
            (1_003, "1_003_продажи"),
            (0, "0_продаж"),
        ] {
            assert_eq!(plural(Lang::Ru, n, "продажа", "продажи", "продаж").replace(NBSP, "_"), want);
        }
        assert_eq!(plural(Lang::En, 1, "sale", "", "sales").replace(NBSP, "_"), "1_sale");
    }

    #[test]
    fn shares_are_cut_and_changes_carry_a_mark() {
        assert_eq!(percent(Lang::Ru, Rate::from_bp(9_749)), "97,4\u{a0}%");
        assert_eq!(percent(Lang::En, Rate::from_bp(10_000)), "100%");
        assert_eq!(points(Lang::Ru, 350), "▲3,5");
        assert_eq!(points(Lang::Ru, -200), "▼2");
        assert_eq!(points(Lang::Ru, 9), "=");
    }

    #[test]
    fn subjects_shorten_money_downwards() {
        let short = |k| short_money(Lang::Ru, "RUB", Money::from_kopecks(k)).replace(NBSP, "_");
        assert_eq!(short(124_999_900), "1,24_млн_₽");
        assert_eq!(short(1_539_900), "15,3_тыс._₽");
        assert_eq!(short(99_900), "999,00_₽");
    }

    #[test]
    fn an_old_as_of_shows_its_date() {
        let at = |text: &str| text.parse::<NaiveDateTime>().expect("a time");
        let now = at("2026-11-20T17:00:00");
        assert_eq!(near(Lang::Ru, at("2026-11-20T16:20:00"), now), "пт\u{a0}16:20");
        assert_eq!(near(Lang::Ru, at("2026-11-13T16:20:00"), now), "пт\u{a0}13.11.2026\u{a0}16:20");
    }
}
