//! What comes in through a session.

use std::fmt;

use ozml_session::IncomingAddress;

use crate::smpp::Arrived;
use crate::text::{Concatenation, UserData};

/// A message that came in, or news of one that was sent. Debug does not print what it says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A receipt.
    Receipt(Arrived),
    /// A receipt that names no message.
    UnreadableReceipt,
    /// A message, or a part of one.
    Sms(IncomingPart),
}

/// A message that came in, or a part of one. Debug does not print what it says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IncomingPart {
    pub(crate) from: IncomingAddress,
    /// Empty where the modem does not know its own number.
    pub(crate) to: IncomingAddress,
    pub(crate) content: UserData,
    /// Which part of which message this is, by its header or otherwise; `None`: it is whole.
    pub(crate) concatenation: Option<Concatenation>,
    /// Of a message in the memory of a modem, which may tell of it once more after any stop: it is the same one
    /// when this is the same, and another one when it is not, whatever both say.
    pub(crate) fingerprint: Option<[u8; 16]>,
}

impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Receipt(arrived) => write!(
                f,
                "Receipt({:?}, {:?})",
                arrived.receipt.ids, arrived.receipt.state
            ),
            Self::UnreadableReceipt => f.write_str("UnreadableReceipt"),
            Self::Sms(part) => part.fmt(f),
        }
    }
}

impl fmt::Debug for IncomingPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingPart")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("octets", &self.content.payload.len())
            .field("concatenation", &self.concatenation)
            .finish_non_exhaustive()
    }
}
