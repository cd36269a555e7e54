//! Documents as 1C words them: «Реализация (акт, накладная, УПД) 00УТ-000001 от 01.01.2026 0:12:30». Deliberately
//! absent: looking a document up.

use chrono::NaiveDate;

use super::{
    date,
    value::{is_blank, key},
};

/// A wording taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// Kind of the document; empty when only a number stands there.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Date.
    pub date: Option<NaiveDate>,
}

/// Takes a wording apart; a text without «от» and a date is a bare number.
pub fn split(text: &str) -> Wording {
    let text = text.trim_matches(is_blank);
    let whole = one_line(text);
    if whole.date.is_some() || !text.contains('\n') {
        return whole;
    }
    // A comment or the contract may stand on further lines of the cell.
    let lines = text.lines().map(one_line).find(|line| line.date.is_some() && !key(&line.kind).contains("договор"));
    lines.unwrap_or(whole)
}

fn one_line(text: &str) -> Wording {
    let text = text.trim_matches(is_blank);
    let bare = Wording { number: text.to_owned(), ..Wording::default() };
    let words = [" от ", "\u{a0}от\u{a0}", "\nот ", " dated "];
    let Some((head, tail)) = words.iter().find_map(|word| text.rsplit_once(word)) else {
        return bare;
    };
    // The date may be followed by «г.» or a remark.
    let tail = tail.trim_matches(is_blank);
    let day = tail.split(is_blank).next().unwrap_or_default().trim_end_matches("г.").trim_end_matches([',', ';', ')']);
    let Ok(date) = date::from_text(day) else { return bare };
    let head = head.trim_matches(is_blank);
    let (kind, number) = head.rsplit_once(is_blank).unwrap_or(("", head));
    let number = number.trim_start_matches(['№', 'N']);
    if !number.chars().any(|c| c.is_ascii_digit()) {
        return bare;
    }
    let kind = kind.trim_end_matches(|c: char| is_blank(c) || c == '№').trim_end_matches(" N");
    Wording { kind: kind.to_owned(), number: number.to_owned(), date: Some(date) }
}

/// Whether a kind is a sale or takes one back: what counts where a report mixes documents of all kinds.
pub fn is_sale(kind: &str) -> bool {
    let kind = key(kind);
    const BEGINNINGS: [&str; 9] = [
        "реализац",
        "продаж",
        "отгруз",
        "расходная накл",
        "акт",
        "оказание",
        "отчет комисс",
        "отчет о розн",
        "корректировка реал",
    ];
    BEGINNINGS.iter().any(|word| kind.starts_with(word)) || is_return(&kind)
}

/// Whether a kind nearly says that it takes a sale back: a wrong letter in «Возврат» must not turn a return into a sale.
pub fn is_almost_return(kind: &str) -> bool {
    let kind = key(kind);
    let first = kind.split(' ').next().unwrap_or_default();
    !kind.is_empty()
        && !is_return(&kind)
        && !is_foreign(&kind)
        && rapidfuzz::fuzz::ratio(first.chars(), "возврат".chars()) >= 0.75
}

/// Whether a kind takes a sale back.
pub fn is_return(kind: &str) -> bool {
    if kind.is_empty() {
        return false;
    }
    let kind = key(kind);
    (kind.starts_with("возврат") || kind.starts_with("сторно")) && !kind.contains("поставщик")
}

/// Whether a kind is nothing that is sold: purchases, payments, orders.
pub fn is_foreign(kind: &str) -> bool {
    if kind.is_empty() {
        return false;
    }
    let kind = key(kind);
    const BEGINNINGS: [&str; 13] = [
        "поступлен",
        "закуп",
        "платеж",
        "оплата",
        "списание",
        "счет на оплату",
        "счет покупател",
        "заказ",
        "перемещен",
        "приходн",
        "расходный кассов",
        "оприходован",
        "инвентаризац",
    ];
    BEGINNINGS.iter().any(|word| kind.starts_with(word)) || (kind.starts_with("возврат") && kind.contains("поставщик"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wordings_come_apart() {
        let cases = [
            (
                "Реализация (акт, накладная, УПД) 00УТ-000001 от 01.01.2026 0:12:30",
                "Реализация (акт, накладная, УПД)",
                "00УТ-000001",
            ),
            ("Реализация 0000-001471 от 01.06.2026 17:00:00", "Реализация", "0000-001471"),
            ("Возврат № 15 от 01.01.2026", "Возврат", "15"),
            ("№15 от 01.01.2026 г.", "", "15"),
            ("УТ-7 от 01.01.2026", "", "УТ-7"),
        ];
        for (text, kind, number) in cases {
            let found = split(text);
            assert_eq!((found.kind.as_str(), found.number.as_str()), (kind, number), "{text}");
            assert!(found.date.is_some());
        }
        for bare in ["БВ00-000277", "ООО от Иванова", "12 от вчера"] {
            assert_eq!(split(bare), Wording { number: bare.to_owned(), ..Wording::default() });
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        assert!(is_return("Возврат товаров от покупателя") && is_return("СТОРНО документа"));
        assert!(!is_return("Возврат товаров поставщику") && is_foreign("Возврат товаров поставщику"));
        assert!(
            is_almost_return("Возрат товаров") && is_almost_return("возвратт") && !is_almost_return("Возврат товаров")
        );
        assert!(
            !is_almost_return("Реализация") && !is_almost_return("Возврат товаров поставщику") && !is_almost_return("")
        );
        assert!(is_foreign("Поступление товаров и услуг") && !is_foreign("Продажа, комиссия") && !is_foreign(""));
    }
}
