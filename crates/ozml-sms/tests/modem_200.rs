//! 200 messages by a modem that loses every tenth answer, refuses every seventh message and writes octet by octet:
//! what it really sent against what the gateway says.

#![cfg(unix)]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test"
)]

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use ozml_session::{Messenger, SmsState};
use ozml_sms::gateway::{ConnectionConfig, SmsGateway};
use ozml_sms::gsm::{ModemConfig, SerialPort};
use ozml_sms::modem_sim::ModemSim;
use ozml_sms::store::{ListFilter, MemoryStore, OnUnknown, StoredSms};
use support::gateway::{name, open};
use support::{GUARD, all_ended, sms};

const MESSAGES: u64 = 200;
/// 21: the network rejects it, for good.
const FAULTS: &str = "lose-answer-every=10,error-every=7,error-code=21,octet-pause=1ms,reports=none";

/// A modem and what came of 200 messages.
struct Outcome {
    modem: ModemSim,
    stored: Vec<StoredSms>,
    /// How often each text was really sent.
    sent: BTreeMap<String, usize>,
}

impl Outcome {
    async fn of(options: &str, on_unknown: OnUnknown) -> Self {
        let modem = ModemSim::open(options.parse().unwrap()).unwrap();
        let gateway = gateway(&modem, on_unknown).await;
        for number in 1..=MESSAGES {
            gateway
                .send(&sms(number, &format!("message {number}")))
                .await
                .unwrap();
        }
        all_ended(&gateway, GUARD).await;
        let mut filter = ListFilter::default();
        filter.rows = u32::MAX;
        let stored = gateway.list(filter).await.unwrap().messages;
        gateway.close().await;
        let mut sent = BTreeMap::new();
        for message in modem.sent() {
            *sent.entry(message.text.unwrap()).or_default() += 1;
        }
        Self { modem, stored, sent }
    }

    fn times_sent(&self, message: &StoredSms) -> usize {
        self.sent
            .get(message.record.text.as_str())
            .copied()
            .unwrap_or_default()
    }

    fn count(&self, state: SmsState) -> u64 {
        self.stored
            .iter()
            .filter(|message| message.progress.state == state)
            .count() as u64
    }
}

async fn gateway(modem: &ModemSim, on_unknown: OnUnknown) -> SmsGateway {
    let mut config = ModemConfig::new(SerialPort::new(modem.path().unwrap()).unwrap());
    config.receipts = false;
    // An answer that is late is lost.
    config.timers.send = Duration::from_millis(200);
    let mut connection = ConnectionConfig::new(name("modem"), config);
    connection.on_unknown = on_unknown;
    open(MemoryStore::new(), vec![connection]).await
}

#[tokio::test]
async fn nothing_is_lost_and_what_may_be_doubled_is_marked() {
    let outcome = Outcome::of(FAULTS, OnUnknown::Resend).await;
    assert_eq!(outcome.stored.len() as u64, MESSAGES);
    for message in &outcome.stored {
        let (times, progress) = (outcome.times_sent(message), &message.progress);
        let marked = progress.possible_duplicate;
        match progress.state {
            SmsState::Sent => assert!(times == 1 || (times > 1 && marked), "{message:?}: {times}"),
            SmsState::Failed => assert!(times == 0 || marked, "{message:?}: {times}"),
            _ => panic!("{message:?}"),
        }
    }
    let counters = outcome.modem.counters();
    let doubled: usize = outcome.sent.values().map(|times| times - 1).sum();
    assert_eq!(
        (counters.refused, counters.doubled),
        (outcome.count(SmsState::Failed), doubled as u64)
    );
    assert!(
        doubled >= 10,
        "{doubled} were doubled: the modem lost its answers"
    );
}

#[tokio::test]
async fn with_hold_nothing_is_doubled_and_every_unknown_one_is_listed() {
    let outcome = Outcome::of(FAULTS, OnUnknown::Hold).await;
    assert_eq!(outcome.stored.len() as u64, MESSAGES);
    for message in &outcome.stored {
        let times = match message.progress.state {
            SmsState::Sent | SmsState::Unknown => 1,
            SmsState::Failed => 0,
            _ => panic!("{message:?}"),
        };
        assert_eq!(outcome.times_sent(message), times, "{message:?}");
    }
    let counters = outcome.modem.counters();
    assert_eq!(counters.refused, outcome.count(SmsState::Failed));
    assert_eq!(
        (outcome.count(SmsState::Unknown), counters.doubled),
        (counters.answers_lost, 0)
    );
    assert!(counters.answers_lost >= 10);
}

/// A network that honours TP-RD takes no repeat: then even what is sent again comes once.
#[tokio::test]
async fn a_network_that_knows_repeats_doubles_nothing() {
    let options = format!("{FAULTS},reject-duplicates=yes,reference=pdu");
    let outcome = Outcome::of(&options, OnUnknown::Resend).await;
    assert!(
        outcome
            .stored
            .iter()
            .any(|message| message.progress.possible_duplicate)
    );
    for message in &outcome.stored {
        let (times, progress) = (outcome.times_sent(message), &message.progress);
        match progress.state {
            SmsState::Sent => assert_eq!(times, 1, "{message:?}"),
            SmsState::Failed => assert!(times == 0 || progress.possible_duplicate, "{message:?}"),
            _ => panic!("{message:?}"),
        }
    }
    assert_eq!(outcome.modem.counters().doubled, 0);
}
