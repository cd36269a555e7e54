//! What it means in kopecks: wanted amounts from the facts alone, and the difference to what is posted.
//! Deliberately absent: statuses and scores (`assess`), storage.

mod approval;
mod bonus;
mod calls;
mod cap;
mod contest;
mod delta;
mod evidence;
mod explain;
mod missing;
mod periods;
mod premium;
mod rates;
mod reach;
mod shown;
mod totals;

use std::collections::{BTreeMap, BTreeSet};

use super::words::{self, both, say};
use super::{
    assess::returns,
    facts::{CardScore, Facts},
    finding::{Finding, Severity, SourceRef},
    ledger::Wanted,
    policy::{BonusBase, RuleKind},
    verdict::{AssessedSale, PartyVerdict},
};
pub use approval::{Approvals, DealState, code as deal_code, in_words as deal_words};
use bonus::Absent;
pub use calls::{CallsOf, calls_of};
pub use contest::{Standing, standings};
pub use delta::{Imbalance, balance_check, delta};
use evidence::Sources;
pub use explain::explain;
use reach::Reach;
pub use shown::why_shown;
pub use totals::{PeriodBonus, example_bonus, period_bonuses};

/// Wanted amounts of every rule, sorted by key; lines of `shadow` are shown and never posted.
///
/// Findings: a base of the bonus that the file does not have (hold), a version that reduces without
/// a cap.
pub fn settle(
    facts: &Facts,
    verdicts: &[PartyVerdict],
    sales: &[AssessedSale],
    cards: &[CardScore],
) -> (Vec<Wanted>, Vec<Finding>) {
    let links = returns::link(facts);
    let sources = Sources::new(facts, verdicts, sales);
    let (reach, approvals) = (Reach::of(facts), Approvals::of(facts));
    let (moves, absent, mut findings) = rates::moves(facts, sales, &links, &reach, &approvals);
    let (mut wanted, changes) = missing::lines(facts, sales, &moves, &sources, &reach);
    let book = periods::book(&moves, &changes);
    wanted.extend(approval::lines(facts, sales, &moves, &sources, &reach, &approvals));
    wanted.extend(premium::lines(facts, sales, cards, &book, &sources, &reach));
    wanted.extend(calls::lines(facts, &book, &sources, &reach));
    wanted.extend(contest::lines(facts, sales, cards, &sources, &reach));
    wanted.extend(cap::lines(facts, &book, &sources));
    wanted.sort_by(|a, b| a.key.cmp(&b.key));

    findings.extend(absent_bases(facts, &absent));
    findings.extend(approval::overdue(facts, sales, &moves, &reach, &approvals));
    findings.extend(calls::strangers(facts));
    let used: BTreeSet<usize> = moves.iter().map(|step| step.version).collect();
    findings.extend(used.into_iter().filter_map(|at| without_cap(facts, at)));
    (wanted, findings)
}

/// One hold per file and column: without the base no bonus is right, and a smaller one is no better than none.
fn absent_bases(facts: &Facts, absent: &[Absent]) -> Vec<Finding> {
    let mut files: BTreeMap<(&str, &str, u8), (usize, SourceRef, BonusBase)> = BTreeMap::new();
    for (at, version, base) in absent {
        let (Some(sale), Some(terms)) = (facts.sales.get(*at), facts.policy.versions.get(*version)) else { continue };
        files
            .entry((sale.source.file.as_ref(), terms.id.as_str(), *base as u8))
            .or_insert_with(|| (0, sale.source.clone(), *base))
            .0 += 1;
    }
    files
        .into_iter()
        .map(|((_, version, _), (count, source, base))| {
            let message = both(|lang| {
                let column = match base {
                    BonusBase::WithVat => say(lang, "суммы с НДС", "amount with VAT"),
                    BonusBase::WithoutVat => say(lang, "суммы без НДС", "amount without VAT"),
                    BonusBase::Margin => say(lang, "маржи", "margin"),
                    BonusBase::Column => say(lang, "премии", "bonus"),
                };
                match lang {
                    super::text::Lang::Ru => format!(
                        "В файле нет {column}, а премия по регламенту «{version}» считается от неё (документов: {count}). \
                         Добавьте столбец в выгрузку или измените регламент."
                    ),
                    super::text::Lang::En => format!(
                        "The file has no {column}, which the bonus of regulation “{version}” is computed from \
                         (documents: {count}). Add the column to the export or change the regulation."
                    ),
                }
            });
            Finding::new(Severity::Hold, "bonus_base_absent", message).at(source)
        })
        .collect()
}

/// Reductions without a limit are allowed only knowingly.
fn without_cap(facts: &Facts, at: usize) -> Option<Finding> {
    let version = facts.policy.versions.get(at)?;
    let reduces = version.rules.iter().any(|r| matches!(r.kind, RuleKind::MissingCounterparty { .. }) && !r.shadow);
    let capped = version.rules.iter().any(|r| matches!(r.kind, RuleKind::Cap { .. }) && !r.shadow);
    (reduces && !capped).then(|| {
        let id = &version.id;
        let message = both(|lang| match lang {
            super::text::Lang::Ru => {
                format!("В регламенте «{id}» нет предела снижений премии (cap). Добавьте его или подтвердите у юриста.")
            }
            super::text::Lang::En => {
                format!("Regulation “{id}” sets no limit to bonus reductions (cap). Add one or ask the lawyer.")
            }
        });
        Finding::new(Severity::Warn, "cap_absent", message)
    })
}
