//! Receipts that came before the answers to the submits they speak of.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ozml_session::PhoneNumber;

use super::awaited::Arrived;
use super::receipt::Receipt;
use super::receipt_id::CanonicalId;

/// Receipts that wait for their parts, by age and by what their ids may mean.
#[derive(Debug, Default)]
pub(crate) struct HeldReceipts {
    receipts: BTreeMap<u64, Held>,
    by_reading: HashMap<CanonicalId, BTreeSet<u64>>,
    held: u64,
}

#[derive(Debug)]
struct Held {
    until: u64,
    arrived: Arrived,
    readings: BTreeMap<CanonicalId, bool>,
}

impl Held {
    fn fits(&self, id: &CanonicalId, recipient: &PhoneNumber) -> bool {
        let exact = self.readings.get(id);
        exact.is_some_and(|exact| *exact || self.arrived.is_about(recipient))
    }
}

impl HeldReceipts {
    pub(crate) fn len(&self) -> usize {
        self.receipts.len()
    }

    /// Until when the oldest one is held.
    pub(crate) fn oldest(&self) -> Option<u64> {
        self.receipts.first_key_value().map(|(_, held)| held.until)
    }

    pub(crate) fn hold(&mut self, until: u64, arrived: Arrived, readings: BTreeMap<CanonicalId, bool>) {
        self.held = self.held.saturating_add(1);
        for reading in readings.keys() {
            self.by_reading
                .entry(reading.clone())
                .or_default()
                .insert(self.held);
        }
        let held = Held {
            until,
            arrived,
            readings,
        };
        self.receipts.insert(self.held, held);
    }

    /// Takes the receipts that speak of a part with this id, in the order in which they came.
    pub(crate) fn take(&mut self, id: &CanonicalId, recipient: &PhoneNumber) -> Vec<Receipt> {
        let fits = |number: &u64| {
            self.receipts
                .get(number)
                .is_some_and(|held| held.fits(id, recipient))
        };
        let fitting: Vec<_> = self.with_reading(id).filter(fits).collect();
        let taken = fitting.into_iter().filter_map(|number| self.remove(number));
        taken.map(|held| held.arrived.receipt).collect()
    }

    /// Those one of whose ids may mean this one; no others are looked at.
    pub(crate) fn with_reading(&self, id: &CanonicalId) -> impl Iterator<Item = u64> {
        self.by_reading.get(id).into_iter().flatten().copied()
    }

    /// False when none was there.
    pub(crate) fn drop_oldest(&mut self) -> bool {
        let oldest = self.receipts.first_key_value().map(|(number, _)| *number);
        oldest.and_then(|number| self.remove(number)).is_some()
    }

    fn remove(&mut self, number: u64) -> Option<Held> {
        let held = self.receipts.remove(&number)?;
        for reading in held.readings.keys() {
            if let Some(numbers) = self.by_reading.get_mut(reading) {
                numbers.remove(&number);
                if numbers.is_empty() {
                    self.by_reading.remove(reading);
                }
            }
        }
        Some(held)
    }
}
