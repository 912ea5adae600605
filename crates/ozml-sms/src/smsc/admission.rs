//! Which messages a centre takes: throttling, and refusals by count and by chance.

use std::num::NonZeroU32;

use ozml_session::ClockTime;

use super::behaviour::Behaviour;
use super::status;
use crate::chance::Chance;

/// What a message costs in the unit of [`Throttle`]: messages a second times milliseconds.
const MESSAGE: u64 = 1_000;

/// Decides over each message in turn; the same messages at the same times get the same decisions.
#[derive(Debug)]
pub(super) struct Admission {
    throttle: Option<Throttle>,
    chance: Chance,
    seen: u64,
}

impl Admission {
    pub(super) fn new(behaviour: &Behaviour) -> Self {
        Self {
            throttle: behaviour.throttle.map(Throttle::new),
            chance: Chance::new(behaviour.seed),
            seen: 0,
        }
    }

    /// The status the next message gets; 0 lets it in.
    pub(super) fn decide(&mut self, behaviour: &Behaviour, now: ClockTime) -> u32 {
        self.seen = self.seen.wrapping_add(1);
        let by_count = behaviour
            .error_every
            .is_some_and(|every| self.seen.is_multiple_of(every.get()));
        let by_chance = self.chance.millionth() < behaviour.error_share.millionths();
        if by_count || by_chance {
            return behaviour.error_status;
        }
        match self.throttle.as_mut().is_none_or(|throttle| throttle.take(now)) {
            true => status::ROK,
            false => status::RTHROTTLED,
        }
    }
}

/// A token bucket that holds a tenth of a second, at least one message.
#[derive(Debug)]
struct Throttle {
    per_second: u64,
    tokens: u64,
    filled: ClockTime,
}

impl Throttle {
    fn new(per_second: NonZeroU32) -> Self {
        let per_second = u64::from(per_second.get());
        Self {
            per_second,
            tokens: Self::capacity(per_second),
            filled: ClockTime::ZERO,
        }
    }

    fn capacity(per_second: u64) -> u64 {
        per_second.saturating_mul(100).max(MESSAGE)
    }

    fn take(&mut self, now: ClockTime) -> bool {
        let gained = now.millis_since(self.filled).saturating_mul(self.per_second);
        self.tokens = self
            .tokens
            .saturating_add(gained)
            .min(Self::capacity(self.per_second));
        self.filled = now;
        match self.tokens.checked_sub(MESSAGE) {
            Some(left) => {
                self.tokens = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smsc::Share;

    fn decisions(behaviour: &Behaviour, count: usize, ms_between: u64) -> Vec<u32> {
        let mut admission = Admission::new(behaviour);
        let at = |n| ClockTime::from_millis(n as u64 * ms_between);
        (0..count).map(|n| admission.decide(behaviour, at(n))).collect()
    }

    fn refused(decisions: &[u32]) -> usize {
        decisions.iter().filter(|status| **status != status::ROK).count()
    }

    #[test]
    fn every_third_message_is_refused() {
        let behaviour = Behaviour::new()
            .error_every(3.try_into().unwrap())
            .error_status(0x45);
        assert_eq!(decisions(&behaviour, 7, 0), [0, 0, 0x45, 0, 0, 0x45, 0]);
    }

    #[test]
    fn a_share_is_refused_and_the_seed_chooses_which() {
        let behaviour = Behaviour::new().error_share(Share::from_percent(2));
        let first = decisions(&behaviour, 100_000, 0);
        assert!((1_900..2_100).contains(&refused(&first)), "{}", refused(&first));
        assert_eq!(first, decisions(&behaviour, 100_000, 0));
        assert_ne!(first, decisions(&behaviour.clone().seed(2), 100_000, 0));
        assert_eq!(refused(&decisions(&behaviour.error_share(Share::ALL), 10, 0)), 10);
    }

    #[test]
    fn the_throttle_lets_its_rate_through() {
        let behaviour = Behaviour::new().throttle(100.try_into().unwrap());
        assert_eq!(refused(&decisions(&behaviour, 100, 10)), 0);
        let burst = decisions(&behaviour, 50, 0);
        assert_eq!(
            burst.iter().position(|status| *status == status::RTHROTTLED),
            Some(10)
        );
        assert_eq!(refused(&burst), 40);
        let slow = Behaviour::new().throttle(1.try_into().unwrap());
        assert_eq!(refused(&decisions(&slow, 10, 500)), 5);
    }
}
