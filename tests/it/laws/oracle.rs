//! What the last run must come to, computed a second time from the plan by plain loops over kopecks, without any of the
//! program's code for statuses, rounding or rules. Deliberately absent: guesses about returns (plans name their sales).

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use sverka::domain::{ledger::EntryKey, org::EmployeeId, period::Period};

use super::{
    plan::{DOUBTFUL, PARTIES, Plan, RETAIL, STEPS, Sums},
    world::{at, day},
};

/// a x bp / 10 000, half away from zero, by long division.
pub(super) fn share(kopecks: i64, bp: i64) -> i64 {
    let product = kopecks.unsigned_abs() * bp.unsigned_abs();
    let (whole, rest) = (product / 10_000, product % 10_000);
    let rounded = i64::try_from(if rest * 2 >= 10_000 { whole + 1 } else { whole }).expect("small");
    if (kopecks < 0) == (bp < 0) { rounded } else { -rounded }
}

/// First instant after the last day.
fn deadline(sold: NaiveDate, mut grace: u32) -> DateTime<Utc> {
    let mut date = sold;
    while grace > 0 {
        date = date + Days::new(1);
        let off = date.weekday().number_from_monday() > 5 || (date.month(), date.day()) == (11, 4);
        grace -= u32::from(!off);
    }
    // Moscow is three hours ahead all year.
    (date.and_hms_opt(21, 0, 0).expect("an hour")).and_utc()
}

/// Sums of one employee in one period.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) bonus: [i64; 2],
    /// Whether any document falls under the version.
    pub(super) sold: [bool; 2],
    pub(super) reductions: i64,
}

pub(super) struct Truth {
    pub(super) sums: Sums,
    pub(super) totals: BTreeMap<(usize, Period), Totals>,
}

pub(super) fn truth(plan: &Plan, step: usize) -> Truth {
    let (as_of, crm) = (at(STEPS[step]), plan.crm_as_of(step));
    let second = day("2026-10-01") + Days::new(plan.second);
    let mut sums: Sums = BTreeMap::new();
    let mut totals: BTreeMap<(usize, Period), Totals> = BTreeMap::new();
    let mut add = |period: Period, employee: usize, subject: String, rule: &str, kopecks: i64| {
        let key = EntryKey {
            belongs_to: period,
            employee: EmployeeId(format!("000{employee}")),
            subject,
            rule: rule.to_owned(),
        };
        *sums.entry(key).or_insert(0) += kopecks;
    };
    let in_force = |date: NaiveDate| if date >= second { Some(1) } else { (date >= day("2026-10-05")).then_some(0) };
    for (number, sale) in plan.sales.iter().enumerate() {
        let Some(version) = in_force(sale.date()) else { continue };
        let (rate, gone, late, _) = plan.terms[version];
        let rate = i64::from(rate + if sale.employee == 1 { 33 } else { 0 });
        let end = deadline(sale.date(), if version == 0 { 3 } else { 1 });
        let seen = plan.entered(sale.party).filter(|entered| *entered <= crm);
        let settled = plan.settled.filter(|(from, _)| *from <= step).map(|(_, confirmed)| confirmed);
        let part = match (sale.party, settled, seen) {
            (RETAIL, ..) | (DOUBTFUL, None, _) => 0,
            (DOUBTFUL, Some(false), _) | (_, _, None) if as_of >= end && crm >= end => gone,
            (DOUBTFUL, Some(false), _) | (_, _, None) => 0,
            (_, _, Some(entered)) if entered >= end => late,
            _ => 0,
        };
        let covered = !plan.shadow && (!plan.pilot || sale.employee == 0);
        let part = if covered { i64::from(part) } else { 0 };
        let year = sale.date().year();
        let mut left = if sale.arrives <= step { sale.amount(step) } else { continue };
        let mut document = |subject: String, date: NaiveDate, before: i64, after: i64| {
            let (old, new) = (share(before, rate), share(after, rate));
            let change = share(old, part) - share(new, part);
            add(Period::of(date), sale.employee, subject, "missing_counterparty", change);
            let total = totals.entry((sale.employee, Period::of(date))).or_default();
            total.bonus[version] += new - old;
            total.sold[version] = true;
            total.reductions -= change;
        };
        document(format!("ФИРМА|П-{number:02}|{year}"), sale.date(), 0, left);
        let mut pieces = sale.pieces(step);
        pieces.sort_by_key(|(piece, date, ..)| (*date, *piece));
        for (piece, date, kopecks, arrives) in pieces {
            if arrives <= step {
                document(format!("ФИРМА|В-{number:02}-{piece}|{}", date.year()), date, left, left - kopecks);
                left -= kopecks;
            }
        }
    }
    for ((employee, period), total) in &totals {
        let limit: i128 = (0..2).map(|v| i128::from(total.bonus[v]) * i128::from(plan.terms[v].3)).sum();
        let limit = i64::try_from((limit.max(0) * 2 + 10_000) / 20_000).expect("small");
        let widest = i64::from((0..2).filter(|v| total.sold[*v]).map(|v| plan.terms[v].3).max().unwrap_or(0));
        let limit = limit.min(share((total.bonus[0] + total.bonus[1]).max(0), widest));
        if total.reductions > limit {
            add(*period, *employee, "period".into(), "cap", total.reductions - limit);
        }
    }
    for (period, closed_at, _) in plan.closing(step) {
        for employee in 0..super::plan::STAFF {
            let mut scores = Vec::new();
            for party in 0..PARTIES {
                let sold = plan.sales.iter().any(|s| {
                    s.employee == employee
                        && s.party == party
                        && s.arrives <= step
                        && s.amount(step) > 0
                        && period.contains(s.date())
                        && in_force(s.date()).is_some()
                });
                let doubtful = party == DOUBTFUL && plan.settled.is_none_or(|(from, _)| from > step);
                if !sold || party == RETAIL || doubtful {
                    continue;
                }
                let rejected = party == DOUBTFUL && plan.settled.is_some_and(|(_, confirmed)| !confirmed);
                let there = plan.entered(party).is_some_and(|entered| entered <= closed_at) && !rejected;
                let bits = plan.cards[party].1;
                let weight = [(1, 3), (2, 2), (4, 1)].iter().filter(|(bit, _)| bits & bit != 0).map(|(_, w)| w).sum();
                scores.push(if there { weight } else { 0 } * 10_000 / 6);
            }
            let count = i64::try_from(scores.len()).expect("few");
            if in_force(period.last_day()).is_some() && count > 0 {
                let premium = match scores.iter().sum::<i64>() / count {
                    0..5_000 => 0,
                    5_000..8_334 => 50_000,
                    _ => 125_050,
                };
                add(period, employee, "period".into(), "completeness", premium);
            }
        }
    }
    sums.retain(|_, kopecks| *kopecks != 0);
    Truth { sums, totals }
}
