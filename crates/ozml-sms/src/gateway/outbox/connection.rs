//! One connection as the outbox sees it: a line of messages and the sessions that take them.

use ozml_session::ConnectionName;

use super::health::Breaker;
use super::lane::Lane;
use super::message::Message;
use super::queue::WaitingLine;
use crate::gateway::modems::ModemStatus;
use crate::gateway::receipts::{ReceiptIdMode, ReceiptIndex};
use crate::gateway::throttle::{Throttle, TokenBucket};
use crate::gateway::{ConnectionConfig, SessionId};
use crate::link::LinkEnd;
use crate::smpp::References;

/// How long a connection may be down before what waits for it goes elsewhere.
const PATIENCE: u64 = 2_000;

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) name: ConnectionName,
    /// `None`: messages name it, the configuration does not any more.
    pub(crate) config: Option<ConnectionConfig>,
    pub(crate) line: WaitingLine,
    pub(crate) waiting: usize,
    pub(crate) lanes: Vec<Lane>,
    /// Its modems, one a session, if it has any.
    pub(crate) modems: Vec<ModemStatus>,
    pub(crate) rate: Option<TokenBucket>,
    pub(crate) receipts: ReceiptIndex,
    pub(crate) references: References,
    pub(crate) breaker: Breaker,
    pub(crate) is_paused: bool,
    /// Since when no session is up; until the first try ended it counts as up.
    pub(crate) down_since: Option<u64>,
    /// Whether what waits has looked for another connection since then.
    pub(crate) has_given_up: bool,
    /// Whether something in the line may go through another connection.
    pub(crate) has_alternatives: bool,
    pub(crate) last_error: Option<String>,
    /// Which lane is asked first.
    pub(crate) turn: usize,
    /// Which lane may let parts leave first: the rate is for all of them.
    pub(crate) first_to_submit: usize,
}

impl Connection {
    /// A connection without a configuration.
    pub(crate) fn new(name: ConnectionName, references: References) -> Self {
        Self {
            name,
            config: None,
            line: WaitingLine::default(),
            waiting: 0,
            lanes: Vec::new(),
            modems: Vec::new(),
            rate: None,
            receipts: ReceiptIndex::new(ReceiptIdMode::default(), None),
            references,
            breaker: Breaker::default(),
            is_paused: false,
            down_since: None,
            has_given_up: false,
            has_alternatives: false,
            last_error: None,
            turn: 0,
            first_to_submit: 0,
        }
    }

    /// Takes another configuration; sessions are begun anew.
    pub(crate) fn configure(&mut self, index: u16, config: Option<ConnectionConfig>) {
        let lanes = config.as_ref().map_or(0, ConnectionConfig::sessions);
        let sender = config.as_ref().filter(|config| config.transport.sends());
        let window = sender.map_or(0, |config| config.transport.window());
        let rate = config.as_ref().and_then(|config| config.rate);
        let share = rate.map(|rate| rate / f64::from(lanes.max(1)));
        let lane = |session| {
            let id = SessionId {
                connection: index,
                session,
            };
            Lane::new(id, window, share.map(Throttle::with_ceiling).unwrap_or_default())
        };
        let mut before = std::mem::take(&mut self.lanes).into_iter();
        let lanes = (0..lanes).map(lane);
        self.lanes = lanes.map(|lane| lane.following(before.next())).collect();
        self.rate = config
            .as_ref()
            .and_then(|config| config.rate.map(|rate| TokenBucket::new(rate, config.burst)));
        if let Some(config) = &config {
            self.receipts.set_mode(config.receipt_id_mode());
        }
        let ports = config.as_ref().map_or(&[][..], |config| config.transport.ports());
        self.modems = ports.iter().cloned().map(ModemStatus::new).collect();
        self.config = config;
    }

    pub(crate) fn lane(&mut self, session: SessionId) -> Option<&mut Lane> {
        self.lanes.get_mut(usize::from(session.session))
    }

    /// Whether each of its sessions sends in a name of its own.
    pub(crate) fn has_many_senders(&self) -> bool {
        let config = self.config.as_ref();
        config.is_some_and(|config| config.transport.has_many_senders())
    }

    /// The lane that has to have the rest of a message, since it had parts of it and is up.
    pub(crate) fn own_lane(&self, message: &Message) -> Option<usize> {
        let is_bound = self.has_many_senders() && message.has_sent_parts();
        let session = message.handed_to.filter(|_| is_bound)?;
        let place = usize::from(session.session);
        self.lanes.get(place).filter(|lane| lane.is_up)?;
        Some(place)
    }

    /// Why one of its sessions ended.
    pub(crate) fn of_session(&self, session: SessionId, end: &LinkEnd) -> String {
        let config = self.config.as_ref();
        config.map_or_else(
            || end.to_string(),
            |config| config.transport.of_session(session, end),
        )
    }

    pub(crate) fn is_up(&self) -> bool {
        self.lanes.iter().any(|lane| lane.is_up)
    }

    /// Whether a message may be given to it: it is up, or was just begun or cut, and not out of order.
    pub(crate) fn is_usable(&self, now: u64) -> bool {
        let is_near = self.is_up()
            || self
                .down_since
                .is_none_or(|since| now < since.saturating_add(PATIENCE));
        let sends = self
            .config
            .as_ref()
            .is_some_and(|config| config.transport.sends());
        sends && !self.is_paused && is_near && self.breaker.may_pass(now)
    }

    /// When messages that wait for it look for another one.
    pub(crate) fn gives_up_at(&self) -> Option<u64> {
        let is_needed = self.has_alternatives && !self.has_given_up && self.waiting > 0 && !self.is_up();
        let since = self.down_since.filter(|_| is_needed)?;
        Some(since.saturating_add(PATIENCE))
    }

    /// No session is up from now on.
    pub(crate) fn note_down(&mut self, now: u64) {
        if !self.is_up() && self.down_since.is_none() {
            self.down_since = Some(now);
            self.has_given_up = false;
        }
    }

    pub(crate) fn on_wire(&self) -> usize {
        self.lanes.iter().map(Lane::on_wire).sum()
    }
}
