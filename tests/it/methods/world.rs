//! The company of the story: people, regulation, and its files as of a day. Deliberately absent: what becomes of it.

use std::fmt::Write;

use sverka::cli::demo::company::inn;

/// Name, hired, groups.
pub const SELLERS: [(&str, &str, &str); 6] = [
    ("Орлов Илья", "2026-10-01", "пилот"),
    ("Соколова Анна", "2026-10-01", ""),
    ("Лебедев Павел", "2026-10-01", "пилот"),
    ("Зайцева Ольга", "2022-03-01", ""),
    ("Воробьёв Сергей", "2022-03-01", "пилот"),
    ("Голубева Мария", "2022-03-01", ""),
];

/// 10 % of the amount; half of it not accrued while missing, a tenth when late.
pub const POLICY: &str = r#"
[[version]]
id = "T-1"
title = "Положение о премировании"
effective_from = 2026-01-01
grace_working_days = 3

[version.bonus]
base = "with_vat"
rate = "10 %"

[[version.segment]]
name = "крупные"
members = ["Клиент 1-1 ООО"]

[[version.profile]]
segment = "all"
fields = { title = 1, inn = 1, phone = 1 }

[[version.profile]]
segment = "крупные"
extends = "all"
fields = { email = 1, city = 1 }

[[version.rule]]
kind = "missing_counterparty"
missing = "50 %"
late = "10 %"
exclude_from_kpi = true

[[version.rule]]
kind = "completeness"
requires_acknowledgement = false
bands = [{ from = "0 %", to = "80 %", premium = "0" }, { from = "80 %", to = "100 %", premium = "1000.00" }]

[[version.rule]]
kind = "completeness"
id = "pilot_cards"
shadow = true
scope = { groups = ["пилот"] }
bands = [{ from = "0 %", to = "90 %", premium = "0" }, { from = "90 %", to = "100 %", premium = "500.00" }]

[[version.rule]]
kind = "call_recording"
min_seconds = 10
match_minutes = 15
per_recorded = "50.00"

[[version.rule]]
kind = "contest"
by = "streak"
prizes = ["3000.00", "1000.00"]

[[version.rule]]
kind = "deal_approval"
scope = { segments = ["крупные"], min_amount = "50000.00" }
escalate_working_days = 3

[[version.rule]]
kind = "cap"
cap = "20 %"
"#;

/// Folders of calls.
pub const SETTINGS: &str = "[calls]\nfolders = [\"inbox/calls\"]\n";

/// The people file; `language` is a line of it that everybody has.
pub fn people(language: &str) -> String {
    let mut text = String::new();
    for (at, (name, hired, group)) in SELLERS.iter().enumerate() {
        let groups = if group.is_empty() { String::new() } else { format!("groups = [\"{group}\"]\n") };
        let id = at + 1;
        let _ = write!(
            text,
            "[[person]]\nid = \"010{id}\"\nname = \"{name}\"\nemail = \"m{id}@firma.example\"\ndepartment = \"Опт\"\n\
             roles = [\"manager\"]\nhired = {hired}\n{groups}{language}\n"
        );
    }
    for (id, name, email, role) in [
        ("0001", "Громова Елена", "head@firma.example", "head"),
        ("0002", "Рябова Нина", "finance@firma.example", "finance"),
        ("0003", "Смирнов Олег", "admin@firma.example", "operator"),
    ] {
        let _ = write!(
            text,
            "[[person]]\nid = \"{id}\"\nname = \"{name}\"\nemail = \"{email}\"\nroles = [\"{role}\"]\n{language}\n"
        );
    }
    text
}

/// Sales of the second of November: to the n-th client of each seller n times 20 000.
pub fn sales() -> Vec<String> {
    let mut rows = Vec::new();
    for (at, (name, ..)) in SELLERS.iter().enumerate() {
        for client in 1..=4 {
            let (seller, number) = (at + 1, rows.len() + 1);
            // The first seller's first client is the large one.
            let amount = if (seller, client) == (1, 1) { 90_000 } else { 20_000 * client };
            let inn = inn("7701", (10_000 + 100 * seller + client) as u32);
            rows.push(format!("02.11.2026;0000-{number:06};Клиент {seller}-{client} ООО;{inn};{name};{amount},00"));
        }
    }
    rows
}

/// The CRM's companies as of a day of November (31 and more: later).
///
/// - The first client of everybody has stood there since January with everything; Анна's has no phone until the twelfth.
/// - The second likewise, but without a phone with those who are not the pilot.
/// - The third was entered on the fifth by the pilot, on the ninth (late) by the others.
/// - The fourth of the pilot has stood there since January, that of the others is never entered.
pub fn companies(day: u32) -> String {
    let mut text = String::from(
        "\u{feff}ID;Название компании;Реквизит: ИНН;Рабочий телефон;Рабочий e-mail;Город;Ответственный;Кем создан;Дата создания\r\n",
    );
    for (at, (name, _, group)) in SELLERS.iter().enumerate() {
        let (seller, pilot) = (at + 1, !group.is_empty());
        for client in 1..=4 {
            let entered = match (client, pilot) {
                (3, true) => 5,
                (3, false) => 9,
                (4, false) => continue,
                _ => 0,
            };
            if entered > day {
                continue;
            }
            let created =
                if entered == 0 { "12.01.2026 10:00:00".to_owned() } else { format!("{entered:02}.11.2026 10:00:00") };
            let bare = (seller, client) == (2, 1) && day < 12 || client == 2 && !pilot;
            let phone = if bare { String::new() } else { format!("+7 495 12{seller}-4{client}-67") };
            let mail = if client == 1 { format!("office{seller}@client.ru") } else { String::new() };
            let city = if client == 1 && seller != 3 { "Москва" } else { "" };
            // Half of the first clients were made by a colleague.
            let author = if client == 1 && seller % 2 == 0 { SELLERS[0].0 } else { name };
            let inn = inn("7701", (10_000 + 100 * seller + client) as u32);
            let _ = write!(
                text,
                "{seller}{client};ООО «Клиент {seller}-{client}»;{inn};{phone};{mail};{city};{name};{author};{created}\r\n"
            );
        }
    }
    text
}

/// Calls of the first seller: three made, one of them short.
pub const CALLS: &str = "Дата и время;Сотрудник;Номер клиента;Длительность;Результат;Связанный номер\r\n\
    03.11.2026 12:00:00;Орлов Илья;+7 495 121-41-67;00:01:30;Отвечен;a\r\n\
    03.11.2026 13:00:00;Орлов Илья;+7 495 121-42-67;00:02:00;Отвечен;b\r\n\
    03.11.2026 14:00:00;Орлов Илья;+7 495 121-44-67;5;Пропущен;c\r\n";

/// What is recorded of them, and of work with clients.
pub const ACTIVITIES: &str = "\u{feff}ID;Тема дела;Телефон;Ответственный;Дата создания;Тип дела;Компания\r\n\
    5;Звонок;8 495 121 41 67;Орлов Илья;03.11.2026 12:05:00;Звонок;ООО «Клиент 1-1»\r\n\
    6;Встреча;;Лебедев Павел;03.11.2026 15:00:00;Встреча;ООО «Клиент 3-1»\r\n\
    7;Письмо;;Лебедев Павел;03.11.2026 16:00:00;Письмо;ООО «Клиент 3-1»\r\n";
