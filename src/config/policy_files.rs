//! Where the regulation stands: one file, or a folder of `.toml` files with one or more versions each. Deliberately absent:
//! what a version is (`policy`).

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{problem::Sink, sha256, spot::Source, spot::Spot, tree};
use crate::domain::text::Text;

/// The texts in the order of their names, and the hash of all of them; `None` when one cannot be read.
pub(super) fn read(path: &Path, sink: &Sink) -> Option<(Vec<Arc<Source>>, String)> {
    if !path.is_dir() {
        let source = tree::read_source(path, sink)?;
        let hash = sha256(source.text.as_bytes());
        return Some((vec![source], hash));
    }
    let files = match files(path) {
        Ok(files) => files,
        Err(error) => {
            sink.error(
                Spot::File(path.to_owned()),
                Text::new(format!("папка не открывается: {error}"), format!("the folder does not open: {error}")),
            );
            return None;
        }
    };
    if files.is_empty() {
        sink.error_hint(
            Spot::File(path.to_owned()),
            Text::new("в папке положения нет ни одного файла .toml", "the folder of the regulation has no .toml file"),
            Text::new("положите в неё редакции положения", "put the versions of the regulation into it"),
        );
        return None;
    }
    // Every file is looked at, so that all that cannot be read are told at once.
    let read: Vec<Option<Arc<Source>>> = files.iter().map(|file| tree::read_source(file, sink)).collect();
    let sources = read.into_iter().collect::<Option<Vec<_>>>()?;
    let mut all = Vec::new();
    for source in &sources {
        // A length before each text: no two folders read the same.
        all.extend_from_slice(format!("{}\n", source.text.len()).as_bytes());
        all.extend_from_slice(source.text.as_bytes());
    }
    Some((sources, sha256(&all)))
}

/// The `.toml` files by name; hidden ones (of editors) are left out.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let toml = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        if toml && !hidden && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
