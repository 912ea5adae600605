use super::super::{Change, Committed};
use super::fault::Fault;

/// What the writer does to a database; the seam at which tests let it fail.
pub(super) trait Database: Send {
    /// Begins a transaction.
    fn begin(&mut self) -> Result<(), Fault>;

    /// Makes one change within it.
    fn apply(&mut self, change: &Change, committed: &mut Committed) -> Result<(), Fault>;

    /// Ends it and flushes.
    fn commit(&mut self) -> Result<(), Fault>;

    /// Takes back what was done since it began, if anything is left of it.
    fn rollback(&mut self) -> Result<(), Fault>;

    /// Moves a message that is damaged out of the way, within a transaction.
    fn set_aside(&mut self, number: i64) -> Result<(), Fault>;

    /// Forgets ended messages among the next ones after a number, within a transaction.
    fn purge(&mut self, slice: PurgeSlice) -> Result<Purged, Fault>;

    /// Gives unused pages at the end of the file back, some at a time; whether there are more of them.
    fn shrink(&mut self) -> Result<bool, Fault>;

    /// Pages in the write-ahead log.
    fn log_pages(&mut self) -> Result<u64, Fault>;

    /// Copies from the log what is in no reader's way, so that it can begin anew.
    fn checkpoint(&mut self) -> Result<(), Fault>;
}

/// Some of the messages to be purged.
#[derive(Debug, Clone, Copy)]
pub(super) struct PurgeSlice {
    /// Only those accepted before, in Unix milliseconds.
    pub(super) accepted_before: i64,
    /// Only those after this number.
    pub(super) after: i64,
}

/// What was purged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purged {
    /// Messages forgotten.
    pub(super) messages: u64,
    /// Where to go on; `None` when no message is left to look at.
    pub(super) after: Option<i64>,
}
