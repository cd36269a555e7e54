//! Finds the header of a table: the row, or up to three rows, whose texts name the most columns of a layout. Below two
//! header rows a column is known by its lowest text, by both together, or by the upper one alone. Captions stacked in one
//! column name the levels of a grouped report. Deliberately absent: positions: a column may stand anywhere, and new
//! columns in between change nothing.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    currency, date, document, header_levels, header_records,
    layout::{Layout, pattern},
    period_words,
    raw::{RawCell, RawSheet, Row},
    value::{self, key},
};
use crate::domain::inbox::TableKind;

/// Rows of a sheet in which a header may begin (only rows that hold anything count).
const WINDOW: usize = 60;
/// Roles of money.
const MONEY: [&str; 5] = ["amount", "amount_back", "net", "margin", "bonus"];
/// Most rows of a header.
const DEEPEST: usize = 5;

/// A header that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Index of its first row in `RawSheet::rows`.
    pub first: usize,
    /// Index of its last row.
    pub last: usize,
    /// 0-based column of each role.
    pub columns: BTreeMap<String, usize>,
    /// Header as written, by 0-based column, of every column that has one.
    pub titles: BTreeMap<usize, String>,
    /// Currency that a unit in the header of the amounts names.
    pub unit: Option<&'static str>,
    /// Roles that two columns claim with the same right: role, both columns.
    pub doubtful: Vec<(String, usize, usize)>,
    /// Required roles that neither a column nor a caption has.
    pub missing: Vec<String>,
    /// Whether what is there would do for turnovers of a period.
    pub turnovers: bool,
    /// Row of the header and column of each role, where a record takes as many rows as the header.
    pub records: BTreeMap<String, (usize, usize)>,
    /// Roles that the captions of a column name, from the upper to the lower: levels of groups if there are several.
    pub captions: BTreeMap<usize, Vec<String>>,
    /// Whether the amounts are known by nothing but a month above them.
    pub month_amount: bool,
    /// Whether a header says that it is another kind of list.
    pub foreign: bool,
}

impl Header {
    /// Column of a role.
    pub fn column(&self, role: &str) -> Option<usize> {
        self.columns.get(role).copied()
    }

    /// Header of a role as written.
    pub fn title(&self, role: &str) -> &str {
        self.column(role).and_then(|c| self.titles.get(&c)).map_or("", String::as_str)
    }

    /// Roles with their headers, from left to right.
    pub fn listing(&self) -> Vec<(String, String)> {
        let mut list: Vec<(usize, &String)> = self.columns.iter().map(|(role, column)| (*column, role)).collect();
        list.sort();
        list.into_iter().map(|(_, role)| (role.clone(), self.title(role).to_owned())).collect()
    }

    /// Headers that no role claims, as written.
    pub fn unclaimed(&self) -> Vec<&str> {
        let claimed = |column: &usize| self.columns.values().any(|c| c == column);
        self.titles.iter().filter(|(column, _)| !claimed(column)).map(|(_, title)| title.as_str()).collect()
    }

    /// Whether the table can be read, if its title prints a period.
    pub fn is_complete(&self, has_period: bool) -> bool {
        (self.missing.is_empty() || (self.turnovers && has_period)) && !self.foreign
    }

    /// Number of roles that are named.
    pub fn score(&self) -> usize {
        if !self.records.is_empty() {
            return self.records.len();
        }
        let captions = self.captions.values().flatten();
        self.columns.len() + captions.filter(|role| !self.columns.contains_key(*role)).count()
    }
}

/// The best header of a sheet: most roles, then the shorter, then the upper one. `None` when not even two roles are named.
pub fn find(sheet: &RawSheet, layout: &Layout) -> Option<Header> {
    let mut best: Option<Header> = None;
    for first in 0..sheet.len().min(WINDOW) {
        for last in first..(first + DEEPEST).min(sheet.len()) {
            let rows: Vec<Row<'_>> = sheet.rows_from(first).take(last + 1 - first).collect();
            if (last > first && !rows.last().is_some_and(|row| may_continue(*row))) || !may_be_header(&rows, layout) {
                break;
            }
            let mut header = recognise(&rows, first, layout);
            if let Some(records) = header_records::find(sheet, &rows, last, layout) {
                header.missing.clear();
                header.doubtful.clear();
                header.captions.clear();
                header.records = records;
            }
            let rank = |h: &Header| (h.score(), !h.month_amount, Reverse(h.missing.len()), Reverse(h.last - h.first));
            if header.score() >= if layout.levels.is_empty() { 2 } else { 1 }
                && best.as_ref().is_none_or(|b| rank(&header) > rank(b))
            {
                best = Some(header);
            }
        }
    }
    best
}

/// A further header row holds no numbers, dates, amounts or documents: those are data.
fn may_continue(row: Row<'_>) -> bool {
    row.cells().all(|cell| match cell {
        RawCell::Empty => true,
        RawCell::Text(text) => !is_data(text),
        _ => false,
    })
}

/// Whether a text is certainly no caption.
pub fn is_data(text: &str) -> bool {
    let amount = text.bytes().any(|b| b.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || value::is_blank(c) || matches!(c, '.' | ',' | '-' | '\u{2212}'))
        && text.contains([',', '.']);
    amount || date::from_text(text).is_ok() || document::split(text).date.is_some()
}

/// Whether the first row holds at least one text that could be part of a header: most rows of data do not.
fn may_be_header(rows: &[Row], layout: &Layout) -> bool {
    rows.first().is_some_and(|row| row.cells().any(|cell| matches!(cell, RawCell::Text(text) if layout.knows(text))))
}

fn recognise(rows: &[Row], first: usize, layout: &Layout) -> Header {
    let names = names(rows);
    let mut header = Header { first, last: first + rows.len() - 1, ..Header::default() };
    for (column, candidates) in &names {
        if let Some(shown) = candidates.last() {
            header.titles.insert(*column, shown.text.clone());
        }
    }
    for wanted in &layout.columns {
        let mut best: Option<(usize, usize, &Name)> = None;
        let mut equal = None;
        for (column, candidates) in names.iter().filter(|(c, _)| !header.columns.values().any(|v| v == *c)) {
            let money = MONEY.contains(&wanted.role.as_str());
            let may_name = candidates.iter().filter(|name| !(money && name.is_upper));
            let ranked = may_name.filter_map(|name| Some((name.rank(&wanted.keys)?, name)));
            let Some((rank, name)) = ranked.min_by_key(|(rank, _)| *rank) else { continue };
            match best {
                Some((known, ..)) if known < rank => {}
                Some((known, other, _)) if known == rank => equal = equal.or(Some((other, *column))),
                _ => (best, equal) = (Some((rank, *column, name)), None),
            }
        }
        let Some((_, column, name)) = best else { continue };
        header.columns.insert(wanted.role.clone(), column);
        header.titles.insert(column, name.text.clone());
        if wanted.role == "amount" {
            header.unit = name.unit();
        }
        header.doubtful.extend(equal.map(|(one, other)| (wanted.role.clone(), one, other)));
    }
    for wanted in layout.columns.iter().filter(|w| !w.left_keys.is_empty()) {
        if !header.columns.contains_key(&wanted.role)
            && let Some((column, title)) = right_of(&names, &wanted.left_keys)
        {
            header.columns.insert(wanted.role.clone(), column);
            header.titles.insert(column, title);
        }
    }
    if layout.kind == TableKind::Sales && !header.columns.contains_key("amount") {
        // A crosstab whose months stand right above the amounts.
        let is_period =
            |n: &&Name| date::from_text(&n.text).is_err() && period_words::caption(&n.text, Some(2000)).is_some();
        let month = names.iter().find_map(|(column, own)| own.first().filter(is_period).map(|name| (*column, name)));
        if let Some((column, name)) = month {
            header.columns.insert("amount".to_owned(), column);
            header.titles.insert(column, name.text.clone());
            header.month_amount = true;
        }
    }
    header.captions = header_levels::captions(rows, layout);
    let captioned: Vec<&String> = header.captions.values().flatten().collect();
    let has = |role: &str| {
        let named = captioned.iter().any(|c| *c == role) || layout.levels.iter().any(|l| l == role);
        named || header.columns.contains_key(role)
    };
    let lacks = |list: &[String]| list.iter().filter(|r| !r.split('|').any(has)).cloned().collect::<Vec<String>>();
    let missing = lacks(&layout.required);
    header.turnovers = !layout.turnovers.is_empty() && lacks(&layout.turnovers).is_empty();
    header.missing = missing;
    header.foreign = names.values().flatten().any(|name| layout.foreign.contains(&name.key));
    header
}

/// A text that a column may be known by.
struct Name {
    text: String,
    key: String,
    /// Key without a currency at its end, and that currency.
    bare: Option<(String, &'static str)>,
    /// Whether it stands above another caption of the column: it then says nothing about a sum («Продажи» above
    /// «Количество»).
    is_upper: bool,
}

impl Name {
    fn new(text: String) -> Self {
        let key = key(&text);
        Self { bare: without_unit(&key), key, text, is_upper: false }
    }

    /// Place in a list of names: exact names before names with a unit.
    fn rank(&self, keys: &[String]) -> Option<usize> {
        let place = |wanted: &str| keys.iter().position(|k| pattern::is(wanted, k));
        place(&self.key).or_else(|| Some(keys.len() + place(&self.bare.as_ref()?.0)?))
    }

    fn unit(&self) -> Option<&'static str> {
        self.bare.as_ref().map(|(_, unit)| *unit)
    }
}

/// For each column the texts it may be known by, best first; the last one is shown when none is recognised.
fn names(rows: &[Row<'_>]) -> BTreeMap<usize, Vec<Name>> {
    let width = rows.iter().map(Row::width).max().unwrap_or(0);
    let mut above: Vec<String> = vec![String::new(); rows.len()];
    let mut names = BTreeMap::new();
    for column in 0..width {
        let mut own = Vec::new();
        let mut chain = Vec::new();
        for (level, row) in rows.iter().enumerate() {
            let text = value::text(row.cell(column)).trim_matches(value::is_blank).to_owned();
            let bottom = level + 1 == rows.len();
            if text.is_empty() {
                // A merged caption stands in its first column and covers those to its right, if they have captions below.
                if let Some(caption) = above.get(level).filter(|a| !bottom && !a.is_empty()) {
                    chain.push((caption.clone(), false));
                }
            } else {
                if let Some(slot) = above.get_mut(level) {
                    slot.clone_from(&text);
                }
                // Captions further down belong to the columns under the last caption above them.
                above.iter_mut().skip(level + 1).for_each(String::clear);
                chain.push((text, true));
            }
        }
        if let Some((lowest, true)) = chain.last() {
            own.push(lowest.clone());
            if chain.len() > 1 {
                let whole: Vec<&str> = chain.iter().map(|(text, _)| text.as_str()).collect();
                own.push(whole.join(" "));
                own.extend(chain.iter().rev().skip(1).filter(|(_, is_own)| *is_own).map(|(text, _)| text.clone()));
            }
        }
        if !own.is_empty() {
            let upper_from = if own.len() > 1 { 2 } else { usize::MAX };
            let name = |(place, text): (usize, String)| Name { is_upper: place >= upper_from, ..Name::new(text) };
            names.insert(column, own.into_iter().enumerate().map(name).collect());
        }
    }
    names
}

/// The nameless column to the right of a named one.
fn right_of(names: &BTreeMap<usize, Vec<Name>>, left_keys: &[String]) -> Option<(usize, String)> {
    names.iter().find_map(|(column, candidates)| {
        let left = candidates.iter().find(|name| left_keys.contains(&name.key))?;
        (!names.contains_key(&(column + 1))).then(|| (column + 1, format!("→ {}", left.text)))
    })
}

/// Splits a currency off: `сумма, руб`, `сумма (грн)`, `сумма в руб`, `сумма ₽`. Thousands are no unit: they stay part
/// of the name, and the column is not recognised.
fn without_unit(name: &str) -> Option<(String, &'static str)> {
    let (body, unit) = match name.strip_suffix(')').and_then(|n| n.rsplit_once('(')) {
        Some(split) => split,
        None => name.rsplit_once([',', ' '])?,
    };
    let unit = currency::of_unit(unit)?;
    let body = body.trim_end_matches([',', ' ']);
    Some((body.strip_suffix(" в").unwrap_or(body).to_owned(), unit))
}

/// The header nearest to a role's names, for «did you mean».
pub fn nearest<'a>(role: &str, layout: &Layout, headers: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let column = layout.columns.iter().find(|c| role.split('|').any(|r| r == c.role))?;
    let score = |header: &str| {
        let header = key(header);
        let alike = |name: &String| {
            let ratio = rapidfuzz::fuzz::ratio(header.chars(), name.chars());
            let contained = header.split([' ', ',', '(']).any(|word| word == name.as_str());
            if contained { ratio.max(0.9) } else { ratio }
        };
        column.keys.iter().map(alike).fold(0.0, f64::max)
    };
    let scored = headers.into_iter().map(|header| (score(header), header));
    scored.filter(|(score, _)| *score >= 0.55).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, header)| header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::layout;

    fn sheet(rows: &[&[&str]]) -> RawSheet {
        RawSheet::of_texts(rows)
    }

    #[test]
    fn the_header_is_found_by_names_wherever_it_stands() {
        let sheet = sheet(&[
            &["ООО «РОМАШКА»"],
            &["Продажи за Июнь 2026 г."],
            &["", "Ответственный", "Сумма,\nруб.", "Склад", "Покупатель ", "ДАТА"],
            &["", "Иванов", "5,00", "1", "ООО А", "01.06.2026"],
        ]);
        let header = find(&sheet, layout::sales()).expect("a header");
        assert_eq!((header.first, header.last), (2, 2));
        assert_eq!(
            (header.column("date"), header.column("amount"), header.column("manager")),
            (Some(5), Some(2), Some(1))
        );
        assert_eq!((header.unit, header.unclaimed()), (Some("RUB"), vec!["Склад"]));
        assert!(header.is_complete(false));
    }

    #[test]
    fn two_header_rows_are_read_together() {
        let sheet = sheet(&[
            &["Документ", "", "Контрагент", "Сумма", ""],
            &["Дата", "Номер", "", "с НДС", "без НДС"],
            &["01.06.2026", "1", "ООО А", "5,00", "4,00"],
        ]);
        let header = find(&sheet, layout::sales()).expect("a header");
        assert_eq!((header.first, header.last), (0, 1));
        let columns = ["date", "number", "counterparty", "amount", "net"].map(|r| header.column(r));
        assert_eq!(columns, [Some(0), Some(1), Some(2), Some(3), Some(4)]);
    }

    #[test]
    fn a_missing_column_is_named_with_its_neighbour() {
        let sheet = sheet(&[&["Дата", "Номер", "Контрагент", "Сумма, тыс. руб."], &["01.06.2026", "1", "А", "5"]]);
        let header = find(&sheet, layout::sales()).expect("a header");
        assert_eq!(header.missing, ["amount"]);
        assert_eq!(nearest("amount", layout::sales(), header.unclaimed()), Some("Сумма, тыс. руб."));
    }

    #[test]
    fn two_columns_of_one_name_are_doubtful_and_a_better_name_wins() {
        let twice = sheet(&[&["Дата", "Контрагент", "Сумма", "Сумма"]]);
        assert_eq!(find(&twice, layout::sales()).expect("a header").doubtful, [("amount".to_owned(), 2, 3)]);
        let better = sheet(&[&["Дата", "Клиент", "Контрагент", "Сумма", "Сумма с НДС"]]);
        let header = find(&better, layout::sales()).expect("a header");
        assert_eq!((header.column("counterparty"), header.column("amount")), (Some(2), Some(4)));
        assert!(header.doubtful.is_empty());
    }
}
