//! The command line: one file per subcommand; each parses, calls one function, prints. Exit codes: 0 ok, 1 error,
//! 2 held, 3 config (docs/exit-codes.md). Deliberately absent: anything a command would compute itself.

pub mod acknowledge;
pub mod backtest;
pub mod bounces;
mod browse;
pub mod check;
pub mod compare;
pub mod config;
pub mod deals;
pub mod demo;
pub mod dispute;
pub mod explain;
pub mod finance;
pub mod holds;
pub mod init;
pub mod inspect;
mod layouts;
pub mod ledger;
pub mod matching;
pub mod model;
pub mod once;
pub mod outbox;
pub mod output;
pub mod parse_workbook;
pub mod policy;
pub mod preview;
pub mod regulation;
pub mod run;
pub mod schedule;
pub mod session;
mod speech;
pub mod training;
mod usage;
pub mod votes;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};

use crate::{
    deliver,
    domain::text::{Lang, Text},
    env::Clock,
    error::Error,
};
use output::Out;

/// Сверка: сравнивает продажи учётной системы с тем, что занесено в CRM, и считает корректировки премий по регламенту.
#[derive(Debug, Parser)]
#[command(name = "sverka", version, propagate_version = true)]
struct Cli {
    /// Файл настроек.
    #[arg(long, short, global = true, env = "SVERKA_CONFIG", default_value = "sverka.toml")]
    config: PathBuf,
    /// Язык вывода (ru, en); без него язык из файла настроек, иначе ru.
    #[arg(long, global = true, env = "SVERKA_LANG")]
    lang: Option<Language>,
    /// Вывод в JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    Ru,
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Показать всё на выдуманной компании: три недели работы, письма в папку.
    Demo(demo::DemoArgs),
    /// Создать папку с настройками, регламентом, людьми и календарём.
    Init(init::InitArgs),
    /// Проверить настройки, регламент, людей, календарь и шаблоны писем.
    Check(check::CheckArgs),
    /// Работать постоянно: по расписанию принимать файлы, сверять, отправлять письма.
    Run(run::RunArgs),
    /// Выполнить одно задание сейчас: ingest, alerts, monthly, audit, close.
    Once(once::OnceArgs),
    /// Показать, как прочитан файл.
    Inspect(inspect::InspectArgs),
    /// Разовая сверка файлов без настроек и базы.
    Compare(compare::CompareArgs),
    /// Показать письмо, каким оно ушло бы сейчас.
    Preview(preview::PreviewArgs),
    /// Объяснить продажу или запись реестра: файл, строка, сопоставление, арифметика.
    Explain(explain::ExplainArgs),
    /// Сопоставления контрагентов с CRM: список, решения, отмена.
    #[command(subcommand)]
    Match(matching::MatchCommand),
    /// Сделки, премия по которым ждёт решения руководителя: список, решения, таблица.
    #[command(subcommand)]
    Deals(deals::DealsCommand),
    /// Голоса жюри в конкурсах.
    #[command(subcommand)]
    Votes(votes::VotesCommand),
    /// Карточка-образец и сделка-образец месяца, выбранные по правилу.
    Model(model::ModelArgs),
    /// Обучение: кого какой теме учили; что изменилось, показывают отчёты.
    #[command(subcommand)]
    Training(training::TrainingCommand),
    /// Что ждёт решения человека.
    Holds(holds::HoldsArgs),
    /// Снять остановку с указанием причины.
    Release(holds::ReleaseArgs),
    /// Реестр корректировок премий: список, выгрузка, проверка цепочки.
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// Положение о премировании как документ (.html, .docx, .md), приложение к должностной инструкции, сравнение редакций.
    Regulation(regulation::RegulationArgs),
    /// Проект положения на закрытых периодах: кто сколько получил бы, ничего не проводится.
    Backtest(backtest::BacktestArgs),
    /// Файл положения: схема для редакторов.
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Ознакомление с положением: кто подписал, кто нет.
    #[command(subcommand)]
    Acknowledge(acknowledge::AcknowledgeCommand),
    /// Оспаривание строк реестра: открыть, посмотреть, решить.
    #[command(subcommand)]
    Dispute(dispute::DisputeCommand),
    /// Бухгалтерия: ответы на ведомости и следующая ведомость закрытого периода.
    #[command(subcommand)]
    Finance(finance::FinanceCommand),
    /// Исходящие письма.
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
    /// Вернувшиеся письма и приостановленные адреса.
    #[command(subcommand)]
    Bounces(bounces::BouncesCommand),
    /// Ближайшие запуски.
    #[command(subcommand)]
    Schedule(schedule::ScheduleCommand),
    /// Настройки, какими их понимает программа (без секретов).
    Config(config::ConfigArgs),
    /// Разбор одного файла в дочернем процессе.
    #[command(hide = true)]
    ParseWorkbook(parse_workbook::ParseWorkbookArgs),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::report::<Cli>(&error, speech::of_arguments()),
    };
    // The child limits itself before any runtime, configuration or TLS provider exists.
    if let Command::ParseWorkbook(args) = &cli.command {
        return parse_workbook::run(args);
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let lang = match cli.lang {
        Some(Language::Ru) => Lang::Ru,
        Some(Language::En) => Lang::En,
        None => speech::configured(&cli.config),
    };
    let out = Out { lang, json: cli.json };
    match dispatch(&cli, out) {
        Ok(code) => code,
        Err(error) => report(&error, out),
    }
}

fn dispatch(cli: &Cli, out: Out) -> Result<ExitCode, Error> {
    let path = cli.config.as_path();
    match &cli.command {
        Command::Demo(args) => demo::run(args, out),
        Command::Init(args) => init::run(args, out),
        Command::Check(args) => {
            let extra: [check::Extra<'_>; 3] = [("templates", &templates), ("layouts", &layouts), ("dkim", &dkim)];
            check::run(args, path, Clock::system().now(), out, &extra)
        }
        Command::Run(args) => run::run(args, path, out),
        Command::Once(args) => once::run(args, path, out),
        Command::Inspect(args) => inspect::run(args, path, out),
        Command::Compare(args) => compare::run(args, path, out),
        Command::Preview(args) => preview::run(args, path, out),
        Command::Explain(args) => explain::run(args, path, out),
        Command::Match(command) => matching::run(command, path, out),
        Command::Deals(command) => deals::run(command, path, out),
        Command::Votes(command) => votes::run(command, path, out),
        Command::Model(args) => model::run(args, path, out),
        Command::Training(command) => training::run(command, path, out),
        Command::Holds(args) => holds::list(args, path, out),
        Command::Release(args) => holds::release(args, path, out),
        Command::Ledger(command) => ledger::run(command, path, out),
        Command::Regulation(args) => regulation::run(args, path, out),
        Command::Backtest(args) => backtest::run(args, path, out),
        Command::Policy(command) => policy::run(command, out),
        Command::Acknowledge(command) => acknowledge::run(command, path, out),
        Command::Dispute(command) => dispute::run(command, path, out),
        Command::Finance(command) => finance::run(command, path, out),
        Command::Outbox(command) => outbox::run(command, path, out),
        Command::Bounces(command) => bounces::run(command, path, out),
        Command::Schedule(command) => schedule::run(command, path, out),
        Command::Config(args) => config::run(args, path, session::today(), out),
        Command::ParseWorkbook(args) => Ok(parse_workbook::run(args)),
    }
}

/// What is wrong with the mail templates, the company's own and the built-in ones, rendered from samples in both languages.
fn templates(config: &crate::config::Config) -> Vec<Text> {
    let own = config.mail.templates.as_deref().map(deliver::overrides::Templates::of_folder).unwrap_or_default();
    let own = own.faults().into_iter().map(|fault| fault.text());
    deliver::templates::check().err().into_iter().flatten().map(|e| e.text()).chain(own).collect()
}

/// What is wrong with the key that signs mails.
fn dkim(config: &crate::config::Config) -> Vec<Text> {
    crate::pipeline::signer(config).err().map(|e| e.message).into_iter().collect()
}

/// What is wrong with the company's own layouts.
fn layouts(config: &crate::config::Config) -> Vec<Text> {
    let (_, problems) = crate::ingest::layout::of_folder(&config.accounting.layouts);
    let place = |p: &crate::ingest::layout::LayoutProblem| (p.file.clone(), p.line, p.message.clone());
    let said = problems.iter().map(place);
    said.map(|(file, line, message)| {
        Text::new(format!("{file}, строка {line}: {}", message.ru), format!("{file}, line {line}: {}", message.en))
    })
    .collect()
}

fn report(error: &Error, out: Out) -> ExitCode {
    use std::io::Write;
    let _ = write!(std::io::stderr().lock(), "{}", error.render(out.lang));
    ExitCode::from(error.kind.exit_code())
}
