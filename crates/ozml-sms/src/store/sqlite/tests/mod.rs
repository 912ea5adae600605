mod contract;
mod damage;
mod failing;
mod files;
mod full;
mod log;
mod owner;
mod purge;

use std::fs;
use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::contract::accept;
use super::super::{Change, CommitError, Committed, Opened, Store, StoreError, StoredSms};
use super::{SqliteOptions, SqliteStore};

/// A folder of its own, which goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("ozml-store-{}-{count}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn store(&self) -> PathBuf {
        self.0.join("ozml.db")
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(self.store(), SqliteOptions::new()).unwrap()
    }

    fn refused(&self) -> StoreError {
        SqliteStore::open(self.store(), SqliteOptions::new()).unwrap_err()
    }

    /// A closed store with messages in it.
    fn with(messages: &[StoredSms]) -> Self {
        let folder = Self::new();
        commit(&folder.open(), messages.iter().map(accept).collect()).unwrap();
        folder
    }

    fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.store()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn commit(store: &SqliteStore, changes: Vec<Change>) -> Result<Committed, CommitError> {
    block_on(store.commit(changes))
}

fn opened(store: &SqliteStore) -> Opened {
    block_on(store.opened()).unwrap()
}
