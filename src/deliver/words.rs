//! Words for the codes of the domain, in both languages, for mails and workbooks alike. Deliberately absent: sentences
//! (`templates/`).

use crate::domain::{
    money::Money,
    text::{Lang, Text},
};

/// Words of a code, such as `missing` or `cap_relief`; an unknown code (a rule's id) stands for itself.
pub fn word(code: &str) -> Text {
    let (ru, en) = match code {
        "exempt" => ("не проверяется по положению", "exempt under the regulation"),
        "on_time" => ("внесено в срок", "entered in time"),
        "late" => ("внесено после срока", "entered late"),
        "pending" => ("срок ещё не прошёл", "not due yet"),
        "missing" => ("нет в CRM", "not in the CRM"),
        "uncertain" => ("нужен разбор", "needs review"),
        "not_judgeable" => ("нельзя проверить", "cannot be judged"),
        "reduction" => ("снижение премии", "bonus reduction"),
        "premium" => ("премия", "premium"),
        "deferral" => ("премия ждёт решения руководителя", "bonus awaiting the head’s decision"),
        "cap_relief" => ("возврат сверх предела", "relief over the cap"),
        "correction" => ("корректировка прошлого периода", "correction of an earlier period"),
        "missing_counterparty" => ("клиент не внесён в CRM", "client not entered in the CRM"),
        "completeness" => ("полнота карточек", "completeness of cards"),
        "freshness" => ("свежесть карточек", "freshness of cards"),
        "deal_approval" => ("сделка ждёт решения руководителя", "deal awaiting the head’s decision"),
        "call_recording" => ("запись звонков в CRM", "recording calls in the CRM"),
        "contest" => ("конкурс", "contest"),
        "cap" => ("предел снижений", "cap of reductions"),
        "title" => ("название", "name"),
        "inn" => ("ИНН", "tax number"),
        "kpp" => ("КПП", "branch code"),
        "phone" => ("телефон", "phone"),
        "email" => ("почта", "e-mail"),
        "city" => ("город", "city"),
        "responsible" => ("ответственный", "responsible"),
        "contact" => ("контактное лицо", "contact"),
        "deal" => ("сделка", "deal"),
        "activity" => ("дело с клиентом", "activity"),
        "under_3_months" => ("меньше трёх месяцев", "less than three months"),
        "under_1_year" => ("от трёх месяцев до года", "three months to a year"),
        "under_3_years" => ("от года до трёх лет", "one to three years"),
        "over_3_years" => ("три года и больше", "three years and more"),
        "hired_unknown" => ("дата приёма не указана", "day of hiring not given"),
        "ingest" => ("приём файлов", "taking files in"),
        "alerts" => ("напоминания менеджерам", "alerts to managers"),
        "alert" => ("напоминание менеджеру", "alert to a manager"),
        "monthly" => ("страницы месяца", "pages of the month"),
        "company" => ("страница компании", "page of the company"),
        "pilot" => ("пилот и остальные", "the pilot and the rest"),
        "audit" => ("недельная сверка", "weekly audit"),
        "close" => ("закрытие периода", "closing the period"),
        "statement" => ("ведомость корректировок", "statement of adjustments"),
        "personal" => ("ведомость сотрудника", "personal statement"),
        "escalation" => ("письмо руководителю о невнесённом", "mail to a head about what is not entered"),
        "contested" => ("письмо руководителю об оспоренном", "mail to a head about contested lines"),
        "weekly" => ("недельное письмо о работе программы", "the program’s weekly mail"),
        "held" => ("письмо о приостановке", "notice of a hold"),
        "bounced" => ("письмо о нерабочем адресе", "notice of a dead address"),
        "undelivered" => ("письмо о недоставленном", "notice of undelivered mail"),
        other => return Text::same(other),
    };
    Text::new(ru, en)
}

/// Words of an entry's kind: a reduction that gives money back is one taken back, not one more.
pub fn entry_kind(kind: &str, amount: Money) -> Text {
    if kind == "reduction" && amount > Money::ZERO {
        return Text::new("снижение отменено", "bonus reduction taken back");
    }
    if kind == "deferral" && amount > Money::ZERO {
        return Text::new("премия освобождена", "bonus released");
    }
    word(kind)
}

/// Abbreviated day of the week, Monday first.
pub const fn weekday(lang: Lang, from_monday: u32) -> &'static str {
    match (lang, from_monday) {
        (Lang::Ru, 0) => "пн",
        (Lang::Ru, 1) => "вт",
        (Lang::Ru, 2) => "ср",
        (Lang::Ru, 3) => "чт",
        (Lang::Ru, 4) => "пт",
        (Lang::Ru, 5) => "сб",
        (Lang::Ru, _) => "вс",
        (Lang::En, 0) => "Mon",
        (Lang::En, 1) => "Tue",
        (Lang::En, 2) => "Wed",
        (Lang::En, 3) => "Thu",
        (Lang::En, 4) => "Fri",
        (Lang::En, 5) => "Sat",
        (Lang::En, _) => "Sun",
    }
}

/// Name of a month, 1..=12.
pub const fn month(lang: Lang, number: u32) -> &'static str {
    match (lang, number) {
        (Lang::Ru, 1) => "январь",
        (Lang::Ru, 2) => "февраль",
        (Lang::Ru, 3) => "март",
        (Lang::Ru, 4) => "апрель",
        (Lang::Ru, 5) => "май",
        (Lang::Ru, 6) => "июнь",
        (Lang::Ru, 7) => "июль",
        (Lang::Ru, 8) => "август",
        (Lang::Ru, 9) => "сентябрь",
        (Lang::Ru, 10) => "октябрь",
        (Lang::Ru, 11) => "ноябрь",
        (Lang::Ru, _) => "декабрь",
        (Lang::En, 1) => "January",
        (Lang::En, 2) => "February",
        (Lang::En, 3) => "March",
        (Lang::En, 4) => "April",
        (Lang::En, 5) => "May",
        (Lang::En, 6) => "June",
        (Lang::En, 7) => "July",
        (Lang::En, 8) => "August",
        (Lang::En, 9) => "September",
        (Lang::En, 10) => "October",
        (Lang::En, 11) => "November",
        (Lang::En, _) => "December",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reduction_that_gives_back_is_one_taken_back() {
        assert_eq!(entry_kind("reduction", Money::from_kopecks(1)).ru, "снижение отменено");
        assert_eq!(entry_kind("reduction", Money::from_kopecks(-1)), word("reduction"));
        assert_eq!(entry_kind("premium", Money::from_kopecks(1)), word("premium"));
    }
}
