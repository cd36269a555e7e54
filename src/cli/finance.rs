//! `sverka finance`: what finance did with a statement, how it differs, and a further number of a closed period.
//! Deliberately absent: correcting the ledger by an answer.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand, ValueEnum};

use super::{output::Out, session, speech};
use crate::{
    domain::{
        answer::{Answer, Settled},
        org::EmployeeId,
        period::Period,
        text::{Lang, Text},
    },
    env::Clock,
    error::{Error, Result},
    pipeline::{
        self,
        finance::{self, ByHand},
        four_eyes, hand_over,
    },
};

/// Subcommands of `finance`.
#[derive(Debug, Subcommand)]
pub enum FinanceCommand {
    /// Записать ответ бухгалтерии: файл с заполненным столбцом «Ответ» или ответ по номеру ведомости.
    Answer(AnswerArgs),
    /// Ведомости и ответы по ним: что применено, что нет, где расхождение.
    List,
    /// Подготовить закрытие: кто-то другой потом снимет остановку (close.four_eyes).
    Prepare {
        /// Период (ГГГГ-ММ).
        #[arg(long)]
        period: Period,
        /// Кто готовит: имя или табельный номер.
        #[arg(long)]
        by: String,
    },
    /// Следующая ведомость закрытого периода: исправления и решённые оспаривания после закрытия.
    Statement {
        /// Закрытый период (ГГГГ-ММ).
        #[arg(long)]
        period: Period,
    },
}

/// Arguments of `finance answer`.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// Возвращённый файл: .csv или .xlsx из письма с ведомостью.
    #[arg(required_unless_present = "number", conflicts_with = "number")]
    file: Option<PathBuf>,
    /// Номер ведомости, например 2026-11/1.
    #[arg(long)]
    number: Option<String>,
    /// Табельный номер; без него ответ относится ко всем строкам ведомости.
    #[arg(long, requires = "number")]
    employee: Option<String>,
    /// Что сделано.
    #[arg(long, value_enum, requires = "number", default_value = "applied")]
    answer: AnswerName,
    /// Какая сумма применена вместо переданной, например -1234,56.
    #[arg(long, requires = "employee", allow_hyphen_values = true)]
    amount: Option<String>,
    /// Почему.
    #[arg(long, default_value = "")]
    text: String,
    /// Кто отвечает (по умолчанию имя входа).
    #[arg(long)]
    by: Option<String>,
}

/// Answers, as arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum AnswerName {
    /// Applied as it stands.
    Applied,
    /// Applied otherwise.
    Changed,
    /// Not applied.
    Refused,
}

/// Runs the subcommand.
pub fn run(command: &FinanceCommand, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        match command {
            FinanceCommand::Answer(args) => {
                let author = session::author(args.by.as_deref())?;
                let all = match (&args.file, &args.number) {
                    (Some(file), _) => finance::from_file(&app, file, &author).await?,
                    (None, Some(number)) => {
                        let said = ByHand {
                            number: number.clone(),
                            employee: args.employee.clone().map(EmployeeId),
                            answer: match args.answer {
                                AnswerName::Applied => Answer::Applied,
                                AnswerName::Changed => Answer::Changed,
                                AnswerName::Refused => Answer::Refused,
                            },
                            amount: args.amount.as_deref().map(amount).transpose()?,
                            note: args.text.clone(),
                        };
                        vec![finance::by_hand(&app, &said, &author).await?]
                    }
                    (None, None) => Vec::new(),
                };
                show(&all, out);
            }
            FinanceCommand::Prepare { period, by } => {
                let author = four_eyes::prepare(&app, *period, by).await?;
                out.say(&Text::new(
                    format!("закрытие {period} подготовил(а) {author}; остановку снимает другой человек: sverka holds"),
                    format!("the close of {period} was prepared by {author}; another person releases it: sverka holds"),
                ));
            }
            FinanceCommand::List => show(&finance::settled(&app).await?, out),
            FinanceCommand::Statement { period } => match hand_over::further(&app, *period).await? {
                Some(made) => {
                    pipeline::send::pending(&app).await?;
                    let (number, lines) = (&made.number, made.entries.len());
                    let total = |lang| speech::amount(lang, made.total);
                    out.say(&Text::new(
                        format!("ведомость {number}: записей {lines}, всего {}", total(Lang::Ru)),
                        format!("statement {number}: {lines} entries, {} in total", total(Lang::En)),
                    ));
                }
                None => out.say(&Text::new(
                    format!("за {period} передавать больше нечего"),
                    format!("there is nothing more to hand over for {period}"),
                )),
            },
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn amount(text: &str) -> Result<crate::domain::money::Money> {
    finance::amount(text).ok_or_else(|| {
        Error::input(Text::new(
            format!("«{text}» — не сумма: пишите как -1234,56"),
            format!("“{text}” is no amount: write it as -1234,56"),
        ))
    })
}

fn show(all: &[Settled], out: Out) {
    if out.json {
        out.json(&all);
        return;
    }
    if all.is_empty() {
        out.say(&Text::new("ведомостей ещё не было", "there were no statements yet"));
    }
    for one in all {
        let sum = |lang, amount| speech::amount(lang, amount);
        let (number, open) = (&one.number, one.unanswered);
        out.say(&Text::new(
            format!(
                "{number}: передано {}, применено {}, без ответа строк: {open}",
                sum(Lang::Ru, one.handed),
                sum(Lang::Ru, one.applied)
            ),
            format!(
                "{number}: handed over {}, applied {}, rows without an answer: {open}",
                sum(Lang::En, one.handed),
                sum(Lang::En, one.applied)
            ),
        ));
        for row in &one.differences {
            let (id, name) = (&row.employee.0, &row.name);
            let note = if row.note.is_empty() { String::new() } else { format!(": {}", row.note) };
            out.say(&Text::new(
                format!(
                    "    {id} {name}: передано {}, применено {}, расхождение {}{note}",
                    sum(Lang::Ru, row.handed),
                    sum(Lang::Ru, row.applied),
                    sum(Lang::Ru, row.difference)
                ),
                format!(
                    "    {id} {name}: handed over {}, applied {}, difference {}{note}",
                    sum(Lang::En, row.handed),
                    sum(Lang::En, row.applied),
                    sum(Lang::En, row.difference)
                ),
            ));
        }
    }
}
