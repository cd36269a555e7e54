//! What is not judged: other currencies, dates before the regulation, classes of the policy, a person's decision.
//! Deliberately absent: own organisations as a special case (the pipeline adds them to the policy as a class) and any
//! exemption that is not named somewhere a person can read.

use std::collections::BTreeSet;

use super::super::{
    facts::Facts,
    org::name_key,
    party::{Counterparty, PartyKey},
    policy::{ExemptClass, PolicyVersion},
    sale::Sale,
    text::{Lang, Text},
    verdict::DecisionKind,
    words::{both, date, say},
};

/// A name for comparison with lists kept by hand: case, ё/е, quotes and the order of words do not matter, so that
/// «ООО "Ромашка"» and «Ромашка ООО» are one.
pub(crate) fn fold(name: &str) -> String {
    let key = name_key(name);
    let mut words: Vec<&str> = key.split(' ').filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// Everything by which a hand-kept list may name a counterparty.
pub(super) struct Handles {
    names: BTreeSet<String>,
    inns: BTreeSet<String>,
    codes: BTreeSet<String>,
}

impl Handles {
    pub(super) fn of(party: &Counterparty) -> Self {
        let card = party.card.as_deref();
        let written = party.spellings.iter().map(|s| &**s).chain(card.map(|c| &c.party));
        let mut names: BTreeSet<String> = written.clone().map(|s| fold(&s.name)).collect();
        names.insert(fold(&party.name));
        names.extend(card.map(|c| fold(&c.full_name)));
        names.remove("");
        let codes = written.map(|s| s.code.trim().to_owned()).filter(|c| !c.is_empty()).collect();
        Self { names, inns: party.inns.iter().map(|(inn, _)| inn.to_string()).collect(), codes }
    }

    pub(super) fn has_name(&self, name: &str) -> bool {
        self.names.contains(&fold(name))
    }

    pub(super) fn has_inn(&self, inn: &str) -> bool {
        self.inns.contains(inn.trim())
    }

    pub(super) fn has_code(&self, code: &str) -> bool {
        self.codes.contains(code.trim())
    }
}

/// Counterparties that a person declared not to be clients to be entered.
pub(super) fn by_decision(facts: &Facts) -> BTreeSet<&PartyKey> {
    facts.decisions.iter().filter(|d| matches!(d.kind, DecisionKind::Exempt)).map(|d| &d.party).collect()
}

/// Whether the sale is in a currency that is not computed. An empty currency is the base one: the file says nothing.
pub(crate) fn in_other_currency(facts: &Facts, sale: &Sale) -> bool {
    let currency = sale.currency.trim();
    !currency.is_empty() && !currency.eq_ignore_ascii_case(facts.base_currency.trim())
}

/// Why a sale is not judged, if it is not.
pub(super) fn reason(
    facts: &Facts,
    sale: &Sale,
    version: Option<&PolicyVersion>,
    handles: &Handles,
    decided: bool,
) -> Option<Text> {
    if in_other_currency(facts, sale) {
        let currency = sale.currency.trim();
        return Some(Text::new(
            format!("другая валюта ({currency}): показана отдельно, не считается"),
            format!("other currency ({currency}): listed apart, not computed"),
        ));
    }
    if decided {
        return Some(Text::new(
            "по решению сотрудника: не клиент, которого нужно вносить",
            "by a person's decision: not a client to be entered",
        ));
    }
    let Some(version) = version else {
        let first = facts.policy.versions.first().map(|v| v.effective_from);
        return Some(both(|lang| {
            let until = first.map(|d| date(d, lang));
            match (lang, until) {
                (Lang::Ru, Some(until)) => format!("до начала действия регламента ({until})"),
                (Lang::En, Some(until)) => format!("before the regulation took effect ({until})"),
                (lang, None) => say(lang, "регламент не задан", "there is no regulation").to_owned(),
            }
        }));
    };
    let class = class_of(version, handles)?;
    Some(Text::new(
        format!("не проверяется по регламенту: «{}»", class.name),
        format!("not judged by the regulation: “{}”", class.name),
    ))
}

/// Whether the version exempts the counterparty.
pub(super) fn is_exempt(version: &PolicyVersion, handles: &Handles) -> bool {
    class_of(version, handles).is_some()
}

fn class_of<'a>(version: &'a PolicyVersion, handles: &Handles) -> Option<&'a ExemptClass> {
    version.exempt.iter().find(|class| {
        class.codes.iter().any(|c| handles.has_code(c))
            || class.inns.iter().any(|i| handles.has_inn(i))
            || class.names.iter().any(|n| handles.has_name(n))
    })
}
