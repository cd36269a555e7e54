//! The oracle's answer, line by line. Deliberately absent: how it was found (tests/oracle).

use std::{collections::BTreeMap, fmt, fs, path::Path};

/// One amount: wanted, only shown, or an entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) run: usize,
    /// `wanted`, `shown`, `entry`.
    pub(super) what: String,
    pub(super) belongs_to: String,
    pub(super) employee: String,
    pub(super) subject: String,
    pub(super) rule: String,
    pub(super) kopecks: i64,
    /// Entries: the pay period, and whether a closed period is corrected.
    pub(super) paid: String,
    pub(super) correction: bool,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, what, belongs_to, employee, subject, rule, kopecks, paid, correction } = self;
        write!(f, "run {run} {what} {belongs_to} {employee} {subject} {rule} {kopecks} {paid} {correction}")
    }
}

/// Lines by company.
pub(super) struct Answer {
    pub(super) companies: BTreeMap<String, Vec<Line>>,
}

impl Answer {
    pub(super) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("an answer");
        let mut companies: BTreeMap<String, Vec<Line>> = BTreeMap::new();
        for row in text.lines().skip(1) {
            let cells: Vec<&str> = row.split(';').collect();
            let [company, run, what, belongs_to, employee, subject, rule, kopecks, paid, correction] = cells[..] else {
                panic!("{row}")
            };
            companies.entry(company.to_owned()).or_default().push(Line {
                run: run.parse().expect("a run"),
                what: what.to_owned(),
                belongs_to: belongs_to.to_owned(),
                employee: employee.to_owned(),
                subject: subject.to_owned(),
                rule: rule.to_owned(),
                kopecks: kopecks.parse().expect("kopecks"),
                paid: paid.to_owned(),
                correction: correction == "1",
            });
        }
        for lines in companies.values_mut() {
            lines.sort();
        }
        Self { companies }
    }

    /// How many lines show a thing.
    pub(super) fn count(&self, kind: &str) -> usize {
        let shows = |line: &&Line| match kind {
            "reduction" => line.what == "entry" && line.kopecks < 0,
            "reversal" => line.what == "entry" && line.kopecks > 0 && line.rule.starts_with("missing"),
            "correction" => line.correction,
            "shown" => line.what == "shown",
            rule => line.rule.starts_with(rule),
        };
        self.companies.values().flatten().filter(shows).count()
    }
}
