//! What a dialogue tells.

use super::super::pdu::Incoming;
use super::super::{ModemEnd, ModemError};
use super::identity::ModemIdentity;

/// Names a part that was given to a dialogue, until its [`DialogueEvent::Answered`] or
/// [`DialogueEvent::NotSent`] has come. The caller chooses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What came of a part that was handed to the modem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubmitAnswer {
    /// The service centre took it.
    Accepted {
        /// TP-MR as the modem told it; `None` when what it told is no number, or when the centre had the part already.
        reference: Option<u8>,
    },
    /// It was not sent.
    Refused(ModemError),
    /// Nobody can tell whether it was sent, and why.
    Unknown(&'static str),
}

/// Why a part cannot be given to a dialogue now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// As many parts as the window holds are with the modem already.
    #[error("the window is full")]
    WindowFull,
    /// The modem is not ready yet, has no network, or the session comes to its end.
    #[error("the modem is not ready for sending")]
    NotReady,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DialogueEvent {
    /// Parts may be given from now on. Comes once.
    Ready {
        /// Who is on the other side, as far as it tells.
        modem: ModemIdentity,
    },
    /// A part has its outcome.
    Answered {
        /// Which one.
        ticket: Ticket,
        /// Its outcome.
        answer: SubmitAnswer,
    },
    /// A part comes back: nothing of it reached the network.
    NotSent {
        /// Which one.
        ticket: Ticket,
    },
    /// A message or a report came in. It waits for [`Dialogue::answer`](super::Dialogue::answer); the modem, or
    /// the network, keeps it until then. The same one may come again.
    Arrived {
        /// Names it in the answer.
        sequence: u32,
        /// What came.
        incoming: Incoming,
        /// Of the whole PDU as the modem showed it.
        fingerprint: [u8; 16],
    },
    /// What was taken is deleted or acknowledged, and the modem said so.
    Cleared {
        /// Which one.
        sequence: u32,
        /// As it was told.
        fingerprint: [u8; 16],
    },
    /// A PDU came that nobody can read. Told once for each PDU.
    Unreadable {
        /// What is wrong with it.
        why: String,
        /// Whether it stays in the modem's memory.
        kept: bool,
    },
    /// How the modem is, when something of it is different from what was told last. Before [`Self::Ready`] it says that
    /// the modem looks for a network.
    Health(ModemHealth),
    /// The SIM card is given its PIN now. Until [`Self::PinTaken`] it counts as refused: whether it was right nobody
    /// knows when the port or this process is lost before.
    PinGiven,
    /// The SIM card took its PIN.
    PinTaken,
    /// The SIM card did not take its PIN. It must not be given again before a person has looked after it.
    PinRefused,
    /// The session is over. Always the last event.
    Ended(ModemEnd),
}

/// How a modem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ModemHealth {
    /// Strength of the signal as `AT+CSQ` has it, 0 to 31: -113 dBm and 2 dB a step. `None`: not known.
    pub signal: Option<u8>,
    /// Whether there is a network to send by. Without one what waits comes back as not sent.
    pub registered: bool,
    /// Places of the memory for messages that are in use.
    pub memory_used: Option<u16>,
    /// Places of the memory for messages.
    pub memory_total: Option<u16>,
    /// Fewer than two places are free: soon nothing can come in.
    pub memory_low: bool,
}
