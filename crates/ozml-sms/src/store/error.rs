use super::{Change, MessageNumber};

/// Why a store does not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has it.
    #[error("`{path}` is in use by process {owner}")]
    Owned {
        /// The store.
        path: String,
        /// What the owner wrote about itself: its process number.
        owner: String,
    },
    /// There is no room for more; a later try may succeed.
    #[error("the disk is full")]
    Full,
    /// A message was to be accepted under the number or the id of another one, or under a number that the
    /// store cannot hold. Other commits are as good as before.
    #[error("the number or the id of message {} is taken", .0.0)]
    Taken(MessageNumber),
    /// It was opened to be looked at.
    #[error("the store is open for reading only")]
    ReadOnly,
    /// Writing or flushing failed, and it must be opened again.
    #[error("{0}")]
    Failed(String),
    /// What is there is no store, or a damaged one, and was left as it is.
    #[error("`{path}` cannot be used: {reason}")]
    Damaged {
        /// The store.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// It was closed.
    #[error("the store is closed")]
    Closed,
}

/// A commit that failed: nothing of it was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct CommitError {
    /// Why.
    pub error: StoreError,
    /// What was to be changed.
    pub changes: Vec<Change>,
}
