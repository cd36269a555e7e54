//! Shares and sums as people write them: "3 %", "3,5%", "3000.00", "3 000,50". Deliberately absent: floating point.

use super::{
    problem::Sink,
    reader::Section,
    tree::{Node, Value},
};
use crate::domain::{
    money::{Money, Rate},
    policy::Premium,
    text::Text,
};

/// "3.5 %" in basis points; at most two digits behind the point.
pub fn parse_percent(text: &str) -> Option<Rate> {
    let number = text.trim().strip_suffix('%')?;
    i32::try_from(parse_hundredths(number)?).ok().map(Rate::from_bp)
}

/// "3 000,50" in kopecks; at most two digits behind the point, spaces between groups allowed.
pub fn parse_money(text: &str) -> Option<Money> {
    parse_hundredths(text).map(Money::from_kopecks)
}

/// A decimal number as hundredths, without a sign.
fn parse_hundredths(text: &str) -> Option<i64> {
    let digits: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((&digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > 2 {
        return None;
    }
    if digits.len() != whole.len() && fraction.is_empty() {
        return None;
    }
    format!("{whole}{fraction:0<2}").parse().ok()
}

/// A share under `key`, or in basis points under `key_bp`; both are known afterwards.
pub fn share(section: &Section<'_>, key: &'static str, key_bp: &'static str, most: Rate) -> Option<Rate> {
    let text = section.node(key);
    let bp = section.node(key_bp);
    if text.is_some() && bp.is_some() {
        section.error(
            key_bp,
            Text::new(
                format!("`{key}` и `{key_bp}` — одно и то же, оставьте одно"),
                format!("`{key}` and `{key_bp}` are the same, keep one"),
            ),
        );
    }
    let rate = match (text, bp) {
        (Some(node), _) => share_of(node, section.sink())?,
        (None, Some(node)) => Rate::from_bp(i32::try_from(node.int(section.sink())?).unwrap_or(-1)),
        (None, None) => return None,
    };
    let place = if text.is_some() { key } else { key_bp };
    if rate < Rate::ZERO || rate > most {
        let most = percent(most);
        section.error(
            place,
            Text::new(format!("доля должна быть от 0 % до {most}"), format!("a share is between 0 % and {most}")),
        );
        return None;
    }
    Some(rate)
}

/// A share in a node of its own.
pub fn share_of(node: &Node, sink: &Sink) -> Option<Rate> {
    let rate = match &node.value {
        Value::Text(text) => parse_percent(text),
        _ => None,
    };
    if rate.is_none() {
        sink.error_hint(
            node.at.clone(),
            Text::new("это не доля", "this is not a share"),
            Text::new("пишите так: \"3.5 %\"", "write it like this: \"3.5 %\""),
        );
    }
    rate
}

/// A sum of money: a whole number of rubles or a text.
pub fn money_of(node: &Node, sink: &Sink) -> Option<Money> {
    let money = match &node.value {
        Value::Text(text) => parse_money(text),
        Value::Int(rubles) if *rubles >= 0 => rubles.checked_mul(100).map(Money::from_kopecks),
        _ => None,
    };
    if money.is_none() {
        sink.error_hint(
            node.at.clone(),
            Text::new("это не сумма", "this is not a sum of money"),
            Text::new("пишите так: \"3000.00\"", "write it like this: \"3000.00\""),
        );
    }
    money
}

/// A premium: a sum, or a share of the period's bonus.
pub fn premium_of(node: &Node, sink: &Sink) -> Option<Premium> {
    match &node.value {
        Value::Text(text) if text.trim_end().ends_with('%') => {
            let rate = share_of(node, sink)?;
            if rate > Rate::WHOLE {
                sink.error(node.at.clone(), Text::new("доля больше 100 %", "the share is above 100 %"));
                return None;
            }
            Some(Premium::ShareOfBonus(rate))
        }
        _ => money_of(node, sink).map(Premium::Fixed),
    }
}

/// "3.5 %" from basis points.
pub fn percent(rate: Rate) -> String {
    let bp = rate.bp();
    let (whole, rest) = (bp / 100, bp % 100);
    match rest {
        0 => format!("{whole} %"),
        rest if rest % 10 == 0 => format!("{whole}.{} %", rest / 10),
        rest => format!("{whole}.{rest:02} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_read_without_floating_point() {
        for (text, want) in
            [("3 %", 300), ("3.5%", 350), ("3,05 %", 305), ("0 %", 0), ("100%", 10_000), ("\u{a0}7 %", 700)]
        {
            assert_eq!(parse_percent(text), Some(Rate::from_bp(want)), "{text}");
        }
        for text in ["3", "%", "-3 %", "3.555 %", "3. %", "1e2 %", "три %"] {
            assert_eq!(parse_percent(text), None, "{text}");
        }
    }

    #[test]
    fn sums_are_read_in_kopecks() {
        for (text, want) in [("3000.00", 300_000), ("3 000,5", 300_050), ("0", 0)] {
            assert_eq!(parse_money(text), Some(Money::from_kopecks(want)), "{text}");
        }
        for text in ["", "-1", "1.000,00", "NaN", "1.", "10 руб"] {
            assert_eq!(parse_money(text), None, "{text}");
        }
    }

    #[test]
    fn a_rate_is_written_as_it_is_read() {
        for bp in [0, 5, 50, 305, 350, 10_000] {
            assert_eq!(parse_percent(&percent(Rate::from_bp(bp))), Some(Rate::from_bp(bp)));
        }
    }
}
