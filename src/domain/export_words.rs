//! What an export changed, and why it may not, in words. Deliberately absent: deciding any of it.

use super::{
    export_diff::{Sums, growth, sums},
    finding::{Finding, Severity},
    inbox::{DateSpan, Grain},
    money::Money,
    sale::Sale,
    text::Lang,
    words::{both, date, money},
};

/// Code of the hold of an export that lacks too many known documents.
pub const VANISHED_TOO_MANY: &str = "vanished_too_many";

/// Code of the remark about documents of open months that an export changed.
const CHANGED: &str = "documents_changed";

/// The same about closed months.
const CLOSED_CHANGED: &str = "closed_documents_changed";

/// Whether a finding tells what an export changed among known documents, or would have.
pub fn is_change(code: &str) -> bool {
    [CHANGED, CLOSED_CHANGED, VANISHED_TOO_MANY].contains(&code)
}

/// Sums by currency as people read them: `1 250,00 RUB, 10,00 EUR`.
pub fn sums_in_words(sums: &Sums, lang: Lang) -> String {
    if sums.is_empty() {
        return money(Money::ZERO, lang);
    }
    let parts: Vec<String> = sums.iter().map(|(code, sum)| format!("{} {code}", money(*sum, lang))).collect();
    parts.join(", ")
}

/// `01.11.2026 – 30.11.2026` or `2026-11-01 to 2026-11-30`.
pub fn span_in_words(span: DateSpan, lang: Lang) -> String {
    let (from, to) = (date(span.from, lang), date(span.to, lang));
    match lang {
        Lang::Ru => format!("{from} – {to}"),
        Lang::En => format!("{from} to {to}"),
    }
}

/// A document: number, day, buyer.
fn named(sale: &Sale, lang: Lang) -> String {
    let (day, buyer) = (date(sale.date, lang), sale.party.name.trim());
    match lang {
        Lang::Ru => format!("{} от {day} ({buyer})", sale.number),
        Lang::En => format!("{} of {day} ({buyer})", sale.number),
    }
}

/// The hold of an export of a whole period that lacks too many of the known documents.
pub fn vanished_too_many(gone: &[&Sale], known: usize, span: DateSpan, severity: Severity) -> Finding {
    let message = both(|lang| {
        let (span, sum) = (span_in_words(span, lang), sums_in_words(&sums(gone.iter().copied()), lang));
        let first = gone.iter().min_by_key(|s| (s.date, &s.key)).map(|s| named(s, lang)).unwrap_or_default();
        let count = gone.len();
        match (lang, severity) {
            (Lang::Ru, Severity::Hold) => format!(
                "в выгрузке за {span} нет документов, принятых раньше: {count} из {known} на {sum}, первый {first}; выгрузите период целиком или подтвердите файл, если эти документы и правда отменены"
            ),
            (Lang::En, Severity::Hold) => format!(
                "the export of {span} lacks documents that were taken in before: {count} of {known}, {sum} in all, the first {first}; export the whole period or release the file if they really were cancelled"
            ),
            (Lang::Ru, _) => format!(
                "в выгрузке за {span} нет документов, принятых раньше: {count} из {known} на {sum}, первый {first}; они оставлены, потому что их отмену никто не подтвердил"
            ),
            (Lang::En, _) => format!(
                "the export of {span} lacks documents that were taken in before: {count} of {known}, {sum} in all, the first {first}; they were kept because nobody has confirmed that they are cancelled"
            ),
        }
    });
    Finding::new(severity, VANISHED_TOO_MANY, message)
}

/// What an export changed among the known documents of some days.
#[derive(Clone, Debug, Default)]
pub struct Changes<'a> {
    /// Before and after.
    pub changed: Vec<(&'a Sale, &'a Sale)>,
    /// New ones.
    pub added: Vec<&'a Sale>,
    /// Gone ones.
    pub vanished: Vec<&'a Sale>,
    /// Whether so few are gone that nobody needs to look.
    pub few: bool,
}

impl Changes<'_> {
    /// Whether nothing happened at all.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.added.is_empty() && self.vanished.is_empty()
    }

    /// «изменено документов: …, добавлено: …, исчезло: …», each with its sum and the first document.
    fn counted(&self, lang: Lang) -> String {
        let changed = self.changed.iter().map(|(_, after)| *after);
        let first = |sales: &mut dyn Iterator<Item = &Sale>| {
            sales.min_by_key(|s| (s.date, s.key.clone())).map(|s| named(s, lang)).unwrap_or_default()
        };
        let mut parts = Vec::new();
        if !self.changed.is_empty() {
            let (n, sum) = (self.changed.len(), sums_in_words(&growth(self.changed.iter().copied()), lang));
            let first = first(&mut changed.into_iter());
            parts.push(match lang {
                Lang::Ru => format!("изменено документов: {n} на {sum}, первый {first}"),
                Lang::En => format!("documents changed: {n} by {sum}, the first {first}"),
            });
        }
        for (list, ru, en) in [(&self.added, "добавлено", "added"), (&self.vanished, "исчезло", "vanished")]
        {
            if !list.is_empty() {
                let (n, sum) = (list.len(), sums_in_words(&sums(list.iter().copied()), lang));
                let first = first(&mut list.iter().copied());
                parts.push(match lang {
                    Lang::Ru => format!("{ru}: {n} на {sum}, первый {first}"),
                    Lang::En => format!("{en}: {n}, {sum} in all, the first {first}"),
                });
            }
        }
        parts.join("; ")
    }

    /// The finding about open months, if anything happened there: a note when documents were only added.
    pub fn of_open(&self) -> Option<Finding> {
        let small = self.changed.is_empty() && (self.vanished.is_empty() || self.few);
        let severity = if small { Severity::Note } else { Severity::Warn };
        let message = both(|lang| match lang {
            Lang::Ru => format!("по сравнению с принятыми раньше выгрузками {}", self.counted(lang)),
            Lang::En => format!("against the exports taken in before: {}", self.counted(lang)),
        });
        (!self.is_empty()).then(|| Finding::new(severity, CHANGED, message))
    }

    /// The finding about closed months, if anything happened there.
    pub fn of_closed(&self) -> Option<Finding> {
        let message = both(|lang| match lang {
            Lang::Ru => format!(
                "в закрытых месяцах {}; их ведомости не меняются, разница пройдёт исправлением в открытом месяце",
                self.counted(lang)
            ),
            Lang::En => format!(
                "in closed months {}; their statements stay as they are, the difference is posted as a correction in the open month",
                self.counted(lang)
            ),
        });
        (!self.is_empty()).then(|| Finding::new(Severity::Warn, CLOSED_CHANGED, message))
    }
}

/// A note that an older export did not bring back documents which a newer one in full no longer has.
pub fn outdated(sales: &[Sale]) -> Option<Finding> {
    let first = sales.iter().min_by_key(|s| (s.date, &s.key))?;
    let message = both(|lang| {
        let (n, sum, first) = (sales.len(), sums_in_words(&sums(sales), lang), named(first, lang));
        match lang {
            Lang::Ru => format!(
                "выгрузка старше принятой полной, где этих документов уже нет: {n} на {sum}, первый {first}; они не добавлены"
            ),
            Lang::En => format!(
                "the export is older than an accepted full one that no longer has these documents: {n}, {sum} in all, the first {first}; they were not added"
            ),
        }
    });
    Some(Finding::new(Severity::Note, "outdated_documents", message))
}

/// The hold of sales whose days are already told in another grain, or by turnovers of other days.
pub fn told_twice(own: Grain, other: Grain, days: DateSpan, known: usize) -> Finding {
    let message = both(|lang| {
        let days = span_in_words(days, lang);
        match (own, other, lang) {
            (Grain::Turnovers, Grain::Documents, Lang::Ru) => format!(
                "за эти дни уже приняты документы продаж ({days}, документов: {known}), и обороты посчитали бы их второй раз; оставьте документы или подтвердите файл, и он их заменит"
            ),
            (Grain::Turnovers, Grain::Documents, Lang::En) => format!(
                "documents of sale of these days were taken in before ({days}, {known} documents), and turnovers would count them twice; keep the documents, or release the file and it replaces them"
            ),
            (Grain::Documents, _, Lang::Ru) => format!(
                "за эти дни уже приняты обороты по контрагентам ({days}, строк: {known}), и документы посчитали бы их второй раз; оставьте обороты или подтвердите файл, и он их заменит за все эти дни"
            ),
            (Grain::Documents, _, Lang::En) => format!(
                "turnovers of these days were taken in before ({days}, {known} lines), and documents would count them twice; keep the turnovers, or release the file and it replaces them for all of these days"
            ),
            (Grain::Turnovers, Grain::Turnovers, Lang::Ru) => format!(
                "уже приняты обороты за {days} (строк: {known}), дни пересекаются только частью и посчитались бы дважды; выгрузите обороты за период, который накрывает эти дни, или подтвердите файл, и он их заменит за все эти дни"
            ),
            (Grain::Turnovers, Grain::Turnovers, Lang::En) => format!(
                "turnovers of {days} were taken in before ({known} lines), the days overlap only in part and would count twice; export turnovers of a period that covers these days, or release the file and it replaces them for all of these days"
            ),
        }
    });
    Finding::new(Severity::Hold, "days_told_twice", message)
}

/// The hold of documents that were taken in before without their organisation, or with one that the export leaves out.
pub fn unnamed_organisation(twins: &[Sale]) -> Option<Finding> {
    let first = twins.iter().min_by_key(|s| (s.date, &s.key))?;
    let message = both(|lang| {
        let (n, sum, first) = (twins.len(), sums_in_words(&sums(twins), lang), named(first, lang));
        match lang {
            Lang::Ru => format!(
                "документы с теми же номерами и датами уже приняты из файла, где организация указана иначе: {n} на {sum}, первый {first}; выгружайте с одной и той же шапкой или подтвердите файл, и он их заменит"
            ),
            Lang::En => format!(
                "documents of the same numbers and dates were taken in from a file that names the organisation otherwise: {n}, {sum} in all, the first {first}; export with the same title each time, or release the file and it replaces them"
            ),
        }
    });
    Some(Finding::new(Severity::Hold, "organisation_differs", message))
}
