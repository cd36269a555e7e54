//! The answer of `inspect` for people: what the file is, how it was understood, its first rows, what was noticed.
//! Deliberately absent: colour.

use crate::{
    cli::{output::Out, speech},
    domain::{
        finding::{Finding, Severity, SourceRef},
        inbox::{AccountingTable, Grain, TableKind},
        sale::Sale,
        text::{Lang, Text},
        words::date,
    },
    ingest::{
        interpret::Parsed,
        layout::{COLUMN_ROLES, LEVEL_ROLES},
        understanding, value,
    },
};

/// Rows shown.
const SHOWN: usize = 8;

/// Prints everything.
pub fn print(parsed: &Parsed, out: Out) {
    out.say(&verdict(parsed));
    let (holding, others): (Vec<&Finding>, Vec<&Finding>) = parsed.findings.iter().partition(|f| f.holds());
    findings(&holding, out);
    if parsed.kind == TableKind::Unknown {
        findings(&others, out);
        return;
    }
    out.say(&headline(parsed));
    if parsed.header_rows.0 > 0 {
        let (first, last) = parsed.header_rows;
        let rows = if first == last {
            Text::new(format!("строка {first}"), format!("row {first}"))
        } else {
            Text::new(format!("строки {first}–{last}"), format!("rows {first}–{last}"))
        };
        let sheet = parsed.sheet.as_str();
        out.say(&if sheet.is_empty() {
            Text::new(format!("Заголовок: {}.", rows.ru), format!("Header: {}.", rows.en))
        } else {
            Text::new(
                format!("Лист «{sheet}», заголовок: {}.", rows.ru),
                format!("Sheet “{sheet}”, header: {}.", rows.en),
            )
        });
    }
    for sentence in &parsed.understood {
        out.say(sentence);
    }
    if !parsed.columns.is_empty() {
        out.say(&Text::new("Столбцы:", "Columns:"));
    }
    columns(parsed, out);
    if let Some(table) = &parsed.accounting {
        title(table, &parsed.findings, out);
        sales(&table.sales, table.grain == Grain::Turnovers, out);
        cards(table, out);
    }
    for record in parsed.crm.iter().flat_map(|t| t.records.iter().take(SHOWN)) {
        out.line(format!("  {} {}  {}", record.id.id, record.title, record.inn));
    }
    findings(&others, out);
}

/// The recognised columns: letters, role, header.
fn columns(parsed: &Parsed, out: Out) {
    let name = |role: &String, is_level: bool| {
        if is_level { understanding::role(role).get(out.lang).to_owned() } else { role_name(role, out.lang) }
    };
    let names = |roles: &[String]| roles.iter().map(|role| name(role, roles.len() > 1)).collect::<Vec<_>>().join(" → ");
    let width = parsed.columns.iter().map(|seen| names(&seen.roles).chars().count()).max().unwrap_or(0).clamp(24, 48);
    for seen in &parsed.columns {
        let (letters, names) = (&seen.letters, names(&seen.roles));
        out.line(format!("  {letters:<3} {names:<width$} {}", value::shown(&seen.header, 80)));
    }
}

/// Whether the file can be used.
fn verdict(parsed: &Parsed) -> Text {
    let count = |severity: Severity| parsed.findings.iter().filter(|f| f.severity == severity).count();
    match (count(Severity::Hold), count(Severity::Warn)) {
        (0, 0) => Text::new("ПРИНЯТ.", "ACCEPTED."),
        (0, warnings) => {
            Text::new(format!("ПРИНЯТ, предупреждений: {warnings}."), format!("ACCEPTED, warnings: {warnings}."))
        }
        (holds, _) => Text::new(
            format!("НЕ ПРИНЯТ, исправить мест: {holds}."),
            format!("NOT ACCEPTED, things to correct: {holds}."),
        ),
    }
}

fn headline(parsed: &Parsed) -> Text {
    let rows = parsed.rows;
    let (ru, en) = match parsed.kind {
        TableKind::Sales if parsed.accounting.as_ref().is_some_and(|t| t.grain == Grain::Turnovers) => {
            (format!("Продажи: оборотов покупателей {rows}."), format!("Sales: turnovers of buyers {rows}."))
        }
        TableKind::Sales => (format!("Продажи: документов {rows}."), format!("Sales: {rows} documents.")),
        TableKind::Counterparties => {
            (format!("Контрагенты: карточек {rows}."), format!("Counterparties: {rows} cards."))
        }
        TableKind::CrmCompanies => (format!("Компании CRM: {rows}."), format!("CRM companies: {rows}.")),
        TableKind::CrmContacts => (format!("Контакты CRM: {rows}."), format!("CRM contacts: {rows}.")),
        TableKind::CrmDeals => (format!("Сделки CRM: {rows}."), format!("CRM deals: {rows}.")),
        TableKind::CrmActivities => (format!("Дела CRM: {rows}."), format!("CRM activities: {rows}.")),
        TableKind::Calls => (format!("Звонки: {rows}."), format!("Calls: {rows}.")),
        TableKind::Plans => (format!("Планы: {rows}."), format!("Plans: {rows}.")),
        TableKind::Unknown => ("Файл не принят.".to_owned(), "The file cannot be used.".to_owned()),
    };
    Text::new(ru, en)
}

fn title(table: &AccountingTable, noticed: &[Finding], out: Out) {
    if let Some(organisation) = &table.organisation {
        out.say(&Text::new(format!("Организация: {organisation}"), format!("Organisation: {organisation}")));
    }
    if let Some(span) = table.period {
        let (from, to) = (span.from.format("%d.%m.%Y"), span.to.format("%d.%m.%Y"));
        out.say(&Text::new(format!("Период: {from} – {to}"), format!("Period: {} to {}", span.from, span.to)));
    }
    if let Some(total) = table.total {
        let printed = table.printed_total.map_or_else(
            || Text::new("итог в файле не напечатан", "no total is printed"),
            |p| {
                let (ru, en) = (speech::amount(Lang::Ru, p), speech::amount(Lang::En, p));
                let has = |code: &str| noticed.iter().any(|f| f.code == code);
                if has("total_mismatch") || has("group_mismatch") {
                    Text::new("напечатанные итоги не сходятся", "the printed totals do not agree")
                } else if p == total {
                    Text::new("напечатанный итог тот же", "the printed total is the same")
                } else if has("rows_left_out") || has("other_documents") {
                    let rest = p - total;
                    let (ru_rest, en_rest) = (speech::amount(Lang::Ru, rest), speech::amount(Lang::En, rest));
                    Text::new(
                        format!("всего в отчёте {ru} (итог сходится), из них не продажи {ru_rest}"),
                        format!("the report totals {en} (its total agrees), of which no sales {en_rest}"),
                    )
                } else {
                    Text::new(format!("итог в файле {ru}"), format!("printed total {en}"))
                }
            },
        );
        let (ru, en) = (speech::amount(Lang::Ru, total), speech::amount(Lang::En, total));
        out.say(&Text::new(format!("Сумма: {ru}, {}.", printed.ru), format!("Sum: {en}, {}.", printed.en)));
    }
}

/// What stands for the number of a turnover, which has none.
const fn out_of_month(lang: Lang) -> &'static str {
    match lang {
        Lang::Ru => "оборот",
        Lang::En => "turnover",
    }
}

fn sales(sales: &[Sale], turnovers: bool, out: Out) {
    if !sales.is_empty() {
        out.say(&Text::new("Первые строки, как они поняты:", "The first rows as they are understood:"));
        let heads = match out.lang {
            Lang::Ru => ["строка", "дата", "документ", "сумма", "контрагент", "менеджер"],
            Lang::En => ["row", "date", "document", "amount", "counterparty", "manager"],
        };
        let [row, day, number, amount, party, manager] = heads;
        out.line(format!("  {row:>6}  {day:<10}  {number:<18}  {amount:>16} {:<3}  {party:<32}  {manager}", ""));
    }
    for sale in sales.iter().take(SHOWN) {
        out.line(format!(
            "  {:>6}  {}  {:<18}  {:>16} {:<3}  {:<32}  {}",
            sale.source.row,
            date(sale.date, out.lang),
            if turnovers { out_of_month(out.lang).to_owned() } else { value::shown(&sale.number, 18) },
            speech::amount(out.lang, sale.amount),
            sale.currency,
            value::shown(&sale.party.name, 32),
            value::shown(&sale.manager, 24),
        ));
    }
    more(sales.len(), out);
}

fn cards(table: &AccountingTable, out: Out) {
    if !table.cards.is_empty() {
        out.say(&Text::new("Первые карточки контрагентов:", "The first cards of counterparties:"));
        let [row, code, name] = match out.lang {
            Lang::Ru => ["строка", "код", "название"],
            Lang::En => ["row", "code", "name"],
        };
        out.line(format!("  {row:>6}  {code:<12}  {:<12}  {name}", "ИНН"));
    }
    for card in table.cards.iter().take(SHOWN) {
        out.line(format!(
            "  {:>6}  {:<12}  {:<12}  {}",
            card.source.row,
            card.party.code,
            card.party.inn,
            value::shown(&card.party.name, 60),
        ));
    }
    more(table.cards.len(), out);
}

fn more(all: usize, out: Out) {
    if all > SHOWN {
        let rest = all - SHOWN;
        out.say(&Text::new(format!("  … и ещё {rest}"), format!("  … and {rest} more")));
    }
}

fn findings(findings: &[&Finding], out: Out) {
    for finding in findings {
        let weight = match finding.severity {
            Severity::Note => Text::new("к сведению", "note"),
            Severity::Warn => Text::new("внимание", "warning"),
            Severity::Hold => Text::new("исправьте", "correct this"),
        };
        let place = finding.source.as_ref().map(SourceRef::describe).unwrap_or_default();
        let place = place.get(out.lang);
        let sign = if place.is_empty() { "" } else { ": " };
        out.line(format!("{}: {place}{sign}{}", weight.get(out.lang), finding.message.get(out.lang)));
    }
}

fn role_name(role: &str, lang: Lang) -> String {
    if LEVEL_ROLES.contains(&role) && !COLUMN_ROLES.contains(&role) {
        return understanding::role(role).get(lang).to_owned();
    }
    let ru = match role {
        "date" => "дата",
        "number" => "номер",
        "document" => "документ",
        "operation" => "вид операции",
        "counterparty" => "контрагент",
        "counterparty_code" => "код контрагента",
        "inn" => "ИНН",
        "kpp" => "КПП",
        "inn_kpp" => "ИНН и КПП",
        "manager" => "менеджер",
        "amount" => "сумма с НДС",
        "net" => "сумма без НДС",
        "margin" => "маржа",
        "bonus" => "премия",
        "currency" => "валюта",
        "organisation" => "организация",
        "returned_document" => "возврат по",
        "operation_code" => "код вида операции",
        "amount_back" => "возвраты (только они)",
        "posted" => "проведён",
        "deleted" => "пометка удаления",
        "ordinal" => "номер строки",
        "debit_account" => "счёт дебета",
        "credit_account" => "счёт кредита",
        "full_name" => "полное наименование",
        "ogrn" => "ОГРН",
        "phone" => "телефон",
        "email" => "почта",
        "city" => "город",
        "parent" => "головной контрагент",
        "party_kind" => "вид",
        "id" => "номер записи",
        "title" => "название",
        "responsible" => "ответственный",
        "created" => "создано",
        "updated" => "изменено",
        "contact" => "контакт",
        "company" | "company_name" => "компания",
        "deal" => "сделка",
        "activity" => "дело",
        "external_id" => "код в учёте",
        "company_id" => "номер компании",
        "stage" => "стадия",
        "last_name" => "фамилия",
        "first_name" => "имя",
        "second_name" => "отчество",
        other => other,
    };
    if lang == Lang::Ru { ru.to_owned() } else { role.replace('_', " ") }
}
