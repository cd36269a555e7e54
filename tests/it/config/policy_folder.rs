//! The regulation as a folder of versions: the same as one file, mistakes of all files at once.

use std::fs;

use sverka::{
    config::{load_policy, problem::ConfigErrors},
    domain::text::Lang,
};

use super::{Folder, day};

/// The sample regulation moved into a folder, and another version beside it.
fn versions() -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("policy")).expect("a folder");
    let text = fs::read_to_string(folder.path().join("policy.toml")).expect("the sample");
    fs::remove_file(folder.path().join("policy.toml")).expect("moved");
    let newer = text.replace("id = \"2026-1\"", "id = \"2027-1\"").replace("= 2026-01-01", "= 2027-01-01");
    assert_ne!(newer, text);
    folder.put("policy/2027-1.toml", newer).put("policy/2026-1.toml", text);
    folder.put("policy/.2027-1.toml", "not a version").put("policy/notes.txt", "черновик");
    folder
}

const ENV: [(&str, &str); 1] = [("SVERKA__FILES__POLICY", "policy")];

fn refused(folder: &Folder) -> ConfigErrors {
    folder.load_env(&ENV).expect_err("broken")
}

#[test]
fn a_folder_reads_as_the_file_that_holds_all_its_versions() {
    let folder = versions();
    let config = folder.load_env(&ENV).expect("sound");
    let ids: Vec<&str> = config.policy.versions.iter().map(|version| version.id.as_str()).collect();
    assert_eq!(ids, ["2026-1", "2027-1"]);
    let one = fs::read_to_string(folder.path().join("policy/2026-1.toml")).expect("a version");
    let two = fs::read_to_string(folder.path().join("policy/2027-1.toml")).expect("a version");
    folder.put("policy.toml", format!("{one}\n{two}"));
    assert_eq!(folder.load().expect("sound").policy, config.policy);
    let draft = load_policy(&folder.path().join("policy"), &config, day("2026-11-20")).expect("sound");
    assert_eq!(draft, config.policy);

    // Whatever changes in any of the files is another regulation to the evidence of a run.
    let before = config.hashes.policy;
    folder.add("policy/2027-1.toml", "# слово");
    assert_ne!(folder.load_env(&ENV).expect("sound").hashes.policy, before);
}

#[test]
fn mistakes_of_all_files_are_told_at_once_with_their_places() {
    let folder = versions();
    folder.change("policy/2026-1.toml", "to = \"70 %\"", "to = \"71 %\"");
    folder.change("policy/2027-1.toml", "grace_working_days", "grace_working_day");
    folder.put("policy/2028-1.toml", "[[version]\n");
    let told = refused(&folder).render(Lang::En);
    for part in [
        "policy/2026-1.toml:",
        "bands overlap: 70 % to 71 %",
        "policy/2027-1.toml:",
        "grace_working_days",
        "policy/2028-1.toml:1",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn one_version_in_two_files_and_a_folder_without_any_are_refused() {
    let folder = versions();
    let copy = fs::read_to_string(folder.path().join("policy/2026-1.toml")).expect("a version");
    folder.put("policy/copy.toml", copy);
    let told = refused(&folder).render(Lang::Ru);
    assert!(told.contains("copy.toml:") && told.contains("редакция «2026-1» уже есть"), "{told}");
    assert!(told.contains("с этой даты уже действует редакция «2026-1»"), "{told}");

    let folder = versions();
    folder.put("policy/empty.toml", "");
    let told = refused(&folder).render(Lang::Ru);
    assert!(told.contains("empty.toml") && told.contains("добавьте раздел [[version]]"), "{told}");

    let folder = versions();
    for name in ["2026-1.toml", "2027-1.toml"] {
        fs::remove_file(folder.path().join("policy").join(name)).expect("removed");
    }
    let told = refused(&folder).render(Lang::Ru);
    assert!(told.contains("в папке положения нет ни одного файла .toml"), "{told}");
}
