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
        org::Resolved,
        period::Period,
        rule_facts::{Plan, RuleFacts},
        sale::Sale,
        verdict::{Decision, DecisionKind},
    },
    ingest::{
        ParseRequest, Parsed, Want,
        crm::table::CrmTableSettings,
        interpret, read,
        rule_rows::{PlanRow, RuleRows},
    },
    pipeline::compute::compute,
};

use super::{
    answer::Line,
    further::{Further, History, rows},
};
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
    further: Further,
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
        let further = Further::load(folder);
        Self { folder: folder.to_owned(), config, runs: runs.collect(), decided, further }
    }

    /// Lives through all runs; every amount that is wanted, shown or posted.
    pub(super) fn live(&self) -> Vec<Line> {
        let (mut book, mut lines) = (Book::default(), Vec::new());
        let mut known: BTreeMap<CrmId, KnownRecord> = BTreeMap::new();
        let mut closing: BTreeMap<Period, (DateTime<Utc>, Vec<CrmRecord>)> = BTreeMap::new();
        let mut history = History::default();
        let mut snapshots: Vec<DateTime<Utc>> = Vec::new();
        for (number, run) in self.runs.iter().enumerate() {
            let records = self.crm(number);
            enter(&mut known, &records, run.crm, &snapshots);
            snapshots.push(run.crm);
            history.show(run.crm, &records);
            if let Some(period) = run.closes {
                closing.insert(period, (run.at, records.clone()));
            }
            let facts = self.facts(number, &known, &closing, &history, records.len());
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
        closing: &BTreeMap<Period, (DateTime<Utc>, Vec<CrmRecord>)>,
        history: &History,
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
        let rule_facts = RuleFacts {
            closes: closing.iter().map(|(period, (at, _))| (*period, *at)).collect(),
            sales_since: sales.iter().map(|sale| sale.date).min(),
            card_history: history.versions.clone(),
            snapshots_at: BTreeMap::from([("crm".to_owned(), history.taken.clone())]),
            ..self.rule_facts(number, run.at)
        };
        Facts {
            sales,
            parties,
            party_of,
            records: known.values().cloned().collect(),
            closing_records: closing.iter().map(|(period, (_, records))| (*period, records.clone())).collect(),
            snapshots: vec![snapshot],
            accounting_as_of: Some(run.at),
            decisions,
            waivers: vec![],
            acknowledgements: self.further.signed(number),
            rule_facts,
            roster: self.config.roster.clone(),
            calendar: self.config.calendar.clone(),
            policy: self.config.policy.clone(),
            tz: self.config.company.tz,
            base_currency: self.config.company.currency.clone(),
        }
    }

    fn rule_facts(&self, number: usize, at: DateTime<Utc>) -> RuleFacts {
        let read = |name: &str, want| self.parse(&format!("{name}-{number}.csv"), want).rule_rows;
        let Some(RuleRows::Plans(plans)) = read("plans", Want::Plans) else { panic!("plans") };
        let Some(RuleRows::Calls(mut calls)) = read("calls", Want::Calls) else { panic!("calls") };
        calls.sort_by(|a, b| (&a.linked_id, &a.employee).cmp(&(&b.linked_id, &b.employee)));
        let who = |row: &PlanRow| match self.config.roster.resolve(&row.employee, row.period.last_day()) {
            Resolved::One(person) => person.id.clone(),
            other => panic!("{}: {other:?}", row.employee),
        };
        let plan = |row: PlanRow| Plan {
            employee: who(&row),
            period: row.period,
            amount: row.amount,
            file_hash: String::new(),
            source: row.place,
        };
        let tz = self.config.company.tz;
        RuleFacts {
            plans: plans.into_iter().map(plan).collect(),
            call_days: calls.iter().map(|leg| leg.started_at.with_timezone(&tz).date_naive()).collect(),
            calls,
            deal_decisions: self.further.words(number, |run| self.runs[run].at.min(at)),
            votes: self.further.votes(number),
            ..RuleFacts::default()
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
            tz: Some(self.config.company.tz),
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
        let read = |name: &str| self.parse(&format!("{name}-{number}.csv"), Want::Crm).crm.expect("records").records;
        let mut records = read("crm");
        // A table without a row is refused as one that may have been cut.
        let notes = fs::read_to_string(self.folder.join(format!("notes-{number}.csv"))).expect("a file");
        if notes.lines().count() > 1 {
            records.extend(read("notes"));
        }
        records
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
