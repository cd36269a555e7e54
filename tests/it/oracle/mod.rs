//! An independent recomputation in another language, written from the description of the rules: made-up companies as
//! files, read by both, must come to the same kopecks. Deliberately absent: likeness of names (`matching` has its own
//! measure), gate, mails.

mod answer;
mod company;
mod further;

use std::{path::Path, process::Command};

use answer::{Answer, Line};
use company::Company;

/// Companies of every run; `SVERKA_ORACLE_COMPANIES` for more, `SVERKA_ORACLE_SEED` for others.
const COMPANIES: &str = "1000";
const SEED: &str = "2026";

/// Writes the companies and lets the oracle answer.
fn ask(folder: &Path, seed: &str, count: &str) -> Answer {
    let python = std::env::var("SVERKA_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/main.py");
    // `-B`: nothing is written beside the sources.
    let done = Command::new(python).arg("-B").arg(script).arg(folder).args([seed, count]).output().expect("a Python");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Answer::read(&folder.join("oracle.csv"))
}

#[test]
fn an_independent_oracle_comes_to_the_same_kopecks() {
    let or = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let (seed, count) = (or("SVERKA_ORACLE_SEED", SEED), or("SVERKA_ORACLE_COMPANIES", COMPANIES));
    let folder = tempfile::tempdir().expect("a folder");
    let answer = ask(folder.path(), &seed, &count);
    // A company without a kopeck has no line in the answer, and must have none in the program.
    let names: Vec<String> = (0..count.parse::<usize>().expect("a count")).map(|n| format!("{n:04}")).collect();
    let none = Vec::new();
    let all: Vec<(&String, &Vec<Line>)> =
        names.iter().map(|name| (name, answer.companies.get(name).unwrap_or(&none))).collect();
    let compare = |part: &[(&String, &Vec<Line>)]| {
        let (mut differ, mut lines) = (Vec::new(), 0);
        for (name, theirs) in part {
            let ours = Company::load(&folder.path().join(name)).live();
            lines += ours.len();
            if ours != **theirs {
                differ.push(difference(name, &ours, theirs));
            }
        }
        (differ, lines)
    };
    let compare = &compare;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let (mut differ, mut lines) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(threads).max(1));
        let running: Vec<_> = parts.map(|part| scope.spawn(move || compare(part))).collect();
        for one in running {
            let (more, count) = one.join().expect("a comparison");
            differ.extend(more);
            lines += count;
        }
    });
    let kept = differ.len();
    if kept > 0 && std::env::var_os("SVERKA_ORACLE_KEEP").is_some() {
        std::mem::forget(folder);
    }
    assert!(kept == 0, "{kept} companies differ (seed {seed}):\n{}", differ[..kept.min(8)].join("\n"));
    assert!(answer.companies.len() * 10 > names.len() * 8, "{} companies with money", answer.companies.len());
    assert!(lines > 10 * names.len(), "companies without money prove nothing: {lines} lines");
    // Each of these must be among the answers, or the companies do not show what they are for.
    for kind in [
        "reduction",
        "cap",
        "completeness",
        "shown",
        "correction",
        "reversal",
        "deal_approval",
        "freshness",
        "call_recording",
        "by_votes",
        "by_streak",
        "by_card_score",
        "missing_segment",
    ] {
        assert!(answer.count(kind) > 100 || count != COMPANIES, "{kind}: {}", answer.count(kind));
    }
}

/// What only one side says, in the words of the files.
fn difference(name: &str, ours: &[Line], theirs: &[Line]) -> String {
    let only = |who: &str, one: &[Line], other: &[Line]| -> String {
        let lines = one.iter().filter(|line| !other.contains(line)).take(6);
        lines.map(|line| format!("  {who:<8}{line}\n")).collect()
    };
    format!("company {name}\n{}{}", only("program", ours, theirs), only("oracle", theirs, ours))
}
