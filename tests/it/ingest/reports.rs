//! Standard reports of 1C by their titles: what counts as a sale in each, what is left out and said, what is refused.

use sverka::{
    domain::{inbox::Grain, money::Money, sale::Sale},
    ingest::Parsed,
};

use super::{finding, holds, parse, real_file, sales};

fn text(rows: &[&str]) -> Vec<u8> {
    // A cell with a line break is quoted.
    let cell = |c: &str| if c.contains('\n') { format!("\"{c}\"") } else { c.to_owned() };
    rows.iter()
        .map(|row| row.split('|').map(cell).collect::<Vec<_>>().join(";") + "\n")
        .collect::<String>()
        .into_bytes()
}

fn facts(parsed: &Parsed) -> Vec<(String, String, String, i64)> {
    assert_eq!(holds(parsed), Vec::<&str>::new(), "{:#?}", parsed.findings);
    let fact = |s: &Sale| (s.number.clone(), s.date.to_string(), s.party.name.clone(), s.amount.kopecks());
    sales(parsed).iter().map(fact).collect()
}

fn fact(number: &str, date: &str, party: &str, kopecks: i64) -> (String, String, String, i64) {
    (number.into(), date.into(), party.into(), kopecks)
}

const OSV: [&str; 9] = [
    "ООО «ПРИМЕР»",
    "Оборотно-сальдовая ведомость по счету 62.01 за Июнь 2026 г.",
    "Счет|Сальдо на начало периода||Обороты за период||Сальдо на конец периода|",
    "Контрагенты|Дебет|Кредит|Дебет|Кредит|Дебет|Кредит",
    "62.01|10,00||300,50|200,00|110,50|",
    "ВЕКТОР ООО|10,00||100,50|10,00|100,50|",
    "РОМАШКА ООО|||200,00|190,00|10,00|",
    "Лютик ИП||||||",
    "Итого|10,00||300,50|200,00|110,50|",
];

#[test]
fn a_trial_balance_gives_the_turnovers_of_buyers() {
    let parsed = parse(&text(&OSV));
    assert_eq!(
        facts(&parsed),
        [
            fact("обороты 06.2026 ВЕКТОР ООО", "2026-06-30", "ВЕКТОР ООО", 10_050),
            fact("обороты 06.2026 РОМАШКА ООО", "2026-06-30", "РОМАШКА ООО", 20_000),
        ]
    );
    let table = parsed.accounting.as_ref().expect("a table");
    assert_eq!((table.grain, table.organisation.as_deref()), (Grain::Turnovers, Some("ООО «ПРИМЕР»")));
    assert_eq!(table.printed_total.map(Money::kopecks), Some(30_050));
}

#[test]
fn advances_of_a_trial_balance_do_not_count_twice() {
    let parsed = parse(&text(&[
        "Оборотно-сальдовая ведомость по счету 62 за Июнь 2026 г.",
        "Счет|Сальдо на начало периода||Обороты за период||Сальдо на конец периода|",
        "Контрагенты|Дебет|Кредит|Дебет|Кредит|Дебет|Кредит",
        "62|10,00||350,50|200,00|160,50|",
        "62.01|10,00||300,50|200,00|110,50|",
        "ВЕКТОР ООО|10,00||100,50|10,00|100,50|",
        "РОМАШКА ООО|||200,00|190,00|10,00|",
        "62.02|||50,00||50,00|",
        "ВЕКТОР ООО|||50,00||50,00|",
        "Итого|10,00||350,50|200,00|160,50|",
    ]));
    let found = facts(&parsed);
    assert_eq!(found.iter().map(|f| f.3).sum::<i64>(), 30_050, "{found:?}");
    assert!(finding(&parsed, "rows_left_out").message.ru.contains("62.02"), "{:?}", parsed.findings);
}

/// The real one: 324 rows, an account that is the sum of all, four buyers with shipments.
#[test]
fn the_real_trial_balance_is_read_and_proven() {
    let Some((_, bytes)) = real_file("1c/osv-62-01.htm") else { return };
    let parsed = parse(&bytes);
    let found = facts(&parsed);
    assert_eq!(found.iter().map(|f| f.3).sum::<i64>(), 21_785_705);
    let table = parsed.accounting.as_ref().expect("a table");
    assert_eq!(table.printed_total.map(Money::kopecks), Some(21_785_705));
}

#[test]
fn a_card_of_account_62_counts_revenue_and_proves_all_entries() {
    let rows = [
        "ООО «РОМАШКА»",
        "Карточка счета 62 за Июнь 2026 г.",
        "",
        "Выводимые данные: БУ (данные бухгалтерского учета)",
        "",
        "Период|Документ|Аналитика Дт|Аналитика Кт|Дебет||Кредит||Текущее сальдо|",
        "||||Счет||Счет|||",
        "Сальдо на начало||||||||Д|7 918,81",
        "01.06.2026|Реализация (акт, накладная, УПД) 0000-001471 от 01.06.2026 17:00:00\nОтгрузка|ВЕКТОР ООО\nДоговор №5 от 01.01.2026|Услуги|62.01|14 800,00|90.01.1||Д|22 718,81",
        "02.06.2026|Поступление на расчетный счет 0000-000012 от 02.06.2026 12:00:00|Расчетный счет|ВЕКТОР ООО\nДоговор №5|51||62.01|5 000,00|Д|17 718,81",
        "03.06.2026|Зачет аванса 0000-000013 от 03.06.2026 12:00:00|ВЕКТОР ООО|ВЕКТОР ООО|62.02|1 000,00|62.01|1 000,00|Д|17 718,81",
        "30.06.2026|Возврат товаров от покупателя 0000-000002 от 30.06.2026 10:00:00|ВЕКТОР ООО|Услуги|62.01|-800,00|90.01.1||Д|16 918,81",
        "Обороты за период и сальдо на конец||||||||Д|16 918,81",
    ];
    let parsed = parse(&text(&rows));
    assert_eq!(
        facts(&parsed),
        [
            fact("0000-001471", "2026-06-01", "ВЕКТОР ООО", 1_480_000),
            fact("0000-000002", "2026-06-30", "ВЕКТОР ООО", -80_000),
        ]
    );
    assert!(finding(&parsed, "rows_left_out").message.ru.contains("авансы"));
    let total = "Обороты за период и сальдо на конец|||||15 000,00||6 000,00|Д|16 918,81";
    let mut proven = rows;
    proven[12] = total;
    let parsed = parse(&text(&proven));
    assert_eq!((holds(&parsed), sales(&parsed).len()), (vec![], 2));
    let mut lost = proven.to_vec();
    lost.remove(10);
    assert_eq!(holds(&parse(&text(&lost))), ["total_mismatch"], "an entry that is no sale is proven too");
}

#[test]
fn a_card_of_account_51_is_money_and_is_refused_by_name() {
    let parsed = parse(&text(&[
        "Карточка счета 51 за Июнь 2026 г.",
        "Период|Документ|Аналитика Дт|Аналитика Кт|Дебет||Кредит||Текущее сальдо|",
        "||||Счет||Счет|||",
        "02.06.2026|Поступление на расчетный счет 0000-000012 от 02.06.2026|Банк|ВЕКТОР ООО|51|5 000,00|62.01||Д|5 000,00",
    ]));
    assert_eq!(holds(&parsed), ["not_sales"]);
    assert!(finding(&parsed, "not_sales").message.ru.contains("Карточку счёта 62"));
}

#[test]
fn an_analysis_of_account_62_counts_turnovers_with_revenue() {
    let parsed = parse(&text(&[
        "Анализ счета 62 за Июнь 2026 г.",
        "Счет|Кор. Счет|Дебет|Кредит",
        "Контрагенты|||",
        "62|Начальное сальдо|10,00|",
        "|51||200,00",
        "|90.01|300,50|",
        "|Оборот|300,50|200,00",
        "|Конечное сальдо|110,50|",
        "ВЕКТОР ООО|Начальное сальдо|10,00|",
        "|51||10,00",
        "|90.01|100,50|",
        "|Оборот|100,50|10,00",
        "|Конечное сальдо|100,50|",
        "РОМАШКА ООО|Начальное сальдо||",
        "|51||190,00",
        "|90.01|200,00|",
        "|Оборот|200,00|190,00",
        "|Конечное сальдо|10,00|",
    ]));
    assert_eq!(
        facts(&parsed),
        [
            fact("обороты 06.2026 ВЕКТОР ООО", "2026-06-30", "ВЕКТОР ООО", 10_050),
            fact("обороты 06.2026 РОМАШКА ООО", "2026-06-30", "РОМАШКА ООО", 20_000),
        ]
    );
}

#[test]
fn a_statement_of_settlements_counts_shipments_and_returns() {
    let rows = [
        "Ведомость по расчетам с контрагентами",
        "Период: 01.06.2026 - 30.06.2026",
        "Контрагент|Начальный остаток|Приход|Расход|Конечный остаток",
        "Договор||||",
        "Документ||||",
        "ВЕКТОР ООО|10,00|100,50|20,50|90,00",
        "  Основной договор|10,00|100,50|20,50|90,00",
        "    Реализация товаров и услуг УТ-1 от 01.06.2026 10:00:00||100,50||",
        "    Поступление на расчетный счет УТ-7 от 05.06.2026 10:00:00|||10,50|",
        "    Возврат товаров от покупателя УТ-2 от 06.06.2026 10:00:00|||10,00|",
        "Лютик ИП||7,00||7,00",
        "  Договор №2||7,00||7,00",
        "    Реализация товаров и услуг УТ-3 от 02.06.2026 12:00:00||7,00||",
        "Итого|10,00|107,50|20,50|97,00",
    ];
    let parsed = parse(&text(&rows));
    assert_eq!(
        facts(&parsed),
        [
            fact("УТ-1", "2026-06-01", "ВЕКТОР ООО", 10_050),
            fact("УТ-2", "2026-06-06", "ВЕКТОР ООО", -1_000),
            fact("УТ-3", "2026-06-02", "Лютик ИП", 700),
        ]
    );
    assert!(finding(&parsed, "other_documents").message.ru.contains("Поступление"));
    let mut lost = rows.to_vec();
    lost.remove(9);
    assert_ne!(holds(&parse(&text(&lost))), Vec::<&str>::new(), "a lost return shows in the group's «Расход»");
}

#[test]
fn a_sales_book_leaves_advances_out_and_proves_them() {
    let rows = [
        "КНИГА ПРОДАЖ",
        "Продавец: ООО «ПРИМЕР»",
        "Продажа за период с 01.04.2026 по 30.06.2026",
        "№ п/п|Код вида операции|Номер и дата счета-фактуры продавца|Наименование покупателя|ИНН/КПП покупателя|Стоимость продаж по счету-фактуре, разница стоимости (включая НДС)||Сумма НДС",
        "|||||в валюте счета-фактуры|в рублях и копейках|20 процентов",
        "1|2|3|7|8|13а|13б|17",
        "1|01|УТ-1 от 01.04.2026|ВЕКТОР ООО|7701234560/770101001||1 200,00|200,00",
        "2|02|А-5 от 02.04.2026|ВЕКТОР ООО|7701234560/770101001||600,00|100,00",
        "3|01|УТ-2 от 30.06.2026|Ёлкин ИП|500100732259||120,50|20,08",
        "Всего||||||1 920,50|320,08",
    ];
    let parsed = parse(&text(&rows));
    assert_eq!(
        facts(&parsed),
        [fact("УТ-1", "2026-04-01", "ВЕКТОР ООО", 120_000), fact("УТ-2", "2026-06-30", "Ёлкин ИП", 12_050)]
    );
    let first = &sales(&parsed)[0];
    assert_eq!((first.party.inn.as_str(), first.party.kpp.as_str()), ("7701234560", "770101001"));
    assert!(finding(&parsed, "rows_left_out").message.ru.contains("авансы"));
    let mut lost = rows.to_vec();
    lost.remove(7);
    assert_eq!(holds(&parse(&text(&lost))), ["row_numbers_broken", "total_mismatch"]);
}

#[test]
fn a_register_of_documents_and_a_list_of_counterparties_are_plain_lists() {
    let register = parse(&text(&[
        "Реализация (акты, накладные, УПД)",
        "Дата|Номер|Сумма|Валюта|Контрагент|Вид операции|Организация|Ответственный",
        "01.06.2026 10:00:00|0000-000001|100,50|руб.|ВЕКТОР ООО, 00-000123|Товары|ООО «ПРИМЕР»|Иванов И. И.",
        "02.06.2026 10:00:00|0000-000002|10,00|EUR|Торг, Сервис ООО, 00-000124|Товары|ООО «ПРИМЕР»|Иванов И. И.",
    ]));
    assert_eq!(facts(&register)[1], fact("0000-000002", "2026-06-02", "Торг, Сервис ООО", 1_000));
    assert_eq!(sales(&register)[0].party.code, "00-000123");
    assert_eq!(sales(&register)[1].currency, "EUR");
    assert_eq!(register.accounting.as_ref().and_then(|t| t.total).map(Money::kopecks), Some(10_050), "never added");
    let list = parse(&text(&[
        "Код|Наименование|ИНН|Полное наименование|Основной менеджер покупателя",
        "00-000001|Покупатели|||",
        "00-000123|ВЕКТОР ООО|7701234560, 7707083893|Общество с ограниченной ответственностью «Вектор»|Иванов И. И.",
    ]));
    let cards = &list.accounting.as_ref().expect("cards").cards;
    assert_eq!((cards.len(), cards[0].party.inn.as_str()), (1, "7701234560, 7707083893"));
}
