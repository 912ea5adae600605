//! What happens at a centre, for those who watch.

use std::fmt;
use std::sync::Arc;

use super::receipt::FinalState;
use super::received::ReceivedSms;
use crate::events::Missed;

/// Something that happened at a test centre.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A session was bound.
    Bound {
        /// Which session.
        session: u64,
        /// Who.
        system_id: Arc<str>,
        /// For what.
        kind: BindKind,
    },
    /// A bind was refused.
    BindRefused {
        /// Which session.
        session: u64,
        /// The SMPP `command_status`.
        status: u32,
    },
    /// A message was taken.
    Sms(ReceivedSms),
    /// A message was refused.
    Refused {
        /// Which session.
        session: u64,
        /// The SMPP `command_status`.
        status: u32,
    },
    /// A receipt was sent.
    ReceiptSent {
        /// For which message.
        sms: ReceivedSms,
        /// What it tells.
        state: FinalState,
    },
    /// A receipt was answered.
    ReceiptAnswered {
        /// For which message.
        sms: ReceivedSms,
        /// The peer's `command_status`; 0 when it took the receipt.
        status: u32,
    },
    /// A session ended.
    Closed {
        /// Which session.
        session: u64,
        /// Why.
        reason: CloseReason,
    },
    /// The watcher was too slow: so many events were dropped.
    Missed(u64),
}

impl From<Missed> for Event {
    fn from(Missed(count): Missed) -> Self {
        Self::Missed(count)
    }
}

/// What a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BindKind {
    /// Submit.
    Transmitter,
    /// Be given receipts.
    Receiver,
    /// Both.
    Transceiver,
}

impl BindKind {
    /// Whether the session may submit.
    pub const fn submits(self) -> bool {
        matches!(self, Self::Transmitter | Self::Transceiver)
    }

    /// Whether the session may be given receipts.
    pub const fn receives(self) -> bool {
        matches!(self, Self::Receiver | Self::Transceiver)
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CloseReason {
    /// The peer unbound, or answered our unbind.
    Unbound,
    /// The peer closed the connection, or it broke.
    Disconnected,
    /// [`Behaviour::cut_every`](super::Behaviour::cut_every).
    Cut,
    /// The peer sent a `command_length` that cannot be.
    BadLength,
    /// The peer did not bind in 10 s.
    NotBound,
    /// The peer did not answer an enquire_link or an unbind, or read nothing, for 10 s.
    NoAnswer,
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unbound => "unbound",
            Self::Disconnected => "disconnected",
            Self::Cut => "cut",
            Self::BadLength => "bad command_length",
            Self::NotBound => "not bound in time",
            Self::NoAnswer => "no answer",
        })
    }
}
