//! What comes in: read where the modem keeps it, told, and deleted only when it was taken (sms.md 4.6).

use std::collections::{BTreeSet, VecDeque};

use sha2::{Digest, Sha256};

use super::super::ModemError;
use super::super::at::{DirectPdu, Fields, Memory, Outcome, Reply, Slot};
use super::super::pdu::{Frame, Incoming};
use super::Dialogue;
use super::event::DialogueEvent;
use super::held::{Fingerprint, Held, HeldMessage, Keeper, MOST_HELD, Progress};
use super::pin::is_busy;
use super::task::Task;

/// How long the network waits for an acknowledgement, with a second to spare: a later one would be taken for that of the
/// next message.
const ACKNOWLEDGEMENT: u64 = 14_000;
/// PDUs that cannot be read and were told; more are told again.
const MOST_UNREADABLE: usize = 256;

/// What comes in and how far it is.
#[derive(Debug, Default)]
pub(super) struct Receiving {
    held: Held,
    to_read: VecDeque<Slot>,
    /// Memories whose messages are to be listed.
    listing: BTreeSet<Memory>,
    /// Memories with messages that wait for the next poll.
    left: BTreeSet<Memory>,
    /// Chosen for reading and deleting; `None`: not known.
    selected: Option<Memory>,
    unreadable: BTreeSet<Fingerprint>,
    /// Lines that did not have their announced length, once.
    odd: BTreeSet<Fingerprint>,
    /// Where such a line was read; it is read once more at once.
    read_again: BTreeSet<Slot>,
}

impl Receiving {
    /// After a start `home` is chosen, and `filled` are to be listed.
    pub(super) fn begin(&mut self, home: Option<Memory>, filled: BTreeSet<Memory>) {
        self.selected = home;
        self.listing.extend(filled);
    }

    /// Nothing is to be read or deleted.
    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty() && self.to_read.is_empty() && self.listing.is_empty()
    }

    /// Whether the modem has chosen another memory than we did.
    pub(super) fn is_other_memory(&self, memory: Option<Memory>) -> bool {
        self.selected
            .zip(memory)
            .is_some_and(|(selected, memory)| selected != memory)
    }

    /// The modem was not heard for a while: it may have restarted.
    pub(super) fn forget_selection(&mut self) {
        self.selected = None;
    }

    /// The memory cannot be chosen.
    fn give_up(&mut self, memory: Memory) {
        self.listing.remove(&memory);
        self.to_read.retain(|slot| slot.memory != memory);
        let is_there = |keeper| matches!(keeper, Keeper::Modem(slot) if slot.memory == memory);
        for progress in [Progress::Taken, Progress::Doubtful] {
            self.held.shift(progress, Progress::Later, is_there);
        }
    }

    /// What came directly and was not acknowledged in time: the network repeats it.
    fn give_up_direct(&mut self) {
        let is_direct = |message: &HeldMessage| message.keeper == Keeper::Network;
        while let Some((sequence, _)) = self.held.find(is_direct) {
            self.held.remove(sequence);
        }
    }

    fn read_soon(&mut self, slot: Slot) -> bool {
        if self.to_read.contains(&slot) {
            return true;
        }
        let has_room = self.to_read.len() < MOST_HELD;
        if has_room {
            self.to_read.push_back(slot);
        } else {
            self.listing.insert(slot.memory);
        }
        has_room
    }

    /// Whether a line is as long as announced, or is the same again: some modems count otherwise, and old ones leave the
    /// service centre out, but a line that lost octets on its way does so once. Half an octet is always a loss.
    fn has_its_length(&mut self, length: Option<u16>, line: &str) -> bool {
        let is_whole = length.is_some_and(|length| is_as_long(usize::from(length), line));
        is_whole || line.len().is_multiple_of(2) && self.was_odd(line)
    }

    fn was_odd(&mut self, line: &str) -> bool {
        if self.odd.len() >= MOST_UNREADABLE {
            self.odd.clear();
        }
        !self.odd.insert(fingerprint(line))
    }

    fn is_told(&mut self, line: &str) -> bool {
        if self.unreadable.len() >= MOST_UNREADABLE {
            self.unreadable.clear();
        }
        !self.unreadable.insert(fingerprint(line))
    }
}

impl Dialogue {
    pub(super) fn list_home(&mut self) {
        self.receiving.listing.extend(self.set_up.home);
    }

    /// At a poll: what was not taken, not read or not deleted is tried again.
    pub(super) fn list_what_was_left(&mut self) {
        let receiving = &mut self.receiving;
        receiving.listing.append(&mut receiving.left);
        receiving.read_again.clear();
        receiving
            .held
            .shift(Progress::Later, Progress::Doubtful, |_| true);
    }

    /// Messages of the usual memory that were told.
    pub(super) fn stored(&self) -> usize {
        self.set_up
            .home
            .map_or(0, |home| self.receiving.held.stored(home))
    }

    /// What was taken directly waits for its acknowledgement, before all else.
    pub(super) fn acknowledging_task(&mut self, now: u64) -> Option<Task> {
        let held = &mut self.receiving.held;
        let is_taken =
            |message: &HeldMessage| message.keeper == Keeper::Network && message.progress == Progress::Taken;
        let (sequence, message) = held.find(is_taken)?;
        if now.saturating_sub(message.arrived_at) <= ACKNOWLEDGEMENT {
            return Some(Task::Acknowledge(sequence));
        }
        self.receiving.give_up_direct();
        None
    }

    /// What was taken is deleted first, so that there is room.
    pub(super) fn deleting_task(&mut self) -> Option<Task> {
        let held = &self.receiving.held;
        if let Some((sequence, message)) = held.find(|message| message.progress == Progress::Taken)
            && let Keeper::Modem(slot) = message.keeper
        {
            return Some(self.in_memory(slot.memory, Task::Delete(sequence, slot)));
        }
        let (_, message) = held.find(|message| message.progress == Progress::Doubtful)?;
        let Keeper::Modem(slot) = message.keeper else {
            return None;
        };
        Some(self.in_memory(slot.memory, Task::Read(slot)))
    }

    pub(super) fn receiving_task(&mut self) -> Option<Task> {
        if let Some(task) = self.deleting_task() {
            return Some(task);
        }
        if self.receiving.held.is_full() {
            return None;
        }
        if let Some(slot) = self.receiving.to_read.front().copied() {
            return Some(self.in_memory(slot.memory, Task::Read(slot)));
        }
        let memory = self.receiving.listing.first().copied()?;
        Some(self.in_memory(memory, Task::List(memory)))
    }

    fn in_memory(&self, memory: Memory, task: Task) -> Task {
        if self.receiving.selected == Some(memory) {
            task
        } else {
            Task::Select(memory)
        }
    }

    /// The modem stored something.
    pub(super) fn on_stored(&mut self, slot: Slot) {
        self.receiving.read_soon(slot);
    }

    /// Something came directly. As long as nobody takes it, it is not acknowledged, and the network repeats it.
    pub(super) fn on_direct(&mut self, now: u64, pdu: &DirectPdu) {
        let receiving = &mut self.receiving;
        if self.set_up.acknowledges {
            // The network sends the next only when it has given up the last.
            receiving.give_up_direct();
        }
        if receiving.held.is_full() || !receiving.has_its_length(pdu.length, &pdu.line) {
            return;
        }
        let frame = Frame::from_hex(&pdu.line, pdu.length.map(usize::from));
        match frame.and_then(|frame| Incoming::read(&frame)) {
            Ok(incoming) => self.tell(now, Keeper::Network, fingerprint(&pdu.line), incoming),
            Err(fault) => {
                // It is acknowledged: repeated for days it would stand before all that is behind it.
                if self.set_up.acknowledges {
                    let message = HeldMessage {
                        progress: Progress::Taken,
                        is_told: false,
                        ..told(now, Keeper::Network, fingerprint(&pdu.line))
                    };
                    self.receiving.held.add(message);
                }
                self.tell_unreadable(&pdu.line, fault.to_string(), false);
            }
        }
    }

    fn tell(&mut self, now: u64, keeper: Keeper, fingerprint: Fingerprint, incoming: Incoming) {
        let sequence = self.receiving.held.add(told(now, keeper, fingerprint));
        self.events.push_back(DialogueEvent::Arrived {
            sequence,
            incoming,
            fingerprint,
        });
    }

    fn tell_unreadable(&mut self, line: &str, why: String, kept: bool) {
        if !self.receiving.is_told(line) {
            self.events.push_back(DialogueEvent::Unreadable { why, kept });
        }
    }

    /// Somebody has taken it, or could not.
    pub(super) fn on_answer(&mut self, sequence: u32, taken: bool) {
        let receiving = &mut self.receiving;
        let Some(message) = receiving.held.get(sequence).copied() else {
            return;
        };
        if message.progress != Progress::Told {
            return;
        }
        match message.keeper {
            Keeper::Network if taken && !self.set_up.acknowledges => self.cleared(sequence),
            _ if taken => receiving.held.set(sequence, Progress::Taken),
            Keeper::Network => {
                receiving.held.remove(sequence);
            }
            Keeper::Modem(slot) => {
                receiving.held.remove(sequence);
                // Whoever takes nothing now shall not be asked again at once.
                receiving.left.append(&mut receiving.listing);
                receiving.left.insert(slot.memory);
            }
        }
    }

    fn cleared(&mut self, sequence: u32) {
        let message = self.receiving.held.remove(sequence);
        if message.is_some_and(|message| message.keeper != Keeper::Network) {
            self.polling.on_deleted();
        }
        if let Some(message) = message.filter(|message| message.is_told) {
            self.events.push_back(DialogueEvent::Cleared {
                sequence,
                fingerprint: message.fingerprint,
            });
        }
    }

    pub(super) fn on_acknowledged(&mut self, sequence: u32, is_taken: bool) {
        if is_taken {
            return self.cleared(sequence);
        }
        self.receiving.give_up_direct();
    }

    pub(super) fn on_selected(&mut self, memory: Memory, outcome: &Outcome) {
        let receiving = &mut self.receiving;
        receiving.selected = None;
        match outcome {
            Outcome::Answered(reply) if reply.result.is_ok() => {
                receiving.selected = Some(memory);
                let fields = reply.line().and_then(|line| Fields::of(line, "+CPMS:"));
                let is_empty = fields.and_then(|fields| fields.number(0)) == Some(0);
                // The poll looks into the usual memory only.
                if !is_empty && self.set_up.home != Some(memory) {
                    receiving.left.insert(memory);
                }
            }
            // It has no such memory.
            Outcome::Answered(Reply {
                result: Err(error), ..
            }) if !is_busy(*error) => receiving.give_up(memory),
            _ => {
                receiving.give_up(memory);
                receiving.left.insert(memory);
            }
        }
    }

    /// Of a list only the places are used: a digit that was lost on the line would have another message deleted. What
    /// is read at a place is certain.
    pub(super) fn on_list(&mut self, memory: Memory, reply: Option<&Reply>) {
        let receiving = &mut self.receiving;
        receiving.listing.remove(&memory);
        let Some(reply) = reply else {
            receiving.left.insert(memory);
            return;
        };
        let mut found = false;
        for (place, line) in reply.lines.iter().enumerate() {
            let Some(fields) = Fields::of(line, "+CMGL:") else {
                continue;
            };
            let pdu = reply.lines.get(place.saturating_add(1));
            let is_known = pdu.is_some_and(|pdu| receiving.unreadable.contains(&fingerprint(pdu)));
            // 2 and 3 are messages that wait for sending.
            let came_in = fields.number(1).is_none_or(|state| state < 2);
            let slot = fields.number(0).map(|index| Slot { memory, index });
            if let Some(slot) = slot.filter(|slot| !is_known && came_in && receiving.held.at(*slot).is_none())
            {
                found |= receiving.read_soon(slot);
            }
        }
        if reply.is_cut && found {
            receiving.listing.insert(memory);
        }
    }

    pub(super) fn on_read(&mut self, now: u64, slot: Slot, reply: Option<&Reply>) {
        self.receiving.to_read.retain(|waiting| *waiting != slot);
        let Some(reply) = reply else {
            return self.leave_slot(slot);
        };
        match (reply.result, &reply.lines[..]) {
            (Err(error), _) if is_empty_place(error) => self.on_empty(slot),
            // A message whose header was lost on the line looks the same: it is read once more, and looked for.
            (Ok(()), []) if self.receiving.read_again.insert(slot) => {
                self.receiving.left.insert(slot.memory);
                self.receiving.read_soon(slot);
            }
            (Ok(()), []) => self.on_empty(slot),
            (Ok(()), [header, line, ..]) => self.on_message(now, slot, header, line),
            _ => self.leave_slot(slot),
        }
    }

    /// Nothing is known of this place; the next poll looks.
    fn leave_slot(&mut self, slot: Slot) {
        self.receiving.left.insert(slot.memory);
        if let Some((sequence, message)) = self.receiving.held.at(slot)
            && message.progress == Progress::Doubtful
        {
            self.receiving.held.set(sequence, Progress::Later);
        }
    }

    /// What was taken and is there no more is deleted.
    fn on_empty(&mut self, slot: Slot) {
        if let Some((sequence, message)) = self.receiving.held.at(slot) {
            match message.progress {
                Progress::Told => {}
                Progress::Taken | Progress::Doubtful | Progress::Later => self.cleared(sequence),
            }
        }
    }

    fn on_message(&mut self, now: u64, slot: Slot, header: &str, line: &str) {
        let fields = Fields::of(header, "+CMGR:");
        let length = fields.and_then(|fields| fields.number(fields.count().saturating_sub(1)));
        let receiving = &mut self.receiving;
        if !receiving.has_its_length(length, line) {
            if !receiving.read_again.insert(slot) || !receiving.read_soon(slot) {
                self.leave_slot(slot);
            }
            return;
        }
        receiving.read_again.remove(&slot);
        let found = fingerprint(line);
        if let Some((sequence, message)) = self.receiving.held.at(slot) {
            if message.fingerprint == found {
                if message.progress == Progress::Doubtful {
                    self.receiving.held.set(sequence, Progress::Taken);
                }
                return;
            }
            // Another one has its place.
            match message.progress {
                Progress::Told => drop(self.receiving.held.remove(sequence)),
                Progress::Taken | Progress::Doubtful | Progress::Later => self.cleared(sequence),
            }
        }
        let frame = Frame::from_hex(line, length.map(usize::from));
        match frame.and_then(|frame| Incoming::read(&frame)) {
            Ok(incoming) => self.tell(now, Keeper::Modem(slot), found, incoming),
            Err(fault) => self.tell_unreadable(line, fault.to_string(), true),
        }
    }

    pub(super) fn on_deleted(&mut self, sequence: u32, outcome: &Outcome) {
        match outcome {
            Outcome::Answered(reply) => match reply.result {
                Ok(()) => self.cleared(sequence),
                Err(error) if is_empty_place(error) => self.cleared(sequence),
                Err(_) => self.receiving.held.set(sequence, Progress::Later),
            },
            _ => self.receiving.held.set(sequence, Progress::Doubtful),
        }
    }
}

fn told(now: u64, keeper: Keeper, fingerprint: Fingerprint) -> HeldMessage {
    HeldMessage {
        keeper,
        fingerprint,
        progress: Progress::Told,
        arrived_at: now,
        is_told: true,
    }
}

/// Whether an error says that there is no message at the place.
fn is_empty_place(error: ModemError) -> bool {
    matches!(error, ModemError::Cms(321) | ModemError::Cme(21 | 22))
}

/// Octets of the TPDU, the service centre before it.
fn is_as_long(length: usize, line: &str) -> bool {
    let centre = line
        .get(..2)
        .and_then(|digits| usize::from_str_radix(digits, 16).ok());
    let octets = centre.map(|centre| centre.saturating_add(1).saturating_add(length));
    octets.is_some_and(|octets| octets.saturating_mul(2) == line.len())
}

fn fingerprint(line: &str) -> Fingerprint {
    let digest = Sha256::digest(line.as_bytes());
    digest.first_chunk().copied().unwrap_or_default()
}
