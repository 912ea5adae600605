//! Where a modem keeps messages: on the SIM card (`SM`), in itself (`ME`), or both seen as one (`MT`).

use std::ops::Range;

use super::behaviour::Behaviour;
use crate::gsm::ModemError;
use crate::gsm::pdu::{Deliver, StatusReport, Submit};

/// A message, in whichever direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    Deliver(Deliver),
    Report(StatusReport),
    Submit(Submit),
}

impl Message {
    /// The TPDU.
    pub(super) fn octets(&self) -> Vec<u8> {
        match self {
            Self::Deliver(deliver) => deliver.write(),
            Self::Report(report) => report.write(),
            Self::Submit(submit) => submit.write(),
        }
    }
}

/// `<stat>` (3GPP TS 27.005 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Unread,
    Read,
    Unsent,
    Sent,
}

impl Status {
    pub(super) const ALL: [Self; 4] = [Self::Unread, Self::Read, Self::Unsent, Self::Sent];

    /// In PDU mode.
    pub(super) const fn number(self) -> u8 {
        self as u8
    }

    /// In text mode.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Unread => "REC UNREAD",
            Self::Read => "REC READ",
            Self::Unsent => "STO UNSENT",
            Self::Sent => "STO SENT",
        }
    }
}

/// A message in its slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) status: Status,
    pub(super) message: Message,
}

/// Which memory a command means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MemoryName {
    Sim,
    Modem,
    Both,
}

impl MemoryName {
    const ALL: [Self; 3] = [Self::Sim, Self::Modem, Self::Both];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sim => "SM",
            Self::Modem => "ME",
            Self::Both => "MT",
        }
    }
}

/// +CMS: invalid memory index; memory full.
const NO_INDEX: ModemError = ModemError::Cms(321);
const FULL: ModemError = ModemError::Cms(322);

/// The slots of a modem, those of the SIM card first. Indexes count from 1.
#[derive(Debug)]
pub(super) struct Memory {
    slots: Vec<Option<Stored>>,
    on_sim: usize,
}

impl Memory {
    pub(super) fn new(behaviour: &Behaviour) -> Self {
        let on_sim = usize::from(behaviour.slots);
        Self {
            slots: vec![None; on_sim.saturating_add(usize::from(behaviour.phone_slots))],
            on_sim,
        }
    }

    /// The memories there are.
    pub(super) fn names(&self) -> impl Iterator<Item = MemoryName> {
        let has_own = self.on_sim < self.slots.len();
        let names = MemoryName::ALL.into_iter();
        names.filter(move |name| has_own || *name == MemoryName::Sim)
    }

    /// The memory of this name, if there is one.
    pub(super) fn named(&self, name: &str) -> Option<MemoryName> {
        self.names().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    fn range(&self, memory: MemoryName) -> Range<usize> {
        match memory {
            MemoryName::Sim => 0..self.on_sim,
            MemoryName::Modem => self.on_sim..self.slots.len(),
            MemoryName::Both => 0..self.slots.len(),
        }
    }

    fn slots(&self, memory: MemoryName) -> &[Option<Stored>] {
        self.slots.get(self.range(memory)).unwrap_or_default()
    }

    fn slots_mut(&mut self, memory: MemoryName) -> &mut [Option<Stored>] {
        let range = self.range(memory);
        self.slots.get_mut(range).unwrap_or_default()
    }

    /// Slots that are taken, and slots in all.
    pub(super) fn usage(&self, memory: MemoryName) -> (usize, usize) {
        let slots = self.slots(memory);
        (slots.iter().flatten().count(), slots.len())
    }

    /// Puts a message into the first free slot; its index.
    ///
    /// # Errors
    /// Memory full.
    pub(super) fn store(&mut self, memory: MemoryName, stored: Stored) -> Result<usize, ModemError> {
        let mut slots = self.slots_mut(memory).iter_mut().zip(1..);
        let (slot, index) = slots.find(|(slot, _)| slot.is_none()).ok_or(FULL)?;
        *slot = Some(stored);
        Ok(index)
    }

    /// The message at an index.
    ///
    /// # Errors
    /// Invalid memory index, when nothing is there too.
    pub(super) fn at(&mut self, memory: MemoryName, index: u16) -> Result<&mut Stored, ModemError> {
        self.slot(memory, index)?.as_mut().ok_or(NO_INDEX)
    }

    /// Empties a slot; an empty one stays so.
    ///
    /// # Errors
    /// Invalid memory index.
    pub(super) fn delete(&mut self, memory: MemoryName, index: u16) -> Result<Option<Stored>, ModemError> {
        self.slot(memory, index).map(Option::take)
    }

    fn slot(&mut self, memory: MemoryName, index: u16) -> Result<&mut Option<Stored>, ModemError> {
        let at = usize::from(index).checked_sub(1).ok_or(NO_INDEX)?;
        self.slots_mut(memory).get_mut(at).ok_or(NO_INDEX)
    }

    /// What is stored, by index.
    pub(super) fn list(&mut self, memory: MemoryName) -> impl Iterator<Item = (usize, &mut Stored)> {
        let slots = self.slots_mut(memory).iter_mut();
        slots
            .zip(1..)
            .filter_map(|(slot, index)| Some((index, slot.as_mut()?)))
    }

    /// Empties the slots of these states; the indexes that are free now.
    pub(super) fn delete_all(&mut self, memory: MemoryName, states: &[Status]) -> Vec<usize> {
        let mut deleted = Vec::new();
        for (slot, index) in self.slots_mut(memory).iter_mut().zip(1..) {
            if slot.take_if(|stored| states.contains(&stored.status)).is_some() {
                deleted.push(index);
            }
        }
        deleted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsm::pdu::{Address, Timestamp, TpStatus};

    fn stored(status: Status) -> Stored {
        let at = Timestamp::from_octets([0; 7]);
        let number = ozml_session::PhoneNumber::new("+3630").unwrap();
        let report = StatusReport::new(1, Address::from(&number), at, at, TpStatus(0));
        Stored {
            status,
            message: Message::Report(report),
        }
    }

    #[test]
    fn both_memories_are_one_behind_the_other() {
        let mut memory = Memory::new(&"slots=1,phone-slots=2".parse().unwrap());
        assert_eq!(memory.store(MemoryName::Sim, stored(Status::Read)), Ok(1));
        assert_eq!(memory.store(MemoryName::Sim, stored(Status::Read)), Err(FULL));
        assert_eq!(memory.store(MemoryName::Both, stored(Status::Unread)), Ok(2));
        assert_eq!(memory.at(MemoryName::Modem, 1).unwrap().status, Status::Unread);
        assert_eq!(memory.usage(MemoryName::Both), (2, 3));
        assert_eq!(memory.at(MemoryName::Modem, 2), Err(NO_INDEX));
        assert_eq!(memory.delete(MemoryName::Modem, 3), Err(NO_INDEX));
        assert_eq!(memory.delete(MemoryName::Both, 0), Err(NO_INDEX));
        assert_eq!(memory.delete_all(MemoryName::Both, &[Status::Unread]), [2]);
        assert_eq!(memory.named("mt"), Some(MemoryName::Both));
        let sim_only = Memory::new(&"phone-slots=0".parse().unwrap());
        assert_eq!(sim_only.named("ME"), None);
    }
}
