//! What a centre's complaints do to a session: SMPP's RTHROTTLED and RMSGQFUL.
//!
//! A centre may refuse a few messages at any rate, and then it helps nobody to send fewer: the part that was
//! refused waits, the others go on. Only when more than one in 20 of the latest answers complains is the
//! rate too high.

use super::{LONGEST_PAUSE, SHORTEST_PAUSE, TokenBucket};
use crate::smpp::Window;

/// One complaint weighs as much as so many other answers: with one in 20 they balance.
const WEIGHT: u32 = 19;
/// The excess of complaints that lowers the rate: 25 in a row, more when they are rarer.
const TOO_MANY: u32 = 25 * WEIGHT;
/// Parts a second that are let through in any case.
const FLOOR: f64 = 1.0;
/// A rate so high that it is none.
const UNLIMITED: f64 = 1_000_000.0;
/// What a second with few complaints adds, as a share of the ceiling.
const RAISE: f64 = 0.05;
/// What is left of a measured ceiling each time the rate is lowered again, so that it comes down to what the
/// centre takes when it was measured in better times.
const CEILING_LEFT: f64 = 0.75;
/// Parts that may go at once, as a share of a second.
const BURST: f64 = 0.02;

/// Milliseconds by which a rate is measured at the least: a burst is no rate.
const SHORTEST_MEASURE: u64 = 100;

/// What happened in one second.
#[derive(Debug, Clone, Copy, Default)]
struct Second {
    sent: u32,
    taken: u32,
    complaints: u32,
}

impl Second {
    fn is_good(self) -> bool {
        self.complaints.saturating_mul(WEIGHT) <= self.taken
    }
}

/// A rate that was lowered.
#[derive(Debug)]
struct Lowered {
    /// Parts a second.
    rate: f64,
    /// Where the complaints began.
    ceiling: f64,
    bucket: TokenBucket,
}

/// The rate of one session, lowered while its centre complains. All times are milliseconds of one clock
/// that never goes back.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// Parts a second by configuration.
    configured: Option<f64>,
    lowered: Option<Lowered>,
    /// How far complaints outweigh other answers.
    excess: u32,
    pause: u64,
    paused_until: u64,
    /// Parts without an answer.
    out: u32,
    /// Those of them that left before the rate was lowered last: their answers say nothing about it.
    stale: u32,
    second_ends: u64,
    second: Second,
    last_second: Second,
}

impl Default for Throttle {
    /// As fast as the centre takes it.
    fn default() -> Self {
        Self {
            configured: None,
            lowered: None,
            excess: 0,
            pause: SHORTEST_PAUSE,
            paused_until: 0,
            out: 0,
            stale: 0,
            second_ends: 0,
            second: Second::default(),
            last_second: Second::default(),
        }
    }
}

impl Throttle {
    /// With the ceiling `rate` in parts a second; who keeps to it otherwise is left to its caller.
    pub(crate) fn with_ceiling(rate: f64) -> Self {
        Self {
            configured: Some(rate.max(FLOOR)),
            ..Self::default()
        }
    }

    /// Whether a part may go now; if not, when to ask again.
    pub(crate) fn may_send(&self, now: u64) -> Result<(), u64> {
        if now < self.paused_until {
            return Err(self.paused_until);
        }
        match &self.lowered {
            Some(lowered) => lowered.bucket.may_send(now),
            None => Ok(()),
        }
    }

    /// A part leaves.
    pub(crate) fn on_sent(&mut self, now: u64) {
        self.end_seconds(now);
        self.second.sent = self.second.sent.saturating_add(1);
        self.out = self.out.saturating_add(1).min(u32::from(Window::MAX));
        if let Some(lowered) = &mut self.lowered {
            lowered.bucket.on_sent(now);
        }
    }

    /// The centre took a part, or refused it for another reason than being busy.
    pub(crate) fn on_ok(&mut self, now: u64) {
        self.end_seconds(now);
        self.second.taken = self.second.taken.saturating_add(1);
        if !self.is_stale() {
            self.excess = self.excess.saturating_sub(1);
        }
    }

    /// The centre was too busy for a part.
    pub(crate) fn on_congestion(&mut self, now: u64) {
        self.end_seconds(now);
        if self.is_stale() {
            return;
        }
        self.second.complaints = self.second.complaints.saturating_add(1);
        self.excess = self.excess.saturating_add(WEIGHT);
        if self.excess >= TOO_MANY {
            self.lower(now);
        }
    }

    /// A part has no answer and will have none: its timer ran out, or its link ended.
    pub(crate) fn on_unanswered(&mut self) {
        self.is_stale();
    }

    /// Parts a second it is lowered to; `None`: it is not.
    pub(crate) fn rate(&self) -> Option<f64> {
        self.lowered.as_ref().map(|lowered| lowered.rate)
    }

    /// Parts whose answers it awaits.
    #[cfg(test)]
    pub(crate) fn out(&self) -> u32 {
        self.out
    }

    /// Counts an answer; true when it says nothing about the present rate.
    fn is_stale(&mut self) -> bool {
        self.out = self.out.saturating_sub(1);
        let stale = self.stale > 0;
        self.stale = self.stale.saturating_sub(1);
        stale
    }

    /// How often something happened a second, by this one and the last.
    fn a_second(&self, now: u64, count: impl Fn(&Second) -> u32) -> f64 {
        let left = self.second_ends.saturating_sub(now);
        let passed = 1_000u64.saturating_sub(left).max(SHORTEST_MEASURE);
        let present = f64::from(count(&self.second)) * 1_000.0 / passed as f64;
        present.max(f64::from(count(&self.last_second)))
    }

    fn lower(&mut self, now: u64) {
        let taken = self.a_second(now, |second| second.taken);
        let (rate, ceiling) = match &self.lowered {
            Some(lowered) => (lowered.rate, (lowered.ceiling * CEILING_LEFT).max(taken)),
            None => (self.a_second(now, |second| second.sent), taken),
        };
        // Never faster than the centre was seen to take them.
        let rate = (rate / 2.0).min(taken).max(FLOOR);
        let ceiling = self.configured.unwrap_or(ceiling).max(rate);
        self.lowered = Some(Lowered {
            rate,
            ceiling,
            bucket: TokenBucket::new(rate, rate * BURST),
        });
        self.excess = 0;
        self.stale = self.out;
        self.paused_until = now.saturating_add(self.pause);
        self.pause = self.pause.saturating_mul(2).min(LONGEST_PAUSE);
    }

    /// Judges the seconds that are over. A second that began in a pause says nothing.
    fn end_seconds(&mut self, now: u64) {
        if self.second_ends == 0 {
            self.second_ends = now.saturating_add(1_000);
        }
        while self.second_ends <= now {
            let began = self.second_ends.saturating_sub(1_000);
            if self.second.is_good() && began >= self.paused_until {
                self.pause = SHORTEST_PAUSE;
                self.raise(self.second_ends);
            }
            self.last_second = std::mem::take(&mut self.second);
            self.second_ends = match self.lowered {
                Some(_) => self.second_ends.saturating_add(1_000),
                // Nothing to raise: the seconds until now need not be counted.
                None => now.saturating_add(1_000),
            };
        }
    }

    /// A measured ceiling rises with the rate, until there is none.
    fn raise(&mut self, now: u64) {
        let Some(lowered) = &mut self.lowered else {
            return;
        };
        lowered.rate += lowered.ceiling * RAISE;
        lowered.ceiling = lowered.ceiling.max(lowered.rate);
        let most = self.configured.unwrap_or(UNLIMITED);
        if lowered.rate >= most {
            self.lowered = None;
        } else {
            let rate = lowered.rate;
            lowered.bucket.set_rate(now, rate, rate * BURST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(throttle: &mut Throttle, now: u64, parts: u32) {
        (0..parts).for_each(|_| throttle.on_sent(now));
    }

    fn complain(throttle: &mut Throttle, now: u64, times: u32) {
        (0..times).for_each(|_| throttle.on_congestion(now));
    }

    /// A throttle at 100 parts a second that all were taken.
    fn busy() -> Throttle {
        let mut throttle = Throttle::default();
        for now in 0..200 {
            throttle.on_sent(now * 10);
            throttle.on_ok(now * 10);
        }
        throttle
    }

    #[test]
    fn few_complaints_lower_nothing() {
        let mut throttle = busy();
        for round in 0..1_000 {
            let now = 2_000 + round;
            complain(&mut throttle, now, 1);
            (0..20).for_each(|_| throttle.on_ok(now));
        }
        assert_eq!((throttle.rate(), throttle.may_send(3_000)), (None, Ok(())));
    }

    #[test]
    fn many_complaints_halve_the_rate_after_a_pause() {
        let mut throttle = busy();
        send(&mut throttle, 2_000, 25);
        complain(&mut throttle, 2_000, 24);
        assert_eq!(throttle.rate(), None);
        complain(&mut throttle, 2_000, 1);
        let rate = throttle.rate().unwrap();
        assert!((50.0..=150.0).contains(&rate), "{rate}");
        assert_eq!(throttle.may_send(2_000), Err(2_100));
        assert_eq!(throttle.may_send(2_100), Ok(()));
    }

    #[test]
    fn pauses_grow_while_complaints_go_on_and_there_is_a_floor() {
        let mut throttle = busy();
        let mut now = 2_000;
        for pause in [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
            send(&mut throttle, now, 25);
            complain(&mut throttle, now, 25);
            assert_eq!(throttle.may_send(now), Err(now + pause));
            now += pause;
        }
        assert_eq!(throttle.rate(), Some(1.0));
        // The answers to what was out when the rate was lowered say nothing.
        send(&mut throttle, now, 50);
        complain(&mut throttle, now, 25);
        let waits = throttle.may_send(now);
        complain(&mut throttle, now, 25);
        assert_eq!(throttle.may_send(now), waits);
        complain(&mut throttle, now + 1, 25);
        assert_ne!(throttle.may_send(now + 1), waits);
    }

    #[test]
    fn parts_without_an_answer_are_not_waited_for() {
        let mut throttle = busy();
        send(&mut throttle, 2_000, 75);
        complain(&mut throttle, 2_000, 25);
        let lowered = throttle.rate();
        (0..50).for_each(|_| throttle.on_unanswered());
        send(&mut throttle, 2_100, 25);
        complain(&mut throttle, 2_100, 25);
        assert!(throttle.rate() < lowered);
    }

    #[test]
    fn a_day_of_silence_is_soon_gone_through() {
        let mut throttle = busy();
        send(&mut throttle, 2_000, 25);
        complain(&mut throttle, 2_000, 25);
        throttle.on_sent(u64::MAX / 2);
        assert_eq!(throttle.rate(), None);
    }
}
