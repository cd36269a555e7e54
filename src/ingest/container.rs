//! What a file is, told by its first bytes: a 1C `.xls` may be HTML, and an `.xlsx` may be anything. Formats that are
//! not read are named (`foreign`), with what to do instead. Deliberately absent: the extension, and reading.

use super::{dbf, foreign, read::Refusal};

/// Containers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// ZIP: xlsx, xlsm, xlsb, ods (or something else, see `zip_guard`).
    Zip,
    /// Compound file: xls.
    Cfb,
    /// A page with tables, whatever its name.
    Html,
    /// SpreadsheetML 2003.
    Xml2003,
    /// dBASE, FoxPro.
    Dbf,
    /// Text: delimited, any encoding.
    Text,
}

const CFB: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Bytes looked at for the first element of a markup.
const HEAD: usize = 64 << 10;

/// Tells the container, or refuses by name.
pub fn sniff(bytes: &[u8]) -> Result<Container, Refusal> {
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").or_else(|| bytes.strip_prefix(b"\xFF\xFE")).unwrap_or(bytes);
    if body.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(Refusal::new("empty_file", "файл пуст; повторите выгрузку", "the file is empty; export it again"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Container::Zip);
    }
    if bytes.starts_with(CFB) {
        return foreign::compound(bytes).map_or(Ok(Container::Cfb), Err);
    }
    if let Some(refusal) = foreign::named(bytes) {
        return Err(refusal);
    }
    if dbf::is_dbf(bytes) {
        return Ok(Container::Dbf);
    }
    markup(bytes).unwrap_or(Ok(Container::Text))
}

/// The refusal of a file behind a password.
pub fn encrypted() -> Refusal {
    Refusal::new(
        "file_encrypted",
        "книга защищена паролем; сохраните её без пароля",
        "the workbook is protected by a password; save it without one",
    )
}

/// What begins with `<` is told by its first element.
fn markup(bytes: &[u8]) -> Option<Result<Container, Refusal>> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    // UTF-16 markup is recognised by its ASCII letters.
    let text: String = head.iter().filter(|b| b.is_ascii() && **b != 0).map(|b| char::from(*b)).collect();
    let text = text.trim_start().to_ascii_lowercase();
    if !text.starts_with('<') {
        return None;
    }
    let declared = text.starts_with("<?xml");
    // A head without an element is one of endless comments or declarations.
    let element = match first_element(&text) {
        Some(element) => element,
        None if declared || text.starts_with("<!") => return Some(Err(foreign::xml(&text))),
        None => return None,
    };
    let local = element.rsplit_once(':').map_or(element, |(_, local)| local);
    if local == "workbook" && text.contains("schemas-microsoft-com:office:spreadsheet") {
        return Some(Ok(Container::Xml2003));
    }
    let page = [
        "html", "head", "body", "meta", "title", "style", "link", "script", "base", "table", "tr", "div", "p",
        "center", "font", "span", "h1", "h2", "h3", "b", "br", "form", "frameset",
    ];
    if page.contains(&element) || (!declared && text.contains("<table") && text.contains("<tr")) {
        return Some(Ok(Container::Html));
    }
    (declared || text.contains("</") || text.contains("xmlns")).then(|| Err(foreign::xml(&text)))
}

/// Name of the first element behind declarations, comments and processing instructions; empty when there is none.
fn first_element(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        rest = match rest {
            _ if rest.starts_with("<?") => rest.split_once("?>")?.1,
            _ if rest.starts_with("<!--") => rest.split_once("-->")?.1,
            _ if rest.starts_with("<!doctype html") => return Some("html"),
            // A document type with declarations of its own ends behind them.
            _ if rest.starts_with("<!") => match rest.find(['>', '[']) {
                Some(at) if rest.get(at..=at) == Some("[") => rest.split_once("]>")?.1,
                _ => rest.split_once('>')?.1,
            },
            _ => break,
        };
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '-' | '_' | '.'));
    let (name, behind) = name.split_at_checked(end.unwrap_or(name.len()))?;
    // A tag goes on with a blank or ends; `<b;1` is a cell of text.
    let is_tag = behind.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
    Some(if is_tag { name } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_told_by_its_first_element() {
        let cases: [(&str, Option<Container>); 8] = [
            ("\u{feff}<!DOCTYPE HTML PUBLIC \"-//W3C//DTD\"><HTML>", Some(Container::Html)),
            ("<!-- saved --><meta charset=utf-8><table><tr><td>1", Some(Container::Html)),
            ("  <TABLE border=1><tr>", Some(Container::Html)),
            ("<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html>", Some(Container::Html)),
            (
                "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
                 <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Some(Container::Xml2003),
            ),
            ("<ss:Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">", Some(Container::Xml2003)),
            ("<?xml version=\"1.0\"?><КоммерческаяИнформация/>", None),
            ("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", Some(Container::Html)),
        ];
        for (text, container) in cases {
            assert_eq!(sniff(text.as_bytes()).ok(), container, "{text}");
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(sniff(&utf16).ok(), container, "{text} in UTF-16");
        }
    }

    #[test]
    fn text_that_only_resembles_a_format_is_text() {
        for text in [
            "BMW ООО;1",
            "<Не указан>;5",
            "MO;1",
            "<...>;1",
            "[Склад];5",
            "<b;1",
            "{код};1",
            "ID;Phone\n1;2",
            "ID;Product",
        ] {
            assert_eq!(sniff(text.as_bytes()), Ok(Container::Text), "{text}");
        }
    }
}
