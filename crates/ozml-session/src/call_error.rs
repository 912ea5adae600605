use std::fmt;

use crate::{Ended, Recorded};

/// Why an operation on a call failed. After `HungUp` nothing more can be done on the call; after the
/// others the script may go on unless the variant says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The call is over.
    #[error("{0}")]
    HungUp(HungUp),
    /// The far end refused; the same request will be refused again.
    #[error("the far end refused ({code}): {reason}")]
    Rejected {
        /// The protocol's status.
        code: u16,
        /// In words.
        reason: String,
    },
    /// It rang and nobody answered; a later try may succeed.
    #[error("nobody answered")]
    NoAnswer,
    /// The operation was withdrawn before it was answered.
    #[error("withdrawn before it was answered")]
    Cancelled,
    /// Our limit for the operation passed; a later try may succeed.
    #[error("`{operation}` took too long")]
    Timeout {
        /// The method.
        operation: &'static str,
    },
    /// This session has no such operation; nothing was done.
    #[error("this call session does not offer `{operation}`")]
    Unsupported {
        /// The method.
        operation: &'static str,
    },
    /// The operation does not fit the state of the call, such as `reject` after `answer`.
    #[error("`{operation}` is not possible while the call is {state}")]
    BadState {
        /// The method.
        operation: &'static str,
        /// The state, in words.
        state: &'static str,
    },
    /// Something is wrong with what was to be heard.
    #[error("{0}")]
    Media(MediaFault),
    /// The speech engine failed or is absent.
    #[error("speech failed: {0}")]
    Speech(String),
    /// The link to the phone system is lost; the run ends.
    #[error("the link to the phone system is lost: {0}")]
    Transport(String),
    /// The far end broke the rules of its protocol; the call ends.
    #[error("the far end broke its protocol: {0}")]
    Protocol(String),
    /// The phone system does not let us; the run ends.
    #[error("the phone system denied access")]
    Denied,
}

/// The end of a call, as an operation that it interrupted reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HungUp {
    /// How the call ended.
    pub ended: Ended,
    /// What the operation had done by then.
    pub partial: Option<Partial>,
}

impl HungUp {
    /// Nothing had been done yet.
    pub fn new(ended: Ended) -> Self {
        Self { ended, partial: None }
    }

    /// The same end with what had been done by then.
    #[must_use]
    pub fn with(mut self, partial: Partial) -> Self {
        self.partial = Some(partial);
        self
    }
}

impl fmt::Display for HungUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the call was ended by the {} ({})",
            self.ended.by.as_str(),
            self.ended.cause
        )
    }
}

impl From<Ended> for CallError {
    fn from(ended: Ended) -> Self {
        Self::HungUp(HungUp::new(ended))
    }
}

/// What an interrupted operation had done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Partial {
    /// So much of the prompt was heard.
    Played {
        /// Milliseconds.
        ms: u64,
    },
    /// The recording was closed with what it had.
    Recorded(Recorded),
}

/// What is wrong with a sound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaFault {
    /// There is no such file.
    #[error("the file `{0}` is not there")]
    Missing(String),
    /// The file cannot be decoded.
    #[error("the file `{0}` is no sound this system can play")]
    Format(String),
    /// No sound came from the far end for too long.
    #[error("no sound from the far end for {0} s")]
    Silent(u32),
}
