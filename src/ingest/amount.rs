//! Amounts. The column decides which sign is the decimal one, never a cell alone: `1,234` is a thousand or one and a
//! bit. Two decimals, no more; anything that is not certainly an amount is refused, for a wrong guess is money.
//! Deliberately absent: rounding of other people's fractions, percentages, words.

use super::{
    raw::RawCell,
    value::{self, is_blank},
};
use crate::domain::money::Money;

/// Decimal sign of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Every text cell is a whole number, or all cells are numbers.
    Whole,
    /// `1 234,56`, `1.234,56`.
    Comma,
    /// `1 234.56`, `1,234.56`.
    Point,
}

/// Why a cell is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// Not a number.
    NotANumber,
    /// An error value or a formula without a value.
    ErrorValue,
    /// More than two decimals.
    Fraction,
    /// The sign of this cell does not fit the column.
    Sign,
    /// Too large to be an amount.
    TooLarge,
}

/// Largest amount that a double still holds to the kopeck, in kopecks.
const LARGEST: i64 = 9_000_000_000_000_000;

/// What one text says about the decimal sign.
enum Vote {
    None,
    For(Style),
    Either,
}

/// Collects what the cells of a column say about its decimal sign, with the rows that said so.
#[derive(Clone, Debug, Default)]
pub struct Votes {
    comma: Option<u32>,
    point: Option<u32>,
    either: Option<u32>,
}

impl Votes {
    /// Looks at a cell.
    pub fn look(&mut self, row: u32, cell: RawCell<'_>) {
        let RawCell::Text(text) = cell else { return };
        if self.comma.is_some() && is_kopecks(text) {
            return;
        }
        let said = match plain(text) {
            Some(plain) => plain.vote(),
            None => split(text).map_or(Vote::None, |parts| vote(&parts.digits)),
        };
        let slot = match said {
            Vote::None => return,
            Vote::Either => &mut self.either,
            Vote::For(Style::Comma) => &mut self.comma,
            Vote::For(_) => &mut self.point,
        };
        slot.get_or_insert(row);
    }

    /// The sign of the column; else the rows that contradict each other, or the row that may be read both ways.
    pub fn decide(&self) -> Result<Style, (u32, Option<u32>)> {
        match (self.comma, self.point, self.either) {
            (Some(comma), Some(point), _) => Err((comma, Some(point))),
            (Some(_), None, _) => Ok(Style::Comma),
            (None, Some(_), _) => Ok(Style::Point),
            (None, None, Some(row)) => Err((row, None)),
            (None, None, None) => Ok(Style::Whole),
        }
    }
}

/// The amount of a cell; `None` when it is empty.
pub fn read(cell: RawCell<'_>, style: Style) -> Result<Option<Money>, Bad> {
    if let RawCell::Text(text) = cell
        && let Some(money) = quick(text, style)
    {
        return Ok(Some(money));
    }
    match cell {
        _ if value::is_empty(cell) => Ok(None),
        // Reports print nothing as a dash.
        RawCell::Text(text) if matches!(value::trim(text), "-" | "–" | "—") => Ok(None),
        RawCell::Number(number) => from_number(number).map(Some),
        RawCell::Text(text) => from_text(text, style).map(Some),
        RawCell::Error(_) => Err(Bad::ErrorValue),
        RawCell::Bool(_) | RawCell::Iso(_) | RawCell::Empty => Err(Bad::NotANumber),
    }
}

/// A number cell: its kopecks, if the double means them (a sum such as 0.1 + 0.2 does, 1.005 does not).
fn from_number(number: f64) -> Result<Money, Bad> {
    let scaled = number * 100.0;
    if !scaled.is_finite() || scaled.abs() > LARGEST as f64 {
        return Err(Bad::TooLarge);
    }
    let kopecks = scaled.round();
    // A double of this size is exact to one part in 4e15; errors of a few additions are allowed for.
    if (scaled - kopecks).abs() > 1e-6 + scaled.abs() * 1e-14 {
        return Err(Bad::Fraction);
    }
    Ok(Money::from_kopecks(kopecks as i64))
}

fn from_text(text: &str, style: Style) -> Result<Money, Bad> {
    let Parts { negative, digits } = split(text).ok_or(Bad::NotANumber)?;
    let (decimal, group) = match style {
        Style::Whole | Style::Comma => (',', '.'),
        Style::Point => ('.', ','),
    };
    let (whole, fraction) = digits.rsplit_once(decimal).unwrap_or((&digits, ""));
    if whole.contains(decimal) || fraction.contains([group, ' ']) {
        return Err(Bad::Sign);
    }
    if fraction.len() > 2 {
        return Err(Bad::Fraction);
    }
    let groups: Vec<&str> = whole.split([group, ' ']).collect();
    let grouped = groups.len() > 1;
    let sound = |(i, g): (usize, &&str)| if i == 0 { (1..=3).contains(&g.len()) } else { g.len() == 3 };
    if grouped && !groups.iter().enumerate().all(sound) {
        return Err(Bad::Sign);
    }
    let mut figures: String = groups.concat();
    if figures.is_empty() && fraction.is_empty() {
        return Err(Bad::NotANumber);
    }
    figures.push_str(fraction);
    figures.extend(std::iter::repeat_n('0', 2 - fraction.len()));
    let kopecks = figures.parse::<i64>().ok().filter(|k| *k <= LARGEST).ok_or(Bad::TooLarge)?;
    Ok(Money::from_kopecks(if negative { -kopecks } else { kopecks }))
}

/// Whether a text is figures with a comma and two decimals, which is a vote for the comma.
fn is_kopecks(text: &str) -> bool {
    match text.as_bytes() {
        [whole @ .., b',', tens, ones] => {
            tens.is_ascii_digit()
                && ones.is_ascii_digit()
                && (1..=14).contains(&whole.len())
                && whole.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// An amount as most files write it: `-1234,56`. Everything else goes the long way.
struct Plain<'a> {
    whole: &'a str,
    /// Sign and digits of the fraction.
    fraction: Option<(u8, &'a str)>,
}

fn plain(text: &str) -> Option<Plain<'_>> {
    let body = text.strip_prefix('-').unwrap_or(text);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let split = body.bytes().position(|b| !b.is_ascii_digit());
    let (whole, fraction) = match split {
        None => (body, None),
        Some(at) => {
            let sign = *body.as_bytes().get(at).filter(|b| matches!(b, b'.' | b','))?;
            (body.get(..at)?, Some((sign, body.get(at + 1..).filter(|f| digits(f))?)))
        }
    };
    (digits(whole) && whole.len() <= 14).then_some(Plain { whole, fraction })
}

impl Plain<'_> {
    fn vote(&self) -> Vote {
        match self.fraction {
            None => Vote::None,
            Some((_, digits)) if digits.len() == 3 && self.whole.len() <= 3 && !self.whole.starts_with('0') => {
                Vote::Either
            }
            Some((b',', _)) => Vote::For(Style::Comma),
            Some(_) => Vote::For(Style::Point),
        }
    }
}

/// A plain amount whose sign is surely the decimal one of the column, in one pass over its bytes.
fn quick(text: &str, style: Style) -> Option<Money> {
    let (negative, body) = match text.as_bytes() {
        [b'-', body @ ..] => (true, body),
        body => (false, body),
    };
    let digit = |b: &u8| if b.is_ascii_digit() { Some(i64::from(b - b'0')) } else { None };
    let (whole, fraction) = body.split_at(body.iter().position(|b| !b.is_ascii_digit()).unwrap_or(body.len()));
    let cents = match (fraction, style) {
        ([], _) => 0,
        ([b',', tens], Style::Comma) | ([b'.', tens], Style::Point) => digit(tens)? * 10,
        ([b',', tens, ones], Style::Comma) | ([b'.', tens, ones], Style::Point) => digit(tens)? * 10 + digit(ones)?,
        _ => return None,
    };
    if !(1..=14).contains(&whole.len()) {
        return None;
    }
    let kopecks = whole.iter().filter_map(digit).fold(0, |sum, figure| sum * 10 + figure) * 100 + cents;
    (kopecks <= LARGEST).then(|| Money::from_kopecks(if negative { -kopecks } else { kopecks }))
}

struct Parts {
    negative: bool,
    /// Digits, `.`, `,` and single spaces for every kind of group blank and apostrophe.
    digits: String,
}

/// Takes sign, parentheses, currency signs and group blanks off; `None` when something else remains.
fn split(text: &str) -> Option<Parts> {
    let trim = |t: &str| t.trim_matches(is_blank).to_owned();
    let mut body = trim(text);
    let lower = body.to_lowercase();
    for unit in ["руб.", "руб", "р.", "₽", "rub"] {
        if lower.ends_with(unit) && body.len() == lower.len() {
            body.truncate(body.len() - unit.len());
            body = trim(&body);
            break;
        }
    }
    let mut negative = false;
    if let Some(inner) = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
        negative = true;
        body = trim(inner);
    } else if let Some(rest) = body.strip_prefix(['-', '\u{2212}', '\u{2012}', '\u{2013}']) {
        negative = true;
        body = trim(rest);
    } else if let Some(rest) = body.strip_prefix('+') {
        body = trim(rest);
    }
    let mut digits = String::with_capacity(body.len());
    for c in body.chars() {
        match c {
            '0'..='9' | '.' | ',' => digits.push(c),
            _ if is_blank(c) || matches!(c, '\'' | '\u{2019}' | '`') => digits.push(' '),
            _ => return None,
        }
    }
    digits.bytes().any(|b| b.is_ascii_digit()).then_some(Parts { negative, digits })
}

fn vote(digits: &str) -> Vote {
    let style = |sign: u8| if sign == b',' { Style::Comma } else { Style::Point };
    let other = |sign: u8| if sign == b',' { Style::Point } else { Style::Comma };
    let signs: Vec<(usize, u8)> = digits.bytes().enumerate().filter(|(_, b)| matches!(b, b'.' | b',')).collect();
    let Some(&(at, last)) = signs.last() else { return Vote::None };
    if signs.iter().any(|(_, sign)| *sign != last) {
        return Vote::For(style(last));
    }
    if signs.len() > 1 {
        return Vote::For(other(last));
    }
    let before = &digits[..at];
    let after = digits.len() - at - 1;
    let may_group = after == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
    if may_group { Vote::Either } else { Vote::For(style(last)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str]) -> Result<Vec<i64>, String> {
        let cells: Vec<RawCell> = cells.iter().map(|c| RawCell::Text(c)).collect();
        let mut votes = Votes::default();
        for (row, cell) in (1..).zip(&cells) {
            votes.look(row, *cell);
        }
        let style = votes.decide().map_err(|e| format!("undecided {e:?}"))?;
        cells
            .iter()
            .map(|c| read(*c, style).map(|m| m.unwrap_or_default().kopecks()).map_err(|e| format!("{e:?}")))
            .collect()
    }

    #[test]
    fn the_column_decides_the_sign() {
        assert_eq!(column(&["14,800.00", "1,234"]), Ok(vec![1_480_000, 123_400]));
        assert_eq!(column(&["5 000,00", "1.234,5", "-0,07"]), Ok(vec![500_000, 123_450, -7]));
        assert_eq!(column(&["1,234,567", "5"]), Ok(vec![123_456_700, 500]));
        assert_eq!(column(&["1 234", "7"]), Ok(vec![123_400, 700]));
        assert_eq!(column(&["1,234"]), Err("undecided (1, None)".into()));
        assert_eq!(column(&["1,5", "2.5"]), Err("undecided (1, Some(2))".into()));
    }

    #[test]
    fn signs_and_blanks_of_every_kind_are_read() {
        let spellings = [
            "(1\u{a0}234,56)",
            "\u{2212}1\u{202f}234,56",
            "-1\u{2009}234,56",
            "- 1'234,56",
            "-1234,56 руб.",
            "–1 234,56",
        ];
        assert_eq!(column(&spellings), Ok(vec![-123_456; spellings.len()]));
        assert_eq!(column(&["100,5 ₽", "+1,50"]), Ok(vec![10_050, 150]));
    }

    #[test]
    fn what_is_not_certainly_an_amount_is_refused() {
        for (cells, want) in [
            (&["0,123"][..], "Fraction"),
            (&["1234,567"], "Fraction"),
            (&["1,50", "1,234"], "Fraction"),
            (&["1,5", "12 34,5"], "Sign"),
            (&["1,5", "1.2,5"], "Sign"),
            (&["1,5", "> 5000"], "NotANumber"),
            (&["1,5", "1e5"], "NotANumber"),
            (&["1,5", "NaN"], "NotANumber"),
            (&["1,5", "--5"], "NotANumber"),
            (&["99999999999999999999"], "TooLarge"),
        ] {
            assert_eq!(column(cells), Err(want.to_owned()), "{cells:?}");
        }
    }

    #[test]
    fn number_cells_mean_kopecks_or_are_refused() {
        let number = |n: f64| read(RawCell::Number(n), Style::Whole).map(|m| m.map(Money::kopecks));
        assert_eq!(number(0.1 + 0.2), Ok(Some(30)));
        assert_eq!(number(791_219_225.28), Ok(Some(79_121_922_528)));
        assert_eq!(number(-4.35), Ok(Some(-435)));
        assert_eq!(number(1.005), Err(Bad::Fraction));
        assert_eq!(number(f64::NAN), Err(Bad::TooLarge));
        assert_eq!(read(RawCell::Error("#N/A"), Style::Whole), Err(Bad::ErrorValue));
        assert_eq!(read(RawCell::Text(" "), Style::Whole), Ok(None));
    }

    /// The short way says what the long way says.
    #[test]
    fn plain_amounts_are_read_like_all_others() {
        for text in ["0", "7", "-7", "1234,5", "1234,56", "-0,07", "1,234", "0,123", "12.5", "999.99", "1234567890123"]
        {
            let long = format!(" {text} ");
            for style in [Style::Whole, Style::Comma, Style::Point] {
                let cell = |t| read(RawCell::Text(t), style);
                assert_eq!(cell(text), cell(&long), "{text} {style:?}");
            }
            let votes = |t: &str| {
                let mut votes = Votes::default();
                votes.look(1, RawCell::Text(t));
                votes.decide()
            };
            assert_eq!(votes(text), votes(&long), "{text}");
        }
    }

    /// Every kopeck value survives a double.
    #[test]
    fn no_kopeck_is_lost_through_a_double() {
        for kopecks in (0..2_000_000_i64).step_by(7).chain([LARGEST / 100, 123_456_789_012_345]) {
            assert_eq!(from_number(kopecks as f64 / 100.0), Ok(Money::from_kopecks(kopecks)), "{kopecks}");
        }
    }
}
