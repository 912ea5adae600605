//! What the sessions of a centre share.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use ozml_session::{ClockTime, WallTime};
use rusmpp::pdus::SubmitSm;

use super::admission::Admission;
use super::behaviour::Behaviour;
use super::deliveries::{Receipt, Waiting};
use super::receipt::FinalState;
use super::received::{Arrival, ReceivedSms};

/// How often things happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Connections taken.
    pub connections: u64,
    /// Binds granted.
    pub binds: u64,
    /// Messages taken.
    pub taken: u64,
    /// Messages refused, for whatever reason.
    pub refused: u64,
    /// Receipts sent, repeats included.
    pub receipts_sent: u64,
    /// Receipts the peer took.
    pub receipts_taken: u64,
    /// Receipts dropped because no session took them.
    pub receipts_dropped: u64,
    /// Requests that could not be read or that this centre does not know.
    pub unreadable: u64,
    /// Connections dropped on purpose.
    pub cuts: u64,
}

/// The part of a centre that all its sessions share: message ids, what was received, receipts for
/// sessions that cannot be given any. Time is passed in.
#[derive(Debug)]
pub struct Centre {
    pub(super) behaviour: Behaviour,
    pub(super) counters: Counters,
    pub(super) admission: Admission,
    started: WallTime,
    next_number: u64,
    kept: VecDeque<ReceivedSms>,
    mail: BTreeMap<Arc<str>, Waiting>,
    mailed: usize,
    mail_version: u64,
}

impl Centre {
    /// A centre whose clock showed [`ClockTime::ZERO`] at `started`.
    pub fn new(behaviour: Behaviour, started: WallTime) -> Self {
        Self {
            counters: Counters::default(),
            admission: Admission::new(&behaviour),
            started,
            next_number: behaviour.first_id,
            kept: VecDeque::new(),
            mail: BTreeMap::new(),
            mailed: 0,
            mail_version: 0,
            behaviour,
        }
    }

    /// The newest messages, oldest first, as many as the behaviour keeps.
    pub fn received(&self) -> Vec<ReceivedSms> {
        self.kept.iter().cloned().collect()
    }

    /// How often things happened so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Changes when a receipt waits for another session than the one that works just now. Then the
    /// others have to be asked for their [`next_wake`](super::Session::next_wake) again.
    pub fn mail_version(&self) -> u64 {
        self.mail_version
    }

    pub(super) fn wall(&self, now: ClockTime) -> WallTime {
        let since = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        WallTime::from_unix_millis(self.started.as_unix_millis().saturating_add(since))
    }

    /// Takes a message, and says whether its receipt is to be sent.
    pub(super) fn take(
        &mut self,
        now: ClockTime,
        system_id: &Arc<str>,
        submit: SubmitSm,
    ) -> (ReceivedSms, bool) {
        let arrival = Arrival {
            number: self.next_number,
            system_id: Arc::clone(system_id),
            at: now,
            wall: self.wall(now),
            charset: self.behaviour.charset,
        };
        self.next_number = self.next_number.wrapping_add(1);
        let sms = ReceivedSms::new(arrival, submit);
        self.counters.taken = self.counters.taken.saturating_add(1);
        self.keep(sms.clone());
        let state = self.behaviour.receipts;
        let receipt = state.is_some_and(|state| sms.wants_receipt(state == FinalState::Delivered));
        (sms, receipt)
    }

    fn keep(&mut self, sms: ReceivedSms) {
        if self.kept.len() >= self.behaviour.limits.kept {
            self.kept.pop_front();
        }
        if self.behaviour.limits.kept > 0 {
            self.kept.push_back(sms);
        }
    }

    /// A kept message by its number; numbers follow each other.
    pub(super) fn find(&self, number: u64) -> Option<&ReceivedSms> {
        let oldest = self.kept.front()?.number();
        let index = usize::try_from(number.wrapping_sub(oldest)).ok()?;
        self.kept.get(index)
    }

    /// Puts a receipt where any session of its system_id finds it. When too many wait, the one that is
    /// due first there is dropped.
    pub(super) fn post(&mut self, due: ClockTime, receipt: Receipt) {
        let waiting = self.mail.entry(Arc::clone(receipt.sms.owner())).or_default();
        waiting.push(due, receipt);
        self.mail_version = self.mail_version.wrapping_add(1);
        if self.mailed < self.behaviour.limits.receipts {
            self.mailed += 1;
        } else if waiting.pop().is_some() {
            self.counters.receipts_dropped = self.counters.receipts_dropped.saturating_add(1);
        }
    }

    /// When the next receipt for `system_id` is due.
    pub(super) fn mail_due(&self, system_id: &Arc<str>) -> Option<ClockTime> {
        self.mail.get(system_id)?.next_due()
    }

    /// Takes a receipt for `system_id` that is due.
    pub(super) fn fetch_mail(&mut self, system_id: &Arc<str>, now: ClockTime) -> Option<Receipt> {
        let waiting = self.mail.get_mut(system_id)?;
        let receipt = waiting.pop_due(now)?;
        if waiting.len() == 0 {
            self.mail.remove(system_id);
        }
        self.mailed = self.mailed.saturating_sub(1);
        Some(receipt)
    }
}
