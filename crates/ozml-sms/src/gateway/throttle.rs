//! How fast parts may leave: by the rate of a connection, and by what its centre complains about. Pure.

mod bucket;
mod congestion;

#[cfg(test)]
mod simulation;

pub(crate) use bucket::TokenBucket;
pub(crate) use congestion::Throttle;

/// The first pause after a complaint, in milliseconds; each further one is twice as long.
const SHORTEST_PAUSE: u64 = 100;
/// The longest pause.
const LONGEST_PAUSE: u64 = 5_000;

/// How long a part waits by itself, in milliseconds, once the centre was too busy for it so many times in a
/// row, counted from 1: 100 ms, doubled up to 5 s. Other parts do not wait with it.
pub(crate) fn repeat_pause(times: u32) -> u64 {
    let doublings = times.saturating_sub(1).min(16);
    SHORTEST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_of_one_part_wait_longer_and_longer() {
        let found: Vec<_> = (1..=8).map(repeat_pause).collect();
        assert_eq!(found, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        assert_eq!((repeat_pause(0), repeat_pause(u32::MAX)), (100, 5_000));
    }
}
