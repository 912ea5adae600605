//! What others ask of the task.

use std::collections::BTreeMap;
use std::time::Duration;

use ozml_session::{ConnectionName, MessageId, SmsRefusal};
use tokio::sync::oneshot;

use super::{Asker, Runtime};
use crate::gateway::outbox::event::Now;
use crate::gateway::outbox::{ConnectionStatus, QueueStatus};
use crate::gateway::plan::Planned;
use crate::gateway::{ConnectionConfig, Counters};
use crate::store::StoredSms;

/// So many messages make a look at all of them cost milliseconds.
const MANY: usize = 20_000;
/// How long such a look is good, in milliseconds.
const SEEN_FOR: u64 = 2_000;

/// Something the task is asked for.
pub(crate) enum Request {
    Send {
        planned: Box<Planned>,
        asker: Asker,
    },
    Retry {
        stored: Box<StoredSms>,
        life: Duration,
        answer: oneshot::Sender<bool>,
    },
    Pause {
        connection: ConnectionName,
        is_paused: bool,
        answer: oneshot::Sender<bool>,
    },
    /// Accept nothing more, or accept again.
    Drain(bool),
    Status(oneshot::Sender<GatewayStatus>),
    Configure(Vec<ConnectionConfig>),
    /// A message that came in was handed on.
    Received(MessageId),
    /// So many messages that came in were forgotten.
    Purged(u64),
    /// A report was taken by the notifier.
    Reported(String),
    Close(oneshot::Sender<()>),
}

/// How a gateway is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GatewayStatus {
    /// Its connections, in the order of the configuration.
    pub connections: Vec<ConnectionStatus>,
    /// How much there is to do.
    pub queue: QueueStatus,
    /// What was counted since it began.
    pub counters: Counters,
    /// Messages refused since then, by reason: `invalid`, `too-long`, `no-route`, `policy`, `budget`,
    /// `queue-full`, `key-reused`, `store`.
    pub refused: BTreeMap<&'static str, u64>,
    /// Sessions begun again since then.
    pub reconnects: u64,
    /// Why nothing is accepted: the store's fault, if it has one.
    pub store_fault: Option<String>,
    /// Rows of the store that were damaged when it was opened, and are set aside.
    pub damaged: usize,
    /// Whether it was told to accept nothing more.
    pub is_draining: bool,
}

impl Runtime {
    pub(super) fn on_request(&mut self, request: Request) {
        let now = self.now();
        match request {
            Request::Send { planned, asker } => self.on_send(*planned, asker),
            Request::Retry { stored, life, answer } => {
                let _ = answer.send(self.outbox.retry(now, *stored, life));
            }
            Request::Pause {
                connection,
                is_paused,
                answer,
            } => {
                let _ = answer.send(self.outbox.pause_connection(now, &connection, is_paused));
            }
            Request::Drain(is_draining) => {
                let reason = is_draining.then_some("the gateway accepts no messages at present");
                self.outbox.close_acceptance(reason);
            }
            Request::Status(answer) => {
                let _ = answer.send(self.status());
            }
            Request::Configure(configs) => self.configure(configs),
            Request::Purged(messages) => self.outbox.on_purged(messages),
            Request::Received(id) => self.outbox.on_received(&id),
            Request::Reported(key) => self.outbox.on_reported(key),
            Request::Close(closed) => {
                self.closed.push(closed);
                self.begin_close();
            }
        }
    }

    /// A message and its copies share one batch: all of them are accepted, or none.
    fn on_send(&mut self, planned: Planned, asker: Asker) {
        let now = self.now();
        let Planned { main, copies } = planned;
        let (record, progress) = main;
        if let Some(refusal) = self.outbox.refusal(&record) {
            if let Some(asker) = asker {
                let _ = asker.send(Err(refusal));
            }
            return;
        }
        self.outbox.accept(now, record, progress, asker);
        for (record, progress) in copies {
            self.outbox.accept(now, record, progress, None);
        }
    }

    /// How much there is to do. With much, a look that all messages take part in is good for a while.
    fn queue(&mut self, now: Now) -> QueueStatus {
        if let Some((seen, queue)) = &self.queue_seen
            && queue.unfinished > MANY
            && now.ms < seen.saturating_add(SEEN_FOR)
        {
            return queue.clone();
        }
        let queue = self.outbox.queue(now);
        self.queue_seen = Some((now.ms, queue.clone()));
        queue
    }

    fn status(&mut self) -> GatewayStatus {
        let now = self.now();
        let mut connections = self.outbox.connections(now);
        for (index, connection) in (0..).zip(&mut connections) {
            if let Some(alarm) = self.links.alarm(index) {
                connection.alarm = Some(alarm);
            }
        }
        let mut counters = self.outbox.counters();
        counters.lost_reports = self.receiving.lost_reports();
        GatewayStatus {
            connections,
            queue: self.queue(now),
            counters,
            refused: BTreeMap::new(),
            reconnects: self.links.reconnects(),
            store_fault: self.outbox.store_fault(now),
            damaged: 0,
            is_draining: self.outbox.is_accepting().is_err(),
        }
    }
}

/// What a sender hears when the task is gone.
pub(crate) fn closed() -> SmsRefusal {
    SmsRefusal::NoRoute("the gateway is closed".to_owned())
}
