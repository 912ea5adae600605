//! The ledger of a messenger behind its session: messages come through a channel, answers go back to
//! those who asked, states to whoever listens.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ozml_session::{SmsRefusal, SmsState, SmsStatus};
use tokio::sync::{mpsc, oneshot, watch};

use super::event::{Closed, Event};
use super::known::SendResult;
use super::ledger::{Ledger, Notice, Submission};
use super::session::{Session, SessionState};
use super::states::StateHub;
use super::timers::after;
use super::traffic::Traffic;

/// A message and whom to tell its answer.
pub(crate) struct Command {
    pub(crate) submission: Submission,
    pub(crate) asker: Asker,
}

pub(crate) type Asker = oneshot::Sender<SendResult>;

impl Command {
    fn refuse(self, reason: &str) {
        // Whoever asked may have gone.
        let _ = self.asker.send(Err(SmsRefusal::NoRoute(reason.to_owned())));
    }
}

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

/// A ledger with its channels.
pub(crate) struct LedgerTraffic {
    ledger: Ledger<Asker>,
    channels: Channels,
    shared: Arc<Shared>,
    drain: Duration,
    /// The command that ended the last wait.
    command: Option<Command>,
    /// Whether no more commands can come.
    exhausted: bool,
    close_asked: bool,
    /// When messages that still wait are given up, once an orderly end was asked for.
    drain_deadline: Option<u64>,
}

impl LedgerTraffic {
    /// `drain`: for an orderly end.
    pub(crate) fn new(
        ledger: Ledger<Asker>,
        channels: Channels,
        shared: Arc<Shared>,
        drain: Duration,
    ) -> Self {
        Self {
            ledger,
            channels,
            shared,
            drain,
            command: None,
            exhausted: false,
            close_asked: false,
            drain_deadline: None,
        }
    }

    /// Takes what waits in the channel, so that it leaves in one write.
    fn take_commands(&mut self, now: u64) {
        if let Some(command) = self.command.take() {
            self.ledger.accept(now, command.submission, command.asker);
        }
        while !self.exhausted && self.ledger.wants_more() {
            match self.channels.commands.try_recv() {
                Ok(command) => self.ledger.accept(now, command.submission, command.asker),
                Err(mpsc::error::TryRecvError::Empty) => break,
                Err(mpsc::error::TryRecvError::Disconnected) => self.exhausted = true,
            }
        }
    }

    /// Begins the end if it was asked for; a messenger that is gone asks for it too.
    fn begin_close(&mut self, now: u64) {
        if self.drain_deadline.is_some() {
            return;
        }
        let close_asked = self.close_asked || self.channels.close.has_changed().unwrap_or(true);
        if close_asked || self.exhausted {
            self.channels.commands.close();
            self.drain_deadline = Some(after(now, self.drain));
        }
    }

    fn unbind_when_done(&mut self, now: u64, session: &mut Session) {
        let Some(deadline) = self.drain_deadline else {
            return;
        };
        if deadline <= now {
            self.ledger
                .abandon("the connection was closed before the message could be sent");
        } else if !self.exhausted || !self.ledger.is_idle() {
            return;
        }
        session.unbind_by(now, deadline);
        session.on_tick(now);
    }

    fn tell_bound(&mut self, result: Result<(), Closed>) {
        if let Some(bound) = self.channels.bound.take() {
            // Whoever asked may have gone.
            let _ = bound.send(result);
        }
    }

    fn tell_notices(&mut self) {
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
    }

    /// Nothing more goes out.
    fn end(&mut self, reason: &str) {
        self.ledger.abandon(reason);
        self.tell_notices();
        self.channels.commands.close();
        if let Some(command) = self.command.take() {
            command.refuse(reason);
        }
    }
}

impl Traffic for LedgerTraffic {
    async fn wait(&mut self) {
        let wants_more = !self.exhausted && self.ledger.wants_more();
        let closing = self.drain_deadline.is_some();
        tokio::select! {
            biased;
            command = self.channels.commands.recv(), if wants_more => {
                self.exhausted = command.is_none();
                self.command = command;
            }
            _ = self.channels.close.changed(), if !closing => self.close_asked = true,
            else => std::future::pending().await,
        }
    }

    fn on_event(&mut self, now: u64, session: &mut Session, event: Event) {
        match event {
            Event::Bound { .. } => self.tell_bound(Ok(())),
            Event::Answered { ticket, answer } => self.ledger.on_answer(ticket, answer),
            Event::Delivered { sequence, deliver } => {
                let status = self.ledger.on_deliver(now, deliver);
                session.answer_deliver(now, sequence, status);
            }
            // Counted by the session.
            Event::Unreadable(_) => {}
            Event::Closed(reason) => self.tell_bound(Err(reason)),
        }
    }

    fn advance(&mut self, now: u64, session: &mut Session) {
        self.begin_close(now);
        self.take_commands(now);
        self.begin_close(now);
        if self.ledger.next_wake_up().is_some_and(|moment| moment <= now) {
            self.ledger.on_tick(now);
        }
        self.ledger.pump(now, session);
        self.unbind_when_done(now, session);
    }

    fn tell(&mut self, session: &Session) {
        self.tell_notices();
        let counters = session.counters();
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

    fn next_wake_up(&self, session: &Session) -> Option<u64> {
        let ending = session.state() == SessionState::Unbinding;
        let drain = self.drain_deadline.filter(|_| !ending);
        [self.ledger.next_wake_up(), drain].into_iter().flatten().min()
    }

    /// Refuses what still waits, also that of senders who are about to hand over.
    async fn finish(&mut self, closed: Closed) {
        let reason = closed.to_string();
        self.end(&reason);
        while let Some(command) = self.channels.commands.recv().await {
            command.refuse(&reason);
        }
    }

    fn abandon(&mut self, closed: Closed) {
        let reason = closed.to_string();
        self.end(&reason);
        while let Ok(command) = self.channels.commands.try_recv() {
            command.refuse(&reason);
        }
    }
}
