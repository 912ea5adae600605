//! What the gateway keeps: every message from its acceptance to its end, and small notes.
//!
//! [`Store`] is the port; what it promises is held by its contract suite.

mod change;
#[cfg(feature = "contract")]
#[allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken contract is reported by panic, as assertions are"
)]
pub mod contract;
mod error;
mod filter;
mod memory;
mod message;
mod progress;
mod sqlite;

use std::sync::Arc;

use ozml_session::{EffectKey, MessageId, PortFuture, WallTime};

pub use change::{Change, Committed, Note};
pub use error::{CommitError, StoreError};
pub use filter::{ListFilter, Listed};
pub use memory::MemoryStore;
pub use message::{MessageNumber, Priority, SmsRecord, StoredSms};
pub use ozml_dialplan::{OnUnknown, WhenDown};
pub use progress::{HistoryEntry, PartProgress, PartState, Progress};
pub use sqlite::{FLUSH_BOUNDS_MICROS, SqliteOptions, SqliteStore, StoreStats};

/// What a store's promise is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Mode {
    /// Survives a power cut: flushed to disk before a commit is answered.
    #[default]
    Sync,
    /// Survives the end of the process, not a power cut.
    Async,
    /// Survives nothing.
    Memory,
}

/// What was found when a store was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Opened {
    /// Messages that have not ended, by number.
    pub unfinished: Vec<StoredSms>,
    /// The highest number ever given; 0 when none was.
    pub last_number: u64,
    /// Rows that did not agree with their checksum and were set aside, at this opening or before. They are never
    /// sent; a purge forgets those that were set aside before its time.
    pub damaged: Vec<DamagedRow>,
}

/// A message row that cannot be trusted any more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DamagedRow {
    /// Its number.
    pub number: u64,
    /// Its id, as far as it can be read.
    pub id: String,
    /// What does not agree.
    pub reason: String,
}

/// The port to where messages are kept. A store has one owner: opening it a second time fails with
/// [`StoreError::Owned`].
///
/// Futures own what they need. Dropping one does not take its changes back.
pub trait Store: Send + Sync {
    /// What its promise is worth.
    fn mode(&self) -> Mode;

    /// Makes changes durable, all or none of them, in their order; waiting calls share one flush.
    /// Resolves after it. When it fails nothing of it is kept, and the changes come back.
    ///
    /// A message under the number or the id of another one is [`StoreError::Taken`], which concerns this commit
    /// alone. After [`StoreError::Failed`] every commit fails until [`reopen`](Self::reopen) has succeeded; after
    /// [`StoreError::Full`] the next one may succeed.
    fn commit(&self, changes: Vec<Change>) -> PortFuture<'static, Committed, CommitError>;

    /// Closes what is open, opens it again and checks it.
    fn reopen(&self) -> PortFuture<'static, (), StoreError>;

    /// What is there to go on with.
    fn opened(&self) -> PortFuture<'static, Opened, StoreError>;

    /// One message.
    fn find(&self, id: &MessageId) -> PortFuture<'static, Option<StoredSms>, StoreError>;

    /// The message that has a key.
    fn find_key(&self, key: &EffectKey) -> PortFuture<'static, Option<StoredSms>, StoreError>;

    /// Messages, newest first.
    fn list(&self, filter: ListFilter) -> PortFuture<'static, Listed, StoreError>;

    /// Messages accepted at or after a time, oldest first, ended ones too: what budgets are counted from.
    fn accepted_since(&self, since: WallTime) -> PortFuture<'static, Vec<SmsRecord>, StoreError>;

    /// The notes of a kind, by key.
    fn notes(&self, kind: &'static str) -> PortFuture<'static, Vec<Note>, StoreError>;

    /// Forgets messages that ended and were accepted before a time; gives how many.
    fn purge(&self, accepted_before: WallTime) -> PortFuture<'static, u64, StoreError>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn mode(&self) -> Mode {
        (**self).mode()
    }

    fn commit(&self, changes: Vec<Change>) -> PortFuture<'static, Committed, CommitError> {
        (**self).commit(changes)
    }

    fn reopen(&self) -> PortFuture<'static, (), StoreError> {
        (**self).reopen()
    }

    fn opened(&self) -> PortFuture<'static, Opened, StoreError> {
        (**self).opened()
    }

    fn find(&self, id: &MessageId) -> PortFuture<'static, Option<StoredSms>, StoreError> {
        (**self).find(id)
    }

    fn find_key(&self, key: &EffectKey) -> PortFuture<'static, Option<StoredSms>, StoreError> {
        (**self).find_key(key)
    }

    fn list(&self, filter: ListFilter) -> PortFuture<'static, Listed, StoreError> {
        (**self).list(filter)
    }

    fn accepted_since(&self, since: WallTime) -> PortFuture<'static, Vec<SmsRecord>, StoreError> {
        (**self).accepted_since(since)
    }

    fn notes(&self, kind: &'static str) -> PortFuture<'static, Vec<Note>, StoreError> {
        (**self).notes(kind)
    }

    fn purge(&self, accepted_before: WallTime) -> PortFuture<'static, u64, StoreError> {
        (**self).purge(accepted_before)
    }
}
