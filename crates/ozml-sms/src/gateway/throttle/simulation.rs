//! The throttle before centres of several kinds, in virtual time.

use std::collections::{BTreeMap, VecDeque};

use super::{Throttle, TokenBucket, repeat_pause};
use crate::chance::Chance;

const ROUND_TRIP: u64 = 20;
const WINDOW: usize = 100;

/// What a centre does about one message.
struct Centre {
    chance: Chance,
    /// Refused at any rate, in millionths.
    share: u32,
    cap: Option<TokenBucket>,
}

impl Centre {
    fn new(share: u32, cap: Option<f64>) -> Self {
        Self {
            chance: Chance::new(7),
            share,
            cap: cap.map(|rate| TokenBucket::new(rate, rate / 10.0)),
        }
    }

    fn takes(&mut self, now: u64) -> bool {
        if self.chance.millionth() < self.share {
            return false;
        }
        let Some(cap) = &mut self.cap else { return true };
        let takes = cap.may_send(now).is_ok();
        if takes {
            cap.on_sent(now);
        }
        takes
    }
}

/// What one second saw.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    taken: u32,
    refused: u32,
}

struct Session {
    throttle: Throttle,
    centre: Centre,
    now: u64,
    offered: u64,
    /// Times a message was refused.
    waiting: VecDeque<u32>,
    delayed: BTreeMap<u64, Vec<u32>>,
    answers: BTreeMap<u64, Vec<(bool, u32)>>,
    out: usize,
}

impl Session {
    fn new(throttle: Throttle, centre: Centre) -> Self {
        Self {
            throttle,
            centre,
            now: 0,
            offered: 0,
            waiting: VecDeque::new(),
            delayed: BTreeMap::new(),
            answers: BTreeMap::new(),
            out: 0,
        }
    }

    /// Lets seconds pass with so many messages offered in each.
    fn run(&mut self, seconds: u64, rate: u64) -> Vec<Seen> {
        let mut seen = Vec::new();
        for _ in 0..seconds {
            let mut second = Seen::default();
            for _ in 0..1_000 {
                self.millisecond(rate, &mut second);
            }
            seen.push(second);
        }
        seen
    }

    fn millisecond(&mut self, rate: u64, second: &mut Seen) {
        self.now += 1;
        self.offered += rate;
        while self.offered >= 1_000 {
            self.offered -= 1_000;
            self.waiting.push_back(0);
        }
        for times in self.delayed.remove(&self.now).into_iter().flatten() {
            self.waiting.push_front(times);
        }
        for (taken, times) in self.answers.remove(&self.now).into_iter().flatten() {
            self.out -= 1;
            if taken {
                second.taken += 1;
                self.throttle.on_ok(self.now);
            } else {
                second.refused += 1;
                self.throttle.on_congestion(self.now);
                let again = self.now + repeat_pause(times + 1);
                self.delayed.entry(again).or_default().push(times + 1);
            }
        }
        while self.out < WINDOW
            && self.throttle.may_send(self.now).is_ok()
            && let Some(times) = self.waiting.pop_front()
        {
            self.throttle.on_sent(self.now);
            self.out += 1;
            let answer = (self.centre.takes(self.now), times);
            self.answers
                .entry(self.now + ROUND_TRIP)
                .or_default()
                .push(answer);
        }
    }
}

fn rate(seen: &[Seen]) -> f64 {
    seen.iter().map(|second| f64::from(second.taken)).sum::<f64>() / seen.len() as f64
}

fn share_refused(seen: &[Seen]) -> f64 {
    let refused: u32 = seen.iter().map(|second| second.refused).sum();
    let taken: u32 = seen.iter().map(|second| second.taken).sum();
    f64::from(refused) / f64::from(refused + taken)
}

#[test]
fn two_per_cent_refused_cost_next_to_nothing() {
    for throttle in [Throttle::default(), Throttle::with_ceiling(300.0)] {
        let mut session = Session::new(throttle, Centre::new(20_000, None));
        let seen = session.run(600, 300);
        assert!(rate(&seen) >= 295.0, "{}", rate(&seen));
        assert!(seen.iter().skip(1).all(|second| second.taken >= 270));
        assert!(session.waiting.len() + session.out < 100);
    }
}

#[test]
fn a_centre_with_a_cap_is_used_but_not_pressed() {
    for offered in [300, 3_000] {
        for throttle in [Throttle::default(), Throttle::with_ceiling(300.0)] {
            let mut session = Session::new(throttle, Centre::new(0, Some(100.0)));
            let all = session.run(300, offered);
            let settled = &all[30..];
            assert!((80.0..=101.0).contains(&rate(settled)), "{}", rate(settled));
            assert!(share_refused(settled) < 0.1, "{}", share_refused(settled));
        }
    }
}

#[test]
fn a_cap_that_is_lifted_is_noticed() {
    for (throttle, within) in [(Throttle::default(), 60), (Throttle::with_ceiling(300.0), 20)] {
        let mut session = Session::new(throttle, Centre::new(0, Some(100.0)));
        session.run(60, 300);
        session.centre.cap = None;
        session.run(within, 300);
        // What piled up meanwhile leaves as well.
        assert!(rate(&session.run(10, 300)) >= 300.0);
    }
}

#[test]
fn a_short_stall_is_over_soon() {
    let mut session = Session::new(Throttle::default(), Centre::new(20_000, None));
    session.run(60, 300);
    session.centre.cap = Some(TokenBucket::new(0.0, 1.0));
    session.run(10, 300);
    session.centre.cap = None;
    let seen = session.run(90, 300);
    let back = seen.iter().position(|second| second.taken >= 280);
    assert!(back.is_some_and(|seconds| seconds <= 60), "{back:?}");
}

#[test]
fn a_centre_that_refuses_everything_is_asked_now_and_then() {
    let mut session = Session::new(Throttle::default(), Centre::new(1_000_000, None));
    session.run(60, 300);
    let seen = session.run(600, 300);
    let asked = seen.iter().map(|second| second.refused).sum::<u32>();
    assert!((100..=3_000).contains(&asked), "{asked}");
    assert!(session.throttle.rate().is_some_and(|rate| rate >= 1.0));
}
