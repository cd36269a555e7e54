//! Rule `deal_approval`: the bonus of a sale in scope is deferred until the head has approved the deal (rules, 5.4). The
//! line is minus the bonus while the deal waits and nothing once it is approved; `delta` then posts the release. A return
//! takes back its part of the deferral, so that sale and return together are nothing, whatever the head says.
//!
//! Only a person's word releases: no deadline does, and the seller's own word counts for nothing, also when the sale became
//! his after he gave it. A word is about the document as it stood: one whose amount grew since waits again. The last word
//! counts, so an approval can be taken back by returning the deal.
//!
//! An exempt sale waits for nobody: there is no history to look at.
//!
//! Deliberately absent: the queue that heads see (`report`), the bonus of what waits within the cap (a deferral is no
//! reduction).

use std::collections::{BTreeMap, HashMap};

use super::{
    super::{
        facts::Facts,
        finding::{Finding, Severity},
        ledger::{EntryKey, EntryKind, Wanted},
        money::Money,
        org::EmployeeId,
        policy::{PolicyVersion, RuleKind},
        rule_facts::DealDecision,
        sale::Sale,
        text::{Lang, Text},
        verdict::{AssessedSale, Status},
    },
    bonus::Move,
    evidence::{Sources, by_plan},
    reach::Reach,
    words::{both, date, instant, money, percent, say},
};

/// Where a deal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealState<'a> {
    /// Nobody has said anything that counts.
    Waiting,
    /// The document grew since it was approved.
    Grown(&'a DealDecision),
    /// Sent back with what is missing.
    Returned(&'a DealDecision),
    /// The bonus is released.
    Approved(&'a DealDecision),
}

/// The words of heads, by sale, in order.
pub struct Approvals<'a>(HashMap<&'a str, Vec<&'a DealDecision>>);

impl<'a> Approvals<'a> {
    /// Indexes the words.
    pub fn of(facts: &'a Facts) -> Self {
        let mut by_sale: HashMap<&str, Vec<&DealDecision>> = HashMap::new();
        for word in &facts.rule_facts.deal_decisions {
            by_sale.entry(word.sale.0.as_str()).or_default().push(word);
        }
        for words in by_sale.values_mut() {
            words.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        }
        Self(by_sale)
    }

    /// Where the deal of this seller stands.
    pub fn state(&self, sale: &Sale, seller: &EmployeeId) -> DealState<'a> {
        let words = self.0.get(sale.key.0.as_str()).map_or(&[][..], Vec::as_slice);
        match words.iter().rev().find(|word| word.author != *seller) {
            None => DealState::Waiting,
            Some(word) if word.returned.is_some() => DealState::Returned(word),
            Some(word) if sale.amount > word.amount => DealState::Grown(word),
            Some(word) => DealState::Approved(word),
        }
    }

    /// Whether the bonus of the sale really waits.
    pub(super) fn defers(
        &self,
        version: &PolicyVersion,
        step: &Move<'_>,
        assessed: &AssessedSale,
        sale: &Sale,
        reach: &Reach<'_>,
    ) -> bool {
        !matches!(self.state(sale, &step.employee.id), DealState::Approved(_))
            && effects(version, step, assessed, sale.amount, reach).any(|(_, shadow)| !shadow)
    }
}

/// The approval rules that the sale meets, and whether each is only shown: the first real one decides.
fn effects<'a>(
    version: &'a PolicyVersion,
    step: &'a Move<'_>,
    assessed: &'a AssessedSale,
    amount: Money,
    reach: &'a Reach<'_>,
) -> impl Iterator<Item = (&'a str, bool)> {
    let mut decided = assessed.status == Status::Exempt;
    let exempt = decided;
    version.rules.iter().filter(move |_| !exempt).filter_map(move |rule| {
        let RuleKind::DealApproval { .. } = rule.kind else { return None };
        // A sale that the scope leaves out needs no approval at all, and nothing would have been deferred.
        if !rule.scope.covers_sale(&assessed.segment, amount) {
            return None;
        }
        let real = !decided && reach.is_real(version, rule, step.employee, step.sold);
        decided |= real;
        Some((rule.id.as_str(), !real))
    })
}

/// Deferral lines; an approved deal keeps a line of nothing that says who released it.
pub(super) fn lines(
    facts: &Facts,
    sales: &[AssessedSale],
    moves: &[Move<'_>],
    sources: &Sources<'_>,
    reach: &Reach<'_>,
    approvals: &Approvals<'_>,
) -> Vec<Wanted> {
    let mut lines: BTreeMap<(EntryKey, bool), (Wanted, Vec<Text>)> = BTreeMap::new();
    for step in moves {
        let (Some(version), Some(assessed), Some(sale), Some(doc)) = (
            facts.policy.versions.get(step.version),
            sales.get(step.sale),
            facts.sales.get(step.sale),
            facts.sales.get(step.doc),
        ) else {
            continue;
        };
        let state = approvals.state(sale, &step.employee.id);
        let full = -deferred(step);
        for (rule, shadow) in effects(version, step, assessed, sale.amount, reach) {
            let amount = if matches!(state, DealState::Approved(_)) { Money::ZERO } else { full };
            if full.is_zero() {
                continue;
            }
            let key = EntryKey {
                belongs_to: step.period,
                employee: step.employee.id.clone(),
                subject: doc.key.0.clone(),
                rule: rule.to_owned(),
            };
            let (line, pieces) = lines.entry((key.clone(), shadow)).or_insert_with(|| {
                let mut evidence = sources.of_document(step);
                code(state).clone_into(&mut evidence.status);
                evidence.cause = in_words(facts, state);
                let line = Wanted {
                    key,
                    amount: Money::ZERO,
                    kind: EntryKind::Deferral,
                    policy_version: version.id.clone(),
                    shadow,
                    evidence,
                };
                (line, Vec::new())
            });
            line.amount += amount;
            pieces.push(piece(step, state));
        }
    }
    let mut wanted: Vec<Wanted> = Vec::with_capacity(lines.len());
    for ((key, shadow), (mut line, pieces)) in lines {
        if shadow && wanted.last().is_some_and(|real| real.key == key) {
            continue;
        }
        line.evidence.arithmetic = both(|lang| pieces.iter().map(|p| p.get(lang)).collect::<Vec<_>>().join("; "));
        wanted.push(line);
    }
    wanted
}

/// The change of the bonus that waits. A bonus below zero is never deferred, which would pay for waiting.
fn deferred(step: &Move<'_>) -> Money {
    let bonus = |base: Money| base.share(step.rate).max(Money::ZERO);
    bonus(step.after) - bonus(step.before)
}

/// Stable word of a state, as evidence holds it.
pub const fn code(state: DealState<'_>) -> &'static str {
    match state {
        DealState::Waiting | DealState::Grown(_) => "awaiting_approval",
        DealState::Returned(_) => "returned",
        DealState::Approved(_) => "approved",
    }
}

/// The state in words, with who said what and when.
pub fn in_words(facts: &Facts, state: DealState<'_>) -> Text {
    let who = |word: &DealDecision| {
        facts.roster.get(&word.author).map_or_else(|| word.author.0.clone(), |person| person.name.clone())
    };
    both(|lang| {
        let at = |word: &DealDecision| format!("{}, {}", who(word), instant(word.at, facts.tz, lang));
        match state {
            DealState::Waiting => {
                say(lang, "сделка ждёт решения руководителя", "the deal waits for the head’s decision").to_owned()
            }
            DealState::Grown(word) => {
                let sum = money(word.amount, lang);
                match lang {
                    Lang::Ru => {
                        format!("сделка одобрена на {sum} ({}), документ с тех пор вырос и ждёт снова", at(word))
                    }
                    Lang::En => {
                        format!("approved for {sum} ({}), the document has grown since and waits again", at(word))
                    }
                }
            }
            DealState::Returned(word) => {
                let lacks = word.returned.as_deref().unwrap_or_default();
                match lang {
                    Lang::Ru => format!("сделка возвращена ({}), не хватает: {lacks}", at(word)),
                    Lang::En => format!("the deal was returned ({}), what is missing: {lacks}", at(word)),
                }
            }
            DealState::Approved(word) => match lang {
                Lang::Ru => format!("сделка одобрена ({})", at(word)),
                Lang::En => format!("the deal was approved ({})", at(word)),
            },
        }
    })
}

fn piece(step: &Move<'_>, state: DealState<'_>) -> Text {
    both(|lang| {
        let chain = |base: Money| {
            let bonus = money(base.share(step.rate).max(Money::ZERO), lang);
            format!("{} × {}{} = {bonus}", money(base, lang), percent(step.rate, lang), by_plan(step, lang))
        };
        let fate = match state {
            DealState::Approved(_) => say(lang, "премия освобождена", "the bonus is released"),
            _ => say(lang, "премия отложена", "the bonus is deferred"),
        };
        if step.doc == step.sale {
            return format!("{}: {fate}", chain(step.after));
        }
        let (before, after) = (say(lang, "до возврата", "before the return"), say(lang, "после", "after"));
        format!("{before} {}; {after} {}: {fate}", chain(step.before), chain(step.after))
    })
}

/// Deals whose time for a word has passed, one finding per version: they go on waiting, and a person looks.
pub(super) fn overdue(
    facts: &Facts,
    sales: &[AssessedSale],
    moves: &[Move<'_>],
    reach: &Reach<'_>,
    approvals: &Approvals<'_>,
) -> Vec<Finding> {
    let Some(today) = facts.accounting_as_of.map(|at| at.with_timezone(&facts.tz).date_naive()) else {
        return Vec::new();
    };
    let mut late: BTreeMap<&str, (usize, Money, &Sale)> = BTreeMap::new();
    for step in moves.iter().filter(|step| step.doc == step.sale) {
        let (Some(version), Some(assessed), Some(sale)) =
            (facts.policy.versions.get(step.version), sales.get(step.sale), facts.sales.get(step.sale))
        else {
            continue;
        };
        let waits = matches!(approvals.state(sale, &step.employee.id), DealState::Waiting | DealState::Grown(_));
        let real = effects(version, step, assessed, sale.amount, reach).find(|(_, shadow)| !shadow);
        let Some(rule) = real.filter(|_| waits).and_then(|(id, _)| version.rules.iter().find(|r| r.id == id)) else {
            continue;
        };
        let RuleKind::DealApproval { escalate_working_days } = rule.kind else { continue };
        let Some(last) = facts.calendar.working_day_after(sale.date, escalate_working_days) else { continue };
        if last < today {
            let (count, sum, oldest) = late.entry(version.id.as_str()).or_insert((0, Money::ZERO, sale));
            *count += 1;
            *sum += deferred(step);
            if sale.date < oldest.date {
                *oldest = sale;
            }
        }
    }
    late.into_values()
        .map(|(count, sum, oldest)| {
            let message = both(|lang| {
                let (sum, day) = (money(sum, lang), date(oldest.date, lang));
                match lang {
                    Lang::Ru => format!(
                        "Сделки ждут решения руководителя дольше положенного: {count}, отложено премии {sum}, самая ранняя \
                         № {} от {day}. Решите: sverka deals list",
                        oldest.number
                    ),
                    Lang::En => format!(
                        "Deals wait for the head’s decision longer than they should: {count}, bonus deferred {sum}, the \
                         oldest No. {} of {day}. Decide: sverka deals list",
                        oldest.number
                    ),
                }
            });
            Finding::new(Severity::Warn, "deals_overdue", message)
        })
        .collect()
}
