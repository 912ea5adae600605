//! One session on a socket: a single task that reads, writes many PDUs at once, and keeps the time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ozml_session::{SmsRefusal, SmsState, SmsStatus};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::event::{Closed, Event};
use super::known::SendResult;
use super::ledger::{Ledger, Notice, Submission};
use super::session::{Session, SessionState};
use super::states::StateHub;
use super::timers::after;
use super::unwritten::Unwritten;

/// Octets read at once.
const READ_SIZE: usize = 64 * 1024;
/// Octets that may wait to be written before nothing more is read: a peer that does not read cannot
/// make the answers to its requests pile up.
const MAX_UNWRITTEN: usize = 256 * 1024;
/// How long the last octets of a session may take.
const LAST_WRITE: Duration = Duration::from_secs(1);
/// A wake-up that is far enough to be none.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// A message and whom to tell its answer.
pub(crate) struct Command {
    pub(crate) submission: Submission,
    pub(crate) asker: Asker,
}

pub(crate) type Asker = oneshot::Sender<SendResult>;

/// What the task and its owner both see.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) states: StateHub,
    pub(crate) unmatched_answers: AtomicU64,
    pub(crate) unknown_commands: AtomicU64,
    pub(crate) unreadable: AtomicU64,
    pub(crate) uncorrelated_receipts: AtomicU64,
    pub(crate) incoming: AtomicU64,
}

/// The owner's ends of the channels to the task are its counterpart.
pub(crate) struct Channels {
    pub(crate) commands: mpsc::Receiver<Command>,
    /// True: end in good order.
    pub(crate) close: watch::Receiver<bool>,
    /// Told once: the session is bound, or why it is not.
    pub(crate) bound: Option<oneshot::Sender<Result<(), Closed>>>,
}

/// Runs one session on one connection.
pub(crate) struct Driver<Io: AsyncRead + AsyncWrite> {
    reader: ReadHalf<Io>,
    writer: WriteHalf<Io>,
    session: Session,
    ledger: Ledger<Asker>,
    channels: Channels,
    shared: Arc<Shared>,
    started: Instant,
    unwritten: Unwritten,
    unflushed: bool,
    /// When messages that still wait are given up, once an orderly end was asked for.
    drain_deadline: Option<u64>,
    drain: Duration,
    /// Whether no more commands can come.
    exhausted: bool,
    closed: Option<Closed>,
}

/// The time of a session that began at `started`.
pub(crate) fn millis_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// What woke the task.
enum Wake {
    Read(std::io::Result<usize>),
    /// `None`: nothing was left to write, what was written is flushed.
    Written(std::io::Result<Option<usize>>),
    Command(Option<Command>),
    Close,
    Time,
}

impl<Io: AsyncRead + AsyncWrite> Driver<Io> {
    /// `started` is the moment the session's times count from; `drain`: for an orderly end.
    pub(crate) fn new(
        io: Io,
        session: Session,
        ledger: Ledger<Asker>,
        channels: Channels,
        shared: Arc<Shared>,
        started: Instant,
        drain: Duration,
    ) -> Self {
        let (reader, writer) = tokio::io::split(io);
        Self {
            reader,
            writer,
            session,
            ledger,
            channels,
            shared,
            started,
            unwritten: Unwritten::default(),
            unflushed: false,
            drain_deadline: None,
            drain,
            exhausted: false,
            closed: None,
        }
    }

    /// Runs until the session is over; every message that was taken has its answer then.
    pub(crate) async fn run(mut self) -> Closed {
        let mut input = vec![0; READ_SIZE];
        let mut sleep = Box::pin(sleep_until(self.started));
        let closed = loop {
            self.advance();
            if let Some(closed) = self.closed {
                break closed;
            }
            self.arm(sleep.as_mut());
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
        if self.is_close_asked() {
            self.begin_close(now);
        }
        self.take_events(now);
        self.take_commands(now);
        if self.ledger.next_wake_up().is_some_and(|moment| moment <= now) {
            self.ledger.on_tick(now);
        }
        self.ledger.pump(now, &mut self.session);
        self.unbind_when_done(now);
        // The end of a session that never was bound comes at once.
        self.take_events(now);
        self.tell();
        self.session.take_output(self.unwritten.end());
    }

    /// Whether an end was asked for that has not begun; a messenger that is gone asks for it too.
    fn is_close_asked(&self) -> bool {
        self.drain_deadline.is_none() && self.channels.close.has_changed().unwrap_or(true)
    }

    fn unbind_when_done(&mut self, now: u64) {
        let Some(deadline) = self.drain_deadline else {
            return;
        };
        if deadline <= now {
            self.ledger
                .abandon("the connection was closed before the message could be sent");
        } else if !self.exhausted || !self.ledger.is_idle() {
            return;
        }
        self.session.unbind_by(now, deadline);
        self.session.on_tick(now);
    }

    /// Takes what waits in the channel, so that it leaves in one write.
    fn take_commands(&mut self, now: u64) {
        while !self.exhausted && self.ledger.wants_more() {
            match self.channels.commands.try_recv() {
                Ok(command) => self.ledger.accept(now, command.submission, command.asker),
                Err(mpsc::error::TryRecvError::Empty) => break,
                Err(mpsc::error::TryRecvError::Disconnected) => self.on_exhausted(now),
            }
        }
    }

    fn take_events(&mut self, now: u64) {
        while let Some(event) = self.session.next_event() {
            match event {
                Event::Bound { .. } => self.tell_bound(Ok(())),
                Event::Answered { ticket, answer } => self.ledger.on_answer(ticket, answer),
                Event::Delivered { sequence, deliver } => {
                    let status = self.ledger.on_deliver(now, deliver);
                    self.session.answer_deliver(now, sequence, status);
                }
                // Counted by the session.
                Event::Unreadable(_) => {}
                Event::Closed(reason) => {
                    self.tell_bound(Err(reason));
                    self.closed = Some(reason);
                }
            }
        }
    }

    fn tell_bound(&mut self, result: Result<(), Closed>) {
        if let Some(bound) = self.channels.bound.take() {
            // Whoever asked may have gone.
            let _ = bound.send(result);
        }
    }

    fn tell(&mut self) {
        for notice in self.ledger.take_notices() {
            match notice {
                Notice::State(status) => self.shared.states.publish(&status),
                Notice::Answer { id, askers, result } => {
                    let mut heard = false;
                    for asker in askers {
                        heard |= asker.send(result.clone()).is_ok();
                    }
                    // Nobody waits for this answer any more: it comes as a state.
                    if let (false, Err(refusal)) = (heard, result) {
                        let status = SmsStatus::new(id, SmsState::Failed).because(refusal.to_string());
                        self.shared.states.publish(&status);
                    }
                }
            }
        }
        let counters = self.session.counters();
        for (shown, count) in [
            (&self.shared.unmatched_answers, counters.unmatched_answers),
            (&self.shared.unknown_commands, counters.unknown_commands),
            (&self.shared.unreadable, counters.unreadable),
            (&self.shared.uncorrelated_receipts, self.ledger.uncorrelated()),
            (&self.shared.incoming, self.ledger.incoming()),
        ] {
            shown.store(count, Ordering::Relaxed);
        }
    }

    /// Sets the timer when it would ring too late; one that rings too early costs one turn.
    fn arm(&self, mut sleep: Pin<&mut Sleep>) {
        let ending = self.session.state() == SessionState::Unbinding;
        let drain = self.drain_deadline.filter(|_| !ending);
        let moments = [self.session.next_wake_up(), self.ledger.next_wake_up(), drain];
        let next = moments.into_iter().flatten().min();
        let at = next.and_then(|ms| self.started.checked_add(Duration::from_millis(ms)));
        let at = at.unwrap_or_else(|| Instant::now() + NEVER);
        if sleep.is_elapsed() || sleep.deadline() > at {
            sleep.as_mut().reset(at);
        }
    }

    async fn wait(&mut self, input: &mut [u8], sleep: Pin<&mut Sleep>) -> Wake {
        let unwritten = self.unwritten.octets();
        let wants_more = !self.exhausted && self.ledger.wants_more();
        let closing = self.drain_deadline.is_some();
        tokio::select! {
            biased;
            written = write_or_flush(&mut self.writer, unwritten), if !unwritten.is_empty() || self.unflushed => {
                Wake::Written(written)
            }
            read = self.reader.read(input), if unwritten.len() < MAX_UNWRITTEN => Wake::Read(read),
            command = self.channels.commands.recv(), if wants_more => Wake::Command(command),
            _ = self.channels.close.changed(), if !closing => Wake::Close,
            () = sleep => Wake::Time,
        }
    }

    fn on_wake(&mut self, wake: Wake, input: &[u8]) {
        let now = self.now();
        match wake {
            Wake::Written(Ok(None)) => self.unflushed = false,
            Wake::Written(Ok(Some(count))) if count > 0 => {
                self.unwritten.on_written(count);
                self.unflushed = true;
            }
            Wake::Read(Ok(count)) if count > 0 => {
                self.session.on_bytes(now, input.get(..count).unwrap_or_default());
            }
            Wake::Written(_) | Wake::Read(_) => self.session.on_link_lost(),
            Wake::Command(Some(command)) => self.ledger.accept(now, command.submission, command.asker),
            Wake::Command(None) => self.on_exhausted(now),
            Wake::Close => self.begin_close(now),
            // The next turn looks at the time.
            Wake::Time => {}
        }
    }

    /// The owner is gone, or the channel was closed and is read to its end.
    fn on_exhausted(&mut self, now: u64) {
        self.exhausted = true;
        self.begin_close(now);
    }

    fn begin_close(&mut self, now: u64) {
        self.channels.commands.close();
        if self.drain_deadline.is_none() {
            self.drain_deadline = Some(after(now, self.drain));
        }
    }

    /// Refuses what still waits, also that of senders who are about to hand over, writes what is left, and closes.
    async fn finish(mut self, closed: Closed) {
        let reason = closed.to_string();
        self.ledger.abandon(&reason);
        self.tell();
        self.channels.commands.close();
        while let Some(command) = self.channels.commands.recv().await {
            // Whoever asked may have gone.
            let _ = command.asker.send(Err(SmsRefusal::NoRoute(reason.clone())));
        }
        let unwritten = self.unwritten.octets();
        let last = async {
            self.writer.write_all(unwritten).await?;
            self.writer.shutdown().await
        };
        // The session is over: what cannot be written now is of no use later.
        let _ = timeout(LAST_WRITE, last).await;
    }
}

impl<Io: AsyncRead + AsyncWrite> Drop for Driver<Io> {
    /// A task may be stopped in its course, as with its runtime: what is out is unknown then, what waits
    /// was not sent, and whoever asks or listens hears it. After [`run`](Driver::run) nothing is left.
    fn drop(&mut self) {
        self.session.on_link_lost();
        self.take_events(self.now());
        let reason = self.closed.unwrap_or(Closed::LinkLost).to_string();
        self.ledger.abandon(&reason);
        self.tell();
        self.channels.commands.close();
        while let Ok(command) = self.channels.commands.try_recv() {
            // Whoever asked may have gone.
            let _ = command.asker.send(Err(SmsRefusal::NoRoute(reason.clone())));
        }
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
