//! A made-up company through the program's own readers and rules, all but the child process and the database: tables are
//! read, counterparties found, matched, judged, and the differences posted. Deliberately absent: any amount of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use sverka::{
    config::{self, Config},
    domain::{
        crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
        facts::{Facts, SnapshotInfo},
        finding::Finding,
        ledger::{EntryKey, EntryKind},
        normalise,
        period::Period,
        rule_facts::RuleFacts,
        sale::Sale,
        verdict::{Decision, DecisionKind},
    },
    ingest::{ParseRequest, Parsed, Want, crm::table::CrmTableSettings, interpret, read},
    pipeline::compute::compute,
};

use super::answer::Line;
use crate::laws::Book;

/// One run as `runs.csv` says it.
struct Run {
    at: DateTime<Utc>,
    crm: DateTime<Utc>,
    closes: Option<Period>,
}

pub(super) struct Company {
    folder: PathBuf,
    config: Config,
    runs: Vec<Run>,
    /// Run, ИНН, kind, card.
    decided: Vec<[String; 4]>,
}

impl Company {
    pub(super) fn load(folder: &Path) -> Self {
        let today = "2026-03-10".parse().expect("a day");
        let config = config::load_with(&folder.join("sverka.toml"), std::iter::empty(), today)
            .unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let runs = rows(&folder.join("runs.csv")).into_iter().map(|[at, crm, closes]| Run {
            at: at.parse().expect("an instant"),
            crm: crm.parse().expect("an instant"),
            closes: closes.parse().ok(),
        });
        let decided = rows(&folder.join("decisions.csv"));
        Self { folder: folder.to_owned(), config, runs: runs.collect(), decided }
    }

    /// Lives through all runs; every amount that is wanted, shown or posted.
    pub(super) fn live(&self) -> Vec<Line> {
        let (mut book, mut lines) = (Book::default(), Vec::new());
        let mut known: BTreeMap<CrmId, KnownRecord> = BTreeMap::new();
        let mut closing: BTreeMap<Period, Vec<CrmRecord>> = BTreeMap::new();
        let mut snapshots: Vec<DateTime<Utc>> = Vec::new();
        for (number, run) in self.runs.iter().enumerate() {
            let records = self.crm(number);
            enter(&mut known, &records, run.crm, &snapshots);
            snapshots.push(run.crm);
            if let Some(period) = run.closes {
                closing.insert(period, records.clone());
            }
            let facts = self.facts(number, &known, &closing, records.len());
            let outcome = compute(&facts, &self.config.matching.into(), run.at);
            for wanted in outcome.wanted.iter().filter(|w| !w.amount.is_zero()) {
                // What a limit would do to what is only shown is the program's own courtesy.
                if !wanted.shadow || wanted.kind != EntryKind::CapRelief {
                    let what = if wanted.shadow { "shown" } else { "wanted" };
                    lines.push(line(number, what, &wanted.key, wanted.amount.kopecks()));
                }
            }
            for entry in book.post(&outcome.wanted) {
                lines.push(Line {
                    paid: entry.pay_period.to_string(),
                    correction: entry.kind == EntryKind::Correction,
                    ..line(number, "entry", &entry.key, entry.amount.kopecks())
                });
            }
            book.closed.extend(run.closes);
        }
        lines.sort();
        lines
    }

    fn facts(
        &self,
        number: usize,
        known: &BTreeMap<CrmId, KnownRecord>,
        closing: &BTreeMap<Period, Vec<CrmRecord>>,
        records: usize,
    ) -> Facts {
        let run = &self.runs[number];
        let sales = self.sales(number);
        let (parties, party_of, findings) = normalise::parties(&sales, &[]);
        self.settled(&findings);
        let snapshot = SnapshotInfo {
            source: "crm".into(),
            as_of: run.crm,
            hash: "c".repeat(64),
            records: i64::try_from(records).expect("few"),
            previous_records: None,
        };
        let decided = self.decided.iter().filter(|[from, ..]| from.parse::<usize>().expect("a run") <= number);
        let decisions = decided
            .filter_map(|[run, inn, kind, card]| {
                let party = parties.iter().find(|p| p.inns.iter().any(|i| i.0.as_str() == inn))?.key.clone();
                let card = CrmId { source: "crm".into(), kind: CrmKind::Company, id: card.clone() };
                let kind = match kind.as_str() {
                    "confirm" => DecisionKind::Confirm(card),
                    "reject" => DecisionKind::Reject(card),
                    _ => DecisionKind::Exempt,
                };
                let at = self.runs[run.parse::<usize>().expect("a run")].at;
                Some(Decision {
                    id: format!("{run}-{inn}"),
                    at,
                    author: "Громова".into(),
                    party,
                    kind,
                    note: String::new(),
                })
            })
            .collect();
        Facts {
            sales,
            parties,
            party_of,
            records: known.values().cloned().collect(),
            closing_records: closing.clone(),
            snapshots: vec![snapshot],
            accounting_as_of: Some(run.at),
            decisions,
            waivers: vec![],
            acknowledgements: vec![],
            rule_facts: RuleFacts::default(),
            roster: self.config.roster.clone(),
            calendar: self.config.calendar.clone(),
            policy: self.config.policy.clone(),
            tz: self.config.company.tz,
            base_currency: self.config.company.currency.clone(),
        }
    }

    fn parse(&self, name: &str, want: Want) -> Parsed {
        let bytes = fs::read(self.folder.join(name)).expect("a file");
        let book = read::read_bytes(name, &bytes, &read::ReadLimits::default()).expect("a table");
        let crm =
            CrmTableSettings { source: "crm".into(), preset: "auto".into(), tz: self.config.company.tz, bare: false };
        let request = ParseRequest {
            file_name: name.to_owned(),
            want,
            base_currency: "RUB".into(),
            crm: (want == Want::Crm).then_some(crm),
            ..ParseRequest::default()
        };
        let parsed = interpret(&book, &request);
        self.settled(&parsed.findings);
        parsed
    }

    fn settled(&self, findings: &[Finding]) {
        let held: Vec<&Finding> = findings.iter().filter(|f| f.holds()).collect();
        assert!(held.is_empty(), "{}: {held:#?}", self.folder.display());
    }

    fn sales(&self, number: usize) -> Vec<Sale> {
        let mut sales = self.parse(&format!("sales-{number}.csv"), Want::Accounting).accounting.expect("sales").sales;
        sales.sort_by(|a, b| a.key.cmp(&b.key));
        sales
    }

    fn crm(&self, number: usize) -> Vec<CrmRecord> {
        self.parse(&format!("crm-{number}.csv"), Want::Crm).crm.expect("records").records
    }
}

/// What the store keeps of snapshots: the entry time is set once, by the CRM's own time unless an earlier snapshot later
/// than that did not have the record.
fn enter(
    known: &mut BTreeMap<CrmId, KnownRecord>,
    records: &[CrmRecord],
    taken: DateTime<Utc>,
    earlier: &[DateTime<Utc>],
) {
    let here: BTreeSet<&CrmId> = records.iter().map(|r| &r.id).collect();
    for record in known.values_mut() {
        record.gone = !here.contains(&record.record.id);
    }
    for record in records {
        let created = record.created_at.expect("a creation time");
        let entered_at = if earlier.iter().any(|at| *at > created) { taken } else { created };
        let new = || KnownRecord { record: record.clone(), entered_at, gone: false };
        known.entry(record.id.clone()).or_insert_with(new).record = record.clone();
    }
}

fn line(run: usize, what: &str, key: &EntryKey, kopecks: i64) -> Line {
    Line {
        run,
        what: what.to_owned(),
        belongs_to: key.belongs_to.to_string(),
        employee: key.employee.0.clone(),
        subject: key.subject.clone(),
        rule: key.rule.clone(),
        kopecks,
        paid: String::new(),
        correction: false,
    }
}

/// Rows of a table without its header.
fn rows<const N: usize>(path: &Path) -> Vec<[String; N]> {
    let text = fs::read_to_string(path).expect("a file");
    let cells = |row: &str| row.split(';').map(str::to_owned).collect::<Vec<_>>().try_into().expect("cells");
    text.lines().skip(1).map(cells).collect()
}
