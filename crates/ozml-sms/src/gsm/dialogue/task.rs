//! What a command was written for.

use super::super::at::{Memory, Slot};
use super::polling::Question;

/// What the command under way is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// The next step of the start.
    Start,
    /// The part that is next.
    Submit,
    /// Whether the modem is still the one that was set up, after it was not heard for a while.
    AskMode,
    /// Keep the radio link.
    MoreMessages,
    /// Say where the service centre is.
    SetCentre,
    /// Say that what came directly is taken.
    Acknowledge(u32),
    /// Choose the memory of what follows.
    Select(Memory),
    /// Which messages are in the memory.
    List(Memory),
    /// Read one of them.
    Read(Slot),
    /// Delete one that was taken.
    Delete(u32, Slot),
    /// How the modem is.
    Poll(Question),
    /// Restart it, in the first or the second way.
    Restart(usize),
}
