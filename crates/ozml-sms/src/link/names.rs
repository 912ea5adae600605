//! What parts and sessions are called.

use crate::store::MessageNumber;

/// Names one part of a stored message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PartToken {
    pub(crate) number: MessageNumber,
    /// Counted from 0.
    pub(crate) part: u8,
}

/// Names one session of one connection, by their places in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SessionId {
    pub(crate) connection: u16,
    pub(crate) session: u16,
}
