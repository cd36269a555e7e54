//! A small company in a temporary folder with the real pipeline behind it: exports are dropped as files, the clock is
//! moved by hand, mails are read back from the outbox. Deliberately absent: mocks.

use std::{fs, path::PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use sverka::{
    cli::init,
    config,
    deliver::reader,
    domain::{
        ledger::LedgerEntry,
        mail::{MailState, OutboxMail},
        money::Money,
        run::{Hold, Job},
    },
    env::Clock,
    ingest::Spool,
    pipeline::{
        self, App,
        intake::Intake,
        reconcile::{Reconciled, Request},
    },
    schedule,
    store::LedgerFilter,
};

/// The company under test.
pub struct TestApp {
    /// Its folder.
    pub dir: tempfile::TempDir,
    /// The application.
    pub app: App,
    /// Looks at the folders.
    pub spool: Spool,
}

/// An instant from its text.
pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// A regulation that is easy to compute by head: 10 % of the amount with VAT, half of it not accrued while missing, a
/// tenth when late, no cap that bites.
pub const POLICY: &str = r#"
[[version]]
id = "T-1"
title = "Проверочная редакция"
effective_from = 2026-01-01
grace_working_days = 3

[version.bonus]
base = "with_vat"
rate = "10 %"

[[version.exempt]]
name = "Розница"
names = ["Розничный покупатель"]

[[version.profile]]
segment = "all"
fields = { title = 1, phone = 1 }

[[version.rule]]
kind = "missing_counterparty"
missing = "50 %"
late = "10 %"

[[version.rule]]
kind = "cap"
cap = "20 %"
"#;

/// One manager, one head, finance and an operator.
pub const PEOPLE: &str = r#"
[[person]]
id = "0101"
name = "Орлов Илья"
email = "orlov@firma.example"
department = "Опт"
roles = ["manager"]
hired = 2024-01-09

[[person]]
id = "0102"
name = "Соколова Анна"
email = "sokolova@firma.example"
department = "Опт"
roles = ["manager"]
hired = 2024-01-09

[[person]]
id = "0001"
name = "Громова Елена"
email = "head@firma.example"
roles = ["head"]

[[person]]
id = "0002"
name = "Рябова Нина"
email = "finance@firma.example"
roles = ["finance"]

[[person]]
id = "0003"
name = "Смирнов Олег"
email = "admin@firma.example"
roles = ["operator"]
"#;

const SETTINGS: &str = r#"
[company]
name = "ООО «Проверка»"

[accounting]
folders = ["inbox/accounting"]
stable_seconds = 0

[[crm]]
name = "crm"
kind = "table"
folder = "inbox/crm"

[web]
listen = ""
"#;

impl TestApp {
    /// A company on SQLite as of an instant.
    pub async fn new(at: &str) -> Self {
        Self::with(at, "", POLICY, PEOPLE).await
    }

    /// The same with more settings (TOML appended), another regulation, other people.
    pub async fn with(at: &str, more: &str, policy: &str, people: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        write_company(&dir, more, policy, people);
        let clock = Clock::manual(utc(at));
        let config = config::load_with(&dir.path().join("sverka.toml"), std::iter::empty(), utc(at).date_naive())
            .unwrap_or_else(|e| panic!("{e}"));
        let app = App::open(config, clock, PathBuf::from(env!("CARGO_BIN_EXE_sverka")))
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        // As the daemon does: every story of several runs also tells that what is remembered changes nothing.
        let app = app.remembering();
        let spool = Spool::new(app.spool_settings());
        Self { dir, app, spool }
    }

    /// Another replica of the same company: its own process, the same folders and, on PostgreSQL, the same database.
    pub async fn replica(&self) -> (App, Spool) {
        let config = (*self.app.config).clone();
        let app =
            App::open(config, self.app.clock.clone(), self.app.parser.clone()).await.unwrap_or_else(|e| panic!("{e}"));
        let spool = Spool::new(app.spool_settings());
        (app, spool)
    }

    /// Moves the clock.
    pub fn at(&self, instant: &str) {
        self.app.clock.set(utc(instant));
    }

    /// Puts a file into an inbox, dated now.
    pub fn drop_file(&self, folder: &str, name: &str, bytes: &[u8]) {
        let path = self.dir.path().join(folder).join(name);
        fs::write(&path, bytes).expect("a file");
        let dated =
            fs::File::options().write(true).open(&path).and_then(|f| f.set_modified(self.app.clock.now().into()));
        dated.expect("a date");
    }

    /// Puts a sales list: rows of `date;number;buyer;ИНН;seller;amount`; the total is added.
    pub fn drop_sales(&self, name: &str, rows: &[&str]) {
        let total: i64 = rows.iter().map(|r| kopecks(r.rsplit(';').next().unwrap_or_default())).sum();
        self.drop_sales_with_total(name, rows, total);
    }

    /// The same with a printed total of one's own, kopecks.
    pub fn drop_sales_with_total(&self, name: &str, rows: &[&str], total: i64) {
        let sign = if total < 0 { "-" } else { "" };
        let (whole, part) = (total.abs() / 100, total.abs() % 100);
        let text = format!(
            "Дата;Номер;Контрагент;ИНН;Ответственный;Сумма\r\n{}\r\nИтого;;;;;{sign}{whole},{part:02}\r\n",
            rows.join("\r\n")
        );
        self.drop_file("inbox/accounting", name, text.as_bytes());
    }

    /// Puts a CRM export: rows of `id;title;ИНН;phone;created`.
    pub fn drop_crm(&self, rows: &[&str]) {
        let text = format!(
            "\u{feff}ID;Название компании;Реквизит: ИНН;Рабочий телефон;Дата создания\r\n{}\r\n",
            rows.join("\r\n")
        );
        self.drop_file("inbox/crm", "Компании.csv", text.as_bytes());
    }

    /// Takes the files in, as the daemon does.
    pub async fn ingest(&mut self) -> Intake {
        pipeline::look(&self.app, &mut self.spool).await.unwrap_or_else(|e| panic!("{e}"))
    }

    /// Runs a job as of now and sends what it froze.
    pub async fn run(&mut self, job: Job) -> Reconciled {
        let request = Request::now(&self.app, job, self.app.clock.now());
        let done = pipeline::reconcile::reconcile(&self.app, &request).await.unwrap_or_else(|e| panic!("{e}"));
        pipeline::send::pending(&self.app).await.unwrap_or_else(|e| panic!("{e}"));
        done
    }

    /// One tick of the daemon's loop.
    pub async fn tick(&mut self) -> schedule::Tick {
        schedule::tick(&self.app, &mut self.spool, "test").await.unwrap_or_else(|e| panic!("{e}"))
    }

    /// Every entry of the ledger.
    pub async fn ledger(&self) -> Vec<LedgerEntry> {
        let mut tx = self.app.db.begin().await.expect("a transaction");
        let entries = tx.ledger_entries(&LedgerFilter::default()).await.expect("entries");
        tx.commit().await.expect("a commit");
        entries
    }

    /// Amounts of the ledger as `(belongs to, pay period, kind, kopecks)`.
    pub async fn amounts(&self) -> Vec<(String, String, &'static str, i64)> {
        let entries = self.ledger().await;
        entries
            .iter()
            .map(|e| {
                let entry = &e.entry;
                (
                    entry.key.belongs_to.to_string(),
                    entry.pay_period.to_string(),
                    entry.kind.code(),
                    entry.amount.kopecks(),
                )
            })
            .collect()
    }

    /// Sum of the ledger.
    pub async fn balance(&self) -> Money {
        self.ledger().await.iter().map(|e| e.entry.amount).sum()
    }

    /// Every mail, oldest first.
    pub async fn mails(&self) -> Vec<OutboxMail> {
        let mut tx = self.app.db.begin().await.expect("a transaction");
        let mut mails = tx.outbox(None, 1_000).await.expect("mails");
        tx.commit().await.expect("a commit");
        mails.sort_by(|a, b| (a.frozen_at, &a.mail.key).cmp(&(b.frozen_at, &b.mail.key)));
        mails
    }

    /// Keys of the mails, oldest first.
    pub async fn mail_keys(&self) -> Vec<String> {
        self.mails().await.into_iter().map(|m| m.mail.key).collect()
    }

    /// Text part of the newest mail whose key begins so.
    pub async fn text_of(&self, key: &str) -> String {
        let mails = self.mails().await;
        let mail = mails.iter().rev().find(|m| m.mail.key.starts_with(key));
        let mail = mail.unwrap_or_else(|| {
            panic!("no mail {key} among {:?}", mails.iter().map(|m| &m.mail.key).collect::<Vec<_>>())
        });
        reader::read(&mail.mail.bytes).text
    }

    /// What waits for a person.
    pub async fn holds(&self) -> Vec<Hold> {
        let mut tx = self.app.db.begin().await.expect("a transaction");
        let holds = tx.holds(true).await.expect("holds");
        tx.commit().await.expect("a commit");
        holds
    }

    /// A story ends when every mail has left.
    pub async fn assert_settled(&self) {
        let waiting: Vec<String> =
            self.mails().await.into_iter().filter(|m| m.state == MailState::Pending).map(|m| m.mail.key).collect();
        assert!(waiting.is_empty(), "left behind: {waiting:?}");
    }
}

/// Writes the configuration of the company.
pub fn write_company(dir: &tempfile::TempDir, more: &str, policy: &str, people: &str) {
    let root = dir.path();
    for folder in ["inbox/accounting", "inbox/crm", "calendar"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    for (name, text) in init::CALENDARS {
        fs::write(root.join("calendar").join(name), text).expect("a calendar");
    }
    fs::write(root.join("sverka.toml"), format!("{SETTINGS}\n{more}")).expect("settings");
    fs::write(root.join("policy.toml"), policy).expect("a policy");
    fs::write(root.join("people.toml"), people).expect("people");
}

/// `1234,56` in kopecks.
fn kopecks(text: &str) -> i64 {
    let negative = text.starts_with('-');
    let (whole, part) = text.trim_start_matches('-').split_once(',').unwrap_or((text.trim_start_matches('-'), "00"));
    let value = whole.parse::<i64>().unwrap_or(0) * 100 + part.parse::<i64>().unwrap_or(0);
    if negative { -value } else { value }
}

/// A day from its text.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}
