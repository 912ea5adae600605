//! Centres that come and go, refuse, throttle or answer late: nothing is lost, and nobody is stormed. Time is virtual.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test, and read the date"
)]

mod support;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use ozml_session::{Messenger, SmsState};
use ozml_sms::gateway::{ConnectionConfig, SmsGateway};
use ozml_sms::smsc::TestSmsc;
use ozml_sms::store::{ListFilter, MemoryStore};
use support::gateway::{connection_with, open};
use support::{all_ended, sms};
use tokio::time::{Instant, sleep};

const COUNT: u64 = 100;
/// Longer than any pause, in virtual time.
const GUARD: Duration = Duration::from_secs(60 * 60);

async fn centre(addr: SocketAddr, options: &str) -> TestSmsc {
    let behaviour = format!("receipts=none,{options}").parse().unwrap();
    TestSmsc::listen(addr, behaviour).await.unwrap()
}

fn any_port() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

fn config(centre: &TestSmsc) -> ConnectionConfig {
    connection_with("smsc", centre.addr(), 10, false)
}

async fn accept(gateway: &SmsGateway, numbers: std::ops::Range<u64>) {
    for number in numbers {
        gateway
            .send(&sms(number, &format!("Message {number}")))
            .await
            .unwrap();
    }
}

/// How often the centre took each text.
fn taken(centre: &TestSmsc) -> BTreeMap<String, u32> {
    let mut taken = BTreeMap::new();
    for sms in centre.received() {
        *taken.entry(sms.text().unwrap()).or_default() += 1;
    }
    taken
}

#[tokio::test(start_paused = true)]
async fn a_centre_that_drops_every_second_gets_everything_once_or_marked() {
    let centre = centre(any_port(), "cut-after=1s,answer-delay=50ms").await;
    let gateway = open(MemoryStore::new(), vec![config(&centre)]).await;
    let begun = Instant::now();
    for part in 0..20 {
        accept(&gateway, part * 50..(part + 1) * 50).await;
        sleep(Duration::from_millis(700)).await;
    }
    all_ended(&gateway, GUARD).await;
    let seconds = begun.elapsed().as_secs();
    let taken = taken(&centre);
    assert_eq!(taken.len(), 1_000, "nothing is lost");
    let repeated: u32 = taken.values().map(|times| times - 1).sum();
    let status = gateway.status().await.unwrap();
    assert!(u64::from(repeated) <= status.counters.possible_duplicates);
    let connections = centre.counters().connections;
    assert!(
        (10..=seconds + 2).contains(&connections),
        "{connections} connections in {seconds} s: back at once, and no more than that"
    );
}

#[tokio::test(start_paused = true)]
async fn a_centre_that_refuses_binds_is_asked_seldom_and_gets_everything_in_the_end() {
    let closed = centre(any_port(), "password=other").await;
    let gateway = open(MemoryStore::new(), vec![config(&closed)]).await;
    accept(&gateway, 0..COUNT).await;
    sleep(Duration::from_secs(600)).await;
    let attempts = closed.counters().connections;
    assert!((8..=14).contains(&attempts), "{attempts} attempts in ten minutes");
    let status = gateway.status().await.unwrap();
    assert!(status.connections[0].alarm.is_some(), "somebody is to mend that");
    let addr = closed.addr();
    closed.shutdown().await;
    let open = centre(addr, "").await;
    all_ended(&gateway, GUARD).await;
    assert_eq!(open.counters().taken, COUNT);
}

#[tokio::test(start_paused = true)]
async fn a_centre_that_is_not_there_is_tried_less_and_less() {
    let gone = centre(any_port(), "").await;
    let (addr, config) = (gone.addr(), config(&gone));
    gone.shutdown().await;
    let gateway = open(MemoryStore::new(), vec![config]).await;
    accept(&gateway, 0..COUNT).await;
    sleep(Duration::from_secs(600)).await;
    let reconnects = gateway.status().await.unwrap().reconnects;
    assert!(
        (10..=20).contains(&reconnects),
        "{reconnects} attempts in ten minutes"
    );
    let there = centre(addr, "").await;
    all_ended(&gateway, GUARD).await;
    assert_eq!(there.counters().taken, COUNT);
}

#[tokio::test(start_paused = true)]
async fn a_centre_that_throttles_gets_everything_once_and_is_not_stormed() {
    let centre = centre(any_port(), "throttle=20").await;
    let gateway = open(MemoryStore::new(), vec![config(&centre)]).await;
    let begun = Instant::now();
    accept(&gateway, 0..10 * COUNT).await;
    all_ended(&gateway, GUARD).await;
    let counters = centre.counters();
    assert_eq!(counters.taken, 10 * COUNT);
    assert!(
        counters.refused <= counters.taken / 2,
        "{} refused, {} taken in {} s",
        counters.refused,
        counters.taken,
        begun.elapsed().as_secs()
    );
    assert_eq!(gateway.status().await.unwrap().counters.possible_duplicates, 0);
}

#[tokio::test(start_paused = true)]
async fn a_centre_that_answers_after_90_seconds_gets_each_message_five_times_at_most() {
    let centre = centre(any_port(), "answer-delay=90s").await;
    let gateway = open(MemoryStore::new(), vec![config(&centre)]).await;
    accept(&gateway, 0..COUNT).await;
    all_ended(&gateway, GUARD).await;
    let taken = taken(&centre);
    assert_eq!(taken.len() as u64, COUNT, "each was seen");
    assert!(taken.values().all(|times| *times <= 5), "{taken:?}");
    let mut filter = ListFilter::default();
    filter.rows = u32::MAX;
    for message in gateway.list(filter).await.unwrap().messages {
        let progress = &message.progress;
        assert_eq!((progress.state, progress.parked), (SmsState::Unknown, true));
        assert!(progress.possible_duplicate);
    }
}
