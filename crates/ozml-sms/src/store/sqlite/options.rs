use super::super::Mode;

/// How a [`SqliteStore`](super::SqliteStore) is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SqliteOptions {
    /// [`Mode::Sync`] or [`Mode::Async`]. A file can be opened in either mode.
    pub mode: Mode,
    /// Whether a file that cannot be used is renamed to `PATH.damaged-` and the time in Unix seconds, and a
    /// new store begun in its place. One that can be used is never renamed.
    pub new_store: bool,
    /// Most octets of the file (limit `queue_bytes`); a commit that would make it larger is
    /// [`StoreError::Full`](super::super::StoreError::Full). The log beside it is not counted.
    pub max_bytes: Option<u64>,
}

impl SqliteOptions {
    /// A store that flushes, in which nothing is renamed and nothing is limited but by the disk.
    pub fn new() -> Self {
        Self::default()
    }
}
