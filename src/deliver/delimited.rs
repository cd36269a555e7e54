//! The finance statement as delimited text for payroll programs: UTF-8 with BOM, semicolons, decimal comma, one row per
//! person (programs add up rows with equal names), personnel number as text. The header is Russian in every language:
//! it is an interface. Deliberately absent: reading what payroll answers (`ingest::payroll`), the ledger's rows (`ledger_export`).

use crate::domain::{
    money::Money,
    report::{StatementReport, statement::PersonRow},
};

use super::{clean, error::TemplateError};

/// Columns of the hand-over file (domain reference 6.3); the last three come back filled in.
pub const STATEMENT_COLUMNS: [&str; 16] = [
    "Период",
    "Табельный номер",
    "Сотрудник",
    "Подразделение",
    "Показатель",
    "База",
    "Премия расчетная",
    "Снижение",
    "Премия к начислению",
    "Корректировка прошлых периодов",
    "Основание",
    "Код ведомости",
    "Контрольная сумма",
    "Ответ",
    "Применено",
    "Примечание",
];

/// Name of the one indicator that is handed over.
pub const INDICATOR: &str = "Премия с продаж";

/// The hand-over file. «Премия расчетная» is the bonus with premiums and without what waits for the head, «Снижение» the reductions with
/// what came back over the cap, «Премия к начислению» their sum; corrections of earlier periods stand apart, so that
/// the last two sum columns together are what is paid.
pub fn statement_csv(report: &StatementReport) -> Result<Vec<u8>, TemplateError> {
    let rows = report.people.iter().map(|person| {
        let amounts = &person.amounts;
        let (computed, reduced) =
            (amounts.bonus + amounts.premiums + amounts.deferred, amounts.reductions + amounts.cap_relief);
        vec![
            report.period.to_string(),
            guarded(&person.id.0),
            guarded(&distinct_name(person)),
            guarded(&person.department),
            INDICATOR.to_owned(),
            decimal(amounts.base),
            decimal(computed),
            decimal(reduced),
            decimal(computed + reduced),
            decimal(amounts.corrections),
            guarded(&person.grounds.ru),
            report.number.clone(),
            report.control_sum.clone(),
            // For finance to fill in: applied, changed or refused, what was applied, why.
            String::new(),
            String::new(),
            String::new(),
        ]
    });
    write(&STATEMENT_COLUMNS, rows)
}

/// The name, with the personnel number beside it when two people share it.
pub fn distinct_name(person: &PersonRow) -> String {
    if person.namesake { format!("{} (таб. № {})", person.name, person.id.0) } else { person.name.clone() }
}

/// `-1234,56`: decimal comma, ASCII minus, no grouping.
pub fn decimal(amount: Money) -> String {
    amount.plain().replace('.', ",")
}

/// Text that a spreadsheet would take for a formula gets a leading apostrophe (ASVS 1.2.10), full-width signs too.
pub fn guarded(text: &str) -> String {
    let text = clean::line(text);
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\u{2212}']) {
        format!("'{text}")
    } else {
        text.into_owned()
    }
}

/// Delimited text with BOM, semicolons and CRLF.
pub(super) fn write(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, TemplateError> {
    let broken = |e: csv::Error| TemplateError::Attachment(e.to_string());
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(columns).map_err(broken)?;
    for row in rows {
        writer.write_record(row).map_err(broken)?;
    }
    writer.into_inner().map_err(|e| TemplateError::Attachment(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_stay_numbers() {
        assert_eq!(guarded("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(guarded("\t@cmd"), "'@cmd");
        assert_eq!(guarded("ООО «Ромашка»"), "ООО «Ромашка»");
        assert_eq!(decimal(Money::from_kopecks(-123_456)), "-1234,56");
    }
}
