//! `sverka model card|deal`: the model card or deal of a month, with the rule that chose it. With `--anonymous` nothing says
//! whose it is, so that it may be shown to everybody. Deliberately absent: choosing (`domain::report::company`).

use std::{path::Path, process::ExitCode};

use clap::{Args, ValueEnum};

use super::{output::Out, session};
use crate::{
    deliver::words::word,
    domain::{
        period::Period,
        report::company::{ModelCard, ModelDeal, model_card, model_deal},
        text::Text,
        words::{date, integer, money},
    },
    env::Clock,
    error::Result,
    pipeline,
};

/// Arguments of `model`.
#[derive(Debug, Args)]
pub struct ModelArgs {
    /// Что показать.
    what: What,
    /// Месяц (ГГГГ-ММ); по умолчанию прошлый.
    #[arg(long, value_name = "MONTH")]
    month: Option<Period>,
    /// Без клиента, продавца, документа и суммы: можно показать всем.
    #[arg(long)]
    anonymous: bool,
}

/// What is shown.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The card that was complete first.
    Card,
    /// The deal with most work recorded.
    Deal,
}

/// Shows it; exit code 0 also when the month has none.
pub fn run(args: &ModelArgs, path: &Path, out: Out) -> Result<ExitCode> {
    session::with_app(path, Clock::system(), async |app| {
        let now = app.clock.now();
        let today = now.with_timezone(&app.config.company.tz).date_naive();
        let month = args.month.unwrap_or_else(|| Period::of(today).prev());
        let (view, ctx) = pipeline::monthly::view(&app, now).await?;
        let (facts, outcome) = (&view.loaded.facts, &view.outcome);
        match args.what {
            What::Card => {
                let card = model_card(facts, outcome, month, &ctx);
                let card = card.map(|card| if args.anonymous { card.anonymous() } else { card });
                if out.json { out.json(&card) } else { show_card(card.as_ref(), month, out) }
            }
            What::Deal => {
                let deal = model_deal(facts, outcome, month, &ctx);
                let deal = deal.map(|deal| if args.anonymous { deal.anonymous() } else { deal });
                if out.json { out.json(&deal) } else { show_deal(deal.as_ref(), month, out) }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn row(out: Out, ru: &str, en: &str, value: &str) {
    if !value.is_empty() {
        out.say(&Text::new(format!("  {ru:<18} {value}"), format!("  {en:<18} {value}")));
    }
}

fn show_card(card: Option<&ModelCard>, month: Period, out: Out) {
    let Some(card) = card else {
        out.say(&Text::new(
            format!("{month}: карточки месяца нет: ни одна карточка не стала полной в этом месяце в срок"),
            format!("{month}: there is no card of the month: none became complete in time within it"),
        ));
        return;
    };
    out.say(&Text::new(
        format!("Карточка месяца {month}: стала полной первой из {}", card.chosen_from),
        format!("Card of the month {month}: complete first of {}", card.chosen_from),
    ));
    row(out, "клиент", "client", &card.party);
    row(out, "карточка", "card", &card.record);
    row(out, "продавец", "seller", &card.seller);
    let fields: Vec<String> = card.fields.iter().map(|field| word(field).get(out.lang).to_owned()).collect();
    row(out, "заполнено", "filled", &fields.join(", "));
    row(out, "стала полной", "complete on", &date(card.complete_at.date(), out.lang));
    ahead(out, "до первой продажи", "before first sale", card.days_ahead);
    out.note(&Text::new(
        "выбрана из карточек клиентов, которым продавали в месяце и всё внесли в срок; при равенстве та, от которой требуется больше полей",
        "chosen from cards of clients sold to in the month with everything entered in time; of equals the one that is asked for more fields",
    ));
}

fn show_deal(deal: Option<&ModelDeal>, month: Period, out: Out) {
    let Some(deal) = deal else {
        out.say(&Text::new(
            format!("{month}: сделки месяца нет: не нашлось продажи в срок с полной карточкой и без возврата"),
            format!(
                "{month}: there is no deal of the month: no sale in time with a complete card and without a return"
            ),
        ));
        return;
    };
    out.say(&Text::new(
        format!("Сделка месяца {month}: больше всего записей о работе, выбрана из {}", deal.chosen_from),
        format!("Deal of the month {month}: most work recorded, chosen from {}", deal.chosen_from),
    ));
    row(out, "клиент", "client", &deal.party);
    row(out, "документ", "document", &deal.number);
    row(out, "дата", "date", &deal.date.map(|day| date(day, out.lang)).unwrap_or_default());
    row(out, "сумма", "amount", &deal.amount.map(|sum| money(sum, out.lang)).unwrap_or_default());
    row(out, "продавец", "seller", &deal.seller);
    row(out, "записей о работе", "records of work", &integer(deal.activities.into(), out.lang));
    let won = deal.won.map(|won| integer(won.into(), out.lang));
    row(out, "выиграно сделок", "won deals", &won.unwrap_or_default());
    ahead(out, "до срока", "before deadline", deal.days_ahead);
    out.note(&Text::new(
        "выбрана из продаж в срок, с полной карточкой, без возвратов; при равенстве та, чей клиент внесён раньше",
        "chosen from sales in time, with a complete card, without returns; of equals the one whose client was entered earlier",
    ));
}

fn ahead(out: Out, ru: &str, en: &str, days: i64) {
    row(out, ru, en, &days.to_string());
}
