use std::collections::VecDeque;

use ozml_session::{ClockTime, Digits, Key, StopOn};

/// The keys of a leg that nobody has read yet, in order and with the time they came: type-ahead is kept.
#[derive(Debug, Default)]
pub(crate) struct DigitBuffer(VecDeque<(Key, ClockTime)>);

impl DigitBuffer {
    /// Keeps a key; false when the buffer is full and the key is lost.
    pub(crate) fn push(&mut self, key: Key, at: ClockTime) -> bool {
        let fits = self.0.len() < Digits::MAX;
        if fits {
            self.0.push_back((key, at));
        }
        fits
    }

    /// Whether a key of the set waits.
    pub(crate) fn holds(&self, set: StopOn) -> bool {
        !set.is_none() && self.0.iter().any(|(key, _)| set.contains(*key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_key_is_lost_when_it_is_full() {
        let mut buffer = DigitBuffer::default();
        let key = |c| Key::new(c).unwrap();
        assert!((0..64).all(|_| buffer.push(key('1'), ClockTime::ZERO)));
        assert!(!buffer.push(key('2'), ClockTime::ZERO));
        assert!(buffer.holds(StopOn::keys(&[key('1')])) && !buffer.holds(StopOn::keys(&[key('2')])));
        assert!(!buffer.holds(StopOn::NONE));
    }
}
