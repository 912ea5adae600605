//! Bringing receipts and parts together, whichever comes first.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use ozml_session::PhoneNumber;

use super::held::HeldReceipts;
use super::receipt::Receipt;
use super::receipt_id::CanonicalId;
use super::timers::after;

/// How long a receipt waits for the answer to the submit it speaks of.
const HELD: Duration = Duration::from_secs(30);
/// Most receipts that wait so; the oldest gives way.
const MAX_HELD: usize = 1_000;
/// Digits in which the national and the international form of a number agree.
const SAME_DIGITS: usize = 9;
const LEAST_DIGITS: usize = 7;

/// One part of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartKey {
    pub(crate) message: u64,
    pub(crate) part: usize,
}

/// A receipt with the two numbers it came with.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) receipt: Receipt,
    pub(crate) numbers: [String; 2],
}

impl Arrived {
    /// How the receipt's ids may be read, and which of the readings is an id as it stands.
    fn readings(&self) -> BTreeMap<CanonicalId, bool> {
        let mut readings = BTreeMap::new();
        for exact in self.receipt.ids.iter().map(|id| CanonicalId::new(id)) {
            for reading in exact.readings() {
                let is_exact = reading == exact;
                *readings.entry(reading).or_default() |= is_exact;
            }
        }
        readings
    }

    /// Whether it speaks of a message to this number, as far as its own numbers tell.
    pub(crate) fn is_about(&self, recipient: &PhoneNumber) -> bool {
        self.numbers
            .iter()
            .any(|number| same_number(number, recipient.as_str()))
    }
}

/// Numbers that agree in their last 7 to 9 digits, or wholly when they are shorter.
fn same_number(one: &str, other: &str) -> bool {
    let digits = |number: &str| {
        number
            .bytes()
            .filter(u8::is_ascii_digit)
            .rev()
            .collect::<Vec<_>>()
    };
    let (one, other) = (digits(one), digits(other));
    let common = one.len().min(other.len()).min(SAME_DIGITS);
    if common < LEAST_DIGITS {
        return !one.is_empty() && one == other;
    }
    one.get(..common) == other.get(..common)
}

/// The parts that wait for their receipts, and receipts that wait for their parts.
#[derive(Debug, Default)]
pub(crate) struct Awaited {
    parts: HashMap<CanonicalId, (PartKey, PhoneNumber)>,
    held: HeldReceipts,
    uncorrelated: u64,
}

impl Awaited {
    /// Receipts whose message was never found.
    pub(crate) fn uncorrelated(&self) -> u64 {
        self.uncorrelated
    }

    /// A receipt came that names no message.
    pub(crate) fn on_nameless(&mut self) {
        self.uncorrelated = self.uncorrelated.saturating_add(1);
    }

    /// A part now waits under the centre's id; ids repeat, the newest part has it. Gives the receipts
    /// that came before.
    pub(crate) fn wait(&mut self, id: &CanonicalId, key: PartKey, recipient: &PhoneNumber) -> Vec<Receipt> {
        self.parts.insert(id.clone(), (key, recipient.clone()));
        self.held.take(id, recipient)
    }

    /// A part waits no more.
    pub(crate) fn forget(&mut self, id: &CanonicalId, key: PartKey) {
        if self.parts.get(id).is_some_and(|(found, _)| *found == key) {
            self.parts.remove(id);
        }
    }

    /// The part a receipt speaks of. Of several the one to its recipient, then the newest; an id that
    /// fits only in the other base must fit the recipient too, since small ids collide. Without one
    /// the receipt is held for a while.
    pub(crate) fn find(&mut self, now: u64, arrived: Arrived) -> Option<(PartKey, Receipt)> {
        let readings = arrived.readings();
        let candidates = readings.iter().filter_map(|(reading, exact)| {
            let (key, recipient) = self.parts.get(reading)?;
            let about = arrived.is_about(recipient);
            (*exact || about).then_some((about, key.message, *key))
        });
        let best = candidates.max_by_key(|(about, message, _)| (*about, *message));
        if let Some((_, _, key)) = best {
            return Some((key, arrived.receipt));
        }
        if self.held.len() >= MAX_HELD && self.held.drop_oldest() {
            self.uncorrelated = self.uncorrelated.saturating_add(1);
        }
        self.held.hold(after(now, HELD), arrived, readings);
        None
    }

    /// Gives up on receipts that were held long enough.
    pub(crate) fn expire(&mut self, now: u64) {
        while self.next_expiry().is_some_and(|until| until <= now) && self.held.drop_oldest() {
            self.uncorrelated = self.uncorrelated.saturating_add(1);
        }
    }

    /// When [`expire`](Self::expire) has something to do next.
    pub(crate) fn next_expiry(&self) -> Option<u64> {
        self.held.oldest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(id: &str, from: &str) -> Arrived {
        let receipt = Receipt::from_text(&format!("id:{id} stat:DELIVRD"));
        Arrived {
            receipt,
            numbers: [from.to_owned(), "shop".to_owned()],
        }
    }

    fn number(written: &str) -> PhoneNumber {
        PhoneNumber::new(written).unwrap()
    }

    fn key(message: u64) -> PartKey {
        PartKey { message, part: 0 }
    }

    fn found(awaited: &mut Awaited, id: &str, from: &str) -> Option<u64> {
        awaited.find(0, arrived(id, from)).map(|(key, _)| key.message)
    }

    #[test]
    fn numbers_are_compared_by_their_ends() {
        for (one, other, same) in [
            ("+36301234567", "06301234567", true),
            ("36301234567", "301234567", true),
            ("36301234567", "36301234568", false),
            ("9994", "9994", true),
            ("9994", "19994", false),
            ("", "", false),
            ("shop", "shop", false),
        ] {
            assert_eq!(same_number(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn ids_are_found_as_text_and_in_the_other_base() {
        let mut awaited = Awaited::default();
        awaited.wait(&CanonicalId::new("00AB"), key(1), &number("36301234567"));
        assert_eq!(found(&mut awaited, "ab", ""), Some(1));
        assert_eq!(found(&mut awaited, "171", "06301234567"), Some(1));
        assert_eq!(found(&mut awaited, "171", "06301234568"), None);
        awaited.forget(&CanonicalId::new("AB"), key(2));
        assert_eq!(found(&mut awaited, "ab", ""), Some(1));
        awaited.forget(&CanonicalId::new("AB"), key(1));
        assert_eq!(found(&mut awaited, "ab", ""), None);
    }

    #[test]
    fn of_two_the_recipient_decides_then_age() {
        let mut awaited = Awaited::default();
        awaited.wait(&CanonicalId::new("10"), key(1), &number("36301111111"));
        awaited.wait(&CanonicalId::new("a"), key(2), &number("36302222222"));
        assert_eq!(found(&mut awaited, "10", "36301111111"), Some(1));
        assert_eq!(found(&mut awaited, "10", "36302222222"), Some(2));
        awaited.wait(&CanonicalId::new("16"), key(3), &number("36301111111"));
        assert_eq!(found(&mut awaited, "10", "36301111111"), Some(3));
        awaited.wait(&CanonicalId::new("10"), key(4), &number("36301111111"));
        assert_eq!(
            found(&mut awaited, "10", "36301111111"),
            Some(4),
            "the newest has the id"
        );
    }

    #[test]
    fn receipts_that_come_too_early_are_held_for_30_seconds() {
        let mut awaited = Awaited::default();
        assert_eq!(
            awaited.find(1_000, arrived("10", "1234567")),
            None.map(|()| (key(0), Receipt::default()))
        );
        assert_eq!(awaited.next_expiry(), Some(31_000));
        assert_eq!(
            awaited.wait(&CanonicalId::new("7"), key(1), &number("1234567")),
            []
        );
        assert_eq!(
            awaited
                .wait(&CanonicalId::new("A"), key(2), &number("1234567"))
                .len(),
            1
        );
        assert_eq!(awaited.next_expiry(), None);
        for _ in 0..=MAX_HELD {
            found(&mut awaited, "99", "");
        }
        assert_eq!((awaited.held.len(), awaited.uncorrelated()), (MAX_HELD, 1));
        awaited.expire(29_999);
        assert_eq!(awaited.uncorrelated(), 1);
        awaited.expire(30_000);
        assert_eq!(
            (awaited.held.len(), awaited.uncorrelated()),
            (0, 1 + MAX_HELD as u64)
        );
        assert_eq!(awaited.held.with_reading(&CanonicalId::new("99")).count(), 0);
    }

    #[test]
    fn held_receipts_are_found_by_their_ids_alone() {
        let mut awaited = Awaited::default();
        for number in 0..100 {
            found(&mut awaited, &format!("other{number}"), "1234567");
        }
        // The same number in both bases, and one that is another's.
        for (id, from) in [("255", "1234567"), ("ff", ""), ("255", "7654321")] {
            found(&mut awaited, id, from);
        }
        let looked_at = awaited.held.with_reading(&CanonicalId::new("FF")).count();
        assert_eq!(looked_at, 3, "and none of the others");
        let receipts = awaited.wait(&CanonicalId::new("FF"), key(1), &number("1234567"));
        let ids: Vec<_> = receipts.iter().flat_map(|receipt| &receipt.ids).collect();
        assert_eq!(ids, ["255", "ff"]);
        assert_eq!(awaited.held.len(), 101);
        let rest = awaited.wait(&CanonicalId::new("255"), key(2), &number("1"));
        assert_eq!((rest.len(), awaited.held.len()), (1, 100));
    }
}
