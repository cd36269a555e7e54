//! A sale and its returns: whole returns end at nothing however they are cut, named or not, for every base of the bonus;
//! a return never gives back more than was sold. Deliberately absent: the cap (it works per period, by the rules).

use proptest::prelude::*;
use sverka::domain::{
    facts::Facts,
    money::{Money, Rate},
    policy::BonusBase,
    sale::Sale,
    verdict::{PartyVerdict, Status, Verdict},
};

use super::world::{at, conclude, day, facts, missing, party, rub, sale, set_sales, verdict, version};

const AS_OF: &str = "2026-12-28 12:00:00";

fn gone(keys: &[&str]) -> Vec<PartyVerdict> {
    keys.iter().map(|key| verdict(key, Verdict::NotInCrm, &[])).collect()
}

fn world(sales: Vec<Sale>) -> Facts {
    facts(AS_OF, vec![party("P0", "Ромашка"), party("P1", "Василёк")], sales, vec![missing(5_000, 2_000)])
}

/// Amounts of all lines by document number.
fn amounts(facts: &Facts) -> Vec<(String, i64)> {
    let outcome = conclude(facts, &gone(&["P0", "P1"]), at(AS_OF));
    let number = |subject: &str| subject.split('|').nth(1).unwrap_or_default().to_owned();
    outcome.wanted.iter().map(|w| (number(&w.key.subject), w.amount.kopecks())).collect()
}

fn codes(facts: &Facts) -> Vec<String> {
    conclude(facts, &gone(&["P0", "P1"]), at(AS_OF))
        .findings
        .into_iter()
        .map(|f| f.code)
        .filter(|c| c != "cap_absent")
        .collect()
}

fn returned(number: &str, date: &str, amount: &str, of: Option<&str>) -> Sale {
    Sale { returns: of.map(str::to_owned), ..sale(number, date, "P0", "Иванов И.И.", amount) }
}

prop_compose! {
    /// Sales to one buyer, each cut into pieces that sum to the whole.
    fn cut_sales()(
        sales in prop::collection::vec(
            (0_u64..60, 1_i64..3_000_000, prop::collection::vec((0_u64..40, 1_i64..100), 1..5), any::<i32>()), 1..5),
        named in any::<bool>(),
        base in prop::sample::select(vec![BonusBase::WithVat, BonusBase::WithoutVat, BonusBase::Margin, BonusBase::Column]),
        rate in 0_i32..700,
        share in 0_i32..=10_000,
        second in prop::option::of((10_u64..70, 0_i32..700, 0_i32..=10_000)),
        own_figures in any::<bool>(),
    ) -> Facts {
        let first = day("2026-10-01");
        let mut all = Vec::new();
        for (number, (start, kopecks, pieces, noise)) in sales.iter().enumerate() {
            // One seller's sale each, so that a guess has one candidate and the sum is told apart.
            let seller = ["Иванов И.И.", "Петрова А.А."][number % 2];
            let put = |id: String, days: u64, kopecks: i64, noise: i64| {
                let mut one = sale(&id, &(first + chrono::Days::new(days)).to_string(), "P0", seller, "0");
                let other = Money::from_kopecks(kopecks * 5 / 6 + noise % 1_000);
                one.amount = Money::from_kopecks(kopecks);
                (one.net, one.margin, one.bonus) = (Some(other), Some(other), Some(other));
                one
            };
            all.push(put(format!("П{number}"), *start, *kopecks, i64::from(*noise)));
            let whole: i64 = pieces.iter().map(|p| p.1).sum();
            let mut left = *kopecks;
            for (at, (days, weight)) in pieces.iter().enumerate() {
                let part = if at + 1 == pieces.len() { left } else { kopecks * weight / whole };
                left -= part;
                if part > 0 {
                    let mut back = put(format!("В{number}-{at}"), start + days, -part, i64::from(*noise) / 7);
                    back.returns = named.then(|| format!("п{number} "));
                    if !own_figures {
                        (back.net, back.margin, back.bonus) = (None, None, None);
                    }
                    all.push(back);
                }
            }
        }
        let mut facts = world(all);
        facts.policy.versions[0].bonus.base = base;
        facts.policy.versions[0].bonus.rate = Rate::from_bp(rate);
        facts.policy.versions[0].rules = vec![missing(share, 0)];
        if let Some((days, rate, share)) = second {
            let mut next = version("2026-2", &(first + chrono::Days::new(days)).to_string(), vec![missing(share, 0)]);
            next.bonus.base = base;
            next.bonus.rate = Rate::from_bp(rate);
            facts.policy.versions.push(next);
        }
        facts
    }
}

proptest! {
    #[test]
    fn sales_that_come_back_whole_cost_nothing_in_any_cut(facts in cut_sales()) {
        let outcome = conclude(&facts, &gone(&["P0", "P1"]), at(AS_OF));
        for person in ["0001", "0002"] {
            let sum: i64 = outcome.wanted.iter().filter(|w| w.key.employee.0 == person).map(|w| w.amount.kopecks()).sum();
            prop_assert_eq!(sum, 0, "{:?}", outcome.wanted.iter().map(|w| (&w.key.subject, w.amount)).collect::<Vec<_>>());
        }
        // A sale never pays for an omission, a return never costs.
        for line in &outcome.wanted {
            let back = line.key.subject.contains("|В");
            prop_assert!(back != line.amount.is_negative(), "{} {}", line.key.subject, line.amount);
        }
        prop_assert!(outcome.findings.iter().all(|f| !f.code.starts_with("return")));
    }

    #[test]
    fn returns_never_give_back_more_than_was_taken(facts in cut_sales(), more in 1_i64..900_000) {
        let mut facts = facts;
        let mut sales = facts.sales.clone();
        for sale in sales.iter_mut().filter(|s| s.amount.is_negative()) {
            sale.amount = sale.amount - Money::from_kopecks(more);
        }
        set_sales(&mut facts, sales);
        let sum: i64 = amounts(&facts).iter().map(|(_, kopecks)| kopecks).sum();
        prop_assert_eq!(sum, 0);
        prop_assert!(codes(&facts).iter().any(|c| c == "return_exceeds_sale" || c == "return_without_sale"));
    }
}

#[test]
fn a_return_in_the_next_period_belongs_there_and_brings_the_sum_to_nothing() {
    let facts = world(vec![
        sale("1", "2026-10-05", "P0", "Иванов И.И.", "100000.00"),
        returned("2", "2026-11-10", "-100000.00", Some("1")),
    ]);
    let outcome = conclude(&facts, &gone(&["P0", "P1"]), at(AS_OF));
    let lines: Vec<_> = outcome.wanted.iter().map(|w| (w.key.belongs_to.to_string(), w.amount)).collect();
    assert_eq!(lines, [("2026-10".to_owned(), rub("-625.00")), ("2026-11".to_owned(), rub("625.00"))]);
    assert_eq!(outcome.sales[1].status, Status::Missing);
    // Its own deadline, which is still to come, does not matter.
    let facts = world(vec![
        sale("1", "2026-10-05", "P0", "Иванов И.И.", "100000.00"),
        returned("2", "2026-12-25", "-100000.00", None),
    ]);
    let outcome = conclude(&facts, &gone(&["P0", "P1"]), at(AS_OF));
    assert_eq!((outcome.sales[1].status, outcome.sales[1].deadline), (Status::Missing, day("2026-10-08")));
    assert_eq!(amounts(&facts), [("1".to_owned(), -62_500), ("2".to_owned(), 62_500)]);
}

#[test]
fn a_guess_prefers_the_exact_amount_then_the_latest_with_enough_left() {
    let sales = vec![
        sale("1", "2026-10-05", "P0", "Иванов И.И.", "1000.00"),
        sale("2", "2026-10-06", "P0", "Иванов И.И.", "3000.00"),
        sale("3", "2026-10-07", "P0", "Иванов И.И.", "2000.00"),
        sale("4", "2026-10-08", "P0", "Петрова А.А.", "1000.00"),
        sale("5", "2026-10-08", "P1", "Иванов И.И.", "1000.00"),
        sale("6", "2026-12-01", "P0", "Иванов И.И.", "1000.00"),
    ];
    let linked = |amount: &str, manager: &str| {
        let mut all = sales.clone();
        all.push(sale("В", "2026-11-01", "P0", manager, amount));
        let outcome = conclude(&world(all), &gone(&["P0", "P1"]), at(AS_OF));
        let found = outcome.sales.iter().find(|s| s.sale.0.contains("|В|")).expect("the return");
        (found.remark.as_ref().map(|r| r.en.clone()).unwrap_or_default(), found.employee.clone().map(|e| e.0))
    };
    let ivanov = Some("0001".to_owned());
    assert_eq!(linked("-1000.00", "Иванов И.И."), ("return of document No. 1 of 2026-10-05".into(), ivanov.clone()));
    assert_eq!(linked("-1500.00", "Иванов И.И."), ("return of document No. 3 of 2026-10-07".into(), ivanov.clone()));
    assert_eq!(linked("-2500.00", "Иванов И.И."), ("return of document No. 2 of 2026-10-06".into(), ivanov.clone()));
    // Larger than any one: the latest first, one after another.
    assert_eq!(linked("-5500.00", "Иванов И.И."), ("return of document No. 3 of 2026-10-07".into(), ivanov));
    // Without a seller: anybody's; of a stranger: nobody's.
    assert_eq!(linked("-1000.00", "").0, "return of document No. 4 of 2026-10-08");
    assert_eq!(linked("-1000.00", "Сидоров").0, "return: the sale it belongs to is not found");
}

#[test]
fn a_named_return_is_not_robbed_by_an_earlier_guess() {
    let facts = world(vec![
        sale("1", "2026-10-05", "P0", "Иванов И.И.", "1000.00"),
        returned("2", "2026-10-06", "-1000.00", None),
        returned("3", "2026-10-07", "-1000.00", Some("1")),
    ]);
    assert_eq!(amounts(&facts), [("1".to_owned(), -625), ("3".to_owned(), 625)]);
    assert_eq!(codes(&facts), ["return_without_sale"]);
}

#[test]
fn a_return_that_names_a_document_is_never_guessed() {
    let with = |named: &str, more: Option<Sale>| {
        let mut all = vec![
            sale("0000-000123", "2026-10-05", "P0", "Иванов И.И.", "1000.00"),
            returned("2", "2026-10-07", "-1000.00", Some(named)),
        ];
        all.extend(more);
        let facts = world(all);
        (amounts(&facts).iter().any(|(number, kopecks)| number == "2" && *kopecks == 625), codes(&facts))
    };
    for named in ["0000-000123", "0000-000123 ", "123", "000123"] {
        assert_eq!(with(named, None), (true, vec![]), "{named}");
    }
    // Another document, or one of two: nothing is taken back until it is clear.
    let stray = (false, vec!["return_without_sale".to_owned()]);
    assert_eq!(with("0000-000124", None), stray);
    assert_eq!(with("23", None), stray);
    let twin = sale("УТ-123", "2026-10-06", "P0", "Иванов И.И.", "1000.00");
    assert_eq!(with("123", Some(twin)), stray);
}

#[test]
fn a_return_of_a_sale_in_time_moves_nothing_and_one_without_a_sale_is_exempt() {
    let mut facts = world(vec![
        sale("1", "2026-10-05", "P0", "Иванов И.И.", "1000.00"),
        returned("2", "2026-10-06", "-400.00", Some("1")),
        sale("3", "2026-10-06", "P1", "Иванов И.И.", "-400.00"),
    ]);
    facts.records = vec![super::world::known("K", "Ромашка", at("2026-10-01 00:00:00"))];
    let verdicts = [verdict("P0", Verdict::InCrm, &["K"]), verdict("P1", Verdict::NotInCrm, &[])];
    let outcome = conclude(&facts, &verdicts, at(AS_OF));
    assert_eq!(outcome.wanted, vec![]);
    let statuses: Vec<_> = outcome.sales.iter().map(|s| s.status).collect();
    assert_eq!(statuses, [Status::OnTime, Status::OnTime, Status::Exempt]);
    assert!(outcome.findings.iter().any(|f| f.code == "return_without_sale" && f.source.is_some()));
}

#[test]
fn a_return_keeps_the_terms_of_the_day_of_its_sale() {
    let mut facts = world(vec![
        sale("1", "2026-10-20", "P0", "Иванов И.И.", "1000.00"),
        returned("2", "2026-11-20", "-1000.00", Some("1")),
    ]);
    facts.policy.versions.push(version("2026-2", "2026-11-01", vec![missing(10_000, 10_000)]));
    facts.policy.versions[1].bonus.rate = Rate::from_bp(900);
    assert_eq!(amounts(&facts), [("1".to_owned(), -625), ("2".to_owned(), 625)]);
}

#[test]
fn a_sale_at_a_loss_is_never_rewarded_for_being_missing() {
    let mut one = sale("1", "2026-10-05", "P0", "Иванов И.И.", "1000.00");
    one.margin = Some(rub("-200.00"));
    let mut facts = world(vec![one]);
    facts.policy.versions[0].bonus.base = BonusBase::Margin;
    assert_eq!(amounts(&facts), []);
}
