//! What the SMPP tests share.

#![allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "each test takes what it needs; a helper fails its test, and reads the date"
)]

pub(crate) mod gateway;
#[cfg(unix)]
pub(crate) mod modem;

use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ozml_session::{
    CallId, EffectKey, Ids, MessageId, Messenger, OutgoingSms, PhoneNumber, RunId, SmsState, SmsStates,
    SmsStatus, SmsText,
};
use ozml_sms::gateway::SmsGateway;
use ozml_sms::smpp::{SmppConfig, SmppMessenger, SmppUrl};

/// How often a process is killed; `OZML_KILLS` says otherwise.
pub(crate) fn kills() -> u32 {
    std::env::var("OZML_KILLS").map_or(20, |kills| kills.parse().unwrap())
}

/// Numbers in no order, the same ones each time (SplitMix64).
pub(crate) fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A runtime with so many threads, beside the one that waits for it.
pub(crate) fn threads(count: usize) -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(count)
        .enable_all()
        .build()
        .unwrap()
}

/// Longer than anything here takes; only a hang reaches it.
pub(crate) const GUARD: Duration = Duration::from_secs(20);

/// Ids that count, and so grow.
#[derive(Default)]
pub(crate) struct CountedIds {
    life: u32,
    next: AtomicU64,
}

impl CountedIds {
    /// Ids that differ from those of other lives.
    pub(crate) fn of_life(life: u32) -> Self {
        Self {
            life,
            ..Self::default()
        }
    }

    fn next(&self) -> String {
        format!(
            "id-{:04}-{:012}",
            self.life,
            self.next.fetch_add(1, Ordering::Relaxed)
        )
    }
}

impl Ids for CountedIds {
    fn run(&self) -> RunId {
        RunId::new(&self.next()).unwrap()
    }

    fn call(&self) -> CallId {
        CallId::new(&self.next()).unwrap()
    }

    fn message(&self) -> MessageId {
        MessageId::new(&self.next()).unwrap()
    }
}

pub(crate) fn config(addr: SocketAddr) -> SmppConfig {
    let url: SmppUrl = format!("smpp://shop:secret@{addr}").parse().unwrap();
    SmppConfig::new(&url)
}

pub(crate) async fn connect(addr: SocketAddr) -> SmppMessenger {
    SmppMessenger::connect(config(addr), CountedIds::default())
        .await
        .unwrap()
}

pub(crate) fn sms(number: u64, text: &str) -> OutgoingSms {
    OutgoingSms::new(
        EffectKey::new(RunId::new("run").unwrap(), number),
        PhoneNumber::new("+36301234567").unwrap(),
        SmsText::new(text).unwrap(),
    )
}

pub(crate) async fn next_status(states: &mut SmsStates) -> Option<SmsStatus> {
    next_status_within(states, GUARD).await
}

async fn next_status_within(states: &mut SmsStates, guard: Duration) -> Option<SmsStatus> {
    let next = poll_fn(|context| states.as_mut().poll_next(context));
    tokio::time::timeout(guard, next)
        .await
        .expect("a state within the guard time")
}

/// Waits until all messages of a gateway have ended, each state within the guard time.
pub(crate) async fn all_ended(gateway: &SmsGateway, guard: Duration) {
    let mut states = gateway.states();
    while gateway.status().await.unwrap().queue.unfinished > 0 {
        next_status_within(&mut states, guard).await.expect("it is open");
    }
}

pub(crate) async fn next_state(states: &mut SmsStates) -> Option<SmsState> {
    next_status(states).await.map(|status| status.state)
}
