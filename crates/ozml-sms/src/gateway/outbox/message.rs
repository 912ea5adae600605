//! A message in memory.

use std::sync::Arc;

use ozml_session::{AcceptedSms, SmsState, SmsStatus, WallTime};

use crate::gateway::SessionId;
use crate::link::Refusal;
use crate::store::{HistoryEntry, PartState, Progress, SmsRecord};

/// What happened to a message is kept up to here; then the second oldest entry gives way.
const MAX_HISTORY: usize = 64;

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Not durable yet.
    Accepting,
    /// In the line of a connection: its index.
    Waiting(u16),
    /// Its next try has a time.
    Pausing,
    /// With a session.
    With(SessionId),
    /// Sent; its receipts are awaited.
    Awaiting,
    /// Through, but for what is still to be written.
    Ended,
}

/// What the answers to the parts came to, the worse ones later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Trouble {
    /// None.
    #[default]
    None,
    /// A part never left.
    NotSent,
    /// The session was at fault.
    Session(Refusal),
    /// The centre refused for now.
    Temporary(Refusal),
    /// Nobody can tell.
    Unknown(&'static str),
    /// The centre refused for good.
    Permanent(Refusal),
}

/// A message and everything about it that is not kept.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) record: Arc<SmsRecord>,
    pub(crate) progress: Progress,
    pub(crate) phase: Phase,
    /// When it expires, on the clock for waiting.
    pub(crate) expires: u64,
    /// Its entry among the timers.
    pub(crate) timer: Option<u64>,
    /// Whether its progress is to be written.
    pub(crate) is_dirty: bool,
    /// Whether "handing over" is noted for what happens next, so that it may leave at once.
    pub(crate) is_noted: bool,
    /// Parts with a session that have no answer yet.
    pub(crate) outstanding: u8,
    /// The worst answer so far of this hand-over.
    pub(crate) trouble: Trouble,
    /// Times in a row in which the session was at fault.
    pub(crate) session_faults: u8,
    /// Times its parts were put back since the centre was busy.
    pub(crate) put_back: u32,
    /// When this hand-over began.
    pub(crate) released: u64,
    /// The session it was last handed over to since the start.
    pub(crate) handed_to: Option<SessionId>,
    /// The parts whose outcome nobody knew when this hand-over began: they go through the same connection again.
    pub(crate) repeated: Box<[u8]>,
}

impl Message {
    pub(crate) fn new(record: Arc<SmsRecord>, progress: Progress, expires: u64) -> Self {
        Self {
            record,
            progress,
            phase: Phase::Accepting,
            expires,
            timer: None,
            is_dirty: false,
            is_noted: false,
            outstanding: 0,
            trouble: Trouble::None,
            session_faults: 0,
            put_back: 0,
            released: 0,
            handed_to: None,
            repeated: Box::default(),
        }
    }

    /// Its promise.
    pub(crate) fn accepted(&self) -> AcceptedSms {
        accepted(&self.record)
    }

    /// Its state as others hear it.
    pub(crate) fn status(&self) -> SmsStatus {
        let status = SmsStatus::new(self.record.id.clone(), self.progress.state);
        match &self.progress.reason {
            Some(reason) => status.because(reason.to_string()),
            None => status,
        }
    }

    /// Notes a state; the same one again only with another reason.
    pub(crate) fn enter(&mut self, at: WallTime, state: SmsState, reason: Option<Arc<str>>) {
        self.progress.state = state;
        self.progress.reason.clone_from(&reason);
        let mut entry = HistoryEntry::new(at, state);
        let target = self.record.targets.get(usize::from(self.progress.target));
        entry.connection = target.filter(|_| state != SmsState::Accepted).cloned();
        entry.reason = reason;
        let history = &mut self.progress.history;
        if history.len() >= MAX_HISTORY {
            history.remove(1);
        }
        history.push(entry);
    }

    /// Parts that are still to be handed over.
    pub(crate) fn unsent(&self) -> impl Iterator<Item = u8> + '_ {
        let waits = |state| matches!(state, PartState::Waiting | PartState::Out | PartState::Unknown);
        (0..)
            .zip(&self.progress.parts)
            .filter_map(move |(part, progress)| waits(progress.state).then_some(part))
    }

    /// Whether a part is with a centre already, which binds the others to the same connection.
    pub(crate) fn has_sent_parts(&self) -> bool {
        let is_sent = |state| !matches!(state, PartState::Waiting | PartState::Out | PartState::Unknown);
        self.progress.parts.iter().any(|part| is_sent(part.state))
    }

    pub(crate) fn state_of(&self, part: u8) -> Option<PartState> {
        Some(self.progress.parts.get(usize::from(part))?.state)
    }

    pub(crate) fn set_state(&mut self, part: u8, state: PartState) {
        if let Some(part) = self.progress.parts.get_mut(usize::from(part)) {
            part.state = state;
        }
    }

    /// The state of a part that was not taken in this hand-over.
    pub(crate) fn state_before(&self, part: u8) -> PartState {
        match self.repeated.contains(&part) {
            true => PartState::Unknown,
            false => PartState::Waiting,
        }
    }

    /// What waits for a place: counted for the limits of the queue.
    pub(crate) fn bytes(&self) -> u64 {
        u64::try_from(self.record.text.as_str().len()).unwrap_or(u64::MAX)
    }
}

/// The promise a record is.
pub(crate) fn accepted(record: &SmsRecord) -> AcceptedSms {
    AcceptedSms::new(record.id.clone(), record.segments, record.encoding)
}
