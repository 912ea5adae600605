//! Putting the parts of received messages together, in bounded memory. Time is passed in.

use std::collections::BTreeMap;

use super::data_coding::Alphabet;
use super::udh::{Concatenation, Reference};

/// What a waiting message costs beside addresses and parts: two map entries and a node for its parts.
const MESSAGE_OVERHEAD: usize = 768;
/// What a waiting part costs beside its payload.
const PART_OVERHEAD: usize = 64;

/// What one part of a message brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// What the payload is.
    pub alphabet: Alphabet,
    /// Septets one an octet, or octets, without header.
    pub payload: Vec<u8>,
}

/// Parts with the same key belong to one message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey {
    /// The sender's address as it came.
    pub source: String,
    /// The recipient's address as it came.
    pub destination: String,
    /// The message's reference; one of 8 bits never equals one of 16.
    pub reference: Reference,
    /// Parts of the message.
    pub total: u8,
}

/// A message handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembled {
    /// Whose parts these are.
    pub key: MessageKey,
    /// The parts that came, by number.
    pub parts: BTreeMap<u8, Fragment>,
}

impl Assembled {
    /// Whether no part is missing.
    pub fn is_complete(&self) -> bool {
        self.parts.len() == usize::from(self.key.total)
    }

    /// The text of the parts that came, `None` when one of them is no text. Neighbours are joined before
    /// they are read, since some senders cut inside a character.
    pub fn text(&self) -> Option<String> {
        let mut runs: Vec<(u8, Alphabet, Vec<u8>)> = Vec::new();
        for (number, part) in &self.parts {
            match runs.last_mut() {
                Some((last, alphabet, octets)) if *last + 1 == *number && *alphabet == part.alphabet => {
                    *last = *number;
                    octets.extend(&part.payload);
                }
                _ => runs.push((*number, part.alphabet, part.payload.clone())),
            }
        }
        runs.iter()
            .map(|(_, alphabet, octets)| alphabet.decode(octets))
            .collect()
    }
}

/// What came of a part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Added {
    /// The very same part is here already: it was dropped.
    pub duplicate: bool,
    /// Messages to hand on, complete or not; those that are not were pushed out.
    pub ready: Vec<Assembled>,
}

/// How much and how long a [`Reassembly`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReassemblyLimits {
    /// Milliseconds from a message's first part until it is handed out as it is.
    pub lifetime_ms: u64,
    /// Messages that wait for parts.
    pub messages: usize,
    /// Octets of memory for what waits, estimated with what each message and part costs beside its text.
    pub octets: usize,
}

impl Default for ReassemblyLimits {
    /// 24 hours, 10,000 messages, 16 MiB.
    fn default() -> Self {
        Self {
            lifetime_ms: 24 * 60 * 60 * 1000,
            messages: 10_000,
            octets: 16 * 1024 * 1024,
        }
    }
}

/// Parts that wait for their like. Over a limit the oldest message is handed out incomplete: nothing
/// that came is thrown away.
#[derive(Debug, Default)]
pub struct Reassembly {
    limits: ReassemblyLimits,
    waiting: BTreeMap<MessageKey, Waiting>,
    /// By time of the first part; the counter tells apart those of one millisecond.
    by_age: BTreeMap<(u64, u64), MessageKey>,
    started: u64,
    octets: usize,
}

#[derive(Debug)]
struct Waiting {
    age: (u64, u64),
    parts: BTreeMap<u8, Fragment>,
}

impl Reassembly {
    /// Nothing waits yet.
    pub fn new(limits: ReassemblyLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Takes a part that came at `now_ms`, a time that never goes back.
    ///
    /// Another text under a number that is taken means that the reference came round again: the old
    /// message is handed out incomplete and a new one begins.
    pub fn add(
        &mut self,
        now_ms: u64,
        source: &str,
        destination: &str,
        concatenation: Concatenation,
        fragment: Fragment,
    ) -> Added {
        let Concatenation {
            reference,
            total,
            number,
        } = concatenation;
        let key = MessageKey {
            source: source.to_owned(),
            destination: destination.to_owned(),
            reference,
            total,
        };
        let mut ready = self.expire(now_ms);
        match self
            .waiting
            .get(&key)
            .and_then(|waiting| waiting.parts.get(&number))
        {
            Some(held) if *held == fragment => {
                return Added {
                    duplicate: true,
                    ready,
                };
            }
            Some(_) => ready.extend(self.take(&key)),
            None => {}
        }
        self.put(now_ms, &key, number, fragment);
        if self
            .waiting
            .get(&key)
            .is_some_and(|waiting| waiting.parts.len() == usize::from(total))
        {
            ready.extend(self.take(&key));
        }
        while self.waiting.len() > self.limits.messages || self.octets > self.limits.octets {
            let oldest = self.by_age.first_key_value().map(|(_, key)| key.clone());
            let Some(message) = oldest.and_then(|key| self.take(&key)) else {
                break;
            };
            ready.push(message);
        }
        Added {
            duplicate: false,
            ready,
        }
    }

    /// Hands out the messages whose time is over, incomplete as they are.
    pub fn expire(&mut self, now_ms: u64) -> Vec<Assembled> {
        let mut expired = Vec::new();
        while let Some((&(first_ms, _), key)) = self.by_age.first_key_value() {
            if now_ms.saturating_sub(first_ms) < self.limits.lifetime_ms {
                break;
            }
            let key = key.clone();
            let Some(message) = self.take(&key) else { break };
            expired.push(message);
        }
        expired
    }

    /// When [`expire`](Self::expire) has something to do next.
    pub fn next_expiry_ms(&self) -> Option<u64> {
        let ((first_ms, _), _) = self.by_age.first_key_value()?;
        Some(first_ms.saturating_add(self.limits.lifetime_ms))
    }

    /// Messages that wait for parts.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Memory of what waits, estimated as in [`ReassemblyLimits::octets`].
    pub fn octets(&self) -> usize {
        self.octets
    }

    fn put(&mut self, now_ms: u64, key: &MessageKey, number: u8, fragment: Fragment) {
        self.octets = self.octets.saturating_add(part_octets(&fragment));
        if let Some(waiting) = self.waiting.get_mut(key) {
            waiting.parts.insert(number, fragment);
            return;
        }
        self.octets = self.octets.saturating_add(key_octets(key));
        self.started = self.started.wrapping_add(1);
        let age = (now_ms, self.started);
        self.by_age.insert(age, key.clone());
        self.waiting.insert(
            key.clone(),
            Waiting {
                age,
                parts: BTreeMap::from([(number, fragment)]),
            },
        );
    }

    fn take(&mut self, key: &MessageKey) -> Option<Assembled> {
        let (key, Waiting { age, parts }) = self.waiting.remove_entry(key)?;
        self.by_age.remove(&age);
        let freed = parts
            .values()
            .map(part_octets)
            .fold(key_octets(&key), usize::saturating_add);
        self.octets = self.octets.saturating_sub(freed);
        Some(Assembled { key, parts })
    }
}

/// The key stands in both maps.
fn key_octets(key: &MessageKey) -> usize {
    let addresses = key.source.len().saturating_add(key.destination.len());
    addresses.saturating_mul(2).saturating_add(MESSAGE_OVERHEAD)
}

fn part_octets(part: &Fragment) -> usize {
    part.payload.len().saturating_add(PART_OVERHEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(number: u8, total: u8) -> Concatenation {
        Concatenation {
            reference: Reference::Bits8(7),
            total,
            number,
        }
    }

    fn gsm7(text: &[u8]) -> Fragment {
        Fragment {
            alphabet: Alphabet::Gsm7,
            payload: text.to_vec(),
        }
    }

    fn texts(ready: &[Assembled]) -> Vec<(String, bool)> {
        ready
            .iter()
            .map(|message| (message.text().unwrap(), message.is_complete()))
            .collect()
    }

    #[test]
    fn parts_come_in_any_order_and_more_than_once() {
        let mut reassembly = Reassembly::default();
        assert_eq!(
            reassembly.add(0, "1", "2", part(3, 3), gsm7(b"c")),
            Added::default()
        );
        assert!(reassembly.add(1, "1", "2", part(3, 3), gsm7(b"c")).duplicate);
        assert_eq!(
            reassembly.add(2, "1", "2", part(1, 3), gsm7(b"a")),
            Added::default()
        );
        let added = reassembly.add(3, "1", "2", part(2, 3), gsm7(b"b"));
        assert_eq!(texts(&added.ready), [("abc".to_owned(), true)]);
        assert_eq!(
            (
                reassembly.waiting(),
                reassembly.octets,
                reassembly.next_expiry_ms()
            ),
            (0, 0, None)
        );
    }

    #[test]
    fn other_keys_are_other_messages() {
        let mut reassembly = Reassembly::default();
        let wide = Concatenation {
            reference: Reference::Bits16(7),
            total: 2,
            number: 2,
        };
        reassembly.add(0, "1", "2", part(1, 2), gsm7(b"a"));
        for (source, destination, concatenation) in [
            ("9", "2", part(2, 2)),
            ("1", "9", part(2, 2)),
            ("1", "2", part(2, 3)),
            ("1", "2", wide),
        ] {
            assert_eq!(
                reassembly.add(0, source, destination, concatenation, gsm7(b"b")),
                Added::default()
            );
        }
        assert_eq!(reassembly.waiting(), 5);
    }

    #[test]
    fn after_its_time_a_message_is_handed_out_as_it_is() {
        let mut reassembly = Reassembly::default();
        reassembly.add(5, "1", "2", part(1, 3), gsm7(b"a"));
        reassembly.add(9, "1", "2", part(3, 3), gsm7(b"c"));
        let day = ReassemblyLimits::default().lifetime_ms;
        assert_eq!(reassembly.next_expiry_ms(), Some(5 + day));
        assert_eq!(reassembly.expire(4 + day), []);
        assert_eq!(texts(&reassembly.expire(5 + day)), [("ac".to_owned(), false)]);
        assert_eq!(reassembly.expire(u64::MAX), []);
    }

    #[test]
    fn a_reference_that_comes_round_begins_a_new_message() {
        let mut reassembly = Reassembly::default();
        reassembly.add(0, "1", "2", part(1, 2), gsm7(b"old"));
        let added = reassembly.add(1, "1", "2", part(1, 2), gsm7(b"new "));
        assert_eq!(texts(&added.ready), [("old".to_owned(), false)]);
        let added = reassembly.add(2, "1", "2", part(2, 2), gsm7(b"text"));
        assert_eq!(texts(&added.ready), [("new text".to_owned(), true)]);
    }

    #[test]
    fn over_a_limit_the_oldest_goes() {
        for limits in [
            ReassemblyLimits {
                messages: 2,
                ..ReassemblyLimits::default()
            },
            ReassemblyLimits {
                octets: 2 * (MESSAGE_OVERHEAD + PART_OVERHEAD + 6),
                ..ReassemblyLimits::default()
            },
        ] {
            let mut reassembly = Reassembly::new(limits);
            for (source, text) in [("a", b"A1"), ("b", b"B1")] {
                assert_eq!(
                    reassembly.add(0, source, "z", part(1, 2), gsm7(text)),
                    Added::default()
                );
            }
            let added = reassembly.add(0, "c", "z", part(1, 2), gsm7(b"C1"));
            assert_eq!(texts(&added.ready), [("A1".to_owned(), false)]);
            assert_eq!(reassembly.waiting(), 2);
        }
    }

    #[test]
    fn characters_cut_by_the_sender_are_whole_again() {
        let mut reassembly = Reassembly::default();
        reassembly.add(0, "1", "2", part(1, 2), gsm7(&[b'a', 0x1B]));
        let added = reassembly.add(0, "1", "2", part(2, 2), gsm7(&[0x65]));
        assert_eq!(texts(&added.ready), [("a€".to_owned(), true)]);
    }
}
