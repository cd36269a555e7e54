//! A small made-up company with facts, an outcome and ledger entries for the reports.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::{Europe::Moscow, Tz};
use sverka::{
    deliver::Sender,
    domain::{
        calendar::Calendar,
        crm::{CrmId, CrmKind},
        dispute::DisputeTerms,
        facts::{CardScore, Facts, Outcome, SnapshotInfo},
        finding::{Finding, Severity, SourceRef},
        ledger::{EntryKey, EntryKind, Evidence, LedgerEntry, NewEntry, Wanted},
        money::{Money, Rate},
        org::{Employee, EmployeeId, Role, Roster},
        party::{Counterparty, PartyKey},
        period::Period,
        policy::{BonusBase, BonusTerms, Policy, PolicyVersion, Rule, RuleKind, Scope},
        report::{ImportFormat, ReportContext},
        sale::{PartyRef, Sale, SaleKey},
        text::{Lang, Text},
        verdict::{AssessedSale, Candidate, PartyVerdict, Status, Verdict, Work},
    },
};

/// One made-up sale.
#[derive(Clone)]
pub struct Spec {
    pub date: &'static str,
    pub who: &'static str,
    pub party: String,
    pub kopecks: i64,
    pub status: Status,
    pub currency: &'static str,
}

pub fn spec(date: &'static str, who: &'static str, party: &str, kopecks: i64, status: Status) -> Spec {
    Spec { date, who, party: party.to_owned(), kopecks, status, currency: "RUB" }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Friday of week 47, 17:00 in Moscow.
pub fn friday() -> DateTime<Utc> {
    "2026-11-20T14:00:00Z".parse().expect("an instant")
}

pub fn sender() -> Sender {
    Sender {
        address: "sverka@firma.example".to_owned(),
        name: "Сверка".to_owned(),
        reply_to: "buh@firma.example".to_owned(),
        templates: sverka::deliver::overrides::Templates::default(),
    }
}

pub fn person(id: &str, name: &str, department: &str, role: Role, lang: Lang) -> Employee {
    Employee {
        id: EmployeeId(id.to_owned()),
        name: name.to_owned(),
        aliases: Vec::new(),
        email: format!("p{id}@firma.example"),
        department: department.to_owned(),
        roles: [role].into(),
        hired: None,
        left: None,
        groups: BTreeSet::new(),
        lang,
        deputy: None,
    }
}

pub fn roster() -> Roster {
    Roster {
        people: vec![
            person("1", "Громова Ольга", "", Role::Head, Lang::Ru),
            person("101", "Ильин Олег", "Розница", Role::Head, Lang::Ru),
            person("3", "Дежурный Лев", "", Role::Operator, Lang::Ru),
            person("7", "Петров Пётр", "Розница", Role::Manager, Lang::Ru),
            person("8", "Сидорова Мария", "Розница", Role::Manager, Lang::Ru),
            person("9", "Орлов Глеб", "Опт", Role::Manager, Lang::Ru),
            person("12", "Счётова Инна", "", Role::Finance, Lang::Ru),
        ],
    }
}

/// The same person with another language.
pub fn speaking(roster: &Roster, id: &str, lang: Lang) -> Employee {
    Employee { lang, ..roster.get(&EmployeeId(id.to_owned())).expect("in the roster").clone() }
}

pub fn context() -> ReportContext {
    let tz: Tz = Moscow;
    ReportContext {
        company: "ООО «Образец»".to_owned(),
        as_of: friday(),
        now: friday(),
        late: None,
        by_hand: false,
        week_of: None,
        merged_dues: Vec::new(),
        next_at: Some(friday() + TimeDelta::days(7)),
        tz,
        crm_link: "https://firma.example/crm/{kind}/details/{id}/".to_owned(),
        import: ImportFormat::Plain,
        public_url: String::new(),
        ledger_head: "a1".repeat(32),
        input_hash: "b2".repeat(32),
        currency: "RUB".to_owned(),
        stale_after: TimeDelta::hours(36),
        closes: [(period(), "2026-12-06T07:00:00Z".parse().expect("an instant"))].into(),
    }
}

pub fn period() -> Period {
    Period::new(2026, 11).expect("a period")
}

fn verdict_of(status: Status) -> Verdict {
    match status {
        Status::OnTime | Status::Late => Verdict::InCrm,
        Status::Missing | Status::Pending => Verdict::NotInCrm,
        Status::Uncertain => Verdict::Uncertain,
        Status::NotJudgeable | Status::Exempt => Verdict::NotJudgeable,
    }
}

/// Facts and outcome of the sales. Every sale has its own buyer; a missing one wants 0,5 % off.
pub fn case(specs: &[Spec]) -> (Facts, Outcome) {
    let snapshot = SnapshotInfo {
        source: "bitrix".to_owned(),
        as_of: "2026-11-20T13:45:00Z".parse().expect("an instant"),
        hash: "c3".repeat(32),
        records: 300,
        previous_records: None,
    };
    let mut facts = Facts {
        sales: Vec::new(),
        parties: Vec::new(),
        party_of: Vec::new(),
        records: Vec::new(),
        closing_records: BTreeMap::new(),
        snapshots: vec![snapshot],
        accounting_as_of: Some("2026-11-20T13:20:00Z".parse().expect("an instant")),
        decisions: Vec::new(),
        waivers: Vec::new(),
        roster: roster(),
        calendar: Calendar::default(),
        policy: cited(),
        acknowledgements: Vec::new(),
        rule_facts: sverka::domain::rule_facts::RuleFacts::default(),
        tz: Moscow,
        base_currency: "RUB".to_owned(),
    };
    let mut outcome = Outcome::default();
    for (index, spec) in specs.iter().enumerate() {
        add(&mut facts, &mut outcome, index, spec);
    }
    (facts, outcome)
}

fn add(facts: &mut Facts, outcome: &mut Outcome, index: usize, spec: &Spec) {
    let date = day(spec.date);
    let number = format!("0000-{:06}", index + 1);
    let key = SaleKey::new("ООО Образец", &number, date);
    let party = PartyKey(format!("{:09}", index + 1));
    let row = u32::try_from(index).expect("small") + 10;
    let source = SourceRef { file: "Продажи.xlsx".into(), sheet: "TDSheet".into(), row, column: "".into() };
    let employee = (!spec.who.is_empty()).then(|| EmployeeId(spec.who.to_owned()));
    facts.sales.push(Sale {
        key: key.clone(),
        organisation: "ООО Образец".to_owned(),
        number: number.clone(),
        date,
        party: PartyRef { name: spec.party.clone(), inn: "7707083893".to_owned(), ..PartyRef::default() },
        manager: String::new(),
        amount: Money::from_kopecks(spec.kopecks),
        net: None,
        margin: None,
        bonus: None,
        currency: spec.currency.to_owned(),
        returns: None,
        file_hash: "d4".repeat(32),
        source: source.clone(),
    });
    facts.party_of.push(facts.parties.len());
    facts.parties.push(Counterparty {
        key: party.clone(),
        name: spec.party.clone(),
        spellings: Vec::new(),
        inns: Vec::new(),
        kpps: Vec::new(),
        card: None,
    });
    let candidate = Candidate {
        id: CrmId { source: "bitrix".to_owned(), kind: CrmKind::Company, id: "77".to_owned() },
        title: format!("{} (Москва)", spec.party),
        score_bp: 8_812,
        reason: Text::new("название похоже, ИНН не указан", "the name is alike, no tax number"),
    };
    let uncertain = spec.status == Status::Uncertain;
    outcome.verdicts.push(PartyVerdict {
        party: party.clone(),
        verdict: verdict_of(spec.status),
        candidates: if uncertain { vec![candidate] } else { Vec::new() },
        reason: match spec.status {
            Status::NotJudgeable => Text::new("в карточке 1С нет ИНН", "the 1C card has no tax number"),
            Status::Uncertain => Text::new("похожие карточки есть, уверенности нет", "similar cards, not certain"),
            _ => Text::new("похожих карточек нет", "no similar cards"),
        },
        decision: None,
        work: Work::default(),
    });
    let exempt = Text::new("Розничный покупатель", "Retail buyer");
    outcome.sales.push(AssessedSale {
        sale: key.clone(),
        employee: employee.clone(),
        party: party.clone(),
        segment: "all".to_owned(),
        status: spec.status,
        deadline: date + chrono::Days::new(5),
        entered_at: None,
        remark: (spec.status == Status::Exempt).then_some(exempt),
    });
    let Some(employee) = employee else { return };
    outcome.cards.push(CardScore {
        period: Period::of(date),
        employee: employee.clone(),
        party,
        segment: "all".to_owned(),
        record: None,
        others: Vec::new(),
        score: Rate::from_bp(if spec.status == Status::OnTime { 9_000 } else { 0 }),
        missing: Vec::new(),
    });
    if spec.status == Status::Missing {
        let amount = Money::from_kopecks(-(spec.kopecks / 200));
        outcome.wanted.push(Wanted {
            key: EntryKey {
                belongs_to: Period::of(date),
                employee,
                subject: key.0.clone(),
                rule: "missing_counterparty".to_owned(),
            },
            amount,
            kind: EntryKind::Reduction,
            policy_version: "2026-1".to_owned(),
            shadow: false,
            evidence: Evidence {
                document: Text::new(format!("№ {number}"), format!("No. {number}")),
                party: spec.party.clone(),
                source: source.describe(),
                file_hash: "d4".repeat(32),
                status: "missing".to_owned(),
                arithmetic: Text::new("1 % x 50 %", "1 % x 50 %"),
                ..Evidence::default()
            },
        });
    }
}

/// Everything wanted, as entries still to be posted.
pub fn entries(outcome: &Outcome) -> Vec<NewEntry> {
    outcome
        .wanted
        .iter()
        .map(|w| NewEntry {
            key: w.key.clone(),
            pay_period: w.key.belongs_to,
            kind: w.kind,
            amount: w.amount,
            policy_version: w.policy_version.clone(),
            corrects: Vec::new(),
            evidence: w.evidence.clone(),
        })
        .collect()
}

/// The entries as posted.
pub fn posted(entries: &[NewEntry]) -> Vec<LedgerEntry> {
    (1_i64..)
        .zip(entries)
        .map(|(seq, entry)| LedgerEntry {
            seq,
            id: format!("entry-{seq}"),
            posted_at: friday(),
            run: "run-1".to_owned(),
            entry: entry.clone(),
            prev_hash: "0".repeat(64),
            hash: format!("{seq:064x}"),
        })
        .collect()
}

/// A week with one of everything.
pub fn mixed_week() -> Vec<Spec> {
    let mut list = vec![
        spec("2026-11-16", "7", "АО «Василёк»", 45_000_000, Status::OnTime),
        spec("2026-11-17", "7", "ООО «Гвоздика»", 1_250_050, Status::Late),
        spec("2026-11-09", "7", "ООО «Ромашка»", 120_000_000, Status::Missing),
        spec("2026-11-18", "7", "ИП Пионов", 8_000_000, Status::Pending),
        spec("2026-11-10", "8", "ООО «Тюльпан»", 3_000_001, Status::Missing),
        spec("2026-11-16", "8", "ООО «Ирис Плюс»", 70_000_000, Status::Uncertain),
        spec("2026-11-17", "8", "Частное лицо", 900_000, Status::NotJudgeable),
        spec("2026-11-18", "8", "Розничный покупатель", 2_500_000, Status::Exempt),
        spec("2026-11-19", "8", "АО «Мак»", 11_000_000, Status::OnTime),
        spec("2026-11-19", "9", "ООО «Оптовик»", 99_000_000, Status::Missing),
        spec("2026-10-05", "7", "ООО «Давний»", 5_000_000, Status::Missing),
    ];
    list.push(Spec { currency: "EUR", ..spec("2026-11-17", "7", "Blume GmbH", 150_000, Status::OnTime) });
    list
}

/// A warning with a place.
pub fn warning() -> Finding {
    let text =
        Text::new("сумма строк больше итога на 0,01; сверьте файл", "the rows add up to 0.01 more than the total");
    let mut source = SourceRef::file("Продажи.xlsx");
    (source.sheet, source.row, source.column) = ("TDSheet".into(), 217, "F".into());
    Finding::new(Severity::Warn, "total_mismatch", text).at(source)
}

/// The version that entries cite. It is in force for no sale here: amounts come from the outcome.
fn cited() -> Policy {
    let rule = |id: &str, kind| Rule {
        id: id.to_owned(),
        shadow: false,
        requires_acknowledgement: false,
        scope: Scope::default(),
        kind,
    };
    let missing =
        RuleKind::MissingCounterparty { missing: Rate::from_bp(5_000), late: Rate::ZERO, exclude_from_kpi: false };
    let version = PolicyVersion {
        id: "2026-1".to_owned(),
        title: "Положение".to_owned(),
        effective_from: NaiveDate::from_ymd_opt(2099, 1, 1).expect("a day"),
        grace_working_days: 3,
        bonus: BonusTerms::flat(BonusBase::WithVat, Rate::from_bp(300)),
        disputes: DisputeTerms::default(),
        exempt: Vec::new(),
        segments: Vec::new(),
        profiles: Vec::new(),
        rules: vec![rule("missing_counterparty", missing), rule("cap", RuleKind::Cap { cap: Rate::from_bp(2_000) })],
    };
    Policy { versions: vec![version] }
}
