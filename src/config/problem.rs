//! What is wrong with the configuration: every mistake with its place and the way out, shown together.
//! Deliberately absent: stopping at the first one, colour.

use std::{
    cell::RefCell,
    fmt::{self, Write},
    path::{Path, PathBuf},
};

use serde_json::json;

use super::spot::Spot;
use crate::{
    domain::text::{Lang, Text},
    error::{Error, Kind},
};

/// One mistake or remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it is only a remark.
    pub warning: bool,
    /// Where.
    pub at: Spot,
    /// What is wrong, without a final period.
    pub message: Text,
    /// What to do, shown behind the caret.
    pub hint: Option<Text>,
}

impl Problem {
    /// The text for a terminal, in the style of a compiler.
    pub fn render(&self, lang: Lang) -> String {
        let (error, warning, hint) = match lang {
            Lang::Ru => ("ошибка", "внимание", "подсказка"),
            Lang::En => ("error", "warning", "hint"),
        };
        let head = if self.warning { warning } else { error };
        let mut text = format!("{head}: {}\n", self.message.get(lang));
        let place = self.at.describe();
        let advice = self.hint.as_ref().map_or("", |h| h.get(lang));
        if let Some(excerpt) = self.at.excerpt() {
            let gutter = excerpt.line.to_string().chars().count().max(2);
            let _ = writeln!(text, "{:gutter$}┌─ {}", "", place.get(lang));
            let _ = writeln!(text, "{:>gutter$}│ {}", excerpt.line, excerpt.text);
            let caret = format!("{}{}", " ".repeat(excerpt.column - 1), "^".repeat(excerpt.width));
            text.push_str(format!("{:gutter$}│ {caret} {advice}", "").trim_end());
            text.push('\n');
        } else {
            let _ = writeln!(text, "  ┌─ {}", place.get(lang));
            if !advice.is_empty() {
                let _ = writeln!(text, "  {hint}: {advice}");
            }
        }
        text
    }

    /// The same for programs.
    pub fn to_json(&self, lang: Lang) -> serde_json::Value {
        let excerpt = self.at.excerpt();
        json!({
            "severity": if self.warning { "warning" } else { "error" },
            "file": self.at.file().map(|p| p.display().to_string()),
            "place": self.at.describe().get(lang),
            "line": excerpt.as_ref().map(|e| e.line),
            "column": excerpt.as_ref().map(|e| e.column),
            "message": self.message.get(lang),
            "hint": self.hint.as_ref().map(|h| h.get(lang)),
        })
    }
}

/// Why a configuration cannot be used: at least one error, and the remarks made on the way.
#[derive(Debug)]
pub struct ConfigErrors {
    /// All of them, by file and position.
    pub problems: Vec<Problem>,
    /// The configured language, as far as it could be read.
    pub lang: Lang,
}

impl ConfigErrors {
    /// All of them, one after another.
    pub fn render(&self, lang: Lang) -> String {
        self.problems.iter().map(|p| p.render(lang)).collect::<Vec<_>>().join("\n")
    }

    /// Number of errors, remarks not counted.
    pub fn count(&self) -> usize {
        self.problems.iter().filter(|p| !p.warning).count()
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Lang::En))
    }
}

impl std::error::Error for ConfigErrors {}

/// For commands other than `check`: one error of kind `Config` that lists every mistake; remarks are left to `check`.
impl From<ConfigErrors> for Error {
    fn from(errors: ConfigErrors) -> Self {
        let mistakes = || errors.problems.iter().filter(|p| !p.warning);
        let list = |lang| mistakes().map(|p| p.render(lang)).collect::<Vec<_>>().join("\n").trim_end().to_owned();
        let n = errors.count();
        Self::new(
            Kind::Config,
            Text::new(
                format!("настройки с ошибками ({n}):\n\n{}\n", list(Lang::Ru)),
                format!("the configuration has mistakes ({n}):\n\n{}\n", list(Lang::En)),
            ),
        )
        .hint(Text::new("исправьте и проверьте: `sverka check`", "correct them, then `sverka check`"))
    }
}

/// Collects problems while everything else is still read.
#[derive(Debug, Default)]
pub struct Sink {
    problems: RefCell<Vec<Problem>>,
    unreadable: RefCell<Vec<Spot>>,
    main: PathBuf,
}

impl Sink {
    /// For the configuration whose main file is at the path: what clashes with a default is shown there.
    pub fn new(main: &Path) -> Self {
        Self { main: main.to_owned(), ..Self::default() }
    }

    /// Records a mistake.
    pub fn error(&self, at: Spot, message: Text) {
        self.push(Problem { warning: false, at, message, hint: None });
    }

    /// Records a mistake with the way out.
    pub fn error_hint(&self, at: Spot, message: Text, hint: Text) {
        self.push(Problem { warning: false, at, message, hint: Some(hint) });
    }

    /// Records that a value could not be read at all: whatever else is said about it afterwards only follows from that.
    pub fn unreadable(&self, at: Spot, message: Text) {
        self.error(at.clone(), message);
        self.unreadable.borrow_mut().push(at);
    }

    /// Records a remark with the way out.
    pub fn warn(&self, at: Spot, message: Text, hint: Text) {
        self.push(Problem { warning: true, at, message, hint: Some(hint) });
    }

    /// Records a problem.
    pub fn push(&self, mut problem: Problem) {
        if problem.at.is_default() {
            problem.at = Spot::File(self.main.clone());
        }
        let mut all = self.problems.borrow_mut();
        if !all.contains(&problem) && !self.unreadable.borrow().contains(&problem.at) {
            all.push(problem);
        }
    }

    /// Whether a mistake was recorded.
    pub fn has_errors(&self) -> bool {
        self.problems.borrow().iter().any(|p| !p.warning)
    }

    /// Everything recorded: files in the order in which they were first complained about, then by position.
    pub fn into_sorted(self) -> Vec<Problem> {
        let mut all = self.problems.into_inner();
        let mut files: Vec<Option<PathBuf>> = Vec::new();
        for file in all.iter().map(|p| p.at.file().map(PathBuf::from)) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        all.sort_by_key(|p| {
            let file = p.at.file().map(PathBuf::from);
            (files.iter().position(|f| *f == file), p.at.offset())
        });
        all
    }
}
