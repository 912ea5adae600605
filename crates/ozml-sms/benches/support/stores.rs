//! Stores of each kind, in a folder of this process.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use ozml_sms::gateway::{ConnectionConfig, SmsGateway};
use ozml_sms::store::{MemoryStore, Mode, SqliteOptions, SqliteStore};

use super::support::gateway::open;

/// Where messages are kept.
pub(crate) type Kind = Mode;

/// A folder for the stores of this run.
pub(crate) struct Stores {
    pub(crate) folder: PathBuf,
    made: AtomicU32,
}

impl Stores {
    pub(crate) fn new() -> Self {
        let folder = std::env::var_os("OZML_BENCH_STORE").map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = folder.join(format!("ozml-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        println!("stores in {}", folder.display());
        Self {
            folder,
            made: AtomicU32::new(0),
        }
    }

    /// A gateway on an empty one.
    pub(crate) async fn gateway(&self, kind: Kind, connection: ConnectionConfig) -> SmsGateway {
        if kind == Mode::Memory {
            return open(MemoryStore::new(), vec![connection]).await;
        }
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let mut options = SqliteOptions::new();
        options.mode = kind;
        let path = self.folder.join(format!("{number}.db"));
        open(SqliteStore::open(path, options).unwrap(), vec![connection]).await
    }

    pub(crate) fn remove(&self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}
