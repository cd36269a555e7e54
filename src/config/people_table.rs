//! People as a table with headers in Russian or English. Deliberately absent: file formats (`people_grid`), TOML
//! (`people`).

use std::path::Path;

use chrono::{Days, NaiveDate};

use super::{
    people::{Placed, check, role},
    people_grid::{self, letters},
    problem::{Problem, Sink},
    reader::parse_date,
    spot::Spot,
    suggest,
};
use crate::domain::{
    finding::SourceRef,
    org::{Alias, Employee, EmployeeId},
    text::{Lang, Text},
};

/// Columns with the headers that mean them (letters and digits only, lower case); the first two are shown to people.
const COLUMNS: [(&str, &[&str]); 11] = [
    ("id", &["табельный номер", "id", "табномер", "personnel number", "employee id"]),
    ("name", &["фио", "name", "сотрудник", "имя", "full name"]),
    ("aliases", &["псевдонимы", "aliases", "псевдоним", "другие имена", "alias"]),
    ("email", &["e-mail", "почта", "электронная почта", "mail"]),
    ("department", &["отдел", "department", "подразделение"]),
    ("roles", &["роль", "role", "роли", "roles"]),
    ("hired", &["принят", "hired", "дата приёма", "дата приема"]),
    ("left", &["уволен", "left", "дата увольнения"]),
    ("groups", &["группы", "groups", "группа", "group"]),
    ("language", &["язык", "language"]),
    ("deputy", &["заместитель", "deputy"]),
];

/// Reads a table of people from the bytes of a file.
pub(super) fn read(path: &Path, bytes: &[u8], default_lang: Lang, sink: &Sink) -> Vec<Placed> {
    let grid = match people_grid::read(bytes) {
        Ok(grid) => grid,
        Err(message) => {
            sink.error(Spot::File(path.to_owned()), message);
            return Vec::new();
        }
    };
    let place = Place { path, sheet: &grid.sheet };
    let mut rows = grid.rows.iter().filter(|(_, cells)| cells.iter().any(|c| !c.trim().is_empty()));
    let Some((header_row, header)) = rows.next() else {
        sink.error(Spot::File(path.to_owned()), Text::new("таблица пуста", "the table is empty"));
        return Vec::new();
    };
    let columns = columns(header, *header_row, &place, sink);
    rows.map(|(row, cells)| person(&Row { place: &place, number: *row, cells, columns: &columns, sink }, default_lang))
        .collect()
}

struct Place<'a> {
    path: &'a Path,
    sheet: &'a str,
}

impl Place<'_> {
    fn spot(&self, row: u32, column: Option<usize>) -> Spot {
        let file = self.path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let column = if self.sheet.is_empty() { None } else { column };
        let cell = SourceRef {
            file: file.as_str().into(),
            sheet: self.sheet.into(),
            row,
            column: column.map(letters).unwrap_or_default().as_str().into(),
        };
        Spot::Cell(self.path.parent().unwrap_or(Path::new("")).to_owned(), cell)
    }
}

struct Row<'a> {
    place: &'a Place<'a>,
    number: u32,
    cells: &'a [String],
    columns: &'a [(&'static str, usize)],
    sink: &'a Sink,
}

impl Row<'_> {
    fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().find(|(known, _)| *known == key).map(|(_, column)| *column)
    }

    fn at(&self, key: &str) -> Spot {
        self.place.spot(self.number, self.column(key))
    }

    fn text(&self, key: &str) -> String {
        self.column(key)
            .and_then(|column| self.cells.get(column))
            .map_or_else(String::new, |text| text.trim().to_owned())
    }

    fn list(&self, key: &str, separators: &[char]) -> Vec<String> {
        self.text(key).split(separators).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }

    fn date(&self, key: &str) -> Option<NaiveDate> {
        let text = self.text(key);
        let day = text.split_whitespace().next()?;
        let date = parse_date(day);
        if date.is_none() {
            self.sink.error_hint(
                self.at(key),
                Text::new(format!("«{text}» — не дата"), format!("“{text}” is not a date")),
                Text::new("пишите 20.11.2026", "write 2026-11-20"),
            );
        }
        date
    }
}

fn person(row: &Row<'_>, default_lang: Lang) -> Placed {
    let aliases: Vec<Alias> = row.list("aliases", &[';', '\n']).iter().filter_map(|text| alias(text, row)).collect();
    let language = row.text("language").to_lowercase();
    let lang = match language.as_str() {
        "" => default_lang,
        "ru" | "рус" | "русский" => Lang::Ru,
        "en" | "англ" | "английский" | "english" => Lang::En,
        _ => {
            row.sink.error_hint(
                row.at("language"),
                Text::new(format!("неизвестный язык «{language}»"), format!("unknown language “{language}”")),
                Text::new("возможно здесь: ru, en", "possible here: ru, en"),
            );
            default_lang
        }
    };
    let roles_at = row.at("roles");
    let roles: std::collections::BTreeSet<_> =
        row.list("roles", &[',', ';', '\n']).iter().filter_map(|word| role(word, &roles_at, row.sink)).collect();
    if row.text("roles").is_empty() {
        row.sink.error(roles_at, Text::new("роль не указана", "the role is missing"));
    }
    let person = Placed {
        alias_at: aliases.iter().map(|_| row.at("aliases")).collect(),
        employee: Employee {
            id: EmployeeId(row.text("id")),
            name: row.text("name"),
            aliases,
            email: row.text("email"),
            department: row.text("department"),
            roles,
            hired: row.date("hired"),
            left: row.date("left"),
            groups: row.list("groups", &[',', ';', '\n']).into_iter().collect(),
            lang,
            deputy: Some(row.text("deputy")).filter(|d| !d.is_empty()).map(EmployeeId),
        },
        at: row.place.spot(row.number, None),
        id_at: row.at("id"),
        name_at: row.at("name"),
        email_at: row.at("email"),
        department_at: row.at("department"),
        deputy_at: row.at("deputy"),
    };
    check(&person, row.column("id").is_some(), row.column("name").is_some(), row.sink);
    person
}

/// «Иванова (с 01.02.2026)», «Иванова (с 01.02.2026 по 31.03.2026)», «Иванова (до 01.02.2026)»; «по» counts its day,
/// «до» does not. Brackets with anything else belong to the name.
fn alias(text: &str, row: &Row<'_>) -> Option<Alias> {
    let plain = || Some(Alias { name: text.to_owned(), from: None, until: None });
    let Some((name, inside)) = text.strip_suffix(')').and_then(|t| t.rsplit_once('(')) else { return plain() };
    let mut alias = Alias { name: name.trim().to_owned(), from: None, until: None };
    let words: Vec<&str> = inside.split_whitespace().collect();
    for pair in words.chunks(2) {
        let [word, day] = pair else { return plain() };
        let word = word.to_lowercase();
        if !matches!(word.as_str(), "с" | "from" | "до" | "until" | "по" | "to") {
            return plain();
        }
        let Some(date) = parse_date(day) else {
            row.sink.error(
                row.at("aliases"),
                Text::new(format!("«{text}»: «{day}» — не дата"), format!("“{text}”: “{day}” is not a date")),
            );
            return None;
        };
        match word.as_str() {
            "с" | "from" => alias.from = Some(date),
            "до" | "until" => alias.until = Some(date),
            _ => alias.until = date.checked_add_days(Days::new(1)),
        }
    }
    if words.is_empty() { plain() } else { Some(alias) }
}

fn columns(header: &[String], row: u32, place: &Place<'_>, sink: &Sink) -> Vec<(&'static str, usize)> {
    let known: Vec<&str> = COLUMNS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let mut found: Vec<(&'static str, usize)> = Vec::new();
    for (i, title) in header.iter().enumerate().filter(|(_, title)| !title.trim().is_empty()) {
        let wanted = key(title);
        let Some((column, _)) = COLUMNS.iter().find(|(_, names)| names.iter().any(|n| key(n) == wanted)) else {
            let near = suggest::nearest(title.trim(), known.iter().copied());
            sink.push(Problem {
                warning: near.is_none(),
                at: place.spot(row, Some(i)),
                message: Text::new(format!("неизвестный столбец «{title}»"), format!("unknown column “{title}”")),
                hint: Some(near.map_or_else(
                    || Text::new("столбец не читается", "the column is not read"),
                    |n| Text::new(format!("возможно, имелось в виду «{n}»"), format!("did you mean “{n}”?")),
                )),
            });
            continue;
        };
        if found.iter().any(|(other, _)| other == column) {
            sink.error(
                place.spot(row, Some(i)),
                Text::new(format!("столбец «{title}» повторяется"), format!("the column “{title}” repeats")),
            );
            continue;
        }
        found.push((column, i));
    }
    for (column, names) in &COLUMNS {
        if matches!(*column, "id" | "name" | "roles") && !found.iter().any(|(other, _)| other == column) {
            let (ru, en) = (names.first().unwrap_or(&""), names.get(1).unwrap_or(&""));
            sink.error(
                place.spot(row, None),
                Text::new(format!("нет столбца «{ru}»"), format!("there is no column “{en}”")),
            );
        }
    }
    found
}

fn key(title: &str) -> String {
    title
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .map(|c| if c == 'ё' { 'е' } else { c })
        .collect()
}
