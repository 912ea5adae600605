//! Threads beside the one that writes: one reads, so that a long list holds no commit up, and one copies from the
//! log.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use ozml_session::PortFuture;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::super::StoreError;
use super::fault::Fault;
use super::file;
use super::reads::Read;
use super::stats::Counters;
use super::writer::Job;

type Ask = Box<dyn FnOnce(&mut Reading) + Send>;

/// What the thread has.
struct Reading {
    connection: Connection,
    path: PathBuf,
    /// Where damage is told; `None` without a writer.
    writer: Option<Sender<Job>>,
    counters: Arc<Counters>,
    ends: bool,
}

/// Asks the thread.
#[derive(Debug, Clone)]
pub(super) struct Reader(Sender<Ask>);

impl Reader {
    /// Starts the thread, which ends when it is told to or when nobody can ask it any more.
    pub(super) fn start(
        name: &str,
        connection: Connection,
        path: PathBuf,
        writer: Option<Sender<Job>>,
        counters: Arc<Counters>,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (asks, asked) = channel();
        let mut reading = Reading {
            connection,
            path,
            writer,
            counters,
            ends: false,
        };
        let thread = thread::Builder::new().name(name.to_owned());
        let thread = thread.spawn(move || run(&asked, &mut reading))?;
        Ok((Self(asks), thread))
    }

    /// Reads something.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<Read<T>, Fault> + Send + 'static,
    ) -> PortFuture<'static, T, StoreError> {
        let answer = self.with(move |reading| reading.read(read));
        Box::pin(async move { answer.await.unwrap_or(Err(StoreError::Closed)) })
    }

    /// Copies from the log.
    pub(super) fn checkpoint(&self) -> oneshot::Receiver<Result<(), Fault>> {
        self.with(|reading| file::checkpoint(&reading.connection))
    }

    /// Ends the thread once it has answered what was asked before.
    pub(super) fn stop(&self) {
        let _ = self.0.send(Box::new(|reading| reading.ends = true));
    }

    /// Opens the file again.
    pub(super) fn reopen(&self) -> oneshot::Receiver<Result<(), Fault>> {
        self.with(|reading| {
            reading.connection = file::open_reader(&reading.path)?;
            Ok(())
        })
    }

    /// Has the thread do something. One that ended drops the question, and with it the caller's other end.
    fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Reading) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (caller, answer) = oneshot::channel();
        let _ = self.0.send(Box::new(move |reading: &mut Reading| {
            let _ = caller.send(work(reading));
        }));
        answer
    }
}

impl Reading {
    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<Read<T>, Fault>) -> Result<T, StoreError> {
        let read =
            read(&self.connection).map_err(|fault| fault.into_error(&self.path.display().to_string()))?;
        if !read.damaged.is_empty() {
            self.counters.damaged(read.damaged.len());
            self.tell(Job::SetAside(read.damaged));
        }
        Ok(read.answer)
    }

    fn tell(&self, job: Job) {
        if let Some(writer) = &self.writer {
            let _ = writer.send(job);
        }
    }
}

fn run(asked: &Receiver<Ask>, reading: &mut Reading) {
    while !reading.ends {
        match asked.recv() {
            Ok(ask) => ask(reading),
            Err(_) => return,
        }
    }
}
