//! Files that real accountants send with a twist: each was once read with a wrong sum, buyer, date or a lost row by some
//! reader. Here each is read right, or held with the question.

use super::{holds, parse, sales};

const H: &str = "Дата;Номер;Контрагент;Менеджер;Сумма\n";

/// Content, and the code that holds.
const HELD: [(&str, &str, &str); 27] = [
    (
        "a section of returns",
        "Дата;Номер;Контрагент;Менеджер;Сумма\n01.06.2026;1;ООО А;Иванов;100,00\nВозвраты;;;;\n02.06.2026;2;ООО Б;Иванов;30,00\n",
        "section_row",
    ),
    (
        "a seller as a section",
        "Дата;Номер;Контрагент;Сумма\nИванов И. И.;;;\n01.06.2026;1;ООО А;100,00\nПетров П. П.;;;\n02.06.2026;2;ООО Б;30,00\n",
        "section_row",
    ),
    (
        "a table above a better header",
        "Дата;Номер;Контрагент;Сумма\n01.06.2026;1;ООО А;100,00\n02.06.2026;2;ООО Б;50,00\n\nДата;Номер;Контрагент;Менеджер;Сумма\n03.06.2026;3;ООО В;Иванов;70,00\n",
        "rows_above_header",
    ),
    (
        "months without a year",
        "Дата;Номер;Контрагент;Июнь;Июль\n01.06.2026;1;ООО А;100,00;\n02.07.2026;2;ООО Б;;200,00\nИтого;;;100,00;200,00\n",
        "months_without_year",
    ),
    (
        "a currency inside the amount",
        "Дата;Номер;Контрагент;Менеджер;Сумма\n01.06.2026;1;ООО А;Иванов;100 EUR\n02.06.2026;2;ООО Б;Петров;200,00\nИтого;;;;300,00\n",
        "amount_not_a_number",
    ),
    (
        "thousands in the title",
        "Единица измерения: тыс. руб.\nДата;Номер;Контрагент;Менеджер;Сумма\n01.06.2026;1;ООО А;Иванов;100,00\n",
        "thousands",
    ),
    (
        "a document in both columns of settlements",
        "Ведомость по расчетам с контрагентами\nПериод: Июнь 2026\nКонтрагент;Документ;Начальный остаток;Приход;Расход;Конечный остаток\nООО А;Реализация товаров 1 от 01.06.2026;;1000,00;;\nООО А;Возврат товаров от покупателя 2 от 05.06.2026;;200,00;300,00;\n",
        "both_sides",
    ),
    (
        "an unknown kind in settlements",
        "Ведомость по расчетам с контрагентами\nПериод: Июнь 2026\nКонтрагент;Документ;Начальный остаток;Приход;Расход;Конечный остаток\nООО А;Сделка 1 от 01.06.2026;;1000,00;;\n",
        "kind_unclear",
    ),
    (
        "an account and its subaccount",
        "Анализ счета 62 за Июнь 2026 г.\nСчет;Кор. Счет;Дебет;Кредит\nКонтрагенты;;;\nООО А;Начальное сальдо;0,00;\n;90.01;1000,00;\n;90.01.1;1000,00;\n;Оборот;1000,00;500,00\n",
        "accounts_nested",
    ),
    (
        "a trial balance of advances",
        "Оборотно-сальдовая ведомость по счету 62.02 за Июнь 2026 г.\nКонтрагенты;Сальдо на начало периода;;Обороты за период;;Сальдо на конец периода;\n;Дебет;Кредит;Дебет;Кредит;Дебет;Кредит\nООО А;;;1000,00;;1000,00;\nООО Б;;;500,00;;500,00;\nИтого;;;1500,00;;1500,00;\n",
        "account_unknown",
    ),
    (
        "revenue turned back in a card",
        "Карточка счета 62 за Июнь 2026 г.\nПериод;Документ;Аналитика Дт;Аналитика Кт;Дебет;;Кредит;;Текущее сальдо;\n;;;;Счет;;Счет;;;\n01.06.2026;Реализация 1 от 01.06.2026;ООО А;Услуги;62.01;1000,00;90.01.1;;Д;1000,00\n05.06.2026;Возврат товаров от покупателя 2 от 05.06.2026;Услуги;ООО А;90.01.1;;62.01;300,00;Д;700,00\n",
        "row_unclear",
    ),
    (
        "the sum of the document on each line",
        "Дата;Номер;Контрагент;Менеджер;Номенклатура;Сумма;Сумма документа\n01.06.2026;1;ООО А;Иванов;Стол;100,00;300,00\n01.06.2026;1;ООО А;Иванов;Стул;200,00;300,00\n",
        "rows_alike",
    ),
    ("net and gross", "Дата;Номер;Контрагент;Сумма;НДС;Всего\n01.06.2026;1;ООО А;100,00;20,00;120,00\n", "two_sums"),
    (
        "a discount beside",
        "Дата;Номер;Контрагент;Сумма;Скидка;Сумма со скидкой\n01.06.2026;1;ООО А;100,00;20,00;80,00\n",
        "two_sums",
    ),
    (
        "a cut record",
        "Дата;Контрагент;Менеджер\nНомер;ИНН;Сумма\n01.06.2026;ООО А;Иванов\n1;7701234567;100,00\n03.06.2026;ООО В;Петров\n3;7701234567;70,00\n04.06.2026;ООО Г;Петров\n",
        "record_cut",
    ),
    (
        "a wrong total of records",
        "Дата;Контрагент;Менеджер\nНомер;ИНН;Сумма\n01.06.2026;ООО А;Иванов\n1;7701234567;100,00\n03.06.2026;ООО В;Петров\n3;7701234567;70,00\nИтого;;999,00\n",
        "total_mismatch",
    ),
    (
        "a delimiter inside a value",
        "Дата,Номер,Контрагент,Менеджер,Сумма\n01.06.2026,1,ООО А,Иванов,100,50\n02.06.2026,2,ООО Б,Иванов,100\n",
        "row_too_long",
    ),
    (
        "a cancelled sale",
        "Дата;Номер;Хозяйственная операция;Контрагент;Сумма\n01.06.2026;1;Отмена реализации;ООО А;100,00\n",
        "not_a_sale",
    ),
    (
        "the same row twice",
        "Дата;Номер;Контрагент;Менеджер;Сумма\n01.06.2026;1;ООО А;Иванов;100,00\n01.06.2026;1;ООО А;Иванов;100,00\n",
        "rows_alike",
    ),
    (
        "two codes in a sales book",
        "Книга продаж\nКод вида операции;Номер и дата счета-фактуры;Наименование покупателя;Стоимость продаж, включая НДС\n02,22;5 от 01.06.2026;ООО А;100,00\n01;6 от 02.06.2026;ООО А;50,00\n",
        "row_unclear",
    ),
    (
        "two sellers of one document",
        "Дата;Номер;Контрагент;Менеджер;Номенклатура;Сумма\n01.06.2026;1;ООО А;Иванов;Стол;100,00\n01.06.2026;1;ООО А;Петров;Стул;50,00\n",
        "manager_conflict",
    ),
    (
        "two columns of sellers",
        "Дата;Номер;Контрагент;Менеджер;Менеджер;Сумма\n01.06.2026;1;ООО А;Иванов;Петров;100,00\n",
        "column_twice",
    ),
    (
        "a misspelt return",
        "Документ;Контрагент;Сумма\nРеализация 1 от 01.06.2026;ООО А;100,00\nВозрат 2 от 02.06.2026;ООО А;10,00\n",
        "kind_unclear",
    ),
    (
        "exchanged columns",
        "Дата;Номер;Контрагент;Сумма;Сумма без НДС\n01.06.2026;1;ООО А;100,00;120,00\n",
        "net_above_amount",
    ),
    (
        "purchases by their title",
        "Реестр документов \"Поступление (акт, накладная)\"\nДата;Номер;Контрагент;Сумма\n01.06.2026;1;ООО А;100,00\n",
        "not_sales",
    ),
    (
        "plan beside fact",
        "Документ;;Контрагент;Менеджер;Сумма;\nДата;Номер;;;План;Факт\n01.06.2026;1;ООО А;Иванов;200,00;90,00\n",
        "column_missing",
    ),
    ("no date at all", "Номер;Контрагент;Сумма\n1;ООО А;100,00\n2;ООО Б;50,00\n", "column_missing"),
];

#[test]
fn what_is_unclear_is_held_with_its_question() {
    for (what, content, code) in HELD {
        let parsed = parse(content.as_bytes());
        assert!(
            holds(&parsed).contains(&code),
            "{what}: {:?} instead of {code}\n{:#?}",
            holds(&parsed),
            parsed.findings
        );
    }
}

/// Number, date, buyer, seller, kopecks.
fn facts(content: &str) -> Vec<(String, String, String, String, i64)> {
    let parsed = parse(content.as_bytes());
    assert_eq!(holds(&parsed), Vec::<&str>::new(), "{content}\n{:#?}", parsed.findings);
    let fact = |s: &sverka::domain::sale::Sale| {
        (s.number.clone(), s.date.to_string(), s.party.name.clone(), s.manager.clone(), s.amount.kopecks())
    };
    sales(&parsed).iter().map(fact).collect()
}

#[test]
fn rows_whose_words_are_captions_stay_rows() {
    let found = facts(&format!(
        "{}01.06.2026;1;ООО А;Магазин;Иванов;100,00\n02.06.2026;2;ООО Б;Склад;Петров;50,00\n03.06.2026;3;ООО В;Офис;Петров;70,00\n",
        "Дата;Номер;Контрагент;Подразделение;Менеджер;Сумма\n"
    ));
    assert_eq!((found.len(), found.iter().map(|f| f.4).sum::<i64>()), (3, 22_000));
}

#[test]
fn a_buyer_called_total_is_a_buyer() {
    let content = "Продажи за Июнь 2026 г.\nКонтрагент;Менеджер;Сумма\nООО А;Иванов;100,00\nООО Итог;Иванов;100,00\n";
    assert_eq!(facts(content).iter().map(|f| f.4).sum::<i64>(), 20_000);
}

#[test]
fn the_first_date_of_a_wording_is_the_documents() {
    let found = facts(
        "Документ;Контрагент;Менеджер;Сумма\nРеализация 5 от 01.06.2026 по договору 7 от 01.01.2025;ООО А;Иванов;100,00\nРеализация 6 от 02.06.2026 по договору 7 от 01.01.2025;ООО А;Иванов;50,00\nУПД 7 от 03.06.2026 (испр. 1 от 05.07.2026);ООО Б;Иванов;10,00\n",
    );
    let told: Vec<(&str, &str, i64)> = found.iter().map(|f| (f.0.as_str(), f.1.as_str(), f.4)).collect();
    assert_eq!(told, [("5", "2026-06-01", 10_000), ("6", "2026-06-02", 5_000), ("7", "2026-06-03", 1_000)]);
}

#[test]
fn printed_captions_outweigh_what_keys_look_like() {
    let found = facts(
        "ООО Ромашка\nПродажи за Июнь 2026 г.\nКонтрагент;Сумма\nМенеджер;\nОрлов;100,00\n  ИП Иванов;100,00\nСойкин;200,00\n  ИП Петров;60,00\n  ИП Иванов;140,00\nИтого;300,00\n",
    );
    let told: Vec<(&str, &str, i64)> = found.iter().map(|f| (f.2.as_str(), f.3.as_str(), f.4)).collect();
    assert_eq!(told, [("Орлов", "ИП Иванов", 10_000), ("Сойкин", "ИП Петров", 6_000), ("Сойкин", "ИП Иванов", 14_000)]);
}

#[test]
fn returns_in_settlements_count_whatever_stands_beside_them() {
    let head = "Ведомость по расчетам с контрагентами\nПериод: Июнь 2026\nКонтрагент;Документ;Начальный остаток;Приход;Расход;Конечный остаток\nООО А;Реализация товаров 1 от 01.06.2026;;1000,00;;\n";
    for (row, sum) in [
        ("ООО А;Возврат товаров от покупателя 2 от 05.06.2026;1000,00;0,00;300,00;700,00\n", 70_000),
        ("ООО А;Корректировка реализации 2 от 05.06.2026;1000,00;;300,00;700,00\n", 70_000),
        ("ООО А;Возврат денежных средств покупателю 2 от 05.06.2026;1000,00;300,00;;1300,00\n", 100_000),
        ("ООО А;Акт взаимозачета 2 от 05.06.2026;1000,00;300,00;;1300,00\n", 100_000),
    ] {
        assert_eq!(facts(&format!("{head}{row}")).iter().map(|f| f.4).sum::<i64>(), sum, "{row}");
    }
}

#[test]
fn unposted_and_deleted_documents_do_not_count() {
    let content = "Дата;Номер;Контрагент;Сумма;Проведен;Пометка удаления\n01.06.2026;1;ООО А;100,00;Да;Нет\n02.06.2026;2;ООО Б;50,00;Нет;Нет\n03.06.2026;3;ООО В;70,00;Да;Да\nИтого;;;220,00;;\n";
    assert_eq!(facts(content).iter().map(|f| f.4).sum::<i64>(), 10_000);
}

#[test]
fn a_crosstab_with_one_measure_of_money_is_read() {
    let content = "Продажи за 2026 г.\nКонтрагент;Июнь 2026;;Июль 2026;;Итого;\n;Выручка;Количество;Выручка;Количество;Выручка;Количество\nООО А;100,00;1;50,00;2;150,00;3\nИтого;100,00;1;50,00;2;150,00;3\n";
    let found = facts(content);
    let told: Vec<(&str, i64)> = found.iter().map(|f| (f.1.as_str(), f.4)).collect();
    assert_eq!(told, [("2026-06-30", 10_000), ("2026-07-31", 5_000)]);
}

#[test]
fn tax_below_the_total_is_no_second_table() {
    let content = format!("{H}01.06.2026;1;ООО А;Иванов;120,00\nИтого;;;;120,00\nВ том числе НДС;;;;20,00\n");
    assert_eq!(facts(&content).len(), 1);
}

#[test]
fn other_sheets_with_sales_hold_the_book() {
    let book = |sheets: &[(&str, &[[&str; 4]])]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        for (name, rows) in sheets {
            let sheet = book.add_worksheet().set_name(*name).expect("name");
            for (row, cells) in (0..).zip(*rows) {
                for (column, cell) in (0..).zip(cells) {
                    sheet.write(row, column, *cell).expect("write");
                }
            }
        }
        parse(&book.save_to_buffer().expect("save"))
    };
    let head = ["Дата", "Номер", "Контрагент", "Сумма"];
    let (one, two) = (["01.06.2026", "1", "ООО А", "100,00"], ["02.06.2026", "2", "ООО Б", "50,00"]);
    assert_eq!(holds(&book(&[("Продажи", &[head, one]), ("Возвраты", &[head, two])])), ["sheet_left_aside"]);
    assert_eq!(holds(&book(&[("TDSheet", &[head, one]), ("TDSheet1", &[two])])), ["sheet_left_aside"]);
    assert_eq!(holds(&book(&[("Июнь", &[head, one]), ("Возвраты", &[head, two])])), ["sheet_of_returns"]);
    assert_eq!(sales(&book(&[("Июнь", &[head, one]), ("Июль", &[head, two])])).len(), 2);
}

/// An option of 1C prints the grand total above the rows.
#[test]
fn a_total_above_the_rows_is_proven_all_the_same() {
    let list = |total: &str| {
        format!("{H}Итого;;;;{total}\n01.06.2026;1;ООО А;Иванов;120,00\n02.06.2026;2;ООО Б;Иванов;30,00\n")
    };
    assert_eq!(facts(&list("150,00")).len(), 2);
    assert_eq!(holds(&parse(list("150,01").as_bytes())), ["total_mismatch"]);
    let groups = |total: &str| {
        format!(
            "Продажи за Июнь 2026 г.\nМенеджер;Выручка\nКонтрагент;\nИтого;{total}\nИванов;150,00\n  ООО А;120,00\n  ООО Б;30,00\nПетров;7,00\n  ООО А;7,00\n"
        )
    };
    assert_eq!(facts(&groups("157,00")).iter().map(|f| f.4).sum::<i64>(), 15_700);
    assert_eq!(holds(&parse(groups("157,01").as_bytes())), ["total_mismatch"]);
}
