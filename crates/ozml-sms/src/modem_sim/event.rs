//! What happens at a modem, for those who watch.

use super::sent::SentSms;
use crate::events::Missed;
use crate::gsm::ModemError;

/// Something that happened at a modem.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A command line came; a PIN in it is written `***`.
    Command(String),
    /// A line came that is none of commands.
    BadLine(String),
    /// A PIN or PUK was given.
    PinTried {
        /// Whether it was the right one.
        right: bool,
        /// How many tries of the PIN are left.
        left: u8,
    },
    /// The network took a message, or a part of a longer one.
    Sms(Box<SentSms>),
    /// The last part of a longer message was taken.
    Whole {
        /// The recipient.
        to: String,
        /// The parts joined.
        text: String,
        /// How many they are.
        parts: u8,
    },
    /// A message was refused.
    Refused {
        /// The recipient, where the PDU could be read.
        to: Option<String>,
        /// Why.
        error: ModemError,
    },
    /// A message was taken, and the answer to it left out on purpose.
    AnswerLost,
    /// A prompt was left out on purpose.
    PromptLost,
    /// A status report left the network for the modem.
    Report {
        /// TP-MR of the message.
        reference: u8,
        /// TP-ST.
        status: u8,
    },
    /// A status report was thrown away, since AT+CNMI has no way for it.
    ReportDropped {
        /// TP-MR of the message.
        reference: u8,
    },
    /// A message or report that came in is in a slot now.
    Stored {
        /// The index of the slot.
        index: usize,
    },
    /// A message or report that came in was given to whoever is at the modem.
    Given,
    /// What was given was acknowledged by AT+CNMA.
    Acknowledged,
    /// What was given was not acknowledged in time, or refused.
    Unacknowledged,
    /// There is no slot left: what comes in waits in the network.
    MemoryFull,
    /// A message was read.
    Read {
        /// The index of its slot.
        index: usize,
    },
    /// A message was deleted.
    Deleted {
        /// The index of its slot.
        index: usize,
    },
    /// AT+CFUN started the modem anew.
    Restarted,
    /// The modem says nothing any more.
    Hung,
    /// The modem was pulled out.
    Unplugged,
    /// The modem is there again.
    Plugged,
    /// The watcher was too slow: so many events were dropped.
    Missed(u64),
}

impl From<Missed> for Event {
    fn from(Missed(count): Missed) -> Self {
        Self::Missed(count)
    }
}
