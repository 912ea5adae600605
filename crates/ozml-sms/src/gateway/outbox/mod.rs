//! The messages of a gateway, from their acceptance to their end. Pure: events and the time go in; effects, a
//! batch for the store and the next moment to wake up come out.
//!
//! Nothing leaves before it is written: an acceptance is answered, a hand-over begins and a state is told when
//! the batch that holds it is durable.

mod admin;
mod answers;
mod batch;
mod commit;
mod connection;
pub(crate) mod counters;
pub(crate) mod event;
mod hand_over;
mod health;
mod incoming;
mod lane;
mod links;
mod message;
mod modems;
mod open;
mod queue;
mod receipts;
mod retry;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod timers;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ozml_session::{ConnectionName, SmsRefusal, SmsState};

use self::batch::{After, Pending};
use self::connection::Connection;
use self::counters::{Counters, count};
use self::event::{Effect, Now};
use self::message::{Message, Phase};
use crate::gateway::config::QueueLimits;
use crate::gateway::incoming::Incoming;
use crate::gateway::pins::RefusedPins;
use crate::gateway::report;
use crate::store::{Change, MessageNumber, Progress, SmsRecord};

pub use self::admin::{ConnectionStatus, QueueStatus};

/// The messages of a gateway.
#[derive(Debug)]
pub(crate) struct Outbox<R> {
    messages: HashMap<MessageNumber, Message>,
    bytes: u64,
    connections: Vec<Connection>,
    by_name: HashMap<ConnectionName, u16>,
    timers: BTreeSet<(u64, MessageNumber)>,
    pending: Pending<R>,
    /// What follows the batch that is being written.
    writing: Option<Vec<After<R>>>,
    /// Nothing is written before this moment, since the last try failed.
    retry_at: u64,
    /// Whether the last commit failed.
    is_failing: bool,
    /// Why the store takes nothing at present.
    store_fault: Option<String>,
    /// When a full disk refused a commit, while none has succeeded since.
    full_at: Option<u64>,
    effects: Vec<Effect<R>>,
    last_number: u64,
    limits: QueueLimits,
    incoming: Incoming,
    pins: RefusedPins,
    /// Messages that came in and nobody took yet.
    kept: u64,
    counters: Counters,
    /// Why no more messages are accepted.
    closing: Option<&'static str>,
    /// Whether nothing new is handed over.
    is_stopping: bool,
}

impl<R> Outbox<R> {
    pub(crate) fn new(limits: QueueLimits, incoming: Incoming, pins: RefusedPins) -> Self {
        Self {
            messages: HashMap::new(),
            bytes: 0,
            connections: Vec::new(),
            by_name: HashMap::new(),
            timers: BTreeSet::new(),
            pending: Pending::default(),
            writing: None,
            retry_at: 0,
            is_failing: false,
            store_fault: None,
            full_at: None,
            effects: Vec::new(),
            last_number: 0,
            limits,
            incoming,
            pins,
            kept: 0,
            counters: Counters::default(),
            closing: None,
            is_stopping: false,
        }
    }

    /// Takes what is to be done now.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect<R>> {
        std::mem::take(&mut self.effects)
    }

    /// Takes a message that was planned. It is answered when it is durable, or refused.
    pub(crate) fn accept(&mut self, now: Now, mut record: SmsRecord, progress: Progress, asker: R) {
        if let Some(refusal) = self.refusal(&record) {
            return self.effects.push(Effect::Answer {
                asker,
                result: Err(refusal),
            });
        }
        self.last_number = self.last_number.saturating_add(1);
        let number = MessageNumber(self.last_number);
        record.number = number;
        let record = Arc::new(record);
        let expires = now.moment_of(record.expires_at);
        self.pending
            .changes
            .push(Change::Accept(Arc::clone(&record), progress.clone()));
        self.insert(number, Message::new(record, progress, expires));
        self.pending.after.push(After::Accepted { number, asker });
    }

    /// Why a message is not taken at present.
    pub(crate) fn refusal(&self, record: &SmsRecord) -> Option<SmsRefusal> {
        if let Some(reason) = self.closing {
            return Some(SmsRefusal::NoRoute(reason.to_owned()));
        }
        if let Some(fault) = &self.store_fault {
            return Some(SmsRefusal::Store(fault.clone()));
        }
        let text = u64::try_from(record.text.as_str().len()).unwrap_or(u64::MAX);
        let is_full = self.messages.len() >= self.limits.messages
            || self.bytes.saturating_add(text) > self.limits.bytes;
        is_full.then_some(SmsRefusal::QueueFull)
    }

    fn insert(&mut self, number: MessageNumber, message: Message) {
        self.bytes = self.bytes.saturating_add(message.bytes());
        self.messages.insert(number, message);
    }

    fn remove(&mut self, number: MessageNumber) -> Option<Message> {
        let message = self.messages.remove(&number)?;
        self.bytes = self.bytes.saturating_sub(message.bytes());
        if let Some(at) = message.timer {
            self.timers.remove(&(at, number));
        }
        Some(message)
    }

    /// Its progress goes into the next batch.
    fn write(&mut self, number: MessageNumber) {
        if let Some(message) = self.messages.get_mut(&number)
            && !message.is_dirty
        {
            message.is_dirty = true;
            self.pending.dirty.push(number);
        }
    }

    /// The moment at which a message is looked at again.
    fn wake_at(&mut self, number: MessageNumber, at: Option<u64>) {
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        if message.timer == at {
            return;
        }
        if let Some(before) = std::mem::replace(&mut message.timer, at) {
            self.timers.remove(&(before, number));
        }
        if let Some(at) = at {
            self.timers.insert((at, number));
        }
    }

    /// Brings a message to a state, written and then told.
    fn enter(&mut self, now: Now, number: MessageNumber, state: SmsState, reason: Option<Arc<str>>) {
        if let Some(message) = self.messages.get_mut(&number) {
            message.enter(now.wall, state, reason);
            let connection = message.progress.history.last();
            let connection = connection.and_then(|entry| entry.connection.clone());
            self.pending.after.push(After::Tell(message.status(), connection));
            self.write(number);
        }
    }

    /// Brings a message to its end.
    fn end(&mut self, now: Now, number: MessageNumber, state: SmsState, reason: Option<Arc<str>>) {
        self.enter(now, number, state, reason);
        self.close(now, number);
    }

    /// A message is through in the state it has.
    fn close(&mut self, now: Now, number: MessageNumber) {
        let Some(message) = self.messages.get_mut(&number) else {
            return;
        };
        message.phase = Phase::Ended;
        let ended = self
            .counters
            .ended
            .entry(message.progress.state.as_str())
            .or_default();
        count(ended);
        if let Some(report) = report::report(&message.record, &message.progress, now.wall) {
            self.pending.changes.push(Change::PutNote(report::note(&report)));
            self.pending.after.push(After::Report(report));
        }
        self.forget_receipts(number);
        self.wake_at(number, None);
        self.write(number);
        self.pending.after.push(After::Forget(number));
    }
}
