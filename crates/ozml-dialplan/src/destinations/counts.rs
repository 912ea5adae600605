use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// A moment in milliseconds on the clock of the policy; below 0 for what happened before the clock began.
pub(super) type Millis = i64;

/// Most keys of one generation.
const MOST_KEYS: usize = 50_000;

/// What is counted together. A hash: small, quick to compare, and no number stands in memory for a day.
/// Nobody can find two texts with the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u128);

impl Key {
    pub(super) fn of(text: &str) -> Self {
        let hash: [u8; 32] = Sha256::digest(text).into();
        Self(
            hash.iter()
                .take(16)
                .fold(0, |key, byte| (key << 8) | u128::from(*byte)),
        )
    }
}

/// Values by key, forgotten some time after they were last touched.
///
/// There are two generations. What is touched moves to the young one; when that is older than `life` or
/// full, it becomes the old one and the old one is dropped. So nothing that was touched within `life` is
/// forgotten, unless more than [`MOST_KEYS`] other keys came since: memory is bounded before completeness.
#[derive(Debug)]
pub(super) struct Generations<V> {
    life: Millis,
    young_since: Millis,
    young: BTreeMap<Key, V>,
    old: BTreeMap<Key, V>,
}

impl<V> Generations<V> {
    pub(super) fn new(life: Millis) -> Self {
        Self {
            life,
            young_since: Millis::MIN,
            young: BTreeMap::new(),
            old: BTreeMap::new(),
        }
    }

    pub(super) fn get(&self, key: Key) -> Option<&V> {
        self.young.get(&key).or_else(|| self.old.get(&key))
    }

    /// The value of `key`, made now if there is none.
    pub(super) fn touch(&mut self, key: Key, at: Millis, new: impl FnOnce() -> V) -> &mut V {
        if at.saturating_sub(self.young_since) >= self.life || self.young.len() >= MOST_KEYS {
            self.old = std::mem::take(&mut self.young);
            self.young_since = self.young_since.max(at);
        }
        let old = &mut self.old;
        let known = || old.remove(&key).unwrap_or_else(new);
        self.young.entry(key).or_insert_with(known)
    }
}

/// Parts of a window that are counted apart.
const PARTS: i64 = 12;

/// Parts that are kept: those of a window, and the one that is under way.
const KEPT: usize = 13;

/// Counts events by key over a sliding window. The window is counted in twelve parts: an event counts for
/// at least the window and at most a twelfth longer, so a limit holds in every window, wherever it begins.
#[derive(Debug)]
pub(super) struct SlidingCounts {
    part: Millis,
    counts: Generations<Count>,
}

#[derive(Debug)]
struct Count {
    /// The number of the newest part.
    newest: i64,
    /// The parts, each at its number modulo [`KEPT`].
    parts: [u32; KEPT],
}

impl SlidingCounts {
    pub(super) fn new(window: Millis) -> Self {
        let part = (window / PARTS).max(1);
        Self {
            part,
            counts: Generations::new(part.saturating_mul(PARTS.saturating_add(1))),
        }
    }

    /// How many events of `key` count at `now`.
    pub(super) fn used(&self, key: Key, now: Millis) -> u64 {
        let part = now.div_euclid(self.part);
        self.counts.get(key).map_or(0, |count| count.up_to(part))
    }

    /// Counts an event that happened `at`, which may lie behind others.
    pub(super) fn add(&mut self, key: Key, at: Millis) {
        let part = at.div_euclid(self.part);
        let new = || Count {
            newest: part,
            parts: [0; KEPT],
        };
        self.counts.touch(key, at, new).add(part);
    }
}

impl Count {
    fn add(&mut self, part: i64) {
        if part > self.newest {
            let passed = part.saturating_sub(self.newest).min(PARTS.saturating_add(1));
            (0..passed).for_each(|back| self.set(part.saturating_sub(back), |_| 0));
            self.newest = part;
        }
        if self.newest.saturating_sub(part) <= PARTS {
            self.set(part, |count| count.saturating_add(1));
        }
    }

    fn up_to(&self, part: i64) -> u64 {
        (0..=PARTS)
            .map(|back| self.newest.saturating_sub(back))
            .filter(|kept| part.saturating_sub(*kept) <= PARTS)
            .filter_map(|kept| self.parts.get(place(kept)))
            .map(|count| u64::from(*count))
            .sum()
    }

    fn set(&mut self, part: i64, change: impl FnOnce(u32) -> u32) {
        if let Some(count) = self.parts.get_mut(place(part)) {
            *count = change(*count);
        }
    }
}

fn place(part: i64) -> usize {
    usize::try_from(part.rem_euclid(PARTS.saturating_add(1))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> Key {
        Key::of(text)
    }

    #[test]
    fn events_count_for_their_window() {
        let mut counts = SlidingCounts::new(60_000);
        counts.add(key("a"), 1_000);
        counts.add(key("a"), 30_000);
        assert_eq!(counts.used(key("a"), 59_999), 2);
        assert_eq!(counts.used(key("a"), 61_000), 2, "a part is counted whole");
        assert_eq!(counts.used(key("a"), 65_000), 1);
        assert_eq!(counts.used(key("a"), 95_000), 0);
        assert_eq!(counts.used(key("b"), 30_000), 0);
    }

    #[test]
    fn events_before_the_beginning_of_the_clock_count_too() {
        let mut counts = SlidingCounts::new(60_000);
        counts.add(key("a"), -30_000);
        counts.add(key("a"), -50_000);
        assert_eq!(counts.used(key("a"), 0), 2);
        assert_eq!(counts.used(key("a"), 20_000), 1);
        counts.add(key("a"), 20_000);
        assert_eq!(counts.used(key("a"), 20_000), 2);
    }

    #[test]
    fn many_keys_push_out_those_that_were_not_touched() {
        let mut counts = SlidingCounts::new(3_600_000);
        counts.add(key("often"), 0);
        counts.add(key("once"), 0);
        for other in 0..MOST_KEYS {
            counts.add(key(&format!("a{other}")), 0);
        }
        counts.add(key("often"), 0);
        for other in 0..MOST_KEYS {
            counts.add(key(&format!("b{other}")), 0);
        }
        assert_eq!(
            (counts.used(key("often"), 0), counts.used(key("once"), 0)),
            (2, 0)
        );
        assert!(counts.counts.young.len() + counts.counts.old.len() <= 2 * MOST_KEYS);
    }

    #[test]
    fn what_no_longer_counts_is_forgotten() {
        let mut counts = SlidingCounts::new(60_000);
        (0..1_000).for_each(|other| counts.add(key(&other.to_string()), 0));
        counts.add(key("a"), 65_000);
        counts.add(key("a"), 130_000);
        assert_eq!((counts.counts.young.len(), counts.counts.old.len()), (1, 0));
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_the_limit(gaps in vec(0_i64..20_000, 1..200), limit in 1_u64..6) {
            let mut counts = SlidingCounts::new(60_000);
            let (mut now, mut admitted) = (0, Vec::new());
            for gap in gaps {
                now += gap;
                if counts.used(key("a"), now) < limit {
                    counts.add(key("a"), now);
                    admitted.push(now);
                }
            }
            for first in &admitted {
                let in_window = admitted.iter().filter(|at| (*first..first + 60_000).contains(*at)).count();
                prop_assert!(in_window as u64 <= limit);
            }
        }

        #[test]
        fn the_order_of_events_does_not_matter(mut events in vec(-100_000_i64..0, 0..30)) {
            let mut one = SlidingCounts::new(60_000);
            events.iter().for_each(|at| one.add(key("a"), *at));
            let naive = events.iter().filter(|at| at.div_euclid(5_000) >= -12).count();
            events.sort_unstable();
            let mut other = SlidingCounts::new(60_000);
            events.iter().for_each(|at| other.add(key("a"), *at));
            prop_assert_eq!(one.used(key("a"), 0), other.used(key("a"), 0));
            prop_assert_eq!(one.used(key("a"), 0), naive as u64);
        }
    }
}
