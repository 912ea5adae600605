//! Messages that came in a short while ago: a centre repeats what it believes was not taken, also what a modem has
//! shown and deleted.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use ozml_session::{ConnectionName, IncomingAddress};

use crate::link::IncomingPart;
use crate::text::{Concatenation, UserData};

/// How long a message is known, in milliseconds.
const KNOWN: u64 = 5 * 60 * 1_000;
/// Most messages that are known; the oldest is forgotten first.
const MAX_MESSAGES: usize = 10_000;
/// Most octets of memory for them, roughly.
const MAX_OCTETS: usize = 4 * 1024 * 1024;
/// What a message costs beside its addresses and octets.
const OVERHEAD: usize = 256;
/// What an element of a header costs beside its octets.
const HEADER_ELEMENT: usize = 32;

/// What makes two messages the same. Parts that are not numbered by their header may have the same octets.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Known {
    connection: ConnectionName,
    from: IncomingAddress,
    to: IncomingAddress,
    content: UserData,
    concatenation: Option<Concatenation>,
    fingerprint: Option<[u8; 16]>,
}

impl Known {
    fn of(connection: &ConnectionName, part: &IncomingPart) -> Self {
        Self {
            connection: connection.clone(),
            from: part.from.clone(),
            to: part.to.clone(),
            content: part.content.clone(),
            concatenation: part.concatenation,
            fingerprint: part.fingerprint,
        }
    }

    fn octets(&self) -> usize {
        let addresses = self.from.as_str().len().saturating_add(self.to.as_str().len());
        let header = self.content.header.elements.iter();
        let header = header.map(|element| element.data.len().saturating_add(HEADER_ELEMENT));
        let octets = header.fold(self.content.payload.len(), usize::saturating_add);
        addresses.saturating_add(octets).saturating_add(OVERHEAD)
    }
}

/// The latest messages, in bounded memory.
#[derive(Debug, Default)]
pub(super) struct Recent {
    known: HashSet<Arc<Known>>,
    by_age: VecDeque<(u64, Arc<Known>)>,
    octets: usize,
}

impl Recent {
    /// Notes a message that came at `now`; false when it is known.
    pub(super) fn add(&mut self, now: u64, connection: &ConnectionName, part: &IncomingPart) -> bool {
        let is_over = |since: u64| since.saturating_add(KNOWN) <= now;
        while self.by_age.front().is_some_and(|(since, _)| is_over(*since)) {
            self.forget_oldest();
        }
        let content = Arc::new(Known::of(connection, part));
        if !self.known.insert(Arc::clone(&content)) {
            return false;
        }
        self.octets = self.octets.saturating_add(content.octets());
        self.by_age.push_back((now, content));
        while self.by_age.len() > MAX_MESSAGES || self.octets > MAX_OCTETS {
            self.forget_oldest();
        }
        true
    }

    fn forget_oldest(&mut self) {
        if let Some((_, content)) = self.by_age.pop_front() {
            self.octets = self.octets.saturating_sub(content.octets());
            self.known.remove(&content);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{connection, deliver, sms};
    use super::*;

    #[test]
    fn a_message_is_known_for_five_minutes() {
        let mut recent = Recent::default();
        let message = sms(&deliver("36301234567", b"yes"));
        assert!(recent.add(0, &connection(), &message));
        assert!(!recent.add(299_999, &connection(), &message));
        assert!(recent.add(300_000, &connection(), &message));
        assert!(recent.add(300_000, &connection(), &sms(&deliver("36301234567", b"no"))));
        assert!(recent.add(300_000, &connection(), &sms(&deliver("36307654321", b"yes"))));
        assert!(recent.add(300_000, &ConnectionName::new("other").unwrap(), &message));
    }

    #[test]
    fn the_oldest_gives_way() {
        let mut recent = Recent::default();
        for number in 0..=MAX_MESSAGES {
            recent.add(
                0,
                &connection(),
                &sms(&deliver("1", number.to_string().as_bytes())),
            );
        }
        assert!(recent.known.len() <= MAX_MESSAGES);
        assert!(recent.add(0, &connection(), &sms(&deliver("1", b"0"))));
        for number in 0..100 {
            recent.add(
                0,
                &connection(),
                &sms(&deliver(&number.to_string(), &[0; 64 * 1024])),
            );
        }
        assert!(recent.octets <= MAX_OCTETS && recent.known.len() == recent.by_age.len());
    }
}
