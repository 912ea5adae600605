//! The sessions: who is connected when, and who is changed.

use std::collections::BTreeMap;

use tokio::sync::mpsc;
use tracing::field::display;

use super::Runtime;
use crate::gateway::supervisor::Supervisor;
use crate::gateway::{ConnectionConfig, SessionId, Transport};
use crate::gsm::{ModemHealth, SerialPort};
use crate::link::{Answer, Link, LinkCommand, LinkEnd, LinkEvent, LinkEvents, Peer};

/// The links of all connections.
pub(super) struct Links {
    open: BTreeMap<SessionId, Link>,
    configs: BTreeMap<u16, Transport>,
    supervisor: Supervisor,
    events: mpsc::Sender<LinkEvents>,
    /// What is to be configured once the sessions of now are over.
    changing: BTreeMap<u16, Option<ConnectionConfig>>,
}

impl Links {
    pub(super) fn new(events: mpsc::Sender<LinkEvents>, seed: u64) -> Self {
        Self {
            open: BTreeMap::new(),
            configs: BTreeMap::new(),
            supervisor: Supervisor::new(seed),
            events,
            changing: BTreeMap::new(),
        }
    }

    /// Begins the sessions that are due.
    pub(super) fn connect_due(&mut self, now: u64, gives_pin: impl Fn(SessionId) -> bool) {
        for session in self.supervisor.due(now) {
            if let Some(config) = self.configs.get(&session.connection) {
                let link = config.start(session, gives_pin(session), self.events.clone());
                self.open.insert(session, link);
            }
        }
    }

    pub(super) fn send(&self, session: SessionId, commands: Vec<LinkCommand>) {
        if let Some(link) = self.open.get(&session) {
            link.send(commands);
        }
    }

    pub(super) fn close(&self, session: SessionId) {
        if let Some(link) = self.open.get(&session) {
            link.close();
        }
    }

    pub(super) fn close_all(&self) {
        self.open.values().for_each(Link::close);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn next_wake_up(&self) -> Option<u64> {
        self.supervisor.next_wake_up()
    }

    /// Why a connection cannot be bound, where that is for a person to mend.
    pub(super) fn alarm(&self, connection: u16) -> Option<String> {
        let mut sessions = self
            .supervisor
            .sessions()
            .filter(|id| id.connection == connection);
        let transport = self.configs.get(&connection)?;
        sessions.find_map(|id| Some(transport.of_session(id, &self.supervisor.alarm(id)?)))
    }

    pub(super) fn reconnects(&self) -> u64 {
        self.supervisor.reconnects()
    }

    fn port(&self, session: SessionId) -> Option<&SerialPort> {
        self.configs.get(&session.connection)?.port(session)
    }

    fn log_bound(&self, connection: &str, session: SessionId, peer: &Peer) {
        let port = self.port(session).map(display);
        tracing::info!(connection, session = session.session, port, %peer, "bound");
    }

    fn log_health(&self, connection: &str, session: SessionId, health: &ModemHealth) {
        let port = self.port(session).map(display);
        let (signal, registered) = (health.signal, health.registered);
        let (used, total) = (health.memory_used, health.memory_total);
        tracing::debug!(
            connection,
            port,
            signal,
            registered,
            used,
            total,
            "how the modem is"
        );
        if !health.registered {
            tracing::warn!(connection, port, "the modem has no network at present");
        }
        if health.memory_low {
            let what = "the memory of the modem is nearly full: soon nothing comes in";
            tracing::warn!(connection, port, used, total, "{what}");
        }
    }

    fn log_end(&self, connection: &str, session: SessionId, end: &LinkEnd) {
        let port = self.port(session).map(display);
        let session = session.session;
        if end.is_orderly() {
            tracing::info!(connection, session, port, "unbound");
        } else {
            tracing::warn!(connection, session, port, reason = %end, "the session ended");
        }
    }

    fn has_sessions(&self, connection: u16) -> bool {
        self.open.keys().any(|session| session.connection == connection)
    }
}

impl Runtime {
    /// A session did something.
    pub(super) fn on_link(&mut self, happened: LinkEvents) {
        let now = self.now();
        let session = happened.session;
        let mut ended = false;
        for event in &happened.events {
            match event {
                LinkEvent::Bound { peer } => {
                    self.links.supervisor.on_bound(session);
                    self.links.log_bound(&self.outbox.name_of(session), session, peer);
                }
                LinkEvent::Answered {
                    answer: Answer::Accepted { .. },
                    ..
                } => {
                    self.links.supervisor.on_positive_answer(session);
                }
                LinkEvent::Health(health) => {
                    self.links
                        .log_health(&self.outbox.name_of(session), session, health);
                }
                LinkEvent::Ended(end) => {
                    ended = true;
                    self.links.supervisor.on_ended(now.ms, session, end);
                    self.links.open.remove(&session);
                    self.links.log_end(&self.outbox.name_of(session), session, end);
                }
                _ => {}
            }
        }
        self.outbox.on_link(now, happened);
        if ended {
            self.change_when_free(session.connection);
        }
    }

    /// Takes another set of connections. One that changes ends its sessions in good order first.
    pub(super) fn configure(&mut self, configs: Vec<ConnectionConfig>) {
        let changes = self.outbox.differences(configs, &self.links.changing);
        for (connection, config) in changes {
            self.links.changing.insert(connection, config);
            self.links.supervisor.remove(connection);
            let sessions: Vec<_> = self.links.open.keys().copied().collect();
            for session in sessions
                .into_iter()
                .filter(|session| session.connection == connection)
            {
                self.outbox.retire(session);
                self.links.close(session);
            }
            self.change_when_free(connection);
        }
    }

    fn change_when_free(&mut self, connection: u16) {
        if self.links.has_sessions(connection) {
            return;
        }
        let Some(config) = self.links.changing.remove(&connection) else {
            return;
        };
        let now = self.now();
        match &config {
            Some(config) => {
                self.links.configs.insert(connection, config.transport.clone());
                let sessions = (0..config.sessions()).map(|session| SessionId { connection, session });
                self.links.supervisor.add(now.ms, sessions);
            }
            None => {
                self.links.configs.remove(&connection);
            }
        }
        self.outbox.configure(now, connection, config);
    }
}
