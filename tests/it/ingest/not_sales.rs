//! Files that are something else are named for what they are.

use sverka::domain::inbox::TableKind;

use super::{finding, holds, parse, real_file};

#[test]
fn stock_prices_and_account_reports_are_named_and_refused() {
    for (file, word) in [
        ("not-sales-stock.xlsx", "остатки склада"),
        ("not-sales-warehouse.xlsx", "остатки склада"),
        ("not-sales-price-list.xlsx", "прайс-лист"),
        ("not-sales-price-list-13k-rows.xls", "прайс-лист"),
        ("biff8-custom-number-formats.xls", "остатки склада"),
        ("biff7-no-codepage.xls", "остатки склада"),
        ("upp-account-11-turnover.xlsx", "отчёт по счёту"),
        ("ut-gross-profit-grouped.xlsx", "с группировками"),
        ("contracts-winery.csv", "список договоров"),
    ] {
        let Some((_, bytes)) = real_file(&format!("1c/{file}")) else { return };
        let parsed = parse(&bytes);
        assert_eq!((parsed.kind, holds(&parsed)), (TableKind::Unknown, vec!["not_sales"]), "{file}");
        let message = &finding(&parsed, "not_sales").message;
        assert!(message.ru.contains(word), "{file}: {}", message.ru);
        assert!(parsed.accounting.is_none());
    }
}

#[test]
fn purchases_and_orders_do_not_pass_as_sales() {
    for document in ["Поступление товаров и услуг", "Возврат товаров поставщику", "Заказ клиента", "Счет на оплату"]
    {
        let text = format!("Документ;Контрагент;Сумма\n{document} 0001 от 05.11.2026;ООО А;5,00\n");
        assert_eq!(holds(&parse(text.as_bytes())), ["not_a_sale"], "{document}");
    }
}

#[test]
fn an_empty_table_and_an_unknown_one_are_refused() {
    assert_eq!(holds(&parse("Дата;Номер;Контрагент;Сумма\n".as_bytes())), ["no_rows"]);
    assert_eq!(holds(&parse("раз;два\nтри;четыре\n".as_bytes())), ["not_sales"]);
    assert_eq!(holds(&parse(b"")), ["empty_file"]);
}
