//! The gateway as others see it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use ozml_session::{
    AcceptedSms, Clock, ConnectionName, Ids, MessageId, Messenger, Notifier, OutgoingSms, PortFuture,
    ReceivedSms, Refusal, SmsReceiver, SmsRefusal, SmsStates, Unavailable, WallTime,
};
use tokio::sync::{mpsc, oneshot};

use super::ConnectionConfig;
use super::config::QueueLimits;
use super::incoming::Incoming;
use super::outbox::Outbox;
use super::outbox::counters::count;
use super::pins::{self, RefusedPins};
use super::plan::{GatewayRules, Planner, SendOptions};
use super::report;
use super::runtime::{GatewayStatus, REQUESTS, Request, Runtime, World, closed};
use crate::smpp::{StateHub, lock};
use crate::store::{DamagedRow, ListFilter, Listed, Note, Store, StoreError, StoredSms};

/// Budgets look back so far.
const BUDGET_MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a gateway is told.
#[derive(Debug)]
#[non_exhaustive]
pub struct GatewayConfig {
    /// The connections it has.
    pub connections: Vec<ConnectionConfig>,
    /// Which of them a message takes, and whether it may be sent at all.
    pub rules: GatewayRules,
    /// Bounds of the queue.
    pub queue: QueueLimits,
}

impl GatewayConfig {
    /// Connections and rules, with the usual bounds.
    pub fn new(connections: Vec<ConnectionConfig>, rules: GatewayRules) -> Self {
        Self {
            connections,
            rules,
            queue: QueueLimits::default(),
        }
    }
}

/// What a gateway needs of the world.
#[non_exhaustive]
pub struct GatewayPorts {
    /// Names for messages. They should grow with time (UUID version 7), so that the store finds its place
    /// quickly.
    pub ids: Arc<dyn Ids>,
    /// The date.
    pub clock: Arc<dyn Clock>,
    /// Who takes the reports for DeliveryReportURL.
    pub notifier: Arc<dyn Notifier>,
    /// Who takes the messages that come in; they are kept until it does. `None`: they stay where they are
    /// kept, see [`SmsGateway::received`].
    pub receiver: Option<Arc<dyn SmsReceiver>>,
}

impl GatewayPorts {
    /// Without reports; messages that come in are kept.
    pub fn new(ids: impl Ids + 'static, clock: impl Clock + 'static) -> Self {
        Self {
            ids: Arc::new(ids),
            clock: Arc::new(clock),
            notifier: Arc::new(Unavailable),
            receiver: None,
        }
    }

    /// The same with somebody who takes reports.
    #[must_use]
    pub fn with_notifier(mut self, notifier: impl Notifier + 'static) -> Self {
        self.notifier = Arc::new(notifier);
        self
    }

    /// The same with somebody who takes what comes in.
    #[must_use]
    pub fn with_receiver(mut self, receiver: impl SmsReceiver + 'static) -> Self {
        self.receiver = Some(Arc::new(receiver));
        self
    }
}

/// A durable outbox with connections to message centres.
///
/// [`send`](Messenger::send) resolves when the message is as durable as the store's mode promises; from then on it
/// is not lost, and its states come through [`states`](Messenger::states). Dropping the gateway ends it in good order in
/// the background; [`close`](Self::close) waits for that.
#[derive(Clone)]
pub struct SmsGateway(Arc<Inner>);

struct Inner {
    requests: mpsc::Sender<Request>,
    store: Arc<dyn Store>,
    planner: RwLock<Arc<Planner>>,
    states: Arc<StateHub>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    damaged: Vec<DamagedRow>,
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

impl SmsGateway {
    /// Opens the outbox and begins to connect. Needs a tokio runtime with time and I/O, on which the
    /// gateway's task runs.
    pub async fn open(
        config: GatewayConfig,
        store: impl Store + 'static,
        ports: GatewayPorts,
    ) -> Result<Self, StoreError> {
        let store: Arc<dyn Store> = Arc::new(store);
        let opened = store.opened().await?;
        let damaged = opened.damaged.clone();
        for row in &damaged {
            tracing::error!(
                number = row.number,
                sms = row.id,
                reason = row.reason,
                "a damaged message is set aside"
            );
        }
        let incoming = Incoming::new(incoming_notes(&*store).await?, Arc::clone(&ports.ids));
        let reports = store.notes(report::KIND).await?;
        let pins = RefusedPins::new(store.notes(pins::KIND).await?);
        let now = ports.clock.wall();
        let planner = Planner::new(config.rules, &config.connections);
        planner.remember(&store.accepted_since(since(now)).await?);
        let (requests, receiver) = mpsc::channel(REQUESTS);
        let states = Arc::new(StateHub::default());
        let world = World {
            store: Arc::clone(&store),
            clock: Arc::clone(&ports.clock),
            notifier: ports.notifier,
            receiver: ports.receiver,
            states: Arc::clone(&states),
        };
        let outbox = Outbox::new(config.queue, incoming, pins);
        let seed = u64::try_from(now.as_unix_millis()).unwrap_or_default();
        let runtime = Runtime::new(outbox, world, receiver, requests.downgrade(), seed);
        tokio::spawn(runtime.run(config.connections, opened, reports));
        Ok(Self(Arc::new(Inner {
            requests,
            store,
            planner: RwLock::new(Arc::new(planner)),
            states,
            clock: ports.clock,
            ids: ports.ids,
            damaged,
            refused: Mutex::default(),
        })))
    }

    /// Sends a message with more said about it than the port can.
    pub async fn send_with(
        &self,
        sms: &OutgoingSms,
        options: &SendOptions,
    ) -> Result<AcceptedSms, SmsRefusal> {
        let answer = self.accept(sms, options).await;
        if let Err(refusal) = &answer {
            let reason = reason(refusal);
            tracing::debug!(reason, "a message is refused");
            count(lock(&self.0.refused).entry(reason).or_default());
        }
        answer
    }

    async fn accept(&self, sms: &OutgoingSms, options: &SendOptions) -> Result<AcceptedSms, SmsRefusal> {
        let planner = self.planner();
        let now = self.0.clock.wall();
        let planned = match planner.plan(now, sms, options, &*self.0.ids) {
            // Its budget may be used up by the very message that has the key.
            Err(refusal @ SmsRefusal::Policy(_)) => return self.known(sms).await.ok_or(refusal),
            planned => planned?,
        };
        let (asker, answer) = oneshot::channel();
        let request = Request::Send {
            planned: Box::new(planned),
            asker: Some(asker),
        };
        self.0.requests.send(request).await.map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// The answer that the same message got before.
    async fn known(&self, sms: &OutgoingSms) -> Option<AcceptedSms> {
        let stored = self.0.store.find_key(&sms.key).await.ok()??;
        let record = &stored.record;
        let is_same = record.is_same_content(&sms.to, sms.from.as_ref(), &sms.text);
        let is_promised = is_same && !stored.progress.was_refused();
        is_promised.then(|| AcceptedSms::new(record.id.clone(), record.segments, record.encoding))
    }

    /// Where a message would go and why, without sending it.
    pub fn planner(&self) -> Arc<Planner> {
        Arc::clone(&self.0.planner.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How it is; `None` when it is closed.
    pub async fn status(&self) -> Option<GatewayStatus> {
        let (answer, status) = oneshot::channel();
        self.0.requests.send(Request::Status(answer)).await.ok()?;
        let mut status = status.await.ok()?;
        status.refused = lock(&self.0.refused).clone();
        status.counters.refused = status.refused.values().sum();
        status.damaged = self.0.damaged.len();
        Some(status)
    }

    /// The rows of the store that were set aside when it was opened.
    pub fn damaged(&self) -> &[DamagedRow] {
        &self.0.damaged
    }

    /// The store it keeps its messages in.
    pub fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// One message.
    pub async fn find(&self, id: &MessageId) -> Result<Option<StoredSms>, StoreError> {
        self.0.store.find(id).await
    }

    /// Messages, newest first.
    pub async fn list(&self, filter: ListFilter) -> Result<Listed, StoreError> {
        self.0.store.list(filter).await
    }

    /// Messages that came in and were not handed on, by their ids.
    pub async fn received(&self) -> Result<Vec<ReceivedSms>, StoreError> {
        super::incoming::received(&*self.0.store).await
    }

    /// Forgets messages that ended and were accepted before a time, and those that came in before it and nobody
    /// took; gives how many.
    pub async fn purge(&self, before: WallTime) -> Result<u64, StoreError> {
        let sent = self.0.store.purge(before).await?;
        let received = super::incoming::purge_received(&*self.0.store, before).await?;
        // A gateway that is closed counts them when it is opened.
        let _ = self.0.requests.send(Request::Purged(received)).await;
        Ok(sent.saturating_add(received))
    }

    /// Sends a message once more that has ended without being delivered, or waits for its next try; one whose
    /// validity is over gets this much more. `None`: there is no such message. False: it is delivered,
    /// under way, or was thrown away by a rule.
    pub async fn retry(&self, id: &MessageId, life: Duration) -> Result<Option<bool>, StoreError> {
        let Some(stored) = self.0.store.find(id).await? else {
            return Ok(None);
        };
        let (answer, begun) = oneshot::channel();
        let request = Request::Retry {
            stored: Box::new(stored),
            life,
            answer,
        };
        self.0
            .requests
            .send(request)
            .await
            .map_err(|_| StoreError::Closed)?;
        begun.await.map(Some).map_err(|_| StoreError::Closed)
    }

    /// Gives nothing more to a connection, or goes on with it. False: there is none of this name.
    pub async fn pause(&self, connection: &ConnectionName, is_paused: bool) -> bool {
        let (answer, found) = oneshot::channel();
        let request = Request::Pause {
            connection: connection.clone(),
            is_paused,
            answer,
        };
        self.0.requests.send(request).await.is_ok() && found.await.unwrap_or_default()
    }

    /// Accepts nothing more while it sends what it has, or accepts again.
    pub async fn drain(&self, is_draining: bool) {
        // A gateway that is closed accepts nothing anyway.
        let _ = self.0.requests.send(Request::Drain(is_draining)).await;
    }

    /// Takes other connections and rules. Connections that stay as they are go on undisturbed, others end
    /// their sessions in good order first; a policy that is the same one goes on counting where it is.
    ///
    /// Fails, and changes nothing, when the store does not tell what other budgets are to count from.
    pub async fn configure(
        &self,
        connections: Vec<ConnectionConfig>,
        rules: GatewayRules,
    ) -> Result<(), StoreError> {
        let planner = Planner::new(rules, &connections);
        if !planner.take_turns(&self.planner()) {
            let since = since(self.0.clock.wall());
            planner.remember(&self.0.store.accepted_since(since).await?);
        }
        *self.0.planner.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(planner);
        // A gateway that is closed needs no configuration.
        let _ = self.0.requests.send(Request::Configure(connections)).await;
        Ok(())
    }

    /// Ends in good order: accepts nothing more, waits for what is on the wire, unbinds, writes how far every
    /// message is. What was not sent is sent when the store is opened again. At most 25 seconds.
    pub async fn close(&self) {
        let (answer, done) = oneshot::channel();
        if self.0.requests.send(Request::Close(answer)).await.is_ok() {
            let _ = done.await;
        } else {
            self.0.requests.closed().await;
        }
    }
}

/// The word for a refusal in logs and metrics.
fn reason(refusal: &SmsRefusal) -> &'static str {
    match refusal {
        SmsRefusal::Invalid { .. } => "invalid",
        SmsRefusal::TooLong { .. } => "too-long",
        SmsRefusal::NoRoute(_) => "no-route",
        SmsRefusal::Policy(Refusal::Budget { .. }) => "budget",
        SmsRefusal::Policy(_) => "policy",
        SmsRefusal::QueueFull => "queue-full",
        SmsRefusal::KeyReused => "key-reused",
        SmsRefusal::Store(_) => "store",
        _ => "other",
    }
}

async fn incoming_notes(store: &dyn Store) -> Result<Vec<Note>, StoreError> {
    let mut notes = store.notes(super::incoming::PART).await?;
    notes.extend(store.notes(super::incoming::WHOLE).await?);
    notes.extend(store.notes(super::incoming::SHOWN).await?);
    Ok(notes)
}

fn since(now: WallTime) -> WallTime {
    let memory = i64::try_from(BUDGET_MEMORY.as_millis()).unwrap_or(i64::MAX);
    WallTime::from_unix_millis(now.as_unix_millis().saturating_sub(memory))
}

impl Messenger for SmsGateway {
    fn send<'a>(&'a self, sms: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        Box::pin(async move { self.send_with(sms, &SendOptions::default()).await })
    }

    fn states(&self) -> SmsStates {
        self.0.states.subscribe()
    }
}

impl std::fmt::Debug for SmsGateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmsGateway").finish_non_exhaustive()
    }
}
