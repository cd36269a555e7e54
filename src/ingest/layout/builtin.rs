//! The layouts that are part of the program. Deliberately absent: a company's own (`check::parse` reads them).

use std::sync::OnceLock;

use super::{Called, Layout, LevelsFrom};
use crate::domain::inbox::TableKind;

/// Reports that mean something only under their own title; tried before plain lists.
pub const ACCOUNT_REPORTS: [(&str, &str); 7] = [
    ("osv-62", include_str!("../../../config/layouts/osv-62.toml")),
    ("account-card-62", include_str!("../../../config/layouts/account-card-62.toml")),
    ("account-card-51", include_str!("../../../config/layouts/account-card-51.toml")),
    ("account-analysis-62", include_str!("../../../config/layouts/account-analysis-62.toml")),
    ("settlements", include_str!("../../../config/layouts/settlements.toml")),
    ("sales-book", include_str!("../../../config/layouts/sales-book.toml")),
    ("account-other", include_str!("../../../config/layouts/account-other.toml")),
];

/// Sales: lists of documents, grouped reports, crosstabs.
pub fn sales() -> &'static Layout {
    static LAYOUT: OnceLock<Layout> = OnceLock::new();
    LAYOUT.get_or_init(|| load(include_str!("../../../config/layouts/sales.toml")))
}

/// Lists of counterparties.
pub fn counterparties() -> &'static Layout {
    static LAYOUT: OnceLock<Layout> = OnceLock::new();
    LAYOUT.get_or_init(|| load(include_str!("../../../config/layouts/counterparties.toml")))
}

/// Reports known by their title.
pub fn reports() -> &'static [Layout] {
    static LAYOUTS: OnceLock<Vec<Layout>> = OnceLock::new();
    LAYOUTS.get_or_init(|| ACCOUNT_REPORTS.iter().map(|(_, text)| load(text)).collect())
}

/// The text is part of the program; a test parses it. A layout that could not be parsed would recognise nothing.
fn load(text: &str) -> Layout {
    let mut layout: Layout = toml::from_str(text).unwrap_or_else(|_| Layout {
        name: String::new(),
        called: Called::default(),
        kind: TableKind::Unknown,
        required: vec![String::new()],
        turnovers: Vec::new(),
        named: Vec::new(),
        only_if_named: true,
        whole: false,
        foreign: Vec::new(),
        columns: Vec::new(),
        captions: Vec::new(),
        levels: Vec::new(),
        levels_from: LevelsFrom::Auto,
        fill_down: Vec::new(),
        rows_per_record: 1,
        keep: Vec::new(),
        leave: Vec::new(),
        hold: Vec::new(),
        leave_other_documents: false,
        refuse: None,
        words: std::collections::HashSet::new(),
    });
    layout.prepare();
    layout
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_layouts_are_sound() {
        let files = [
            ("sales", include_str!("../../../config/layouts/sales.toml")),
            ("counterparties", include_str!("../../../config/layouts/counterparties.toml")),
        ];
        for (name, text) in files.into_iter().chain(ACCOUNT_REPORTS) {
            let layout = super::super::parse(text, name).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
            assert_eq!(layout.name, name);
        }
    }
}
