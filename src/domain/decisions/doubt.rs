//! What speaks against a decision since it was made: other ИНН than the person saw. The decision stays in force.
//! Deliberately absent: doubts that were there already when the person decided; that was the person's to judge.

use std::collections::BTreeSet;

use super::{
    Seen, Standing, exact_inns,
    place::{Parties, Records},
    record_inns,
};
use crate::domain::{party::PartyKey, text::Text, verdict::DecisionKind};

/// What speaks against the decision, if anything does.
pub(super) fn of(
    standing: &Standing,
    seen: Option<&Seen>,
    parties: &Parties<'_>,
    records: &Records<'_>,
) -> Option<Text> {
    let inns = |keys: &[PartyKey]| -> BTreeSet<String> {
        keys.iter().filter_map(|key| parties.get(key)).flat_map(exact_inns).collect()
    };
    let own = inns(&standing.parties);
    let was = seen.map(|s| &s.party.inns);
    let stranger = || {
        was.filter(|was| differ(&own, was)).map(|was| {
            Text::new(
                format!("решение принято о контрагенте с ИНН {}, теперь у него {}", list(was), list(&own)),
                format!("decided about a counterparty with the tax number {}, now it is {}", list(was), list(&own)),
            )
        })
    };
    let record = || match &standing.decision.kind {
        DecisionKind::Confirm(id) => {
            let known = records.get(standing.alias.as_ref().unwrap_or(id)).filter(|k| !k.gone)?;
            let theirs = record_inns(known);
            let news = seen.is_none_or(|s| s.party.inns != own || s.record_inns != theirs);
            (news && differ(&own, &theirs)).then(|| {
                Text::new(
                    format!("теперь ИНН разные: в учёте {}, в карточке {id} {}", list(&own), list(&theirs)),
                    format!(
                        "the tax numbers differ now: {} in accounting, {} on the record {id}",
                        list(&own),
                        list(&theirs)
                    ),
                )
            })
        }
        DecisionKind::Reject(id) => {
            let known = records.get(standing.alias.as_ref().unwrap_or(id)).filter(|k| !k.gone)?;
            let theirs = record_inns(known);
            let news = seen.is_some_and(|s| s.party.inns != own || s.record_inns != theirs);
            (news && !own.is_disjoint(&theirs)).then(|| {
                Text::new(
                    format!("карточка {id} отклонена, а теперь у неё тот же ИНН: {}", list(&theirs)),
                    format!("the record {id} was rejected, and now it has the same tax number: {}", list(&theirs)),
                )
            })
        }
        DecisionKind::Exempt => None,
        DecisionKind::Same(_) => {
            let theirs = inns(&standing.others);
            let before = seen.and_then(|s| s.other.as_ref()).map(|other| &other.inns);
            let news = was != Some(&own) || before != Some(&theirs);
            (news && differ(&own, &theirs)).then(|| {
                Text::new(
                    format!("объявлены одной организацией, а ИНН теперь разные: {} и {}", list(&own), list(&theirs)),
                    format!(
                        "declared one company, and the tax numbers differ now: {} and {}",
                        list(&own),
                        list(&theirs)
                    ),
                )
            })
        }
    };
    record().or_else(stranger)
}

fn differ(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    !a.is_empty() && !b.is_empty() && a.is_disjoint(b)
}

fn list(inns: &BTreeSet<String>) -> String {
    inns.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
