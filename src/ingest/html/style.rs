//! The little of style sheets that tells something: the padding at the left by which 1C and Excel show levels, rows that
//! are not displayed, and 1C's names of classes. Deliberately absent: everything else of CSS.

use std::collections::HashMap;

/// Paddings by class.
#[derive(Default)]
pub(super) struct Styles {
    by_class: HashMap<String, u16>,
    /// Padding of cells that say nothing.
    plain: u16,
    of_1c: bool,
}

impl Styles {
    /// Reads a style sheet.
    pub fn read(&mut self, sheet: &str) {
        for rule in sheet.split('}') {
            let Some((selectors, body)) = rule.split_once('{') else { continue };
            let padding = padding(body);
            for selector in selectors.split(',') {
                let last = selector.split_whitespace().next_back().unwrap_or_default();
                if let Some((_, class)) = last.rsplit_once('.') {
                    self.of_1c |= is_1c(class);
                    if let Some(padding) = padding {
                        self.by_class.insert(class.to_ascii_lowercase(), padding);
                    }
                } else if last.eq_ignore_ascii_case("td") {
                    self.plain = padding.unwrap_or(self.plain);
                }
            }
        }
    }

    /// The padding of a cell, in pixels.
    pub fn indent(&self, classes: &str, style: &str) -> u16 {
        let of_class = || {
            let classes = classes.split_whitespace();
            classes.filter_map(|class| self.by_class.get(&class.to_ascii_lowercase()).copied()).next_back()
        };
        padding(style).or_else(of_class).unwrap_or(self.plain)
    }

    /// Whether the page is a document of 1C: its classes are named by row and column.
    pub const fn is_1c_document(&self) -> bool {
        self.of_1c
    }
}

/// `R7C0`.
fn is_1c(class: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    class.strip_prefix('R').and_then(|rest| rest.split_once('C')).is_some_and(|(r, c)| digits(r) && digits(c))
}

fn padding(declarations: &str) -> Option<u16> {
    declarations.split(';').find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        if !name.trim().eq_ignore_ascii_case("padding-left") {
            return None;
        }
        let value = value.trim().trim_end_matches(|c: char| c.is_ascii_alphabetic());
        value.trim().parse::<f32>().ok().filter(|v| (0.0..10_000.0).contains(v)).map(|v| v as u16)
    })
}

/// Whether a style hides its element.
pub(super) fn hides(style: &str) -> bool {
    style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .any(|(name, value)| name.trim().eq_ignore_ascii_case("display") && value.trim().eq_ignore_ascii_case("none"))
}
