use std::collections::VecDeque;

use ozml_session::{ClockTime, Digits, Key, StopOn};

/// A key that nobody has read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) key: Key,
    /// When it arrived.
    pub(crate) at: ClockTime,
    /// How traces show it.
    pub(crate) shown: char,
}

/// The keys of a leg that nobody has read yet, in order and with the time they came: type-ahead is kept.
#[derive(Debug, Default)]
pub(crate) struct DigitBuffer(VecDeque<Waiting>);

impl DigitBuffer {
    /// Keeps a key; false when the buffer is full and the key is lost.
    pub(crate) fn push(&mut self, key: Waiting) -> bool {
        let fits = self.0.len() < Digits::MAX;
        if fits {
            self.0.push_back(key);
        }
        fits
    }

    /// Takes the first key.
    pub(crate) fn pop(&mut self) -> Option<Waiting> {
        self.0.pop_front()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a key of the set waits.
    pub(crate) fn holds(&self, set: StopOn) -> bool {
        !set.is_none() && self.0.iter().any(|waiting| set.contains(waiting.key))
    }

    /// How traces show a key that was pressed: as they did when it came.
    pub(crate) fn shown(&self, key: Key) -> char {
        let waiting = self.0.iter().rev().find(|waiting| waiting.key == key);
        waiting.map_or(key.as_char(), |waiting| waiting.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(key: char) -> Waiting {
        Waiting {
            key: Key::new(key).unwrap(),
            at: ClockTime::ZERO,
            shown: key,
        }
    }

    #[test]
    fn the_newest_key_is_lost_when_it_is_full() {
        let mut buffer = DigitBuffer::default();
        let key = |c| Key::new(c).unwrap();
        assert!((0..64).all(|_| buffer.push(waiting('1'))));
        assert!(!buffer.push(waiting('2')));
        assert!(buffer.holds(StopOn::keys(&[key('1')])) && !buffer.holds(StopOn::keys(&[key('2')])));
        assert!(!buffer.holds(StopOn::NONE));
    }

    #[test]
    fn the_first_key_is_read_first() {
        let mut buffer = DigitBuffer::default();
        assert!(buffer.push(waiting('1')) && buffer.push(waiting('2')));
        assert_eq!(buffer.pop(), Some(waiting('1')));
        assert_eq!(buffer.len(), 1);
    }
}
