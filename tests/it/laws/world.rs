//! Short ways to build facts by hand. Deliberately absent: randomness (`plan`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use sverka::domain::{
    adjust, assess,
    calendar::{Calendar, Year},
    crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
    dispute::DisputeTerms,
    facts::{CardScore, Facts, Outcome, SnapshotInfo},
    finding::SourceRef,
    money::{Money, Rate},
    org::{Employee, EmployeeId, Role, Roster},
    party::{Counterparty, PartyKey},
    policy::{BonusBase, BonusTerms, ExemptClass, Policy, PolicyVersion, Rule, RuleKind, Scope},
    sale::{PartyRef, Sale, SaleKey},
    text::{Lang, Text},
    verdict::{Candidate, PartyVerdict, Verdict, Work},
};

pub(super) const TZ: Tz = chrono_tz::Europe::Moscow;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// An instant of the business time zone: `2026-11-05 17:00:00`.
pub(super) fn at(text: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect("an instant");
    TZ.from_local_datetime(&local).single().expect("one instant").to_utc()
}

pub(super) fn rub(text: &str) -> Money {
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    let kopecks: i64 = format!("{whole}{part}").parse().expect("an amount");
    Money::from_kopecks(kopecks)
}

pub(super) fn person(id: &str, name: &str) -> Employee {
    Employee {
        id: EmployeeId(id.into()),
        name: name.into(),
        aliases: vec![],
        email: String::new(),
        department: String::new(),
        roles: BTreeSet::from([Role::Manager]),
        hired: None,
        left: None,
        groups: BTreeSet::new(),
        lang: Lang::Ru,
        deputy: None,
    }
}

pub(super) fn party(key: &str, name: &str) -> Counterparty {
    Counterparty {
        key: PartyKey(key.into()),
        name: name.into(),
        spellings: vec![PartyRef { code: key.into(), name: name.into(), ..PartyRef::default() }.into()],
        inns: vec![],
        kpps: vec![],
        card: None,
    }
}

pub(super) fn sale(number: &str, date: &str, party: &str, manager: &str, amount: &str) -> Sale {
    let date = day(date);
    Sale {
        key: SaleKey::new("Фирма", number, date),
        organisation: "Фирма".into(),
        number: number.into(),
        date,
        party: PartyRef { code: party.into(), name: party.into(), ..PartyRef::default() },
        manager: manager.into(),
        amount: rub(amount),
        net: None,
        margin: None,
        bonus: None,
        currency: "RUB".into(),
        returns: None,
        file_hash: "f".repeat(64),
        source: SourceRef { file: "Продажи.xlsx".into(), sheet: "TDSheet".into(), row: 7, column: "".into() },
    }
}

pub(super) fn record_id(id: &str) -> CrmId {
    CrmId { source: "crm".into(), kind: CrmKind::Company, id: id.into() }
}

pub(super) fn record(id: &str, title: &str) -> CrmRecord {
    CrmRecord::new(record_id(id), title)
}

pub(super) fn known(id: &str, title: &str, entered: DateTime<Utc>) -> KnownRecord {
    KnownRecord { record: record(id, title), entered_at: entered, gone: false }
}

pub(super) fn verdict(party: &str, verdict: Verdict, records: &[&str]) -> PartyVerdict {
    let candidates = records.iter().map(|id| Candidate {
        id: record_id(id),
        title: format!("Карточка {id}"),
        score_bp: 9_500,
        reason: Text::new("похожее имя", "similar name"),
    });
    PartyVerdict {
        party: PartyKey(party.into()),
        verdict,
        candidates: candidates.collect(),
        reason: Text::new("по имени", "by name"),
        decision: None,
        work: Work::default(),
    }
}

/// Plain Monday to Friday with 4 November off.
pub(super) fn calendar() -> Calendar {
    let mut calendar = Calendar::default();
    calendar.insert(2026, Year { days_off: [day("2026-11-04")].into(), working_weekends: BTreeSet::new() });
    calendar
}

pub(super) fn rule(kind: RuleKind) -> Rule {
    let scope = Scope::default();
    Rule { id: kind.code().into(), shadow: false, requires_acknowledgement: false, scope, kind }
}

pub(super) fn missing(missing: i32, late: i32) -> Rule {
    rule(RuleKind::MissingCounterparty {
        missing: Rate::from_bp(missing),
        late: Rate::from_bp(late),
        exclude_from_kpi: true,
    })
}

pub(super) fn cap(bp: i32) -> Rule {
    rule(RuleKind::Cap { cap: Rate::from_bp(bp) })
}

/// 1,25 % of the amount with VAT, three working days, retail exempt.
pub(super) fn version(id: &str, from: &str, rules: Vec<Rule>) -> PolicyVersion {
    PolicyVersion {
        id: id.into(),
        title: "Положение о премировании".into(),
        effective_from: day(from),
        grace_working_days: 3,
        bonus: BonusTerms::flat(BonusBase::WithVat, Rate::from_bp(125)),
        exempt: vec![ExemptClass {
            name: "Розница".into(),
            names: vec!["Розничный покупатель".into()],
            ..ExemptClass::default()
        }],
        segments: vec![],
        profiles: vec![],
        rules,
        disputes: DisputeTerms::default(),
    }
}

/// Facts with the CRM data of the instant; counterparties are taken by their key from `Sale::party.code`.
pub(super) fn facts(crm_as_of: &str, parties: Vec<Counterparty>, sales: Vec<Sale>, rules: Vec<Rule>) -> Facts {
    let as_of = at(crm_as_of);
    let mut facts = Facts {
        sales: vec![],
        parties,
        party_of: vec![],
        records: vec![],
        closing_records: BTreeMap::new(),
        snapshots: vec![SnapshotInfo {
            source: "crm".into(),
            as_of,
            hash: "c".repeat(64),
            records: 100,
            previous_records: Some(100),
        }],
        accounting_as_of: Some(as_of),
        decisions: vec![],
        waivers: vec![],
        roster: Roster { people: vec![person("0001", "Иванов И.И."), person("0002", "Петрова А.А.")] },
        calendar: calendar(),
        policy: Policy { versions: vec![version("2026-1", "2026-10-01", rules)] },
        acknowledgements: Vec::new(),
        rule_facts: sverka::domain::rule_facts::RuleFacts::default(),
        tz: TZ,
        base_currency: "RUB".into(),
    };
    set_sales(&mut facts, sales);
    facts
}

/// Replaces the sales, sorted by key as the contract of `Facts` says.
pub(super) fn set_sales(facts: &mut Facts, mut sales: Vec<Sale>) {
    sales.sort_by(|a, b| a.key.cmp(&b.key));
    let index = |sale: &Sale| facts.parties.iter().position(|p| p.key.0 == sale.party.code).expect("a counterparty");
    facts.party_of = sales.iter().map(index).collect();
    facts.sales = sales;
}

/// Everything a run concludes.
pub(super) fn conclude(facts: &Facts, verdicts: &[PartyVerdict], as_of: DateTime<Utc>) -> Outcome {
    let (sales, cards, mut findings) = assess::assess(facts, verdicts, as_of);
    let (wanted, more): (_, Vec<_>) = adjust::settle(facts, verdicts, &sales, &cards);
    findings.extend(more);
    Outcome { verdicts: verdicts.to_vec(), sales, cards: cards as Vec<CardScore>, wanted, findings }
}
