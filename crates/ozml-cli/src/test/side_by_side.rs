//! Work on a list, several pieces at a time, with results in the order of the list.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

/// Calls `work` for every item, on at most `jobs` threads, and `take` for every result on this thread: in the
/// order of the items, each as soon as those before it are there. `take` gets how many are through, too.
pub(super) fn side_by_side<T: Sync, R: Send>(
    items: &[T],
    jobs: NonZeroUsize,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R),
    mut through: impl FnMut(usize),
) {
    let next = AtomicUsize::new(0);
    let (sender, results) = channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.get().min(items.len()) {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    if sender.send((at, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = std::collections::BTreeMap::new();
        let mut due = 0_usize;
        for (count, (at, result)) in results.into_iter().enumerate() {
            through(count.saturating_add(1));
            early.insert(at, result);
            while let Some(result) = early.remove(&due) {
                take(result);
                due = due.saturating_add(1);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whoever_is_first() {
        let items: Vec<usize> = (0..100).collect();
        let (mut taken, mut most) = (Vec::new(), 0);
        let jobs = NonZeroUsize::new(8).expect("not zero");
        side_by_side(
            &items,
            jobs,
            |item| item * 2,
            |result| taken.push(result),
            |count| most = count,
        );
        assert_eq!(taken, (0..100).map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(most, 100);
    }
}
