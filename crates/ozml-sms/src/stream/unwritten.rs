//! What is still to be written to a link, in bounded memory.

/// Written octets that are dropped at the latest, unless more wait behind them.
const MAX_WRITTEN: usize = 64 * 1024;

/// Octets on their way out. It never holds more than twice what waits and [`MAX_WRITTEN`], also when it
/// never becomes empty; each octet is moved at most once on average.
#[derive(Debug, Default)]
pub(crate) struct Unwritten {
    octets: Vec<u8>,
    written: usize,
}

impl Unwritten {
    /// What waits.
    pub(crate) fn octets(&self) -> &[u8] {
        self.octets.get(self.written..).unwrap_or_default()
    }

    /// Where the next octets are appended.
    pub(crate) fn end(&mut self) -> &mut Vec<u8> {
        &mut self.octets
    }

    /// The first `count` octets that waited are written.
    pub(crate) fn on_written(&mut self, count: usize) {
        self.written = self.written.saturating_add(count).min(self.octets.len());
        let waiting = self.octets.len().saturating_sub(self.written);
        if waiting == 0 || self.written >= waiting.max(MAX_WRITTEN) {
            self.octets.drain(..self.written);
            self.written = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_leave_in_order() {
        let mut unwritten = Unwritten::default();
        unwritten.end().extend(b"abc");
        unwritten.on_written(1);
        unwritten.end().extend(b"d");
        assert_eq!(unwritten.octets(), b"bcd");
        unwritten.on_written(3);
        assert_eq!(unwritten.octets(), b"");
    }

    #[test]
    fn a_rest_that_never_ends_does_not_pile_up() {
        const WAITING: usize = 100_000;
        let mut unwritten = Unwritten::default();
        unwritten.end().resize(WAITING, 0);
        let (mut pushed, mut popped) = (0u8, 0u8);
        let mut most = 0;
        for turn in 0..5_000usize {
            unwritten.end().extend([pushed; 1_000]);
            pushed = pushed.wrapping_add(1);
            if turn >= WAITING / 1_000 {
                assert_eq!(unwritten.octets().first(), Some(&popped));
                popped = popped.wrapping_add(1);
            }
            unwritten.on_written(1_000);
            assert_eq!(unwritten.octets().len(), WAITING);
            most = most.max(unwritten.octets.len());
        }
        assert!(most <= 2 * (WAITING + 1_000), "{most} octets held");
    }
}
