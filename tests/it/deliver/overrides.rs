//! The company's own templates: used by name, named with file and line when they are wrong, and never in the way of a mail.

use std::{fs, path::Path};

use sverka::{
    deliver::{Sender, audit_mail, overrides::Templates},
    domain::{mail::FrozenMail, report::AuditReport, text::Lang},
};

use super::{
    fixture::{case, context, entries, friday, mixed_week, sender, speaking},
    readable::read,
};

fn put(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(file, text).expect("a template");
}

fn built_in(name: &str) -> &'static str {
    sverka::deliver::templates::SOURCES.iter().find(|(n, _)| *n == name).expect(name).1
}

fn audit_by(templates: &Templates) -> FrozenMail {
    let (facts, outcome) = case(&mixed_week());
    let head = speaking(&facts.roster, "101", Lang::Ru);
    let report = AuditReport::build(&facts, &outcome, &entries(&outcome), &[], &head, &context());
    let sender = Sender { templates: templates.clone(), ..sender() };
    audit_mail(&report, &head, &sender, friday()).expect("a mail")
}

/// `(file below the folder, line, words)` of every fault.
fn faults(templates: &Templates, folder: &Path) -> Vec<(String, Option<usize>, String)> {
    let below = |file: &Path| file.strip_prefix(folder).unwrap_or(file).display().to_string();
    templates.faults().into_iter().map(|f| (below(&f.file), f.line, f.message.ru)).collect()
}

#[test]
fn a_template_of_the_folder_stands_in_for_the_built_in_one_of_its_name() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "ru/audit/subject.txt", "Неделя {{ r.week.number }} у нас");
    put(dir.path(), "README.md", "not a template");
    let templates = Templates::of_folder(dir.path());
    assert_eq!(faults(&templates, dir.path()), []);
    let own = audit_by(&templates);
    assert_eq!(own.subject, "Неделя 47 у нас");
    let plain = audit_by(&Templates::default());
    assert_eq!(read(&own.bytes).text, read(&plain.bytes).text, "the other parts are the built-in ones");
}

#[test]
fn each_mistake_is_named_with_file_and_line_and_the_built_in_template_is_used() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "ru/audit/subject.txt", "Свой {{ r.week.number }}");
    let body = built_in("ru/audit/body.txt").replacen("{{ asof|trim }}", "{{ asof|trim }}\n{{ r.wek.number }}", 1);
    let line = body.lines().position(|l| l.contains("r.wek")).expect("the line") + 1;
    put(dir.path(), "ru/audit/body.txt", &body);
    put(dir.path(), "ru/alert/body.txt", "{% extends \"_layout.txt\" %}\n{% block content %}\n{% if %}\n");
    put(dir.path(), "ru/audit/bodi.html", "x");
    let word = ["шт", "раф"].concat();
    put(dir.path(), "ru/held/body.txt", &format!("Итог\n{word}: 5"));
    fs::write(dir.path().join("en"), "not a folder").expect("a file");
    put(dir.path(), "ru/statement/subject.txt", "");
    fs::write(dir.path().join("ru/statement/subject.txt"), [0xff, 0xfe, 0x00]).expect("a file");

    let templates = Templates::of_folder(dir.path());
    let found = faults(&templates, dir.path());
    let about = |file: &str| found.iter().find(|f| f.0 == file).unwrap_or_else(|| panic!("{file}: {found:?}"));
    assert_eq!(about("ru/audit/body.txt").1, Some(line), "{found:?}");
    assert!(about("ru/audit/body.txt").2.contains("undefined"), "{found:?}");
    assert_eq!(about("ru/alert/body.txt").1, Some(3), "{found:?}");
    assert_eq!(about("ru/held/body.txt").1, Some(2), "{found:?}");
    assert!(about("ru/audit/bodi.html").2.contains("может быть, ru/audit/body.html?"), "{found:?}");
    assert!(about("ru/statement/subject.txt").2.contains("не читается"), "{found:?}");
    assert!(about("en").2.contains("такого шаблона нет"), "{found:?}");
    assert_eq!(found.len(), 6, "{found:?}");

    // What is sound of the folder is used; for the rest the built-in ones stand in.
    let mail = audit_by(&templates);
    assert_eq!(mail.subject, "Свой 47");
    assert_eq!(read(&mail.bytes).text, read(&audit_by(&Templates::default()).bytes).text);
}

#[test]
fn a_template_that_fails_over_real_data_is_left_aside_for_that_mail_and_remembered() {
    let dir = tempfile::tempdir().expect("a folder");
    put(
        dir.path(),
        "ru/audit/subject.txt",
        "Свой\n{% if key != \"sample.full\" and key != \"sample.bare\" %}{{ r.nothing.of }}{% endif %}",
    );
    let templates = Templates::of_folder(dir.path());
    assert_eq!(faults(&templates, dir.path()), [], "the samples cannot show it");
    let mail = audit_by(&templates);
    assert_eq!(mail, audit_by(&Templates::default()), "the mail leaves as if the template were not there");
    let found = faults(&templates, dir.path());
    assert_eq!((found.len(), found[0].0.as_str(), found[0].1), (1, "ru/audit/subject.txt", Some(2)), "{found:?}");
}

#[test]
fn a_macro_that_breaks_the_built_in_templates_is_not_used() {
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "_macros.html", "{% macro p(kind=\"text\") %}{{ caller() }}{% endmacro %}");
    let templates = Templates::of_folder(dir.path());
    assert_eq!(faults(&templates, dir.path()).len(), 1);
    assert_eq!(audit_by(&templates), audit_by(&Templates::default()));
    // A folder that is not there is a fault and nothing else.
    let missing = Templates::of_folder(&dir.path().join("nowhere"));
    assert_eq!(missing.faults().len(), 1);
    assert_eq!(audit_by(&missing), audit_by(&Templates::default()));
}
