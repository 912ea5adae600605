use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the classes of [`StoreStats::flush_counts`], in microseconds. One class more is above all.
pub const FLUSH_BOUNDS_MICROS: [u64; 10] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000,
];

/// What a store did since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct StoreStats {
    /// Commits that were made.
    pub commits: u64,
    /// Changes in them.
    pub changes: u64,
    /// Flushes, each of one or more commits.
    pub flushes: u64,
    /// What the flushes took together: writing the log and waiting for the disk, in nanoseconds.
    pub flush_nanos: u64,
    /// What the last one took, in nanoseconds.
    pub last_flush_nanos: u64,
    /// Flushes by how long they took, see [`FLUSH_BOUNDS_MICROS`].
    pub flush_counts: [u64; FLUSH_BOUNDS_MICROS.len() + 1],
    /// Octets in the write-ahead log.
    pub log_bytes: u64,
    /// Damaged messages that were met after the store was opened.
    pub damaged: u64,
}

/// The same while it counts.
#[derive(Debug, Default)]
pub(super) struct Counters {
    commits: AtomicU64,
    changes: AtomicU64,
    flushes: AtomicU64,
    flush_nanos: AtomicU64,
    last_flush_nanos: AtomicU64,
    flush_counts: [AtomicU64; FLUSH_BOUNDS_MICROS.len() + 1],
    log_bytes: AtomicU64,
    damaged: AtomicU64,
}

impl Counters {
    pub(super) fn flushed(&self, commits: usize, changes: usize, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let class = FLUSH_BOUNDS_MICROS.partition_point(|bound| bound.saturating_mul(1_000) < nanos);
        add(&self.commits, commits as u64);
        add(&self.changes, changes as u64);
        add(&self.flushes, 1);
        add(&self.flush_nanos, nanos);
        self.last_flush_nanos.store(nanos, Ordering::Relaxed);
        if let Some(count) = self.flush_counts.get(class) {
            add(count, 1);
        }
    }

    pub(super) fn log_is(&self, bytes: u64) {
        self.log_bytes.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn damaged(&self, messages: usize) {
        add(&self.damaged, messages as u64);
    }

    pub(super) fn stats(&self) -> StoreStats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        StoreStats {
            commits: get(&self.commits),
            changes: get(&self.changes),
            flushes: get(&self.flushes),
            flush_nanos: get(&self.flush_nanos),
            last_flush_nanos: get(&self.last_flush_nanos),
            flush_counts: self.flush_counts.each_ref().map(get),
            log_bytes: get(&self.log_bytes),
            damaged: get(&self.damaged),
        }
    }
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}
