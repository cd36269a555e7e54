//! What finance answers to a statement: from the returned file or by hand, kept and compared with what was handed over.
//! Deliberately absent: correcting the ledger by an answer; a difference is told, and a person settles it.

use std::{collections::BTreeMap, path::Path};

use super::{App, beside::Beside};
use crate::{
    domain::{
        answer::{Answer, FinanceAnswer, Settled},
        finding::SourceRef,
        money::Money,
        org::EmployeeId,
        review::sheet::Filled,
        run::Job,
        text::Text,
    },
    error::{Error, Result},
    ingest::{ParseRequest, Want, hash, sandbox},
    store,
};

/// What finance says of a row, by hand.
#[derive(Clone, Debug)]
pub struct ByHand {
    /// Number of the statement.
    pub number: String,
    /// Whose row; `None` = every row.
    pub employee: Option<EmployeeId>,
    /// What became of it.
    pub answer: Answer,
    /// What was applied instead.
    pub amount: Option<Money>,
    /// Why.
    pub note: String,
}

/// Statements with what finance answered, oldest first.
pub async fn settled(app: &App) -> Result<Vec<Settled>> {
    let beside = beside(app).await?;
    Ok(beside.statements.iter().map(|s| beside.settle(&s.number, &app.config.roster)).collect())
}

async fn beside(app: &App) -> Result<Beside> {
    let mut tx = app.db.begin().await?;
    let beside = Beside::load(&mut tx, Job::Close).await?;
    tx.commit().await?;
    Ok(beside)
}

/// Records an answer given by hand.
pub async fn by_hand(app: &App, said: &ByHand, author: &str) -> Result<Settled> {
    let beside = beside(app).await?;
    let handed = rows_of(&beside, &said.number).ok_or_else(|| no_number(&said.number))?;
    let whom: Vec<EmployeeId> = match &said.employee {
        Some(id) if handed.contains_key(id) => vec![id.clone()],
        Some(id) => {
            let (number, id) = (&said.number, &id.0);
            return Err(Error::input(Text::new(
                format!("в ведомости {number} нет строки сотрудника {id}"),
                format!("the statement {number} has no row of the employee {id}"),
            )));
        }
        None => handed.keys().cloned().collect(),
    };
    let mut answers = Vec::new();
    for id in whom {
        let given = handed.get(&id).copied().unwrap_or_default();
        let amount = applied(said.answer, given, said.amount).map_err(Error::input)?;
        answers.push(made(app, &said.number, id, said.answer, amount, &said.note, author, "cli"));
    }
    keep(app, &beside, answers, &said.number).await
}

/// Records the answers of a returned file: all of them, or none when a row cannot be understood.
pub async fn from_file(app: &App, file: &Path, author: &str) -> Result<Vec<Settled>> {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let request = ParseRequest {
        file_name: name.clone(),
        want: Want::Payroll,
        base_currency: app.config.company.currency.clone(),
        ..ParseRequest::default()
    };
    let parsed = sandbox::parse_or_finding(&app.parser, file, &request, app.config.accounting.max_file_mib).await;
    let Some(rows) = parsed.review else {
        return Err(Error::input(parsed.findings.first().map_or_else(Text::default, |f| f.message.clone())));
    };
    let source = std::fs::File::open(file).ok().and_then(|f| hash::of_reader(f).ok()).map(|(hash, _)| hash);
    let source = source.unwrap_or_default();
    let beside = beside(app).await?;
    let (mut answers, mut mistakes) = (BTreeMap::<String, Vec<FinanceAnswer>>::new(), Vec::new());
    for row in rows.iter().filter(|row| !row.answer.is_empty()) {
        match read(&beside, row) {
            Ok((id, answer, amount)) => {
                let answer = made(app, &row.made, id, answer, amount, &row.note, author, &source);
                answers.entry(row.made.clone()).or_default().push(answer);
            }
            Err(why) => {
                let place = SourceRef { row: row.row, ..SourceRef::file(&name) }.describe();
                mistakes.push(Text::new(format!("{}: {}", place.ru, why.ru), format!("{}: {}", place.en, why.en)));
            }
        }
    }
    if let Some(first) = mistakes.first() {
        let error = Error::input(first.clone());
        let others = mistakes.iter().skip(1).cloned();
        let keep =
            Text::new("ничего не записано: исправьте и повторите", "nothing was recorded: correct it and try again");
        return Err(others.fold(error, Error::hint).hint(keep));
    }
    if answers.is_empty() {
        return Err(Error::input(Text::new(
            format!("в файле {name} нет ни одного ответа: заполните столбец «Ответ»"),
            format!("the file {name} holds no answer: fill in the column “Ответ”"),
        )));
    }
    let mut all = Vec::new();
    for (number, answers) in answers {
        all.push(keep(app, &beside, answers, &number).await?);
    }
    Ok(all)
}

/// One row of the returned file.
fn read(beside: &Beside, row: &Filled) -> Result<(EmployeeId, Answer, Money), Text> {
    let handed = rows_of(beside, &row.made).ok_or_else(|| no_number(&row.made).message)?;
    let id = EmployeeId(row.key.clone());
    let given = handed.get(&id).copied().ok_or_else(|| {
        let (number, id) = (&row.made, &id.0);
        Text::new(
            format!("в ведомости {number} нет строки с табельным номером «{id}»"),
            format!("the statement {number} has no row with the personnel number “{id}”"),
        )
    })?;
    let answer = match row.answer.to_lowercase().as_str() {
        "применено" | "да" | "+" | "applied" | "yes" => Answer::Applied,
        "изменено" | "changed" => Answer::Changed,
        "отклонено" | "нет" | "-" | "refused" | "no" => Answer::Refused,
        other => {
            return Err(Text::new(
                format!("ответ «{other}» непонятен: применено, изменено или отклонено"),
                format!("the answer “{other}” is not understood: applied, changed or refused"),
            ));
        }
    };
    let amount = match row.other.trim() {
        "" => None,
        text => Some(amount(text).ok_or_else(|| {
            Text::new(
                format!("«{text}» в столбце «Применено» — не сумма: пишите как -1234,56"),
                format!("“{text}” in the column “Применено” is no amount: write it as -1234,56"),
            )
        })?),
    };
    Ok((id, answer, applied(answer, given, amount)?))
}

/// `-1 234,56`, `-1234.5` or `−1234` in kopecks.
pub fn amount(text: &str) -> Option<Money> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().replace(',', ".").replace('−', "-");
    let (sign, digits) = plain.strip_prefix('-').map_or((1, plain.as_str()), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !numeric(whole) || !numeric(part) {
        return None;
    }
    let kopecks: i64 = format!("{whole}{part:0<2}").parse().ok()?;
    Some(Money::from_kopecks(sign * kopecks))
}

/// What the answer means in money.
fn applied(answer: Answer, given: Money, amount: Option<Money>) -> Result<Money, Text> {
    match (answer, amount) {
        (Answer::Applied, None) => Ok(given),
        (Answer::Applied, Some(amount)) if amount == given => Ok(given),
        (Answer::Refused, None) => Ok(Money::ZERO),
        (Answer::Refused, Some(amount)) if amount.is_zero() => Ok(Money::ZERO),
        (Answer::Changed, Some(amount)) => Ok(amount),
        (Answer::Changed, None) => {
            Err(Text::new("изменено: впишите, какая сумма применена", "changed: say which amount was applied"))
        }
        (Answer::Applied | Answer::Refused, Some(_)) => Err(Text::new(
            "сумма не сходится с ответом: другая сумма — это «изменено»",
            "the amount does not fit the answer: another amount is “changed”",
        )),
    }
}

/// Sums of a statement by person; `None` when there is no such number.
fn rows_of(beside: &Beside, number: &str) -> Option<BTreeMap<EmployeeId, Money>> {
    beside.statements.iter().any(|s| s.number == number).then(|| beside.sums_of(number))
}

fn no_number(number: &str) -> Error {
    Error::input(Text::new(format!("ведомости «{number}» нет"), format!("there is no statement “{number}”")))
        .hint(Text::new("все ведомости: sverka finance list", "all statements: sverka finance list"))
}

#[expect(clippy::too_many_arguments, reason = "one record, written in one place")]
fn made(
    app: &App,
    number: &str,
    employee: EmployeeId,
    answer: Answer,
    amount: Money,
    note: &str,
    author: &str,
    source: &str,
) -> FinanceAnswer {
    let at = app.clock.now();
    FinanceAnswer {
        id: store::new_id(at),
        number: number.to_owned(),
        employee,
        answer,
        amount,
        note: note.trim().to_owned(),
        author: author.to_owned(),
        at,
        source: source.to_owned(),
    }
}

/// Keeps what is new: the same answer again changes nothing.
async fn keep(app: &App, beside: &Beside, answers: Vec<FinanceAnswer>, number: &str) -> Result<Settled> {
    let last =
        |of: &FinanceAnswer| beside.answers.iter().rev().find(|a| a.number == of.number && a.employee == of.employee);
    let same = |of: &FinanceAnswer| {
        last(of).is_some_and(|a| (a.answer, a.amount, &a.note) == (of.answer, of.amount, &of.note))
    };
    let new: Vec<FinanceAnswer> = answers.into_iter().filter(|answer| !same(answer)).collect();
    let mut tx = app.db.begin().await?;
    tx.add_answers(&new).await?;
    let after = Beside { answers: tx.answers().await?, ..beside.clone() };
    tx.commit().await?;
    Ok(after.settle(number, &app.config.roster))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_finance_writes_them() {
        for (text, kopecks) in
            [("-1 234,56", -123_456), ("−1234.5", -123_450), ("0", 0), ("12", 1_200), ("1\u{a0}000,00", 100_000)]
        {
            assert_eq!(amount(text), Some(Money::from_kopecks(kopecks)), "{text}");
        }
        for text in ["", "-", "1,234", "abc", "1.2.3", ",5"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }

    #[test]
    fn an_answer_and_its_amount_agree() {
        let given = Money::from_kopecks(-500);
        assert_eq!(applied(Answer::Applied, given, None), Ok(given));
        assert_eq!(applied(Answer::Refused, given, None), Ok(Money::ZERO));
        assert_eq!(applied(Answer::Changed, given, Some(Money::from_kopecks(-1))), Ok(Money::from_kopecks(-1)));
        assert!(applied(Answer::Changed, given, None).is_err());
        assert!(applied(Answer::Applied, given, Some(Money::ZERO)).is_err());
        assert!(applied(Answer::Refused, given, Some(given)).is_err());
    }
}
