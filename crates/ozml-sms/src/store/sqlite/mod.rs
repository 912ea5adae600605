//! The store in an SQLite file.
//!
//! One thread writes. It takes all commits that wait and makes them in one transaction, so that they share its
//! flush; another thread reads. Beside the file `PATH` lie `PATH-wal` and `PATH-shm`, which belong to it while it
//! is open, and `PATH.owner`, the lock of the process that has it.
//!
//! Each row carries a CRC-32C, which binds its content to its number, id and key. Opening a store checks all of
//! it, which takes seconds for a million messages. What was purged makes room for new messages; the file
//! shrinks when more than a quarter of it is unused.

mod checksum;
mod database;
mod encoding;
mod fault;
mod file;
mod group;
mod indexes;
mod log;
mod options;
mod owner;
mod reader;
mod reads;
mod row;
mod schema;
mod sqlite_database;
mod stats;
#[cfg(test)]
mod tests;
mod verify;
mod waiting;
mod writer;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use ozml_session::{EffectKey, MessageId, PortFuture, WallTime};
use tokio::sync::oneshot;

use super::{
    Change, CommitError, Committed, ListFilter, Listed, Mode, Note, Opened, SmsRecord, Store, StoreError,
    StoredSms,
};
use database::PurgeSlice;
use fault::Fault;
use log::Log;
use owner::Owner;
use reader::Reader;
use reads::Read;
use sqlite_database::SqliteDatabase;
use stats::Counters;
use waiting::Waiting;
use writer::{Job, Open, Purge, Writer};

pub use options::SqliteOptions;
pub use stats::{FLUSH_BOUNDS_MICROS, StoreStats};

/// A store in an SQLite file, in the modes [`Mode::Sync`] and [`Mode::Async`].
///
/// Dropping it does what waits and blocks until it is closed; [`close`](Self::close) does so without
/// blocking. How many commits wait is bounded by the callers alone.
#[derive(Debug)]
pub struct SqliteStore {
    mode: Mode,
    /// `None` where it is only read.
    writer: Option<Sender<Job>>,
    reader: Reader,
    thread: Mutex<Option<JoinHandle<()>>>,
    counters: Arc<Counters>,
    set_aside: Option<PathBuf>,
}

impl SqliteStore {
    /// Opens a store or makes a new one, and checks all of it. Blocks for as long as that takes.
    ///
    /// # Errors
    /// [`StoreError::Owned`] when another process has it, [`StoreError::Damaged`] when the file is no store of
    /// ours or fails the check: it then stays as it is. Anything else is [`StoreError::Failed`].
    pub fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, StoreError> {
        let shown = path.as_ref().display().to_string();
        let failed = |fault: Fault| fault.into_error(&shown);
        if options.mode == Mode::Memory {
            return Err(StoreError::Failed("a store in memory has no file".to_owned()));
        }
        let path = file::real_path(path.as_ref()).map_err(|fault| match failed(fault) {
            StoreError::Failed(reason) => StoreError::Failed(format!("`{shown}`: {reason}")),
            other => other,
        })?;
        let owner = Owner::of(&path)?;
        let (mode, max_bytes) = (options.mode, options.max_bytes);
        let opened = open_or_create(&path, options);
        let (database, set_aside) = opened.map_err(failed)?;
        let mut first = Some(database);
        let file = path.clone();
        let open: Open = Box::new(move || match first.take() {
            Some(database) => Ok(Box::new(database)),
            None => Ok(Box::new(SqliteDatabase::open(&file, mode, max_bytes)?)),
        });
        let mut store = Self::start(path, mode, open, owner).map_err(failed)?;
        store.set_aside = set_aside;
        Ok(store)
    }

    /// Opens a store to look at it, whether or not a process has it. It is not checked as a whole, and nothing
    /// is written: commits, purges and reopening are [`StoreError::ReadOnly`]. Blocks while it opens.
    pub fn read_only(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let shown = path.as_ref().display().to_string();
        let failed = |fault: Fault| fault.into_error(&shown);
        let path = file::real_path(path.as_ref()).map_err(failed)?;
        let connection = file::open_read_only(&path).map_err(failed)?;
        let counters = Arc::new(Counters::default());
        let started = Reader::start("store-reader", connection, path, None, Arc::clone(&counters));
        let (reader, thread) = started.map_err(|error| failed(error.into()))?;
        Ok(Self {
            mode: Mode::Sync,
            writer: None,
            reader,
            thread: Mutex::new(Some(thread)),
            counters,
            set_aside: None,
        })
    }

    /// Starts the threads.
    fn start(path: PathBuf, mode: Mode, mut open: Open, owner: Owner) -> Result<Self, Fault> {
        let database = open()?;
        let counters = Arc::new(Counters::default());
        let (jobs, asked) = channel();
        let shown = path.display().to_string();
        let start = |name| -> Result<_, Fault> {
            let connection = file::open_reader(&path)?;
            let (path, jobs, counters) = (path.clone(), jobs.clone(), Arc::clone(&counters));
            Ok(Reader::start(name, connection, path, Some(jobs), counters)?)
        };
        let (reader, reader_thread) = start("store-reader")?;
        let (copier, copier_thread) = start("store-copier")?;
        let writer = Writer {
            database: Some(database),
            open,
            path: shown,
            jobs: asked,
            purges: VecDeque::new(),
            reader: reader.clone(),
            log: Log::new(copier, Arc::clone(&counters)),
            failure: String::new(),
            counters: Arc::clone(&counters),
            threads: [reader_thread, copier_thread],
            owner,
        };
        let thread = thread::Builder::new().name("store-writer".to_owned());
        let thread = thread.spawn(move || writer.run())?;
        Ok(Self {
            mode,
            writer: Some(jobs),
            reader,
            thread: Mutex::new(Some(thread)),
            counters,
            set_aside: None,
        })
    }

    /// Does what waits and closes the file; what is asked later is [`StoreError::Closed`]. Dropping the future
    /// does not stop it.
    pub fn close(&self) -> PortFuture<'static, (), StoreError> {
        match &self.writer {
            Some(_) => self.ask(Job::Close),
            None => {
                self.reader.stop();
                Box::pin(async { Ok(()) })
            }
        }
    }

    /// What it did since it was opened.
    pub fn stats(&self) -> StoreStats {
        self.counters.stats()
    }

    /// The new name of a damaged file that was renamed as [`SqliteOptions::new_store`] allows.
    pub fn set_aside(&self) -> Option<&Path> {
        self.set_aside.as_deref()
    }

    /// Asks the writer for something that it answers.
    fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Job,
    ) -> PortFuture<'static, T, StoreError> {
        let Some(writer) = &self.writer else {
            return Box::pin(async { Err(StoreError::ReadOnly) });
        };
        let (caller, answer) = oneshot::channel();
        // A thread that ended drops the job, and with it the caller's other end.
        let _ = writer.send(job(caller));
        Box::pin(async move { answer.await.unwrap_or(Err(StoreError::Closed)) })
    }
}

/// Opens the file; gives the new name of a damaged one too.
fn open_or_create(path: &Path, options: SqliteOptions) -> Result<(SqliteDatabase, Option<PathBuf>), Fault> {
    let open = || {
        file::create_if_missing(path)?;
        SqliteDatabase::open(path, options.mode, options.max_bytes)
    };
    match open() {
        Ok(database) => Ok((database, None)),
        Err(Fault::Damaged(_)) if options.new_store => {
            let aside = file::set_file_aside(path)?;
            Ok((open()?, Some(aside)))
        }
        Err(fault) => Err(fault),
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        drop(self.close());
        let thread = self
            .thread
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Store for SqliteStore {
    fn mode(&self) -> Mode {
        self.mode
    }

    fn commit(&self, changes: Vec<Change>) -> PortFuture<'static, Committed, CommitError> {
        let (waiting, answer) = Waiting::new(changes);
        match &self.writer {
            Some(writer) => {
                // One that cannot be handed over is dropped, and so answered.
                let _ = writer.send(Job::Commit(waiting));
            }
            None => waiting.refuse(StoreError::ReadOnly),
        }
        Box::pin(async move {
            answer.await.unwrap_or_else(|_| {
                Err(CommitError {
                    error: StoreError::Closed,
                    changes: Vec::new(),
                })
            })
        })
    }

    fn reopen(&self) -> PortFuture<'static, (), StoreError> {
        self.ask(Job::Reopen)
    }

    fn opened(&self) -> PortFuture<'static, Opened, StoreError> {
        self.reader.ask(reads::opened)
    }

    fn find(&self, id: &MessageId) -> PortFuture<'static, Option<StoredSms>, StoreError> {
        let id = id.clone();
        self.reader
            .ask(move |connection| reads::find(connection, "id", id.as_str()))
    }

    fn find_key(&self, key: &EffectKey) -> PortFuture<'static, Option<StoredSms>, StoreError> {
        let key = key.to_string();
        self.reader
            .ask(move |connection| reads::find(connection, "key", &key))
    }

    fn list(&self, filter: ListFilter) -> PortFuture<'static, Listed, StoreError> {
        self.reader
            .ask(move |connection| reads::list(connection, &filter))
    }

    fn accepted_since(&self, since: WallTime) -> PortFuture<'static, Vec<SmsRecord>, StoreError> {
        self.reader
            .ask(move |connection| reads::accepted_since(connection, since.as_unix_millis()))
    }

    fn notes(&self, kind: &'static str) -> PortFuture<'static, Vec<Note>, StoreError> {
        self.reader.ask(move |connection| {
            let answer = reads::notes(connection, kind)?;
            Ok(Read {
                answer,
                damaged: Vec::new(),
            })
        })
    }

    fn purge(&self, accepted_before: WallTime) -> PortFuture<'static, u64, StoreError> {
        self.ask(|caller| {
            Job::Purge(Purge {
                next: PurgeSlice {
                    accepted_before: accepted_before.as_unix_millis(),
                    after: i64::MIN,
                },
                messages: 0,
                caller,
            })
        })
    }
}
