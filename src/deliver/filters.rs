//! Filters of the templates: every number, date and code goes through one of them. Deliberately absent: looking
//! anything up (language and currency are fixed when the engine is built).

use std::fmt::Display;

use chrono::{NaiveDate, NaiveDateTime};
use minijinja::{Environment, Error, ErrorKind, Value};

use crate::domain::{
    money::{Money, Rate},
    text::Lang,
};

use super::{clean, format, words};

/// Registers the filters for one language and one base currency.
pub fn register(env: &mut Environment<'_>, lang: Lang, currency: &str) {
    let base = currency.to_owned();
    env.add_filter("money", move |amount: i64, code: Option<String>| {
        format::money(lang, code.as_deref().unwrap_or(&base), Money::from_kopecks(amount))
    });
    let base = currency.to_owned();
    env.add_filter("signed", move |amount: i64| format::signed(lang, &base, Money::from_kopecks(amount)));
    let base = currency.to_owned();
    env.add_filter("short_money", move |amount: i64| format::short_money(lang, &base, Money::from_kopecks(amount)));
    env.add_filter("number", move |number: i64| format::integer(lang, number));
    env.add_filter("signed_number", move |number: i64| {
        let plus = if number > 0 { "+" } else { "" };
        format!("{plus}{}", format::integer(lang, number))
    });
    env.add_filter("size", move |bytes: u64| format::size(lang, bytes));
    env.add_filter("percent", move |bp: i32| format::percent(lang, Rate::from_bp(bp)));
    env.add_filter("points", move |bp: i32| format::points(lang, bp));
    env.add_filter("signed_points", move |bp: i32| format::signed_points(lang, bp));
    env.add_filter("days", move |hours: i64| format::days(lang, hours));
    env.add_filter("plural", move |number: i64, one: String, few: String, many: Option<String>| {
        format::plural(lang, number, &one, &few, many.as_deref().unwrap_or(&few))
    });
    env.add_filter("date", move |day: String| Ok::<_, Error>(format::date(lang, parse::<NaiveDate>(&day)?)));
    env.add_filter("short_date", move |day: String| Ok::<_, Error>(format::short_date(lang, parse(&day)?)));
    env.add_filter("instant", move |at: String| Ok::<_, Error>(format::instant(lang, parse(&at)?)));
    env.add_filter("near", move |at: String, reference: String| {
        Ok::<_, Error>(format::near(lang, parse::<NaiveDateTime>(&at)?, parse(&reference)?))
    });
    env.add_filter("period", move |period: String| Ok::<_, Error>(format::period(lang, parse(&period)?)));
    env.add_filter("t", move |text: Value| text.get_attr(lang.code()));
    env.add_filter("word", move |code: String| words::word(&code).get(lang).to_owned());
    env.add_filter("entry_kind", move |kind: String, amount: i64| {
        words::entry_kind(&kind, Money::from_kopecks(amount)).get(lang).to_owned()
    });
    env.add_filter("cut", |text: String, width: usize| clean::cut(&text, width).into_owned());
    env.add_filter("left", |text: String, width: usize| format!("{:<width$}", clean::cut(&text, width)));
    env.add_filter("right", |text: String, width: usize| format!("{text:>width$}"));
    env.add_filter("web", web);
}

/// Lets only web addresses into `href`: escaping alone would let `javascript:` through (failure-model 0.5).
fn web(url: String) -> Result<String, Error> {
    let safe = url.starts_with("https://") || url.starts_with("http://");
    if safe { Ok(url) } else { Err(Error::new(ErrorKind::InvalidOperation, "a link must be http or https")) }
}

fn parse<T: std::str::FromStr<Err: Display>>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|e| Error::new(ErrorKind::InvalidOperation, format!("not a date or period: {e}")))
}
