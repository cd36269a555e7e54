//! Gives a reversal its document and its cause: when the facts no longer ask for a posted amount there is no wanted line
//! to take the evidence from. Deliberately absent: amounts (this step changes none).

use std::collections::HashMap;

use super::{
    super::{
        facts::Facts,
        ledger::{NewEntry, SUBJECT_PERIOD},
        money::Money,
        text::Text,
        verdict::{AssessedSale, PartyVerdict},
    },
    delta::nothing_wanted,
    evidence::Sources,
    words::{both, money, say},
};

/// Fills the evidence of entries that `delta` made without a wanted line: document, place, status, match, and the status
/// in words as the cause (`карточка внесена …`). To be called on the result of `delta`, before posting.
pub fn explain(entries: &mut [NewEntry], facts: &Facts, verdicts: &[PartyVerdict], sales: &[AssessedSale]) {
    let sources = Sources::new(facts, verdicts, sales);
    let general = nothing_wanted();
    for entry in entries.iter_mut().filter(|e| e.evidence.status.is_empty() && e.key.subject == SUBJECT_PERIOD) {
        of_period(entry, &sources);
    }
    let mut index: Option<HashMap<&str, usize>> = None;
    for entry in entries.iter_mut().filter(|e| e.evidence.status.is_empty() && e.key.subject != SUBJECT_PERIOD) {
        let index = index.get_or_insert_with(|| {
            facts.sales.iter().enumerate().map(|(at, sale)| (sale.key.0.as_str(), at)).collect()
        });
        let found = index.get(entry.key.subject.as_str()).and_then(|&at| Some((at, facts.sales.get(at)?)));
        let Some((at, sale)) = found else {
            let gone = Text::new(
                "документа больше нет в данных бухгалтерии",
                "the document is no longer in the accounting data",
            );
            entry.evidence.cause = replace(&entry.evidence.cause, &general, &gone);
            continue;
        };
        let mut evidence = sources.describe(at, sale, None);
        // An unchanged status means that the document itself or its seller changed, or the rule did.
        let moved = sales.get(at).is_some_and(|own| own.employee.as_ref() != Some(&entry.key.employee));
        let cause = if moved {
            Text::new("документ теперь числится за другим сотрудником", "the document now belongs to another employee")
        } else {
            evidence.cause
        };
        let cause = facts.waiver(&entry.key).map_or(cause, |waiver| waiver.cause.clone());
        evidence.cause = replace(&entry.evidence.cause, &general, &cause);
        entry.evidence = evidence;
    }
}

/// A rule over a period that wants nothing any more: the period, the data it was judged against, and the subtraction.
fn of_period(entry: &mut NewEntry, sources: &Sources<'_>) {
    let (period, amount) = (entry.key.belongs_to, entry.amount);
    entry.evidence.document = Text::new(format!("за период {period}"), format!("period {period}"));
    entry.evidence.snapshots.clone_from(&sources.snapshots);
    entry.evidence.arithmetic = both(|lang| {
        let (due, posted) = (say(lang, "следует", "due"), say(lang, "проведено", "posted"));
        let zero = money(Money::ZERO, lang);
        format!(
            "{due} {zero}; {posted} {}; {zero} - ({}) = {}",
            money(-amount, lang),
            money(-amount, lang),
            money(amount, lang)
        )
    });
}

fn replace(cause: &Text, general: &Text, by: &Text) -> Text {
    Text::new(cause.ru.replace(&general.ru, &by.ru), cause.en.replace(&general.en, &by.en))
}
