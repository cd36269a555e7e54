//! The demo's files as accounting and the CRM would export them: a 1C-like workbook with title block and «Итого», a
//! counterparty list in cp1251, a Bitrix24-like CSV. Deliberately absent: what is in them (`company`).

use std::{collections::BTreeMap, fs, path::Path};

use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use super::company::{COMPANY, Client, Document, InCrm, ORGANISATION, SELLERS};
use crate::{
    cli::init,
    domain::money::Money,
    error::{Error, Result},
};

/// Writes «Продажи» of a span of days. `slip` kopecks are added to the printed total: a file that does not add up.
pub fn sales_workbook(
    path: &Path,
    clients: &[Client],
    documents: &[&Document],
    span: (NaiveDate, NaiveDate),
    slip: i64,
    written: DateTime<Utc>,
) -> Result<()> {
    let failed = |e: rust_xlsxwriter::XlsxError| Error::bug("write a demo workbook", e);
    let mut book = Workbook::new();
    // Without it the workbook carries the wall clock and the same demo has other hashes each time.
    let created = ExcelDateTime::from_timestamp(written.timestamp()).map_err(failed)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    sheet.set_name("TDSheet").map_err(failed)?;
    let (bold, date, money) = (
        Format::new().set_bold(),
        Format::new().set_num_format("dd.mm.yyyy hh:mm:ss"),
        Format::new().set_num_format("#,##0.00"),
    );
    sheet.write_string(0, 0, ORGANISATION).map_err(failed)?;
    let title = format!("Продажи за период {} - {}", span.0.format("%d.%m.%Y"), span.1.format("%d.%m.%Y"));
    sheet.write_string_with_format(1, 0, title, &bold).map_err(failed)?;
    sheet.write_string(2, 0, "Показатели: Сумма; Сумма без НДС").map_err(failed)?;
    let head =
        ["Дата", "Номер", "Контрагент", "ИНН", "КПП", "Ответственный", "Сумма", "Сумма без НДС", "Документ-основание"];
    for (column, caption) in head.iter().enumerate() {
        sheet.write_string_with_format(4, column as u16, *caption, &bold).map_err(failed)?;
    }
    let mut row = 5;
    for document in documents {
        let client = &clients[document.client];
        let serial =
            (document.date - NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default()).num_days() as f64 + 0.5;
        let net = without_vat(document.amount);
        sheet.write_number_with_format(row, 0, serial, &date).map_err(failed)?;
        for (column, text) in [
            (1, document.number.as_str()),
            (2, &client.name),
            (3, &client.inn),
            (4, &client.kpp),
            (5, SELLERS[client.seller].name),
            (8, document.returns.as_deref().unwrap_or_default()),
        ] {
            if !text.is_empty() {
                sheet.write_string(row, column, text).map_err(failed)?;
            }
        }
        sheet.write_number_with_format(row, 6, document.amount.kopecks() as f64 / 100.0, &money).map_err(failed)?;
        sheet.write_number_with_format(row, 7, net.kopecks() as f64 / 100.0, &money).map_err(failed)?;
        row += 1;
    }
    let total: Money = documents.iter().map(|d| d.amount).sum();
    let net: Money = documents.iter().map(|d| without_vat(d.amount)).sum();
    sheet.write_string_with_format(row, 0, "Итого", &bold).map_err(failed)?;
    sheet.write_number_with_format(row, 6, (total.kopecks() + slip) as f64 / 100.0, &money).map_err(failed)?;
    sheet.write_number_with_format(row, 7, net.kopecks() as f64 / 100.0, &money).map_err(failed)?;
    book.save(path).map_err(failed)?;
    touch(path, written)
}

/// Writes «Список контрагентов» in cp1251.
pub fn counterparty_list(path: &Path, clients: &[Client], written: DateTime<Utc>) -> Result<()> {
    let mut text =
        String::from("Наименование;ИНН;КПП;Полное наименование;Телефон;Город;Основной менеджер покупателя\r\n");
    for client in clients {
        let manager = SELLERS[client.seller].name;
        text.push_str(&format!(
            "{};{};{};{};{};{};{manager}\r\n",
            client.name, client.inn, client.kpp, client.name, client.phone, client.city
        ));
    }
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
    write(path, &bytes, written)
}

/// Writes the CRM's companies as they stand on a day: UTF-8 with BOM, `;`, every value quoted, as Bitrix24 does.
pub fn crm_companies(path: &Path, clients: &[Client], on: NaiveDate, written: DateTime<Utc>) -> Result<()> {
    let head = [
        "ID",
        "Название компании",
        "Реквизит: ИНН",
        "Реквизит: КПП",
        "Рабочий телефон",
        "Рабочий e-mail",
        "Город",
        "Ответственный",
        "Дата создания",
        "Дата изменения",
        "Кем создана",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for (index, client) in clients.iter().enumerate() {
        let (day, title, with_inn) = match &client.crm {
            InCrm::Never => continue,
            InCrm::Since(day, ..) | InCrm::Twice(day, _) if *day > on => continue,
            InCrm::Since(day, title, with_inn) => (day, title, with_inn),
            InCrm::Twice(day, titles) => {
                lines.extend(titles.iter().zip([1_000, 1_500]).map(|(t, base)| bare(base + index, t, client, *day)));
                continue;
            }
        };
        let title = if title.is_empty() { client.crm_title.clone() } else { (*title).to_owned() };
        let created = created(*day);
        let phone = if index % 5 == 3 { String::new() } else { client.phone.clone() };
        let mail = if index % 3 == 2 { String::new() } else { format!("office{index}@client.example") };
        lines.push(vec![
            (1_000 + index).to_string(),
            title,
            if *with_inn { client.inn.clone() } else { String::new() },
            String::new(),
            phone,
            mail,
            client.city.to_owned(),
            SELLERS[client.seller].name.to_owned(),
            created.clone(),
            created,
            // Every third card was made by a colleague.
            SELLERS[if index % 3 == 0 { (client.seller + 1) % SELLERS.len() } else { client.seller }].name.to_owned(),
        ]);
    }
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let body: String = lines.iter().map(|l| l.iter().map(quoted).collect::<Vec<_>>().join(";") + "\r\n").collect();
    write(path, format!("\u{feff}{body}").as_bytes(), written)
}

fn created(day: NaiveDate) -> String {
    format!("{} 12:15:00", day.format("%d.%m.%Y"))
}

/// A card with a title and nothing that tells it from another one.
fn bare(id: usize, title: &str, client: &Client, day: NaiveDate) -> Vec<String> {
    let mut line = vec![id.to_string(), title.to_owned()];
    line.extend(std::iter::repeat_n(String::new(), 5));
    let seller = SELLERS[client.seller].name.to_owned();
    line.extend([seller.clone(), created(day), created(day), seller]);
    line
}

/// Documents of one month up to a day, as an export «с начала месяца» holds them.
pub fn month_to_date(documents: &[Document], until: NaiveDate) -> BTreeMap<NaiveDate, Vec<&Document>> {
    let mut months: BTreeMap<NaiveDate, Vec<&Document>> = BTreeMap::new();
    for document in documents.iter().filter(|d| d.date <= until && d.date + Days::new(40) > until) {
        months.entry(crate::domain::period::Period::of(document.date).from()).or_default().push(document);
    }
    months
}

/// The regulation of the demo: the sample one, and a rule for each of the ways that it only mentions.
pub fn policy_toml() -> String {
    // The demo's CRM exports no contacts, so none are asked for.
    let plain = init::POLICY.replace("2026-01-01", "2026-10-01").replace("contact = 1, ", "");
    format!("{plain}{MORE_RULES}")
}

const MORE_RULES: &str = r#"
# Четыре крупных покупателя: к их карточкам требований больше, их сделки закрывает руководитель.
[[version.segment]]
name = "крупные"
members = ["ТЕХНОСНАБ ООО", "Уралкомплект АО", "ВОЛГА-ТРЕЙД ООО", "Меркурий АО (филиал в Твери)"]

[[version.profile]]
segment = "крупные"
extends = "all"
fields = { city = 1 }

[[version.rule]]
kind = "deal_approval"
scope = { segments = ["крупные"], min_amount = "100000.00" }
escalate_working_days = 5

# Пока только показ: конкурс и правило для пилота.
[[version.rule]]
kind = "contest"
shadow = true
by = "card_score"
prizes = ["5000.00", "3000.00", "1000.00"]

[[version.rule]]
kind = "completeness"
id = "pilot_cards"
shadow = true
scope = { groups = ["пилот"] }
bands = [{ from = "0 %", to = "95 %", premium = "0" }, { from = "95 %", to = "100 %", premium = "2000.00" }]
"#;

/// The people file of the demo.
pub fn people_toml() -> String {
    let mut text = String::new();
    for seller in &SELLERS {
        text.push_str(&format!(
            "[[person]]\nid = \"{0}\"\nname = \"{1}\"\nemail = \"m{0}@wind.example\"\ndepartment = \"{2}\"\nroles = [\"manager\"]\nhired = {3}\n{4}\n",
            seller.id,
            seller.name,
            seller.department,
            seller.hired,
            if seller.pilot { "groups = [\"пилот\"]\n" } else { "" }
        ));
    }
    text.push_str(
        "[[person]]\nid = \"0001\"\nname = \"Громова Елена\"\nemail = \"head.opt@wind.example\"\ndepartment = \"Опт\"\nroles = [\"head\"]\n\n\
         [[person]]\nid = \"0002\"\nname = \"Becker Thomas\"\nemail = \"head.projects@wind.example\"\ndepartment = \"Проекты\"\nroles = [\"head\"]\nlanguage = \"en\"\n\n\
         [[person]]\nid = \"0003\"\nname = \"Рябова Нина\"\nemail = \"finance@wind.example\"\nroles = [\"finance\"]\n\n\
         [[person]]\nid = \"0004\"\nname = \"Администратор\"\nemail = \"admin@wind.example\"\nroles = [\"operator\"]\n",
    );
    text
}

/// The configuration of the demo.
pub fn sverka_toml() -> String {
    format!(
        "[company]\nname = \"{COMPANY}\"\norganisations = [\"{ORGANISATION}\"]\n\n\
         [accounting]\nfolders = [\"inbox/accounting\"]\nstable_seconds = 0\n\n\
         [[crm]]\nname = \"crm\"\nkind = \"table\"\nfolder = \"inbox/crm\"\n\n\
         [mail]\ntransport = \"directory\"\ndirectory = \"outbox\"\nfrom = \"sverka@wind.example\"\ncrm_link = \"https://crm.wind.example/{{kind}}/{{id}}/\"\n\n\
         [schedule]\ningest = \"*/30 8-18 * * 1-5\"\n\n[web]\nlisten = \"\"\n"
    )
}

/// VAT of 20 % inside the amount is taken out.
fn without_vat(amount: Money) -> Money {
    let (kopecks, half) = (amount.kopecks() * 10, if amount.is_negative() { -6 } else { 6 });
    Money::from_kopecks((kopecks + half) / 12)
}

fn write(path: &Path, bytes: &[u8], written: DateTime<Utc>) -> Result<()> {
    fs::write(path, bytes).map_err(|e| Error::bug("write a demo file", e))?;
    touch(path, written)
}

fn touch(path: &Path, at: DateTime<Utc>) -> Result<()> {
    let file = fs::File::options().write(true).open(path).map_err(|e| Error::bug("open a demo file", e))?;
    file.set_modified(at.into()).map_err(|e| Error::bug("date a demo file", e))
}
