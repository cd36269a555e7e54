//! Where facts go while a file is read: the child writes them to its parent at once, everybody else collects them.
//! Deliberately absent: what becomes of them.

use std::sync::Arc;

use crate::domain::sale::{PartyCard, Sale};

/// Takes facts one by one.
pub trait Sink {
    /// A document of sale, complete.
    fn sale(&mut self, sale: Sale);
    /// A card.
    fn card(&mut self, card: PartyCard);
}

/// Collects facts.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Sales.
    pub sales: Vec<Sale>,
    /// Cards.
    pub cards: Vec<PartyCard>,
}

impl Sink for Collected {
    fn sale(&mut self, sale: Sale) {
        self.sales.push(sale);
    }

    fn card(&mut self, card: PartyCard) {
        self.cards.push(card);
    }
}

impl Collected {
    /// The facts, sales in the order of the file: they come when they are complete, which is later for a document of
    /// several rows.
    pub fn in_order(mut self) -> (Vec<Sale>, Vec<PartyCard>) {
        let mut sheets: Vec<Arc<str>> = Vec::new();
        for sale in &self.sales {
            if sheets.last() != Some(&sale.source.sheet) && !sheets.contains(&sale.source.sheet) {
                sheets.push(sale.source.sheet.clone());
            }
        }
        let place = |sale: &Sale| sheets.iter().position(|s| *s == sale.source.sheet);
        if sheets.len() > 1 {
            self.sales.sort_by_key(|sale| (place(sale), sale.source.row));
        } else {
            self.sales.sort_by_key(|sale| sale.source.row);
        }
        (self.sales, self.cards)
    }
}
