//! How a table was understood, written as a layout that a person can read and correct. What is not certain stands in it
//! as a comment. Deliberately absent: the file (the command line writes it).

use super::{Layout, LevelsFrom};
use crate::{
    domain::inbox::TableKind,
    ingest::{header::Header, shape::Shape},
};

/// What is written down.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// Name of the file that it was made from.
    pub file: &'a str,
    /// Layout that fitted.
    pub layout: &'a Layout,
    /// Header as found.
    pub header: &'a Header,
    /// Shape as understood; `None` = the table could not be read.
    pub shape: Option<&'a Shape>,
}

/// The layout as TOML.
pub fn toml(draft: &Draft<'_>) -> String {
    let Draft { file, layout, header, shape } = *draft;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let name = stem.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-");
    let name = if name.is_empty() { layout.name.clone() } else { name.to_lowercase() };
    let mut text = format!(
        "# Как читать таблицы вида «{}» / how to read tables like this one. Строки можно править; проверка: sverka inspect ФАЙЛ.\n\
         name = {}\ncalled = {{ ru = {}, en = {} }}\nkind = \"{}\"\n",
        one_line(file),
        quoted(&name),
        quoted(&layout.called.ru),
        quoted(&layout.called.en),
        if layout.kind == TableKind::Counterparties { "counterparties" } else { "sales" },
    );
    text.push_str("# Что обязано найтись; «a|b» = одно из них.\n");
    text.push_str(&format!("required = {}\n", list(&layout.required)));
    text.push_str(&format!("turnovers = {}\n", list(&layout.turnovers)));
    text.push_str("# Слова названия отчёта или листа, по которым он узнаётся; only_if_named = true: только по ним.\n");
    text.push_str(&format!("named = {}\nonly_if_named = {}\n", list(&layout.named), layout.only_if_named));
    text.push_str("# Применять, только если найдены все столбцы ниже.\nwhole = true\n");
    groups(&mut text, shape, layout);
    if layout.leave_other_documents {
        text.push_str("leave_other_documents = true\n");
    }
    for (word, conditions) in [("keep", &layout.keep), ("leave", &layout.leave), ("hold", &layout.hold)] {
        for condition in conditions {
            let (begins, is) = (list(&condition.begins), list(&condition.is));
            let (ru, en) = (quoted(&condition.called.ru), quoted(&condition.called.en));
            let role = quoted(&condition.role);
            let other_than = list(&condition.other_than);
            text.push_str(&format!(
                "\n[[{word}]]\nrole = {role}\nbegins = {begins}\nis = {is}\nother_than = {other_than}\ncalled = {{ ru = {ru}, en = {en} }}\n"
            ));
        }
    }
    for (role, title) in header.listing() {
        let right = title.strip_prefix("→ ");
        let key = if right.is_some() { "right_of" } else { "headers" };
        text.push_str(&format!(
            "\n[[column]]\nrole = {}\n{key} = [{}]\n",
            quoted(&role),
            quoted(right.unwrap_or(&title))
        ));
    }
    let unclaimed: Vec<String> = header.unclaimed().into_iter().map(|t| quoted(&one_line(t))).collect();
    for role in header.missing.iter().flat_map(|r| r.split('|')) {
        text.push_str(&format!("\n# Не найден / not found: {role}. Впишите заголовок и уберите «#».\n"));
        text.push_str(&format!("# [[column]]\n# role = {}\n# headers = []\n", quoted(role)));
    }
    if !unclaimed.is_empty() {
        text.push_str(&format!("\n# Другие заголовки таблицы / other headers: {}\n", unclaimed.join(", ")));
    }
    for level in &layout.captions {
        text.push_str(&format!("\n[[level]]\nrole = {}\ncaptions = {}\n", quoted(&level.role), list(&level.captions)));
    }
    text
}

fn groups(text: &mut String, shape: Option<&Shape>, layout: &Layout) {
    let levels = shape.map_or(&layout.levels, |s| &s.levels);
    if !levels.is_empty() {
        text.push_str(
            "# Уровни групп снаружи внутрь: manager, counterparty, number (документ), item (товар), contract …\n",
        );
        text.push_str(&format!("levels = {}\n", list(levels)));
    }
    let from = match shape.map_or(layout.levels_from, |s| s.levels_from) {
        LevelsFrom::Auto => "auto",
        LevelsFrom::Outline => "outline",
        LevelsFrom::Columns => "columns",
        LevelsFrom::Indent => "indent",
        LevelsFrom::Sums => "sums",
    };
    if from != "auto" {
        text.push_str("# По чему видны уровни: outline, columns, indent, sums или auto.\n");
        text.push_str(&format!("levels_from = \"{from}\"\n"));
    }
    let rows = shape.map_or(layout.rows_per_record, |s| s.rows_per_record.max(1));
    if rows > 1 {
        text.push_str(&format!("rows_per_record = {rows}\n"));
    }
    let fill_down = shape.map_or(&layout.fill_down, |s| &s.fill_down);
    if !fill_down.is_empty() {
        text.push_str("# Пустая ячейка здесь продолжает строку выше.\n");
        text.push_str(&format!("fill_down = {}\n", list(fill_down)));
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn list(items: &[String]) -> String {
    let quoted: Vec<String> = items.iter().map(|i| quoted(i)).collect();
    format!("[{}]", quoted.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
