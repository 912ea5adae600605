//! When a store that failed is opened again.

/// How long it is left alone when it fails again, in milliseconds, doubled up to the longest time.
const PAUSE: u64 = 500;
const LONGEST_PAUSE: u64 = 30_000;

/// A store that was good is opened again at once. One that can be opened, but fails with the next commit, is no
/// better than one that cannot: the pauses end with a commit.
#[derive(Debug, Default)]
pub(super) struct Reopening {
    at: Option<u64>,
    pause: u64,
}

impl Reopening {
    /// A commit failed, or the store could not be opened.
    pub(super) fn on_failed(&mut self, now: u64) {
        self.at = Some(now.saturating_add(self.pause));
        self.pause = self.pause.saturating_mul(2).clamp(PAUSE, LONGEST_PAUSE);
    }

    /// The store is open.
    pub(super) fn on_reopened(&mut self) {
        self.at = None;
    }

    /// The store is good.
    pub(super) fn on_committed(&mut self) {
        self.pause = 0;
    }

    pub(super) fn is_due(&self, now: u64) -> bool {
        self.at.is_none_or(|at| at <= now)
    }

    /// When it is due.
    pub(super) fn next_wake_up(&self) -> Option<u64> {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_fails_as_soon_as_it_is_open_is_left_alone_longer_and_longer() {
        let mut reopening = Reopening::default();
        for pause in [0, 500, 1_000, 2_000] {
            reopening.on_failed(10);
            assert_eq!(reopening.next_wake_up(), Some(10 + pause));
            assert!(reopening.is_due(10 + pause) && (pause == 0 || !reopening.is_due(10)));
            reopening.on_reopened();
        }
        (0..10).for_each(|_| reopening.on_failed(0));
        assert_eq!(reopening.next_wake_up(), Some(30_000));
        reopening.on_reopened();
        reopening.on_committed();
        reopening.on_failed(10);
        assert_eq!(reopening.next_wake_up(), Some(10));
    }
}
