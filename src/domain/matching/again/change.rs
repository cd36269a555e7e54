//! Who came and who went, as profiles, with those of one entity with them. Deliberately absent: what follows (`dirty`,
//! `counts`).

use super::{
    super::{
        counts::Change,
        profile::{Profile, Words},
    },
    items::{Moves, NOWHERE},
};
use crate::domain::parallel::by_thread;

/// What changed: of both sides the profiles that are no longer so, and all as they are now.
pub(super) fn change<'a>(sides: [(&'a [Profile], &'a [Profile], &Moves); 2], words: &Words) -> Change<'a> {
    let came = sides.map(|(_, now, moves)| {
        let places = moves.new_ones().into_iter();
        places.filter_map(|i| now.get(i as usize)).collect::<Vec<_>>()
    });
    let mut change = Change { gone: sides.map(|(old, ..)| old.iter().collect()), came, kin: Vec::new() };
    let mut touched = vec![false; words.len_keys()];
    for inn in change.all().filter_map(|profile| profile.inns(words).first()) {
        if let Some(flag) = touched.get_mut(*inn as usize) {
            *flag = true;
        }
    }
    let is_kin = |profile: &Profile| {
        let inn = profile.inns(words).first();
        inn.is_some_and(|inn| touched.get(*inn as usize) == Some(&true))
    };
    for (_, now, moves) in sides {
        let found = by_thread(now.len(), |range| {
            let own = now.get(range.clone()).unwrap_or_default().iter();
            let from = moves.from.get(range).unwrap_or_default();
            let kept = own.zip(from).filter(|(_, from)| **from != NOWHERE).map(|(profile, _)| profile);
            kept.filter(|profile| is_kin(profile)).collect::<Vec<_>>()
        });
        change.kin.extend(found.into_iter().flatten());
    }
    change
}
