//! Accounting cards: the newest per code, else per name and ИНН; older ones kept. Deliberately absent: joining cards
//! with sales (`domain::party`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    engine::{Tx, on_engine, rows_per_statement},
    error::Result,
    row::{At, json_text, ms, new_id},
};
use crate::domain::{finding::SourceRef, sale::PartyCard};

fn card_key(card: &PartyCard) -> String {
    let party = &card.party;
    if party.code.is_empty() {
        format!("name:{}\u{1f}{}", party.name, party.inn)
    } else {
        format!("code:{}", party.code)
    }
}

/// Whether two cards say the same; a nightly file moves rows without changing anything.
fn same_content(a: &PartyCard, b: &PartyCard) -> bool {
    let bare = |card: &PartyCard| PartyCard { source: SourceRef::default(), ..card.clone() };
    bare(a) == bare(b)
}

impl Tx {
    /// Takes cards in: each replaces the live one of its code (else of its name and ИНН) if it says something else, the
    /// last of equal keys counts. Returns how many were new or changed.
    pub async fn put_cards(&mut self, cards: &[PartyCard], now: DateTime<Utc>) -> Result<usize> {
        let wanted: BTreeMap<String, &PartyCard> = cards.iter().map(|card| (card_key(card), card)).collect();
        let live: BTreeMap<String, PartyCard> =
            self.cards_in_force().await?.into_iter().map(|card| (card_key(&card), card)).collect();
        let fresh: Vec<(&String, &PartyCard)> = wanted
            .iter()
            .filter(|(key, card)| live.get(*key).is_none_or(|old| !same_content(old, card)))
            .map(|(key, card)| (key, *card))
            .collect();
        let ended: Vec<&String> = fresh.iter().map(|(key, _)| *key).filter(|key| live.contains_key(*key)).collect();
        for part in ended.chunks(rows_per_statement(1)) {
            on_engine!(self, conn => {
                let mut query = sqlx::QueryBuilder::new("UPDATE party_card SET superseded_ms = ");
                query.push_bind(ms(now)).push(" WHERE superseded_ms IS NULL AND card_key IN (");
                let mut list = query.separated(", ");
                for key in part {
                    list.push_bind(key.as_str());
                }
                list.push_unseparated(")");
                query.build().execute(conn).await.map(|done| done.rows_affected())
            })?;
        }
        let mut rows = Vec::with_capacity(fresh.len());
        for (key, card) in &fresh {
            rows.push((key.as_str(), json_text(At { table: "party_card", id: key }, "body", card)?));
        }
        for part in rows.chunks(rows_per_statement(4)) {
            on_engine!(self, conn => sqlx::QueryBuilder::new("INSERT INTO party_card (id, card_key, body, inserted_ms) ")
                .push_values(part, |mut row, (key, body)| {
                    row.push_bind(new_id(now)).push_bind(*key).push_bind(body.as_str()).push_bind(ms(now));
                })
                .build().execute(conn).await.map(|done| done.rows_affected()))?;
        }
        Ok(fresh.len())
    }

    /// All live cards, sorted by code, name and ИНН.
    pub async fn cards_in_force(&mut self) -> Result<Vec<PartyCard>> {
        let rows: Vec<(String, String)> = on_engine!(self, conn => sqlx::query_as(
            "SELECT id, body FROM party_card WHERE superseded_ms IS NULL").fetch_all(conn).await)?;
        let mut cards = rows
            .iter()
            .map(|(id, body)| At { table: "party_card", id }.json("body", body))
            .collect::<Result<Vec<PartyCard>>>()?;
        cards.sort_by(|a, b| a.party.cmp(&b.party));
        Ok(cards)
    }
}
