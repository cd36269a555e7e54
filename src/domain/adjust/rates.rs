//! Rates tiered on the plan: fact of the employee's period over his plan, rounded down, chooses the rate of every sale of
//! that period; a return keeps the rate of its sale, so that both together are nothing (rules, 5.1).
//!
//! The fact is the sum of the plan's figure over the sales that count, less their returns booked in the period. A missing
//! or late sale of a rule with `exclude_from_kpi`, and a deal that waits for approval, do not count.
//!
//! Without a plan the flat rate holds, and a finding names the employee: an absent plan must lower nobody's bonus.
//!
//! Deliberately absent: the flat rate itself (`bonus`), reading plans.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    super::{
        assess::returns::Links,
        facts::Facts,
        finding::{Finding, Severity},
        money::{Money, Rate},
        org::EmployeeId,
        period::Period,
        policy::{BonusBase, BonusTerms, RuleKind},
        verdict::{AssessedSale, Status},
    },
    approval::Approvals,
    bonus::{self, Absent, Move},
    missing,
    reach::Reach,
    words::both,
};

/// Attainment by employee, period and figure of the plan.
type Attained = HashMap<(EmployeeId, Period, BonusBase), Rate>;

/// Moves of the bonus at the rates that hold, what their files do not give, and what was noticed.
pub(super) fn moves<'a>(
    facts: &'a Facts,
    sales: &[AssessedSale],
    links: &Links,
    reach: &Reach<'_>,
    approvals: &Approvals<'_>,
) -> (Vec<Move<'a>>, Vec<Absent>, Vec<Finding>) {
    let (mut moves, mut absent) = bonus::moves(facts, sales, links, |terms| terms.base);
    if !facts.policy.versions.iter().any(|v| !v.bonus.tiers.is_empty()) {
        return (moves, absent, Vec::new());
    }
    let (attained, more) = attainment(facts, sales, links, reach, approvals);
    absent.extend(more);
    let mut without: BTreeMap<(Period, EmployeeId), String> = BTreeMap::new();
    for step in &mut moves {
        let Some(terms) = facts.policy.versions.get(step.version).map(|v| &v.bonus) else { continue };
        let Some(tiers) = terms.tiers_for(step.employee).filter(|_| terms.base != BonusBase::Column) else { continue };
        let period = Period::of(step.sold);
        let found = attained.get(&(step.employee.id.clone(), period, terms.plan_base)).copied();
        match found.and_then(|share| Some((share, tiers.rate_at(share)?))) {
            Some((share, rate)) => {
                step.attained = Some(share);
                step.rate = rate;
            }
            None => {
                without.entry((period, step.employee.id.clone())).or_insert_with(|| step.employee.name.clone());
            }
        }
    }
    let findings = without.into_iter().map(|((period, _), name)| plan_absent(period, &name)).collect();
    (moves, absent, findings)
}

fn plan_absent(period: Period, name: &str) -> Finding {
    let message = both(|lang| match lang {
        super::super::text::Lang::Ru => format!(
            "{name}: нет плана на {period}, премия считается по ставке без плана. Положите таблицу планов в её папку."
        ),
        super::super::text::Lang::En => format!(
            "{name}: no plan for {period}, the bonus is computed at the flat rate. Put the table of plans into its folder."
        ),
    });
    Finding::new(Severity::Warn, "plan_absent", message)
}

/// Fact over plan for everybody who has a plan above zero.
fn attainment(
    facts: &Facts,
    sales: &[AssessedSale],
    links: &Links,
    reach: &Reach<'_>,
    approvals: &Approvals<'_>,
) -> (Attained, Vec<Absent>) {
    let plans: HashMap<(&EmployeeId, Period), Money> = facts
        .rule_facts
        .plans
        .iter()
        .filter(|plan| plan.amount > Money::ZERO)
        .map(|plan| ((&plan.employee, plan.period), plan.amount))
        .collect();
    let figures: BTreeSet<u8> =
        facts.policy.versions.iter().filter(|v| !v.bonus.tiers.is_empty()).map(|v| v.bonus.plan_base as u8).collect();
    let all = [BonusBase::WithVat, BonusBase::WithoutVat, BonusBase::Margin];
    let (mut attained, mut absent) = (Attained::new(), Vec::new());
    for figure in all.into_iter().filter(|f| figures.contains(&(*f as u8))) {
        let (moves, gaps) = bonus::moves(facts, sales, links, |_: &BonusTerms| figure);
        let asked = |at: &Absent| facts.policy.versions.get(at.1).is_some_and(|v| !v.bonus.tiers.is_empty());
        absent.extend(gaps.into_iter().filter(asked));
        let mut sums: HashMap<(&EmployeeId, Period), Money> = HashMap::new();
        for step in moves.iter().filter(|step| counts(facts, sales, step, reach, approvals)) {
            *sums.entry((&step.employee.id, step.period)).or_default() += step.after - step.before;
        }
        for ((employee, period), plan) in &plans {
            let fact = sums.get(&(*employee, *period)).copied().unwrap_or_default();
            let share = Rate::of(fact.kopecks(), plan.kopecks()).unwrap_or(Rate::from_bp(i32::MAX));
            attained.insert(((*employee).clone(), *period, figure), share);
        }
    }
    (attained, absent)
}

/// Whether the sale counts in plan and fact.
pub(super) fn counts(
    facts: &Facts,
    sales: &[AssessedSale],
    step: &Move<'_>,
    reach: &Reach<'_>,
    approvals: &Approvals<'_>,
) -> bool {
    let (Some(version), Some(assessed), Some(sale)) =
        (facts.policy.versions.get(step.version), sales.get(step.sale), facts.sales.get(step.sale))
    else {
        return false;
    };
    let unjudged = matches!(assessed.status, Status::Missing | Status::Late);
    let excluded = || {
        missing::effects(version, step, assessed, sale.amount, reach).into_iter().any(|effect| {
            let kind = version.rules.iter().find(|rule| rule.id == effect.rule).map(|rule| &rule.kind);
            !effect.shadow && matches!(kind, Some(RuleKind::MissingCounterparty { exclude_from_kpi: true, .. }))
        })
    };
    let left_out = unjudged && excluded();
    !left_out && !approvals.defers(version, step, assessed, sale, reach)
}
