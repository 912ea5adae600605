//! Receipts that came before the answers to the submits they speak of.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ozml_session::PhoneNumber;

use super::awaited::{Arrived, Readings};
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
    readings: Readings,
}

impl Held {
    fn fits(&self, id: &CanonicalId, recipient: &PhoneNumber) -> bool {
        self.readings.is_sure(id) || (self.readings.has(id) && self.arrived.is_about(recipient))
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

    pub(crate) fn hold(&mut self, until: u64, arrived: Arrived, readings: Readings) {
        self.held = self.held.saturating_add(1);
        for reading in readings.ids() {
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
    pub(crate) fn take(&mut self, id: &CanonicalId, recipient: &PhoneNumber) -> Vec<Arrived> {
        let fits = |number: &u64| {
            self.receipts
                .get(number)
                .is_some_and(|held| held.fits(id, recipient))
        };
        let fitting: Vec<_> = self.with_reading(id).filter(fits).collect();
        let taken = fitting.into_iter().filter_map(|number| self.remove(number));
        taken.map(|held| held.arrived).collect()
    }

    /// Those one of whose ids may mean this one; no others are looked at.
    pub(crate) fn with_reading(&self, id: &CanonicalId) -> impl Iterator<Item = u64> {
        self.by_reading.get(id).into_iter().flatten().copied()
    }

    /// Takes the one that came first.
    pub(crate) fn take_oldest(&mut self) -> Option<Arrived> {
        let (number, _) = self.receipts.first_key_value()?;
        let held = self.remove(*number)?;
        Some(held.arrived)
    }

    fn remove(&mut self, number: u64) -> Option<Held> {
        let held = self.receipts.remove(&number)?;
        for reading in held.readings.ids() {
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
