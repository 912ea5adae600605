//! What a session tells.

use super::deliver::Deliver;
use super::frame::{BadLength, Frame};
use super::status::Status;

/// Names a submit among those of its session that wait for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub(crate) u32);

/// What came of a submit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The centre took it.
    Accepted {
        /// The centre's name for it, empty when it gave none.
        message_id: String,
    },
    /// The centre said no.
    Refused(Status),
    /// Nobody can tell, and why.
    Unknown(&'static str),
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The bind was accepted.
    Bound {
        /// The centre's `system_id`.
        centre: String,
    },
    /// A submit has its outcome.
    Answered {
        /// Which one.
        ticket: Ticket,
        /// Its outcome.
        answer: Answer,
    },
    /// A message or a receipt came in. The centre keeps it until
    /// [`Session::answer_deliver`](super::Session::answer_deliver) takes it.
    Delivered {
        /// Names it in the answer.
        sequence: u32,
        /// What came.
        deliver: Deliver,
    },
    /// A `deliver_sm` came that even our reader cannot read; it is refused already (RX_P_APPN).
    Unreadable(Frame),
    /// The session is over. Always the last event.
    Closed(Closed),
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Closed {
    /// The centre refused the bind.
    #[error("the message centre refused the bind: {0}")]
    BindRefused(Status),
    /// The centre did not answer the bind in time.
    #[error("the message centre did not answer the bind in time")]
    NoBindAnswer,
    /// The connection broke.
    #[error("the connection to the message centre was cut")]
    LinkLost,
    /// The centre did not answer an enquire_link in time.
    #[error("the message centre does not answer any more")]
    LinkDead,
    /// The centre sent something that is no PDU.
    #[error("the message centre sent no SMPP: {0}")]
    BadLength(BadLength),
    /// The centre ended the session.
    #[error("the message centre ended the session")]
    ByPeer,
    /// We ended the session.
    #[error("the connection is closed")]
    Unbound,
}

/// Why a submit cannot go now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// As many wait for an answer as may.
    #[error("the window is full")]
    WindowFull,
    /// The session is not bound, or bound as a receiver.
    #[error("the session is not bound for sending")]
    NotBound,
}

/// Oddities of the peer, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Answers to nothing we asked: late, doubled, or of another kind than the request.
    pub unmatched_answers: u64,
    /// Requests with a command we do not know.
    pub unknown_commands: u64,
    /// `deliver_sm` with a body that ends too early.
    pub unreadable: u64,
}
