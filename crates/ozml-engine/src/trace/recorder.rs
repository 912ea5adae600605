use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ozml_parser::Position;
use ozml_session::{CallId, Clock, ClockTime, RunId, SmsStatus};

use super::{TraceEvent, TraceKind};

/// Takes the events of a run one by one, in order. Must not block and not panic.
pub trait TraceSink: Send + Sync {
    /// One event; borrowed for the moment.
    fn record(&self, event: &TraceEvent<'_>);
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unrecorded;

impl TraceSink for Unrecorded {
    fn record(&self, _: &TraceEvent<'_>) {}
}

/// The trace of one run: numbers its events and hands them to a sink.
pub struct Trace {
    run: RunId,
    call: Option<CallId>,
    begin: ClockTime,
    next: AtomicU64,
    sink: Arc<dyn TraceSink>,
    full: bool,
}

impl Trace {
    /// The trace of a run that begins now.
    pub fn new(run: RunId, clock: &dyn Clock, sink: Arc<dyn TraceSink>) -> Self {
        Self {
            run,
            call: None,
            begin: clock.now(),
            next: AtomicU64::new(1),
            sink,
            full: false,
        }
    }

    /// The same for a run on a call.
    #[must_use]
    pub fn on_call(mut self, call: CallId) -> Self {
        self.call = Some(call);
        self
    }

    /// The same with the answer of every port (`--trace-full`).
    #[must_use]
    pub fn full(mut self) -> Self {
        self.full = true;
        self
    }

    /// The run.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// Records what became of an SMS of this run, during the run or after it.
    pub fn sms_status(&self, now: ClockTime, status: &SmsStatus) {
        let kind = TraceKind::SmsStatus {
            id: status.id.as_str().into(),
            state: status.state.as_str().into(),
            reason: status.reason.as_deref().map(Cow::Borrowed),
        };
        self.record(now, None, false, kind);
    }

    /// Whether the answers of ports are recorded.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    pub(crate) fn record(&self, now: ClockTime, place: Option<Place>, on_leg: bool, kind: TraceKind<'_>) {
        let seq = self.next.fetch_add(1, Ordering::Relaxed);
        let mut event = TraceEvent::new(seq, now.millis_since(self.begin), self.run.as_str(), kind);
        event.call = self.call.as_ref().map(|call| call.as_str().into());
        event.leg = (on_leg && self.call.is_some()).then_some(Cow::Borrowed("a"));
        event.doc = place.map(|place| place.doc);
        event.line = place.map(|place| place.position.line);
        event.column = place.map(|place| place.position.column);
        self.sink.record(&event);
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trace({})", self.run)
    }
}

/// Where in the documents of a run something happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) doc: u32,
    pub(crate) position: Position,
}
