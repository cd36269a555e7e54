//! The same work on all threads: each item on its own, in the order of the items, so that the number of threads changes
//! nothing but the time. Deliberately absent: shared state.

/// From so many items on several threads work.
const MANY: usize = 2_000;

/// Does the work for 0..n.
pub(super) fn in_parallel<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    in_parallel_with(n, || (), |(), i| work(i))
}

/// The same with room of its own for each thread.
pub(super) fn in_parallel_with<T: Send, S>(
    n: usize,
    fresh: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let part = |from: usize, to: usize| -> Vec<T> {
        let mut room = fresh();
        (from..to).map(|i| work(&mut room, i)).collect()
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    if n < MANY || threads == 1 {
        return part(0, n);
    }
    let size = n.div_ceil(threads);
    std::thread::scope(|scope| {
        let part = &part;
        let starts = (0..n).step_by(size);
        let handles: Vec<_> = starts.map(|from| scope.spawn(move || part(from, (from + size).min(n)))).collect();
        let mut all = Vec::with_capacity(n);
        for (handle, from) in handles.into_iter().zip((0..n).step_by(size)) {
            // What a thread that died left undone is done again here, where a panic has its own place.
            all.extend(handle.join().unwrap_or_else(|_| part(from, (from + size).min(n))));
        }
        all
    })
}
