//! When a message is tried again. Data.

use std::time::Duration;

/// After so many refusals on one connection the next one is tried.
pub(crate) const TRIES_BEFORE_NEXT: u16 = 2;
/// Unknown outcomes after which a message is parked (limit `unknown_handovers`).
pub(crate) const UNKNOWN_HANDOVERS: u8 = 5;

/// The longest pause, in milliseconds.
pub(crate) const LONGEST: u64 = 3_600_000;

const REFUSED: [u64; 6] = [5, 30, 120, 600, 1_800, 3_600];
const UNKNOWN: [u64; 4] = [0, 1, 5, 30];

/// The pause after the `tries`th temporary refusal, from 1.
pub(crate) fn after_refusal(tries: u16) -> Duration {
    pause(&REFUSED, usize::from(tries))
}

/// The pause after the `times`th unknown outcome, from 1.
pub(crate) fn after_unknown(times: u8) -> Duration {
    pause(&UNKNOWN, usize::from(times))
}

fn pause(schedule: &[u64], times: usize) -> Duration {
    let seconds = schedule.get(times.saturating_sub(1)).or(schedule.last());
    Duration::from_secs(seconds.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_then_stay() {
        let refused: Vec<_> = (1..=8).map(|tries| after_refusal(tries).as_secs()).collect();
        assert_eq!(refused, [5, 30, 120, 600, 1_800, 3_600, 3_600, 3_600]);
        assert_eq!(after_refusal(u16::MAX).as_millis(), u128::from(LONGEST));
        let unknown: Vec<_> = (1..=5).map(|times| after_unknown(times).as_secs()).collect();
        assert_eq!(unknown, [0, 1, 5, 30, 30]);
    }
}
