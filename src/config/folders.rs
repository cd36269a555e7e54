//! Folders that must not lie in each other: what the program writes would be read as input, or one file would belong
//! to two sources. Deliberately absent: looking into them.

use std::path::{Path, PathBuf};

use super::{main_file::Main, main_file::absolute, reader::Section, sections::Transport, spot::Spot};
use crate::domain::text::Text;

pub(super) fn check(root: &Section<'_>, main: &Main, base: &Path) {
    let mut folders: Vec<(PathBuf, Spot)> = Vec::new();
    let section = |key| root.section(key);
    if let Some(s) = section("accounting") {
        folders.extend(s.texts_at("folders").into_iter().map(|(folder, at)| (absolute(base, &folder), at)));
    }
    for key in ["calls", "plans"] {
        let listed = section(key).map(|s| s.texts_at("folders")).unwrap_or_default();
        folders.extend(listed.into_iter().map(|(folder, at)| (absolute(base, &folder), at)));
    }
    for (source, s) in main.crm.iter().zip(root.sections("crm")) {
        if s.has("folder") {
            folders.push((source.folder.clone(), s.at("folder")));
        }
    }
    for (folder, at) in &folders {
        if !folder.is_dir() {
            let shown = folder.display();
            root.sink().warn(
                at.clone(),
                Text::new(format!("папки {shown} нет"), format!("there is no folder {shown}")),
                Text::new("создайте её или подключите сетевой диск", "create it or connect the share"),
            );
        }
    }
    if let (Some(s), Transport::Directory { folder }) = (section("mail"), &main.mail.transport) {
        folders.push((folder.clone(), s.at("directory")));
    }
    if let (Some(s), Some(folder)) = (section("mail"), &main.mail.bounces) {
        folders.push((folder.clone(), s.at("bounces")));
    }
    if let Some(s) = section("store") {
        folders.push((main.store.archive.clone(), s.at("archive")));
    }
    for (i, (folder, at)) in folders.iter().enumerate() {
        for (other, _) in folders.iter().take(i) {
            if folder.starts_with(other) || other.starts_with(folder) {
                let (a, b) = (folder.display(), other.display());
                root.sink().error_hint(
                    at.clone(),
                    Text::new(format!("папки пересекаются: {a} и {b}"), format!("folders overlap: {a} and {b}")),
                    Text::new("дайте каждому источнику свою папку", "give each source a folder of its own"),
                );
            }
        }
    }
}
