//! A layout written by a person: read with the line of every mistake. Deliberately absent: the folder they lie in.

use super::Layout;
use crate::domain::text::Text;

/// Roles that a column may have.
pub const COLUMN_ROLES: [&str; 31] = [
    "date",
    "number",
    "document",
    "operation",
    "operation_code",
    "counterparty",
    "counterparty_code",
    "inn",
    "kpp",
    "inn_kpp",
    "manager",
    "amount",
    "amount_back",
    "net",
    "margin",
    "bonus",
    "currency",
    "organisation",
    "returned_document",
    "ordinal",
    "posted",
    "deleted",
    "debit_account",
    "credit_account",
    "full_name",
    "ogrn",
    "phone",
    "email",
    "city",
    "parent",
    "party_kind",
];

/// Roles that a level of groups may have.
pub const LEVEL_ROLES: [&str; 14] = [
    "organisation",
    "department",
    "manager",
    "segment",
    "warehouse",
    "account",
    "counterparty",
    "contract",
    "order",
    "number",
    "item",
    "date",
    "month",
    "other",
];

/// A mistake in a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutProblem {
    /// File.
    pub file: String,
    /// 1-based line; 0 = the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: Text,
}

/// Reads a layout.
///
/// # Errors
/// The first mistake, with its line.
pub fn parse(text: &str, file: &str) -> Result<Layout, LayoutProblem> {
    let problem =
        |line: usize, ru: String, en: String| LayoutProblem { file: file.to_owned(), line, message: Text::new(ru, en) };
    let mut layout: Layout = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| line_of(text, span.start));
        let cause = error.message().to_owned();
        problem(
            line,
            format!("строка записана не так ({cause}); образец: headers = [\"Отгружено\"]; можно удалить файл и сохранить заново: inspect --save-layout"),
            format!("the line is not written right ({cause}); a sample: headers = [\"Amount\"]; the file may be deleted and saved anew: inspect --save-layout"),
        )
    })?;
    let line = |word: &str| text.lines().position(|l| l.contains(&format!("\"{word}\""))).map_or(0, |n| n + 1);
    let unknown = |role: &str, known: &[&str]| {
        let list = known.join(", ");
        problem(
            line(role),
            format!("роли «{role}» нет; возможные: {list}"),
            format!("there is no role “{role}”; possible: {list}"),
        )
    };
    for (index, column) in layout.columns.iter().enumerate() {
        if layout.columns.iter().take(index).any(|c| c.role == column.role) {
            let role = &column.role;
            return Err(problem(
                line(role),
                format!("роль «{role}» указана дважды; оставьте один столбец"),
                format!("role “{role}” is given twice; leave one column"),
            ));
        }
        if !COLUMN_ROLES.contains(&column.role.as_str()) {
            return Err(unknown(&column.role, &COLUMN_ROLES));
        }
        if column.headers.iter().chain(&column.right_of).all(|h| h.trim().is_empty()) {
            let role = &column.role;
            return Err(problem(
                line(role),
                format!("у столбца «{role}» нет ни одного заголовка в headers"),
                format!("column “{role}” has not a single header in headers"),
            ));
        }
    }
    let levels = layout.levels.iter().chain(layout.captions.iter().map(|l| &l.role));
    if let Some(role) = levels.into_iter().find(|r| !LEVEL_ROLES.contains(&r.as_str())) {
        return Err(unknown(role, &LEVEL_ROLES));
    }
    let known = |role: &str| COLUMN_ROLES.contains(&role) || LEVEL_ROLES.contains(&role);
    let conditions = layout.keep.iter().chain(&layout.leave).chain(&layout.hold).map(|c| &c.role);
    if let Some(role) = conditions.chain(&layout.fill_down).find(|r| !known(r)) {
        return Err(unknown(role, &COLUMN_ROLES));
    }
    let named = layout.required.iter().chain(&layout.turnovers).flat_map(|r| r.split('|'));
    if let Some(role) = named.into_iter().find(|role| !known(role)) {
        return Err(unknown(role, &COLUMN_ROLES));
    }
    if !(1..=4).contains(&layout.rows_per_record) {
        return Err(problem(
            line("rows_per_record"),
            "rows_per_record: строк на запись может быть от 1 до 4".to_owned(),
            "rows_per_record: a record may have 1 to 4 rows".to_owned(),
        ));
    }
    if layout.only_if_named && layout.named.is_empty() {
        return Err(problem(
            0,
            "only_if_named без слов в named не сработает никогда".to_owned(),
            "only_if_named without words in named never applies".to_owned(),
        ));
    }
    layout.prepare();
    Ok(layout)
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |before| before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let head = "name = \"a\"\ncalled = { ru = \"а\", en = \"a\" }\nkind = \"sales\"\nrequired = []\nnamed = []\n";
        let fail = |tail: &str| parse(&format!("{head}{tail}"), "a.toml").expect_err("a mistake");
        let wrong = fail("[[column]]\nrole = \"summa\"\nheaders = [\"Сумма\"]\n");
        assert_eq!(wrong.line, 7);
        assert!(wrong.message.ru.contains("«summa»") && wrong.message.ru.contains("amount"));
        assert_eq!(fail("levels = [\"клиент\"]\n").line, 6);
        assert!(fail("colour = 1\n").message.en.contains("unknown field"));
        assert!(parse(head, "a.toml").is_ok());
    }
}
