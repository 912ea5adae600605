//! The rate of a connection.

/// What a timer that rings late may cost, in milliseconds: so much is made up for.
const LATE_TIMER: f64 = 20.0;

/// Lets so many parts a second through, and some more after a silence. All times are milliseconds of one
/// clock that never goes back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TokenBucket {
    /// Parts a millisecond.
    rate: f64,
    capacity: f64,
    tokens: f64,
    filled: u64,
}

impl TokenBucket {
    /// `rate` in parts a second, above 0; `burst` parts may go at once after a silence, at least 1. It holds
    /// 20 ms more, which timers that ring late would cost otherwise. It begins full.
    pub(crate) fn new(rate: f64, burst: f64) -> Self {
        let mut bucket = Self {
            rate: 0.0,
            capacity: 0.0,
            tokens: 0.0,
            filled: 0,
        };
        bucket.set_rate(0, rate, burst);
        bucket.tokens = bucket.capacity;
        bucket
    }

    /// Goes on with another rate and at most as much as it holds.
    pub(crate) fn set_rate(&mut self, now: u64, rate: f64, burst: f64) {
        let held = self.held(now);
        // A rate that is none lets one part through in a long time, not all.
        self.rate = if rate.is_nan() {
            0.0
        } else {
            rate.max(0.001) / 1_000.0
        };
        self.capacity = burst.max(1.0) + self.rate * LATE_TIMER;
        self.tokens = held.min(self.capacity);
        self.filled = now;
    }

    /// Whether a part may go now; if not, when.
    pub(crate) fn may_send(&self, now: u64) -> Result<(), u64> {
        let missing = 1.0 - self.held(now);
        if missing <= 0.0 {
            return Ok(());
        }
        // Saturates, and is at least the next millisecond.
        let wait = (missing / self.rate).ceil().max(1.0) as u64;
        Err(now.saturating_add(wait))
    }

    /// A part leaves.
    pub(crate) fn on_sent(&mut self, now: u64) {
        self.tokens = self.held(now) - 1.0;
        self.filled = now;
    }

    fn held(&self, now: u64) -> f64 {
        let elapsed = now.saturating_sub(self.filled) as f64;
        (self.tokens + elapsed * self.rate).min(self.capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts that leave in each second when as many as may go go.
    fn sent(bucket: &mut TokenBucket, seconds: u64, late: u64) -> Vec<u32> {
        let mut sent = vec![0; seconds as usize];
        let mut now = 0;
        while now < seconds * 1_000 {
            match bucket.may_send(now) {
                Ok(()) => {
                    bucket.on_sent(now);
                    sent[(now / 1_000) as usize] += 1;
                }
                Err(at) => now = at + late,
            }
        }
        sent
    }

    #[test]
    fn the_rate_is_kept_whatever_the_timers_do() {
        for rate in [1.0, 7.0, 300.0, 2_500.0] {
            for late in [0, 5, 15] {
                let found = sent(&mut TokenBucket::new(rate, 1.0), 10, late);
                let all: u32 = found.iter().skip(1).sum();
                let all = f64::from(all) / 9.0;
                let lost = rate * late as f64 / 1_000.0 / 9.0 + 0.12;
                assert!((rate - lost..=rate + 0.2).contains(&all), "{rate}, {late}: {all}");
            }
        }
    }

    #[test]
    fn a_burst_may_go_after_a_silence() {
        let mut bucket = TokenBucket::new(10.0, 5.0);
        assert_eq!(sent(&mut bucket, 1, 0), [15]);
        for now in [60_000; 5] {
            assert_eq!(bucket.may_send(now), Ok(()));
            bucket.on_sent(now);
        }
        assert_eq!(bucket.may_send(60_000), Err(60_080));
        bucket.set_rate(60_000, 1.0, 1.0);
        assert_eq!(bucket.may_send(60_000), Err(60_800));
    }

    #[test]
    fn a_rate_that_is_none_does_not_open_it() {
        for rate in [0.0, -1.0, f64::NAN] {
            let mut bucket = TokenBucket::new(rate, f64::NAN);
            bucket.on_sent(0);
            assert!(bucket.may_send(1_000).unwrap_err() > 100_000, "{rate}");
        }
    }
}
