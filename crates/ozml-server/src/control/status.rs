//! How a gateway is, as answers show it.

use std::collections::BTreeMap;

use ozml_session::ConnectionName;
use ozml_sms::gateway::{ConnectionStatus, Counters, GatewayStatus};
use serde::{Deserialize, Serialize};

use super::modem::Modem;
use super::text;

/// How the gateway of a process is. Readers skip fields they do not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gateway {
    /// The number of its process.
    pub process: u32,
    /// The version of the program.
    pub version: String,
    /// Whether it accepts nothing while it sends what it has.
    pub draining: bool,
    /// Why nothing is accepted: the store's fault, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_fault: Option<String>,
    /// Messages that were damaged when the store was opened: they are set aside and never sent. The log names
    /// them.
    #[serde(default)]
    pub damaged: usize,
    /// How much there is to do.
    pub queue: Queue,
    /// The connections, in the order of the configuration.
    pub connections: Vec<Connection>,
    /// What was counted since it began.
    pub counts: Counts,
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Queue {
    /// Messages that have not ended.
    pub unfinished: usize,
    /// Of these, messages that still wait to be sent.
    pub unsent: usize,
    /// Messages that came in and nobody took yet.
    #[serde(default)]
    pub received: u64,
    /// Bytes of the texts of all of them.
    pub bytes: u64,
    /// How long the oldest unsent one has waited, in seconds.
    pub oldest_seconds: u64,
}

/// How a connection is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Connection {
    /// Its name.
    #[serde(with = "text")]
    pub name: ConnectionName,
    /// `up`, `starting` (not up yet), `down`, `paused`, `unhealthy` (bound, but refusing everything for now), or
    /// `gone` (messages name it, the configuration does not).
    pub state: String,
    /// Sessions that are bound.
    pub bound: usize,
    /// Sessions it has.
    pub sessions: usize,
    /// Messages that wait for it.
    pub waiting: usize,
    /// Parts without an answer.
    pub window_in_use: usize,
    /// Parts a second it is lowered to, since its centre is too busy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// How the ids in its receipts are written, as far as that is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_ids: Option<String>,
    /// Why its last session ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// What a person must mend before it can be bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<String>,
    /// Its modems, in the order of their ports; a connection to a message centre has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modems: Vec<Modem>,
}

/// Counts since the gateway began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// Messages accepted.
    pub accepted: u64,
    /// Messages refused.
    pub refused: u64,
    /// Parts handed to a session.
    pub submitted: u64,
    /// Parts without an answer.
    pub unanswered: u64,
    /// Messages that are tried again after a refusal.
    pub retried: u64,
    /// Messages handed over once more though they may have been sent.
    pub possible_duplicates: u64,
    /// Messages that were given up and wait for a person.
    pub parked: u64,
    /// Messages that ended, by state.
    pub ended: BTreeMap<String, u64>,
    /// Answers to parts, by `command_status`.
    pub answers: BTreeMap<u32, u64>,
    /// Parts that modems refused, by error as a configuration writes it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modem_errors: BTreeMap<String, u64>,
    /// Receipts whose message was never found.
    pub uncorrelated_receipts: u64,
    /// Messages that came in.
    pub received: u64,
    /// Commits of the store that failed.
    pub failed_commits: u64,
    /// Sessions begun again.
    pub reconnects: u64,
}

impl Gateway {
    /// Of a gateway in this process.
    pub fn of(status: &GatewayStatus) -> Self {
        Self {
            process: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            draining: status.is_draining,
            store_fault: status.store_fault.clone(),
            damaged: status.damaged,
            queue: Queue {
                received: status.queue.received,
                unfinished: status.queue.unfinished,
                unsent: status.queue.unsent,
                bytes: status.queue.bytes,
                oldest_seconds: status.queue.oldest_seconds,
            },
            connections: status.connections.iter().map(Connection::from).collect(),
            counts: Counts::of(&status.counters, status.reconnects),
        }
    }

    /// Whether nothing waits to be sent or for an answer. Receipts may be outstanding.
    pub fn is_drained(&self) -> bool {
        self.queue.unsent == 0 && self.connections.iter().all(|one| one.window_in_use == 0)
    }
}

impl From<&ConnectionStatus> for Connection {
    fn from(status: &ConnectionStatus) -> Self {
        let (bound, sessions) = status.up;
        Self {
            name: status.name.clone(),
            state: status.state.to_owned(),
            bound,
            sessions,
            waiting: status.waiting,
            window_in_use: status.window_in_use,
            rate: status.rate,
            receipt_ids: status.receipt_ids.clone(),
            last_error: status.last_error.clone(),
            alarm: status.alarm.clone(),
            modems: status.modems.iter().map(Modem::from).collect(),
        }
    }
}

impl Counts {
    fn of(counters: &Counters, reconnects: u64) -> Self {
        let ended = counters.ended.iter();
        let modem_errors = counters.modem_errors.iter();
        Self {
            accepted: counters.accepted,
            refused: counters.refused,
            submitted: counters.submitted,
            unanswered: counters.unanswered,
            retried: counters.retried,
            possible_duplicates: counters.possible_duplicates,
            parked: counters.parked,
            ended: ended
                .map(|(state, count)| ((*state).to_owned(), *count))
                .collect(),
            answers: counters.answers.clone(),
            modem_errors: modem_errors
                .map(|(error, count)| (error.code(), *count))
                .collect(),
            uncorrelated_receipts: counters.uncorrelated_receipts,
            received: counters.received,
            failed_commits: counters.failed_commits,
            reconnects,
        }
    }
}
