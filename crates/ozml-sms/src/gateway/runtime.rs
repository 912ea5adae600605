//! The gateway's one task: it hands events to the outbox and does what the outbox says.

mod connections;
mod effects;
mod reopening;
mod requests;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ozml_session::{Clock, Notifier, PortFuture, SmsReceiver};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, Sleep, sleep_until};

use self::connections::Links;
use self::effects::Receiving;
use self::reopening::Reopening;
pub use self::requests::GatewayStatus;
pub(crate) use self::requests::{Request, closed};
use super::ConnectionConfig;
use super::outbox::event::{Now, SendResult};
use super::outbox::{Outbox, QueueStatus};
use crate::link::LinkEvents;
use crate::smpp::StateHub;
use crate::store::{CommitError, Committed, Note, Opened, Store, StoreError};

/// Requests that may wait for the task; the next sender waits until one is taken.
pub(crate) const REQUESTS: usize = 1_024;
/// Turns of sessions that may wait for the task; then sessions read no more for a while.
const LINK_EVENTS: usize = 256;
/// How long an orderly end may take.
const CLOSE: Duration = Duration::from_secs(25);
/// A wake-up that is far enough to be none.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// Who hears the answer of a send; nobody does for a copy.
pub(crate) type Asker = Option<oneshot::Sender<SendResult>>;

/// What the task needs from outside.
pub(crate) struct World {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) notifier: Arc<dyn Notifier>,
    /// `None`: what comes in is kept.
    pub(crate) receiver: Option<Arc<dyn SmsReceiver>>,
    pub(crate) states: Arc<StateHub>,
}

/// Work that the store does at present.
enum StoreWork {
    Commit(PortFuture<'static, Committed, CommitError>),
    Reopen(PortFuture<'static, (), StoreError>),
}

enum StoreDone {
    Commit(Result<Committed, CommitError>),
    Reopened(Result<(), StoreError>),
}

impl StoreWork {
    async fn done(&mut self) -> StoreDone {
        match self {
            Self::Commit(work) => StoreDone::Commit(work.await),
            Self::Reopen(work) => StoreDone::Reopened(work.await),
        }
    }
}

/// What woke the task.
enum Wake {
    Store(StoreDone),
    Link(LinkEvents),
    Request(Option<Request>),
    Time,
}

pub(crate) struct Runtime {
    outbox: Outbox<Asker>,
    world: World,
    links: Links,
    link_events: mpsc::Receiver<LinkEvents>,
    requests: mpsc::Receiver<Request>,
    receiving: Receiving,
    store_work: Option<StoreWork>,
    reopening: Reopening,
    started: Instant,
    /// The latest look at the queue, and when it was taken.
    queue_seen: Option<(u64, QueueStatus)>,
    /// When an orderly end is over at the latest, and who waits for it.
    closing: Option<u64>,
    closed: Vec<oneshot::Sender<()>>,
}

impl Runtime {
    /// `seed`: for the jitter of reconnects.
    pub(crate) fn new(
        outbox: Outbox<Asker>,
        world: World,
        requests: mpsc::Receiver<Request>,
        own_requests: mpsc::WeakSender<Request>,
        seed: u64,
    ) -> Self {
        let (link_sender, link_events) = mpsc::channel(LINK_EVENTS);
        let receiving = Receiving::new(world.receiver.clone(), Arc::clone(&world.notifier), own_requests);
        Self {
            outbox,
            world,
            links: Links::new(link_sender, seed),
            link_events,
            requests,
            receiving,
            store_work: None,
            reopening: Reopening::default(),
            started: Instant::now(),
            queue_seen: None,
            closing: None,
            closed: Vec::new(),
        }
    }

    /// Runs until an orderly end was asked for, or nobody is left who could ask for anything.
    pub(crate) async fn run(
        mut self,
        connections: Vec<ConnectionConfig>,
        opened: Opened,
        reports: Vec<Note>,
    ) {
        self.configure(connections);
        self.outbox.open(self.now(), opened);
        self.receiving.report_again(reports);
        let mut sleep = Box::pin(sleep_until(self.started));
        loop {
            let now = self.now();
            self.advance(now);
            if self.is_over(now) {
                break;
            }
            self.arm(now, sleep.as_mut());
            let wake = self.wait(sleep.as_mut()).await;
            self.on_wake(wake);
            self.take_waiting();
        }
        self.world.states.close();
        for asker in self.closed {
            // Whoever asked may have gone.
            let _ = asker.send(());
        }
    }

    fn now(&self) -> Now {
        Now {
            ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall: self.world.clock.wall(),
        }
    }

    /// Everything that can be done without waiting.
    fn advance(&mut self, now: Now) {
        if self
            .outbox
            .next_wake_up(now)
            .is_some_and(|moment| moment <= now.ms)
        {
            self.outbox.on_tick(now);
        }
        if self.closing.is_none() {
            let outbox = &self.outbox;
            self.links
                .connect_due(now.ms, |session| outbox.gives_pin(session));
        }
        self.outbox.pump(now);
        self.perform();
        self.begin_store_work(now);
    }

    fn begin_store_work(&mut self, now: Now) {
        if self.store_work.is_some() {
            return;
        }
        if self.outbox.needs_reopening() {
            if self.reopening.is_due(now.ms) {
                self.store_work = Some(StoreWork::Reopen(self.world.store.reopen()));
            }
        } else if let Some(batch) = self.outbox.take_batch(now) {
            self.store_work = Some(StoreWork::Commit(self.world.store.commit(batch)));
        }
    }

    fn on_store(&mut self, done: StoreDone) {
        let now = self.now();
        self.store_work = None;
        match done {
            StoreDone::Commit(Ok(committed)) => {
                self.reopening.on_committed();
                let written = self.outbox.take_written();
                // The store need not wait for what follows.
                self.begin_store_work(now);
                self.outbox.on_committed(now, written, committed);
            }
            StoreDone::Commit(Err(failed)) => {
                tracing::error!(reason = %failed.error, "the store did not take a commit");
                self.outbox.on_commit_failed(now, &failed.error, failed.changes);
                if self.outbox.needs_reopening() {
                    self.reopening.on_failed(now.ms);
                }
            }
            StoreDone::Reopened(Ok(())) => {
                tracing::info!("the store is open again");
                self.outbox.on_reopened();
                self.reopening.on_reopened();
            }
            StoreDone::Reopened(Err(error)) => {
                tracing::error!(reason = %error, "the store cannot be opened again");
                self.reopening.on_failed(now.ms);
            }
        }
    }

    fn arm(&self, now: Now, mut sleep: Pin<&mut Sleep>) {
        let moments = [
            self.outbox.next_wake_up(now),
            // Nothing is connected any more when it is to end.
            self.links.next_wake_up().filter(|_| self.closing.is_none()),
            self.reopening
                .next_wake_up()
                .filter(|_| self.store_work.is_none()),
            self.closing,
        ];
        // Whatever is due was done: a moment that lies behind must not keep the task awake.
        let soonest = now.ms.saturating_add(1);
        let next = moments.into_iter().flatten().min().map(|at| at.max(soonest));
        let at = next.and_then(|ms| self.started.checked_add(Duration::from_millis(ms)));
        let at = at.unwrap_or_else(|| Instant::now() + NEVER);
        if sleep.is_elapsed() || sleep.deadline() != at {
            sleep.as_mut().reset(at);
        }
    }

    async fn wait(&mut self, sleep: Pin<&mut Sleep>) -> Wake {
        let store = async {
            match &mut self.store_work {
                Some(work) => work.done().await,
                None => std::future::pending().await,
            }
        };
        let closing = self.closing.is_some();
        tokio::select! {
            biased;
            done = store => Wake::Store(done),
            Some(happened) = self.link_events.recv() => Wake::Link(happened),
            request = self.requests.recv(), if !closing => Wake::Request(request),
            () = sleep => Wake::Time,
        }
    }

    fn on_wake(&mut self, wake: Wake) {
        match wake {
            Wake::Store(done) => self.on_store(done),
            Wake::Link(happened) => self.on_link(happened),
            Wake::Request(Some(request)) => self.on_request(request),
            Wake::Request(None) => self.begin_close(),
            // The next turn looks at the time.
            Wake::Time => {}
        }
    }

    /// Takes what waits in both channels, so that it shares the next batch and nobody starves.
    fn take_waiting(&mut self) {
        for _ in 0..LINK_EVENTS {
            match self.link_events.try_recv() {
                Ok(happened) => self.on_link(happened),
                Err(_) => break,
            }
        }
        for _ in 0..REQUESTS {
            match self.requests.try_recv() {
                Ok(request) => self.on_request(request),
                Err(_) => break,
            }
        }
    }

    fn begin_close(&mut self) {
        if self.closing.is_some() {
            return;
        }
        let now = self.now();
        let limit = u64::try_from(CLOSE.as_millis()).unwrap_or(u64::MAX);
        self.closing = Some(now.ms.saturating_add(limit));
        self.requests.close();
        self.outbox.close_acceptance(Some("the gateway is closing"));
        self.outbox.stop(now);
        self.links.close_all();
    }

    /// Whether an orderly end is through, or took too long.
    fn is_over(&self, now: Now) -> bool {
        self.closing.is_some_and(|limit| {
            let is_settled = self.links.is_empty() && self.outbox.is_settled() && self.store_work.is_none();
            is_settled || limit <= now.ms
        })
    }
}
