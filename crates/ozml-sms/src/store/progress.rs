use std::sync::Arc;

use ozml_session::{ConnectionName, SmsState, WallTime};

/// How far a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Its state.
    pub state: SmsState,
    /// Why, where there is something to say.
    pub reason: Option<Arc<str>>,
    /// Which of its connections it goes through: an index.
    pub target: u8,
    /// Its reference, when it is sent in parts.
    pub reference: u8,
    /// Hand-overs on this connection that were refused for a while.
    pub tries: u16,
    /// Hand-overs of which nobody can tell what came.
    pub unknown_handovers: u8,
    /// Whether it may have been sent before.
    pub possible_duplicate: bool,
    /// Whether it was given up and waits for a person.
    pub parked: bool,
    /// When it is tried again.
    pub next_try: Option<WallTime>,
    /// Until when it is worth sending, when a person gave it more time than its record has.
    pub extended_to: Option<WallTime>,
    /// Its parts, in order.
    pub parts: Vec<PartProgress>,
    /// What happened to it, oldest first.
    pub history: Vec<HistoryEntry>,
}

impl Progress {
    /// Of a message of so many parts that was just accepted.
    pub fn accepted(at: WallTime, parts: u8) -> Self {
        Self {
            state: SmsState::Accepted,
            reason: None,
            target: 0,
            reference: 0,
            tries: 0,
            unknown_handovers: 0,
            possible_duplicate: false,
            parked: false,
            next_try: None,
            extended_to: None,
            parts: vec![PartProgress::default(); usize::from(parts)],
            history: vec![HistoryEntry {
                at,
                state: SmsState::Accepted,
                connection: None,
                reason: None,
            }],
        }
    }

    /// The reason of a message whose sender was told that it is not accepted, though it is there.
    pub(crate) const REFUSED: &str = "its acceptance could not be written, and its sender was told so";

    /// Whether its sender was told that it is not accepted.
    pub(crate) fn was_refused(&self) -> bool {
        self.state == SmsState::Failed && self.reason.as_deref() == Some(Self::REFUSED)
    }

    /// Brings it to a state without a connection that takes part.
    pub(crate) fn note(&mut self, at: WallTime, state: SmsState, reason: Option<Arc<str>>) {
        self.state = state;
        self.reason.clone_from(&reason);
        let mut entry = HistoryEntry::new(at, state);
        entry.reason = reason;
        self.history.push(entry);
    }

    /// Whether nothing more is to be done: no later state is expected, or it is through where no receipts
    /// are asked for (its parts then have no ids that are awaited).
    pub fn is_ended(&self) -> bool {
        self.state.is_final()
            || (self.state == SmsState::Sent && self.parts.iter().all(|part| part.centre_id.is_none()))
    }
}

/// How far a part is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PartProgress {
    /// Its state.
    pub state: PartState,
    /// The centre's name for it, while its receipt is awaited.
    pub centre_id: Option<Arc<str>>,
    /// Why, where there is something to say.
    pub reason: Option<Arc<str>>,
}

/// Where a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum PartState {
    /// Waits for its turn.
    #[default]
    Waiting,
    /// Handed over, no answer yet.
    Out,
    /// The centre took it.
    Sent,
    /// The handset has it.
    Delivered,
    /// It will not arrive.
    Failed,
    /// Its validity ended first.
    Expired,
    /// Nobody can tell.
    Unknown,
}

/// Something that happened to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// When.
    pub at: WallTime,
    /// The state it had then.
    pub state: SmsState,
    /// The connection that took part.
    pub connection: Option<ConnectionName>,
    /// Why, where there is something to say.
    pub reason: Option<Arc<str>>,
}

impl HistoryEntry {
    /// An entry without a connection and a reason.
    pub fn new(at: WallTime, state: SmsState) -> Self {
        Self {
            at,
            state,
            connection: None,
            reason: None,
        }
    }
}
