//! What becomes of the SMS of a run, during the run and after it.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;
use ozml::engine::{TraceEvent, TraceKind, TraceSink};
use ozml::session::{Clock, SmsState, SmsStates, SmsStatus};
use ozml::{RunReport, Trace};

/// The SMS of a run and the last state known of each.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<BTreeMap<String, SmsState>>);

impl Ledger {
    /// Whether a message came to no good end.
    pub(crate) fn has_failures(&self) -> bool {
        let bad =
            |state: &SmsState| matches!(state, SmsState::Failed | SmsState::Expired | SmsState::Unknown);
        self.lock().values().any(bad)
    }

    /// How many messages have no final state.
    pub(crate) fn open(&self) -> usize {
        self.lock().values().filter(|state| !state.is_final()).count()
    }

    fn knows(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    fn is_settled(&self) -> bool {
        self.open() == 0
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, SmsState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TraceSink for Ledger {
    fn record(&self, event: &TraceEvent<'_>) {
        match &event.kind {
            TraceKind::SmsAccepted { id, .. } => {
                self.lock().insert(id.to_string(), SmsState::Accepted);
            }
            TraceKind::SmsStatus { id, state, .. } => {
                if let Ok(state) = state.parse() {
                    self.lock().insert(id.to_string(), state);
                }
            }
            _ => {}
        }
    }
}

/// Records the states of messages beside a run.
pub(crate) struct Follower<'a> {
    trace: &'a Trace,
    clock: &'a dyn Clock,
    ledger: &'a Ledger,
    states: Option<SmsStates>,
    /// States that came before the run had heard that its message is accepted.
    early: Vec<SmsStatus>,
}

impl<'a> Follower<'a> {
    pub(crate) fn new(trace: &'a Trace, clock: &'a dyn Clock, ledger: &'a Ledger, states: SmsStates) -> Self {
        Self {
            trace,
            clock,
            ledger,
            states: Some(states),
            early: Vec::new(),
        }
    }

    /// Drives the run.
    pub(crate) async fn run(&mut self, run: impl Future<Output = RunReport>) -> RunReport {
        let mut run = pin!(run);
        poll_fn(|task| {
            let report = run.as_mut().poll(task);
            self.take(task);
            report
        })
        .await
    }

    /// Goes on until every message is in a final state, no more states can come, or `wait` is over.
    pub(crate) async fn settle(&mut self, wait: impl Future<Output = ()>) {
        let mut wait = pin!(wait);
        poll_fn(|task| {
            self.take(task);
            let nothing_to_come = self.states.is_none() || self.ledger.is_settled();
            if nothing_to_come || wait.as_mut().poll(task).is_ready() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    fn take(&mut self, task: &mut Context<'_>) {
        while let Some(states) = &mut self.states {
            match Pin::new(states).poll_next(task) {
                Poll::Ready(Some(status)) => self.early.push(status),
                Poll::Ready(None) => self.states = None,
                Poll::Pending => break,
            }
        }
        let (known, early) = self
            .early
            .drain(..)
            .partition(|status| self.ledger.knows(status.id.as_str()));
        self.early = early;
        let known: Vec<SmsStatus> = known;
        known
            .iter()
            .for_each(|status| self.trace.sms_status(self.clock.now(), status));
    }
}
