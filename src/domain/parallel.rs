//! The same work on all threads: each item on its own, in the order of the items, so that the number of threads changes
//! nothing but the time. Deliberately absent: shared state.

use std::{
    collections::HashSet,
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
};

/// From so many items on several threads work.
const MANY: usize = 2_000;

/// Does the work for 0..n.
pub(crate) fn in_parallel<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    in_parallel_with(n, || (), |(), i| work(i))
}

/// Changes each item where it stands.
pub(crate) fn each_in_parallel<T: Send>(items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
    let n = items.len();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    if n < MANY || threads == 1 {
        return items.iter_mut().enumerate().for_each(|(i, item)| work(i, item));
    }
    let size = n.div_ceil(threads);
    std::thread::scope(|scope| {
        let work = &work;
        for (part, from) in items.chunks_mut(size).zip((0..n).step_by(size)) {
            scope.spawn(move || part.iter_mut().zip(from..).for_each(|(item, i)| work(i, item)));
        }
    });
}

/// Does the work for each item, which is handed over to it.
pub(crate) fn in_parallel_over<I: Send, T: Send>(items: Vec<I>, work: impl Fn(usize, I) -> T + Sync) -> Vec<T> {
    let n = items.len();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    if n < MANY || threads == 1 {
        return items.into_iter().enumerate().map(|(i, item)| work(i, item)).collect();
    }
    let size = n.div_ceil(threads);
    let mut rest = items.into_iter();
    std::thread::scope(|scope| {
        let work = &work;
        let handles: Vec<_> = (0..n)
            .step_by(size)
            .map(|from| {
                let part: Vec<I> = rest.by_ref().take(size).collect();
                scope.spawn(move || part.into_iter().zip(from..).map(|(item, i)| work(i, item)).collect::<Vec<T>>())
            })
            .collect();
        let mut all = Vec::with_capacity(n);
        for handle in handles {
            match handle.join() {
                Ok(part) => all.extend(part),
                // The items went with the thread: its panic is this one's.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}

/// Items handed to a thread at once where the work of some may be much longer than that of others.
const AT_ONCE: usize = 500;

/// The same with room of its own for each thread; threads take the next items when they are done with theirs.
pub(crate) fn in_parallel_with<T: Send, S>(
    n: usize,
    fresh: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let range = |piece: usize| piece * AT_ONCE..n.min((piece + 1) * AT_ONCE);
    let next = AtomicUsize::new(0);
    let mut done = by_thread(n, |_| {
        let (mut room, mut own) = (fresh(), Vec::new());
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if range(piece).is_empty() {
                return own;
            }
            own.push((piece, range(piece).map(|i| work(&mut room, i)).collect::<Vec<T>>()));
        }
    })
    .into_iter()
    .flatten()
    .collect::<Vec<(usize, Vec<T>)>>();
    // What a thread that died left undone is done here, where a panic has its own place.
    let there: HashSet<usize> = done.iter().map(|(piece, _)| *piece).collect();
    let missing: Vec<usize> = (0..n.div_ceil(AT_ONCE)).filter(|piece| !there.contains(piece)).collect();
    if !missing.is_empty() {
        let mut room = fresh();
        done.extend(missing.into_iter().map(|piece| (piece, range(piece).map(|i| work(&mut room, i)).collect())));
    }
    done.sort_by_key(|(piece, _)| *piece);
    let mut all = Vec::with_capacity(n);
    all.extend(done.into_iter().flat_map(|(_, piece)| piece));
    all
}

/// Does the work for 0..n in one piece for each thread; answers what the pieces gave, in their order.
pub(crate) fn by_thread<T: Send>(n: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    if n < MANY || threads == 1 {
        return vec![work(0..n)];
    }
    let size = n.div_ceil(threads);
    std::thread::scope(|scope| {
        let work = &work;
        let range = |from: usize| from..(from + size).min(n);
        let handles: Vec<_> = (0..n).step_by(size).map(|from| scope.spawn(move || work(range(from)))).collect();
        // What a thread that died left undone is done again here, where a panic has its own place.
        let done = handles.into_iter().zip((0..n).step_by(size));
        done.map(|(handle, from)| handle.join().unwrap_or_else(|_| work(range(from)))).collect()
    })
}
