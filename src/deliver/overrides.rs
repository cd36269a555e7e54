//! The company's own templates: files of a folder in place of the built-in ones, by name. Each is tried strictly with the
//! samples before it is used; one that fails is left out and the built-in one stands in, at loading as at rendering, so that
//! no mail waits for a mended template. Deliberately absent: telling the operator (`pipeline::notice`), the built-in list.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crate::domain::text::Text;

use super::{error::TemplateError, templates};

/// A template is some hundred lines; what is longer is another file.
const MOST_BYTES: u64 = 262_144;

/// The company's own templates, ready for use, and what is wrong with the others.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    own: Arc<Vec<(String, String)>>,
    faults: Arc<Mutex<BTreeSet<TemplateFault>>>,
}

/// Something wrong with a template of the folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateFault {
    /// The file.
    pub file: PathBuf,
    /// Its line, from 1; `None` when the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: Text,
}

impl TemplateFault {
    /// `templates/ru/audit/body.html, строка 12: …`.
    pub fn text(&self) -> Text {
        let (file, message) = (self.file.display(), &self.message);
        match self.line {
            Some(line) => Text::new(
                format!("{file}, строка {line}: {}", message.ru),
                format!("{file}, line {line}: {}", message.en),
            ),
            None => Text::new(format!("{file}: {}", message.ru), format!("{file}: {}", message.en)),
        }
    }
}

// Two are the same if they stand for the same templates; what went wrong since is no part of it.
impl PartialEq for Templates {
    fn eq(&self, other: &Self) -> bool {
        self.own == other.own
    }
}

impl Eq for Templates {}

impl Templates {
    /// Reads a folder. What is wrong is remembered and left out.
    pub fn of_folder(folder: &Path) -> Self {
        let (mut own, mut faults) = read(folder);
        while let Err(errors) = templates::check_sources(&merged(&own)) {
            let bad: BTreeSet<String> = errors.iter().filter_map(|e| Some(e.place()?.0.to_owned())).collect();
            let (out, kept): (Vec<_>, Vec<_>) = own.into_iter().partition(|(name, _)| bad.contains(name));
            for error in &errors {
                if let Some((name, line)) = error.place().filter(|(name, _)| out.iter().any(|(n, _)| n == name)) {
                    faults.insert(TemplateFault { file: folder.join(name), line: Some(line), message: error.cause() });
                }
            }
            if out.is_empty() {
                // A built-in template fails over one of the company's: nobody can say which, so none of them is used.
                let message = errors.first().map(TemplateError::text).unwrap_or_default();
                let fault = |(name, _): &(String, String)| TemplateFault {
                    file: folder.join(name),
                    line: None,
                    message: message.clone(),
                };
                faults.extend(kept.iter().map(fault));
                own = Vec::new();
                break;
            }
            own = kept;
        }
        Self { own: Arc::new(own), faults: Arc::new(Mutex::new(faults)) }
    }

    /// The company's templates over the built-in ones; `None` when it has none.
    pub(super) fn sources(&self) -> Option<Vec<(&str, &str)>> {
        (!self.own.is_empty()).then(|| merged(&self.own))
    }

    /// Remembers that a template failed over real data.
    pub(super) fn failed(&self, error: &TemplateError) {
        let (file, line) = error.place().map_or((PathBuf::new(), None), |(name, line)| (name.into(), Some(line)));
        tracing::error!("a template of the company failed, the built-in one stands in: {error}");
        let fault = TemplateFault { file, line, message: error.cause() };
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).insert(fault);
    }

    /// Everything that went wrong so far.
    pub fn faults(&self) -> Vec<TemplateFault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

fn merged(own: &[(String, String)]) -> Vec<(&str, &str)> {
    let source = |name: &'static str, built_in: &'static str| -> (&str, &str) {
        own.iter().find(|(n, _)| n == name).map_or((name, built_in), |(_, source)| (name, source))
    };
    templates::SOURCES.iter().map(|(name, built_in)| source(name, built_in)).collect()
}

/// The templates of a folder that have a known name and can be read.
fn read(folder: &Path) -> (Vec<(String, String)>, BTreeSet<TemplateFault>) {
    let (mut own, mut faults) = (Vec::new(), BTreeSet::new());
    let mut wrong = |file: &Path, line, message| {
        faults.insert(TemplateFault { file: file.to_owned(), line, message });
    };
    for file in files(folder, &mut wrong) {
        let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if !templates::SOURCES.iter().any(|(known, _)| *known == name) {
            wrong(&file, None, unknown(&name));
            continue;
        }
        match std::fs::metadata(&file).and_then(|meta| Ok((meta.len(), std::fs::read_to_string(&file)?))) {
            Ok((bytes, _)) if bytes > MOST_BYTES => {
                wrong(&file, None, Text::new("файл слишком велик для шаблона", "the file is too large for a template"));
            }
            Ok((_, text)) => match forbidden(&text) {
                Some(line) => wrong(&file, Some(line), wording()),
                None => own.push((name, text)),
            },
            Err(error) => wrong(
                &file,
                None,
                Text::new(format!("файл не читается: {error}"), format!("the file cannot be read: {error}")),
            ),
        }
    }
    own.sort();
    (own, faults)
}

/// Files below the folder; hidden ones and copies of editors are none.
fn files(folder: &Path, wrong: &mut impl FnMut(&Path, Option<usize>, Text)) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(dir) = open.pop() {
        let entries = match std::fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) => {
                let text = format!("папка не читается: {error}");
                wrong(&dir, None, Text::new(text, format!("the folder cannot be read: {error}")));
                continue;
            }
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                // Two levels of folders: language and kind.
                if path.strip_prefix(folder).is_ok_and(|below| below.components().count() <= 2) {
                    open.push(path);
                }
            } else if !name.starts_with('.') && !name.ends_with('~') && path.extension().is_none_or(|end| end != "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn unknown(name: &str) -> Text {
    let near = templates::SOURCES
        .iter()
        .map(|(known, _)| (rapidfuzz::distance::osa::distance(known.chars(), name.chars()), *known))
        .min()
        .map_or("", |(_, known)| known);
    Text::new(
        format!("такого шаблона нет; может быть, {near}?"),
        format!("there is no template of that name; did you mean {near}?"),
    )
}

/// The line with a word that no mail says.
fn forbidden(text: &str) -> Option<usize> {
    let stems = [["шт", "раф"].concat(), ["уде", "рж"].concat()];
    text.lines().position(|line| stems.iter().any(|stem| line.to_lowercase().contains(stem))).map(|at| at + 1)
}

fn wording() -> Text {
    Text::new(
        "так письма не пишут: «снижение премии», «премия не начислена», «корректировка премии»",
        "mails do not use this word: “bonus reduction”, “bonus not accrued”, “bonus adjustment”",
    )
}
