//! Names a table that is neither sales nor counterparties, so that a person sees at once which report was exported
//! instead. Deliberately absent: reading any of them.

use super::{raw::RawSheet, title, value::key};

/// Rows looked at.
const HEAD: usize = 12;

/// Words that give a table away, the surest first: any of the words, then what the table is.
const SIGNS: &[(&[&str], &str, &str)] = &[
    (&["прайс-лист", "прайс лист", "прайслист", "price list"], "прайс-лист", "a price list"),
    (
        &["валовая прибыль предприятия", "анализ продаж"],
        "отчёт с группировками, в котором нет покупателей (добавьте в его настройках группировку «Контрагент»)",
        "a grouped report without buyers (add the grouping “counterparty” in its settings)",
    ),
    (&["оборотно-сальдовая", "сальдо на начало", "сальдо нач"], "оборотно-сальдовая ведомость", "a trial balance"),
    (&["карточка счета", "обороты счета", "анализ счета"], "отчёт по счёту", "an account report"),
    (
        &["остатки", "остаток", "залишк", "свободно для продажи", "доступность товаров", "на складе", "в наличии"],
        "остатки склада",
        "warehouse stock",
    ),
    (&["цена закупки", "цена реализации", "розничная цена", "цена"], "прайс-лист", "a price list"),
    (&["вид договора", "номер договора"], "список договоров", "a list of contracts"),
    (&["поступление товаров", "поставщик"], "закупки", "purchases"),
    (&["платежное поручение", "вид платежа", "расчетный счет"], "платежи", "payments"),
    (&["табельный номер", "должность"], "список сотрудников", "a list of staff"),
    (&["артикул", "номенклатура", "штрихкод"], "список номенклатуры", "a list of goods"),
    (&["uniqueid", "disposition", "billsec", "длительность звонка"], "журнал звонков", "a call log"),
];

/// What the sheets hold, in both languages; `None` when nothing gives it away.
pub fn name<'a>(sheets: impl IntoIterator<Item = &'a RawSheet>) -> Option<(&'static str, &'static str)> {
    let mut text = String::new();
    for sheet in sheets {
        text.push_str(&key(&sheet.name));
        text.push('\n');
        for row in sheet.rows().take(HEAD) {
            if let Some((_, line)) = title::line(row) {
                text.push_str(&key(&line));
                text.push('\n');
            }
        }
    }
    let found = SIGNS.iter().find(|(words, _, _)| words.iter().any(|word| text.contains(word)));
    found.map(|(_, ru, en)| (*ru, *en))
}
