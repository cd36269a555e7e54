//! Headers and levels given by hand, and the layout that is saved from what was understood. Deliberately absent:
//! overwriting a layout that somebody edited.

use std::path::{Path, PathBuf};

use crate::{
    cli::{layouts, output::Out},
    domain::text::Text,
    error::{Error, Kind, Result},
    ingest::{
        interpret::Parsed,
        layout::{self, COLUMN_ROLES, LEVEL_ROLES, Layout},
        understanding, value,
    },
};

/// What a person says about a table.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct MappingArgs {
    /// Заголовок столбца для роли, например amount="Отгружено"; можно повторять.
    #[arg(long = "map", value_name = "РОЛЬ=ЗАГОЛОВОК")]
    pub map: Vec<String>,
    /// Уровни групп снаружи внутрь через запятую, например manager,counterparty,number.
    #[arg(long, value_name = "УРОВНИ", value_delimiter = ',')]
    pub levels: Vec<String>,
    /// Роли, пустая ячейка которых продолжает строку выше, через запятую.
    #[arg(long, value_name = "РОЛИ", value_delimiter = ',')]
    pub fill_down: Vec<String>,
    /// Папка с описаниями таблиц; без неё та, что в настройках (layouts рядом с ними).
    #[arg(long, value_name = "ПАПКА")]
    pub layouts: Option<PathBuf>,
    /// Сохранить, как понята таблица, в папку описаний (или в указанный файл).
    #[arg(long, value_name = "ФАЙЛ", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "the option may stand without a file")]
    pub save_layout: Option<Option<PathBuf>>,
}

impl MappingArgs {
    /// The layouts to try before those of the program: what was said by hand, then the folder's.
    ///
    /// # Errors
    /// An unknown role, or a layout of the folder that cannot be read.
    pub fn layouts(&self, config_path: &Path) -> Result<Vec<Layout>> {
        let mut layouts = layouts::read(&self.folder(config_path))?;
        if let Some(by_hand) = self.by_hand()? {
            layouts.insert(0, by_hand);
        }
        Ok(layouts)
    }

    fn by_hand(&self) -> Result<Option<Layout>> {
        if self.map.is_empty() && self.levels.is_empty() && self.fill_down.is_empty() {
            return Ok(None);
        }
        let mut given = Vec::new();
        for said in &self.map {
            let (role, header) = said.split_once('=').unwrap_or((said, ""));
            let role = known(role, &COLUMN_ROLES)?;
            let header = header.trim().trim_matches(['"', '«', '»']);
            if header.is_empty() {
                return Err(wrong(
                    format!("--map {role}: не указан заголовок, нужно {role}=\"Заголовок\""),
                    format!("--map {role}: no header is given, write {role}=\"Header\""),
                ));
            }
            given.push((role, header.to_owned()));
        }
        let roles = |words: &[String], known_roles: &[&str]| -> Result<Vec<String>> {
            words.iter().map(|word| known(word, known_roles)).collect()
        };
        let mut layout = layout::sales().with_headers(&given);
        layout.levels = roles(&self.levels, &LEVEL_ROLES)?;
        layout.fill_down = roles(&self.fill_down, &COLUMN_ROLES)?;
        Ok(Some(layout))
    }

    /// Checks that every header given by hand was found.
    ///
    /// # Errors
    /// When one was not, with the headers that the table has.
    pub fn check(&self, parsed: &Parsed) -> Result<()> {
        let Some(layout) = self.by_hand()? else { return Ok(()) };
        for said in self.map.iter().filter_map(|said| said.split_once('=')) {
            let role = known(said.0, &COLUMN_ROLES)?;
            let Some(header) = layout.columns.iter().find(|c| c.role == role).and_then(|c| c.headers.first()) else {
                continue;
            };
            let same = |title: &str| value::key(title) == value::key(header);
            if parsed.columns.iter().any(|seen| seen.roles.contains(&role) && same(&seen.header)) {
                continue;
            }
            let list: Vec<String> = parsed.columns.iter().map(|seen| format!("«{}»", seen.header)).collect();
            let list = list.join(", ");
            return Err(wrong(
                format!("--map: столбца «{header}» в таблице не нашлось; узнаны столбцы: {list}"),
                format!("--map: the table has no column “{header}”; recognised columns: {list}"),
            ));
        }
        Ok(())
    }

    /// Saves the layout if that was asked for.
    ///
    /// # Errors
    /// When nothing was understood, when the file is there already, or cannot be written.
    pub fn save(&self, parsed: &Parsed, file: &Path, config_path: &Path, out: Out) -> Result<()> {
        let Some(target) = &self.save_layout else { return Ok(()) };
        if parsed.layout.is_empty() {
            return Err(wrong(
                "не сохранено: в файле не узнана таблица продаж или контрагентов".to_owned(),
                "not saved: no table of sales or counterparties was recognised in the file".to_owned(),
            ));
        }
        let stem = file.file_stem().map_or_else(|| "layout".to_owned(), |s| s.to_string_lossy().into_owned());
        let target = target.clone().unwrap_or_else(|| self.folder(config_path).join(format!("{stem}.toml")));
        let shown = target.display();
        if target.exists() {
            return Err(wrong(
                format!("{shown} уже есть; правьте его или назовите другой файл"),
                format!("{shown} is there already; edit it or name another file"),
            ));
        }
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(|e| Error::bug("make the folder of layouts", e))?;
        }
        std::fs::write(&target, &parsed.layout).map_err(|e| Error::bug("write the layout", e))?;
        if !out.json {
            out.say(&Text::new(
                format!("Описание таблицы сохранено: {shown}. Меняйте в нём слова в кавычках после headers и запускайте inspect снова; такие файлы будут читаться по нему."),
                format!("The layout is saved: {shown}. Edit the words in quotes behind headers and run inspect again; files like this one will be read by it."),
            ));
        }
        Ok(())
    }

    fn folder(&self, config_path: &Path) -> PathBuf {
        layouts::folder(self.layouts.as_deref(), config_path)
    }
}

/// The role that a word means.
fn known(word: &str, roles: &[&str]) -> Result<String> {
    let role = understanding::role_of(word.trim());
    if roles.contains(&role) {
        return Ok(role.to_owned());
    }
    let list = roles.join(", ");
    Err(wrong(
        format!("слова «{word}» нет; чаще всего нужны: дата, номер, контрагент, инн, сумма, менеджер; все: {list}"),
        format!("there is no role “{word}”; most used: date, number, counterparty, inn, amount, manager; all: {list}"),
    ))
}

fn wrong(ru: String, en: String) -> Error {
    Error::new(Kind::Input, Text::new(ru, en))
}
