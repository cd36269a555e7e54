//! Rule `deal_approval`: what waits, what releases, who may say so. Deliberately absent: histories (`wider`).

use chrono::NaiveDate;
use sverka::domain::{
    adjust::settle,
    deals::{self, FilledDeal},
    facts::{Facts, Outcome},
    ledger::{EntryKind, Wanted},
    money::Money,
    org::{EmployeeId, Role},
    policy::{Rule, RuleKind, Scope},
    rule_facts::DealDecision,
    verdict::Verdict,
};

use super::{
    book::Book,
    world::{at, conclude, facts, known, missing, party, rub, rule, sale, set_sales, verdict},
};

const AS_OF: &str = "2026-11-20 10:00:00";

fn approval() -> Rule {
    rule(RuleKind::DealApproval { escalate_working_days: 5 })
}

/// One sale of 100 000,00 at 1,25 %, its buyer in the CRM in time.
fn world(rules: Vec<Rule>) -> Facts {
    let sales = vec![sale("1", "2026-11-05", "P0", "Иванов И.И.", "100000.00")];
    let mut facts = facts(AS_OF, vec![party("P0", "Ромашка")], sales, rules);
    facts.records = vec![known("P0", "Ромашка", at("2026-11-05 12:00:00"))];
    let head = facts.roster.people.get_mut(1).expect("Петрова");
    head.roles = [Role::Head].into();
    facts
}

fn outcome(facts: &Facts) -> Outcome {
    conclude(facts, &[verdict("P0", Verdict::InCrm, &["P0"])], at(AS_OF))
}

fn lines(facts: &Facts) -> Vec<Wanted> {
    outcome(facts).wanted.into_iter().filter(|w| w.kind == EntryKind::Deferral).collect()
}

fn amounts(facts: &Facts) -> Vec<(String, Money, bool)> {
    lines(facts).into_iter().map(|w| (w.key.subject, w.amount, w.shadow)).collect()
}

fn word(id: &str, author: &str, when: &str, amount: &str, returned: Option<&str>) -> DealDecision {
    DealDecision {
        id: id.into(),
        at: at(when),
        author: EmployeeId(author.into()),
        sale: sverka::domain::sale::SaleKey("ФИРМА|1|2026".into()),
        amount: rub(amount),
        returned: returned.map(str::to_owned),
    }
}

#[test]
fn the_whole_bonus_waits_and_the_heads_word_releases_it() {
    let mut facts = world(vec![approval()]);
    let mut book = Book::default();
    let first = book.post(&outcome(&facts).wanted);
    assert_eq!(first.iter().map(|e| (e.kind, e.amount)).collect::<Vec<_>>(), [(EntryKind::Deferral, rub("-1250.00"))]);
    assert_eq!(first[0].evidence.status, "awaiting_approval");
    assert_eq!(
        first[0].evidence.arithmetic.ru.replace('\u{a0}', " "),
        "100 000,00 × 1,25 % = 1 250,00: премия отложена"
    );
    facts.rule_facts.deal_decisions = vec![word("a", "0002", "2026-11-10 10:00:00", "100000.00", None)];
    let second = book.post(&outcome(&facts).wanted);
    assert_eq!(second.iter().map(|e| (e.kind, e.amount)).collect::<Vec<_>>(), [(EntryKind::Deferral, rub("1250.00"))]);
    assert_eq!(second[0].evidence.status, "approved");
    assert_eq!(second[0].evidence.arithmetic.en, "100,000.00 × 1.25% = 1,250.00: the bonus is released");
    assert!(
        second[0].evidence.cause.ru.starts_with("сделка одобрена (Петрова А.А., 10.11.2026 10:00)"),
        "{:?}",
        second[0].evidence.cause
    );
    assert_eq!(book.post(&outcome(&facts).wanted), []);
    // Returned afterwards: it waits again, and says what is missing.
    facts.rule_facts.deal_decisions.push(word("b", "0002", "2026-11-11 10:00:00", "100000.00", Some("нет договора")));
    let third = book.post(&outcome(&facts).wanted);
    assert_eq!(third[0].amount, rub("-1250.00"));
    assert!(third[0].evidence.cause.ru.contains("не хватает: нет договора"), "{:?}", third[0].evidence.cause);
}

#[test]
fn the_sellers_own_word_counts_for_nothing_and_time_releases_nothing() {
    let mut facts = world(vec![approval()]);
    facts.rule_facts.deal_decisions = vec![word("a", "0001", "2026-11-10 10:00:00", "100000.00", None)];
    assert_eq!(amounts(&facts)[0].1, rub("-1250.00"));
    // Nor does it undo a head's word.
    facts.rule_facts.deal_decisions = vec![
        word("a", "0002", "2026-11-10 10:00:00", "100000.00", None),
        word("b", "0001", "2026-11-12 10:00:00", "100000.00", Some("передумал")),
    ];
    assert_eq!(amounts(&facts)[0].1, Money::ZERO);
    facts.rule_facts.deal_decisions.clear();
    let found = outcome(&facts);
    let overdue: Vec<&str> =
        found.findings.iter().map(|f| f.code.as_str()).filter(|c| c.starts_with("deals")).collect();
    assert_eq!(overdue, ["deals_overdue"]);
    assert_eq!(found.wanted[0].amount, rub("-1250.00"));
    // Five working days after Thursday the 5th end with the 12th.
    facts.accounting_as_of = Some(at("2026-11-12 23:59:59"));
    assert!(outcome(&facts).findings.iter().all(|f| f.code != "deals_overdue"));
}

#[test]
fn a_document_that_grew_waits_again_and_one_that_shrank_does_not() {
    let mut facts = world(vec![approval()]);
    facts.rule_facts.deal_decisions = vec![word("a", "0002", "2026-11-10 10:00:00", "100000.00", None)];
    for (amount, want) in [("100000.00", "0.00"), ("100000.01", "-1250.00"), ("99999.99", "0.00")] {
        set_sales(&mut facts, vec![sale("1", "2026-11-05", "P0", "Иванов И.И.", amount)]);
        assert_eq!(amounts(&facts)[0].1, rub(want), "{amount}");
    }
}

#[test]
fn a_sale_and_its_return_are_nothing_whatever_the_head_says() {
    let mut facts = world(vec![approval()]);
    let mut back = sale("2", "2026-12-03", "P0", "Иванов И.И.", "0");
    back.amount = rub("-100000.00");
    back.returns = Some("1".into());
    set_sales(&mut facts, vec![sale("1", "2026-11-05", "P0", "Иванов И.И.", "100000.00"), back]);
    let all: Vec<Money> = amounts(&facts).iter().map(|a| a.1).collect();
    assert_eq!(all, [rub("-1250.00"), rub("1250.00")]);
    facts.rule_facts.deal_decisions = vec![word("a", "0002", "2026-11-10 10:00:00", "100000.00", None)];
    assert_eq!(amounts(&facts).iter().map(|a| a.1).sum::<Money>(), Money::ZERO);
    assert!(amounts(&facts).iter().all(|a| a.1.is_zero()));
}

#[test]
fn what_the_scope_leaves_out_does_not_wait() {
    let scoped = |scope: Scope| Rule { scope, ..approval() };
    let least = scoped(Scope { min_amount: Some(rub("100000.01")), ..Scope::default() });
    assert_eq!(amounts(&world(vec![least])), []);
    let elsewhere = scoped(Scope { departments: ["Опт".to_owned()].into(), ..Scope::default() });
    assert_eq!(amounts(&world(vec![elsewhere])), [("ФИРМА|1|2026".to_owned(), rub("-1250.00"), true)]);
    let mut tried = approval();
    tried.shadow = true;
    assert!(lines(&world(vec![tried])).iter().all(|line| line.shadow));
    // Two rules over one sale defer it once.
    let second = Rule { id: "second".into(), ..approval() };
    let both = amounts(&world(vec![approval(), second]));
    let line = |shadow| ("ФИРМА|1|2026".to_owned(), rub("-1250.00"), shadow);
    assert_eq!(both, [line(false), line(true)]);
    // Nobody has to approve what is exempt.
    let mut retail = world(vec![approval()]);
    retail.parties = vec![party("P0", "Розничный покупатель")];
    assert_eq!(amounts(&retail), []);
}

#[test]
fn a_deferral_is_no_reduction_for_the_cap() {
    let facts = world(vec![missing(5_000, 5_000), approval(), super::world::cap(2_000)]);
    let wanted = conclude(&facts, &[verdict("P0", Verdict::NotInCrm, &[])], at(AS_OF)).wanted;
    let of = |rule: &str| wanted.iter().find(|w| w.key.rule == rule).map(|w| w.amount);
    assert_eq!(of("missing_counterparty"), Some(rub("-625.00")));
    assert_eq!(of("deal_approval"), Some(rub("-1250.00")));
    assert_eq!(of("cap"), Some(rub("375.00")));
    let outcome = outcome(&facts);
    assert_eq!(settle(&facts, &outcome.verdicts, &outcome.sales, &outcome.cards).0, outcome.wanted);
}

fn today() -> NaiveDate {
    "2026-11-20".parse().expect("a day")
}

#[test]
fn only_a_head_of_the_department_speaks_and_never_the_seller() {
    let mut facts = world(vec![approval()]);
    let seller = EmployeeId("0001".into());
    let refused = |facts: &Facts, name: &str| {
        deals::speaker(&facts.roster, name, today(), &seller).map(|head| head.id.0.clone()).map_err(|why| why.en)
    };
    assert_eq!(refused(&facts, "петрова а а"), Ok("0002".to_owned()));
    assert!(refused(&facts, "Иванов И.И.").expect_err("himself").contains("of his own"));
    assert!(refused(&facts, "Сидоров").expect_err("nobody").contains("not among"));
    facts.roster.people[1].department = "Опт".into();
    assert!(refused(&facts, "0002").expect_err("elsewhere").contains("another department"));
    facts.roster.people[0].department = "Опт".into();
    assert!(refused(&facts, "0002").is_ok());
    facts.roster.people[1].left = Some("2026-11-19".parse().expect("a day"));
    assert!(refused(&facts, "0002").expect_err("gone").contains("not a head"));
    facts.roster.people[1].left = None;
    facts.roster.people[1].roles = [Role::Manager].into();
    assert!(refused(&facts, "0002").expect_err("no head").contains("not a head"));
}

#[test]
fn a_filled_table_is_judged_row_by_row_against_the_deals_of_today() {
    let mut facts = world(vec![approval()]);
    let deal = deals::queue(&facts, &outcome(&facts)).remove(0);
    assert_eq!((deal.number.as_str(), deal.deferred, deal.state.as_str()), ("1", rub("1250.00"), "awaiting_approval"));
    assert_eq!(deal.due, Some("2026-11-12".parse().expect("a day")));
    let row = |answer: &str, note: &str| FilledDeal {
        row: 2,
        key: deal.sale.0.clone(),
        answer: answer.into(),
        note: note.into(),
        made: deal.made.clone(),
    };
    let judge = |facts: &Facts, rows: &[FilledDeal], by: &str| deals::judge(rows, facts, &outcome(facts), by, today());
    let approved = judge(&facts, &[row("Да", "")], "Петрова А.А.");
    assert_eq!(approved.apply.len(), 1, "{approved:?}");
    assert_eq!(approved.apply[0].1.returned, None);
    assert_eq!(judge(&facts, &[row("вернуть", "нет акта")], "0002").apply[0].1.returned.as_deref(), Some("нет акта"));
    for (rows, by, why) in [
        (vec![row("вернуть", " ")], "0002", "has to say what is missing"),
        (vec![row("может быть", "")], "0002", "is not understood"),
        (vec![row("да", "")], "0001", "of his own"),
        (vec![FilledDeal { key: "ФИРМА|9|2026".into(), ..row("да", "") }], "0002", "is not among the deals"),
        (vec![FilledDeal { made: "00".into(), ..row("да", "") }], "0002", "has changed since"),
        (vec![row("да", ""), FilledDeal { row: 3, ..row("нет", "всё") }], "0002", "row 2 decides"),
    ] {
        let judged = judge(&facts, &rows, by);
        assert_eq!(judged.refused.len(), 1, "{judged:?}");
        assert!(judged.refused[0].1.en.contains(why), "{judged:?}");
    }
    assert_eq!(judge(&facts, &[row("", "")], "0002").empty, 1);
    // Approved meanwhile: the same answer is no news, another one needs a new table.
    facts.rule_facts.deal_decisions = vec![word("a", "0002", "2026-11-10 10:00:00", "100000.00", None)];
    assert_eq!(judge(&facts, &[row("да", "")], "0002").unchanged, [2]);
    assert_eq!(judge(&facts, &[row("нет", "акта")], "0002").refused.len(), 1);
}
