//! What people ask of it.

use std::time::Duration;

use ozml_session::{ConnectionName, SmsState};

use super::Outbox;
use super::counters::Counters;
use super::event::Now;
use super::health::Health;
use super::lane::Lane;
use super::message::Phase;
use crate::gateway::SessionId;
use crate::gateway::modems::ModemStatus;
use crate::store::{Change, PartProgress, PartState, StoredSms};

/// How a connection is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConnectionStatus {
    /// Its name.
    pub name: ConnectionName,
    /// Sessions that are bound, of how many.
    pub up: (usize, usize),
    /// `up`, `starting` (not up yet), `down`, `paused`, `unhealthy` (bound, but refusing everything for now), or
    /// `gone` (messages name it, the configuration does not).
    pub state: &'static str,
    /// Messages that wait for it.
    pub waiting: usize,
    /// Parts without an answer.
    pub window_in_use: usize,
    /// Parts a second it is lowered to, since its centre is too busy; `None`: it is not.
    pub rate: Option<f64>,
    /// How the ids in its receipts are written, as far as that is settled.
    pub receipt_ids: Option<String>,
    /// Why its last session ended.
    pub last_error: Option<String>,
    /// What a person must mend before it can be bound, such as its password.
    pub alarm: Option<String>,
    /// Its modems, in the order of their ports; a connection to a message centre has none.
    pub modems: Vec<ModemStatus>,
}

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct QueueStatus {
    /// Messages that have not ended.
    pub unfinished: usize,
    /// Of these, messages that still wait to be sent, for their turn or their next try.
    pub unsent: usize,
    /// Bytes of the texts of all of them.
    pub bytes: u64,
    /// Messages that came in and nobody took yet.
    pub received: u64,
    /// How long the oldest unsent one has waited, in seconds by the date.
    pub oldest_seconds: u64,
}

impl<R> Outbox<R> {
    /// What was counted so far.
    pub(crate) fn counters(&self) -> Counters {
        let mut counters = self.counters.clone();
        for receipts in self.connections.iter().map(|connection| &connection.receipts) {
            let uncorrelated = &mut counters.uncorrelated_receipts;
            *uncorrelated = uncorrelated.saturating_add(receipts.uncorrelated());
            counters.received_again = counters.received_again.saturating_add(receipts.repeated());
        }
        counters
    }

    /// How the connections are, in their order.
    pub(crate) fn connections(&self, now: Now) -> Vec<ConnectionStatus> {
        let status = |connection: &super::Connection| {
            let up = connection.lanes.iter().filter(|lane| lane.is_up).count();
            let rates = connection.lanes.iter().filter_map(|lane| lane.throttle.rate());
            let state = match connection.breaker.health() {
                _ if connection.config.is_none() => "gone",
                _ if connection.is_paused => "paused",
                // Its first try has not ended yet.
                _ if up == 0 && connection.down_since.is_none() => "starting",
                _ if up == 0 => "down",
                Health::Open { until, .. } if until > now.ms => "unhealthy",
                _ => "up",
            };
            ConnectionStatus {
                name: connection.name.clone(),
                up: (up, connection.lanes.len()),
                state,
                waiting: connection.waiting,
                window_in_use: connection.on_wire(),
                rate: rates.reduce(f64::min),
                receipt_ids: connection.receipts.fixed().map(|form| form.to_string()),
                last_error: connection.last_error.clone(),
                alarm: None,
                modems: connection.modems.clone(),
            }
        };
        self.connections.iter().map(status).collect()
    }

    /// How much there is to do.
    pub(crate) fn queue(&self, now: Now) -> QueueStatus {
        let unsent = self.messages.values().filter(|message| {
            matches!(
                message.phase,
                Phase::Waiting(_) | Phase::Pausing | Phase::With(_) | Phase::Accepting
            )
        });
        let mut status = QueueStatus {
            unfinished: self.messages.len(),
            bytes: self.bytes,
            received: self.kept,
            ..QueueStatus::default()
        };
        for message in unsent {
            status.unsent = status.unsent.saturating_add(1);
            let accepted = message.record.accepted_at.as_unix_millis();
            let age = now.wall.as_unix_millis().saturating_sub(accepted);
            let seconds = u64::try_from(age).unwrap_or(0) / 1_000;
            status.oldest_seconds = status.oldest_seconds.max(seconds);
        }
        status
    }

    /// Sends a message once more that ended or waits for its next try; `life`: for how long it may be tried
    /// when its validity is over. What its parts came to is kept: only those go that are not sent.
    /// False when it is under way anyway, or a rule threw it away: then it has no connection.
    pub(crate) fn retry(&mut self, now: Now, mut stored: StoredSms, life: Duration) -> bool {
        let number = stored.record.number;
        if let Some(message) = self.messages.get(&number) {
            if message.phase != Phase::Pausing {
                return false;
            }
            self.wake_at(number, None);
            self.enqueue(now, number);
            return true;
        }
        let progress = &mut stored.progress;
        let may_be_tried = progress.state.is_final() && progress.state != SmsState::Delivered;
        if !may_be_tried || stored.record.targets.is_empty() {
            return false;
        }
        let is_unknown = |part: &PartProgress| part.state == PartState::Unknown;
        progress.possible_duplicate |=
            progress.state == SmsState::Unknown || progress.parts.iter().any(is_unknown);
        progress.tries = 0;
        progress.unknown_handovers = 0;
        progress.parked = false;
        progress.next_try = None;
        for part in &mut progress.parts {
            if !matches!(
                part.state,
                PartState::Sent | PartState::Delivered | PartState::Unknown
            ) {
                part.state = PartState::Waiting;
                part.reason = None;
            }
            part.centre_id = None;
        }
        let is_sent = |state| !matches!(state, PartState::Waiting | PartState::Unknown);
        if progress.parts.iter().all(|part| is_sent(part.state)) {
            // All were sent, and it failed all the same: the whole goes again.
            progress
                .parts
                .iter_mut()
                .for_each(|part| part.state = PartState::Waiting);
            progress.possible_duplicate = true;
        }
        let life = u64::try_from(life.as_millis()).unwrap_or(u64::MAX);
        let expires = progress.extended_to.unwrap_or(stored.record.expires_at);
        if expires <= now.wall {
            progress.extended_to = Some(now.date_after(life));
        }
        progress.state = SmsState::Accepted;
        self.resume(now, stored);
        self.enter(
            now,
            number,
            SmsState::Accepted,
            Some("a person sent it again".into()),
        );
        true
    }

    /// Gives nothing more to a connection, or goes on with it. False: there is none of this name.
    pub(crate) fn pause_connection(&mut self, now: Now, name: &ConnectionName, is_paused: bool) -> bool {
        let Some(index) = self.by_name.get(name).copied().map(usize::from) else {
            return false;
        };
        if let Some(connection) = self.connections.get_mut(index) {
            connection.is_paused = is_paused;
        }
        self.leave_connection(now, index);
        true
    }

    /// Accepts nothing more, for this reason; `None`: accepts again.
    pub(crate) fn close_acceptance(&mut self, reason: Option<&'static str>) {
        self.closing = reason;
    }

    /// Whether messages are accepted, or why not.
    pub(crate) fn is_accepting(&self) -> Result<(), &'static str> {
        self.closing.map_or(Ok(()), Err)
    }

    /// A report was taken by whom it is for.
    pub(crate) fn on_reported(&mut self, key: String) {
        let kind = crate::gateway::report::KIND;
        self.pending.changes.push(Change::ForgetNote { kind, key });
    }

    /// The name of a session's connection.
    pub(crate) fn name_of(&self, session: SessionId) -> String {
        let connection = self.connections.get(usize::from(session.connection));
        connection
            .map(|connection| connection.name.to_string())
            .unwrap_or_default()
    }

    /// A session that is to end takes nothing more.
    pub(crate) fn retire(&mut self, session: SessionId) {
        if let Some(lane) = self.lane(session) {
            lane.begin_end();
        }
    }

    /// Hands over nothing more. What is on the wire gets its answers; what was only noted is written as not
    /// handed over.
    pub(crate) fn stop(&mut self, now: Now) {
        self.is_stopping = true;
        for index in 0..self.connections.len() {
            let lanes = self
                .connections
                .get_mut(index)
                .map(|connection| &mut connection.lanes);
            let left: Vec<_> = lanes
                .into_iter()
                .flatten()
                .flat_map(|lane| lane.take_all().into_iter().map(|token| (lane.id, token)))
                .collect();
            for (session, token) in left.into_iter().rev() {
                self.on_not_sent_yet(now, session, token);
            }
        }
        let noted = self.messages.iter().filter(|(_, message)| message.is_noted);
        let waiting = noted.filter(|(_, message)| matches!(message.phase, Phase::Waiting(_)));
        let numbers: Vec<_> = waiting.map(|(number, _)| *number).collect();
        for number in numbers {
            self.write(number);
        }
    }

    /// Whether nothing is on the wire, being written or waiting to be.
    pub(crate) fn is_settled(&self) -> bool {
        let lanes = self.connections.iter().flat_map(|connection| &connection.lanes);
        let is_idle = lanes.clone().all(Lane::is_idle);
        is_idle && self.writing.is_none() && self.pending.is_empty()
    }
}
