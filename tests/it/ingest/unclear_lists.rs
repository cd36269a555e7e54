//! Tables that may be one thing or another: a column «Продавец», rows of groups in a list, lists of names and codes,
//! crosstabs without a year, tables beside the one that is read. Deliberately absent: grouped reports (`shapes`).

use sverka::{
    domain::finding::Severity,
    ingest::{ParseRequest, Parsed, Want, crm::table::CrmTableSettings, read::ReadLimits, sandbox::parse_bytes},
};

use super::{finding, holds, parse, real_file, request, sales};

/// Reads as `inspect` does: whatever it is.
fn inspect(text: &str) -> Parsed {
    let crm = CrmTableSettings {
        source: "inspect".into(),
        preset: "auto".into(),
        tz: chrono_tz::Europe::Moscow,
        bare: false,
    };
    let request = ParseRequest { want: Want::Any, crm: Some(crm), ..request("RUB") };
    parse_bytes(text.as_bytes(), &request, &ReadLimits::default())
}

#[test]
fn a_column_of_the_companys_own_organisations_names_no_manager() {
    let list = |seller: &str| {
        format!(
            "Дата;Номер;Покупатель;Продавец;Сумма\n05.11.2026;1;ООО А;{seller};5,00\n06.11.2026;2;ООО Б;ИП Винник В. В.;7,00\n"
        )
    };
    let parsed = parse(list("ООО «Винодельня»").as_bytes());
    let told: Vec<_> = sales(&parsed).iter().map(|s| (s.organisation.as_str(), s.manager.as_str())).collect();
    assert_eq!(told, [("ООО «Винодельня»", ""), ("ИП Винник В. В.", "")]);
    let parsed = parse(list("Иванов И. И.").as_bytes());
    let told: Vec<_> = sales(&parsed).iter().map(|s| (s.organisation.as_str(), s.manager.as_str())).collect();
    assert_eq!(told, [("", "Иванов И. И."), ("", "ИП Винник В. В.")]);
}

const BOOK: &str = "Книга продаж\nза период с 01.11.2026 по 30.11.2026\n\n\
    № п/п;Код вида операции;Номер и дата счета-фактуры продавца;Наименование покупателя;ИНН/КПП покупателя;Стоимость продаж, включая НДС\n\
    ООО Ромашка;;;;;300,00\n1;01;1 от 05.11.2026;ООО Ромашка;7701234560/770101001;100,00\n\
    2;01;2 от 06.11.2026;ООО Ромашка;7701234560/770101001;200,00\n\
    ООО Лютик;;;;;50,00\n3;01;3 от 07.11.2026;ООО Лютик;5001007322/500101001;50,00\nВсего;;;;;350,00\n";

#[test]
fn a_sales_book_grouped_by_buyers_is_proven_group_by_group() {
    let parsed = parse(BOOK.as_bytes());
    assert_eq!(holds(&parsed), Vec::<&str>::new(), "{:#?}", parsed.findings);
    let told: Vec<_> = sales(&parsed).iter().map(|s| (s.party.name.as_str(), s.amount.kopecks())).collect();
    assert_eq!(told, [("ООО Ромашка", 10_000), ("ООО Ромашка", 20_000), ("ООО Лютик", 5_000)]);
    assert!(finding(&parsed, "groups_proven").message.ru.contains(": 2"));
    // Without sums the rows of groups only repeat the buyer.
    let bare = BOOK.replace(";;;;;300,00", ";;;;;").replace(";;;;;50,00", ";;;;;");
    assert_eq!(sales(&parse(bare.as_bytes())), sales(&parsed));
    assert_eq!(holds(&parse(bare.as_bytes())), Vec::<&str>::new());
}

#[test]
fn a_group_that_does_not_hold_what_it_says_is_a_question() {
    let broken = [
        BOOK.replace(";;;;;300,00", ";;;;;300,01"),
        BOOK.replace("ООО Ромашка;;;;;", "ООО Ромашка и К;;;;;"),
        BOOK.replace("2;01;2 от 06.11.2026;ООО Ромашка", "2;01;2 от 06.11.2026;ООО Мак"),
        BOOK.replace("3;01;3 от 07.11.2026;ООО Лютик;5001007322/500101001;50,00\n", ""),
    ];
    for book in broken {
        let parsed = parse(book.as_bytes());
        assert!(holds(&parsed).contains(&"row_without_document"), "{book}\n{:#?}", parsed.findings);
    }
}

/// The same book without a column of names.
fn nameless() -> String {
    BOOK.replace("Наименование покупателя;", "")
        .replace("ООО Ромашка;7701", "7701")
        .replace("ООО Лютик;5001", "5001")
        .replace(";;;;;", ";;;;")
}

#[test]
fn buyers_above_their_entries_are_believed_where_tax_numbers_bear_them_out() {
    for book in [nameless(), nameless().replace(";;;;300,00", ";;;;").replace(";;;;50,00", ";;;;")] {
        let parsed = parse(book.as_bytes());
        assert_eq!(holds(&parsed), Vec::<&str>::new(), "{book}\n{:#?}", parsed.findings);
        let told: Vec<_> =
            sales(&parsed).iter().map(|s| (s.party.name.as_str(), s.party.inn.as_str(), s.amount.kopecks())).collect();
        let want = [
            ("ООО Ромашка", "7701234560", 10_000),
            ("ООО Ромашка", "7701234560", 20_000),
            ("ООО Лютик", "5001007322", 5_000),
        ];
        assert_eq!(told, want);
    }
    // Two buyers below one name (a seller, a department), one buyer below two names, an entry of nobody.
    for book in [
        nameless().replace("06.11.2026;7701234560", "06.11.2026;7707083893"),
        nameless().replace("5001007322/500101001", "7701234560/770101001"),
        nameless().replace("ООО Ромашка;;;;300,00\n", ""),
        nameless().replace("06.11.2026;7701234560/770101001", "06.11.2026;"),
    ] {
        assert_eq!(holds(&parse(book.as_bytes())), ["column_missing"], "{book}");
    }
    let wrong = nameless().replace(";;;;300,00", ";;;;300,01");
    assert_eq!(holds(&parse(wrong.as_bytes())), ["row_without_document"]);
}

#[test]
fn names_and_codes_alone_are_no_companies() {
    let parsed = inspect("Наименование,Код\nбез договора,00-000435\nосновной,00-000419\n");
    assert_eq!(holds(&parsed), ["list_unclear"]);
    let parsed = inspect("Наименование,Код,Телефон\nООО А,00-000435,+7 495 123-45-67\n");
    assert_eq!((holds(&parsed), parsed.kind.code()), (vec![], "crm_companies"));
    let parsed = inspect("Название компании,ID\nООО А,00-000435\n");
    assert_eq!((holds(&parsed), parsed.kind.code()), (vec![], "crm_companies"));
    let Some((_, bytes)) = real_file("1c/contracts-winery.csv") else { return };
    let text = String::from_utf8(bytes).expect("text");
    let parsed = inspect(&text);
    assert_eq!(holds(&parsed), ["not_sales"]);
    assert!(finding(&parsed, "not_sales").message.ru.contains("список договоров"));
    // Only its first two columns.
    let mut narrow = csv::Writer::from_writer(Vec::new());
    for row in csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).records() {
        let row = row.expect("a row");
        narrow.write_record([&row[0], &row[1]]).expect("written");
    }
    let narrow = String::from_utf8(narrow.into_inner().expect("bytes")).expect("text");
    assert_eq!(holds(&inspect(&narrow)), ["list_unclear"]);
}

#[test]
fn a_crosstab_of_months_is_no_list_of_companies() {
    let table = "Клиент;Город;Телефон;Ответственный;Январь;Февраль\nООО А;Москва;123;Иванов;100,00;200,00\n";
    assert_eq!(holds(&inspect(table)), ["months_without_year"]);
    let parsed = inspect(&table.replace("Январь", "Январь 2026").replace("Февраль", "Февраль 2026"));
    assert_eq!((holds(&parsed), parsed.kind.code()), (vec![], "sales"));
    assert_eq!(sales(&parsed).len(), 2);
}

/// A page of two tables; the first is a list of sales.
fn page(second: &str) -> String {
    let rows = |text: &str| {
        let row =
            |line: &str| format!("<tr>{}</tr>", line.split(';').map(|c| format!("<td>{c}</td>")).collect::<String>());
        format!("<table>{}</table>", text.lines().map(row).collect::<String>())
    };
    let first = "Дата;Номер;Контрагент;Сумма\n05.11.2026;1;ООО А;5,00\n06.11.2026;2;ООО Б;7,00";
    format!("<html><meta charset=utf-8><body>{}<p>и ещё</p>{}</body></html>", rows(first), rows(second))
}

#[test]
fn a_cell_too_many_shifts_text_but_no_page() {
    let rows = ["Дата;Номер;Контрагент;Сумма", "05.11.2026;1;ООО А;5,00;проверено", "06.11.2026;2;ООО Б;7,00"];
    assert_eq!(holds(&parse(rows.join("\n").as_bytes())), ["row_too_long"]);
    let row =
        |line: &&str| format!("<tr>{}</tr>", line.split(';').map(|c| format!("<td>{c}</td>")).collect::<String>());
    let page = format!("<html><meta charset=utf-8><table>{}</table></html>", rows.iter().map(row).collect::<String>());
    let parsed = parse(page.as_bytes());
    assert_eq!((holds(&parsed), sales(&parsed).len()), (vec![], 2));
}

#[test]
fn a_second_table_of_a_page_is_read_asked_about_or_named() {
    let same = parse(page("Дата;Номер;Контрагент;Сумма\n07.11.2026;3;ООО В;9,00\n08.11.2026;4;ООО Г;1,00").as_bytes());
    assert_eq!((holds(&same), sales(&same).len()), (vec![], 4));
    let other = parse(
        page("Дата;Номер;Клиент;Менеджер;Сумма\n07.11.2026;3;ООО В;И;9,00\n08.11.2026;4;ООО Г;П;1,00").as_bytes(),
    );
    assert_eq!(holds(&other), ["several_sheets"]);
    let on = parse(page("07.11.2026;3;ООО В;9,00\n08.11.2026;4;ООО Г;1,00").as_bytes());
    assert_eq!(holds(&on), ["sheet_left_aside"]);
    let listed = page("Название компании;ИНН;Телефон\nООО А;7701234560;123\nООО Б;5001007322;456");
    let crm = inspect(&listed.replace("Дата", "Полка").replace("Контрагент", "Товар").replace("Сумма", "Штук"));
    assert_eq!(crm.kind.code(), "crm_companies", "{:#?}", crm.findings);
    assert!(finding(&crm, "sheets_unused").message.ru.contains("«Таблица 1»"));
    let goods = parse(page("Товар;Штук;Полка\nВино;3;А\nСок;4;Б").as_bytes());
    assert_eq!((holds(&goods), sales(&goods).len()), (vec![], 2));
    let named = finding(&goods, "sheets_unused");
    assert_eq!(named.severity, Severity::Note);
    assert!(
        named.message.ru.contains("«Таблица 2»") && named.message.en.contains("“Таблица 2”"),
        "{:?}",
        named.message
    );
}
