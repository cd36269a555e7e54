//! Reads what changed on either side, and whoever is read differently because of it: a town that nobody named before, a word
//! whose spelling is another one now. Deliberately absent: everything counted from profiles.

use super::{
    super::{
        draft::Draft,
        profile::{Profile, Word, Words},
        search::city,
    },
    book::{TownBook, Uses},
    items::Moves,
};
use crate::domain::{crm::KnownRecord, parallel::by_thread, party::Counterparty};

/// What is kept of a profile beside it: the town of its city field and where its writings stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    town: u32,
    writings: (u32, u32),
}

/// Everything counted in the profiles of both sides.
#[derive(Default)]
pub(super) struct Reader {
    pub towns: TownBook,
    uses: Uses,
    writings: Vec<u32>,
}

/// One side: its profiles with their marks, before and in the end now.
pub(super) struct Side {
    pub profiles: Vec<Profile>,
    pub marks: Vec<Mark>,
    /// Profiles that are no longer so.
    pub old: Vec<Profile>,
}

impl Reader {
    /// Marks of profiles just read, whose city fields are these.
    pub fn mark<'c>(&mut self, cities: impl Iterator<Item = &'c str>, words: &mut Words) -> Vec<Mark> {
        let (writings, ends) = words.writings();
        let at = self.writings.len() as u32;
        self.writings.extend(&writings);
        let mut from = at;
        let mut marks = Vec::with_capacity(ends.len());
        for (city, end) in cities.zip(ends) {
            let to = at + end;
            marks.push(Mark { town: self.towns.add(city), writings: (from, to) });
            from = to;
        }
        self.count(&marks, Uses::add);
        marks
    }

    fn count(&mut self, marks: &[Mark], count: impl Fn(&mut Uses, &[u32])) {
        for mark in marks {
            let (from, to) = mark.writings;
            count(&mut self.uses, self.writings.get(from as usize..to as usize).unwrap_or_default());
        }
    }

    /// Everything has been counted for the first time.
    pub fn begin(&mut self) {
        self.uses.turned();
        self.towns.settle();
    }

    /// Reads what is new. Who is read differently without being new is marked so in the moves.
    pub fn read(
        &mut self,
        (parties, ours, party_moves): (&[&Counterparty], Side, &mut Moves),
        (records, theirs, record_moves): (&[&KnownRecord], Side, &mut Moves),
        words: &mut Words,
    ) -> (Side, Side) {
        // Towns: of whom is gone and of whom is new.
        let of = |marks: &[Mark], i: u32| marks.get(i as usize).copied().unwrap_or_default();
        let old = party_moves.old_ones().into_iter().map(|i| of(&ours.marks, i));
        let old: Vec<Mark> = old.chain(record_moves.old_ones().into_iter().map(|i| of(&theirs.marks, i))).collect();
        old.iter().for_each(|mark| self.towns.remove(mark.town));
        let party_city = |i: u32| parties.get(i as usize).map_or("", |party| city(party));
        let record_city = |i: u32| records.get(i as usize).map_or("", |known| known.record.city.as_str());
        let mut counted: Vec<u32> = Vec::new();
        counted.extend(party_moves.new_ones().into_iter().map(|i| self.towns.add(party_city(i))));
        counted.extend(record_moves.new_ones().into_iter().map(|i| self.towns.add(record_city(i))));
        let told: Vec<Word> = self.towns.settle().iter().filter_map(|word| words.known(word)).collect();
        read_anew(&told, &ours.profiles, party_moves, words);
        read_anew(&told, &theirs.profiles, record_moves, words);
        // Counted for good when they are marked.
        counted.iter().for_each(|town| self.towns.remove(*town));
        old.iter().for_each(|mark| self.towns.add_number(mark.town));

        words.vocabulary().fix();
        for second in [false, true] {
            let (new_parties, new_records) = (party_moves.new_ones(), record_moves.new_ones());
            let towns = &self.towns.towns;
            let of_party = |i: usize| new_parties.get(i).and_then(|i| parties.get(*i as usize));
            let of_record = |i: usize| new_records.get(i).and_then(|i| records.get(*i as usize));
            let party = |i: usize| of_party(i).map(|party| Draft::of_party(party, towns)).unwrap_or_default();
            let record = |i: usize| of_record(i).map(|known| Draft::of_record(known, towns)).unwrap_or_default();
            let (new_ours, new_theirs) = (words.read(new_parties.len(), party), words.read(new_records.len(), record));
            let cities = new_parties.iter().map(|i| party_city(*i)).chain(new_records.iter().map(|i| record_city(*i)));
            let mut marks = self.mark(cities, words);
            let old = party_moves.old_ones().into_iter().map(|i| of(&ours.marks, i));
            let old: Vec<Mark> = old.chain(record_moves.old_ones().into_iter().map(|i| of(&theirs.marks, i))).collect();
            self.count(&old, Uses::remove);
            old.iter().for_each(|mark| self.towns.remove(mark.town));
            let turned = self.uses.turned();
            let uses = &self.uses;
            let vocabulary = words.vocabulary();
            let mut asked: Vec<Word> = turned.iter().filter_map(|writing| vocabulary.of_writing(*writing)).collect();
            asked.sort_unstable();
            asked.dedup();
            let respelt =
                if second { Vec::new() } else { vocabulary.respell(&asked, |writing| uses.holds(writing)) };
            if respelt.is_empty() {
                self.towns.settle();
                let record_marks = marks.split_off(new_ours.len());
                let (profiles, gone) = party_moves.carry(ours.profiles, new_ours);
                let (record_profiles, record_gone) = record_moves.carry(theirs.profiles, new_theirs);
                let (party_marks, _) = party_moves.carry(ours.marks, marks);
                let (record_marks, _) = record_moves.carry(theirs.marks, record_marks);
                return (
                    Side { profiles, marks: party_marks, old: gone },
                    Side { profiles: record_profiles, marks: record_marks, old: record_gone },
                );
            }
            // Once more, with the words as they are spelt now and with everybody who has one of them.
            self.count(&marks, Uses::remove);
            self.count(&old, Uses::add);
            marks.iter().for_each(|mark| self.towns.remove(mark.town));
            old.iter().for_each(|mark| self.towns.add_number(mark.town));
            self.uses.turned();
            read_anew(&respelt, &ours.profiles, party_moves, words);
            read_anew(&respelt, &theirs.profiles, record_moves, words);
            words.vocabulary().fix();
        }
        (ours, theirs)
    }
}

/// Whoever of those unchanged has one of the words is to be read anew.
fn read_anew(told: &[Word], before: &[Profile], moves: &mut Moves, words: &Words) {
    if told.is_empty() {
        return;
    }
    let mut flags = vec![false; words.len()];
    for word in told {
        if let Some(flag) = flags.get_mut(*word as usize) {
            *flag = true;
        }
    }
    let is_told = |word: &Word| flags.get(*word as usize) == Some(&true);
    let has = |profile: &Profile| {
        profile.names(words).iter().any(|name| name.words(words).iter().any(is_told))
            || profile.has_city() && profile.city(words).iter().any(is_told)
    };
    let found = by_thread(before.len(), |range| {
        let own = before.get(range.clone()).unwrap_or_default().iter().zip(range);
        own.filter(|(profile, _)| has(profile)).map(|(_, i)| i as u32).collect::<Vec<u32>>()
    });
    for before in found.into_iter().flatten() {
        if let Some(now) = moves.now(before) {
            moves.read_anew(now);
        }
    }
}
