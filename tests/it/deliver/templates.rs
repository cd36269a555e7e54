//! Every template renders, strictly, in both languages; a broken one is found before it is needed.

use sverka::deliver::templates;

#[test]
fn every_template_renders_with_every_sample() {
    match templates::check() {
        Ok(done) => assert_eq!(done, 2 * 2 * templates::MAILS.len() * 3),
        Err(faults) => panic!("{faults:#?}"),
    }
}

#[test]
fn a_misspelt_variable_is_an_error_and_never_an_empty_place() {
    for (name, _) in
        templates::SOURCES.iter().filter(|(name, _)| name.ends_with("body.html") && name.starts_with("ru/"))
    {
        let broken: Vec<(&'static str, &'static str)> = templates::SOURCES
            .iter()
            .map(|(n, source)| {
                if n == name {
                    let source = source.replacen("{% block why %}", "{% block why %}{{ r.recieved_amount|money }}", 1);
                    (*n, &*Box::leak(source.into_boxed_str()))
                } else {
                    (*n, *source)
                }
            })
            .collect();
        let faults = templates::check_sources(&broken).expect_err(name);
        assert!(faults.iter().any(|f| f.to_string().contains(name)), "{name}: {faults:?}");
        assert!(!faults.iter().any(|f| f.to_string().contains("Ромашка")), "a fault must not show data: {faults:?}");
    }
}

#[test]
fn every_kind_has_every_part_in_both_languages() {
    for kind in templates::MAILS {
        for lang in ["ru", "en"] {
            for part in ["subject.txt", "body.txt", "body.html"] {
                let name = format!("{lang}/{}/{part}", kind.code());
                assert!(templates::SOURCES.iter().any(|(n, _)| *n == name), "{name}");
            }
        }
    }
}
