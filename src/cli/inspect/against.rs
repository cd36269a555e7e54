//! `inspect NEW --against OLD`: what the new export adds, changes and no longer has, and what taking it in would mean.
//! Exit code 0 when it would be taken in, also with differences; 2 when a person has to look: at one of the files, at too
//! much that vanished, or at documents that two overlapping files tell differently. Deliberately absent: the store, so
//! what other files told does not count here.

mod json;
mod lines;

use std::process::ExitCode;

use crate::{
    cli::output::Out,
    domain::{
        export_diff::{ExportDiff, diff, sums},
        export_scope::{Scope, too_many},
        export_words::{span_in_words, sums_in_words},
        finding::{Finding, SourceRef},
        gate::GateSettings,
        inbox::{AccountingTable, DateSpan},
        sale::Sale,
        text::{Lang, Text},
        words::both,
    },
    ingest::interpret::Parsed,
};

/// Both files and what separates them.
struct Comparison<'a> {
    before: &'a AccountingTable,
    after: &'a AccountingTable,
    diff: ExportDiff<'a>,
    /// What the new export may list in full.
    scope: Option<Scope>,
    /// Known documents within it.
    known: usize,
}

/// Compares and answers.
pub fn answer(old: &Parsed, new: &Parsed, out: Out) -> ExitCode {
    let tables = old.accounting.as_ref().zip(new.accounting.as_ref());
    let Some((before, after)) = tables.filter(|(a, b)| !a.sales.is_empty() && !b.sales.is_empty()) else {
        let text = Text::new(
            "сравнивать нечего: в одном из файлов нет продаж; каждый по отдельности покажет sverka inspect ФАЙЛ",
            "there is nothing to compare: one of the files holds no sales; sverka inspect FILE shows each by itself",
        );
        if out.json {
            out.json(&serde_json::json!({ "comparable": false, "meaning": text.get(out.lang), "needs_person": true }));
        } else {
            out.say(&text);
            holds(old, new, out);
        }
        return ExitCode::from(2);
    };
    let narrowed = new.findings.iter().any(|f| f.code == "filter_present");
    let scope = Scope::of(after, narrowed);
    let within = |s: &&Sale| scope.as_ref().is_some_and(|scope| scope.covers(s.key.organisation(), s.date));
    let compared = Comparison {
        before,
        after,
        diff: diff(&before.sales, &after.sales, scope.as_ref().map(|s| s.span)),
        known: before.sales.iter().filter(within).count(),
        scope,
    };
    let (meaning, doubtful) = compared.meaning();
    let needs_person = doubtful || old.holds() || new.holds();
    if out.json {
        out.json(&json::report(&compared, meaning.get(out.lang), needs_person));
    } else {
        compared.print(out);
        holds(old, new, out);
        out.say(&meaning);
    }
    ExitCode::from(if needs_person { 2 } else { 0 })
}

/// What either file is held for.
fn holds(old: &Parsed, new: &Parsed, out: Out) {
    for (parsed, which) in
        [(old, Text::new("прежний файл", "the old file")), (new, Text::new("новый файл", "the new file"))]
    {
        for finding in parsed.findings.iter().filter(|f| Finding::holds(f)) {
            let place = finding.source.as_ref().map(SourceRef::describe).unwrap_or_default();
            out.say(&both(|lang| {
                let place = place.get(lang);
                let sign = if place.is_empty() { "" } else { ": " };
                let person = if lang == Lang::Ru { "нужен человек" } else { "needs a person" };
                format!("{}, {person}: {place}{sign}{}", which.get(lang), finding.message.get(lang))
            }));
        }
    }
}

impl Comparison<'_> {
    /// What taking the new export in would mean, and whether it would wait for a person.
    fn meaning(&self) -> (Text, bool) {
        let (found, level) = (&self.diff, GateSettings::default().hold.vanished_bp);
        let days = |t: &AccountingTable| {
            let dates = || t.sales.iter().map(|s| s.date);
            t.period.or_else(|| Some(DateSpan { from: dates().min()?, to: dates().max()? }))
        };
        let covers = days(self.after).zip(days(self.before)).is_some_and(|(new, old)| new.covers(old));
        if found.is_empty() {
            let text = Text::new(
                "Итог: выгрузки говорят одно и то же, приём новой ничего не изменит.",
                "In short: the exports say the same, taking the new one in changes nothing.",
            );
            return (text, false);
        }
        if !found.changed.is_empty() && !covers {
            let text = Text::new(
                "Итог: новая выгрузка накрывает не все дни прежней и говорит о части документов иначе, поэтому она будет ждать человека; выгрузите весь период одним файлом.",
                "In short: the new export does not cover all days of the old one and tells some documents differently, so it would wait for a person; export the whole period as one file.",
            );
            return (text, true);
        }
        if self.scope.is_none() && !found.vanished.is_empty() {
            let text = Text::new(
                "Итог: новая выгрузка без периода в заголовке или с отбором, поэтому отсутствие документов в ней ничего не доказывает: они останутся, остальное будет принято как в ней.",
                "In short: the new export prints no period or is filtered, so documents that it lacks prove nothing: they stay, and the rest is taken as it says.",
            );
            return (text, false);
        }
        if too_many(found.vanished.len(), self.known, level) {
            let text = Text::new(
                format!(
                    "Итог: исчезло {} из {} документов, это слишком много, и при обычных настройках выгрузка будет ждать человека; выгрузите период целиком или подтвердите её, если документы и правда отменены.",
                    found.vanished.len(),
                    self.known
                ),
                format!(
                    "In short: {} of {} documents vanished, which is too much, and with the usual settings the export would wait for a person; export the whole period, or release it if they really were cancelled.",
                    found.vanished.len(),
                    self.known
                ),
            );
            return (text, true);
        }
        let text = if found.changed.is_empty() && found.vanished.is_empty() {
            Text::new(
                "Итог: новая выгрузка только добавит документы; принятое раньше не изменится.",
                "In short: the new export only adds documents; what was taken in before stays.",
            )
        } else {
            Text::new(
                "Итог: изменённые документы станут такими, как в новой выгрузке, исчезнувшие перестанут учитываться; в открытом месяце сразу, в закрытом разница пройдёт исправлением в открытом.",
                "In short: changed documents become what the new export says, vanished ones no longer count; in an open month at once, for a closed one the difference is posted as a correction in the open month.",
            )
        };
        (text, false)
    }

    fn print(&self, out: Out) {
        if let Some(scope) = &self.scope {
            out.say(&both(|lang| {
                let days = span_in_words(scope.span, lang);
                match lang {
                    Lang::Ru => format!("Сравниваются документы за {days}: период новой выгрузки."),
                    Lang::En => format!("Documents of {days} are compared: the period of the new export."),
                }
            }));
        }
        let found = &self.diff;
        let sales = |list: &[&Sale]| list.iter().map(|s| lines::document(s, out.lang)).collect();
        lines::section(("Добавлено", "Added"), &found.added_sums(), sales(&found.added), out);
        let changed = found.changed.iter().map(|c| lines::change(c, out.lang)).collect();
        lines::section(("Изменено", "Changed"), &found.changed_sums(), changed, out);
        lines::section(("Исчезло", "Vanished"), &found.vanished_sums(), sales(&found.vanished), out);
        out.say(&both(|lang| {
            let (old, new) =
                (sums_in_words(&sums(&self.before.sales), lang), sums_in_words(&sums(&self.after.sales), lang));
            let (n, m, same) = (self.before.sales.len(), self.after.sales.len(), found.same);
            match lang {
                Lang::Ru => format!("Без изменений: {same}. Было документов {n} на {old}, стало {m} на {new}."),
                Lang::En => format!("Unchanged: {same}. Before: {n} documents, {old}; now: {m}, {new}."),
            }
        }));
    }
}
