//! The model card and the model deal of a month, chosen by rules that anybody can check.
//!
//! **Card**: among clients sold to in the month that are surely in the CRM, whose sales of the month were all entered in time
//! and whose card has everything the regulation asks for, the one that was complete first within the month; of equals the one
//! with more required fields, then the one with the smaller id.
//!
//! **Deal**: among sales of the month entered in time to a client with a complete card, not taken back in whole or in part,
//! and with a won deal of that client in the CRM where the CRM gives deals at all, the one with most activities recorded; of
//! equals the one whose client was entered earlier before its deadline, then the one with the smaller document key.
//!
//! Deliberately absent: taste.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;

use crate::domain::{
    assess::{
        card_times::Cards,
        in_other_currency, returns,
        standard::{self, Client, Score},
    },
    crm::CrmKind,
    facts::{Facts, Outcome},
    money::Money,
    org::EmployeeId,
    period::Period,
    verdict::{Status, Verdict},
};

use super::super::{ReportContext, name_of};

/// The model card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelCard {
    /// Month.
    pub period: Period,
    /// The record; empty when anonymised.
    pub record: String,
    /// Client; empty when anonymised.
    pub party: String,
    /// Seller; empty when anonymised.
    pub seller: String,
    /// Segment, `all` for none.
    pub segment: String,
    /// Fields that are filled: everything that is asked for.
    pub fields: Vec<String>,
    /// When it was complete.
    pub complete_at: NaiveDateTime,
    /// Whole days from the entry to the first sale of the month; below zero: entered after it, still in time.
    pub days_ahead: i64,
    /// Cards that the rule chose from.
    pub chosen_from: usize,
}

/// The model deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelDeal {
    /// Month.
    pub period: Period,
    /// Document number; empty when anonymised.
    pub number: String,
    /// Client; empty when anonymised.
    pub party: String,
    /// Seller; empty when anonymised.
    pub seller: String,
    /// Amount with VAT; nothing when anonymised.
    pub amount: Option<Money>,
    /// Date of the document; `None` when anonymised.
    pub date: Option<NaiveDate>,
    /// Segment.
    pub segment: String,
    /// Calls, meetings, tasks and notes recorded with the client.
    pub activities: u32,
    /// Won deals of the client in the CRM; `None` when the CRM gives no deals.
    pub won: Option<u32>,
    /// Whole days from the entry of the client to the end of the day it was due.
    pub days_ahead: i64,
    /// Sales that the rule chose from.
    pub chosen_from: usize,
}

impl ModelCard {
    /// The same without anything that says whose it is.
    pub fn anonymous(mut self) -> Self {
        self.record.clear();
        self.party.clear();
        self.seller.clear();
        self
    }
}

impl ModelDeal {
    /// The same without anything that says whose it is.
    pub fn anonymous(mut self) -> Self {
        self.number.clear();
        self.party.clear();
        self.seller.clear();
        (self.amount, self.date) = (None, None);
        self
    }
}

/// Clients of the month with a complete card whose sales were all entered in time.
fn exemplary(facts: &Facts, outcome: &Outcome, period: Period) -> Vec<Client> {
    let mut clients = standard::clients(facts, outcome, period);
    let in_time = |client: &Client| {
        let own = facts.sales.iter().zip(&outcome.sales).filter(|(sale, a)| {
            a.party == client.key
                && period.contains(sale.date)
                && sale.amount > Money::ZERO
                && a.status != Status::Exempt
                && !in_other_currency(facts, sale)
        });
        own.into_iter().all(|(_, assessed)| assessed.status == Status::OnTime)
    };
    clients.retain(|c| c.verdict == Verdict::InCrm && c.own.as_ref().is_some_and(Score::is_complete) && in_time(c));
    clients
}

/// The model card of a month, if there is one.
pub fn model_card(facts: &Facts, outcome: &Outcome, period: Period, ctx: &ReportContext) -> Option<ModelCard> {
    let cards = Cards::of(facts, outcome);
    let version = facts.policy.as_of(period.last_day())?;
    let mut candidates: Vec<(DateTime<Utc>, Reverse<usize>, Client)> = exemplary(facts, outcome, period)
        .into_iter()
        .filter_map(|client| {
            let party = facts.parties.iter().position(|p| p.key == client.key)?;
            let since = cards.complete_since(party)?;
            let fields = standard::fields(version, &client.segment).len();
            period.contains(ctx.local(since).date()).then_some((since, Reverse(fields), client))
        })
        .collect();
    candidates.sort_by(|a, b| (a.0, a.1, &a.2.record, &a.2.key).cmp(&(b.0, b.1, &b.2.record, &b.2.key)));
    let chosen_from = candidates.len();
    let (since, _, client) = candidates.into_iter().next()?;
    let first = facts.sales.iter().zip(&outcome.sales).filter(|(sale, a)| {
        a.party == client.key && period.contains(sale.date) && sale.amount > Money::ZERO && a.status != Status::Exempt
    });
    let (date, entered) = first.map(|(sale, a)| (sale.date, a.entered_at)).min()?;
    Some(ModelCard {
        period,
        record: client.record.as_ref().map(ToString::to_string).unwrap_or_default(),
        party: client.name.clone(),
        seller: sellers(facts, client.sellers.iter()),
        fields: standard::fields(version, &client.segment),
        segment: client.segment,
        complete_at: ctx.local(since),
        days_ahead: entered.map_or(0, |at| (date - ctx.local(at).date()).num_days()),
        chosen_from,
    })
}

/// The model deal of a month, if there is one.
pub fn model_deal(facts: &Facts, outcome: &Outcome, period: Period, ctx: &ReportContext) -> Option<ModelDeal> {
    let clients = exemplary(facts, outcome, period);
    let links = returns::link(facts);
    let cards = Cards::of(facts, outcome);
    let gives_deals = facts.records.iter().any(|known| known.record.id.kind == CrmKind::Deal && !known.gone);
    let mut candidates = Vec::new();
    for (at, (sale, assessed)) in facts.sales.iter().zip(&outcome.sales).enumerate() {
        let back = links.returned_by.get(at).is_some_and(|pieces| !pieces.is_empty());
        let counts = period.contains(sale.date) && sale.amount > Money::ZERO && !in_other_currency(facts, sale);
        let client = clients.iter().find(|c| c.key == assessed.party);
        let (true, Some(client), Some(&party)) =
            (counts && !back && assessed.status == Status::OnTime, client, facts.party_of.get(at))
        else {
            continue;
        };
        let won = cards.linked(party, CrmKind::Deal).filter(|deal| deal.won).count();
        if gives_deals && won == 0 {
            continue;
        }
        let activities = cards.linked(party, CrmKind::Activity).count();
        let entered = assessed.entered_at.map_or(assessed.deadline, |at| ctx.local(at).date());
        let ahead = (assessed.deadline - entered).num_days();
        candidates.push((Reverse(activities), Reverse(ahead), &sale.key, sale, assessed, client, won));
    }
    candidates.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    let chosen_from = candidates.len();
    let (activities, ahead, _, sale, assessed, client, won) = candidates.into_iter().next()?;
    Some(ModelDeal {
        period,
        number: sale.number.clone(),
        party: client.name.clone(),
        seller: sellers(facts, assessed.employee.iter()),
        amount: Some(sale.amount),
        date: Some(sale.date),
        segment: client.segment.clone(),
        activities: u32::try_from(activities.0).unwrap_or(u32::MAX),
        won: gives_deals.then(|| u32::try_from(won).unwrap_or(u32::MAX)),
        days_ahead: ahead.0,
        chosen_from,
    })
}

fn sellers<'a>(facts: &Facts, ids: impl Iterator<Item = &'a EmployeeId>) -> String {
    ids.map(|id| name_of(&facts.roster, id)).collect::<Vec<_>>().join(", ")
}
