//! A command line that cannot be understood: the reader's language, exit code 1, never clap's 2.

use super::sverka;

#[test]
fn wrong_arguments_end_with_1_and_say_what_to_write_in_both_languages() {
    let dir = tempfile::tempdir().expect("a folder");
    let said = |arguments: &[&str]| {
        let ran = sverka(dir.path(), arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{arguments:?}: {}", ran.stderr);
        ran.stderr
    };
    let all = [
        said(&["xyzzy"]),
        said(&["once", "audit", "--as-of", "13.11.2026"]),
        said(&["--lang", "en", "ledger", "export", "--period", "2026-13"]),
        said(&["once", "frob"]),
        said(&["--lang=en", "release", "abc"]),
        said(&["match", "confirm", "a", "b", "--exempt"]),
        said(&["--jsn", "holds"]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    ошибка: нет такой команды: «xyzzy»
      подсказка: все команды и ключи: sverka --help

    ошибка: неверное значение «13.11.2026» у --as-of <DATE>
      подсказка: дата пишется так: 2026-11-13
      подсказка: все команды и ключи: sverka --help

    error: “2026-13” is not a value of --period <PERIOD>
      hint: a period looks like 2026-11
      hint: all commands and options: sverka --help

    ошибка: неверное значение «frob» у <JOB>
      подсказка: годится: ingest, alerts, monthly, audit, close
      подсказка: все команды и ключи: sverka --help

    error: not given: --reason <REASON>
      hint: all commands and options: sverka --help

    ошибка: [CRM_ID] нельзя указать вместе с --exempt
      подсказка: все команды и ключи: sverka --help

    ошибка: лишнее в команде: «--jsn»
      подсказка: возможно, --json
      подсказка: все команды и ключи: sverka --help
    ");
}

#[test]
fn help_and_version_are_no_errors_and_a_bare_command_is() {
    let dir = tempfile::tempdir().expect("a folder");
    for arguments in [&["--help"][..], &["--version"], &["ledger", "--help"]] {
        let ran = sverka(dir.path(), arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments:?}");
    }
    let ran = sverka(dir.path(), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("compare"), "{}", ran.stderr);
}
