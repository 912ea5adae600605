//! What the SMPP tests share.

#![allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "each test takes what it needs; a helper fails its test, and reads the date"
)]

pub(crate) mod gateway;

use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ozml_session::{
    CallId, EffectKey, Ids, MessageId, OutgoingSms, PhoneNumber, RunId, SmsState, SmsStates, SmsStatus,
    SmsText,
};
use ozml_sms::smpp::{SmppConfig, SmppMessenger, SmppUrl};

/// Longer than anything here takes; only a hang reaches it.
pub(crate) const GUARD: Duration = Duration::from_secs(20);

/// Ids that count.
#[derive(Default)]
pub(crate) struct CountedIds(AtomicU64);

impl CountedIds {
    fn next(&self) -> String {
        format!("id{}", self.0.fetch_add(1, Ordering::Relaxed))
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
    let next = poll_fn(|context| states.as_mut().poll_next(context));
    tokio::time::timeout(GUARD, next)
        .await
        .expect("a state within the guard time")
}

pub(crate) async fn next_state(states: &mut SmsStates) -> Option<SmsState> {
    next_status(states).await.map(|status| status.state)
}
