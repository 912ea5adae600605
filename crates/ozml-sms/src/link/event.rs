//! What a session tells.

use std::fmt;

use super::arrival::Arrival;
use super::names::{PartToken, SessionId};
use super::peer::Peer;
use crate::gsm::{ModemEnd, ModemError, ModemHealth};
use crate::smpp::{Closed, Status};

/// What happened in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkEvent {
    /// The session is up.
    Bound { peer: Peer },
    /// A part has its outcome. Each submit gets exactly one of this and [`Self::NotSent`].
    Answered { token: PartToken, answer: Answer },
    /// A part did not leave: it goes back untouched.
    NotSent { token: PartToken },
    /// A message or a receipt came in; whoever keeps it waits for
    /// [`LinkCommand::AnswerArrival`](super::LinkCommand::AnswerArrival).
    Arrived { sequence: u32, arrival: Box<Arrival> },
    /// What was taken is gone from the memory of the modem, which will not tell of it any more. The fingerprint is
    /// that of the message.
    Cleared { sequence: u32, fingerprint: [u8; 16] },
    /// How the modem is, when that changes.
    Health(ModemHealth),
    /// The SIM card is given its PIN: until [`Self::PinTaken`] it counts as refused.
    PinGiven,
    /// The SIM card took its PIN.
    PinTaken,
    /// The SIM card refused its PIN: it must not be given again, not by the next process either.
    PinRefused,
    /// The session is over, always the last event. A submit that was not answered by now came too late
    /// and never left.
    Ended(LinkEnd),
}

/// What came of a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It was taken. Its name in receipts; empty when it got none.
    Accepted { message_id: String },
    /// It was not.
    Refused(Refusal),
    /// Nobody can tell, and why.
    Unknown(&'static str),
}

/// Why a part was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refusal {
    /// The message centre said so.
    Smpp(Status),
    /// The modem said so, for itself or for its network.
    Gsm(ModemError),
}

impl Refusal {
    /// Who refused.
    pub(crate) fn by(self) -> &'static str {
        match self {
            Self::Smpp(_) => "the message centre",
            Self::Gsm(_) => "the modem",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smpp(status) => status.fmt(f),
            Self::Gsm(error) => error.fmt(f),
        }
    }
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkEnd {
    /// There was no connection.
    #[error("{0}")]
    ConnectFailed(String),
    /// The centre refused the bind.
    #[error("the message centre refused the bind: {0}")]
    BindRefused(Status),
    /// Another end of a session with a message centre; [`Closed::Unbound`] is one that we asked for.
    #[error("{0}")]
    Closed(Closed),
    /// The end of a session with a modem; [`ModemEnd::Closed`] is one that we asked for.
    #[error("{0}")]
    Modem(ModemEnd),
}

impl LinkEnd {
    /// Refusals that only a person can mend: RINVPASWD, RINVSYSID, RBINDFAIL, RINVSYSTYP.
    const PERMANENT: [Status; 4] = [Status(0x0E), Status(0x0F), Status(0x0D), Status(0x53)];

    /// Whether we asked for it.
    pub(crate) fn is_orderly(&self) -> bool {
        matches!(
            self,
            Self::Closed(Closed::Unbound) | Self::Modem(ModemEnd::Closed)
        )
    }

    /// Whether the next session will end as this one did until a person has mended something.
    pub(crate) fn needs_person(&self) -> bool {
        match self {
            Self::BindRefused(status) => Self::PERMANENT.contains(status),
            Self::Modem(ModemEnd::NeedsPerson(_)) => true,
            _ => false,
        }
    }
}

impl From<Closed> for LinkEnd {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::BindRefused(status) => Self::BindRefused(status),
            closed => Self::Closed(closed),
        }
    }
}

impl From<ModemEnd> for LinkEnd {
    fn from(end: ModemEnd) -> Self {
        Self::Modem(end)
    }
}

/// What happened in one turn of a session, in order; never empty.
#[derive(Debug)]
pub(crate) struct LinkEvents {
    pub(crate) session: SessionId,
    pub(crate) events: Vec<LinkEvent>,
}
