//! Bringing receipts and parts together, whichever comes first.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use ozml_session::PhoneNumber;

use super::held::HeldReceipts;
use super::receipt::Receipt;
use super::receipt_id::{CanonicalId, ReceiptIdForm, ReceiptIdTrust};
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) receipt: Receipt,
    pub(crate) numbers: [String; 2],
}

impl Arrived {
    fn readings(&self, trust: ReceiptIdTrust) -> Readings {
        let mut readings = Readings {
            ids: BTreeMap::new(),
            trust,
        };
        for id in self.receipt.ids.iter().map(|id| CanonicalId::new(id)) {
            match trust {
                ReceiptIdTrust::Sure(form) => readings.add(form, id.reading(form).unwrap_or(id)),
                _ => id.readings().for_each(|(form, id)| readings.add(form, id)),
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

/// The ids a receipt may speak of, and in which forms it would.
#[derive(Debug)]
pub(crate) struct Readings {
    ids: BTreeMap<CanonicalId, Vec<ReceiptIdForm>>,
    trust: ReceiptIdTrust,
}

impl Readings {
    fn add(&mut self, form: ReceiptIdForm, id: CanonicalId) {
        let forms = self.ids.entry(id).or_default();
        if !forms.contains(&form) {
            forms.push(form);
        }
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &CanonicalId> {
        self.ids.keys()
    }

    pub(crate) fn has(&self, id: &CanonicalId) -> bool {
        self.ids.contains_key(id)
    }

    /// Whether it speaks of this id without doubt; otherwise the recipient must fit too, since small ids
    /// collide in the other base.
    pub(crate) fn is_sure(&self, id: &CanonicalId) -> bool {
        let forms = self.ids.get(id);
        forms.is_some_and(|forms| {
            matches!(self.trust, ReceiptIdTrust::Sure(_)) || forms.contains(&ReceiptIdForm::Text)
        })
    }

    fn is_likely(&self, forms: &[ReceiptIdForm]) -> bool {
        matches!(self.trust, ReceiptIdTrust::Likely(form) if forms.contains(&form))
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

/// The part a receipt speaks of.
#[derive(Debug)]
pub(crate) struct Found<K> {
    pub(crate) key: K,
    /// The id its answer gave.
    pub(crate) id: CanonicalId,
    /// The one form in which the receipt speaks of any part that waits; `None`: there are several.
    pub(crate) only_form: Option<ReceiptIdForm>,
    /// Whether the part went to one of the receipt's numbers.
    pub(crate) is_about: bool,
}

#[derive(Debug)]
struct Part<K> {
    key: K,
    recipient: PhoneNumber,
    /// Counts the parts in the order in which they began to wait.
    age: u64,
}

/// The parts that wait for their receipts, and receipts that wait for their parts. `K` names a part.
#[derive(Debug)]
pub(crate) struct Awaited<K> {
    parts: HashMap<CanonicalId, Part<K>>,
    waited: u64,
    trust: ReceiptIdTrust,
    held: HeldReceipts,
    /// Receipts that had to give way before their time.
    pushed_out: Vec<Arrived>,
}

impl<K> Default for Awaited<K> {
    fn default() -> Self {
        Self {
            parts: HashMap::new(),
            waited: 0,
            trust: ReceiptIdTrust::None,
            held: HeldReceipts::default(),
            pushed_out: Vec::new(),
        }
    }
}

impl<K: Copy + PartialEq> Awaited<K> {
    /// How ids are read now.
    pub(crate) fn trust(&self) -> ReceiptIdTrust {
        self.trust
    }

    /// How ids are read from now on.
    pub(crate) fn set_trust(&mut self, trust: ReceiptIdTrust) {
        self.trust = trust;
    }

    /// A part now waits under the centre's id; ids repeat, the newest part has it. Gives the receipts
    /// that came before.
    pub(crate) fn wait(&mut self, id: &CanonicalId, key: K, recipient: &PhoneNumber) -> Vec<Receipt> {
        self.waited = self.waited.saturating_add(1);
        let part = Part {
            key,
            recipient: recipient.clone(),
            age: self.waited,
        };
        self.parts.insert(id.clone(), part);
        let early = self.held.take(id, recipient);
        early.into_iter().map(|arrived| arrived.receipt).collect()
    }

    /// A part waits no more.
    pub(crate) fn forget(&mut self, id: &CanonicalId, key: K) {
        if self.parts.get(id).is_some_and(|part| part.key == key) {
            self.parts.remove(id);
        }
    }

    /// The part a receipt speaks of. Without one the receipt is held for a while.
    pub(crate) fn find(&mut self, now: u64, arrived: Arrived) -> Option<(K, Receipt)> {
        match self.look_up(&arrived, self.trust) {
            Some(found) => Some((found.key, arrived.receipt)),
            None => {
                self.hold(now, arrived);
                None
            }
        }
    }

    /// The part a receipt speaks of. Of several the one to its recipient, then the one in the likely form,
    /// then the newest.
    pub(crate) fn look_up(&self, arrived: &Arrived, trust: ReceiptIdTrust) -> Option<Found<K>> {
        let readings = arrived.readings(trust);
        let candidates = readings.ids.iter().filter_map(|(id, forms)| {
            let part = self.parts.get(id)?;
            let is_about = arrived.is_about(&part.recipient);
            let order = (is_about, readings.is_likely(forms), part.age);
            (is_about || readings.is_sure(id)).then_some((order, part.key, id, forms))
        });
        let candidates: Vec<_> = candidates.collect();
        let ((is_about, ..), key, id, forms) = candidates.iter().max_by_key(|(order, ..)| *order)?;
        let only_form = match forms.as_slice() {
            [form] if candidates.len() == 1 => Some(*form),
            _ => None,
        };
        Some(Found {
            key: *key,
            id: (*id).clone(),
            only_form,
            is_about: *is_about,
        })
    }

    /// Keeps a receipt for a part that may come yet.
    pub(crate) fn hold(&mut self, now: u64, arrived: Arrived) {
        if self.held.len() >= MAX_HELD {
            self.pushed_out.extend(self.held.take_oldest());
        }
        let readings = arrived.readings(self.trust);
        self.held.hold(after(now, HELD), arrived, readings);
    }

    /// Gives up on receipts that were held long enough, and on those that had to give way.
    pub(crate) fn expire(&mut self, now: u64) -> Vec<Arrived> {
        let mut expired = std::mem::take(&mut self.pushed_out);
        while self.held.oldest().is_some_and(|until| until <= now) {
            expired.extend(self.held.take_oldest());
        }
        expired
    }

    /// When [`expire`](Self::expire) has something to do next.
    pub(crate) fn next_expiry(&self) -> Option<u64> {
        if self.pushed_out.is_empty() {
            self.held.oldest()
        } else {
            Some(0)
        }
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

    fn found(awaited: &mut Awaited<PartKey>, id: &str, from: &str) -> Option<u64> {
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
        assert!(awaited.find(1_000, arrived("10", "1234567")).is_none());
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
        assert_eq!((awaited.held.len(), awaited.next_expiry()), (MAX_HELD, Some(0)));
        assert_eq!(awaited.expire(29_999).len(), 1, "the one that had to give way");
        assert_eq!(awaited.next_expiry(), Some(30_000));
        assert_eq!(awaited.expire(30_000).len(), MAX_HELD);
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
