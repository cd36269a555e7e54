//! Files made to hurt: each is answered by the child in words, within its limits. And files that would like to be
//! executed: formulas, macros, links to elsewhere; only what is stored in their cells is read. Deliberately absent:
//! damaged files as they occur (`hostile`) and random changes (`mutation`).

use rust_xlsxwriter::{Formula, Workbook};

use super::{
    holds,
    mutate::{self, Parts},
    mutation::in_the_child,
    mutation_seeds, parse, sales,
};

fn typed() -> Parts {
    mutation_seeds::all().into_iter().find_map(|seed| seed.parts).expect("a workbook")
}

/// The workbook with one text of one part replaced.
fn with(part: &str, old: &str, new: &str) -> Vec<u8> {
    let mut parts = typed();
    let (_, body) = parts.iter_mut().find(|(name, _)| name.ends_with(part)).expect("a part");
    let text = String::from_utf8(body.clone()).expect("text");
    assert!(text.contains(old), "{part} has no {old}");
    *body = text.replacen(old, new, 1).into_bytes();
    mutate::zip(&parts)
}

fn sheet(old: &str, new: &str) -> Vec<u8> {
    with("sheet1.xml", old, new)
}

#[test]
fn every_bomb_is_answered_in_words() {
    let deep = format!("<sheetData>{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let long = format!("<si><t>{}</t></si>", "ж".repeat(4 << 20));
    let many: String =
        (100..50_000).map(|row| format!("<row r=\"{row}\"><c r=\"C{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    let mut shared = typed();
    for (name, body) in &mut shared {
        let text = String::from_utf8(body.clone()).unwrap_or_default();
        if name.ends_with("sharedStrings.xml") {
            let first = mutate::elements(&text, "si")[0].clone();
            *body = format!("{}{long}{}", &text[..first.start], &text[first.end..]).into_bytes();
        } else if name.ends_with("sheet1.xml") {
            *body = text.replace("</sheetData>", &format!("{many}</sheetData>")).into_bytes();
        }
    }
    let line = ";".repeat(30 << 20);
    let cases: [(&str, Vec<u8>, &[&str]); 13] = [
        (
            "a dimension of the whole sheet",
            sheet("<dimension ref=\"A1", "<dimension ref=\"A1:XFD1048576\" old=\""),
            &[],
        ),
        (
            "a dimension beyond numbers",
            sheet("<dimension ref=\"A1", "<dimension ref=\"ZZZZZZZZ99999999999\" old=\""),
            &[],
        ),
        (
            "the last cell of a sheet",
            sheet("</sheetData>", "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>"),
            &[],
        ),
        ("a column of 2^31", sheet("r=\"A4\"", "r=\"FXSHRXX4\""), &["file_too_large", "parser_died", "file_damaged"]),
        (
            "a column beyond numbers",
            sheet("r=\"A4\"", "r=\"ZZZZZZZ4\""),
            &["parser_died", "file_damaged", "file_too_large"],
        ),
        ("a row beyond numbers", sheet("<row r=\"4\"", "<row r=\"99999999999\""), &["parser_died", "file_damaged"]),
        ("strings that are promised", with("sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"9999999999"), &[]),
        ("one string in every cell", mutate::zip(&shared), &["file_too_large", "parser_died"]),
        ("deep nesting", sheet("<sheetData>", &deep), &[]),
        ("entities of entities", sheet("<?xml version=\"1.0\"", &format!("{laughs}<?xml version=\"1.0\"")), &[]),
        ("a style beyond the table", sheet(" s=\"1\"", " s=\"4294967295\""), &[]),
        ("a line of delimiters", line.into_bytes(), &["file_too_large"]),
        (
            "a quote that is never closed",
            format!("Дата;Сумма\n\"{}", "а\n".repeat(3 << 20)).into_bytes(),
            &["unclosed_quote"],
        ),
    ];
    let known = printed(&parse(&mutate::zip(&typed())));
    for (what, bytes, codes) in cases {
        let parsed = in_the_child(&bytes);
        let found = holds(&parsed);
        if codes.is_empty() {
            assert!(!found.is_empty() || printed(&parsed) == known, "{what}: {parsed:#?}");
        } else {
            assert!(found.len() == 1 && codes.contains(&found[0]), "{what}: {found:?}");
        }
    }
}

fn printed(parsed: &sverka::ingest::Parsed) -> Option<sverka::domain::money::Money> {
    parsed.accounting.as_ref().and_then(|table| table.printed_total)
}

/// A header of as many columns as a sheet has, under which the search for headers must not take for ever.
#[test]
fn a_header_of_sixteen_thousand_columns_is_answered() {
    let header: Vec<String> = (0..16_000).map(|n| format!("Сумма по складу {n}")).collect();
    let row = vec!["1"; 16_000].join(";");
    let text = format!("Дата;Номер;Контрагент;{}\n{}", header.join(";"), format!("05.11.2026;1;А;{row}\n").repeat(30));
    let parsed = in_the_child(text.as_bytes());
    assert!(parsed.holds() || parsed.rows > 0, "{:?}", parsed.findings);
}

#[test]
fn formulas_macros_and_links_are_never_evaluated() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(["Дата", "Номер", "Контрагент", "Сумма"]) {
        sheet.write(0, column, header).expect("write");
    }
    let formulas = [
        ("=HYPERLINK(\"http://127.0.0.1:9/\",\"x\")", "ООО Ссылка"),
        ("=WEBSERVICE(\"http://127.0.0.1:9/\")", "ООО Сеть"),
        ("=[1]Sheet1!A1", "ООО Чужая книга"),
        ("=cmd|'/C calc'!A0", "ООО Команда"),
    ];
    for (row, (formula, value)) in (1..).zip(formulas) {
        sheet.write(row, 0, "05.11.2026").expect("write");
        sheet.write(row, 1, row).expect("write");
        sheet.write(row, 2, Formula::new(formula).set_result(value)).expect("write");
        sheet.write(row, 3, Formula::new("=1000+1").set_result("5")).expect("write");
    }
    let mut parts = mutate::unzip(&book.save_to_buffer().expect("save"));
    parts.push(("xl/vbaProject.bin".to_owned(), b"\xD0\xCF\x11\xE0 Sub Auto_Open()".to_vec()));
    parts.push((
        "xl/externalLinks/externalLink1.xml".to_owned(),
        b"<externalLink xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><ddeLink ddeService=\"cmd\" ddeTopic=\"/C calc\"/></externalLink>".to_vec(),
    ));
    let parsed = in_the_child(&mutate::zip(&parts));
    assert_eq!(holds(&parsed), Vec::<&str>::new());
    let read: Vec<(&str, i64)> = sales(&parsed).iter().map(|s| (s.party.name.as_str(), s.amount.kopecks())).collect();
    let stored: Vec<(&str, i64)> = formulas.iter().map(|(_, value)| (*value, 500)).collect();
    assert_eq!(read, stored, "values as they were stored, not as a formula would give them");

    let text = "Дата;Номер;Контрагент;Сумма\n05.11.2026;1;=cmd|' /C calc'!A0;5,00\n05.11.2026;2;@SUM(1+1);=2+2\n";
    let parsed = in_the_child(text.as_bytes());
    assert_eq!(holds(&parsed), ["amount_not_a_number"], "a formula is no amount");
    assert_eq!(sales(&parsed)[0].party.name, "=cmd|' /C calc'!A0");
}
