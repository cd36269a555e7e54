//! A draft of the regulation over closed periods: facts of one period at a time, as they stood at its close, computed under both
//! policies. Deliberately absent: writing anything to the database.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Months, Utc};

use super::{
    App,
    compute::{conclude, verdicts_again},
    facts::{handles, with_own_organisations},
    rule_facts::{self, Asked},
};
use crate::{
    domain::{
        backtest::{Backtest, always_in_force, everybody_signed},
        decisions, dispute,
        facts::Facts,
        matching::Matcher,
        normalise,
        period::Period,
        policy::Policy,
        regulation::binding,
        rule_facts::RuleFacts,
        sale::Sale,
        text::Text,
    },
    error::{Error, Result},
    store::Tx,
};

/// Months that segments by turnover may look back.
const LOOK_BACK: u32 = 36;

/// Both policies over the periods, both ends included. `step` hears which period is being computed.
///
/// # Errors
/// When a period is not closed, or the database fails.
pub async fn run(app: &App, draft: &Policy, from: Period, to: Period, step: &dyn Fn(Period)) -> Result<Backtest> {
    let organisations = &app.config.company.organisations;
    let draft = always_in_force(draft)
        .map(|p| with_own_organisations(&p, organisations))
        .ok_or_else(|| Error::input(Text::new("в проекте нет ни одной редакции", "the draft has no version")))?;
    let present = with_own_organisations(&app.config.policy, organisations);
    let mut tx = app.db.begin().await?;
    let closed = tx.closed_periods().await?;
    tx.commit().await?;
    let mut done = Backtest::default();
    // From period to period few buyers and cards change.
    let mut matcher = Matcher::default();
    let mut period = from;
    while period <= to {
        let at = *closed.get(&period).ok_or_else(|| open_period(period, &closed))?;
        step(period);
        let mut tx = app.db.begin().await?;
        let mut facts = facts_of(app, &mut tx, (period, at), &present, &draft).await?;
        tx.commit().await?;
        let found = verdicts_again(&mut matcher, &facts, &app.config.matching.into());
        let now = conclude(&facts, found, at);
        done.present.add(period, &facts, &now);
        facts.policy = draft.clone();
        facts.acknowledgements = everybody_signed(&draft, &facts.roster);
        let then = conclude(&facts, now.verdicts, at);
        done.draft.add(period, &facts, &then);
        done.remark(&now.findings, &then.findings);
        done.periods.push(period);
        period = period.next();
    }
    Ok(done)
}

fn open_period(period: Period, closed: &BTreeMap<Period, DateTime<Utc>>) -> Error {
    let ends = closed.keys().next().zip(closed.keys().next_back());
    let error = Error::input(Text::new(
        format!("период {period} не закрыт: проект проверяется на закрытых"),
        format!("the period {period} is not closed: a draft is tried on closed ones"),
    ));
    match ends {
        Some((first, last)) => {
            error.hint(Text::new(format!("закрыты: с {first} по {last}"), format!("closed ones: {first} to {last}")))
        }
        None => error.hint(Text::new("закрытых периодов пока нет", "no period is closed yet")),
    }
}

/// The facts of a period as they stood at its close.
async fn facts_of(
    app: &App,
    tx: &mut Tx,
    (period, at): (Period, DateTime<Utc>),
    present: &Policy,
    draft: &Policy,
) -> Result<Facts> {
    let config = &app.config;
    let since = tx.first_sale_day().await?;
    let sales = sales_of(app, tx, period, since.map(Period::of)).await?;
    let cards = tx.cards_in_force().await?;
    let (parties, party_of, _) = normalise::parties(&sales, &cards);
    let records = tx.records_as_of(at).await?;
    let standings =
        decisions::resolve(&tx.decisions_in_force().await?, &tx.decisions_seen().await?, &parties, &records);
    let here = records.iter().filter(|r| !r.gone).map(|r| r.record.clone()).collect();
    let both = Policy { versions: present.versions.iter().chain(&draft.versions).cloned().collect() };
    let asked = Asked {
        policy: &both,
        tz: config.company.tz,
        as_of: at,
        scope_from: period,
        closes: BTreeMap::from([(period, at)]),
    };
    let loaded = rule_facts::load(tx, asked).await?;
    let mut earlier = Vec::new();
    if rule_facts::looks_back(&both) {
        let first = period.from().checked_sub_months(Months::new(LOOK_BACK)).unwrap_or(period.from());
        let whole = tx.sales_between(first, period.last_day()).await?;
        let kept = (sales.as_slice(), party_of.as_slice(), parties.len());
        earlier = rule_facts::earlier(&whole, &cards, kept, &config.company.currency);
    }
    Ok(Facts {
        sales,
        parties,
        party_of,
        records,
        closing_records: BTreeMap::from([(period, here)]),
        snapshots: tx.snapshots_as_of(at).await?,
        accounting_as_of: None,
        decisions: standings.in_force(),
        roster: config.roster.clone(),
        calendar: config.calendar.clone(),
        policy: present.clone(),
        acknowledgements: binding::bound(&config.policy, tx.acknowledgements_in_force().await?).holding,
        waivers: dispute::waivers(&tx.disputes().await?, at.with_timezone(&config.company.tz).date_naive()),
        rule_facts: RuleFacts { earlier, sales_since: since, ..loaded },
        tz: config.company.tz,
        base_currency: config.company.currency.clone(),
    })
}

/// Sales of the period, and the older ones of buyers who brought something back in it: months are read backwards and only what
/// belongs to those buyers is kept.
async fn sales_of(app: &App, tx: &mut Tx, period: Period, first: Option<Period>) -> Result<Vec<Sale>> {
    let mut kept = tx.sales_between(period.from(), period.last_day()).await?;
    let mut known: BTreeSet<String> = kept.iter().filter(|s| s.is_return()).flat_map(handles).collect();
    let has_calendar = |year: i32| app.config.calendar.years().any(|y| y == year);
    let mut taken = BTreeSet::new();
    // One counterparty may be written in several ways, each of which leads to further sales.
    let mut more = !known.is_empty();
    while more {
        more = false;
        let mut month = period.prev();
        while first.is_some_and(|first| month >= first) && has_calendar(month.from().year()) {
            for sale in tx.sales_between(month.from(), month.last_day()).await? {
                let own = handles(&sale);
                if own.iter().any(|handle| known.contains(handle)) && taken.insert(sale.key.clone()) {
                    more |= own.iter().any(|handle| !known.contains(handle));
                    known.extend(own);
                    kept.push(sale);
                }
            }
            month = month.prev();
        }
    }
    kept.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(kept)
}
