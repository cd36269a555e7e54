//! Matching that goes on from the last run: only what changed on either side is read, searched for and judged, and what a
//! changed rarity, place or claim touches. The verdicts are those of a whole run, to the last letter: what is kept of a
//! search is taken over only where nothing that went into it is another one now, and the claims of all are weighed together
//! every time. When too much changed, everything is done anew; that changes the time and nothing else.
//! Deliberately absent: keeping anything on disk. A new process begins with a whole run.

mod book;
mod change;
mod dirty;
mod drafts;
mod fates;
mod going;
mod items;
mod judging;
mod kept;
mod leads;
mod memo;
mod reading;
mod retold;

use std::collections::{HashMap, HashSet};

use super::{
    MatchSettings, assign,
    blocking::{Asked, Blocks},
    calibration::Calibration,
    family, in_order,
    place::Geography,
    profile::{Profile, Words},
    said::{Said, said},
    search::{Read, Search, branches, cities, clients},
    weight::Weights,
    words::Key,
};
use crate::domain::{
    crm::{CrmId, KnownRecord},
    decisions::Companies,
    parallel::{both, by_thread, each_in_parallel, in_parallel_over_with, in_parallel_with},
    party::{Counterparty, PartyKey},
    verdict::{Decision, PartyVerdict},
};
use dirty::{Anew, Before, Dirty};
use going::Going;
use items::{Content, Moves, contents};
use kept::Kept;
use reading::{Mark, Reader, Side};

/// Of so many parts of either side one may have changed; else everything is done anew.
const PARTS: usize = 6;
/// So often a run goes on from the last one before everything is done anew: what vanished is let go then.
const RUNS: usize = 12;

/// Matches, and the next time only what changed.
#[derive(Default)]
pub struct Matcher {
    state: Option<Box<State>>,
}

/// What of the last run is kept.
#[expect(clippy::vec_box, reason = "handed on from run to run without being moved")]
struct State {
    settings: MatchSettings,
    runs: usize,
    contents: (Vec<Content>, Vec<Content>),
    ids: Vec<CrmId>,
    marks: (Vec<Mark>, Vec<Mark>),
    reader: Reader,
    said: HashMap<PartyKey, Said>,
    parts: Parts,
    kept: Vec<Box<Kept>>,
}

/// What a search is made of, without the two sides themselves.
struct Parts {
    profiles: Vec<Profile>,
    record_profiles: Vec<Profile>,
    external: Vec<Option<Key>>,
    words: Words,
    weights: Weights,
    blocks: Blocks,
    branches: HashSet<Key>,
    cluster: Vec<u32>,
}

impl std::fmt::Debug for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Matcher").field("runs", &self.runs()).finish_non_exhaustive()
    }
}

impl Matcher {
    /// One verdict per counterparty, in the order given: those of [`super::pair`].
    pub fn pair(
        &mut self,
        parties: &[Counterparty],
        records: &[KnownRecord],
        decisions: &[Decision],
        settings: &MatchSettings,
    ) -> Vec<&PartyVerdict> {
        let (order, records) = both(|| in_order(parties), || clients(records));
        let sorted: Vec<&Counterparty> = order.iter().filter_map(|i| parties.get(*i)).collect();
        let given = Given { parties: sorted, records, decisions, settings };
        let went_on = self.state.take().and_then(|state| again(*state, &given));
        let state = self.state.insert(Box::new(went_on.unwrap_or_else(|| first(&given))));
        let mut in_their_order: Vec<Option<&PartyVerdict>> = vec![None; parties.len()];
        for (at, verdict) in order.into_iter().zip(&state.kept) {
            if let Some(slot) = in_their_order.get_mut(at) {
                *slot = verdict.verdict.as_ref();
            }
        }
        in_their_order.into_iter().flatten().collect()
    }

    /// How many runs have gone on from the last whole one.
    pub fn runs(&self) -> usize {
        self.state.as_ref().map_or(0, |state| state.runs)
    }
}

/// What is asked: both sides in their own order.
struct Given<'a> {
    parties: Vec<&'a Counterparty>,
    records: Vec<&'a KnownRecord>,
    decisions: &'a [Decision],
    settings: &'a MatchSettings,
}

/// Everything anew.
fn first(given: &Given<'_>) -> State {
    let (parties, records) = (&given.parties, &given.records);
    let mut reader = Reader::default();
    reader.towns.begin(cities(parties, records));
    let mut words = Words::default();
    words.take_down();
    let read = Read::new(parties, records, &reader.towns.towns, &mut words);
    let external = read.external.clone();
    let party_cities = parties.iter().map(|party| super::search::city(party));
    let mut marks = reader.mark(party_cities.chain(records.iter().map(|r| r.record.city.as_str())), &mut words);
    reader.begin();
    let record_marks = marks.split_off(parties.len());
    let search = Search::of(parties.clone(), records.clone(), read, words, given.decisions, given.settings);
    let n = search.parties.len();
    let kept = in_parallel_with(
        n,
        || search.room(),
        |room, i| {
            let (found, memo) = search.one_kept(i, <_>::default(), room);
            Box::new(Kept { found, memo, ..Kept::default() })
        },
    );
    let ids = records.iter().map(|known| known.record.id.clone()).collect();
    let fresh = Fresh { kept, contents: contents(parties, records), ids, marks: (marks, record_marks), external };
    conclude(search, fresh, reader, given, 0, None)
}

/// What a run found, before rivalry.
#[expect(clippy::vec_box, reason = "as in `State`")]
struct Fresh {
    kept: Vec<Box<Kept>>,
    contents: (Vec<Content>, Vec<Content>),
    ids: Vec<CrmId>,
    marks: (Vec<Mark>, Vec<Mark>),
    external: Vec<Option<Key>>,
}

/// Rivalry and verdicts.
fn conclude(
    search: Search<'_>,
    fresh: Fresh,
    reader: Reader,
    given: &Given<'_>,
    runs: usize,
    dirty: Option<&Dirty>,
) -> State {
    let Fresh { mut kept, contents, ids, marks, external } = fresh;
    family::settle(&mut kept, &search);
    assign::settle(&mut kept, &search, Some(&contents));
    retold::verdicts(&search, &mut kept, &contents, dirty);
    let Search { profiles, record_profiles, words, weights, blocks, said, branches, cluster, .. } = search;
    State {
        settings: given.settings.clone(),
        runs,
        contents,
        ids,
        marks,
        reader,
        said,
        parts: Parts { profiles, record_profiles, external, words, weights, blocks, branches, cluster },
        kept,
    }
}

/// From the last run on. `None` when everything has to be done anew.
fn again(state: State, given: &Given<'_>) -> Option<State> {
    let (parties, records, settings) = (&given.parties, &given.records, given.settings);
    let goes_on = state.runs < RUNS && state.settings == *settings && !settings.calibrate;
    if !goes_on {
        return None;
    }
    let State { mut reader, parts, kept, .. } = state;
    let contents = contents(parties, records);
    let key = |i: usize| kept.get(i).and_then(|one| one.verdict.as_ref()).map(|verdict| &verdict.party);
    let by_key = |i: usize, j: usize| key(i).cmp(&parties.get(j).map(|p| &p.key));
    let mut party_moves = Moves::new(&state.contents.0, &contents.0, by_key);
    let by_id = |i: usize, j: usize| state.ids.get(i).cmp(&records.get(j).map(|known| &known.record.id));
    let mut record_moves = Moves::new(&state.contents.1, &contents.1, by_id);
    let few = |moves: &Moves| moves.new_ones().len().max(moves.old_ones().len()) <= moves.from.len() / PARTS;
    if !few(&party_moves) || !few(&record_moves) {
        return None;
    }
    let Parts { profiles, record_profiles, external, mut words, weights, mut blocks, branches: old_branches, cluster } =
        parts;
    let side = |profiles, marks| Side { profiles, marks, old: Vec::new() };
    let (ours, theirs) = reader.read(
        (parties, side(profiles, state.marks.0), &mut party_moves),
        (records, side(record_profiles, state.marks.1), &mut record_moves),
        &mut words,
    );
    let mut code = |i: u32| records.get(i as usize).and_then(|known| words.code(&known.record.external_id));
    let new_codes = record_moves.new_ones().into_iter().map(&mut code).collect();
    let (now_external, _) = record_moves.carry(external.clone(), new_codes);

    // What is counted and listed over all is so again, with what came and without what went.
    let change = change::change(
        [(&ours.old, &ours.profiles, &party_moves), (&theirs.old, &theirs.profiles, &record_moves)],
        &words,
    );
    let laid_out = || {
        let new = record_moves.new_ones().into_iter();
        let came = new.filter_map(|i| {
            Some((i, theirs.profiles.get(i as usize)?, now_external.get(i as usize).copied().flatten()))
        });
        let lists = blocks.lists.again(|before| record_moves.now(before), came, &words);
        (lists, Geography::new(&theirs.profiles, &words))
    };
    let (counts, (lists, geography)) = std::thread::scope(|scope| {
        let other = scope.spawn(laid_out);
        let counts = weights.counts.again(&change, &words);
        (counts, other.join().unwrap_or_else(|_| laid_out()))
    });
    let stands = blocks.wholes.stand_again(&change, &lists, &theirs.profiles, &words);
    let sizes = [ours.profiles.len(), theirs.profiles.len()];
    let now_weights = Weights::counted(counts, geography, sizes, weights.review, &words);
    let (profiles, mut record_profiles) = (ours.profiles, theirs.profiles);
    words.note(now_weights.bags());
    each_in_parallel(&mut record_profiles, |_, record| now_weights.geography.note(record, &words));
    let before = Before {
        weights,
        lists: std::mem::replace(&mut blocks.lists, lists),
        stands: std::mem::replace(&mut blocks.wholes.stands, stands),
        branches: old_branches,
        cluster,
        parties: ours.old,
        records: theirs.old,
        external,
    };
    let Blocks { lists, near, wholes } = &mut blocks;
    let now_cluster = || assign::clusters(&record_profiles, lists, &words);
    let now_cluster = std::thread::scope(|scope| {
        let other = scope.spawn(now_cluster);
        near.extend(lists.words(&words), &words);
        wholes.extend(&words);
        other.join().unwrap_or_else(|_| now_cluster())
    });
    let mut search = Search {
        parties: parties.clone(),
        cluster: now_cluster,
        branches: branches(&profiles, &words),
        profiles,
        records: records.clone(),
        record_profiles,
        words,
        weights: now_weights,
        settings,
        blocks,
        said: said(given.decisions),
        companies: Companies::of(given.decisions),
        calibration: Calibration::default(),
    };
    let mut dirty = Dirty::new(&before, &search, (&party_moves, &record_moves), &now_external)?;
    for key in state.said.keys().chain(search.said.keys()).filter(|key| state.said.get(key) != search.said.get(key)) {
        if let Ok(at) = search.parties.binary_search_by(|party| party.key.cmp(key))
            && let Some(flag) = dirty.search.get_mut(at)
        {
            *flag = Anew::ByWorth;
        }
    }
    let old = party_moves.take(kept);
    look_ahead(&mut search, &dirty, &old);
    let going = Going::new(&before, &search, &dirty, (&party_moves, &record_moves));
    let kept = in_parallel_over_with(old, || going.room(), |room, i, old| going.one(i, old, room));
    let new_ids = record_moves.new_ones().into_iter().filter_map(|i| records.get(i as usize));
    let (ids, _) = record_moves.carry(state.ids, new_ids.map(|known| known.record.id.clone()).collect());
    let fresh = Fresh { kept, contents, ids, marks: (ours.marks, theirs.marks), external: now_external };
    Some(conclude(search, fresh, reader, given, state.runs + 1, Some(&dirty)))
}

/// Looks up what the searches to be done will ask for, and what those asked for that were not foreseen.
fn look_ahead(search: &mut Search<'_>, dirty: &Dirty, old: &[Option<Box<Kept>>]) {
    let is_unforeseen = |i: usize| {
        let memo = old.get(i).and_then(|one| one.as_ref()).and_then(|one| one.memo.as_ref());
        memo.is_some_and(|memo| memo.is_unforeseen())
    };
    let asked = by_thread(search.profiles.len(), |range| {
        let mut asked = Asked::default();
        for i in range {
            let Some(party) = search.profiles.get(i) else { continue };
            let is_open = || search.blocks.leave_open(party, &search.branches, &search.words);
            if dirty.search.get(i) != Some(&Anew::No) && is_open() || is_unforeseen(i) {
                search.blocks.ask(party, &search.record_profiles, &search.words, &search.weights, &mut asked);
            }
        }
        asked
    });
    search.blocks.look_ahead(Asked::concat(asked), &search.words);
}
