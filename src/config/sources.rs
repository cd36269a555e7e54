//! `[accounting]` and `[[crm]]`: where files come from. Deliberately absent: looking into the folders.

use std::path::Path;

use chrono_tz::Tz;

use super::{
    main_file::{absolute, path, zone},
    reader::Section,
    sections::{Accounting, CrmPreset, CrmSource, CrmSourceKind, Lists},
};
use crate::domain::{export_scope::Exports, text::Text};

pub(super) fn accounting(s: &Section<'_>, base: &Path) -> Accounting {
    let folders = s.texts_at("folders");
    if folders.is_empty() {
        s.error("folders", Text::new("нет ни одной папки учётной системы", "there is no folder of accounting"));
    }
    let accounting = Accounting {
        folders: folders.iter().map(|(folder, _)| absolute(base, folder)).collect(),
        layouts: path(s, "layouts", base),
        stable_seconds: s.int("stable_seconds", 0..=3600).unwrap_or_default(),
        harmless_filters: s.texts("harmless_filters"),
        max_file_mib: s.int("max_file_mib", 1..=4096).unwrap_or_default(),
        exports: s.choice("exports", &Exports::ALL).unwrap_or_default(),
    };
    s.finish();
    accounting
}

/// A section that names folders and a time zone: calls, plans.
pub(super) fn lists(s: &Section<'_>, base: &Path, default_tz: Tz, zoned: bool) -> Lists {
    let folders = s.texts_at("folders");
    let lists = Lists {
        folders: folders.iter().map(|(folder, _)| absolute(base, folder)).collect(),
        tz: if zoned && s.has("timezone") { zone(s).unwrap_or(default_tz) } else { default_tz },
    };
    s.finish();
    lists
}

pub(super) fn crm(root: &Section<'_>, base: &Path, default_tz: Tz) -> Vec<CrmSource> {
    let mut sources: Vec<CrmSource> = Vec::new();
    let sections = root.sections("crm");
    if sections.is_empty() {
        root.sink().error_hint(
            root.at("crm"),
            Text::new("нет ни одного источника CRM", "there is no CRM source"),
            Text::new("добавьте раздел [[crm]] с name и folder", "add a section [[crm]] with name and folder"),
        );
    }
    let presets = CrmPreset::ALL.map(|preset| (preset.code(), preset));
    for s in sections {
        s.require(&["name", "folder"]);
        let source = CrmSource {
            name: s.text("name").unwrap_or_default(),
            kind: s.choice("kind", &[("table", CrmSourceKind::Table)]).unwrap_or(CrmSourceKind::Table),
            folder: path(&s, "folder", base),
            preset: s.choice("preset", &presets).unwrap_or(CrmPreset::Auto),
            tz: zone(&s).unwrap_or(default_tz),
        };
        let name = &source.name;
        if s.has("name") && (name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')) {
            s.error(
                "name",
                Text::new("имя источника: буквы, цифры, - и _", "a source's name: letters, digits, - and _"),
            );
        }
        if ["accounting", "calls", "plans"].contains(&name.as_str())
            || (!name.is_empty() && sources.iter().any(|other| other.name == *name))
        {
            s.error(
                "name",
                Text::new(
                    format!("имя «{name}» уже занято другим источником"),
                    format!("the name “{name}” is taken by another source"),
                ),
            );
        }
        s.finish();
        sources.push(source);
    }
    sources
}
