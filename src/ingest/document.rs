//! Documents as 1C words them: «Реализация (акт, накладная, УПД) 00УТ-000001 от 01.01.2026 0:12:30». Deliberately
//! absent: looking a document up.

use std::{borrow::Cow, sync::LazyLock};

use chrono::NaiveDate;
use memchr::{memchr, memmem::Finder};

use super::{
    date, date_words,
    value::{self, is_blank, key},
};

/// A wording taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording<'a> {
    /// Kind of the document; empty when only a number stands there.
    pub kind: Cow<'a, str>,
    /// Number.
    pub number: Cow<'a, str>,
    /// Date.
    pub date: Option<NaiveDate>,
}

impl<'a> Wording<'a> {
    fn bare(number: &'a str) -> Self {
        Self { number: Cow::Borrowed(number), ..Self::default() }
    }

    fn into_owned(self) -> Wording<'static> {
        let Self { kind, number, date } = self;
        Wording { kind: Cow::Owned(kind.into_owned()), number: Cow::Owned(number.into_owned()), date }
    }
}

/// Takes a wording apart; a text without «от» and a date is a bare number.
pub fn split(text: &str) -> Wording<'_> {
    if text.is_empty() {
        return Wording::default();
    }
    let text = value::trim(text);
    if !text.contains('\n') {
        return worded(text).unwrap_or_else(|| Wording::bare(text));
    }
    // A comment or the contract may stand on further lines of the cell; a date may stand below its number.
    let mut lines = text.lines().filter_map(worded);
    if let Some(found) = lines.find(|line| !key(&line.kind).contains("договор")) {
        return found;
    }
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match worded(&joined) {
        Some(found) => found.into_owned(),
        None => Wording::bare(text),
    }
}

static FROM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("от"));

/// Kind, number and date of a line; the first date belongs to the document, later ones to contracts and corrections.
fn worded(line: &str) -> Option<Wording<'_>> {
    common(line).or_else(|| any_worded(line))
}

/// The wording of nearly all documents: its first «от» stands between spaces, and no « dated » can stand before it.
fn common(line: &str) -> Option<Wording<'_>> {
    let at = FROM.find(line.as_bytes())?;
    let head = line.get(..at)?.strip_suffix(' ').filter(|head| memchr(b'd', head.as_bytes()).is_none())?;
    parts(head, line.get(at + "от".len()..)?.strip_prefix(' ')?)
}

fn any_worded(line: &str) -> Option<Wording<'_>> {
    static DATED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" dated "));
    let bytes = line.as_bytes();
    // Where each of the words ended last: it begins anew only behind that.
    let (mut plain, mut hard) = (0, 0);
    let from = FROM.find_iter(bytes).filter_map(move |at| {
        let (head, tail) = (bytes.get(..at)?, bytes.get(at + "от".len()..)?);
        let (blank, end) = if head.ends_with(b" ") && tail.starts_with(b" ") {
            (1, &mut plain)
        } else if head.ends_with(NBSP) && tail.starts_with(NBSP) {
            (NBSP.len(), &mut hard)
        } else {
            return None;
        };
        let (start, stop) = (at - blank, at + "от".len() + blank);
        (start >= *end).then(|| {
            *end = stop;
            (start, stop)
        })
    });
    let dated = DATED.find_iter(bytes).map(|at| (at, at + " dated ".len()));
    let (mut from, mut dated) = (from.peekable(), dated.peekable());
    loop {
        let next = match (from.peek(), dated.peek()) {
            (Some(one), Some(other)) if one > other => dated.next(),
            (Some(_), _) => from.next(),
            (None, _) => dated.next(),
        };
        let (start, stop) = next?;
        if let Some(found) = line.get(..start).zip(line.get(stop..)).and_then(|(head, tail)| parts(head, tail)) {
            return Some(found);
        }
    }
}

/// U+00A0.
const NBSP: &[u8] = b"\xC2\xA0";

/// What stands before and behind «от», if that is a number and a date.
fn parts<'a>(head: &'a str, tail: &str) -> Option<Wording<'a>> {
    let (head, tail) = (value::trim(head), value::trim(tail));
    // The date may be followed by «г.» or a remark.
    let mut day = match tail.as_bytes().get(10) {
        Some(b' ') => tail.get(..10).filter(|day| day.bytes().all(|b| b.is_ascii_graphic())),
        _ => None,
    }
    .unwrap_or_else(|| value::first_word(tail));
    while let Some(shorter) = day.strip_suffix("г.") {
        day = shorter;
    }
    let date =
        date::from_text(day.trim_end_matches([',', ';', ')'])).ok().or_else(|| Some(date_words::leading(tail)?.0))?;
    let (kind, number) = value::last_word(head);
    let number = number.trim_start_matches(['№', 'N']);
    if !number.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut kind = kind.trim_end_matches(|c: char| is_blank(c) || c == '№');
    while let Some(shorter) = kind.strip_suffix(" N") {
        kind = shorter;
    }
    Some(Wording { kind: Cow::Borrowed(kind), number: Cow::Borrowed(number), date: Some(date) })
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
            assert_eq!((&*found.kind, &*found.number), (kind, number), "{text}");
            assert!(found.date.is_some());
        }
        let contract = split("Реализация 5 от 01.06.2026 по договору 7 от 01.01.2025\nпо заказу 8 от 02.02.2025");
        assert_eq!((&*contract.number, contract.date.map(|d| d.to_string()).as_deref()), ("5", Some("2026-06-01")));
        for bare in ["БВ00-000277", "ООО от Иванова", "12 от вчера"] {
            assert_eq!(split(bare), Wording { number: bare.into(), ..Wording::default() });
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
