//! What only some rules look at, as the made-up company's tables say it: signatures, words on deals, votes, and how its cards
//! changed from export to export. Deliberately absent: plans and calls (the program's own readers take them).

use std::{collections::BTreeMap, fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use sverka::domain::{
    acknowledgement::Acknowledgement,
    crm::{CrmId, CrmKind, CrmRecord},
    money::Money,
    org::EmployeeId,
    rule_facts::{CardVersion, DealDecision, Vote},
    sale::SaleKey,
};

/// Rows with the run that each comes in.
pub(super) struct Further {
    signed: Vec<[String; 4]>,
    deals: Vec<[String; 5]>,
    votes: Vec<[String; 5]>,
}

impl Further {
    pub(super) fn load(folder: &Path) -> Self {
        Self {
            signed: rows(&folder.join("acknowledgements.csv")),
            deals: rows(&folder.join("deals.csv")),
            votes: rows(&folder.join("votes.csv")),
        }
    }

    pub(super) fn signed(&self, number: usize) -> Vec<Acknowledgement> {
        let here = self.signed.iter().filter(|row| run_of(&row[0]) <= number);
        here.map(|[_, employee, version, on]| Acknowledgement {
            employee: EmployeeId(employee.clone()),
            version: version.clone(),
            on: on.parse().expect("a day"),
            content: String::new(),
        })
        .collect()
    }

    /// Words in the order of the table, each at its run and a second after the one before.
    pub(super) fn words(&self, number: usize, said: impl Fn(usize) -> DateTime<Utc>) -> Vec<DealDecision> {
        let here = self.deals.iter().enumerate().filter(|(_, row)| run_of(&row[0]) <= number);
        here.map(|(at, [run, author, sale, amount, answer])| DealDecision {
            id: format!("{at:04}"),
            at: said(run_of(run)) - TimeDelta::seconds(1000 - i64::try_from(at).expect("few")),
            author: EmployeeId(author.clone()),
            sale: SaleKey(sale.clone()),
            amount: Money::from_kopecks(amount.parse().expect("kopecks")),
            returned: (answer == "return").then(|| "нет договора".to_owned()),
        })
        .collect()
    }

    pub(super) fn votes(&self, number: usize) -> Vec<Vote> {
        let here = self.votes.iter().filter(|row| run_of(&row[0]) <= number);
        here.map(|[_, month, rule, juror, employee]| Vote {
            period: month.parse().expect("a month"),
            rule: rule.clone(),
            juror: EmployeeId(juror.clone()),
            employee: EmployeeId(employee.clone()),
        })
        .collect()
    }
}

/// What cards were from export to export.
#[derive(Default)]
pub(super) struct History {
    pub(super) taken: Vec<DateTime<Utc>>,
    pub(super) versions: Vec<CardVersion>,
    last: BTreeMap<CrmId, CrmRecord>,
}

impl History {
    /// Keeps what differs from the export before.
    pub(super) fn show(&mut self, taken: DateTime<Utc>, records: &[CrmRecord]) {
        let cards = records.iter().filter(|record| record.id.kind == CrmKind::Company);
        let now: BTreeMap<CrmId, CrmRecord> = cards.map(|record| (record.id.clone(), record.clone())).collect();
        let mut change = |id: &CrmId, record: Option<CrmRecord>| {
            self.versions.push(CardVersion { id: id.clone(), seen_at: taken, record });
        };
        for (id, record) in &now {
            if self.last.get(id) != Some(record) {
                change(id, Some(record.clone()));
            }
        }
        for id in self.last.keys().filter(|id| !now.contains_key(*id)) {
            change(id, None);
        }
        self.versions.sort_by(|a, b| (&a.id, a.seen_at).cmp(&(&b.id, b.seen_at)));
        self.taken.push(taken);
        self.last = now;
    }
}

fn run_of(cell: &str) -> usize {
    cell.parse().expect("a run")
}

/// Rows of a table without its header.
pub(super) fn rows<const N: usize>(path: &Path) -> Vec<[String; N]> {
    let text = fs::read_to_string(path).expect("a file");
    let cells = |row: &str| row.split(';').map(str::to_owned).collect::<Vec<_>>().try_into().expect("cells");
    text.lines().skip(1).map(cells).collect()
}
