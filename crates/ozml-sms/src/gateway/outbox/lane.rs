//! One session as the outbox sees it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rusmpp::pdus::SubmitSm;

use crate::gateway::throttle::Throttle;
use crate::gateway::{PartToken, SessionId};
use crate::store::MessageNumber;

/// A part that is noted and waits for its place in the window.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) token: PartToken,
    pub(crate) message: Box<SubmitSm>,
    /// Whether nothing else may be under way with it.
    pub(crate) alone: bool,
}

/// A session: what is noted for it, what is under way, and what is not written yet.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) id: SessionId,
    pub(crate) is_up: bool,
    /// Whether its session was told to end: it takes nothing until the next one is there.
    is_ending: bool,
    /// 0: it takes nothing.
    window: usize,
    /// Parts whose note is being written.
    noting: usize,
    ready: VecDeque<Ready>,
    /// Parts put back since the centre was busy, by the moment at which they may go.
    delayed: BTreeMap<(u64, PartToken), Ready>,
    /// Parts without an answer.
    on_wire: BTreeSet<PartToken>,
    /// Parts that left and whose outcome is not durable: what may be doubled by a crash.
    unsettled: usize,
    /// The part that is alone.
    alone: Option<PartToken>,
    pub(crate) throttle: Throttle,
}

impl Lane {
    pub(crate) fn new(id: SessionId, window: usize, throttle: Throttle) -> Self {
        Self {
            id,
            is_up: false,
            is_ending: false,
            window,
            noting: 0,
            ready: VecDeque::new(),
            delayed: BTreeMap::new(),
            on_wire: BTreeSet::new(),
            unsettled: 0,
            alone: None,
            throttle,
        }
    }

    /// In place of the one before, whose outcomes may not be durable yet.
    pub(crate) fn following(mut self, before: Option<Self>) -> Self {
        if let Some(before) = before {
            self.noting = before.noting;
            self.unsettled = before.unsettled;
        }
        self
    }

    /// Whether another message of so many parts may be noted for it.
    pub(crate) fn has_room(&self, parts: usize) -> bool {
        let held = self.noting.saturating_add(self.ready.len());
        self.is_up && self.window > 0 && (held == 0 || held.saturating_add(parts) <= self.window)
    }

    /// Its session is bound; one that was to end before goes on to its end.
    pub(crate) fn on_bound(&mut self) {
        self.is_up = !self.is_ending;
    }

    /// Its session is to end. False when it is not up anyway.
    pub(crate) fn begin_end(&mut self) -> bool {
        self.is_ending = true;
        std::mem::take(&mut self.is_up)
    }

    /// Its session is over.
    pub(crate) fn on_ended(&mut self) {
        self.is_up = false;
        self.is_ending = false;
    }

    pub(crate) fn on_noting(&mut self, parts: usize) {
        self.noting = self.noting.saturating_add(parts);
    }

    pub(crate) fn on_noted(&mut self, parts: usize) {
        self.noting = self.noting.saturating_sub(parts);
    }

    pub(crate) fn push(&mut self, ready: Ready) {
        self.ready.push_back(ready);
    }

    /// Takes back a part that the centre was too busy for: it goes again at `due`, and keeps its place.
    pub(crate) fn put_back(&mut self, due: u64, ready: Ready) {
        self.on_left_wire(ready.token);
        self.delayed.insert((due, ready.token), ready);
    }

    /// Moves what may go again to the front.
    pub(crate) fn wake_delayed(&mut self, now: u64) {
        while let Some(entry) = self.delayed.first_entry() {
            if entry.key().0 > now {
                break;
            }
            self.unsettled = self.unsettled.saturating_sub(1);
            self.ready.push_front(entry.remove());
        }
    }

    /// The next part, if the window has a place for it.
    pub(crate) fn front(&self) -> Option<&Ready> {
        let first = self.ready.front()?;
        let is_free = self.unsettled < self.window && self.alone.is_none();
        (self.is_up && is_free && (!first.alone || self.on_wire.is_empty())).then_some(first)
    }

    /// The next part leaves.
    pub(crate) fn pop(&mut self) -> Option<Ready> {
        let ready = self.ready.pop_front()?;
        self.on_wire.insert(ready.token);
        self.unsettled = self.unsettled.saturating_add(1);
        self.alone = ready.alone.then_some(ready.token);
        Some(ready)
    }

    /// A part has its answer.
    pub(crate) fn on_left_wire(&mut self, token: PartToken) {
        self.on_wire.remove(&token);
        if self.alone == Some(token) {
            self.alone = None;
        }
    }

    /// One more outcome is durable.
    pub(crate) fn settle(&mut self) {
        self.unsettled = self.unsettled.saturating_sub(1);
    }

    /// Takes the parts of a message that have not left.
    pub(crate) fn withdraw(&mut self, number: MessageNumber) -> Vec<PartToken> {
        let mut taken = Vec::new();
        let mut stays = |token: PartToken| {
            let is_other = token.number != number;
            if !is_other {
                taken.push(token);
            }
            is_other
        };
        self.ready.retain(|ready| stays(ready.token));
        let delayed = self.delayed.len();
        self.delayed.retain(|(_, token), _| stays(*token));
        let put_back = delayed.saturating_sub(self.delayed.len());
        self.unsettled = self.unsettled.saturating_sub(put_back);
        taken
    }

    /// Takes everything that has not left, in order.
    pub(crate) fn take_all(&mut self) -> Vec<PartToken> {
        let delayed = std::mem::take(&mut self.delayed);
        self.unsettled = self.unsettled.saturating_sub(delayed.len());
        let delayed = delayed.into_values().map(|ready| ready.token);
        let ready = std::mem::take(&mut self.ready);
        delayed
            .chain(ready.into_iter().map(|ready| ready.token))
            .collect()
    }

    /// How many parts are under way.
    pub(crate) fn on_wire(&self) -> usize {
        self.on_wire.len()
    }

    /// The parts that are under way still, though their session is over: they came too late and never left.
    pub(crate) fn stranded(&self) -> Vec<PartToken> {
        self.on_wire.iter().copied().collect()
    }

    /// Whether nothing is with it in any way.
    pub(crate) fn is_idle(&self) -> bool {
        self.noting == 0 && self.ready.is_empty() && self.delayed.is_empty() && self.unsettled == 0
    }

    /// When a part that was put back may go again.
    pub(crate) fn next_wake_up(&self) -> Option<u64> {
        self.delayed.first_key_value().map(|((due, _), _)| *due)
    }
}
