use crate::{CallId, PortFuture, WallTime};

/// The port to the records of past calls.
pub trait History: Send + Sync {
    /// Past calls, newest first.
    fn calls<'a>(&'a self, filter: &'a HistoryFilter) -> PortFuture<'a, Vec<CallRecord>, HistoryError>;
}

/// Which calls are wanted; `None` is no filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HistoryFilter {
    /// Calls from this number.
    pub source: Option<String>,
    /// Calls to this number.
    pub destination: Option<String>,
    /// Calls that began at or after this time.
    pub since: Option<WallTime>,
    /// Rows to skip.
    pub skip: u32,
    /// Most rows; 0 is none.
    pub rows: u32,
}

/// One past call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallRecord {
    /// The call.
    pub id: CallId,
    /// When it began.
    pub started: WallTime,
    /// Calling number as written.
    pub source: String,
    /// Called number as written.
    pub destination: String,
    /// Last state.
    pub state: String,
}

impl CallRecord {
    /// A record.
    pub fn new(id: CallId, started: WallTime, source: String, destination: String, state: String) -> Self {
        Self {
            id,
            started,
            source,
            destination,
            state,
        }
    }
}

/// Why there is no history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// No history here.
    #[error("the call history is not available here")]
    Unavailable,
    /// The store failed; a later try may succeed.
    #[error("the call history failed: {0}")]
    Failed(String),
}
