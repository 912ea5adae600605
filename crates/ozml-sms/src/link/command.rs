//! What a session is told.

use std::fmt;

use rusmpp::pdus::SubmitSm;

use super::names::PartToken;
use crate::gsm::pdu::Submit;

/// What a session is to do. Debug does not print what a message says.
pub(crate) enum LinkCommand {
    /// Hand a part over. One the session cannot take comes back as [`LinkEvent::NotSent`](super::LinkEvent): it is
    /// not up, its window is full, or it speaks another protocol.
    Submit { token: PartToken, pdu: PartPdu },
    /// Take a part back that was handed over: one that has not left comes back as
    /// [`LinkEvent::NotSent`](super::LinkEvent), any other one has its answer as always.
    Withdraw { token: PartToken },
    /// Answer a [`LinkEvent::Arrived`](super::LinkEvent). Taken: it is ours from now on, and whoever keeps it may
    /// forget it; otherwise it stays there and comes again.
    AnswerArrival { sequence: u32, taken: bool },
}

/// A part as its session hands it over.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum PartPdu {
    /// For a message centre.
    Smpp(Box<SubmitSm>),
    /// For a modem.
    Gsm(Box<Submit>),
}

impl fmt::Debug for LinkCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submit { token, .. } => write!(f, "Submit({token:?})"),
            Self::Withdraw { token } => write!(f, "Withdraw({token:?})"),
            Self::AnswerArrival { sequence, taken } => write!(f, "AnswerArrival({sequence}, {taken})"),
        }
    }
}

impl fmt::Debug for PartPdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smpp(_) => f.write_str("Smpp"),
            Self::Gsm(_) => f.write_str("Gsm"),
        }
    }
}
