//! Messages that came in a short while ago: a centre repeats what it believes was not taken.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use ozml_session::ConnectionName;

use super::sar;
use crate::smpp::Deliver;
use crate::text::Concatenation;

/// How long a message is known, in milliseconds.
const KNOWN: u64 = 5 * 60 * 1_000;
/// Most messages that are known; the oldest is forgotten first.
const MAX_MESSAGES: usize = 10_000;
/// Most octets of memory for them, roughly.
const MAX_OCTETS: usize = 4 * 1024 * 1024;
/// What a message costs beside its addresses and octets.
const OVERHEAD: usize = 256;

/// What makes two messages the same. Parts numbered by TLVs may have the same octets.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Content {
    connection: ConnectionName,
    source: String,
    destination: String,
    octets: Vec<u8>,
    part: Option<(String, u8, u8)>,
}

impl Content {
    fn of(connection: &ConnectionName, deliver: &Deliver) -> Self {
        let part = |part: Concatenation| (part.reference.to_string(), part.total, part.number);
        Self {
            connection: connection.clone(),
            source: deliver.source.clone(),
            destination: deliver.destination.clone(),
            octets: deliver.message.clone(),
            part: sar(deliver).map(part),
        }
    }

    fn octets(&self) -> usize {
        let addresses = self.source.len().saturating_add(self.destination.len());
        addresses
            .saturating_add(self.octets.len())
            .saturating_add(OVERHEAD)
    }
}

/// The latest messages, in bounded memory.
#[derive(Debug, Default)]
pub(super) struct Recent {
    known: BTreeSet<Arc<Content>>,
    by_age: VecDeque<(u64, Arc<Content>)>,
    octets: usize,
}

impl Recent {
    /// Notes a message that came at `now`; false when it is known.
    pub(super) fn add(&mut self, now: u64, connection: &ConnectionName, deliver: &Deliver) -> bool {
        let is_over = |since: u64| since.saturating_add(KNOWN) <= now;
        while self.by_age.front().is_some_and(|(since, _)| is_over(*since)) {
            self.forget_oldest();
        }
        let content = Arc::new(Content::of(connection, deliver));
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
    use super::super::tests::{connection, deliver};
    use super::*;

    #[test]
    fn a_message_is_known_for_five_minutes() {
        let mut recent = Recent::default();
        let message = deliver("36301234567", b"yes");
        assert!(recent.add(0, &connection(), &message));
        assert!(!recent.add(299_999, &connection(), &message));
        assert!(recent.add(300_000, &connection(), &message));
        assert!(recent.add(300_000, &connection(), &deliver("36301234567", b"no")));
        assert!(recent.add(300_000, &connection(), &deliver("36307654321", b"yes")));
        assert!(recent.add(300_000, &ConnectionName::new("other").unwrap(), &message));
    }

    #[test]
    fn the_oldest_gives_way() {
        let mut recent = Recent::default();
        for number in 0..=MAX_MESSAGES {
            recent.add(0, &connection(), &deliver("1", number.to_string().as_bytes()));
        }
        assert!(recent.known.len() <= MAX_MESSAGES);
        assert!(recent.add(0, &connection(), &deliver("1", b"0")));
        for number in 0..100 {
            recent.add(0, &connection(), &deliver(&number.to_string(), &[0; 64 * 1024]));
        }
        assert!(recent.octets <= MAX_OCTETS && recent.known.len() == recent.by_age.len());
    }
}
