//! Reports that are no plain lists: groups in one column and in several, crosstabs, records of two rows, keys written
//! once; each level proven, each refusal with its question.

use rust_xlsxwriter::{Format, Workbook};
use sverka::{
    domain::{inbox::Grain, money::Money, sale::Sale},
    ingest::Parsed,
};

use super::{finding, holds, parse, sales};

/// A text file of rows, `|` between cells.
fn text(rows: &[&str]) -> Vec<u8> {
    rows.iter().map(|row| row.replace('|', ";") + "\n").collect::<String>().into_bytes()
}

/// A workbook of rows: outline level, then cells; a cell that reads as a number is one.
fn outlined(rows: &[(u8, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("TDSheet").expect("name");
    sheet.group_symbols_above(true);
    for (row, (_, cells)) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells.split('|')) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number).expect("write"),
                Err(_) => sheet.write(row, column, cell).expect("write"),
            };
        }
    }
    for level in 1..=3_u8 {
        let mut first = None;
        for row in 0..=rows.len() as u32 {
            let inside = rows.get(row as usize).is_some_and(|(own, _)| *own >= level);
            match (inside, first) {
                (true, None) => first = Some(row),
                (false, Some(from)) => {
                    sheet.group_rows(from, row - 1).expect("group");
                    first = None;
                }
                _ => {}
            }
        }
    }
    book.save_to_buffer().expect("save")
}

/// Number, date, buyer, seller, kopecks of each sale.
fn facts(parsed: &Parsed) -> Vec<(String, String, String, String, i64)> {
    assert_eq!(holds(parsed), Vec::<&str>::new(), "{:#?}", parsed.findings);
    let fact =
        |s: &Sale| (s.number.clone(), s.date.to_string(), s.party.name.clone(), s.manager.clone(), s.amount.kopecks());
    sales(parsed).iter().map(fact).collect()
}

fn fact(number: &str, date: &str, party: &str, manager: &str, kopecks: i64) -> (String, String, String, String, i64) {
    (number.into(), date.into(), party.into(), manager.into(), kopecks)
}

/// What the two reports of three levels below hold.
fn three_levels() -> Vec<(String, String, String, String, i64)> {
    vec![
        fact("УТ-1", "2026-06-01", "ВЕКТОР ООО", "Иванов И. И.", 10_000),
        fact("УТ-2", "2026-06-02", "ВЕКТОР ООО", "Иванов И. И.", 5_050),
        fact("УТ-3", "2026-06-02", "Лютик ИП", "Иванов И. И.", 700),
        fact("УТ-4", "2026-06-03", "ВЕКТОР ООО", "Петров П. П.", -300),
        fact("УТ-5", "2026-06-30", "РОМАШКА ООО", "Петров П. П.", 30_000),
    ]
}

const ONE_COLUMN: [(u8, &str); 16] = [
    (0, "Продажи"),
    (0, "Период: 01.06.2026 - 30.06.2026"),
    (0, ""),
    (0, "Менеджер|Выручка"),
    (0, "Контрагент|"),
    (0, "Документ|"),
    (0, "Иванов И. И.|157.5"),
    (1, "ВЕКТОР ООО|150.5"),
    (2, "Реализация УТ-1 от 01.06.2026 10:00:00|100"),
    (2, "Реализация УТ-2 от 02.06.2026 11:00:00|50.5"),
    (1, "Лютик ИП|7"),
    (2, "Реализация УТ-3 от 02.06.2026 12:00:00|7"),
    (0, "Петров П. П.|297"),
    (1, "ВЕКТОР ООО|-3"),
    (2, "Возврат УТ-4 от 03.06.2026 10:00:00|-3"),
    (1, "РОМАШКА ООО|300"),
];

fn one_column() -> Vec<(u8, &'static str)> {
    let mut rows = ONE_COLUMN.to_vec();
    rows.push((2, "Реализация УТ-5 от 30.06.2026 10:00:00|300"));
    rows.push((0, "Итого|454.5"));
    rows
}

#[test]
fn groups_in_one_column_are_told_by_the_outline() {
    let parsed = parse(&outlined(&one_column()));
    assert_eq!(facts(&parsed), three_levels());
    assert!(
        parsed.understood.iter().any(|t| t.ru.contains("менеджер → контрагент → документ")),
        "{:?}",
        parsed.understood
    );
    let first = &sales(&parsed)[0];
    assert_eq!((first.source.row, &*first.source.sheet), (9, "TDSheet"));
}

#[test]
fn groups_in_one_column_are_told_by_sums_alone() {
    let rows: Vec<String> = one_column().iter().map(|(_, row)| (*row).to_owned()).collect();
    let rows: Vec<String> = rows
        .iter()
        .map(|row| match row.rsplit_once('|') {
            Some((key, amount)) if amount.parse::<f64>().is_ok() => format!("{key}|{}", amount.replace('.', ",")),
            _ => row.clone(),
        })
        .collect();
    let parsed = parse(&text(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!(facts(&parsed), three_levels());
    assert!(parsed.understood.iter().any(|t| t.ru.contains("по суммам")), "{:?}", parsed.understood);
}

#[test]
fn groups_are_told_by_leading_blanks() {
    let rows: Vec<String> = one_column()
        .iter()
        .map(|(level, row)| format!("{}{}", "  ".repeat((*level).into()), row.replace('.', ",")))
        .collect();
    let rows: Vec<String> = rows
        .iter()
        .map(|row| {
            // Dates and initials keep their dots.
            let (key, amount) = row.rsplit_once('|').unwrap_or((row, ""));
            let key = key.replace("И, И,", "И. И.").replace("П, П,", "П. П.").replace(",06,2026", ".06.2026");
            format!("{key}|{amount}")
        })
        .collect();
    let parsed = parse(&text(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!(facts(&parsed), three_levels());
    assert!(parsed.understood.iter().any(|t| t.ru.contains("по отступам")), "{:?}", parsed.understood);
}

#[test]
fn groups_in_several_columns_in_another_order() {
    let parsed = parse(&text(&[
        "Продажи за Июнь 2026 г.",
        "",
        "Контрагент|Менеджер|Документ|Сумма с НДС|Маржа",
        "ВЕКТОР ООО|||147,50|40,00",
        "|Иванов И. И.||150,50|41,00",
        "||Реализация УТ-1 от 01.06.2026 10:00:00|100,00|30,00",
        "||Реализация УТ-2 от 02.06.2026 11:00:00|50,50|11,00",
        "|Петров П. П.||-3,00|-1,00",
        "||Возврат УТ-4 от 03.06.2026 10:00:00|-3,00|-1,00",
        "Лютик ИП|||7,00|2,00",
        "|Иванов И. И.||7,00|2,00",
        "||Реализация УТ-3 от 02.06.2026 12:00:00|7,00|2,00",
        "РОМАШКА ООО|||300,00|0,00",
        "|Петров П. П.||300,00|0,00",
        "||Реализация УТ-5 от 30.06.2026 10:00:00|300,00|0,00",
        "Итого|||454,50|42,00",
    ]));
    let mut found = facts(&parsed);
    found.sort();
    assert_eq!(found, three_levels());
    assert_eq!(sales(&parsed)[0].margin.map(Money::kopecks), Some(3_000));
}

/// Every printed sum, at every level, changed by a kopeck: never accepted.
#[test]
fn a_kopeck_at_any_level_holds_the_file() {
    let rows = one_column();
    for (index, (level, row)) in rows.iter().enumerate() {
        let Some((key, amount)) = row.rsplit_once('|') else { continue };
        let Ok(amount) = amount.parse::<f64>() else { continue };
        let changed = format!("{key}|{}", amount + 0.01);
        let mut broken = rows.clone();
        broken[index] = (*level, &changed);
        assert_ne!(holds(&parse(&outlined(&broken))), Vec::<&str>::new(), "row {index}: {changed}");
    }
    for index in 6..rows.len() - 1 {
        let mut lost = rows.clone();
        lost.remove(index);
        assert_ne!(holds(&parse(&outlined(&lost))), Vec::<&str>::new(), "row {index} lost");
    }
}

#[test]
fn items_below_documents_add_up_to_them() {
    let parsed = parse(&outlined(&[
        (0, "Валовая прибыль"),
        (0, "Период: Июнь 2026"),
        (0, "Контрагент|Выручка|Валовая прибыль"),
        (0, "Документ||"),
        (0, "Номенклатура||"),
        (0, "ВЕКТОР ООО|150.5|20"),
        (1, "Реализация УТ-1 от 01.06.2026 10:00:00|150.5|20"),
        (2, "Болт|100|15"),
        (2, "Гайка|50.5|5"),
        (0, "Итого|150.5|20"),
    ]));
    assert_eq!(facts(&parsed), [fact("УТ-1", "2026-06-01", "ВЕКТОР ООО", "", 15_050)]);
    assert_eq!(sales(&parsed)[0].margin.map(Money::kopecks), Some(2_000));
}

#[test]
fn turnovers_without_documents_are_dated_by_the_period() {
    let parsed = parse(&outlined(&[
        (0, "Анализ продаж за Июнь 2026 г."),
        (0, "Менеджер|Сумма продаж"),
        (0, "Контрагент|"),
        (0, "Иванов И. И.|157.5"),
        (1, "ВЕКТОР ООО|150.5"),
        (1, "Лютик ИП|7"),
        (0, "Петров П. П.|300"),
        (1, "ВЕКТОР ООО|300"),
        (0, "Итого|457.5"),
    ]));
    assert_eq!(
        facts(&parsed),
        [
            fact("обороты 06.2026 Иванов И. И. / ВЕКТОР ООО", "2026-06-30", "ВЕКТОР ООО", "Иванов И. И.", 15_050),
            fact("обороты 06.2026 Иванов И. И. / Лютик ИП", "2026-06-30", "Лютик ИП", "Иванов И. И.", 700),
            fact("обороты 06.2026 Петров П. П. / ВЕКТОР ООО", "2026-06-30", "ВЕКТОР ООО", "Петров П. П.", 30_000),
        ]
    );
    assert_eq!(parsed.accounting.as_ref().map(|t| t.grain), Some(Grain::Turnovers));
}

#[test]
fn a_quarter_of_turnovers_belongs_to_no_month() {
    let rows = [
        "Продажи за 1 квартал 2026 г.",
        "Контрагент|Выручка",
        "ВЕКТОР ООО|100,00",
        "РОМАШКА ООО|50,00",
        "Итого|150,00",
    ];
    assert_eq!(holds(&parse(&text(&rows))), ["period_not_a_month"]);
    let without = ["Продажи", "Контрагент|Выручка", "ВЕКТОР ООО|100,00", "РОМАШКА ООО|50,00", "Итого|150,00"];
    assert_eq!(holds(&parse(&text(&without))), ["column_missing"]);
}

#[test]
fn months_side_by_side_are_proven_both_ways() {
    let rows = [
        "Продажи за 2 квартал 2026 г.",
        "Контрагент|Апрель 2026|Май 2026|Июнь 2026|Итого",
        "ВЕКТОР ООО|100,00||50,50|150,50",
        "РОМАШКА ООО||-3,00|300,00|297,00",
        "Итого|100,00|-3,00|350,50|447,50",
    ];
    let parsed = parse(&text(&rows));
    assert_eq!(
        facts(&parsed),
        [
            fact("обороты 04.2026 ВЕКТОР ООО", "2026-04-30", "ВЕКТОР ООО", "", 10_000),
            fact("обороты 06.2026 ВЕКТОР ООО", "2026-06-30", "ВЕКТОР ООО", "", 5_050),
            fact("обороты 05.2026 РОМАШКА ООО", "2026-05-31", "РОМАШКА ООО", "", -300),
            fact("обороты 06.2026 РОМАШКА ООО", "2026-06-30", "РОМАШКА ООО", "", 30_000),
        ]
    );
    assert_eq!(sales(&parsed)[1].source.cell(), "D3", "the very cell");
    for (row, column) in [(2, 1), (2, 3), (2, 4), (3, 2), (3, 4), (4, 1), (4, 2), (4, 3), (4, 4)] {
        let mut broken: Vec<String> = rows.iter().map(|r| (*r).to_owned()).collect();
        let mut cells: Vec<&str> = rows[row].split('|').collect();
        let changed = cells[column].replace(",00", ",01").replace(",50", ",51");
        cells[column] = &changed;
        broken[row] = cells.join("|");
        let broken: Vec<&str> = broken.iter().map(String::as_str).collect();
        assert_ne!(holds(&parse(&text(&broken))), Vec::<&str>::new(), "{row} {column}");
    }
}

/// Two wrong totals of columns that cancel out leave the grand total right.
#[test]
fn each_column_of_a_crosstab_is_proven_on_its_own() {
    let parsed = parse(&outlined(&[
        (0, "Анализ продаж"),
        (0, "Период: 01.05.2026 - 30.06.2026"),
        (0, "Менеджер|Май 2026 г.||Июнь 2026 г.||Итого|"),
        (0, "Контрагент|Количество|Выручка|Количество|Выручка|Количество|Выручка"),
        (0, "Иванов И. И.|3|100|1|57.5|4|157.5"),
        (1, "ВЕКТОР ООО|2|60|1|50.5|3|110.5"),
        (1, "Лютик ИП|1|40||7|1|47"),
        (0, "Итого|3|100.01|1|57.49|4|157.5"),
    ]));
    assert_eq!(holds(&parsed), ["total_mismatch", "total_mismatch"]);
}

#[test]
fn months_with_measures_under_each_and_sellers_above_buyers() {
    let parsed = parse(&outlined(&[
        (0, "Анализ продаж"),
        (0, "Период: 01.05.2026 - 30.06.2026"),
        (0, "Менеджер|Май 2026 г.||Июнь 2026 г.||Итого|"),
        (0, "Контрагент|Количество|Выручка|Количество|Выручка|Количество|Выручка"),
        (0, "Иванов И. И.|3|100|1|57.5|4|157.5"),
        (1, "ВЕКТОР ООО|2|60|1|50.5|3|110.5"),
        (1, "Лютик ИП|1|40||7|1|47"),
        (0, "Итого|3|100|1|57.5|4|157.5"),
    ]));
    assert_eq!(
        facts(&parsed),
        [
            fact("обороты 05.2026 Иванов И. И. / ВЕКТОР ООО", "2026-05-31", "ВЕКТОР ООО", "Иванов И. И.", 6_000),
            fact("обороты 06.2026 Иванов И. И. / ВЕКТОР ООО", "2026-06-30", "ВЕКТОР ООО", "Иванов И. И.", 5_050),
            fact("обороты 05.2026 Иванов И. И. / Лютик ИП", "2026-05-31", "Лютик ИП", "Иванов И. И.", 4_000),
            fact("обороты 06.2026 Иванов И. И. / Лютик ИП", "2026-06-30", "Лютик ИП", "Иванов И. И.", 700),
        ]
    );
}

#[test]
fn two_physical_rows_make_one_record() {
    let parsed = parse(&text(&[
        "Реестр продаж за Июнь 2026 г.",
        "Дата|Контрагент|Сумма",
        "Номер|ИНН|Менеджер",
        "01.06.2026|ВЕКТОР ООО|100,00",
        "УТ-1|7701234560|Иванов И. И.",
        "02.06.2026|Лютик ИП|7,00",
        "УТ-2|500100732259|Петров П. П.",
        "Итого||107,00",
    ]));
    assert_eq!(
        facts(&parsed),
        [
            fact("УТ-1", "2026-06-01", "ВЕКТОР ООО", "Иванов И. И.", 10_000),
            fact("УТ-2", "2026-06-02", "Лютик ИП", "Петров П. П.", 700),
        ]
    );
    assert_eq!(sales(&parsed)[1].party.inn, "500100732259");
}

#[test]
fn the_header_on_every_page_and_column_numbers_are_no_rows() {
    let parsed = parse(&text(&[
        "Дата|Номер|Контрагент|Сумма",
        "1|2|3|4",
        "01.06.2026|УТ-1|ВЕКТОР ООО|100,00",
        "Дата|Номер|Контрагент|Сумма",
        "02.06.2026|УТ-2|Лютик ИП|7,00",
        "Итого|||107,00",
    ]));
    assert_eq!(facts(&parsed).len(), 2);
}

#[test]
fn merged_keys_hold_for_their_rows_and_empty_ones_are_asked_about() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    for (column, header) in (0..).zip(["Дата", "Номер", "Контрагент", "Товар", "Сумма"]) {
        sheet.write(0, column, header).expect("write");
    }
    for (column, value) in (0..).zip(["01.06.2026", "УТ-1", "ВЕКТОР ООО"]) {
        sheet.merge_range(1, column, 2, column, value, &plain).expect("merge");
    }
    for (row, (item, amount)) in (1..).zip([("Болт", 100.0), ("Гайка", 50.5), ("Шайба", 1.0)]) {
        sheet.write(row, 3, item).expect("write");
        sheet.write(row, 4, amount).expect("write");
    }
    for (column, value) in (0..).zip(["02.06.2026", "УТ-2", "Лютик ИП"]) {
        sheet.write(3, column, value).expect("write");
    }
    let parsed = parse(&book.save_to_buffer().expect("save"));
    assert_eq!(
        facts(&parsed),
        [fact("УТ-1", "2026-06-01", "ВЕКТОР ООО", "", 15_050), fact("УТ-2", "2026-06-02", "Лютик ИП", "", 100),]
    );
    let guessed = parse(&text(&["Дата|Номер|Контрагент|Сумма", "01.06.2026|УТ-1|ВЕКТОР ООО|100,00", "|||50,50"]));
    assert_eq!(holds(&guessed), ["row_without_document"]);
    assert!(finding(&guessed, "row_without_document").message.ru.contains("fill_down"));
}

#[test]
fn a_gap_in_the_row_numbers_is_a_lost_row() {
    let list = |numbers: [&str; 3]| {
        let row = |n: &str, i: usize| format!("{n}|0{i}.06.2026|УТ-{i}|ВЕКТОР ООО|100,00");
        let rows: Vec<String> = numbers.iter().zip(1..).map(|(n, i)| row(n, i)).collect();
        let mut all = vec!["№ п/п|Дата|Номер|Контрагент|Сумма"];
        all.extend(rows.iter().map(String::as_str));
        parse(&text(&all))
    };
    assert_eq!(facts(&list(["1", "2", "3"])).len(), 3);
    assert_eq!(facts(&list(["1", "1", "2"])).len(), 3, "a new part begins anew");
    assert_eq!(holds(&list(["1", "2", "4"])), ["row_numbers_broken"]);
}

#[test]
fn a_level_nobody_can_name_is_a_question_with_examples() {
    let parsed = parse(&outlined(&[
        (0, "Продажи за Июнь 2026 г."),
        (0, "Показатель|Выручка"),
        (0, "Контрагент|"),
        (0, "Орлов|100"),
        (1, "Сойкин|60"),
        (1, "Галкин|40"),
        (0, "Итого|100"),
    ]));
    assert!(!holds(&parsed).is_empty());
}
