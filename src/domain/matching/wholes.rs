//! Names of the records written together, to be found within a few slips as a whole. What is asked for is looked up ahead.
//! Deliberately absent: single words (`neighbours`).

use super::{
    ahead::{Ahead, Neighbour},
    counts::Change,
    fuzzy::Fuzzy,
    lists::Lists,
    profile::{Profile, Variant, Words},
    vocabulary::letters,
};

/// Letters of a name that is looked for as a whole, with slips: a longer one is found by its words.
const WHOLE: std::ops::RangeInclusive<usize> = 8..=28;
/// Edits at most.
const MOST: usize = 2;

/// The names, by the number of what they are written together.
#[derive(Default)]
pub(super) struct Wholes {
    /// One for the first run and one for each later run that brought names.
    layers: Vec<Fuzzy>,
    /// Whether the name stands in a layer; and whether a record has it now, in several words.
    laid: Vec<bool>,
    pub stands: Vec<bool>,
    pub ahead: Ahead,
}

impl Wholes {
    /// Which names stand after a change; the lists are those of the records now.
    pub fn stand_again(&self, change: &Change<'_>, lists: &Lists, records: &[Profile], words: &Words) -> Vec<bool> {
        let mut stands = self.stands.clone();
        stands.resize(words.len_joined(), false);
        let [_, gone] = &change.gone;
        let [_, came] = &change.came;
        for joined in gone.iter().chain(came).flat_map(|record| record.names(words)).map(|name| name.joined) {
            let has = |name: &Variant| name.joined == joined && name.n > 1;
            let mut all = lists.by_joined.get(joined).iter().filter_map(|i| records.get(*i as usize));
            if let Some(stands) = stands.get_mut(joined as usize) {
                *stands = all.any(|record| record.names(words).iter().any(has));
            }
        }
        stands
    }

    /// Takes in the names that records have now.
    pub fn extend(&mut self, words: &Words) {
        let stands = std::mem::take(&mut self.stands);
        self.laid.resize(stands.len(), false);
        let mut layer = Fuzzy::default();
        let mut any = false;
        for (joined, (_, laid)) in
            (0..).zip(stands.iter().zip(&mut self.laid)).filter(|(_, (now, laid))| **now && !**laid)
        {
            let text = words.joined(joined);
            *laid = true;
            if WHOLE.contains(&text.len()) {
                layer.add(&letters(text), joined);
                any = true;
            }
        }
        self.stands = stands;
        if any {
            layer.seal();
            self.ahead.extend(|joined| find(&layer, joined, words));
            self.layers.push(layer);
        }
    }

    /// Whether a name of that many letters is looked for.
    pub fn asks(joined: &str) -> bool {
        WHOLE.contains(&joined.len())
    }

    /// Looks up what will be asked for.
    pub fn look_ahead(&mut self, asked: Vec<u32>, words: &Words) {
        let mut ahead = std::mem::take(&mut self.ahead);
        let key = |joined: u32| (words.joined(joined).len(), words.joined(joined));
        ahead.fill(asked, key, |joined| self.find(joined, words));
        self.ahead = ahead;
    }

    /// Numbers of the names within a few slips that records have now, with the edits.
    pub fn of(&self, joined: u32, words: &Words) -> impl Iterator<Item = Neighbour> {
        let near = self.ahead.of(joined, |joined| self.find(joined, words));
        let near: smallvec::SmallVec<[Neighbour; 8]> = near.iter().copied().collect();
        near.into_iter().filter(|(number, _)| self.stands.get(*number as usize) == Some(&true))
    }

    fn find(&self, joined: u32, words: &Words) -> Vec<Neighbour> {
        self.layers.iter().flat_map(|layer| find(layer, joined, words)).collect()
    }
}

fn find(layer: &Fuzzy, joined: u32, words: &Words) -> Vec<Neighbour> {
    let found = layer.near(&letters(words.joined(joined)), MOST);
    found.into_iter().map(|(number, edits)| (number, edits as u8)).collect()
}
