//! The company's own layouts of tables, for commands that read files without the whole configuration. Deliberately
//! absent: reading the configuration; only the folder's name is taken from it.

use std::path::{Path, PathBuf};

use crate::{
    domain::text::Text,
    error::{Error, Kind, Result},
    ingest::layout::{self, Layout},
};

/// The folder: the one given, else the configuration's `accounting.layouts`, else `layouts` beside the configuration.
pub(super) fn folder(given: Option<&Path>, config_path: &Path) -> PathBuf {
    let base = config_path.parent().unwrap_or_else(|| Path::new(""));
    let stated = || {
        let environment = std::env::var("SVERKA__ACCOUNTING__LAYOUTS").ok();
        environment.or_else(|| {
            let table: toml::Table = std::fs::read_to_string(config_path).ok()?.parse().ok()?;
            Some(table.get("accounting")?.get("layouts")?.as_str()?.to_owned())
        })
    };
    given.map_or_else(|| base.join(stated().unwrap_or_else(|| "layouts".to_owned())), Path::to_path_buf)
}

/// Its layouts; none where the folder is absent.
///
/// # Errors
/// The first layout that cannot be read, with its line.
pub(super) fn read(folder: &Path) -> Result<Vec<Layout>> {
    let (layouts, problems) = layout::of_folder(folder);
    let Some(problem) = problems.first() else { return Ok(layouts) };
    let (file, line) = (&problem.file, problem.line);
    Err(Error::new(
        Kind::Config,
        Text::new(
            format!("{file}, строка {line}: {}", problem.message.ru),
            format!("{file}, line {line}: {}", problem.message.en),
        ),
    ))
}
