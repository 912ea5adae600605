//! The messages that were told and are not settled yet.

use std::collections::BTreeMap;

use super::super::at::{Memory, Slot};

/// Most of them; what comes further stays in the memory of the modem, or with the network.
pub(super) const MOST_HELD: usize = 64;

/// 16 octets that tell one PDU from another.
pub(super) type Fingerprint = [u8; 16];

/// Who keeps a message as long as it is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeper {
    /// The modem, here.
    Modem(Slot),
    /// The network, which repeats it.
    Network,
}

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Nobody has answered for it yet.
    Told,
    /// Taken: to be deleted or acknowledged.
    Taken,
    /// It may be deleted: its place has to be read before anything is deleted there.
    Doubtful,
    /// The modem did not delete it; the next poll tries again.
    Later,
}

/// One message.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldMessage {
    pub(super) keeper: Keeper,
    pub(super) fingerprint: Fingerprint,
    pub(super) progress: Progress,
    /// When it came.
    pub(super) arrived_at: u64,
    /// It can be read, and was told.
    pub(super) is_told: bool,
}

/// All of them, by the number they were told with.
#[derive(Debug, Default)]
pub(super) struct Held {
    messages: BTreeMap<u32, HeldMessage>,
    last: u32,
}

impl Held {
    pub(super) fn is_full(&self) -> bool {
        self.messages.len() >= MOST_HELD
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    pub(super) fn add(&mut self, message: HeldMessage) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.messages.insert(self.last, message);
        self.last
    }

    pub(super) fn get(&self, sequence: u32) -> Option<&HeldMessage> {
        self.messages.get(&sequence)
    }

    pub(super) fn set(&mut self, sequence: u32, progress: Progress) {
        if let Some(message) = self.messages.get_mut(&sequence) {
            message.progress = progress;
        }
    }

    pub(super) fn remove(&mut self, sequence: u32) -> Option<HeldMessage> {
        self.messages.remove(&sequence)
    }

    /// The message that was read at this place.
    pub(super) fn at(&self, slot: Slot) -> Option<(u32, HeldMessage)> {
        self.find(|message| message.keeper == Keeper::Modem(slot))
    }

    pub(super) fn find(&self, fits: impl Fn(&HeldMessage) -> bool) -> Option<(u32, HeldMessage)> {
        let mut messages = self.messages.iter();
        let found = messages.find(|(_, message)| fits(message));
        found.map(|(sequence, message)| (*sequence, *message))
    }

    /// How many are in this memory.
    pub(super) fn stored(&self, memory: Memory) -> usize {
        let is_there =
            |message: &&HeldMessage| matches!(message.keeper, Keeper::Modem(slot) if slot.memory == memory);
        self.messages.values().filter(is_there).count()
    }

    /// From one progress to another, those for which `fits` says so.
    pub(super) fn shift(&mut self, from: Progress, to: Progress, fits: impl Fn(Keeper) -> bool) {
        for message in self.messages.values_mut() {
            if message.progress == from && fits(message.keeper) {
                message.progress = to;
            }
        }
    }
}
