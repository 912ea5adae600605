//! What a modem writes, at the pace it writes it.

use std::collections::VecDeque;
use std::time::Duration;

use ozml_session::ClockTime;

/// Octets that wait; a modem that is not read drops what comes beyond.
const MAX_WAITING: usize = 256 * 1024;

/// Octets with the times at which they go.
#[derive(Debug)]
pub(super) struct Output {
    octet_pause: Duration,
    line_split: Duration,
    waiting: VecDeque<(ClockTime, Vec<u8>)>,
    octets: usize,
    last: ClockTime,
}

impl Output {
    pub(super) fn new(octet_pause: Duration, line_split: Duration) -> Self {
        Self {
            octet_pause,
            line_split,
            waiting: VecDeque::new(),
            octets: 0,
            last: ClockTime::ZERO,
        }
    }

    /// Writes behind all that waits.
    pub(super) fn write(&mut self, now: ClockTime, octets: &[u8]) {
        if self.octets.saturating_add(octets.len()) > MAX_WAITING {
            return;
        }
        if !self.octet_pause.is_zero() {
            for octet in octets {
                self.push(now, &[*octet], self.octet_pause);
            }
        } else if !self.line_split.is_zero() {
            let (head, tail) = octets.split_at(octets.len() / 2);
            self.push(now, head, Duration::ZERO);
            self.push(now, tail, self.line_split);
        } else {
            self.push(now, octets, Duration::ZERO);
        }
    }

    fn push(&mut self, now: ClockTime, octets: &[u8], pause: Duration) {
        if octets.is_empty() {
            return;
        }
        self.last = self.last.max(now).after(pause);
        self.octets = self.octets.saturating_add(octets.len());
        self.waiting.push_back((self.last, octets.to_vec()));
    }

    /// When the next octets go.
    pub(super) fn next_due(&self) -> Option<ClockTime> {
        self.waiting.front().map(|(due, _)| *due)
    }

    /// The octets that go now.
    pub(super) fn take(&mut self, now: ClockTime, into: &mut Vec<u8>) {
        while self.next_due().is_some_and(|due| due <= now) {
            let (_, octets) = self.waiting.pop_front().unwrap_or_default();
            self.octets = self.octets.saturating_sub(octets.len());
            into.extend(octets);
        }
    }

    /// Forgets what waits: the modem is off.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        (self.octets, self.last) = (0, ClockTime::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> ClockTime {
        ClockTime::from_millis(ms)
    }

    fn taken(output: &mut Output, ms: u64) -> String {
        let mut octets = Vec::new();
        output.take(at(ms), &mut octets);
        String::from_utf8(octets).unwrap()
    }

    #[test]
    fn octets_go_one_by_one() {
        let mut output = Output::new(Duration::from_millis(2), Duration::ZERO);
        output.write(at(10), b"OK");
        output.write(at(10), b"!");
        assert_eq!(
            (taken(&mut output, 11), taken(&mut output, 14)),
            (String::new(), "OK".into())
        );
        assert_eq!(
            (output.next_due(), taken(&mut output, 16)),
            (Some(at(16)), "!".into())
        );
    }

    #[test]
    fn lines_go_in_two_pieces() {
        let mut output = Output::new(Duration::ZERO, Duration::from_millis(50));
        output.write(at(0), b"\r\nOK\r\n");
        assert_eq!(
            (taken(&mut output, 0), taken(&mut output, 50)),
            ("\r\nO".into(), "K\r\n".into())
        );
    }

    #[test]
    fn what_nobody_reads_has_a_bound() {
        let mut output = Output::new(Duration::ZERO, Duration::ZERO);
        for _ in 0..1_000 {
            output.write(at(0), &[b'x'; 1_000]);
        }
        assert!(taken(&mut output, 0).len() <= MAX_WAITING);
    }
}
