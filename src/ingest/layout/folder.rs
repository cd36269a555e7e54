//! A company's own layouts: a folder of `.toml` files, read anew at every look, so that a saved one counts at once.
//! Deliberately absent: watching it.

use std::{fs, io, path::Path};

use super::{Layout, LayoutProblem, parse};
use crate::domain::{
    finding::{Finding, Severity, SourceRef},
    text::Text,
};

/// The layouts of a folder by the order of their files' names, and what is wrong with the others. A folder that is not
/// there holds none.
pub fn of_folder(folder: &Path) -> (Vec<Layout>, Vec<LayoutProblem>) {
    let (mut layouts, mut problems) = (Vec::new(), Vec::new());
    let unreadable = |file: &Path, error: &io::Error| LayoutProblem {
        file: file.display().to_string(),
        line: 0,
        message: Text::new(format!("не открывается ({error})"), format!("cannot be opened ({error})")),
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (layouts, problems),
        Err(error) => return (layouts, vec![unreadable(folder, &error)]),
    };
    let mut files: Vec<_> = entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    files.retain(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")));
    files.sort();
    for file in files {
        let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let text = fs::read(&file).map_err(|error| unreadable(&file, &error)).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| LayoutProblem {
                file: name.clone(),
                line: 0,
                message: Text::new(
                    "файл сохранён не в UTF-8; в Блокноте: «Сохранить как» → Кодировка UTF-8",
                    "the file is not saved as UTF-8; in Notepad: Save as → Encoding UTF-8",
                ),
            })
        });
        match text.and_then(|text| parse(text.trim_start_matches('\u{feff}'), &name)) {
            Ok(layout) => layouts.push(layout),
            Err(problem) => problems.push(problem),
        }
    }
    (layouts, problems)
}

impl LayoutProblem {
    /// As a remark with its file and line.
    pub fn finding(&self) -> Finding {
        let text = Text::new(
            format!("описание таблицы не применяется: {}", self.message.ru),
            format!("the layout is not applied: {}", self.message.en),
        );
        let place = SourceRef { row: self.line as u32, ..SourceRef::file(&self.file) };
        Finding::new(Severity::Warn, "layout_broken", text).at(place)
    }
}
