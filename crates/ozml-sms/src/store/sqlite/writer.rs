//! The thread that writes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::super::StoreError;
use super::database::{Database, PurgeSlice};
use super::fault::Fault;
use super::group::{commit_group, failed};
use super::log::Log;
use super::owner::Owner;
use super::reader::Reader;
use super::stats::Counters;
use super::waiting::Waiting;

/// Most changes of one transaction; a larger commit is one by itself.
const GROUP: usize = 4096;

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the thread is asked.
pub(super) enum Job {
    Commit(Waiting),
    Purge(Purge),
    SetAside(Vec<i64>),
    Reopen(Answer<()>),
    Close(Answer<()>),
}

/// A purge under way.
pub(super) struct Purge {
    pub(super) next: PurgeSlice,
    pub(super) messages: u64,
    pub(super) caller: Answer<u64>,
}

/// Opens the database, the first time and again.
pub(super) type Open = Box<dyn FnMut() -> Result<Box<dyn Database>, Fault> + Send>;

/// What the thread has.
pub(super) struct Writer {
    /// `None` after a failure.
    pub(super) database: Option<Box<dyn Database>>,
    pub(super) open: Open,
    pub(super) path: String,
    pub(super) jobs: Receiver<Job>,
    pub(super) purges: VecDeque<Purge>,
    pub(super) reader: Reader,
    pub(super) log: Log,
    /// Why it failed.
    pub(super) failure: String,
    pub(super) counters: Arc<Counters>,
    /// Those of the reader and the copier.
    pub(super) threads: [JoinHandle<()>; 2],
    /// Given up last.
    pub(super) owner: Owner,
}

impl Writer {
    /// Works until it is closed; what was asked before that is done.
    pub(super) fn run(mut self) {
        let mut next = None;
        loop {
            let job = match next.take() {
                Some(job) => Some(job),
                None => match self.receive() {
                    Ok(job) => job,
                    Err(Gone) => return self.end(None),
                },
            };
            match job {
                Some(Job::Close(caller)) => return self.end(Some(caller)),
                Some(Job::Commit(first)) => next = self.commit(first),
                Some(job) => self.other(job),
                None => {}
            }
            self.purge();
        }
    }

    /// The next job; `None` when there is none and a purge can go on.
    fn receive(&self) -> Result<Option<Job>, Gone> {
        if self.purges.is_empty() {
            return self.jobs.recv().map(Some).map_err(|_| Gone);
        }
        match self.jobs.try_recv() {
            Ok(job) => Ok(Some(job)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(Gone),
        }
    }

    /// Makes the commits that wait, and gives the job behind them.
    fn commit(&mut self, first: Waiting) -> Option<Job> {
        let mut changes = first.changes().len();
        let mut group = vec![first];
        let mut next = None;
        while changes < GROUP {
            match self.jobs.try_recv() {
                Ok(Job::Commit(waiting)) if changes.saturating_add(waiting.changes().len()) <= GROUP => {
                    changes = changes.saturating_add(waiting.changes().len());
                    group.push(waiting);
                }
                Ok(job) => {
                    next = Some(job);
                    break;
                }
                Err(_) => break,
            }
        }
        match &mut self.database {
            Some(database) => {
                let made = commit_group(&mut **database, group, &self.counters);
                self.keep_if(made);
                self.look_at_log();
            }
            None => group
                .into_iter()
                .for_each(|waiting| waiting.refuse(self.failed())),
        }
        next
    }

    fn other(&mut self, job: Job) {
        match job {
            Job::Purge(purge) => self.purges.push_back(purge),
            Job::SetAside(numbers) => self.set_aside(&numbers),
            Job::Reopen(caller) => {
                let _ = caller.send(self.reopen());
            }
            Job::Commit(_) | Job::Close(_) => {}
        }
    }

    /// A database that failed is given up: nothing is tried with it again.
    fn keep_if<T>(&mut self, done: Result<T, Fault>) -> Option<T> {
        match done {
            Ok(value) => Some(value),
            Err(fault) => {
                let error = failed(&fault);
                tracing::error!(%error, "the store failed and must be opened again");
                self.failure = error.to_string();
                self.database = None;
                None
            }
        }
    }

    fn failed(&self) -> StoreError {
        StoreError::Failed(self.failure.clone())
    }

    fn look_at_log(&mut self) {
        if let Some(database) = &mut self.database {
            let looked = self.log.look(&mut **database);
            self.keep_if(looked);
        }
    }

    fn set_aside(&mut self, numbers: &[i64]) {
        let Some(database) = &mut self.database else {
            return;
        };
        let moved = transaction(&mut **database, |database| {
            numbers.iter().try_for_each(|number| database.set_aside(*number))
        });
        // Left where it is it is not sent either; the next opening moves it.
        if let Err(fault) = moved {
            tracing::warn!(error = %failed(&fault), "a damaged message could not be set aside");
            let rolled_back = database.rollback();
            self.keep_if(rolled_back);
        }
    }

    /// One slice of the first purge.
    fn purge(&mut self) {
        let Some(purge) = self.purges.pop_front() else {
            return;
        };
        match self.purge_slice(&purge) {
            Ok((messages, after)) => {
                let messages = purge.messages.saturating_add(messages);
                match after {
                    Some(after) => self.purges.push_front(Purge {
                        next: PurgeSlice { after, ..purge.next },
                        messages,
                        ..purge
                    }),
                    None => {
                        let _ = purge.caller.send(Ok(messages));
                    }
                }
            }
            Err(error) => {
                let _ = purge.caller.send(Err(error));
            }
        }
    }

    /// Messages that were forgotten and where to go on; shrinks the file when all were looked at.
    fn purge_slice(&mut self, purge: &Purge) -> Result<(u64, Option<i64>), StoreError> {
        let Some(database) = &mut self.database else {
            return Err(self.failed());
        };
        let done = transaction(&mut **database, |database| database.purge(purge.next)).and_then(|purged| {
            // At the end as often as there are pages to give back.
            let again = purged.after.is_none() && database.shrink()?;
            Ok((
                purged.messages,
                purged.after.or(again.then_some(purge.next.after)),
            ))
        });
        match done {
            Err(Fault::Full) => {
                let rolled_back = database.rollback();
                self.keep_if(rolled_back);
                Err(StoreError::Full)
            }
            done => {
                let purged = self.keep_if(done).ok_or_else(|| self.failed());
                self.look_at_log();
                purged
            }
        }
    }

    fn reopen(&mut self) -> Result<(), StoreError> {
        self.database = None;
        let opened = (self.open)().and_then(|database| {
            for reader in [&self.reader, &self.log.copier] {
                let reopened = reader.reopen().blocking_recv();
                reopened.unwrap_or_else(|_| Err(Fault::Failed("a thread ended".to_owned())))?;
            }
            Ok(database)
        });
        match opened {
            Ok(database) => {
                self.database = Some(database);
                Ok(())
            }
            Err(fault) => {
                self.failure = failed(&fault).to_string();
                Err(fault.into_error(&self.path))
            }
        }
    }

    /// Closes all connections; the last one copies all of the log and removes it.
    fn end(self, caller: Option<Answer<()>>) {
        let Self {
            database,
            jobs,
            owner,
            ..
        } = self;
        drop(jobs);
        for (reader, thread) in [self.reader, self.log.copier].into_iter().zip(self.threads) {
            reader.stop();
            let _ = thread.join();
        }
        drop(database);
        drop(owner);
        if let Some(caller) = caller {
            let _ = caller.send(Ok(()));
        }
    }
}

/// Nobody can ask any more.
struct Gone;

/// What is done either whole or not at all.
fn transaction<T>(
    database: &mut dyn Database,
    work: impl FnOnce(&mut dyn Database) -> Result<T, Fault>,
) -> Result<T, Fault> {
    database.begin()?;
    let done = work(database)?;
    database.commit()?;
    Ok(done)
}
