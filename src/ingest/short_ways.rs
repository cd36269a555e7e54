//! The short ways that nearly all cells go say what the long ways say: each is compared with the plain code it stands for,
//! on texts put together from everything that means something to either. Deliberately absent: the meaning itself (the
//! tests of each module).

use chrono::Datelike;
use proptest::prelude::*;

use super::{
    amount::{self, Style, Votes},
    date, document,
    document_set::{hash_of, number_in},
    raw::RawCell,
    value::{self, is_blank},
};
use crate::domain::sale::SaleKey;

/// Pieces of cells.
const PIECES: [&str; 56] = [
    " ",
    "  ",
    "\u{a0}",
    "\t",
    "\n",
    "\r\n",
    "\u{200b}",
    "\u{2009}",
    "\u{ad}",
    " от ",
    "от",
    "\u{a0}от\u{a0}",
    " от",
    "от ",
    " dated ",
    "dated",
    "d",
    "Реализация",
    "Реализация (акт, накладная, УПД)",
    "по договору",
    "отгрузка",
    "№",
    "N",
    " N",
    "N ",
    "УТ-1",
    "00УТ-000001",
    "ут-1",
    "7",
    "15",
    "ё",
    "Ё",
    "ґ",
    "ß",
    "İ",
    "|",
    "/",
    " / ",
    "\\",
    "«",
    "»",
    ":",
    ".",
    ";",
    "*",
    ",",
    ")",
    "г.",
    "г",
    "05.11.2026",
    "05.11.2026 0:12:30",
    "1.1.26",
    "31.02.2026",
    "Не указан",
    "пусто",
    "<...>",
];

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..9).prop_map(|pieces| pieces.concat())
}

/// Texts of few signs, near amounts, dates and times.
fn figures() -> impl Strategy<Value = String> {
    let signs = ["0", "1", "2", "3", "5", "9", "12", "2026", ".", ",", "-", ":", " ", "/", "T", "Z", "+", "00", "059"];
    proptest::collection::vec(proptest::sample::select(signs.to_vec()), 0..12).prop_map(|pieces| pieces.concat())
}

/// Kind, number and date of a wording, as they were first told apart: all places of all words, in order.
fn long_split(text: &str) -> (String, String, Option<chrono::NaiveDate>) {
    let text = text.trim_matches(is_blank);
    let mut lines = text.lines().filter_map(long_worded);
    if let Some(found) = lines.find(|line| !text.contains('\n') || !value::key(&line.0).contains("договор")) {
        return found;
    }
    let joined = text.contains('\n').then(|| text.split_whitespace().collect::<Vec<_>>().join(" "));
    joined.and_then(|joined| long_worded(&joined)).unwrap_or_else(|| (String::new(), text.to_owned(), None))
}

fn long_worded(line: &str) -> Option<(String, String, Option<chrono::NaiveDate>)> {
    let words = [" от ", "\u{a0}от\u{a0}", " dated "];
    let mut places: Vec<(usize, usize)> =
        words.iter().flat_map(|word| line.match_indices(word).map(|(at, word)| (at, word.len()))).collect();
    places.sort_unstable();
    places.into_iter().find_map(|(at, length)| {
        let (head, tail) = (line.get(..at)?.trim_matches(is_blank), line.get(at + length..)?.trim_matches(is_blank));
        let day = tail.split(is_blank).next()?.trim_end_matches("г.").trim_end_matches([',', ';', ')']);
        let date = date::from_text(day).ok()?;
        let (kind, number) = head.rsplit_once(is_blank).unwrap_or(("", head));
        let number = number.trim_start_matches(['№', 'N']);
        if !number.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let kind = kind.trim_end_matches(|c: char| is_blank(c) || c == '№').trim_end_matches(" N");
        Some((kind.to_owned(), number.to_owned(), Some(date)))
    })
}

fn long_number_in(text: &str) -> &str {
    let found = text.match_indices("от").find_map(|(at, word)| {
        let tail = text.get(at + word.len()..)?.trim_start_matches(is_blank);
        let head = text.get(..at)?;
        let number = head.trim_end_matches(is_blank).rsplit(is_blank).next()?;
        let apart = head.ends_with(is_blank) && tail.starts_with(|c: char| c.is_ascii_digit());
        (apart && number.bytes().any(|b| b.is_ascii_digit())).then_some(number)
    });
    found.map_or_else(|| text.trim_matches(is_blank), |number| number.trim_start_matches(['№', 'N']))
}

/// A text with its blanks squeezed and its letters upper-cased.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().flat_map(char::to_uppercase).collect()
}

fn long_key(text: &str) -> String {
    let words = text.split(is_blank).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    let folded = words.chars().flat_map(char::to_lowercase).map(|c| match c {
        'ё' => 'е',
        '«' | '»' | '“' | '”' | '„' => '"',
        '\\' => '/',
        other => other,
    });
    let out: String = folded.collect();
    out.trim_end_matches([':', '.', ';', '*', ' ']).replace(" /", "/").replace("/ ", "/")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn wordings_come_apart_alike(text in text()) {
        let found = document::split(&text);
        prop_assert_eq!((found.kind.into_owned(), found.number.into_owned(), found.date), long_split(&text));
        prop_assert_eq!(number_in(&text), long_number_in(&text));
    }

    #[test]
    fn blanks_are_found_alike(text in text()) {
        let blank = text.chars().all(is_blank);
        prop_assert_eq!(value::is_empty(RawCell::Text(&text)), blank);
        prop_assert_eq!(value::trim(&text), text.trim_matches(is_blank));
        prop_assert_eq!(Some(value::first_word(&text)), text.split(is_blank).next());
        prop_assert_eq!(value::last_word(&text), text.rsplit_once(is_blank).unwrap_or(("", &text)));
    }

    #[test]
    fn keys_and_placeholders_are_the_same(text in text()) {
        let key = long_key(&text);
        prop_assert_eq!(value::key(&text), key.clone());
        let bare = text.trim_matches(is_blank);
        let nobody = bare.is_empty()
            || (bare.starts_with('<') && bare.ends_with('>'))
            || matches!(bare, "-" | "–" | "—" | "...")
            || matches!(key.as_str(), "не указан" | "не указано" | "не назначен" | "пусто");
        prop_assert_eq!(value::is_placeholder(&text), nobody);
    }

    #[test]
    fn identities_are_the_same(organisation in text(), number in text(), other in text()) {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day");
        let part = |text: &str| squeezed(&text.replace('|', "/"));
        let key = format!("{}|{}|{}", part(&organisation), part(&number), day.year());
        prop_assert_eq!(SaleKey::new(&organisation, &number, day).0, key);
        prop_assert_eq!(hash_of(&number) == hash_of(&other), squeezed(&number) == squeezed(&other));
        prop_assert_eq!(hash_of(&number), hash_of(&squeezed(&number)));
    }

    /// Blanks around a text send it the long way.
    #[test]
    fn amounts_are_read_alike(text in figures()) {
        let long = format!(" {text} ");
        for style in [Style::Whole, Style::Comma, Style::Point] {
            let read = |text| amount::read(RawCell::Text(text), style);
            prop_assert_eq!(read(&text), read(&long), "{:?}", style);
        }
        let votes = |text: &str| {
            let mut votes = Votes::default();
            votes.look(1, RawCell::Text("0,07"));
            votes.look(2, RawCell::Text(text));
            votes.decide()
        };
        prop_assert_eq!(votes(&text), votes(&long));
    }

    #[test]
    fn dates_are_read_alike(text in figures(), day in 0..40_u8, month in 0..14_u8, year in 0..2_500_u16) {
        let worded = format!("{day:02}.{month:02}.{year:04}");
        for text in [text.clone(), worded.clone(), format!("{worded} {text}"), format!("{worded} {day}:{month:02}:{month:02}")] {
            prop_assert_eq!(date::from_text(&text), date::from_text(&format!(" {text}")), "{}", text);
        }
    }

    #[test]
    fn numbers_are_written_alike(number in any::<f64>(), whole in any::<i64>(), small in -1_000_000..1_000_000_i64) {
        for number in [number, whole as f64, small as f64, small as f64 / 100.0, 0.0, -0.0, f64::NAN, f64::INFINITY] {
            prop_assert_eq!(&*value::text(RawCell::Number(number)), format!("{number}"));
        }
    }
}
