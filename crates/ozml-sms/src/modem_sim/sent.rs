//! A message a modem was given for the network.

use ozml_session::WallTime;

use crate::gsm::pdu::Submit;
use crate::text::{Concatenation, UserData};

/// A message, or one part of a longer one, that the network took.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentSms {
    /// Which it is, counted from 1.
    pub number: u64,
    /// TP-MR as the network knows it, and as +CMGS tells it.
    pub reference: u8,
    /// When the network took it.
    pub at: WallTime,
    /// The recipient, an international number with its plus sign.
    pub to: String,
    /// What it says; `None` for data, and for a header that cannot be read.
    pub text: Option<String>,
    /// Which part of which message it is.
    pub part: Option<Concatenation>,
    /// Whether the same text, as the same part, went to the same number before.
    pub doubled: bool,
    /// All of it.
    pub submit: Submit,
}

impl SentSms {
    pub(super) fn new(
        number: u64,
        reference: u8,
        at: WallTime,
        submit: Submit,
        content: Option<&UserData>,
    ) -> Self {
        Self {
            number,
            reference,
            at,
            to: submit.destination.to_string(),
            text: content.and_then(UserData::text),
            part: content.and_then(|content| content.header.concatenation()),
            doubled: false,
            submit,
        }
    }
}

/// How often things happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Command lines.
    pub commands: u64,
    /// Lines that are none of commands.
    pub bad_lines: u64,
    /// Messages and parts the network took.
    pub sent: u64,
    /// Those among them that went to the same number with the same text before.
    pub doubled: u64,
    /// Messages and parts that were refused, by the modem or the network.
    pub refused: u64,
    /// Answers to messages left out on purpose.
    pub answers_lost: u64,
    /// Status reports that left the network.
    pub reports: u64,
    /// Messages from others that left the network.
    pub incoming: u64,
    /// Messages and reports that were acknowledged or deleted.
    pub cleared: u64,
    /// PINs and PUKs that were given.
    pub pins: u64,
    /// Times the modem was pulled out.
    pub unplugged: u64,
}
