use std::fmt;
use std::ops::BitOr;

use crate::{
    BlindTransfer, CallError, CallId, ClockTime, Digits, Key, PhoneNumber, Played, PortFuture, Prompt,
    Record, Recorded, StopOn, Transferred,
};

/// One leg of a call, as the engine sees it.
///
/// The session reports, the engine decides: it answers when told, plays what it is given and delivers
/// every key as an event. It keeps no keys, runs no menu timers and never answers by itself.
///
/// Operations resolve when they are *finished*. When the far end hangs up, the session itself ends
/// every running operation with [`CallError::HungUp`] and its partial result, within 50 ms. Dropping
/// an operation's future stops what it started. After the end every operation answers `HungUp` at
/// once, except [`hang_up`](Self::hang_up), which is then a success. A session that is dropped
/// without `hang_up` ends its call with cause `normal`.
pub trait CallSession: Send + Sync {
    /// Who calls whom.
    fn info(&self) -> &CallInfo;

    /// Which optional operations this session offers.
    fn capabilities(&self) -> Capabilities;

    /// The next event of this leg, in the order the leg saw them; `Ended` comes after every key
    /// pressed before it. There is one reader, the executor; it keeps the future until it resolves and
    /// stops reading after `Ended`. An error is the last word as well: [`CallError::Transport`] when the
    /// link to the phone system is lost, and `ended` then says cause `error`.
    fn next_event(&self) -> PortFuture<'_, SessionEvent, CallError>;

    /// How the call ended, once it has; does not wait.
    fn ended(&self) -> Option<Ended>;

    /// Answers an incoming call; resolves when media can flow, after at most 32 s.
    fn answer(&self) -> PortFuture<'_, (), CallError>;

    /// Refuses an incoming call that is not answered yet; later it is [`CallError::BadState`].
    fn reject(&self, why: Rejection) -> PortFuture<'_, (), CallError>;

    /// Plays a prompt to its end, or until a key of `until` comes. That key's event is delivered before
    /// this resolves. Other keys are delivered and do not end the prompt.
    fn play<'a>(&'a self, what: &'a Prompt, until: StopOn) -> PortFuture<'a, Played, CallError>;

    /// Ends the call; resolves when the far end has been told, after at most 2 s. Ending an ended call
    /// is a success.
    fn hang_up(&self, cause: Cause) -> PortFuture<'_, (), CallError>;

    /// The engine begins or ends to wait for keys. A hint (prompt of a terminal, in-band detection)
    /// that no session may depend on.
    fn listening(&self, on: bool) {
        let _ = on;
    }

    /// Records the caller until one of the given ends; the file is closed and durable when it resolves.
    fn record<'a>(&'a self, what: &'a Record) -> PortFuture<'a, Recorded, CallError> {
        let _ = what;
        unsupported("record")
    }

    /// Sends keys to the far end; resolves after the last one.
    fn send_digits<'a>(&'a self, digits: &'a Digits) -> PortFuture<'a, (), CallError> {
        let _ = digits;
        unsupported("send_digits")
    }

    /// Puts the far end on hold; holding twice is a success. At most 5 s.
    fn hold(&self) -> PortFuture<'_, (), CallError> {
        unsupported("hold")
    }

    /// Takes the far end back from hold. At most 5 s.
    fn resume(&self) -> PortFuture<'_, (), CallError> {
        unsupported("resume")
    }

    /// Sends the far end to another number; resolves with the final outcome, at most 60 s. On failure
    /// the call is still up and ours.
    fn blind_transfer<'a>(&'a self, what: &'a BlindTransfer) -> PortFuture<'a, Transferred, CallError> {
        let _ = what;
        unsupported("blind_transfer")
    }

    /// Joins the far end with the far end of another call of ours; at most 60 s.
    fn attended_transfer<'a>(&'a self, other: &'a CallId) -> PortFuture<'a, Transferred, CallError> {
        let _ = other;
        unsupported("attended_transfer")
    }
}

fn unsupported<'a, T: Send + 'a>(operation: &'static str) -> PortFuture<'a, T, CallError> {
    Box::pin(std::future::ready(Err(CallError::Unsupported { operation })))
}

/// Which way a call goes, seen from the phone system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Somebody calls us.
    Incoming,
    /// We call somebody.
    Outgoing,
}

/// Who calls whom.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallInfo {
    /// The call's name.
    pub id: CallId,
    /// Which way it goes.
    pub direction: Direction,
    /// The calling number; `None` when it is withheld.
    pub caller: Option<PhoneNumber>,
    /// The number that was dialled.
    pub called: PhoneNumber,
}

impl CallInfo {
    /// An incoming call from a withheld number; set [`caller`](Self::caller) when it is known.
    pub fn incoming(id: CallId, called: PhoneNumber) -> Self {
        Self {
            id,
            direction: Direction::Incoming,
            caller: None,
            called,
        }
    }

    /// A call that we place.
    pub fn outgoing(id: CallId, called: PhoneNumber) -> Self {
        Self {
            id,
            direction: Direction::Outgoing,
            caller: None,
            called,
        }
    }

    /// The same call with its calling number.
    #[must_use]
    pub fn from(mut self, caller: PhoneNumber) -> Self {
        self.caller = Some(caller);
        self
    }
}

/// What a session can do beyond answering, playing and hanging up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities(u16);

impl Capabilities {
    /// Nothing beyond the eight methods every session has.
    pub const NONE: Self = Self(0);
    /// Turns text into speech.
    pub const SPEAK: Self = Self(1);
    /// Records.
    pub const RECORD: Self = Self(1 << 1);
    /// Reports keys.
    pub const KEYS_IN: Self = Self(1 << 2);
    /// Sends keys.
    pub const KEYS_OUT: Self = Self(1 << 3);
    /// Holds and resumes.
    pub const HOLD: Self = Self(1 << 4);
    /// Transfers blind.
    pub const BLIND_TRANSFER: Self = Self(1 << 5);
    /// Transfers attended.
    pub const ATTENDED_TRANSFER: Self = Self(1 << 6);
    /// Plays before it has answered.
    pub const EARLY_MEDIA: Self = Self(1 << 7);

    /// Whether all of `wanted` are offered.
    pub const fn has(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }
}

impl BitOr for Capabilities {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a session reports by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// A key was pressed.
    Key {
        /// Which one.
        key: Key,
        /// When it arrived.
        at: ClockTime,
    },
    /// The far end put us on hold: it hears nothing and can press no keys.
    Held,
    /// The far end took us back.
    Released,
    /// The call is over; the last event.
    Ended(Ended),
}

/// How a call ended. Sticky and final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ended {
    /// Who ended it.
    pub by: EndedBy,
    /// Why.
    pub cause: Cause,
    /// When the session saw the end.
    pub at: ClockTime,
    /// The protocol's own number behind the cause (SIP status, Q.850), where there is one.
    pub native: Option<u16>,
}

impl Ended {
    /// An end without a native code.
    pub fn new(by: EndedBy, cause: Cause, at: ClockTime) -> Self {
        Self {
            by,
            cause,
            at,
            native: None,
        }
    }
}

/// Who ended a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndedBy {
    /// The calling party.
    Caller,
    /// The called party.
    Callee,
    /// The script.
    Script,
    /// The program around the engine, such as a server that shuts down.
    Host,
    /// A limit of the engine.
    Limit,
}

impl EndedBy {
    /// The word the trace uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Callee => "callee",
            Self::Script => "script",
            Self::Host => "host",
            Self::Limit => "limit",
        }
    }
}

/// Why a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// In order.
    Normal,
    /// The far end is busy.
    Busy,
    /// Nobody answered.
    NoAnswer,
    /// The far end refused.
    Rejected,
    /// There is no such number.
    NotFound,
    /// No way to the number, congestion too.
    Unreachable,
    /// The call went on elsewhere.
    Transferred,
    /// An empty script: nothing to answer with.
    Empty,
    /// A limit of the engine was reached.
    Limit,
    /// The run broke down.
    Panic,
    /// Anything else, lost media too.
    Error,
}

impl Cause {
    /// The word the trace uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Rejected => "rejected",
            Self::NotFound => "not-found",
            Self::Unreachable => "unreachable",
            Self::Transferred => "transferred",
            Self::Empty => "empty",
            Self::Limit => "limit",
            Self::Panic => "panic",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How an incoming call is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// The number is busy (SIP 486).
    Busy,
    /// The call is not wanted (SIP 603).
    Declined,
    /// Nobody is there to take it (SIP 480).
    Unavailable,
    /// Another SIP status, 400 to 699.
    Code(u16),
}
