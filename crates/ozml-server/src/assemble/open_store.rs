//! The store, whichever it is.

use std::sync::Arc;

use ozml_sms::store::{MemoryStore, Mode, SqliteOptions, SqliteStore, Store, StoreStats};

use super::{OpenOptions, StartError};
use crate::config::Config;

/// The store of a gateway. A clone is the same store.
#[derive(Debug, Clone)]
pub(crate) enum OpenStore {
    Memory(Arc<MemoryStore>),
    Sqlite(Arc<SqliteStore>),
}

impl OpenStore {
    /// Opens the store of a configuration, apart from the runtime: it is checked as a whole, which may take
    /// seconds.
    pub(crate) async fn open(config: &Config, options: OpenOptions) -> Result<Self, StartError> {
        let Some(path) = config.store_file().map(ToOwned::to_owned) else {
            return Ok(Self::Memory(Arc::new(MemoryStore::new())));
        };
        // The file has no bound of its own: the queue has one, and what has ended is kept as long as `keep` says.
        let mut sqlite = SqliteOptions::new();
        sqlite.mode = config.store.mode;
        sqlite.new_store = options.new_store;
        let opened = tokio::task::spawn_blocking(move || SqliteStore::open(path, sqlite)).await;
        let store =
            opened.map_err(|fault| StartError::Internal(format!("the store was not opened: {fault}")))??;
        if let Some(aside) = store.set_aside() {
            tracing::warn!(file = %aside.display(), "the store could not be used and was set aside, a new one is begun");
        }
        if store.mode() == Mode::Async {
            tracing::warn!("mode = \"async\": what is accepted may be lost in a power cut");
        }
        Ok(Self::Sqlite(Arc::new(store)))
    }

    pub(crate) fn port(&self) -> Arc<dyn Store> {
        match self {
            Self::Memory(store) => Arc::clone(store) as _,
            Self::Sqlite(store) => Arc::clone(store) as _,
        }
    }

    /// What it did; nothing is counted in memory.
    pub(crate) fn stats(&self) -> Option<StoreStats> {
        match self {
            Self::Memory(_) => None,
            Self::Sqlite(store) => Some(store.stats()),
        }
    }

    /// Writes what waits and closes the file.
    pub(crate) async fn close(&self) {
        if let Self::Sqlite(store) = self
            && let Err(error) = store.close().await
        {
            tracing::error!(reason = %error, "the store was not closed in good order");
        }
    }
}
