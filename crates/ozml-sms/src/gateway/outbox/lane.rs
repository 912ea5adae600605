//! One session as the outbox sees it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use crate::gateway::throttle::Throttle;
use crate::gateway::{PartToken, SessionId};
use crate::link::PartPdu;
use crate::store::MessageNumber;

/// A part that is noted and waits for its place in the window.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) token: PartToken,
    pub(crate) pdu: PartPdu,
    /// How often nobody could tell what came of its message.
    pub(crate) unknown_handovers: u8,
}

impl Ready {
    fn suspicion(&self) -> Suspicion {
        match self.unknown_handovers {
            0 => Suspicion::None,
            1 => Suspicion::Some,
            _ => Suspicion::Strong,
        }
    }
}

/// Whether a part may be what breaks the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Suspicion {
    /// It was under way at no break.
    #[default]
    None,
    /// It was at one.
    Some,
    /// It was at more.
    Strong,
}

/// What the latest outcomes say about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Trust {
    /// It answers.
    #[default]
    Answers,
    /// The latest outcome is unknown.
    Silent,
    /// The one before it broke with parts under way. One part at a time, until one is answered: what breaks
    /// every session must not break this one before it has shown that it works.
    Careful,
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
    on_wire: BTreeMap<PartToken, Suspicion>,
    /// How many of them are suspected, by how much.
    suspected: [usize; 2],
    /// Parts that left and whose outcome is not durable: what may be doubled by a crash.
    unsettled: usize,
    trust: Trust,
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
            on_wire: BTreeMap::new(),
            suspected: [0; 2],
            unsettled: 0,
            trust: Trust::default(),
            throttle,
        }
    }

    /// In place of the one before, whose outcomes may not be durable yet.
    pub(crate) fn following(mut self, before: Option<Self>) -> Self {
        if let Some(before) = before {
            self.noting = before.noting;
            self.unsettled = before.unsettled;
            self.trust = before.trust;
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
        if self.trust == Trust::Silent {
            self.trust = Trust::Careful;
        }
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
        let first = self.ready.get(self.next_place()?)?;
        let is_free = self.unsettled < self.window && self.on_wire.len() < self.most_with(first.suspicion());
        (self.is_up && is_free).then_some(first)
    }

    /// How many parts may be under way together with one of this suspicion. Each link that breaks makes all of
    /// them unknown, so that what broke it has ever fewer others with it: of a window that broke, as many as its
    /// root, then none.
    fn most_with(&self, suspicion: Suspicion) -> usize {
        let [suspected, strongly] = self.suspected;
        let worst = match suspicion {
            _ if self.trust == Trust::Careful || strongly > 0 => Suspicion::Strong,
            Suspicion::None if suspected > 0 => Suspicion::Some,
            own => own,
        };
        match worst {
            Suspicion::None => self.window,
            Suspicion::Some => self.window.isqrt(),
            Suspicion::Strong => 1,
        }
    }

    /// Where the next part is: in front, but to see whether a session works, the one that is least likely to be
    /// what broke the last one.
    fn next_place(&self) -> Option<usize> {
        if self.trust != Trust::Careful {
            return Some(0);
        }
        let suspicion = |(_, ready): &(usize, &Ready)| {
            let PartToken { number, part } = ready.token;
            (ready.unknown_handovers, Reverse(number), part)
        };
        let best = self.ready.iter().enumerate().min_by_key(suspicion);
        best.map(|(place, _)| place)
    }

    /// The next part leaves.
    pub(crate) fn pop(&mut self) -> Option<Ready> {
        let ready = self.ready.remove(self.next_place()?)?;
        let suspicion = ready.suspicion();
        self.on_wire.insert(ready.token, suspicion);
        if let Some(count) = self.suspected_as(suspicion) {
            *count = count.saturating_add(1);
        }
        self.unsettled = self.unsettled.saturating_add(1);
        Some(ready)
    }

    /// A part has its answer.
    pub(crate) fn on_left_wire(&mut self, token: PartToken) {
        let suspicion = self.on_wire.remove(&token).unwrap_or_default();
        if let Some(count) = self.suspected_as(suspicion) {
            *count = count.saturating_sub(1);
        }
    }

    fn suspected_as(&mut self, suspicion: Suspicion) -> Option<&mut usize> {
        let [suspected, strongly] = &mut self.suspected;
        match suspicion {
            Suspicion::None => None,
            Suspicion::Some => Some(suspected),
            Suspicion::Strong => Some(strongly),
        }
    }

    /// The centre answered.
    pub(crate) fn on_answered(&mut self) {
        self.trust = Trust::Answers;
    }

    /// A part has no answer and will have none.
    pub(crate) fn on_unanswered(&mut self) {
        if self.trust == Trust::Answers {
            self.trust = Trust::Silent;
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

    /// The parts of a message that left and have no answer yet.
    pub(crate) fn out(&self, number: MessageNumber) -> impl Iterator<Item = PartToken> {
        let parts = PartToken { number, part: 0 }..=PartToken {
            number,
            part: u8::MAX,
        };
        self.on_wire.range(parts).map(|(token, _)| *token)
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
        self.on_wire.keys().copied().collect()
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
