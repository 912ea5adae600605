//! The reports of a notifier: the queue, what is in it, and the journal under it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ozml_session::{Clock, ClockTime, NotifyError};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::client::{WebClient, origin, without_query};
use super::gate::Gate;
use super::journal::{JournalError, NotificationJournal};
use super::notifier::{NotifierCounts, Undelivered, WebNotifier};
use super::queue::{Action, Event, Queue, QueueLimits, Ticket};
use super::report::Report;
use crate::SystemClock;

pub(super) struct Outbox {
    pub(super) client: Arc<WebClient>,
    pub(super) journal: Box<dyn NotificationJournal>,
    /// Its own: a call that waits for a script does not wait behind reports.
    pub(super) gate: Gate,
    /// There is something to do.
    pub(super) wake: Notify,
    begin: Instant,
    state: Mutex<State>,
}

struct State {
    queue: Queue,
    reports: BTreeMap<Ticket, Arc<Report>>,
    /// Whether the journal has kept it.
    ids: BTreeMap<String, bool>,
    /// What the driver has to do.
    todo: Vec<Action>,
    is_closed: bool,
    undelivered: VecDeque<Undelivered>,
    counts: NotifierCounts,
}

/// What became of a wish for room.
pub(super) enum Reserve<'o> {
    Reserved(Reserved<'o>),
    /// The same report is queued already.
    IsQueued,
}

/// Room for a report that the journal has not kept yet. Dropped, the report is not sent.
pub(super) struct Reserved<'o> {
    outbox: &'o Outbox,
    ticket: Ticket,
    is_kept: bool,
}

impl Outbox {
    pub(super) fn new(client: Arc<WebClient>, journal: Box<dyn NotificationJournal>) -> Self {
        let limits = &client.config().limits;
        let queue = Queue::new(QueueLimits {
            tries: limits.webhook_tries,
            per_server: limits.webhook_queue,
            bytes: limits.webhook_queue_bytes,
            at_once: limits.fetches,
        });
        let gate = Gate::new(limits.fetches, limits.fetches_per_host);
        Self {
            client,
            journal,
            gate,
            wake: Notify::new(),
            begin: Instant::now(),
            state: Mutex::new(State {
                queue,
                reports: BTreeMap::new(),
                ids: BTreeMap::new(),
                todo: Vec::new(),
                is_closed: false,
                undelivered: VecDeque::new(),
                counts: NotifierCounts::default(),
            }),
        }
    }

    /// Queues what the journal has kept. Its life began when it was queued first.
    pub(super) async fn reload(&self) -> Result<(), JournalError> {
        let wall = SystemClock::new().wall().as_unix_millis();
        for (id, bytes) in self.journal.load().await? {
            let report = Report::read(&bytes).map_err(|fault| fault.to_string());
            let readable = report.and_then(|report| match origin(&report.url) {
                Ok(origin) if report.id == id => Ok((report, origin.server())),
                _ => Err("it does not belong to its id".to_owned()),
            });
            match readable {
                Ok((report, server)) => {
                    let age = wall.saturating_sub(report.queued_at.as_unix_millis());
                    let age = Duration::from_millis(u64::try_from(age).unwrap_or(0));
                    let ticket = self.lock().take(report, &server, self.expires(age));
                    self.on(Event::Kept(ticket));
                }
                Err(fault) => {
                    tracing::error!(%id, %fault, "a report of the journal cannot be read and stays there");
                    let counts = &mut self.lock().counts;
                    counts.unreadable = counts.unreadable.saturating_add(1);
                }
            }
        }
        Ok(())
    }

    pub(super) fn reserve(&self, report: Report) -> Result<Reserve<'_>, NotifyError> {
        let server = origin(&report.url)
            .map_err(|_| NotifyError::Unavailable)?
            .server();
        let expires = self.expires(Duration::ZERO);
        let mut state = self.lock();
        if state.is_closed {
            return Err(NotifyError::Unavailable);
        }
        match state.ids.get(&report.id) {
            Some(true) => return Ok(Reserve::IsQueued),
            Some(false) => {
                let text = "the same report is just being stored".to_owned();
                return Err(NotifyError::NotStored(text));
            }
            None => {}
        }
        let ticket = state
            .queue
            .reserve(&server, report.weight(), expires)
            .ok_or(NotifyError::QueueFull)?;
        state.put(ticket, report, false);
        Ok(Reserve::Reserved(Reserved {
            outbox: self,
            ticket,
            is_kept: false,
        }))
    }

    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.on(Event::Closed);
    }

    /// Tells the queue what happened; the driver does what follows from it.
    pub(super) fn on(&self, event: Event) {
        let now = self.now();
        let mut state = self.lock();
        let actions = state.queue.on(now, event);
        state.todo.extend(actions);
        drop(state);
        self.wake.notify_one();
    }

    /// What is to be done, and when to look again.
    pub(super) fn take_todo(&self) -> (Vec<Action>, Option<Instant>) {
        let mut state = self.lock();
        let wake = state.queue.next_wake();
        let wake = wake.and_then(|at| self.begin.checked_add(Duration::from_millis(at.as_millis())));
        (std::mem::take(&mut state.todo), wake)
    }

    /// A report that is to be sent now.
    pub(super) fn begin(&self, ticket: Ticket) -> Option<Arc<Report>> {
        let mut state = self.lock();
        let report = state.reports.get(&ticket)?.clone();
        state.counts.tries = state.counts.tries.saturating_add(1);
        Some(report)
    }

    /// The id of a report that was delivered.
    pub(super) fn delivered(&self, ticket: Ticket) -> Option<String> {
        let mut state = self.lock();
        let report = state.remove(ticket)?;
        state.counts.delivered = state.counts.delivered.saturating_add(1);
        Some(report.id.clone())
    }

    /// The id of a report that is given up.
    pub(super) fn given_up(&self, ticket: Ticket, tries: usize, reason: String) -> Option<String> {
        let mut state = self.lock();
        let report = state.remove(ticket)?;
        tracing::warn!(id = %report.id, url = without_query(&report.url), tries, %reason, "report not delivered");
        state.counts.undelivered = state.counts.undelivered.saturating_add(1);
        if state.undelivered.len() >= WebNotifier::MOST_UNDELIVERED {
            state.undelivered.pop_front();
        }
        state.undelivered.push_back(Undelivered {
            id: report.id.clone(),
            name: report.name.clone(),
            url: without_query(&report.url).to_owned(),
            tries,
            reason,
        });
        Some(report.id.clone())
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    pub(super) fn undelivered(&self) -> VecDeque<Undelivered> {
        self.lock().undelivered.clone()
    }

    pub(super) fn counts(&self) -> NotifierCounts {
        let state = self.lock();
        NotifierCounts {
            queued: state.queue.len(),
            ..state.counts
        }
    }

    fn now(&self) -> ClockTime {
        ClockTime::ZERO.after(self.begin.elapsed())
    }

    /// When the life of a report of this age is over.
    fn expires(&self, age: Duration) -> ClockTime {
        self.now()
            .after(self.client.config().limits.webhook_life.saturating_sub(age))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, report: Report, server: &str, expires: ClockTime) -> Ticket {
        let ticket = self.queue.take(server, report.weight(), expires);
        self.put(ticket, report, true);
        ticket
    }

    fn put(&mut self, ticket: Ticket, report: Report, is_kept: bool) {
        self.ids.insert(report.id.clone(), is_kept);
        self.reports.insert(ticket, Arc::new(report));
    }

    fn remove(&mut self, ticket: Ticket) -> Option<Arc<Report>> {
        let report = self.reports.remove(&ticket)?;
        self.ids.remove(&report.id);
        Some(report)
    }
}

impl Reserved<'_> {
    /// The journal has it: it may be sent.
    pub(super) fn kept(mut self) {
        self.is_kept = true;
        let mut state = self.outbox.lock();
        if let Some(report) = state.reports.get(&self.ticket).cloned() {
            state.ids.insert(report.id.clone(), true);
        }
        drop(state);
        self.outbox.on(Event::Kept(self.ticket));
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if !self.is_kept {
            self.outbox.lock().remove(self.ticket);
            self.outbox.on(Event::Abandoned(self.ticket));
        }
    }
}
