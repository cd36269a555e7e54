//! Documents as 1C words them: «Реализация (акт, накладная, УПД) 00УТ-000001 от 01.01.2026 0:12:30». Deliberately
//! absent: looking a document up.

use chrono::NaiveDate;

use super::{
    date, date_words,
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
    // A comment or the contract may stand on further lines of the cell; a date may stand below its number.
    let mut lines = text.lines().filter_map(worded);
    if let Some(found) = lines.find(|line| !text.contains('\n') || !key(&line.kind).contains("договор")) {
        return found;
    }
    let joined = text.contains('\n').then(|| text.split_whitespace().collect::<Vec<_>>().join(" "));
    joined
        .and_then(|joined| worded(&joined))
        .unwrap_or_else(|| Wording { number: text.to_owned(), ..Wording::default() })
}

/// Kind, number and date of a line; the first date belongs to the document, later ones to contracts and corrections.
fn worded(line: &str) -> Option<Wording> {
    let words = [" от ", "\u{a0}от\u{a0}", " dated "];
    let mut places: Vec<(usize, usize)> =
        words.iter().flat_map(|word| line.match_indices(word).map(|(at, word)| (at, word.len()))).collect();
    places.sort_unstable();
    places.into_iter().find_map(|(at, length)| {
        let (head, tail) = (line.get(..at)?.trim_matches(is_blank), line.get(at + length..)?.trim_matches(is_blank));
        // The date may be followed by «г.» or a remark.
        let day = tail.split(is_blank).next()?.trim_end_matches("г.").trim_end_matches([',', ';', ')']);
        let date = date::from_text(day).ok().or_else(|| Some(date_words::leading(tail)?.0))?;
        let (kind, number) = head.rsplit_once(is_blank).unwrap_or(("", head));
        let number = number.trim_start_matches(['№', 'N']);
        if !number.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let kind = kind.trim_end_matches(|c: char| is_blank(c) || c == '№').trim_end_matches(" N");
        Some(Wording { kind: kind.to_owned(), number: number.to_owned(), date: Some(date) })
    })
}

/// What a kind of document means for sales.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Sold, or taken back.
    pub sale: bool,
    /// Taken back.
    pub back: bool,
    /// Something else.
    pub foreign: bool,
    /// Nearly «возврат».
    pub almost_back: bool,
}

impl Meaning {
    /// The meaning of a kind; an empty one means nothing.
    pub fn of(kind: &str) -> Self {
        if kind.is_empty() {
            return Self::default();
        }
        Self {
            sale: is_sale(kind),
            back: is_return(kind),
            foreign: is_foreign(kind),
            almost_back: is_almost_return(kind),
        }
    }
}

/// Whether a kind is a sale or takes one back: what counts where a report mixes documents of all kinds.
pub fn is_sale(kind: &str) -> bool {
    let kind = key(kind);
    const BEGINNINGS: [&str; 16] = [
        "реализац",
        "продаж",
        "отгруз",
        "расходная накл",
        "товарная накл",
        "накладная",
        "торг-12",
        "упд",
        "акт об оказ",
        "акт выполн",
        "акт на ",
        "оказание",
        "отчет комисс",
        "отчет о розн",
        "корректировка реал",
        "чек ккм",
    ];
    let sold = kind == "акт" || BEGINNINGS.iter().any(|word| kind.starts_with(word));
    (sold && !is_foreign(&kind)) || is_return(&kind)
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
    let money = ["денежн", "оплат", "аванс", "средств"].iter().any(|word| kind.contains(word));
    let back = kind.starts_with("возврат") || kind.starts_with("сторно") || kind.contains("(уменьшен");
    back && !kind.contains("поставщик") && !money
}

/// Whether a kind is nothing that is sold: purchases, payments, orders.
pub fn is_foreign(kind: &str) -> bool {
    if kind.is_empty() {
        return false;
    }
    let kind = key(kind);
    const BEGINNINGS: [&str; 25] = [
        "акт взаимозач",
        "акт сверк",
        "взаимозачет",
        "зачет аванс",
        "корректировка долг",
        "ввод остатк",
        "операция",
        "отмена",
        "аннулир",
        "передача на комис",
        "прием на комис",
        "эквайринг",
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
    BEGINNINGS.iter().any(|word| kind.starts_with(word))
        || (kind.starts_with("возврат")
            && ["поставщик", "денежн", "оплат", "аванс", "средств"].iter().any(|word| kind.contains(word)))
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
            ("Реализация 8 от 1 июня 2026 г. по договору 7", "Реализация", "8"),
        ];
        for (text, kind, number) in cases {
            let found = split(text);
            assert_eq!((found.kind.as_str(), found.number.as_str()), (kind, number), "{text}");
            assert!(found.date.is_some());
        }
        let contract = split("Реализация 5 от 01.06.2026 по договору 7 от 01.01.2025\nпо заказу 8 от 02.02.2025");
        assert_eq!(
            (contract.number.as_str(), contract.date.map(|d| d.to_string()).as_deref()),
            ("5", Some("2026-06-01"))
        );
        for bare in ["БВ00-000277", "ООО от Иванова", "12 от вчера"] {
            assert_eq!(split(bare), Wording { number: bare.to_owned(), ..Wording::default() });
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        assert!(is_return("Возврат товаров от покупателя") && is_return("СТОРНО документа"));
        assert!(!is_return("Возврат товаров поставщику") && is_foreign("Возврат товаров поставщику"));
        assert!(
            is_almost_return("Возрат товаров") && is_almost_return("Взврат") && !is_almost_return("Возврат товаров")
        );
        assert!(
            !is_almost_return("Реализация") && !is_almost_return("Возврат товаров поставщику") && !is_almost_return("")
        );
        assert!(is_foreign("Поступление товаров и услуг") && !is_foreign("Продажа, комиссия") && !is_foreign(""));
    }
}
