//! What is found out once about a list of sales, so that a million rows do not ask for it again. Deliberately absent: the
//! rows.

use super::{
    raw::{RawCell, Row},
    sales::Input,
    value::{self, key},
};

/// Most characters of a section's name.
pub(super) const SECTION: usize = 60;

/// What is the same for every row of a sheet.
pub(super) struct Known {
    /// Columns by which a repeated header is told, with their captions.
    pub again: Vec<(usize, String)>,
    /// Column behind which a text file of one header row has no cell.
    pub last: Option<usize>,
    /// Whether rows are lines of documents: lines of goods may be alike, the sum of a document on each of them may not.
    pub lines: bool,
    /// Whether any condition of the layout has its column.
    pub conditions: bool,
}

impl Known {
    pub fn of(input: &Input<'_>) -> Self {
        let (header, layout) = (input.header, input.layout);
        let again = ["date", "number", "counterparty", "amount"];
        let caption = |role: &&str| Some((header.column(role)?, header.title(role).to_owned()));
        let plain = input.sheet.delimited && header.first == header.last;
        let last = header.titles.keys().chain(header.columns.values()).max().copied();
        let items = header.captions.values().flatten().any(|role| role == "item");
        let mut conditions = layout.keep.iter().chain(&layout.leave).chain(&layout.hold);
        Self {
            again: again.iter().filter_map(caption).collect(),
            last: last.filter(|_| plain),
            lines: items && !key(header.title("amount")).contains("документ"),
            conditions: conditions.any(|c| header.column(&c.role).is_some()),
        }
    }
}

/// The row «1, 2, 3 …» (also «3а») that some forms print below the header.
pub(super) fn is_column_numbers(row: Row<'_>) -> bool {
    let filled: Vec<String> = row.cells().filter(|c| !value::is_empty(*c)).map(value::trimmed).collect();
    let number = |text: &String| text.trim_end_matches(char::is_alphabetic).parse::<u32>().ok();
    let numbers: Option<Vec<u32>> = filled.iter().map(number).collect();
    let rises = |n: &Vec<u32>| n.first() == Some(&1) && n.windows(2).all(|pair| pair.first() <= pair.last());
    filled.len() >= 3 && filled.iter().all(|t| t.chars().count() <= 4) && numbers.as_ref().is_some_and(rises)
}

/// The only text of a row, if it could be the name of a section: not the number of a page or the like.
pub(super) fn section(row: Row<'_>) -> Option<String> {
    let mut filled = row.cells().filter(|c| !value::is_empty(*c));
    let (Some(RawCell::Text(text)), None) = (filled.next(), filled.next()) else { return None };
    let low = key(text);
    let page = ["страница", "стр.", "стр ", "лист ", "продолжение", "page", "отчет", "---", "***"];
    let named = low.chars().any(char::is_alphabetic) && !page.iter().any(|word| low.starts_with(word));
    named.then(|| value::shown(text, SECTION))
}
