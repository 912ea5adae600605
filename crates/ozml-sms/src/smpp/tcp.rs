//! One session on a socket: a single task that reads, writes many PDUs at once, and keeps the time.

use std::pin::Pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::connect::Connection;
use super::event::{Closed, Event};
use super::session::Session;
use super::traffic::Traffic;
use crate::stream::{Unwritten, arm, millis_since};

/// Octets read at once.
const READ_SIZE: usize = 64 * 1024;
/// Octets that may wait to be written before nothing more is read: a peer that does not read cannot
/// make the answers to its requests pile up.
const MAX_UNWRITTEN: usize = 256 * 1024;
/// How long the last octets of a session may take.
const LAST_WRITE: Duration = Duration::from_secs(1);

/// Runs one session on a connection of either kind, see [`Driver::run`].
pub(crate) async fn run(
    connection: Connection,
    session: Session,
    traffic: impl Traffic,
    started: Instant,
) -> Closed {
    match connection {
        Connection::Plain(io) => Driver::new(io, session, traffic, started).run().await,
        Connection::Tls(io) => Driver::new(io, session, traffic, started).run().await,
    }
}

/// Runs one session on one connection.
pub(crate) struct Driver<Io: AsyncRead + AsyncWrite, T: Traffic> {
    reader: ReadHalf<Io>,
    writer: WriteHalf<Io>,
    session: Session,
    traffic: T,
    started: Instant,
    unwritten: Unwritten,
    unflushed: bool,
    closed: Option<Closed>,
}

/// What woke the task.
enum Wake {
    Read(std::io::Result<usize>),
    /// `None`: nothing was left to write, what was written is flushed.
    Written(std::io::Result<Option<usize>>),
    Traffic,
    Time,
}

impl<Io: AsyncRead + AsyncWrite, T: Traffic> Driver<Io, T> {
    /// `started` is the moment the session's times count from.
    pub(crate) fn new(io: Io, session: Session, traffic: T, started: Instant) -> Self {
        let (reader, writer) = tokio::io::split(io);
        Self {
            reader,
            writer,
            session,
            traffic,
            started,
            unwritten: Unwritten::default(),
            unflushed: false,
            closed: None,
        }
    }

    /// Runs until the session is over; all that was asked for has its answer then.
    pub(crate) async fn run(mut self) -> Closed {
        let mut input = vec![0; READ_SIZE];
        let mut sleep = Box::pin(sleep_until(self.started));
        let closed = loop {
            self.advance();
            if let Some(closed) = self.closed {
                break closed;
            }
            arm(self.started, self.next_wake_up(), sleep.as_mut());
            let wake = self.wait(&mut input, sleep.as_mut()).await;
            self.on_wake(wake, &input);
        };
        self.finish(closed).await;
        closed
    }

    fn now(&self) -> u64 {
        millis_since(self.started)
    }

    /// Everything that can be done without waiting. Time and end are looked at in each turn: a peer that
    /// is never silent must not keep them waiting.
    fn advance(&mut self) {
        let now = self.now();
        if self.session.next_wake_up().is_some_and(|moment| moment <= now) {
            self.session.on_tick(now);
        }
        self.take_events(now);
        self.traffic.advance(now, &mut self.session);
        // The end of a session that never was bound comes at once.
        self.take_events(now);
        self.traffic.tell(&self.session);
        self.session.take_output(self.unwritten.end());
    }

    fn take_events(&mut self, now: u64) {
        while let Some(event) = self.session.next_event() {
            if let Event::Closed(reason) = event {
                self.closed = Some(reason);
            }
            self.traffic.on_event(now, &mut self.session, event);
        }
    }

    fn next_wake_up(&self) -> Option<u64> {
        let moments = [
            self.session.next_wake_up(),
            self.traffic.next_wake_up(&self.session),
        ];
        moments.into_iter().flatten().min()
    }

    async fn wait(&mut self, input: &mut [u8], sleep: Pin<&mut Sleep>) -> Wake {
        let unwritten = self.unwritten.octets();
        let reads = unwritten.len() < MAX_UNWRITTEN && self.traffic.takes_more();
        tokio::select! {
            biased;
            written = write_or_flush(&mut self.writer, unwritten), if !unwritten.is_empty() || self.unflushed => {
                Wake::Written(written)
            }
            read = self.reader.read(input), if reads => Wake::Read(read),
            () = self.traffic.wait() => Wake::Traffic,
            () = sleep => Wake::Time,
        }
    }

    fn on_wake(&mut self, wake: Wake, input: &[u8]) {
        match wake {
            Wake::Written(Ok(None)) => self.unflushed = false,
            Wake::Written(Ok(Some(count))) if count > 0 => {
                self.unwritten.on_written(count);
                self.unflushed = true;
            }
            Wake::Read(Ok(count)) if count > 0 => {
                let now = self.now();
                self.session.on_bytes(now, input.get(..count).unwrap_or_default());
            }
            Wake::Written(_) | Wake::Read(_) => self.session.on_link_lost(),
            // The next turn looks at both.
            Wake::Traffic | Wake::Time => {}
        }
    }

    /// Answers what still waits, writes what is left, and closes.
    async fn finish(mut self, closed: Closed) {
        let unwritten = self.unwritten.octets();
        let last = async {
            self.writer.write_all(unwritten).await?;
            self.writer.shutdown().await
        };
        // The session is over: what cannot be written now is of no use later.
        let ((), _) = tokio::join!(self.traffic.finish(closed), timeout(LAST_WRITE, last));
    }
}

impl<Io: AsyncRead + AsyncWrite, T: Traffic> Drop for Driver<Io, T> {
    /// A task may be stopped in its course, as with its runtime: what is out is unknown then, what waits
    /// was not sent, and whoever asks or listens hears it. After [`run`](Driver::run) nothing is left.
    fn drop(&mut self) {
        self.session.on_link_lost();
        self.take_events(self.now());
        self.traffic.abandon(self.closed.unwrap_or(Closed::LinkLost));
    }
}

/// Writes some octets; without any it flushes. Nothing is lost when it is dropped.
async fn write_or_flush<Io: AsyncWrite>(
    writer: &mut WriteHalf<Io>,
    octets: &[u8],
) -> std::io::Result<Option<usize>> {
    if octets.is_empty() {
        writer.flush().await?;
        return Ok(None);
    }
    writer.write(octets).await.map(Some)
}
