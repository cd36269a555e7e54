//! The three files of one document: they carry the same words, and a stranger's program reads them.

use std::{collections::BTreeMap, fs, io::Read, process::Command};

use sverka::{
    deliver::regulation::{docx, html, markdown},
    domain::{
        policy::PolicyVersion,
        regulation::{self, Document, Example, Examples, annex},
        text::{Lang, Text},
    },
};

use super::{everything, numbers::input, plain};

/// Documents of a plain policy with an example of its own numbers and of one with every kind of rule; a name means something
/// to every format.
fn documents() -> Vec<(&'static str, Document)> {
    let ((plain, mut roster), (all, _)) = (plain(), everything());
    "Орлов <b>Илья</b> | \"*0101*\"".clone_into(&mut roster.people[0].name);
    let text = Text::new("10 000,00 × 3 % = 300,00; 300,00 × 50 % = 150,00 (за 2026-10)", "10,000.00 × 3% = 300.00");
    let examples = Examples::from([("missing_counterparty".to_owned(), Example { real: true, text })]);
    let of = |version: &PolicyVersion, examples| {
        let input = input(version, &roster, examples);
        (regulation::build(&input), annex::build(&input))
    };
    let (first, _) = of(&plain.versions[0], &examples);
    let (second, annex) = of(&all.versions[0], &Examples::new());
    vec![("regulation", first), ("everything", second), ("annex", annex)]
}

/// Words and numbers of a text, counted: formats part lines differently.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        *counted.entry(word.to_owned()).or_default() += 1;
    }
    counted
}

/// Text of a page or of an XML part: no tags, entities read.
fn bare(markup: &str) -> String {
    let mut text = String::new();
    let mut rest = markup;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').expect("a closed tag");
        // Inside a paragraph of a text document words may be cut into runs.
        if !tag.starts_with("w:r") && !tag.starts_with("/w:r") && !tag.starts_with("w:t") && !tag.starts_with("/w:t") {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    for (entity, sign) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")]
    {
        text = text.replace(entity, sign);
    }
    text
}

#[test]
fn the_page_is_read_as_people_read_it() {
    for (name, document) in documents() {
        for lang in [Lang::Ru, Lang::En] {
            let text = markdown(&document, lang).replace('\u{a0}', " ");
            insta::assert_snapshot!(format!("{name}_{}", lang.code()), text);
        }
    }
}

#[test]
fn page_and_text_document_carry_the_words_of_the_markdown() {
    for (name, document) in documents() {
        for lang in [Lang::Ru, Lang::En] {
            let expected = words(&markdown(&document, lang).replace("---", " "));
            let page = html(&document, lang);
            let body = page.split_once("<body>").expect("a body").1;
            assert_eq!(words(&bare(body)), expected, "{name} html {}", lang.code());
            assert!(!page.contains("<script") && !page.contains("http"), "nothing is loaded or run");
            assert!(page.contains("Орлов &lt;b&gt;Илья&lt;/b&gt;"));
            let bytes = docx(&document, lang).expect("a document");
            assert_eq!(words(&bare(&part(&bytes, "word/document.xml"))), expected, "{name} docx {}", lang.code());
            assert_eq!(docx(&document, lang).expect("a document"), bytes, "the same document is the same file");
        }
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("UTF-8");
    text.split_once("<w:body>").map(|(_, body)| body.to_owned()).expect("a body")
}

/// LibreOffice with its text processor, where it is installed.
fn office() -> Option<&'static str> {
    let runs = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success());
    let writer = ["/usr/lib/libreoffice/program/libswlo.so", "/usr/lib64/libreoffice/program/libswlo.so"];
    let program = ["soffice", "libreoffice"].into_iter().find(runs)?;
    writer.iter().any(|part| std::path::Path::new(part).exists()).then_some(program)
}

#[test]
#[expect(clippy::print_stderr, reason = "says why the test did nothing")]
fn libreoffice_reads_the_same_words() {
    let Some(program) = office() else {
        eprintln!("skipped: no LibreOffice with its text processor");
        return;
    };
    let dir = tempfile::tempdir().expect("a folder");
    for (name, document) in documents() {
        for lang in [Lang::Ru, Lang::En] {
            let stem = format!("{name}-{}", lang.code());
            fs::write(dir.path().join(format!("{stem}.docx")), docx(&document, lang).expect("bytes")).expect("a file");
            let done = Command::new(program)
                .arg(format!("-env:UserInstallation=file://{}/profile", dir.path().display()))
                .args(["--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir"])
                .arg(dir.path())
                .arg(dir.path().join(format!("{stem}.docx")))
                .output()
                .expect("soffice runs");
            let text = fs::read_to_string(dir.path().join(format!("{stem}.txt")))
                .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&done.stderr)));
            assert_eq!(words(&text), words(&markdown(&document, lang).replace("---", " ")), "{stem}");
        }
    }
}
