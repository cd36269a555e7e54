//! The same work on all threads: each item on its own, in the order of the items, so that the number of threads changes
//! nothing but the time. Threads take the next few items when they are done with theirs; a panic of one is a panic of the
//! caller. Deliberately absent: shared state.

use std::{
    ops::Range,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// From so many items on several threads work.
const MANY: usize = 2_000;
/// Items handed to a thread at once.
const AT_ONCE: usize = 500;

/// Does the work for 0..n.
pub(crate) fn in_parallel<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    in_parallel_with(n, || (), |(), i| work(i))
}

/// The same with room of its own for each thread.
pub(crate) fn in_parallel_with<T: Send, S>(
    n: usize,
    fresh: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || {
        let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
        (from < n).then(|| (from, from..n.min(from + AT_ONCE)))
    };
    taken(n, take, &fresh, |room, range: Range<usize>| range.map(|i| work(room, i)).collect())
}

/// Does the work for each item, which is handed over to it.
pub(crate) fn in_parallel_over<I: Send, T: Send>(items: Vec<I>, work: impl Fn(usize, I) -> T + Sync) -> Vec<T> {
    in_parallel_over_with(items, || (), |(), i, item| work(i, item))
}

/// The same with room of its own for each thread.
pub(crate) fn in_parallel_over_with<I: Send, T: Send, S>(
    items: Vec<I>,
    fresh: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize, I) -> T + Sync,
) -> Vec<T> {
    let n = items.len();
    let left = Mutex::new(items.into_iter());
    let take = || {
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        let from = n - left.len();
        let piece: Vec<I> = left.by_ref().take(AT_ONCE).collect();
        (!piece.is_empty()).then_some((from, (from, piece)))
    };
    let each = |room: &mut S, (from, piece): (usize, Vec<I>)| {
        piece.into_iter().zip(from..).map(|(item, i)| work(room, i, item)).collect()
    };
    taken(n, take, &fresh, each)
}

/// Changes each item where it stands.
pub(crate) fn each_in_parallel<T: Send>(items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
    let n = items.len();
    let left = Mutex::new(items.chunks_mut(AT_ONCE).zip((0..n).step_by(AT_ONCE)));
    let take = || {
        let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
        next.map(|(piece, from)| (from, (from, piece)))
    };
    let each = |(): &mut (), (from, piece): (usize, &mut [T])| {
        piece.iter_mut().zip(from..).for_each(|(item, i)| work(i, item));
        Vec::<()>::new()
    };
    taken(n, take, &|| (), each);
}

/// Changes the members of each list, which stand one list behind the other; the work is handed the number of the list, where
/// it starts and its members. `ends` says where each list ends.
pub(crate) fn each_list_in_parallel<T: Send>(
    ends: &[u32],
    members: &mut [T],
    work: impl Fn(usize, usize, &mut [T]) + Sync,
) {
    let mut pieces: Vec<(usize, &[u32], usize, &mut [T])> = Vec::new();
    let (mut left, mut at) = (members, 0);
    for (piece, number) in ends.chunks(AT_ONCE).zip((0..).step_by(AT_ONCE)) {
        let end = piece.last().map_or(at, |end| *end as usize);
        let (own, rest) = std::mem::take(&mut left).split_at_mut_checked(end.saturating_sub(at)).unwrap_or_default();
        pieces.push((number, piece, at, own));
        (left, at) = (rest, end);
    }
    in_parallel_over_each(ends.len(), pieces, |(number, ends, mut at, mut own)| {
        for (number, end) in (number..).zip(ends) {
            let n = (*end as usize).saturating_sub(at);
            let (list, rest) = std::mem::take(&mut own).split_at_mut_checked(n).unwrap_or_default();
            work(number, at, list);
            (own, at) = (rest, at + n);
        }
    });
}

/// Does the work for every piece of n items.
fn in_parallel_over_each<P: Send>(n: usize, pieces: Vec<P>, work: impl Fn(P) + Sync) {
    let left = Mutex::new(pieces.into_iter());
    let take = || left.lock().unwrap_or_else(PoisonError::into_inner).next().map(|piece| (0, piece));
    taken(n, take, &|| (), |(): &mut (), piece| {
        work(piece);
        Vec::<()>::new()
    });
}

/// Pieces as they are taken, each with the place of its first item; what was made of them, in their order.
fn taken<P, S, T: Send>(
    n: usize,
    take: impl Fn() -> Option<(usize, P)> + Sync,
    fresh: &(impl Fn() -> S + Sync),
    work: impl Fn(&mut S, P) -> Vec<T> + Sync,
) -> Vec<T> {
    let done = by_thread(n, |_| {
        let (mut room, mut own) = (fresh(), Vec::new());
        while let Some((from, piece)) = take() {
            own.push((from, work(&mut room, piece)));
        }
        own
    });
    let mut pieces: Vec<(usize, Vec<T>)> = done.into_iter().flatten().collect();
    pieces.sort_by_key(|(from, _)| *from);
    let mut all = Vec::with_capacity(pieces.iter().map(|(_, piece)| piece.len()).sum());
    all.extend(pieces.into_iter().flat_map(|(_, piece)| piece));
    all
}

/// Does the work for 0..n in one piece for each thread; answers what the pieces gave, in their order.
pub(crate) fn by_thread<T: Send>(n: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let threads = threads();
    if n < MANY || threads == 1 {
        return vec![work(0..n)];
    }
    let size = n.div_ceil(threads);
    std::thread::scope(|scope| {
        let work = &work;
        let range = |from: usize| from..(from + size).min(n);
        let handles: Vec<_> = (0..n).step_by(size).map(|from| scope.spawn(move || work(range(from)))).collect();
        let panicked = |panic| std::panic::resume_unwind(panic);
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(panicked)).collect()
    })
}

/// Does two things at once that have nothing to do with each other.
pub(crate) fn both<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}

/// Threads at most. Asking the system means reading a few of its files: it is asked once.
fn threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_done_once_and_in_its_place() {
        for n in [0, 1, 499, 1_999, 2_000, 2_001, 7_777] {
            let expected: Vec<usize> = (0..n).map(|i| i * 3).collect();
            assert_eq!(in_parallel(n, |i| i * 3), expected);
            assert_eq!(in_parallel_over((0..n).collect(), |i, item| i + item * 2), expected);
            let mut items: Vec<usize> = (0..n).collect();
            each_in_parallel(&mut items, |i, item| *item = i + *item * 2);
            assert_eq!(items, expected);
            assert_eq!(by_thread(n, Iterator::collect::<Vec<_>>).concat().len(), n);
            // Lists of none, one, two members in turn.
            let ends: Vec<u32> = (0..n as u32)
                .scan(0, |sum, i| {
                    *sum += i % 3;
                    Some(*sum)
                })
                .collect();
            let mut members = vec![(0, 0, 0); ends.last().map_or(0, |end| *end as usize)];
            each_list_in_parallel(&ends, &mut members, |list, from, own| {
                let all = own.len();
                for (at, own) in (from..).zip(own) {
                    *own = (list, at, all);
                }
            });
            let expected = (0..n).flat_map(|list| std::iter::repeat_n(list, list % 3));
            assert!(members.iter().zip(0..).zip(expected).all(|((own, at), list)| *own == (list, at, list % 3)));
        }
    }

    #[test]
    #[should_panic(expected = "number 2500")]
    fn a_panic_of_a_thread_is_one_here() {
        in_parallel(5_000, |i| assert!(i != 2_500, "number {i}"));
    }
}
