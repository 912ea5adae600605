use std::sync::Arc;

use ozml_session::{
    ConnectionName, EffectKey, HttpUrl, Invalid, MessageId, PhoneNumber, SenderId, SmsEncoding, SmsText,
    WallTime,
};

use super::{OnUnknown, Progress, WhenDown};

/// Names a message in its store: counted from 1 in the order of acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageNumber(pub u64);

/// How urgent a message is: 0 to 3, higher ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Priority(u8);

impl Priority {
    /// The most urgent one.
    pub const MAX: u8 = 3;

    /// Checks the range.
    pub fn new(priority: u8) -> Result<Self, Invalid> {
        if priority <= Self::MAX {
            Ok(Self(priority))
        } else {
            Err(Invalid::new(format!(
                "a priority is 0 to {}, not {priority}",
                Self::MAX
            )))
        }
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// What was accepted, and where it is to go. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SmsRecord {
    /// Its number.
    pub number: MessageNumber,
    /// Its name for everybody else.
    pub id: MessageId,
    /// The effect it is.
    pub key: EffectKey,
    /// The message it is a copy of.
    pub parent: Option<MessageId>,
    /// When it was accepted.
    pub accepted_at: WallTime,
    /// When it is of no use any more.
    pub expires_at: WallTime,
    /// How urgent it is.
    pub priority: Priority,
    /// Whether it may be sent twice.
    pub on_unknown: OnUnknown,
    /// What happens when no connection is up.
    pub when_down: WhenDown,
    /// The recipient asked for.
    pub to: PhoneNumber,
    /// The sender asked for.
    pub from: Option<SenderId>,
    /// What it says.
    pub text: SmsText,
    /// Who is told its end.
    pub report: Option<HttpUrl>,
    /// Whose message it is.
    pub account: Option<Arc<str>>,
    /// Parts it is sent in.
    pub segments: u8,
    /// The alphabet it is sent in.
    pub encoding: SmsEncoding,
    /// The rule that chose its connections.
    pub rule: Arc<str>,
    /// The connections it may go through, the first one first.
    pub targets: Vec<ConnectionName>,
    /// The recipient as the connection gets it.
    pub sent_to: PhoneNumber,
    /// The sender as the connection gets it.
    pub sent_from: Option<SenderId>,
}

impl SmsRecord {
    /// Whether a message with this content is the same one, as far as its sender can tell.
    pub fn is_same_content(&self, to: &PhoneNumber, from: Option<&SenderId>, text: &SmsText) -> bool {
        self.to == *to && self.from.as_ref() == from && self.text == *text
    }
}

/// A message and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSms {
    /// What was accepted.
    pub record: Arc<SmsRecord>,
    /// How far it is.
    pub progress: Progress,
}
