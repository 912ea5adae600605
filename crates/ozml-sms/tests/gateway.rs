//! The gateway on loopback, against the test centre.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test, and read the date"
)]

mod support;

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ozml_session::{
    HttpUrl, Messenger, Notification, Notifier, NotifyError, PortFuture, SmsRefusal, SmsState,
};
use ozml_sms::gateway::{GatewayConfig, SmsGateway};
use ozml_sms::smsc::{Behaviour, Event, FinalState, ReceiptId, TestSmsc};
use ozml_sms::store::MemoryStore;
use support::gateway::{connection, connection_with, open, ports, rules_to};
use support::{GUARD, all_ended, next_status, sms};

async fn smsc(behaviour: Behaviour) -> TestSmsc {
    TestSmsc::listen("127.0.0.1:0".parse().unwrap(), behaviour)
        .await
        .unwrap()
}

/// The last states of so many messages, once all of them are final.
async fn final_states(states: &mut ozml_session::SmsStates, count: usize) -> BTreeMap<String, SmsState> {
    let mut last = BTreeMap::new();
    while last.len() < count {
        let status = next_status(states).await.expect("the gateway is open");
        if status.state.is_final() {
            last.insert(status.id.to_string(), status.state);
        }
    }
    last
}

#[test]
fn the_contract_is_kept() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let smsc = runtime.block_on(smsc(Behaviour::new()));
    ozml_session::contract::messenger(
        || runtime.block_on(open(MemoryStore::new(), vec![connection("a", smsc.addr())])),
        |case| runtime.block_on(case),
    );
}

#[tokio::test]
async fn a_message_is_accepted_sent_and_delivered() {
    let smsc = smsc(Behaviour::new().receipts(Some(FinalState::Delivered))).await;
    let gateway = open(MemoryStore::new(), vec![connection("a", smsc.addr())]).await;
    let mut states = gateway.states();
    let accepted = gateway.send(&sms(1, "Hello!")).await.unwrap();
    let mut seen = Vec::new();
    while seen.last() != Some(&SmsState::Delivered) {
        seen.push(next_status(&mut states).await.unwrap().state);
    }
    assert_eq!(seen, [SmsState::Submitted, SmsState::Sent, SmsState::Delivered]);
    let stored = gateway.find(&accepted.id).await.unwrap().unwrap();
    assert_eq!(stored.progress.history.len(), 4);
    gateway.close().await;
    assert!(gateway.send(&sms(2, "Hello!")).await.is_err(), "it is closed");
}

#[tokio::test]
async fn a_repeated_message_gets_its_answer_though_its_budget_is_used_up() {
    let smsc = smsc(Behaviour::new()).await;
    let connections = vec![connection("a", smsc.addr())];
    let mut rules = support::gateway::rules(&connections);
    rules.policy = support::gateway::policy(serde_json::json!({
        "allow": ["+36"], "sms_per_recipient": {"minute": 1, "hour": 1}
    }));
    let config = GatewayConfig::new(connections, rules);
    let gateway = SmsGateway::open(config, MemoryStore::new(), support::gateway::ports())
        .await
        .unwrap();
    let first = gateway.send(&sms(1, "Hello!")).await.unwrap();
    assert_eq!(gateway.send(&sms(2, "Hello!")).await.unwrap_err().code(), 902);
    assert_eq!(gateway.send(&sms(1, "Hello!")).await.unwrap(), first);
    assert_eq!(gateway.send(&sms(1, "Other")).await.unwrap_err().code(), 902);
}

#[tokio::test]
async fn what_is_accepted_before_a_centre_is_there_is_sent_when_it_is() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    drop(listener);
    let connection = connection_with("a", addr, 10, false);
    let gateway = open(MemoryStore::new(), vec![connection]).await;
    gateway.send(&sms(1, "Hello!")).await.unwrap();
    let centre = TestSmsc::listen(addr, Behaviour::new()).await.unwrap();
    let mut events = centre.events();
    let arrived = async {
        loop {
            if let Some(Event::Sms(sms)) = events.next().await {
                break sms;
            }
        }
    };
    tokio::time::timeout(GUARD, arrived).await.expect("it arrives");
}

#[tokio::test]
async fn a_link_that_is_cut_again_and_again_loses_nothing() {
    // Their states, repeats included, fit into what is kept for a reader who comes after the last send.
    const COUNT: usize = 300;
    let behaviour = Behaviour::new().cut_every(NonZeroU64::new(40).unwrap());
    let smsc = smsc(behaviour.receipts(None)).await;
    let connection = connection_with("a", smsc.addr(), 20, false);
    let gateway = open(MemoryStore::new(), vec![connection]).await;
    for number in 0..COUNT {
        let message = sms(u64::try_from(number).unwrap(), &format!("Message {number}"));
        gateway.send(&message).await.unwrap();
    }
    all_ended(&gateway, GUARD).await;
    let received = smsc.received();
    let texts: std::collections::BTreeSet<_> = received.iter().map(|sms| sms.text().to_owned()).collect();
    assert_eq!(texts.len(), COUNT, "each arrived");
    let repeated = received.len().saturating_sub(COUNT);
    let marked = gateway.status().await.unwrap().counters.possible_duplicates;
    assert!(
        u64::try_from(repeated).unwrap() <= marked,
        "{repeated} repeated, {marked} marked"
    );
    assert!(marked > 0, "links were cut");
}

#[tokio::test]
async fn receipts_are_matched_whatever_the_base_of_their_ids() {
    for ids in [ReceiptId::Text, ReceiptId::RespHex, ReceiptId::RespDecReceiptHex] {
        let behaviour = Behaviour::new()
            .receipts(Some(FinalState::Delivered))
            .receipt_id(ids);
        let smsc = smsc(behaviour.first_id(0x0A0B_0C0D)).await;
        let gateway = open(MemoryStore::new(), vec![connection("a", smsc.addr())]).await;
        let mut states = gateway.states();
        for number in 0..50 {
            gateway.send(&sms(number, "Hello!")).await.unwrap();
        }
        let last = final_states(&mut states, 50).await;
        assert!(
            last.values().all(|state| *state == SmsState::Delivered),
            "{ids:?}"
        );
        gateway.close().await;
    }
}

#[tokio::test]
async fn a_connection_says_how_long_and_how_large_its_messages_may_be() {
    let smsc = smsc(Behaviour::new()).await;
    let mut config = connection("a", smsc.addr());
    config.validity = Some(Duration::from_secs(60));
    config.max_segments = Some(1);
    let gateway = open(MemoryStore::new(), vec![config]).await;
    let accepted = gateway.send(&sms(1, "Hello!")).await.unwrap();
    let record = gateway.find(&accepted.id).await.unwrap().unwrap().record;
    let life = record.expires_at.as_unix_millis() - record.accepted_at.as_unix_millis();
    assert_eq!(life, 60_000);
    let refused = gateway.send(&sms(2, &"x".repeat(161))).await;
    assert!(matches!(
        refused,
        Err(SmsRefusal::TooLong {
            segments: 2,
            limit: 1
        })
    ));
    let status = gateway.status().await.unwrap();
    assert_eq!(
        (status.refused, status.counters.refused),
        (BTreeMap::from([("too-long", 1)]), 1)
    );
    gateway.close().await;
}

/// Cannot store the first report it gets.
#[derive(Default)]
struct Grudging {
    asked: AtomicU32,
    taken: tokio::sync::Notify,
}

impl Notifier for &'static Grudging {
    fn notify<'a>(&'a self, _: &'a Notification) -> PortFuture<'a, (), NotifyError> {
        Box::pin(async {
            if self.asked.fetch_add(1, Ordering::Relaxed) == 0 {
                return Err(NotifyError::NotStored("the disk is full".to_owned()));
            }
            self.taken.notify_one();
            Ok(())
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_cannot_be_stored_is_handed_on_again() {
    let notifier: &'static Grudging = Box::leak(Box::default());
    let config = GatewayConfig::new(Vec::new(), rules_to(&[], "drop"));
    let gateway = SmsGateway::open(config, MemoryStore::new(), ports().with_notifier(notifier));
    let gateway = gateway.await.unwrap();
    let mut dropped = sms(1, "Hello!");
    dropped.report = Some(HttpUrl::new("http://app.example/report").unwrap());
    gateway.send(&dropped).await.unwrap();
    tokio::time::timeout(GUARD, notifier.taken.notified())
        .await
        .expect("it is taken");
    assert_eq!(notifier.asked.load(Ordering::Relaxed), 2);
}
