//! Periods as titles of reports print them: «за Июнь 2026 г.», «с 01.01.2025 по 31.03.2025», «за 9 месяцев 2026 г.»,
//! «Период: 2026 г.». Deliberately absent: periods without a year (nobody knows which).

use chrono::{Datelike, NaiveDate};

use super::{date, value::key};
use crate::domain::{inbox::DateSpan, period::Period};

/// Beginnings of month names in any case; May is a word of its own.
const MONTHS: [&str; 12] =
    ["январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Date(NaiveDate),
    Number(u32),
    Year(i32),
    Month(u32),
    Quarter,
    Half,
    Months,
    For,
    YearWord,
    Other,
}

/// The period in a line of a title; `None` when the line names none.
pub fn parse(line: &str) -> Option<DateSpan> {
    let tokens = tokens(line);
    let dates: Vec<NaiveDate> =
        tokens.iter().filter_map(|t| if let Token::Date(d) = t { Some(*d) } else { None }).collect();
    if let [from, to, ..] = dates.as_slice() {
        return span(*from, *to);
    }
    let year = tokens.iter().rev().find_map(|t| if let Token::Year(y) = t { Some(*y) } else { None });
    let numbered = |word: Token| {
        let counted = tokens.windows(2).filter_map(move |pair| match pair {
            [Token::Number(n), last] if *last == word => Some(*n),
            _ => None,
        });
        counted.collect::<Vec<u32>>()
    };
    let (quarters, halves, months) = (numbered(Token::Quarter), numbered(Token::Half), numbered(Token::Months));
    if let (Some(first), Some(last)) = (quarters.first(), quarters.last()) {
        return month_span(year?, first.checked_mul(3)?.checked_sub(2)?, year?, last.checked_mul(3)?);
    }
    if let Some(half) = halves.first() {
        return month_span(year?, half.checked_mul(6)?.checked_sub(5)?, year?, half.checked_mul(6)?);
    }
    if let Some(count) = months.first() {
        return month_span(year?, 1, year?, *count);
    }
    if let Some(found) = by_months(&tokens) {
        return Some(found);
    }
    let has = |wanted: Token| tokens.contains(&wanted);
    match (dates.first(), year) {
        (Some(day), _) if has(Token::For) => span(*day, *day),
        (None, Some(year)) if has(Token::For) || has(Token::YearWord) => month_span(year, 1, year, 12),
        _ => None,
    }
}

/// The period that a caption of a column or group names by itself: «Июнь 2026 г.», «1 квартал 2026», «01.06.2026», or a
/// bare month when the year is known from the title.
pub fn caption(text: &str, year: Option<i32>) -> Option<DateSpan> {
    let low = key(text);
    if low.chars().count() > 40 || low.starts_with("итог") || low.starts_with("всего") {
        return None;
    }
    if let Ok(day) = date::from_text(&low) {
        return span(day, day);
    }
    let tokens = tokens(text);
    let named = |t: &Token| matches!(t, Token::Month(_) | Token::Quarter | Token::Half | Token::Months);
    let other = |t: &Token| matches!(t, Token::Other | Token::Date(_));
    if !tokens.iter().any(named) || tokens.iter().any(other) {
        return None;
    }
    let has_year = tokens.iter().any(|t| matches!(t, Token::Year(_)));
    if has_year { parse(text) } else { parse(&format!("{text} {}", year?)) }
}

/// `июнь 2026`, `январь - июнь 2026`, `1 января 2026 г. - 31 марта 2026 г.`: a month without a year takes the next one.
fn by_months(tokens: &[Token]) -> Option<DateSpan> {
    let mut points = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Month(month) = token else { continue };
        let day = match at.checked_sub(1).and_then(|i| tokens.get(i)) {
            Some(Token::Number(day)) if (1..=31).contains(day) => Some(*day),
            _ => None,
        };
        let year = tokens.iter().skip(at).find_map(|t| if let Token::Year(y) = t { Some(*y) } else { None })?;
        points.push((year, *month, day));
    }
    let (&(y1, m1, d1), &(y2, m2, d2)) = (points.first()?, points.last()?);
    let from = NaiveDate::from_ymd_opt(y1, m1, d1.unwrap_or(1))?;
    let to = match d2 {
        Some(day) => NaiveDate::from_ymd_opt(y2, m2, day)?,
        None => Period::new(y2, m2)?.last_day(),
    };
    span(from, to)
}

fn month_span(y1: i32, m1: u32, y2: i32, m2: u32) -> Option<DateSpan> {
    span(Period::new(y1, m1)?.from(), Period::new(y2, m2)?.last_day())
}

fn span(from: NaiveDate, to: NaiveDate) -> Option<DateSpan> {
    let sound = |d: NaiveDate| (1990..=2100).contains(&d.year());
    (from <= to && sound(from) && sound(to)).then_some(DateSpan { from, to })
}

fn tokens(line: &str) -> Vec<Token> {
    let line = key(line);
    let mut tokens = Vec::new();
    for word in line.split([' ', '(', ')', '|', ';', ',', ':', '"', '–', '—', '/']) {
        if let Ok(date) = date::from_text(word) {
            tokens.push(Token::Date(date));
            continue;
        }
        tokens.extend(word.split('-').filter(|w| !w.is_empty()).map(token));
    }
    tokens
}

fn token(word: &str) -> Token {
    if let Ok(date) = date::from_text(word.trim_end_matches('г').trim_end_matches('.')) {
        return Token::Date(date);
    }
    let bare = word.trim_end_matches('.').trim_end_matches("год").trim_end_matches('г');
    if let Ok(number) = bare.parse::<u32>() {
        let year = (1990..=2100).contains(&number);
        return if year { Token::Year(number as i32) } else { Token::Number(number) };
    }
    let roman = ["i", "ii", "iii", "iv"].iter().position(|r| *r == word).map(|n| n as u32 + 1);
    let ordinal = ["перв", "втор", "трет", "четверт"].iter().position(|o| word.starts_with(o)).map(|n| n as u32 + 1);
    if let Some(number) = roman.or(ordinal) {
        return Token::Number(number);
    }
    if matches!(word, "май" | "мая" | "мае") {
        return Token::Month(5);
    }
    let named = MONTHS.iter().position(|month| *month != "ма" && word.starts_with(month));
    match word {
        _ if named.is_some() => Token::Month(named.unwrap_or_default() as u32 + 1),
        _ if word.starts_with("квартал") => Token::Quarter,
        _ if word.starts_with("полугоди") => Token::Half,
        _ if word.starts_with("месяц") => Token::Months,
        "за" | "период" => Token::For,
        "г" | "г." | "год" | "году" => Token::YearWord,
        _ => Token::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_title_is_understood() {
        for (line, from, to) in [
            ("Карточка счета 51 за Июнь 2026 г.", "2026-06-01", "2026-06-30"),
            ("за Февраль 2026 г.", "2026-02-01", "2026-02-28"),
            ("за 2025 г.", "2025-01-01", "2025-12-31"),
            ("с 01.01.2025 по 31.03.2025", "2025-01-01", "2025-03-31"),
            ("Период: 2026 г.", "2026-01-01", "2026-12-31"),
            ("Период: январь 2026", "2026-01-01", "2026-01-31"),
            ("Период: 01.01.2023 - 31.03.2023 | Счет: 62", "2023-01-01", "2023-03-31"),
            ("за 1 квартал 2026 г.", "2026-01-01", "2026-03-31"),
            ("за II квартал 2026 года", "2026-04-01", "2026-06-30"),
            ("за 1 полугодие 2026 г.", "2026-01-01", "2026-06-30"),
            ("за 9 месяцев 2026 г.", "2026-01-01", "2026-09-30"),
            ("Продажи за период 01.01.2026-31.10.2026", "2026-01-01", "2026-10-31"),
            ("Период: с 1 января 2026 г. по 15 мая 2026 г.", "2026-01-01", "2026-05-15"),
            ("за Январь 2026 г. - Март 2026 г.", "2026-01-01", "2026-03-31"),
            ("за Январь - Июнь 2026 г.", "2026-01-01", "2026-06-30"),
            ("за 15 июня 2026 г.", "2026-06-15", "2026-06-15"),
            ("за 15.06.2026", "2026-06-15", "2026-06-15"),
            ("Период: 01.11.2026 0:00:00 - 30.11.2026 23:59:59", "2026-11-01", "2026-11-30"),
        ] {
            let want = DateSpan { from: from.parse().expect("date"), to: to.parse().expect("date") };
            assert_eq!(parse(line), Some(want), "{line}");
        }
    }

    #[test]
    fn lines_without_a_period_name_none() {
        for line in
            ["ООО «РОМАШКА»", "Дата выгрузки 02.04.2026", "за Июнь", "Цены указаны на 28.02.2020", "Магазин № 2026", ""]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
