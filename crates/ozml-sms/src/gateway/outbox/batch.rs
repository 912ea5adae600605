//! What is to be written, and what may be done once it is.

use ozml_session::{ConnectionName, Notification, ReceivedSms, SmsStatus};

use crate::gateway::SessionId;
use crate::store::{Change, MessageNumber};

/// Something that waits for a commit.
#[derive(Debug)]
pub(crate) enum After<R> {
    /// An acceptance is durable: its asker hears it, the message enters its line.
    Accepted { number: MessageNumber, asker: R },
    /// "Handing over" is noted: the parts may leave.
    Release(MessageNumber),
    /// The outcome of a part is durable: its place in the window is free.
    Settle(SessionId),
    /// A state may be told, with the connection that took part.
    Tell(SmsStatus, Option<ConnectionName>),
    /// An end may be reported.
    Report(Notification),
    /// What came in is ours: its sender hears OK.
    Taken { session: SessionId, sequence: u32 },
    /// A message that came in may be handed on.
    Receive(ReceivedSms),
    /// A message is through and need not be remembered.
    Forget(MessageNumber),
}

impl<R> After<R> {
    /// Whether it is an answer that a session gives.
    pub(crate) fn is_answer_of(&self, of: SessionId) -> bool {
        matches!(self, Self::Taken { session, .. } if *session == of)
    }
}

/// Changes in their order and what follows them.
#[derive(Debug)]
pub(crate) struct Pending<R> {
    /// All but progress.
    pub(crate) changes: Vec<Change>,
    /// Messages whose progress changed.
    pub(crate) dirty: Vec<MessageNumber>,
    pub(crate) after: Vec<After<R>>,
}

impl<R> Default for Pending<R> {
    fn default() -> Self {
        Self {
            changes: Vec::new(),
            dirty: Vec::new(),
            after: Vec::new(),
        }
    }
}

impl<R> Pending<R> {
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.dirty.is_empty() && self.after.is_empty()
    }
}
