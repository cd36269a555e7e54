//! What is said about a command line that cannot be understood: in the reader's language, with exit code 1 (clap's own
//! 2 would read as «held»). Deliberately absent: the text of `--help`.

use std::{io::Write, process::ExitCode};

use clap::{
    CommandFactory,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{
    domain::text::{Lang, Text},
    error::{Error, Kind},
};

/// Prints the help that was asked for (exit code 0), or what is wrong with the arguments (1).
pub fn report<C: CommandFactory>(error: &clap::Error, lang: Lang) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        // Prints the help to stderr: a command was given without its subcommand.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(Kind::Input.exit_code())
        }
        _ => {
            let help = format!("{} --help", C::command().get_name());
            let hint = Text::new(format!("все команды и ключи: {help}"), format!("all commands and options: {help}"));
            let said = explain(error).hint(hint);
            let _ = write!(std::io::stderr().lock(), "{}", said.render(lang));
            ExitCode::from(Kind::Input.exit_code())
        }
    }
}

fn explain(error: &clap::Error) -> Error {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand);
            Text::new(format!("нет такой команды: «{name}»"), format!("there is no command “{name}”"))
        }
        ErrorKind::MissingSubcommand => Text::new("не указана команда", "no command is given"),
        ErrorKind::UnknownArgument => {
            Text::new(format!("лишнее в команде: «{argument}»"), format!("“{argument}” is not expected here"))
        }
        ErrorKind::MissingRequiredArgument => {
            Text::new(format!("не указано: {argument}"), format!("not given: {argument}"))
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            Text::new(format!("нет значения у {argument}"), format!("{argument} has no value"))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => Text::new(
            format!("неверное значение «{value}» у {argument}"),
            format!("“{value}” is not a value of {argument}"),
        ),
        ErrorKind::ArgumentConflict => {
            let other = context(error, ContextKind::PriorArg);
            Text::new(
                format!("{argument} нельзя указать вместе с {other}"),
                format!("{argument} cannot be given together with {other}"),
            )
        }
        _ => Text::new("команда непонятна", "the command line cannot be understood"),
    };
    let mut said = Error::input(message);
    if let Some(form) = form(error.kind(), &argument) {
        said = said.hint(form);
    }
    let valid = context(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        said = said.hint(Text::new(format!("годится: {valid}"), format!("one of: {valid}")));
    }
    let meant = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg].map(|kind| context(error, kind)).concat();
    if !meant.is_empty() {
        said = said.hint(Text::new(format!("возможно, {meant}"), format!("perhaps {meant}")));
    }
    said
}

/// How a value has to look, by the argument it was given to.
fn form(kind: ErrorKind, argument: &str) -> Option<Text> {
    if kind != ErrorKind::ValueValidation {
        return None;
    }
    if argument.starts_with("--as-of") || argument.starts_with("--on") {
        return Some(Text::new("дата пишется так: 2026-11-13", "a date looks like 2026-11-13"));
    }
    if ["--period", "--from", "--to"].iter().any(|period| argument.starts_with(period)) {
        return Some(Text::new("период пишется так: 2026-11", "a period looks like 2026-11"));
    }
    if argument.starts_with("--rehearse-at") {
        return Some(Text::new(
            "момент пишется так: 2026-11-13T17:00:00+03:00",
            "an instant looks like 2026-11-13T17:00:00+03:00",
        ));
    }
    Some(Text::new("нужно целое число", "a whole number is needed"))
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(list)) => list.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
