//! Whether a connection that is bound is of use.

/// Refusals for now in a row after which nothing more is given to it.
const REFUSALS: u32 = 10;
const FIRST_PAUSE: u64 = 30_000;
const LONGEST_PAUSE: u64 = 300_000;

/// Closed lets everything pass; open nothing; half-open one message that shows how it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Health {
    /// It takes messages.
    #[default]
    Closed,
    /// It takes nothing before this moment; how long the pause was.
    Open { until: u64, pause: u64 },
    /// One message is out as a probe; how long the pause was.
    HalfOpen { pause: u64 },
}

/// The circuit breaker of one connection.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    health: Health,
    refusals: u32,
}

impl Breaker {
    pub(crate) fn health(&self) -> Health {
        self.health
    }

    /// Whether a message may be handed over now. In the half-open state that is one.
    pub(crate) fn may_pass(&self, now: u64) -> bool {
        match self.health {
            Health::Closed => true,
            Health::Open { until, .. } => until <= now,
            Health::HalfOpen { .. } => false,
        }
    }

    /// A message was handed over.
    pub(crate) fn on_passed(&mut self, now: u64) {
        if let Health::Open { until, pause } = self.health
            && until <= now
        {
            self.health = Health::HalfOpen { pause };
        }
    }

    /// The centre took a message, or refused it for its own fault: it works.
    pub(crate) fn on_answer(&mut self) {
        *self = Self::default();
    }

    /// The centre refused for now; true when that opens the breaker.
    pub(crate) fn on_refusal(&mut self, now: u64) -> bool {
        self.refusals = self.refusals.saturating_add(1);
        let pause = match self.health {
            Health::HalfOpen { pause } => pause.saturating_mul(2).min(LONGEST_PAUSE),
            Health::Closed if self.refusals >= REFUSALS => FIRST_PAUSE,
            _ => return false,
        };
        let until = now.saturating_add(pause);
        self.health = Health::Open { until, pause };
        true
    }

    /// The probe came to nothing that tells how the centre is: the next one may go.
    pub(crate) fn on_probe_lost(&mut self, now: u64) {
        if let Health::HalfOpen { pause } = self.health {
            self.health = Health::Open { until: now, pause };
        }
    }

    /// When the next probe may go.
    pub(crate) fn next_wake_up(&self) -> Option<u64> {
        match self.health {
            Health::Open { until, .. } => Some(until),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_refusals_in_a_row_open_it_and_a_probe_closes_it() {
        let mut breaker = Breaker::default();
        for _ in 0..9 {
            assert!(!breaker.on_refusal(0));
        }
        breaker.on_answer();
        for _ in 0..9 {
            assert!(!breaker.on_refusal(0));
        }
        assert!(breaker.on_refusal(1_000));
        assert!(!breaker.may_pass(30_999) && breaker.may_pass(31_000));
        breaker.on_passed(31_000);
        assert!(!breaker.may_pass(31_001), "one probe only");
        assert!(breaker.on_refusal(32_000));
        assert_eq!(breaker.next_wake_up(), Some(92_000));
        breaker.on_passed(92_000);
        breaker.on_probe_lost(93_000);
        assert!(breaker.may_pass(93_000));
        breaker.on_passed(93_000);
        breaker.on_answer();
        assert_eq!(breaker.health(), Health::Closed);
    }
}
