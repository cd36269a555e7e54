//! Which level of a grouped report is the seller, the buyer, the document: said by the layout, by the columns or captions
//! of the header, and for what is left by the keys themselves. A level that nothing names is a question for a person,
//! with examples. Deliberately absent: guessing a seller from a buyer.

use super::nodes::Node;
use crate::ingest::{
    date, document,
    header::Header,
    layout::Layout,
    period_words,
    place::{Findings, Place},
    title,
    value::{self, key},
};

/// Role of each depth, or the finding that says which one nobody knows.
pub(super) fn roles(
    nodes: &[Node],
    depths: &[usize],
    header: &Header,
    layout: &Layout,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<String>> {
    let levels = depths.iter().max().map_or(0, |deepest| deepest + 1);
    if !layout.levels.is_empty() {
        if layout.levels.len() == levels {
            return Some(layout.levels.clone());
        }
        let (wanted, known) = (layout.levels.len(), layout.levels.join(" → "));
        findings.hold(
            "levels_differ",
            place.whole(),
            format!(
                "в отчёте уровней {levels}, а в описании «{}» их {wanted} ({known}); исправьте levels",
                layout.name
            ),
            format!(
                "the report has {levels} levels, layout “{}” names {wanted} ({known}); correct levels",
                layout.name
            ),
        );
        return None;
    }
    let mut roles: Vec<Option<String>> = (0..levels).map(|depth| by_column(nodes, depths, depth, header)).collect();
    if let Some(named) = stacked(nodes, header).filter(|named| named.len() == levels) {
        roles = named.into_iter().map(Some).collect();
    }
    for depth in 0..levels {
        let keys = || nodes.iter().zip(depths).filter(move |(_, d)| **d == depth).map(|(node, _)| node.key.as_str());
        // What the report prints about a level outweighs what its keys look like.
        if let Some(slot) = roles.get_mut(depth).filter(|slot| slot.is_none()) {
            *slot = by_content(keys).map(str::to_owned);
        }
    }
    fill_from_captions(&mut roles, nodes, header);
    repeated_is_other(&mut roles);
    let unknown = roles.iter().position(Option::is_none);
    if let Some(depth) = unknown {
        let mut examples: Vec<&str> = Vec::new();
        for (node, d) in nodes.iter().zip(depths) {
            if *d == depth && examples.len() < 3 && !examples.contains(&node.key.as_str()) {
                examples.push(&node.key);
            }
        }
        let first = nodes.iter().zip(depths).find(|(_, d)| **d == depth).map_or(0, |(node, _)| node.number);
        let (shown, level) = (examples.join("», «"), depth + 1);
        findings.hold(
            "level_unknown",
            place.row(first),
            format!("неясно, что стоит на уровне {level} из {levels}: «{shown}»; сохраните описание (inspect --save-layout) и назовите уровни в levels, например [\"manager\", \"counterparty\", \"number\"]"),
            format!("it is unclear what level {level} of {levels} holds: “{shown}”; save the layout (inspect --save-layout) and name the levels in levels, for example [\"manager\", \"counterparty\", \"number\"]"),
        );
        return None;
    }
    Some(roles.into_iter().flatten().collect())
}

/// The role of the column in which the keys of a depth stand, if depths stand in columns of their own.
fn by_column(nodes: &[Node], depths: &[usize], depth: usize, header: &Header) -> Option<String> {
    let mut columns: Vec<usize> = nodes.iter().map(|n| n.columns.0).collect();
    columns.dedup();
    if columns.iter().all(|c| Some(c) == columns.first()) {
        return None;
    }
    let mut own = nodes.iter().zip(depths).filter(|(_, d)| **d == depth).map(|(node, _)| node.columns.0);
    let column = own.next().filter(|first| own.all(|c| c == *first))?;
    header.captions.get(&column).and_then(|roles| roles.last()).cloned()
}

/// Roles of the captions of the key column, if all keys stand in one.
fn stacked(nodes: &[Node], header: &Header) -> Option<Vec<String>> {
    let column = nodes.first()?.columns.0;
    nodes.iter().all(|node| node.columns.0 == column).then(|| header.captions.get(&column).cloned()).flatten()
}

/// Captions that are fewer than the levels name those that content left open, in their order, if the numbers agree.
fn fill_from_captions(roles: &mut [Option<String>], nodes: &[Node], header: &Header) {
    let Some(named) = stacked(nodes, header) else { return };
    let known: Vec<String> = roles.iter().flatten().cloned().collect();
    let rest: Vec<String> = named.into_iter().filter(|role| !known.contains(role)).collect();
    let open = roles.iter().filter(|r| r.is_none()).count();
    if open == rest.len() {
        for (slot, role) in roles.iter_mut().filter(|r| r.is_none()).zip(rest) {
            *slot = Some(role);
        }
    }
}

/// Folders within folders: of several levels of one role the deepest is meant.
fn repeated_is_other(roles: &mut [Option<String>]) {
    for depth in (0..roles.len()).rev() {
        let role = roles.get(depth).cloned().flatten();
        let above = roles.get_mut(..depth).unwrap_or_default();
        for slot in above.iter_mut().filter(|slot| slot.is_some() && **slot == role) {
            *slot = Some("other".to_owned());
        }
    }
}

/// What the keys of a level are by themselves: documents, days, months, accounts, contracts, legal entities.
fn by_content<'a, I: Iterator<Item = &'a str>>(keys: impl Fn() -> I) -> Option<&'static str> {
    let all = keys().count();
    if all == 0 {
        return None;
    }
    let share = |test: &dyn Fn(&str) -> bool, percent: usize| keys().filter(|k| test(k)).count() * 100 >= all * percent;
    let worded = |k: &str| document::split(k).date.is_some();
    if share(&worded, 80) {
        let order = |k: &str| key(&document::split(k).kind).starts_with("заказ");
        return Some(if share(&order, 80) { "order" } else { "number" });
    }
    if share(&|k| date::from_text(k).is_ok(), 90) {
        return Some("date");
    }
    if share(&|k| period_words::caption(k, None).is_some(), 90) {
        return Some("month");
    }
    if share(&is_account, 100) {
        return Some("account");
    }
    if share(&|k| key(k).contains("договор") || key(k).starts_with("дог."), 60) {
        return Some("contract");
    }
    (all >= 2 && share(&title::is_legal_entity, 60)).then_some("counterparty")
}

/// `62`, `62.01`, `76.АВ`.
pub(super) fn is_account(text: &str) -> bool {
    let text = text.trim_matches(value::is_blank);
    let mut parts = text.split(['.', ',']);
    parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
        && parts.all(|p| (1..=3).contains(&p.chars().count()) && p.chars().all(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_what_they_are() {
        let told = |keys: &[&str]| by_content(|| keys.iter().copied());
        assert_eq!(
            told(&["Реализация 0000-001471 от 01.06.2026 17:00:00", "Возврат № 15 от 02.06.2026"]),
            Some("number")
        );
        assert_eq!(told(&["Заказ клиента 00УТ-1 от 01.06.2026"]), Some("order"));
        assert_eq!(told(&["01.06.2026", "02.06.2026 0:00:00"]), Some("date"));
        assert_eq!(told(&["Июнь 2026 г.", "Июль 2026"]), Some("month"));
        assert_eq!(told(&["62", "62.01", "76.АВ"]), Some("account"));
        assert_eq!(told(&["Основной договор", "Договор №5 от весны"]), Some("contract"));
        assert_eq!(told(&["ВЕКТОР ООО", "ИП Орлов", "Магазин"]), Some("counterparty"));
        assert_eq!(told(&["Иванов И. И.", "Петров П. П."]), None, "a seller is not told from a buyer by his name");
    }
}
