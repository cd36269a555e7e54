//! The bonus of a sale, round(base x rate) by the policy version of the sale's date, as *moves* of the base.
//!
//! A sale moves its base from nothing to `x`; a return that takes the sale back moves it towards nothing. Every amount
//! that depends on the base is a difference `f(after) - f(before)` of one rounded function, so any chain of returns that
//! takes the whole sale back ends at `f(0) - f(0)` exactly, however it is cut (rules, 5.1).
//!
//! A return moves the base by its own figure (without VAT, margin, bonus column) when its file gives one, never past
//! nothing; else in proportion to the amount. When the whole amount is back, the base is nothing.
//!
//! A return whose sale is not known moves nothing: it would take back a bonus that was never counted.
//!
//! Deliberately absent: shares of reductions (`missing`), other currencies, sales of nobody, dates before the policy.

use chrono::NaiveDate;

use super::super::{
    assess::{in_other_currency, returns::Links},
    facts::Facts,
    money::{Money, Rate},
    org::Employee,
    period::Period,
    policy::{BonusBase, BonusTerms, PolicyVersion, Premium, RuleKind},
    sale::Sale,
    verdict::AssessedSale,
};

/// One change of a sale's base by one document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move<'a> {
    /// Index of the document that moves it: the sale itself or a return.
    pub(super) doc: usize,
    /// Index of the sale whose terms hold.
    pub(super) sale: usize,
    /// Whose bonus: the seller of the sale.
    pub(super) employee: &'a Employee,
    /// Index of the policy version of the sale's date.
    pub(super) version: usize,
    /// Period of the document.
    pub(super) period: Period,
    /// Date of the sale, which every rule goes by.
    pub(super) sold: NaiveDate,
    /// How far the plan of the sale's period is met, when the rate comes from tiers.
    pub(super) attained: Option<Rate>,
    /// The employee's rate; 100 % when the base is the file's own bonus.
    pub(super) rate: Rate,
    /// Base before the document.
    pub(super) before: Money,
    /// Base after it.
    pub(super) after: Money,
}

impl Move<'_> {
    /// Change of the bonus.
    pub(super) fn bonus(&self) -> Money {
        self.after.share(self.rate) - self.before.share(self.rate)
    }

    /// Change of the reduction at this share of the bonus: below zero for a sale, above zero for a return. A bonus below
    /// zero (a sale at a loss) is never reduced, which would pay for the omission.
    pub(super) fn reduction(&self, share: Rate) -> Money {
        let taken = |base: Money| -base.share(self.rate).max(Money::ZERO).share(share);
        taken(self.after) - taken(self.before)
    }
}

/// The figure that the rate is applied to; `None` when the file has no such column. A document without an amount has
/// no money in it, whatever its other columns say.
pub(super) fn base_of(sale: &Sale, base: BonusBase) -> Option<Money> {
    if sale.amount.is_zero() {
        return Some(Money::ZERO);
    }
    match base {
        BonusBase::WithVat => Some(sale.amount),
        BonusBase::WithoutVat => sale.net,
        BonusBase::Margin => sale.margin,
        BonusBase::Column => sale.bonus,
    }
}

/// The rate of an employee: the file's own bonus is taken whole.
pub(super) fn rate_of(terms: &BonusTerms, employee: &Employee) -> Rate {
    if terms.base == BonusBase::Column { Rate::WHOLE } else { terms.rate_for(employee) }
}

/// Whether anything that a sale of this version touches depends on bonuses: its own rules, or those of the version that
/// closes its period.
fn bonus_matters(facts: &Facts, version: &PolicyVersion, sale: &Sale) -> bool {
    let last = facts.policy.as_of(Period::of(sale.date).last_day());
    uses_bonus(version) || last.is_some_and(uses_bonus)
}

fn uses_bonus(version: &PolicyVersion) -> bool {
    version.rules.iter().any(|rule| match &rule.kind {
        RuleKind::MissingCounterparty { .. } | RuleKind::DealApproval { .. } | RuleKind::Cap { .. } => true,
        RuleKind::Completeness { bands }
        | RuleKind::Freshness { bands, .. }
        | RuleKind::CallRecording { bands, .. } => bands.iter().any(|b| matches!(b.premium, Premium::ShareOfBonus(_))),
        RuleKind::Contest { .. } => false,
    })
}

/// A document whose base the file does not give: its index, the policy version's, and the base.
pub(super) type Absent = (usize, usize, BonusBase);

/// All moves of the figure that `base_in` names, in the order of the documents, at flat rates; and the documents that do
/// not have it.
pub(super) fn moves<'a>(
    facts: &'a Facts,
    sales: &[AssessedSale],
    links: &Links,
    base_in: impl Fn(&BonusTerms) -> BonusBase,
) -> (Vec<Move<'a>>, Vec<Absent>) {
    let (mut all, mut absent) = (Vec::with_capacity(facts.sales.len()), Vec::new());
    for (at, sale) in facts.sales.iter().enumerate() {
        // Returns come with the sales that they take back.
        if in_other_currency(facts, sale) || sale.is_return() {
            continue;
        }
        let Some(version) = facts.policy.versions.iter().rposition(|v| v.effective_from <= sale.date) else { continue };
        let Some(terms) = facts.policy.versions.get(version) else { continue };
        let employee = sales.get(at).and_then(|s| s.employee.as_ref()).and_then(|id| facts.roster.get(id));
        let Some(employee) = employee else { continue };
        let figure = base_in(&terms.bonus);
        let Some(whole) = base_of(sale, figure) else {
            if bonus_matters(facts, terms, sale) {
                absent.push((at, version, figure));
            }
            continue;
        };
        let opening = Move {
            doc: at,
            sale: at,
            employee,
            version,
            period: Period::of(sale.date),
            sold: sale.date,
            attained: None,
            rate: rate_of(&terms.bonus, employee),
            before: Money::ZERO,
            after: whole,
        };
        all.push(opening);
        let (mut base, mut left) = (whole, sale.amount);
        for piece in links.returned_by.get(at).map_or(&[][..], Vec::as_slice) {
            let Some(back) = facts.sales.get(piece.other) else { continue };
            left = left - piece.amount;
            let after = if left.is_zero() {
                Money::ZERO
            } else if let Some(own) = base_of(back, figure) {
                towards_nothing(base, portion(own, piece.amount, back.amount.abs()))
            } else {
                portion(whole, left, sale.amount)
            };
            all.push(Move { doc: piece.other, period: Period::of(back.date), before: base, after, ..opening });
            base = after;
        }
    }
    all.sort_by_key(|step| (step.doc, step.sale));
    (all, absent)
}

/// `base + change`, but never past nothing and never away from it.
fn towards_nothing(base: Money, change: Money) -> Money {
    (base + change).clamp(base.min(Money::ZERO), base.max(Money::ZERO))
}

/// `amount x part / whole`, rounded half away from zero; the amount itself when the part is the whole.
fn portion(amount: Money, part: Money, whole: Money) -> Money {
    let whole = i128::from(whole.kopecks());
    if whole <= 0 {
        return Money::ZERO;
    }
    let product = i128::from(amount.kopecks()) * i128::from(part.kopecks());
    i64::try_from((product * 2 + product.signum() * whole) / (whole * 2)).map_or(Money::ZERO, Money::from_kopecks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_rounds_half_away_from_zero_and_keeps_the_whole() {
        let m = Money::from_kopecks;
        assert_eq!(portion(m(5), m(1), m(2)), m(3));
        assert_eq!(portion(m(-5), m(1), m(2)), m(-3));
        assert_eq!((portion(m(1), m(1), m(3)), portion(m(-1), m(1), m(3))), (m(0), m(0)));
        assert_eq!((portion(m(2), m(1), m(3)), portion(m(-2), m(1), m(3))), (m(1), m(-1)));
        assert_eq!((portion(m(0), m(1), m(3)), portion(m(7), m(0), m(3))), (m(0), m(0)));
        assert_eq!(portion(m(7), m(3), m(3)), m(7));
        assert_eq!(portion(m(7), m(3), m(0)), m(0));
    }

    #[test]
    fn a_base_moves_to_nothing_and_not_past_it() {
        let m = Money::from_kopecks;
        assert_eq!(towards_nothing(m(100), m(-130)), m(0));
        assert_eq!(towards_nothing(m(100), m(30)), m(100));
        assert_eq!(towards_nothing(m(-100), m(40)), m(-60));
    }
}
