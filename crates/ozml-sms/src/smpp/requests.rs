//! The requests of one session that wait for their answers, by sequence number.

use std::collections::BTreeMap;

use ozml_session::Invalid;

/// The highest sequence number; 1 follows (SMPP 3.4, 3.2).
const MAX_SEQUENCE: u32 = 0x7FFF_FFFF;

/// Most submits that wait for their answers in a session: 1 to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window(u16);

impl Window {
    /// The largest window.
    pub const MAX: u16 = 1_000;

    /// Checks the range.
    pub fn new(size: u16) -> Result<Self, Invalid> {
        if (1..=Self::MAX).contains(&size) {
            Ok(Self(size))
        } else {
            Err(Invalid::new(format!(
                "a window is 1 to {}, not {size}",
                Self::MAX
            )))
        }
    }

    /// The size.
    pub fn size(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Window {
    /// 10.
    fn default() -> Self {
        Self(10)
    }
}

/// What waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    Bind,
    EnquireLink,
    Unbind,
    /// Its outcome is unknown after this moment.
    Submit {
        deadline: u64,
    },
}

#[derive(Debug)]
pub(crate) struct Requests {
    waiting: BTreeMap<u32, Request>,
    submits: usize,
    next: u32,
}

impl Requests {
    pub(crate) fn new() -> Self {
        Self {
            waiting: BTreeMap::new(),
            submits: 0,
            next: 1,
        }
    }

    /// Notes a request and gives it a number that no other one has.
    pub(crate) fn add(&mut self, request: Request) -> u32 {
        while self.waiting.contains_key(&self.next) {
            self.next = following(self.next);
        }
        let sequence = self.next;
        self.next = following(sequence);
        self.waiting.insert(sequence, request);
        if matches!(request, Request::Submit { .. }) {
            self.submits = self.submits.saturating_add(1);
        }
        sequence
    }

    /// Takes the request this number belongs to if `fits` says that the answer is one to it.
    pub(crate) fn take(&mut self, sequence: u32, fits: impl Fn(Request) -> bool) -> Option<Request> {
        let request = *self.waiting.get(&sequence)?;
        if !fits(request) {
            return None;
        }
        self.waiting.remove(&sequence);
        if matches!(request, Request::Submit { .. }) {
            self.submits = self.submits.saturating_sub(1);
        }
        Some(request)
    }

    /// Submits that wait.
    pub(crate) fn submits(&self) -> usize {
        self.submits
    }

    /// The submit that waits longest: numbers are given in a circle, the oldest stands next to come.
    pub(crate) fn oldest_submit(&self) -> Option<(u32, u64)> {
        let later = self.waiting.range(self.next..);
        let earlier = self.waiting.range(..self.next);
        later
            .chain(earlier)
            .find_map(|(sequence, request)| match request {
                Request::Submit { deadline } => Some((*sequence, *deadline)),
                _ => None,
            })
    }

    /// Takes the oldest submit.
    pub(crate) fn take_oldest_submit(&mut self) -> Option<u32> {
        let (sequence, _) = self.oldest_submit()?;
        self.take(sequence, |_| true)?;
        Some(sequence)
    }
}

fn following(sequence: u32) -> u32 {
    if sequence >= MAX_SEQUENCE {
        1
    } else {
        sequence.saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBMIT: Request = Request::Submit { deadline: 5 };

    #[test]
    fn windows_have_a_range() {
        assert_eq!(Window::new(1_000).unwrap().size(), 1_000);
        assert_eq!(Window::default().size(), 10);
        assert_eq!(
            Window::new(1_001).unwrap_err().to_string(),
            "a window is 1 to 1000, not 1001"
        );
        assert!(Window::new(0).is_err());
    }

    #[test]
    fn numbers_go_round_and_pass_over_those_in_flight() {
        let mut requests = Requests::new();
        assert_eq!(requests.add(Request::Bind), 1);
        requests.next = MAX_SEQUENCE;
        assert_eq!(requests.add(SUBMIT), MAX_SEQUENCE);
        assert_eq!(requests.add(SUBMIT), 2);
        assert_eq!(requests.oldest_submit(), Some((MAX_SEQUENCE, 5)));
        assert_eq!(requests.take_oldest_submit(), Some(MAX_SEQUENCE));
        assert_eq!(requests.oldest_submit(), Some((2, 5)));
        assert_eq!(requests.submits(), 1);
    }

    #[test]
    fn an_answer_takes_its_own_request_once() {
        let mut requests = Requests::new();
        let sequence = requests.add(SUBMIT);
        assert_eq!(
            requests.take(sequence, |request| request == Request::EnquireLink),
            None
        );
        assert_eq!(requests.take(sequence, |_| true), Some(SUBMIT));
        assert_eq!(requests.take(sequence, |_| true), None);
        assert_eq!((requests.submits(), requests.oldest_submit()), (0, None));
    }
}
