//! The process with the gateway.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ozml_session::Messenger;
use ozml_sms::gateway::{GatewayConfig, GatewayPorts, SmsGateway};
use ozml_sms::store::{OnUnknown, SqliteOptions, SqliteStore};
use serde::{Deserialize, Serialize};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use super::support::gateway::{RealDate, connection_with, rules};
use super::support::{CountedIds, all_ended, sms};

/// Tells the test executable that it is this process, and what to do.
pub(crate) const TASK: &str = "OZML_GATEWAY_TASK";
/// Senders that wait for an answer.
const OUTSTANDING: u64 = 100;
/// More than anybody sends in one life.
const NUMBERS: u64 = 1_000_000;
/// Longer than the pauses of a message that was under way at several kills.
const FINISH: Duration = Duration::from_secs(100);

/// What may be under way.
pub(crate) struct Links {
    pub(crate) window: u16,
    pub(crate) sessions: u16,
}

pub(crate) const WINDOW: Links = Links {
    window: 25,
    sessions: 2,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Accepts messages and says so, until it is told to end.
    Accept,
    /// The same with one message only, sent again and again.
    OneKey,
    /// Sends what is left.
    Finish,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) store: PathBuf,
    pub(crate) centre: SocketAddr,
    /// Whether what is unknown is held, or sent again.
    pub(crate) holds: bool,
    pub(crate) life: u32,
    pub(crate) work: Work,
}

impl Task {
    /// What this process is to do, if it is the one.
    pub(crate) fn of_this_process() -> Option<Self> {
        let task = std::env::var(TASK).ok()?;
        Some(serde_json::from_str(&task).unwrap())
    }
}

pub(crate) fn run(task: Task) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let gateway = open(&task).await;
        match task.work {
            Work::Accept => accept(&gateway, u64::from(task.life) * NUMBERS).await,
            Work::OneKey => one_key(&gateway).await,
            Work::Finish => all_ended(&gateway, FINISH).await,
        }
        gateway.close().await;
    });
}

async fn open(task: &Task) -> SmsGateway {
    let store = SqliteStore::open(&task.store, SqliteOptions::new()).unwrap();
    let mut config = connection_with("smsc", task.centre, WINDOW.window, false);
    config.sessions = WINDOW.sessions;
    if task.holds {
        config.on_unknown = OnUnknown::Hold;
    }
    let rules = rules(std::slice::from_ref(&config));
    let ids = CountedIds::of_life(task.life);
    let ports = GatewayPorts::new(ids, RealDate);
    SmsGateway::open(GatewayConfig::new(vec![config], rules), store, ports)
        .await
        .unwrap()
}

/// Accepts until the signal to end comes, and then until nothing is accepted any more.
async fn accept(gateway: &SmsGateway, first: u64) {
    let mut ends = signal(SignalKind::terminate()).unwrap();
    let mut senders = JoinSet::new();
    for sender in 1..=OUTSTANDING {
        let gateway = gateway.clone();
        senders.spawn(async move {
            for number in (first + sender..).step_by(usize::try_from(OUTSTANDING).unwrap()) {
                match gateway.send(&sms(number, &format!("Message {number}"))).await {
                    Ok(accepted) => println!("accepted {number} {}", accepted.id),
                    Err(_) => break,
                }
            }
        });
    }
    ends.recv().await;
    gateway.close().await;
    senders.join_all().await;
}

/// All clients send the same message for ever.
async fn one_key(gateway: &SmsGateway) {
    let mut senders = JoinSet::new();
    for _ in 0..OUTSTANDING {
        let gateway = gateway.clone();
        senders.spawn(async move {
            loop {
                let accepted = gateway.send(&sms(1, "Message 1")).await.unwrap();
                println!("accepted 1 {}", accepted.id);
            }
        });
    }
    senders.join_all().await;
}
