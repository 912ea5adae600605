use std::fmt;
use std::pin::Pin;
use std::str::FromStr;

use futures_core::Stream;

use crate::{EffectKey, HttpUrl, Invalid, MessageId, PhoneNumber, PortFuture, Refusal, SenderId, SmsText};

/// The port to the SMS transport.
pub trait Messenger: Send + Sync {
    /// Hands one message over. Resolves when the transport has accepted or refused it; what happens to
    /// the message later comes through [`states`](Self::states). The same effect key again gets the
    /// first answer again and sends nothing.
    ///
    /// A dropped future does not take the message back: its outcome still comes as a state.
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal>;

    /// The states of accepted messages from now on, in order for each message. The stream ends when
    /// the transport has closed. A reader that does not keep up may miss states that are not final.
    fn states(&self) -> SmsStates {
        Box::pin(NoStates)
    }
}

impl<M: Messenger + ?Sized> Messenger for std::sync::Arc<M> {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        (**self).send(sms)
    }

    fn states(&self) -> SmsStates {
        (**self).states()
    }
}

/// A stream of states, see [`Messenger::states`].
pub type SmsStates = Pin<Box<dyn Stream<Item = SmsStatus> + Send>>;

struct NoStates;

impl Stream for NoStates {
    type Item = SmsStatus;

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(None)
    }
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutgoingSms {
    /// Names the effect, for transports that must not send twice.
    pub key: EffectKey,
    /// The receiver.
    pub to: PhoneNumber,
    /// What it says.
    pub text: SmsText,
    /// The sender shown; `None`: the connection's own.
    pub from: Option<SenderId>,
    /// Who is told the final state.
    pub report: Option<HttpUrl>,
    /// Most parts the message may have (limit `sms_segments`); more are refused.
    pub max_segments: u8,
}

impl OutgoingSms {
    /// Most parts of a message where nothing else is said.
    pub const DEFAULT_MAX_SEGMENTS: u8 = 10;

    /// A message with the connection's own sender and without a report.
    pub fn new(key: EffectKey, to: PhoneNumber, text: SmsText) -> Self {
        Self {
            key,
            to,
            text,
            from: None,
            report: None,
            max_segments: Self::DEFAULT_MAX_SEGMENTS,
        }
    }
}

/// The transport's promise for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AcceptedSms {
    /// Names the message from now on.
    pub id: MessageId,
    /// Parts it is sent in.
    pub segments: u8,
    /// The alphabet it is sent in.
    pub encoding: SmsEncoding,
}

impl AcceptedSms {
    /// A promise.
    pub fn new(id: MessageId, segments: u8, encoding: SmsEncoding) -> Self {
        Self {
            id,
            segments,
            encoding,
        }
    }
}

/// The alphabet of a message (3GPP TS 23.038).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SmsEncoding {
    /// GSM 7-bit default alphabet.
    Gsm7,
    /// UCS-2, in truth UTF-16 big-endian.
    Ucs2,
}

/// Why the transport did not take a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SmsRefusal {
    /// The message itself is at fault; the same message is refused again.
    #[error("{parameter}: {reason}")]
    Invalid {
        /// The parameter of SendSms that is wrong.
        parameter: &'static str,
        /// Why.
        reason: Invalid,
    },
    /// The text needs more parts than the message may have (limit `sms_segments`).
    #[error("Message: the text needs {segments} parts, the limit `sms_segments` is {limit}")]
    TooLong {
        /// Parts it needs.
        segments: u64,
        /// Parts it may have.
        limit: u8,
    },
    /// No route takes this recipient, or no transport is there at all.
    #[error("{0}")]
    NoRoute(String),
    /// The message centre or the modem answered no.
    #[error("{0}")]
    Centre(String),
    /// The destination policy forbids it, or its budget is used up.
    #[error("{0}")]
    Policy(Refusal),
    /// The queue is full; a later try may succeed.
    #[error("the SMS queue is full")]
    QueueFull,
    /// The effect key is that of another message.
    #[error("the key was used for another message")]
    KeyReused,
    /// The store cannot promise anything now; a later try may succeed.
    #[error("the SMS store is not available: {0}")]
    Store(String),
}

impl SmsRefusal {
    /// The status code a script sees as `$ErrorCode` (OzML reference: status codes; ours from 900).
    pub fn code(&self) -> u16 {
        match self {
            Self::Invalid { .. } | Self::TooLong { .. } => 302,
            Self::NoRoute(_) | Self::Centre(_) => 501,
            Self::Policy(refusal) => refusal.code(),
            Self::QueueFull => 903,
            Self::Store(_) => 904,
            Self::KeyReused => 906,
        }
    }
}

/// Where an accepted message stands. States only move forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SmsState {
    /// Held by us, as durably as the transport promises.
    Accepted,
    /// Given to a link.
    Submitted,
    /// Answered positively by the message centre.
    Sent,
    /// Received by the handset.
    Delivered,
    /// Will not be delivered.
    Failed,
    /// Its validity ended first.
    Expired,
    /// Nobody can tell whether it was sent.
    Unknown,
}

impl SmsState {
    /// The word trace, console and store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Submitted => "submitted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        }
    }

    /// Whether no later state is expected.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Delivered | Self::Failed | Self::Expired | Self::Unknown
        )
    }
}

impl fmt::Display for SmsState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SmsState {
    type Err = Invalid;

    fn from_str(word: &str) -> Result<Self, Invalid> {
        const ALL: [SmsState; 7] = [
            SmsState::Accepted,
            SmsState::Submitted,
            SmsState::Sent,
            SmsState::Delivered,
            SmsState::Failed,
            SmsState::Expired,
            SmsState::Unknown,
        ];
        ALL.into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| Invalid::new(format!("`{}` is no SMS state", word.escape_debug())))
    }
}

/// One message reached one state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SmsStatus {
    /// Which message.
    pub id: MessageId,
    /// Its state now.
    pub state: SmsState,
    /// Why, where there is something to say.
    pub reason: Option<String>,
}

impl SmsStatus {
    /// A state without a reason.
    pub fn new(id: MessageId, state: SmsState) -> Self {
        Self {
            id,
            state,
            reason: None,
        }
    }

    /// The same with its reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}
