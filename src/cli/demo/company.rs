//! The made-up company of the demo: people, clients, sales of three weeks, and what each salesperson entered in the
//! CRM and when. Everything is fixed: the same demo every time. Deliberately absent: files (`files`) and the clock.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::domain::money::Money;

/// Name of the company in mails.
pub const COMPANY: &str = "ООО «Северный ветер»";
/// The same as accounting writes it.
pub const ORGANISATION: &str = "СЕВЕРНЫЙ ВЕТЕР ООО";

/// A salesperson: personnel number, name, department, hired, whether in the pilot.
pub struct Seller {
    /// Personnel number.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Department.
    pub department: &'static str,
    /// First working day.
    pub hired: &'static str,
    /// Whether the rules on trial hold for him.
    pub pilot: bool,
}

/// Twelve salespeople in two departments.
pub const SELLERS: [Seller; 12] = [
    Seller { id: "0101", name: "Орлов Илья", department: "Опт", hired: "2026-09-01", pilot: true },
    Seller { id: "0102", name: "Соколова Анна", department: "Опт", hired: "2026-09-01", pilot: false },
    Seller { id: "0103", name: "Лебедев Павел", department: "Опт", hired: "2026-09-01", pilot: true },
    Seller { id: "0104", name: "Зайцева Ольга", department: "Опт", hired: "2025-03-03", pilot: false },
    Seller {
        id: "0105", name: "Воробьёв Сергей", department: "Опт", hired: "2025-03-03", pilot: true
    },
    Seller { id: "0106", name: "Голубева Мария", department: "Опт", hired: "2025-03-03", pilot: false },
    Seller {
        id: "0107", name: "Журавлёв Антон", department: "Проекты", hired: "2025-03-03", pilot: true
    },
    Seller {
        id: "0108", name: "Синицына Дарья", department: "Проекты", hired: "2020-05-12", pilot: false
    },
    Seller {
        id: "0109", name: "Дроздов Максим", department: "Проекты", hired: "2020-05-12", pilot: true
    },
    Seller {
        id: "0110", name: "Лисицына Вера", department: "Проекты", hired: "2020-05-12", pilot: false
    },
    Seller {
        id: "0111", name: "Медведев Роман", department: "Проекты", hired: "2020-05-12", pilot: false
    },
    Seller {
        id: "0112", name: "Белкина Юлия", department: "Проекты", hired: "2020-05-12", pilot: false
    },
];

/// How a client stands in the CRM.
pub enum InCrm {
    /// Never entered.
    Never,
    /// Entered on the day under this title; with ИНН or without.
    Since(NaiveDate, &'static str, bool),
    /// Two cards since the day under these titles, both without ИНН, phone and city: nothing tells which is the client.
    Twice(NaiveDate, [&'static str; 2]),
}

/// A client of the company.
pub struct Client {
    /// Name as accounting writes it.
    pub name: String,
    /// ИНН; empty for none.
    pub inn: String,
    /// КПП; empty for ИП.
    pub kpp: String,
    /// City.
    pub city: &'static str,
    /// Phone.
    pub phone: String,
    /// Index of its seller.
    pub seller: usize,
    /// In the CRM.
    pub crm: InCrm,
    /// Title in the CRM when it is plain.
    pub crm_title: String,
}

/// One document.
pub struct Document {
    /// Number.
    pub number: String,
    /// Date.
    pub date: NaiveDate,
    /// Index of the client.
    pub client: usize,
    /// Amount with VAT; negative for a return.
    pub amount: Money,
    /// Number of the document it returns.
    pub returns: Option<String>,
}

/// First day of the demo: a Monday.
pub fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 26).unwrap_or_default()
}

/// Last day: the Friday of the third week.
pub fn end() -> NaiveDate {
    start() + Days::new(18)
}

/// Plain clients: name, city, region of the ИНН.
const PLAIN: [(&str, &str, &str); 30] = [
    ("ТЕХНОСНАБ ООО", "Москва", "7701"),
    ("Уралкомплект АО", "Екатеринбург", "6658"),
    ("ВОЛГА-ТРЕЙД ООО", "Самара", "6311"),
    ("Балтийский причал ООО", "Санкт-Петербург", "7802"),
    ("СИБМОНТАЖ ООО", "Новосибирск", "5401"),
    ("Агрофирма Заречная ООО", "Воронеж", "3662"),
    ("КАМА-ПЛАСТ ООО", "Пермь", "5902"),
    ("Дон-Сервис ООО", "Ростов-на-Дону", "6161"),
    ("Мебельный двор ООО", "Казань", "1655"),
    ("ЭНЕРГОПРИБОР ООО", "Челябинск", "7451"),
    ("Кузнецкие сети АО", "Кемерово", "4205"),
    ("СТРОЙКОНТУР ООО", "Тула", "7103"),
    ("Полюс-Авто ООО", "Мурманск", "5190"),
    ("Хлебозавод № 7 АО", "Тверь", "6950"),
    ("МЕДТЕХНИКА-ЮГ ООО", "Краснодар", "2308"),
    ("Лесной терминал ООО", "Архангельск", "2901"),
    ("Стекломир ООО", "Владимир", "3327"),
    ("ПРОМКРЕПЁЖ ООО", "Рязань", "6234"),
    ("Невская логистика ООО", "Санкт-Петербург", "7814"),
    ("Ока-Инструмент ООО", "Калуга", "4027"),
    ("АКВАСИСТЕМЫ ООО", "Уфа", "0274"),
    ("Горный дом ООО", "Ставрополь", "2636"),
    ("Типография Восток ООО", "Хабаровск", "2721"),
    ("СЕВЕРСТЕКЛО ООО", "Вологда", "3525"),
    ("Дальрыбсбыт АО", "Владивосток", "2536"),
    ("Рубеж-Охрана ООО", "Москва", "7722"),
    ("Фермер Поволжья ООО", "Саратов", "6450"),
    ("КОНТИНЕНТ-ТАРА ООО", "Химки", "5047"),
    ("Светодиод Плюс ООО", "Томск", "7017"),
    ("Ижмаш-Сбыт ООО", "Ижевск", "1831"),
];

/// All clients: thirty plain ones that are in the CRM, then the stories of the demo.
pub fn clients() -> Vec<Client> {
    let long_ago = start() - Days::new(200);
    let mut all: Vec<Client> = PLAIN
        .iter()
        .enumerate()
        .map(|(i, (name, city, region))| Client {
            name: (*name).to_owned(),
            inn: inn(region, 10_307 + 811 * i as u32),
            kpp: format!("{region}01001"),
            city,
            phone: format!("+7 (495) 1{:02}-{:02}-{:02}", 20 + i, 11 + i, 34 + i),
            seller: i % SELLERS.len(),
            crm: InCrm::Since(long_ago + Days::new(3 * i as u64), "", i % 4 != 1),
            crm_title: crm_style(name),
        })
        .collect();
    let story = |name: &str, inn: String, kpp: &str, city: &'static str, seller: usize, crm: InCrm| Client {
        name: name.to_owned(),
        inn,
        kpp: kpp.to_owned(),
        city,
        phone: format!("8 (800) 555-{:02}-{:02}", 10 + seller, 40 + seller),
        seller,
        crm_title: String::new(),
        crm,
    };
    all.extend([
        // Never entered: the bonus of its sales is not accrued in full.
        story("ГРАНИТ-СЕРВИС ООО", inn("7718", 55_201), "771801001", "Москва", 0, InCrm::Never),
        // Entered after the deadline, when October is closed already: a correction in November.
        story(
            "Орбита-М ООО",
            inn("5262", 44_318),
            "526201001",
            "Нижний Новгород",
            7,
            InCrm::Since(start() + Days::new(15), "ООО «Орбита-М»", true),
        ),
        // Entered late, but before the close.
        story(
            "Парус-Комплект ООО",
            inn("3906", 30_117),
            "390601001",
            "Калининград",
            2,
            InCrm::Since(start() + Days::new(8), "Парус-Комплект", true),
        ),
        // Mistyped and without ИНН: found by its name, and the reason is said.
        story(
            "Берёзка Трейдинг ООО",
            inn("5018", 61_245),
            "501801001",
            "Королёв",
            4,
            InCrm::Since(long_ago, "Березка Трейдинк", false),
        ),
        // Two cards of the same name without ИНН: only a person can tell which.
        story(
            "Альянс-Строй ООО",
            inn("7727", 36_650),
            "772701001",
            "Москва",
            3,
            InCrm::Twice(long_ago, ["ООО «Альянс-Строй»", "Альянс Строй"]),
        ),
        // A branch: the CRM has the head office with the same ИНН.
        story(
            "Меркурий АО (филиал в Твери)",
            inn("7704", 20_518),
            "695043001",
            "Тверь",
            5,
            InCrm::Since(long_ago, "АО «Меркурий»", true),
        ),
        // An ИП, kept under the person's name.
        story(
            "Кравцов Денис Олегович ИП",
            person_inn("7719", 410_226),
            "",
            "Москва",
            9,
            InCrm::Since(long_ago, "ИП Кравцов Д. О.", true),
        ),
        // New, entered with everything on the day before the sale: the model card of October.
        story(
            "Рассвет-Логистика ООО",
            inn("7725", 18_402),
            "772501001",
            "Москва",
            6,
            InCrm::Since(start() + Days::new(2), "ООО «Рассвет-Логистика»", true),
        ),
        // Its sale comes back in full a week later.
        story("Вектор-Опт ООО", inn("7743", 72_901), "774301001", "Москва", 10, InCrm::Never),
        // Not judged by the regulation.
        story("Розничный покупатель", String::new(), "", "", 11, InCrm::Never),
    ]);
    all
}

/// Every document of the three weeks, ascending by number.
pub fn documents() -> Vec<Document> {
    let clients = clients();
    let mut all = Vec::new();
    let mut seed = 20_261_026_u64;
    // A week of business before the program was installed.
    let mut day = start() - Days::new(7);
    while day <= end() {
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && day.to_string() != "2026-11-04" {
            for _ in 0..7 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let client = (seed >> 33) as usize % PLAIN.len();
                let roubles = 8_000 + (seed >> 20) as i64 % 240_000;
                push(&mut all, day, client, roubles * 100 + (seed >> 40) as i64 % 100, None);
            }
            for (index, story) in clients.iter().enumerate().skip(PLAIN.len()) {
                let offset = (day - start()).num_days();
                let sold: &[(i64, i64)] = match story.name.as_str() {
                    "ГРАНИТ-СЕРВИС ООО" => &[(0, 412_300_00), (7, 96_450_50)],
                    "Орбита-М ООО" => &[(1, 188_000_00)],
                    "Парус-Комплект ООО" => &[(2, 75_990_90)],
                    "Берёзка Трейдинг ООО" => &[(1, 133_700_00), (10, 41_250_00)],
                    "Альянс-Строй ООО" => &[(8, 264_600_00)],
                    "Меркурий АО (филиал в Твери)" => &[(3, 230_115_00)],
                    "Кравцов Денис Олегович ИП" => &[(4, 18_420_00), (10, 22_100_00)],
                    "Вектор-Опт ООО" => &[(0, 154_800_00)],
                    "Рассвет-Логистика ООО" => &[(3, 97_300_00)],
                    _ => &[(0, 3_200_00), (3, 5_870_00), (8, 4_410_00), (16, 2_990_00)],
                };
                for (at, kopecks) in sold {
                    if *at == offset {
                        push(&mut all, day, index, *kopecks, None);
                    }
                }
                if story.name == "Вектор-Опт ООО" && offset == 8 {
                    let original = all.iter().find(|d| d.client == index).map(|d| d.number.clone());
                    push(&mut all, day, index, -154_800_00, original);
                }
            }
        }
        day = day + Days::new(1);
    }
    all
}

fn push(all: &mut Vec<Document>, date: NaiveDate, client: usize, kopecks: i64, returns: Option<String>) {
    let number = format!("0000-{:06}", 1_401 + all.len());
    all.push(Document { number, date, client, amount: Money::from_kopecks(kopecks), returns });
}

/// `ТЕХНОСНАБ ООО` as a salesperson types it: `ООО "Техноснаб"`.
fn crm_style(name: &str) -> String {
    let (core, form) = name.rsplit_once(' ').unwrap_or((name, ""));
    let core = if core.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) {
        let mut letters = core.chars();
        letters.next().map(|first| format!("{first}{}", letters.as_str().to_lowercase())).unwrap_or_default()
    } else {
        core.to_owned()
    };
    format!("{form} \"{core}\"")
}

/// A valid ИНН of a legal entity from the tax office and a serial number.
pub fn inn(office: &str, serial: u32) -> String {
    let body = format!("{office}{serial:05}");
    let digits: Vec<u32> = body.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = [2, 4, 10, 3, 5, 9, 4, 6, 8].iter().zip(&digits).map(|(w, d)| w * d).sum();
    format!("{body}{}", sum % 11 % 10)
}

/// A valid ИНН of a person.
fn person_inn(office: &str, serial: u32) -> String {
    let mut body = format!("{office}{serial:06}");
    for weights in [&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8][..], &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8][..]] {
        let sum: u32 = weights.iter().zip(body.chars().filter_map(|c| c.to_digit(10))).map(|(w, d)| w * d).sum();
        body.push_str(&(sum % 11 % 10).to_string());
    }
    body
}
