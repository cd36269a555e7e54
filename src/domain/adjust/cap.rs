//! Rule `cap`: reductions of an employee that belong to one period may not exceed a share of the period's bonus; the
//! excess comes back as one `cap_relief` entry and is not carried over (rules, 5.7).
//!
//! Every sale keeps the limit of the policy version of its date: limit = round(sum over versions of bonus x cap), rounded
//! once, so that a version that changes something else in the middle of a period does not move a kopeck, and a new share
//! holds for the sales from its date on; and never more than the widest of these caps of the bonus as a whole, which
//! matters when returns leave one version's part below zero. Reductions of versions without a cap that concerns the employee are neither
//! limited nor counted against the limit. The line cites the latest version that has a say.
//!
//! Reductions are net of the reversals by returns that belong to the same period. A return in a later period reverses
//! what its sale wanted before the cap: it may give back more than the capped period took, never less.
//!
//! Deliberately absent: a limit on premiums, carrying over, the month's wage as a base.

use super::{
    super::{
        facts::Facts,
        ledger::{EntryKey, EntryKind, Evidence, SUBJECT_PERIOD, Wanted},
        money::{Money, Rate},
        org::Employee,
        policy::{PolicyVersion, Rule, RuleKind},
        text::Text,
    },
    evidence::Sources,
    periods::{Book, Sums},
    words::{both, money, percent, say},
};

/// Relief lines of every period and employee.
pub(super) fn lines(facts: &Facts, book: &Book<'_>, sources: &Sources<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for ((period, _), (employee, part)) in book {
        let capped: Vec<Capped<'_>> = part
            .by_version
            .iter()
            .filter_map(|(at, sums)| {
                let version = facts.policy.versions.get(*at)?;
                let (rule, cap) = rule_for(version, employee)?;
                Some(Capped { sums: *sums, rule, cap, version: version.id.as_str() })
            })
            .collect();
        let (real, shown): (Vec<_>, Vec<_>) = capped.into_iter().partition(|c| c.is_real(employee));
        let posted = relief(&real, |sums| sums.real);
        // Nothing real to limit: show what the limit would have done to what is only shown.
        let (parts, relief, shadow) = match posted {
            Some(found) => (&real, found, false),
            None if !real.is_empty() => match relief(&real, |sums| sums.shown) {
                Some(found) => (&real, found, true),
                None => continue,
            },
            None => match relief(&shown, |sums| sums.real + sums.shown) {
                Some(found) => (&shown, found, true),
                None => continue,
            },
        };
        let Some(last) = parts.last() else { continue };
        wanted.push(Wanted {
            key: EntryKey {
                belongs_to: *period,
                employee: employee.id.clone(),
                subject: SUBJECT_PERIOD.to_owned(),
                rule: last.rule.id.clone(),
            },
            amount: relief.excess,
            kind: EntryKind::CapRelief,
            policy_version: last.version.to_owned(),
            shadow,
            evidence: Evidence {
                document: Text::new(format!("за период {period}"), format!("period {period}")),
                snapshots: sources.snapshots.clone(),
                status: "cap".to_owned(),
                arithmetic: relief.words(parts),
                cause: Text::new("изменились премия или снижения периода", "the period's bonus or reductions changed"),
                ..Evidence::default()
            },
        });
    }
    wanted
}

/// The limit of the employee: the first that is real and covers him, else the first of all, to be shown. Departments may
/// have limits of their own, and one that is tried out stands beside the one in force.
fn rule_for<'a>(version: &'a PolicyVersion, employee: &Employee) -> Option<(&'a Rule, Rate)> {
    let mut caps = version.rules.iter().filter_map(|r| match &r.kind {
        RuleKind::Cap { cap } => Some((r, *cap)),
        _ => None,
    });
    let first = caps.next()?;
    let real = |(rule, _): &(&Rule, Rate)| !rule.shadow && rule.scope.covers_employee(employee);
    Some(std::iter::once(first).chain(caps).find(real).unwrap_or(first))
}

/// Sums of one version with its cap.
struct Capped<'a> {
    sums: Sums,
    rule: &'a Rule,
    cap: Rate,
    version: &'a str,
}

impl Capped<'_> {
    fn is_real(&self, employee: &Employee) -> bool {
        !self.rule.shadow && self.rule.scope.covers_employee(employee)
    }
}

/// What exceeds the limit.
struct Relief {
    reductions: Money,
    limit: Money,
    excess: Money,
}

/// The excess of the reductions over the limit, if any.
fn relief(parts: &[Capped<'_>], sum: impl Fn(&Sums) -> Money) -> Option<Relief> {
    let reductions = -parts.iter().map(|p| sum(&p.sums)).sum::<Money>();
    let product: i128 = parts.iter().map(|p| i128::from(p.sums.bonus.kopecks()) * i128::from(p.cap.bp())).sum();
    let whole = i128::from(Rate::WHOLE.bp());
    let limit = i64::try_from((product.max(0) + whole / 2) / whole).map_or(Money::ZERO, Money::from_kopecks);
    let bonus = parts.iter().map(|p| p.sums.bonus).sum::<Money>().max(Money::ZERO);
    let widest = parts.iter().map(|p| p.cap).max().unwrap_or_default();
    let limit = limit.min(bonus.share(widest));
    (reductions > limit).then(|| Relief { reductions, limit, excess: reductions - limit })
}

impl Relief {
    fn words(&self, parts: &[Capped<'_>]) -> Text {
        both(|lang| {
            let pieces: Vec<String> =
                parts.iter().map(|p| format!("{} × {}", money(p.sums.bonus, lang), percent(p.cap, lang))).collect();
            format!(
                "{}: {} = {}; {} {} - {} = {}",
                say(lang, "предел", "limit"),
                pieces.join(" + "),
                money(self.limit, lang),
                say(lang, "снижения", "reductions"),
                money(self.reductions, lang),
                money(self.limit, lang),
                money(self.excess, lang)
            )
        })
    }
}
