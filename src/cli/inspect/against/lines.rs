//! Lines of documents that were added, changed or vanished. Deliberately absent: what they mean.

use crate::{
    cli::{output::Out, speech},
    domain::{
        export_diff::{Aspect, Changed, Sums},
        export_words::sums_in_words,
        money::Money,
        sale::Sale,
        text::{Lang, Text},
        words::date,
    },
    ingest::value::shown,
};

/// Documents shown of each kind; JSON holds all.
const SHOWN: usize = 20;

/// `Изменено: 2 на -10,00 RUB` and up to twenty lines; nothing when there are none.
pub(super) fn section(name: (&str, &str), total: &Sums, lines: Vec<String>, out: Out) {
    if lines.is_empty() {
        return;
    }
    let n = lines.len();
    out.say(&Text::new(
        format!("{}: {n} на {}", name.0, sums_in_words(total, Lang::Ru)),
        format!("{}: {n}, {}", name.1, sums_in_words(total, Lang::En)),
    ));
    for line in lines.iter().take(SHOWN) {
        out.line(format!("  {line}"));
    }
    if n > SHOWN {
        let rest = n - SHOWN;
        out.say(&Text::new(format!("  … и ещё {rest}; все: --json"), format!("  … and {rest} more; all: --json")));
    }
}

/// One document on one line.
pub(super) fn document(sale: &Sale, lang: Lang) -> String {
    let amount = speech::amount(lang, sale.amount);
    let (number, buyer) = (shown(&sale.number, 18), shown(&sale.party.name, 32));
    let manager = shown(&sale.manager, 24);
    let text =
        format!("{}  {number:<18}  {amount:>16} {:<3}  {buyer:<32}  {manager}", date(sale.date, lang), sale.currency);
    text.trim_end().to_owned()
}

/// The document, and each fact that changed: before → after.
pub(super) fn change(changed: &Changed<'_>, lang: Lang) -> String {
    let (a, b) = (changed.before, changed.after);
    let money = |m: Option<Money>| m.map_or_else(|| "—".to_owned(), |m| speech::amount(lang, m));
    let text = |t: &str| if t.trim().is_empty() { "—".to_owned() } else { shown(t, 32) };
    let buyer = |s: &Sale| {
        let codes = [&s.party.code, &s.party.inn, &s.party.kpp];
        let codes: Vec<&str> = codes.into_iter().map(|c| c.trim()).filter(|c| !c.is_empty()).collect();
        let name = text(&s.party.name);
        if codes.is_empty() { name } else { format!("{name} ({})", codes.join(", ")) }
    };
    let facts: Vec<String> = changed
        .what
        .iter()
        .map(|aspect| {
            let (old, new) = match aspect {
                Aspect::Amount => (money(Some(a.amount)), money(Some(b.amount))),
                Aspect::Date => (date(a.date, lang), date(b.date, lang)),
                Aspect::Buyer => (buyer(a), buyer(b)),
                Aspect::Manager => (text(&a.manager), text(&b.manager)),
                Aspect::Net => (money(a.net), money(b.net)),
                Aspect::Margin => (money(a.margin), money(b.margin)),
                Aspect::Bonus => (money(a.bonus), money(b.bonus)),
                Aspect::Currency => (text(&a.currency), text(&b.currency)),
                Aspect::Returns => {
                    (text(a.returns.as_deref().unwrap_or_default()), text(b.returns.as_deref().unwrap_or_default()))
                }
            };
            format!("{} {old} → {new}", aspect.words().get(lang))
        })
        .collect();
    format!("{}  {:<18}  {}: {}", date(a.date, lang), shown(&a.number, 18), shown(&a.party.name, 32), facts.join("; "))
}
