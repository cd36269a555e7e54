//! Recognising CRM tables by their headers and reading their rows.

use sverka::{
    domain::{crm::CrmKind, inbox::TableKind},
    ingest::{
        builder::SheetBuilder,
        crm::table::{CrmTableSettings, read},
        raw::RawCell,
    },
};

use super::{codes, table_of};

#[test]
fn the_russian_bitrix24_export_of_companies_is_read() {
    let table = table_of(
        &[
            "\u{feff}ID|Название\u{a0}компании|Реквизит: ИНН_1|Реквизит: ИНН_2|Реквизит: КПП|Рабочий телефон|Мобильный телефон|Ответственный|Дата создания|VIP",
            "7|ООО «Ромашка»|7707083893.0|7701234560|770701001|+7 921 111-22-33|+7 921 000-00-05|Петров|05.11.2026 17:30:00|да",
        ],
        "auto",
    )
    .expect("a table");
    assert_eq!((table.kind, table.header_row, table.header_score), (TableKind::CrmCompanies, 1, 9));
    assert!(table.findings.is_empty(), "{:?}", table.findings);
    let record = &table.records[0];
    assert_eq!(
        (record.id.id.as_str(), record.id.kind, record.title.as_str()),
        ("7", CrmKind::Company, "ООО «Ромашка»")
    );
    assert_eq!(sverka::domain::tax_id::read_cell(&record.inn).0.len(), 2);
    assert_eq!(record.phone, "+7 921 111-22-33, +7 921 000-00-05");
    assert_eq!(record.created_at.expect("created").to_rfc3339(), "2026-11-05T14:30:00+00:00");
    assert_eq!(record.fields.get("VIP").map(String::as_str), Some("да"));
    assert_eq!(record.fields.len(), 1, "{:?}", record.fields);
}

#[test]
fn english_headers_contacts_and_deals_of_bitrix24_are_told_apart() {
    let kind = |rows: &[&str]| table_of(rows, "auto").map(|t| (t.kind, t.records.len(), codes(&t.findings).len()));
    assert_eq!(
        kind(&[
            "ID|Company Name|Company type|Responsible person|Created on|Phone",
            "1|Alfa|Client|Smith|11/05/2026 05:30:00 pm|"
        ]),
        Some((TableKind::CrmCompanies, 1, 0))
    );
    assert_eq!(
        kind(&["ID|Имя|Фамилия|Должность|Компания|Рабочий телефон|Дата создания", "1|Иван|Иванов|директор|Ромашка||"]),
        Some((TableKind::CrmContacts, 1, 0))
    );
    assert_eq!(
        kind(&[
            "ID|Название сделки|Стадия сделки|Сумма|Компания|Ответственный|Дата создания",
            "1|Поставка|Сделка успешна|100|Ромашка|Петров|"
        ]),
        Some((TableKind::CrmDeals, 1, 0))
    );
    let deals =
        table_of(&["ID|Название сделки|Стадия сделки|Компания", "1|А|Сделка успешна|Р", "2|Б|В работе|Р"], "bitrix24")
            .expect("deals");
    assert_eq!(deals.records.iter().map(|r| r.won).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn the_wide_amocrm_export_keeps_duplicate_headers_apart() {
    let base = "ID|Название сделки|Бюджет|Ответственный|Дата создания сделки|Кем создана сделка|Дата редактирования|Кем редактирована|Дата закрытия|Теги|Примечание|Примечание 2|Примечание 3|Примечание 4|Примечание 5|Этап сделки|Воронка|Полное имя контакта|Компания контакта|Ответственный за контакт|Компания|Рабочий телефон|Рабочий прямой телефон|Мобильный телефон|Факс|Домашний телефон|Другой телефон|Рабочий email|Личный email|Другой email|Источник|Товар|cid|uid|tid|roistat";
    let own: Vec<String> = (0..34).map(|i| format!("Поле {i}")).collect();
    let header = format!("{base}|{}|Источник|Товар|cid|uid|tid|roistat", own.join("|"));
    assert_eq!(header.split('|').count(), 76);
    let mut row = vec![""; 76];
    for (i, value) in [
        (0, "501"),
        (1, "Поставка"),
        (4, "05.11.2026 17:30:00"),
        (8, "не закрыта"),
        (15, "Успешно реализовано"),
        (18, "ООО Ромашка"),
        (23, "+79211112233"),
        (30, "сайт"),
        (70, "звонок"),
    ] {
        row[i] = value;
    }
    let table = table_of(&[&header, &row.join("|")], "auto").expect("a table");
    assert_eq!(table.kind, TableKind::CrmDeals);
    let record = &table.records[0];
    assert_eq!(
        (record.company_name.as_str(), record.phone.as_str(), record.won),
        ("ООО Ромашка", "+79211112233", true)
    );
    assert_eq!(record.fields.get("Источник").map(String::as_str), Some("сайт"));
    assert_eq!(record.fields.get("Источник (2)").map(String::as_str), Some("звонок"));
    assert_eq!(record.fields.get("Дата закрытия").map(String::as_str), Some("не закрыта"));
    assert!(table.findings.is_empty(), "{:?}", table.findings);
}

#[test]
fn a_plain_table_and_the_english_one_of_programs_are_companies() {
    let table =
        table_of(&["Список клиентов", "", "Клиент|ИНН|Телефон|Менеджер", "Ромашка|7707083893|22-33-44|Петров"], "auto")
            .expect("a table");
    assert_eq!((table.kind, table.header_row, table.records.len()), (TableKind::CrmCompanies, 3, 1));
    assert_eq!(codes(&table.findings), ["crm_id_made"]);

    let bench = table_of(
        &[
            "id|title|inn|kpp|phone|email|city|responsible|vip|created|updated",
            "1001|Ромашка|7707083893|770701001|+7 (960) 339-91-54|a@b.ru|Тула|Орлова|0|2019-06-07 02:47:00|2019-10-03 07:02:00",
        ],
        "auto",
    )
    .expect("a table");
    assert_eq!((bench.kind, bench.header_score), (TableKind::CrmCompanies, 10));
    assert_eq!(bench.records[0].fields.get("vip").map(String::as_str), Some("0"));
    assert!(bench.records[0].updated_at.is_some());
}

#[test]
fn a_tie_is_refused_with_a_question_and_a_named_preset_resolves_it() {
    let rows = ["Код|Клиент|Телефон|Дата создания", "1|Ромашка|1|05.11.2026"];
    let plain = table_of(&rows, "plain").expect("a table");
    assert_eq!((plain.kind, plain.records.len()), (TableKind::CrmCompanies, 1));
    // A table of persons or of companies: nothing in it says which.
    let rows = ["Название|Компания|Контакт|Телефон", "Р|Ромашка|Иванов|+79211112233"];
    let tied = table_of(&rows, "plain").expect("a table");
    assert_eq!((codes(&tied.findings), tied.records.len()), (vec!["crm_layout_tie"], 0));
    assert!(tied.findings[0].holds() && tied.findings[0].message.ru.contains("контакты"));
}

#[test]
fn a_missing_required_column_is_named() {
    let table =
        table_of(&["ID|Реквизит: ИНН|Реквизит: КПП|Ответственный|Дата создания", "1|7707083893||П|"], "bitrix24")
            .expect("a table");
    assert_eq!(codes(&table.findings), ["crm_columns_missing"]);
    assert!(table.findings[0].message.ru.contains("Название компании"), "{}", table.findings[0].message.ru);
}

#[test]
fn the_unseen_desktop_programs_ask_to_check_the_columns() {
    for (preset, header) in [
        ("quick-sales", "Код клиента|Наименование клиента|Ответственный менеджер"),
        ("sales-expert", "Код компании|Наименование компании|Ответственный сотрудник"),
    ] {
        let table = table_of(&[header, "1|Ромашка|Петров"], "auto").expect("a table");
        assert_eq!(
            (table.kind, codes(&table.findings)),
            (TableKind::CrmCompanies, vec!["preset_unverified"]),
            "{preset}"
        );
    }
}

#[test]
fn ids_stand_once_and_differing_rows_with_one_id_hold_the_table() {
    let header = "ID|Название компании|Реквизит: ИНН";
    let twice = table_of(&[header, "1|А|", "1|А|", "2|Б|"], "auto").expect("a table");
    assert_eq!((twice.records.len(), codes(&twice.findings)), (2, vec!["crm_row_twice"]));
    let clash = table_of(&[header, "1|А|", "1|Б|"], "auto").expect("a table");
    assert_eq!(codes(&clash.findings), ["crm_duplicate_id"]);
    assert!(clash.findings[0].holds());
    assert_eq!(clash.findings[0].source.as_ref().map(|s| s.row), Some(3));
}

#[test]
fn a_made_id_survives_an_edited_phone_and_differs_between_namesakes() {
    let ids = |rows: &[&str]| -> Vec<String> {
        table_of(rows, "plain").expect("a table").records.into_iter().map(|r| r.id.id).collect()
    };
    let header = "Клиент|ИНН|Телефон";
    assert_eq!(ids(&[header, "ООО Ромашка||1"]), ids(&[header, "ООО «РОМАШКА»||2"]));
    let two = ids(&[header, "Ромашка||1", "Ромашка||2"]);
    assert_eq!(two.len(), 2);
    assert_ne!(two[0], two[1]);
}

#[test]
fn a_number_cell_and_a_wrong_date_do_no_harm() {
    let mut builder = SheetBuilder::new("", 100);
    for (column, header) in (0..).zip(["ID", "Название компании", "Реквизит: ИНН", "Дата создания"])
    {
        builder.put((0, column), RawCell::Text(header)).expect("room");
    }
    let cells = [RawCell::Number(15.0), RawCell::Text("А"), RawCell::Number(7_707_083_893.0), RawCell::Text("завтра")];
    for (column, cell) in (0..).zip(cells) {
        builder.put((1, column), cell).expect("room");
    }
    let raw = builder.finish();
    let settings =
        CrmTableSettings { source: "crm".into(), preset: "auto".into(), tz: chrono_tz::Europe::Moscow, bare: false };
    let table = read(&raw, "crm.xlsx", &settings).expect("a table");
    let record = &table.records[0];
    assert_eq!((record.id.id.as_str(), record.inn.as_str(), record.created_at), ("15", "7707083893", None));
    assert_eq!(record.fields.get("Дата создания").map(String::as_str), Some("завтра"));
    assert_eq!(codes(&table.findings), ["crm_date_unread"]);
    assert_eq!(table.findings[0].source.as_ref().map(sverka::domain::finding::SourceRef::cell).as_deref(), Some("D2"));
}

#[test]
fn what_is_no_crm_table_is_none() {
    assert!(table_of(&["Номенклатура|Остаток|Цена", "Болт|5|10"], "auto").is_none());
    assert!(table_of(&[], "auto").is_none());
}
