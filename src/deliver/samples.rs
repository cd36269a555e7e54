//! Made-up reports that fill every place of every template, and bare ones that leave empty whatever may be empty.
//! Deliberately absent: real names and sums.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Europe::Moscow;
use serde_json::Value;

mod monthly;

use crate::domain::{
    adjust::{CallsOf, Standing},
    answer::{Answer, Difference, Settled},
    deals::Deal,
    facts::{Facts, Outcome},
    finding::{Finding, Severity},
    mail::MailKind,
    money::{Money, Rate},
    org::{Employee, EmployeeId, Role, Roster},
    party::PartyKey,
    period::Period,
    regulation::people::Waiting,
    report::{
        AlertKind, AlertReport, AuditReport, FindingLine, Frame, HeldReport, ImportCard, ImportFormat, ReportContext,
        StatementInput, StatementReport, Tally, UndeliveredReport,
        alert::{AlertLine, ResolvedLine},
        audit::Change,
        audit_deals::AwaitingDeals,
        audit_rows::{CandidateLine, Coverage, ExemptCount, Foreign, ManagerRow, MovedLine, PartyLine},
        audit_rules::{MonthSoFar, Topic},
        beside::{ChangedDocument, SuspendedLine},
        statement::{Amounts, InputLine, PersonRow, Previous, StatementLine},
        undelivered::UndeliveredLine,
    },
    run::{Hold, HoldSubject, Job},
    sale::SaleKey,
    text::{Lang, Text},
};

/// A report in the form that templates see.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) kind: MailKind,
    pub(super) frame: Frame,
    pub(super) report: Value,
}

/// All samples: for each kind a full and a bare one.
pub(super) fn all() -> Vec<Sample> {
    let (bare, full) = (context(false), context(true));
    let mut list = Vec::new();
    let mut add = |name, kind, frame: &Frame, report: serde_json::Result<Value>| {
        // A report that cannot be serialised becomes null, on which every strict template fails.
        let report = report.unwrap_or(Value::Null);
        list.push(Sample { name, kind, frame: frame.clone(), report });
    };
    for (name, ctx, is_full) in [("sample.bare", &bare, false), ("sample.full", &full, true)] {
        let audit = audit(ctx, is_full);
        add(name, MailKind::Audit, &audit.frame, serde_json::to_value(&audit));
        let alert = alert(ctx, is_full);
        add(name, MailKind::Alert, &alert.frame, serde_json::to_value(&alert));
        let statement = statement(ctx, is_full);
        add(name, MailKind::Statement, &statement.frame, serde_json::to_value(&statement));
        let company = monthly::company(&facts(), ctx, is_full);
        add(name, MailKind::Company, &company.frame, serde_json::to_value(&company));
        let pilot = monthly::pilot(&facts(), ctx, is_full);
        add(name, MailKind::Pilot, &pilot.frame, serde_json::to_value(&pilot));
        let held = held(ctx, is_full);
        add(name, MailKind::Held, &held.frame, serde_json::to_value(&held));
        let undelivered = undelivered(ctx);
        add(name, MailKind::Undelivered, &undelivered.frame, serde_json::to_value(&undelivered));
    }
    for (name, ctx, is_full) in [("sample.bare", &bare, false), ("sample.full", &full, true)] {
        list.extend(super::samples_of_notices::all(name, ctx, is_full));
    }
    list
}

pub(super) fn instant() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_183_200, 0).unwrap_or_default()
}

fn local() -> NaiveDateTime {
    instant().with_timezone(&Moscow).naive_local()
}

fn day() -> NaiveDate {
    local().date()
}

fn context(full: bool) -> ReportContext {
    let at = instant();
    ReportContext {
        company: "ООО «Образец»".to_owned(),
        as_of: at,
        now: at,
        late: full.then(|| (at - TimeDelta::hours(60), at)),
        by_hand: false,
        week_of: None,
        merged_dues: if full { vec![at - TimeDelta::days(7)] } else { Vec::new() },
        next_at: full.then(|| at + TimeDelta::days(7)),
        tz: Moscow,
        crm_link: "https://crm.example/{kind}/{id}".to_owned(),
        import: ImportFormat::Plain,
        public_url: if full { "https://sverka.example".to_owned() } else { String::new() },
        ledger_head: if full { "0f".repeat(32) } else { String::new() },
        input_hash: if full { "1e".repeat(32) } else { String::new() },
        currency: "RUB".to_owned(),
        stale_after: TimeDelta::hours(36),
        closes: [(Period::of(day()), at + TimeDelta::days(20))].into(),
    }
}

pub(super) fn facts() -> Facts {
    Facts {
        sales: Vec::new(),
        parties: Vec::new(),
        party_of: Vec::new(),
        records: Vec::new(),
        closing_records: std::collections::BTreeMap::new(),
        snapshots: Vec::new(),
        accounting_as_of: Some(instant()),
        decisions: Vec::new(),
        waivers: Vec::new(),
        roster: Roster::default(),
        calendar: crate::domain::calendar::Calendar::default(),
        policy: crate::domain::policy::Policy::default(),
        acknowledgements: Vec::new(),
        rule_facts: crate::domain::rule_facts::RuleFacts::default(),
        tz: Moscow,
        base_currency: "RUB".to_owned(),
    }
}

fn month() -> MonthSoFar {
    let (employee, name) = (EmployeeId("0012".to_owned()), "Иванова Анна".to_owned());
    let share = Rate::from_bp(3_333);
    let calls = CallsOf {
        rule: "call_recording".to_owned(),
        employee: employee.clone(),
        name: name.clone(),
        made: 30,
        recorded: 10,
        share,
    };
    let prize = Money::from_kopecks(500_000);
    let place = |shadow| Standing {
        rule: "contest".to_owned(),
        employee: employee.clone(),
        name: name.clone(),
        place: 1,
        prize,
        words: text(),
        shadow,
    };
    let topic = Topic { field: "phone".to_owned(), cards: 3, people: vec![(name.clone(), 2), (name.clone(), 1)] };
    MonthSoFar { calls: vec![calls], places: vec![place(false), place(true)], topics: vec![topic] }
}

fn deal() -> Deal {
    Deal {
        sale: SaleKey("ООО|1|2026".to_owned()),
        number: "0000-000001".to_owned(),
        date: day(),
        party: "ООО «Ромашка»".to_owned(),
        seller: EmployeeId("0012".to_owned()),
        seller_name: "Иванова Анна".to_owned(),
        department: String::new(),
        amount: Money::from_kopecks(10_000),
        deferred: Money::from_kopecks(100),
        rule: "deal_approval".to_owned(),
        state: "returned".to_owned(),
        words: text(),
        lacks: vec!["phone".to_owned()],
        due: Some(day()),
        made: "00".to_owned(),
    }
}

fn person() -> Employee {
    Employee {
        id: EmployeeId("0012".to_owned()),
        name: "Иванова Анна".to_owned(),
        aliases: Vec::new(),
        email: "a@example.test".to_owned(),
        department: String::new(),
        roles: [Role::Head].into(),
        hired: None,
        left: None,
        groups: std::collections::BTreeSet::default(),
        lang: Lang::Ru,
        deputy: None,
    }
}

fn tally(count: u32, kopecks: i64) -> Tally {
    Tally { count, amount: Money::from_kopecks(kopecks) }
}

fn text() -> Text {
    Text::new("по примеру", "as in the sample")
}

fn finding() -> Finding {
    let mut source = crate::domain::finding::SourceRef::file("Продажи.xlsx");
    (source.sheet, source.row, source.column) = ("TDSheet".into(), 217, "F".into());
    Finding::new(Severity::Hold, "sample", text()).at(source)
}

fn candidate() -> CandidateLine {
    CandidateLine {
        id: "bitrix:company:7".to_owned(),
        title: "Ромашка".to_owned(),
        score: Rate::from_bp(8_810),
        reason: text(),
        link: "https://crm.example/company/7".to_owned(),
    }
}

fn client(candidates: Vec<CandidateLine>) -> PartyLine {
    PartyLine {
        key: PartyKey("7700000000".to_owned()),
        name: "ООО «Ромашка»".to_owned(),
        tally: tally(1, 100_000),
        reason: text(),
        candidates,
    }
}

fn audit(ctx: &ReportContext, full: bool) -> AuditReport {
    let outcome = Outcome::default();
    let mut report = AuditReport::build(&facts(), &outcome, &[], &[], &person(), ctx);
    if !full {
        return report;
    }
    report.frame.crm_as_of = Some(local());
    report.state = crate::domain::report::audit::AuditState::Open;
    "Розница".clone_into(&mut report.department);
    (report.figures.sales, report.figures.in_crm) = (tally(12, 2_000_000), tally(10, 1_800_000));
    (report.figures.missing, report.figures.pending) = (tally(1, 100_000), tally(1, 100_000));
    report.figures.share = Some(Rate::from_bp(8_333));
    report.change = Some(Change {
        week: "2026-W46".to_owned(),
        week_number: 46,
        share_bp: Some(-200),
        missing: 1,
        missing_amount: Money::from_kopecks(100_000),
        adjustments: Money::from_kopecks(-5_000),
    });
    let week = |number, bp| crate::domain::report::audit_rows::WeekShare { number, share: Rate::from_bp(bp) };
    report.weeks = vec![week(46, 8_533), week(47, 8_333)];
    // The last of them has weeks behind him that were alike, and nothing that could be judged in this one.
    let steady = vec![Rate::from_bp(8_000), Rate::from_bp(8_000)];
    let rising = vec![Rate::from_bp(8_000), Rate::from_bp(8_333)];
    let known = Some(Rate::from_bp(8_333));
    for (name, share, trend) in
        [("Иванова Анна", known, rising.clone()), ("", known, rising), ("Орлов Илья", None, steady)]
    {
        report.managers.push(ManagerRow {
            id: None,
            name: name.to_owned(),
            sales: tally(12, 2_000_000),
            in_crm: tally(10, 1_800_000),
            missing: tally(1, 100_000),
            pending: tally(1, 100_000),
            unclear: tally(1, 100_000),
            share,
            completeness: Some(Rate::from_bp(7_800)),
            trend,
        });
    }
    report.moved = vec![MovedLine {
        employee: "Иванова Анна".to_owned(),
        document: text(),
        party: "ООО «Ромашка»".to_owned(),
        amount: Money::from_kopecks(-5_000),
        kind: "reduction".to_owned(),
        rule: "missing_counterparty".to_owned(),
        ground: text(),
        belongs_to: Period::of(day()),
        pay_period: Period::of(day()),
        why: text(),
        source: text(),
    }];
    report.changed = vec![changed()];
    report.uncertain = vec![client(vec![candidate()]); 11];
    report.not_judgeable = vec![client(Vec::new()); 11];
    report.exempt = vec![ExemptCount { class: text(), tally: tally(3, 300) }];
    report.foreign = vec![Foreign { currency: "EUR".to_owned(), tally: tally(3, 300) }];
    report.closed_open = tally(1, 500);
    report.awaiting = AwaitingDeals { deals: vec![deal(); 11], deferred: Money::from_kopecks(1_100), own: 1 };
    report.month = month();
    (report.fixes, report.training) = (monthly::fixes(), monthly::trainings(ctx));
    report.on_trial = Money::from_kopecks(-700);
    let part = Rate::from_bp(9_740);
    report.coverage = Some(Coverage { checked: part, exempt: part, uncertain: part, not_judgeable: part });
    report.findings = vec![FindingLine::of(&finding()); 11];
    report.unsigned = [true, false].map(waiting).to_vec();
    report
}

fn waiting(in_force: bool) -> Waiting {
    let (id, name) = (EmployeeId("0101".to_owned()), "Иванова Анна".to_owned());
    Waiting { id, name, version: "2026-1".to_owned(), in_force }
}

pub(super) fn alert(ctx: &ReportContext, full: bool) -> AlertReport {
    let item = |kind, cost: Option<i64>| AlertLine {
        sale: SaleKey("О|1|2026".to_owned()),
        kind,
        party: "ООО «Ромашка»".to_owned(),
        inn: if full { "7700000000".to_owned() } else { String::new() },
        document: text(),
        date: day(),
        amount: Money::from_kopecks(100_000),
        deadline: day(),
        last_day: full,
        what: text(),
        cost: cost.map(Money::from_kopecks),
        at_stake: (full && cost.is_none()).then(|| Money::from_kopecks(-700)),
        ground: if full { text() } else { Text::default() },
        similar: full && kind == AlertKind::New,
        period: Period::of(day()),
        final_at: full.then(local),
        code: if full && kind == AlertKind::Due { "0001-7Q".to_owned() } else { String::new() },
        candidates: if full { vec![candidate()] } else { Vec::new() },
        source: text(),
    };
    let resolved = ResolvedLine { sale: SaleKey("О|2|2026".to_owned()), party: "АО «Василёк»".to_owned() };
    let card =
        ImportCard { title: "ООО «Ромашка»".to_owned(), to_fill: vec![text()], ..ImportCard::default() };
    AlertReport {
        frame: ctx.frame(&facts()),
        owner: EmployeeId("0101".to_owned()),
        in_place_of: full.then(|| "Кравцова Анна".to_owned()),
        day: day(),
        items: vec![item(AlertKind::Due, full.then_some(-500)), item(AlertKind::New, None)],
        cards: if full { vec![card] } else { Vec::new() },
        import: ctx.import,
        total: tally(2, 200_000),
        cost: Money::from_kopecks(if full { -500 } else { 0 }),
        relief: Money::from_kopecks(if full { 200 } else { 0 }),
        due: 1,
        next_deadline: full.then(day),
        still_open: if full { tally(1, 100) } else { Tally::default() },
        still_open_parties: if full {
            ["АО «Василёк»".to_owned()].into()
        } else {
            std::collections::BTreeSet::new()
        },
        resolved: if full { vec![resolved] } else { Vec::new() },
        marks: Vec::new(),
    }
}

pub(super) fn statement(ctx: &ReportContext, full: bool) -> StatementReport {
    let period = Period::of(day());
    let input = StatementInput { period, entries: &[], bonuses: &[], previous: &[] };
    let mut report = StatementReport::build(input, &facts(), ctx);
    if !full {
        return report;
    }
    let one = Money::from_kopecks(100);
    let amounts = Amounts {
        base: one,
        bonus: one,
        reductions: one,
        premiums: one,
        deferred: one,
        cap_relief: one,
        corrections: one,
        total: one,
        payable: one,
    };
    report.people = vec![PersonRow {
        id: EmployeeId("0012".to_owned()),
        name: "Иванова Анна".to_owned(),
        department: "Розница".to_owned(),
        namesake: true,
        amounts,
        grounds: text(),
    }];
    report.lines = vec![StatementLine {
        seq: 1,
        code: "0001-7Q".to_owned(),
        entry: "e".to_owned(),
        posted_at: local(),
        employee: EmployeeId("0012".to_owned()),
        name: "Иванова Анна".to_owned(),
        kind: "correction".to_owned(),
        rule: "missing_counterparty".to_owned(),
        policy_version: "2026-1".to_owned(),
        ground: text(),
        belongs_to: period.prev(),
        amount: one,
        document: text(),
        party: "ООО «Ромашка»".to_owned(),
        why: text(),
        source: text(),
        card: "ООО «Ромашка» (7)".to_owned(),
        link: "https://crm.example/company/7".to_owned(),
        hash: "0f".repeat(32),
    }];
    report.totals = amounts;
    report.previous = Some(Previous { number: "2026-11/1".to_owned(), total: one, together: one });
    report.policy_versions = vec!["2026-1".to_owned()];
    report.suspended = vec![SuspendedLine {
        code: "0001-7Q".to_owned(),
        employee: EmployeeId("0012".to_owned()),
        name: "Иванова Анна".to_owned(),
        amount: one,
        document: text(),
        claim: text(),
        due: day(),
        withdrawn: false,
    }];
    let difference = Difference {
        employee: EmployeeId("0012".to_owned()),
        name: "Иванова Анна".to_owned(),
        answer: Answer::Changed,
        handed: one,
        applied: one,
        difference: one,
        note: "…".to_owned(),
    };
    report.settled = vec![Settled {
        number: "2026-10/1".to_owned(),
        handed: one,
        applied: one,
        unanswered: 2,
        differences: vec![difference],
    }];
    report.changed = vec![changed()];
    report.inputs = vec![InputLine { what: text(), hash: "2d".repeat(32) }];
    report
}

fn changed() -> ChangedDocument {
    ChangedDocument {
        period: Period::of(day()).prev(),
        document: text(),
        what: text(),
        source: text(),
        effect: Money::from_kopecks(-700),
    }
}

fn held(ctx: &ReportContext, full: bool) -> HeldReport {
    let subject = if full {
        HoldSubject::Run { run: "r".to_owned(), job: Job::Audit, as_of: instant(), input_hash: String::new() }
    } else {
        HoldSubject::File { hash: "h".to_owned(), name: "Продажи.xlsx".to_owned() }
    };
    let reasons = vec![finding(), Finding::new(Severity::Hold, "sample", text())];
    HeldReport::of(&Hold { id: "h1".to_owned(), subject, reasons, opened_at: instant(), release: None }, ctx)
}

/// A notice of a held file.
#[cfg(test)]
pub(super) fn held_report() -> HeldReport {
    held(&context(false), false)
}

fn undelivered(ctx: &ReportContext) -> UndeliveredReport {
    let line = UndeliveredLine {
        id: "o1".to_owned(),
        key: "alert.2026-11-20.7".to_owned(),
        kind: "alert".to_owned(),
        recipient: "a@example.test".to_owned(),
        attempts: 3,
        last_reply: "550 no such user".to_owned(),
        frozen_at: local(),
    };
    UndeliveredReport { frame: ctx.bare_frame(), lines: vec![line] }
}
