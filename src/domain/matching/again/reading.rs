//! Reads what changed on either side, and whoever is read differently because of it: a town that nobody named before, a word
//! whose spelling is another one now. Deliberately absent: everything counted from profiles.

use super::{
    super::{
        profile::{Profile, Word, Words},
        search::city,
        towns::{ADJECTIVE, BRANCH, adjectives},
    },
    book::TownBook,
    drafts::Drafts,
    items::Moves,
};
use crate::domain::{
    crm::KnownRecord,
    parallel::{both, by_thread},
    party::Counterparty,
};

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
        marks
    }

    fn writings(&self, mark: Mark) -> &[u32] {
        let (from, to) = mark.writings;
        self.writings.get(from as usize..to as usize).unwrap_or_default()
    }

    /// So many profiles less, or more.
    fn count(&mut self, marks: &[Mark], more: bool, words: &mut Words) {
        for mark in marks {
            words.vocabulary().count(self.writings(*mark), more);
        }
        self.towns.count(marks.iter().map(|mark| mark.town), more);
    }

    /// Everything has been counted for the first time.
    pub fn begin(&mut self) {
        self.towns.settle();
    }

    /// Whoever of those unchanged writes so is to be read anew.
    fn read_anew(&self, told: &Told, before: &[Mark], moves: &mut Moves) {
        if !told.any {
            return;
        }
        let found = by_thread(before.len(), |range| {
            let own = before.get(range.clone()).unwrap_or_default().iter().zip(range);
            let told = own.filter(|(mark, _)| told.tells(self.writings(**mark)));
            told.map(|(_, i)| i as u32).collect::<Vec<u32>>()
        });
        for before in found.into_iter().flatten() {
            if let Some(now) = moves.now(before) {
                moves.read_anew(now);
            }
        }
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
        let gone = old.iter().map(|mark| mark.town);
        self.towns.count(gone.clone(), false);
        let party_city = |i: u32| parties.get(i as usize).map_or("", |party| city(party));
        let record_city = |i: u32| records.get(i as usize).map_or("", |known| known.record.city.as_str());
        let mut counted: Vec<u32> = Vec::new();
        counted.extend(party_moves.new_ones().into_iter().map(|i| self.towns.add(party_city(i))));
        counted.extend(record_moves.new_ones().into_iter().map(|i| self.towns.add(record_city(i))));
        let told = Told::new(&self.towns.settle(), words);
        self.read_anew(&told, &ours.marks, party_moves);
        self.read_anew(&told, &theirs.marks, record_moves);
        // Counted for good when they are marked.
        self.towns.count(counted.into_iter(), false);
        self.towns.count(gone, true);

        let mut drafts = Drafts::new(parties, records);
        for second in [false, true] {
            let known = words.len() as Word;
            let (new_parties, new_records) = (party_moves.new_ones(), record_moves.new_ones());
            drafts.read(&new_parties, &new_records, &self.towns.towns);
            let new_ours = words.read(new_parties.len(), |i| drafts.party(new_parties.get(i)));
            let new_theirs = words.read(new_records.len(), |i| drafts.record(new_records.get(i)));
            let cities = new_parties.iter().map(|i| party_city(*i)).chain(new_records.iter().map(|i| record_city(*i)));
            let mut marks = self.mark(cities, words);
            let old = party_moves.old_ones().into_iter().map(|i| of(&ours.marks, i));
            let old: Vec<Mark> = old.chain(record_moves.old_ones().into_iter().map(|i| of(&theirs.marks, i))).collect();
            self.count(&old, false, words);
            let touched: Vec<u32> = old.iter().chain(&marks).flat_map(|mark| self.writings(*mark)).copied().collect();
            let mut respelt = words.vocabulary().respell(known, &touched);
            if second {
                // What is read once more is written as it was.
                respelt.clear();
            }
            if respelt.is_empty() {
                self.towns.settle();
                let record_marks = marks.split_off(new_ours.len());
                let ((profiles, gone), (record_profiles, record_gone)) = both(
                    || party_moves.carry(ours.profiles, new_ours),
                    || record_moves.carry(theirs.profiles, new_theirs),
                );
                let (party_marks, _) = party_moves.carry(ours.marks, marks);
                let (record_marks, _) = record_moves.carry(theirs.marks, record_marks);
                return (
                    Side { profiles, marks: party_marks, old: gone },
                    Side { profiles: record_profiles, marks: record_marks, old: record_gone },
                );
            }
            // Once more, with the words as they are spelt now and with everybody who has one of them.
            self.count(&marks, false, words);
            self.count(&old, true, words);
            let told = Told::by(&respelt, words);
            self.read_anew(&told, &ours.marks, party_moves);
            self.read_anew(&told, &theirs.marks, record_moves);
        }
        (ours, theirs)
    }
}

/// Writings whose names are to be read anew, by number.
struct Told {
    writings: Vec<bool>,
    /// The same for those beside which the name says that it is a branch.
    beside: Vec<bool>,
    branch: Vec<u32>,
    any: bool,
}

impl Told {
    fn by(told: &[u32], words: &mut Words) -> Self {
        let n = words.vocabulary().writings();
        let mut all = Self { writings: vec![false; n], beside: vec![false; n], branch: Vec::new(), any: false };
        for writing in told {
            all.any |= set(&mut all.writings, *writing);
        }
        all
    }

    /// Names may be read differently because of towns.
    fn new(towns: &[Vec<String>], words: &mut Words) -> Self {
        let told: Vec<u32> = towns.iter().flat_map(|town| words.vocabulary().told(town)).collect();
        let mut all = Self::by(&told, words);
        all.branch = BRANCH.iter().filter_map(|word| words.vocabulary().writing(word)).collect();
        for begins in towns.iter().filter_map(|town| adjectives(town)) {
            let like = words.vocabulary().written_like(&begins, &ADJECTIVE);
            like.for_each(|writing| all.any |= set(&mut all.beside, writing));
        }
        all
    }

    fn tells(&self, writings: &[u32]) -> bool {
        let is = |flags: &[bool], writing: u32| flags.get(writing as usize) == Some(&true);
        writings.iter().any(|writing| is(&self.writings, *writing))
            || writings.iter().any(|writing| is(&self.beside, *writing))
                && writings.iter().any(|writing| self.branch.contains(writing))
    }
}

fn set(flags: &mut [bool], writing: u32) -> bool {
    flags.get_mut(writing as usize).map(|flag| *flag = true).is_some()
}
