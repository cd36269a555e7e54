//! The environment outranks the files, and is checked like them.

use sverka::domain::text::Lang;

use super::Folder;

#[test]
fn a_variable_outranks_the_file_whatever_its_type() {
    let config = Folder::new()
        .load_env(&[
            ("SVERKA__COMPANY__NAME", "ООО «Юг»"),
            ("SVERKA__GATE__HOLD__CRM_AGE_HOURS", "48"),
            ("SVERKA__MATCHING__BRANCH_COUNTS", "false"),
            ("SVERKA__COMPANY__ORGANISATIONS", "ООО «Юг», ИП Юг"),
            ("SVERKA_CONFIG", "not ours: one underscore"),
            ("HOME", "/nowhere"),
        ])
        .expect("sound");
    assert_eq!(config.company.name, "ООО «Юг»");
    assert_eq!(config.gate.hold.crm_age_hours, 48);
    assert!(!config.matching.branch_counts);
    assert_eq!(config.company.organisations, ["ООО «Юг»", "ИП Юг"]);
}

#[test]
fn mistakes_in_variables_name_the_variable() {
    let folder = Folder::new();
    let errors = folder
        .load_env(&[("SVERKA__MAIL__PROT", "25"), ("SVERKA__MAIL__PORT", "many"), ("SVERKA__CRM__FOLDER", "x")])
        .expect_err("broken");
    let errors_only: Vec<String> = errors.problems.iter().filter(|p| !p.warning).map(|p| p.render(Lang::En)).collect();
    insta::assert_snapshot!(errors_only.join("\n"), @r"
    error: `crm` is written in the file as a list of tables: [[crm]]
      ┌─ environment variable SVERKA__CRM__FOLDER

    error: a whole number is needed here, this is text
      ┌─ environment variable SVERKA__MAIL__PORT

    error: unknown key `prot`
      ┌─ environment variable SVERKA__MAIL__PROT
      hint: did you mean `port`?
    ");
}

#[test]
fn paths_are_relative_to_the_folder_of_the_file() {
    let folder = Folder::new();
    let config = folder.load_env(&[("SVERKA__STORE__ARCHIVE", "./here/../archive")]).expect("sound");
    assert_eq!(config.store.archive, folder.path().join("archive"));
    assert_eq!(config.crm[0].folder, folder.path().join("inbox/crm"));
    assert_eq!(config.store.url.expose(), format!("sqlite:{}", folder.path().join("sverka.db").display()));
}

#[test]
fn the_language_is_known_even_when_nothing_else_can_be_read() {
    let folder = Folder::new();
    let language = |env: &[(&str, &str)]| {
        let env: Vec<_> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        sverka::config::language(&folder.main(), env.into_iter())
    };
    assert_eq!(language(&[]), Lang::Ru);
    assert_eq!(language(&[("SVERKA__COMPANY__LANGUAGE", "en")]), Lang::En);
    folder.put("sverka.toml", "[company]\nlanguage = \"en\"\ntimezone = \n[[[");
    assert_eq!(language(&[]), Lang::En);
    std::fs::remove_file(folder.main()).expect("removed");
    assert_eq!(language(&[]), Lang::Ru);
}
