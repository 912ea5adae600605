//! The gateway with modems on pseudo-terminals: real ports, real time.

#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of a test fail the test, and read the date"
)]

mod support;

use std::collections::BTreeSet;

use ozml_dialplan::OnUnknown;
use ozml_session::{Messenger, SenderId, SmsState, SmsStates, SmsText};
use ozml_sms::gateway::{ConnectionConfig, SmsGateway};
use ozml_sms::modem_sim::{Event, ModemSim};
use ozml_sms::smsc::{Behaviour, TestSmsc};
use ozml_sms::store::{MemoryStore, SqliteOptions, SqliteStore};
use support::gateway::{connection, name, open};
use support::modem::{Folder, by_forgetful_modem, by_modem, event, modem_config};
use support::{GUARD, all_ended, next_status, sms};

/// States up to a final one.
async fn states_of(states: &mut SmsStates) -> Vec<SmsState> {
    let mut seen = Vec::new();
    loop {
        let status = next_status(states).await.expect("the gateway is open");
        seen.push(status.state);
        if status.state.is_final() || status.state == SmsState::Unknown {
            return seen;
        }
    }
}

/// Sends a message and gives its states.
async fn sent(gateway: &SmsGateway, number: u64) -> Vec<SmsState> {
    let mut states = gateway.states();
    gateway
        .send(&sms(number, &format!("Message {number}")))
        .await
        .unwrap();
    states_of(&mut states).await
}

fn texts(modem: &ModemSim) -> Vec<String> {
    modem.sent().into_iter().map(|sms| sms.text.unwrap()).collect()
}

#[test]
fn the_contract_is_kept() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = Folder::new("contract");
    let _modem = runtime.block_on(async { folder.modem("modem", "") });
    let connection = by_modem("gsm1", &folder.join("modem"));
    ozml_session::contract::messenger(
        || runtime.block_on(open(MemoryStore::new(), vec![connection.clone()])),
        |case| runtime.block_on(case),
    );
}

#[tokio::test]
async fn a_message_is_sent_and_its_report_ends_it() {
    let folder = Folder::new("report");
    let modem = folder.modem("modem", "");
    let store = SqliteStore::open(folder.join("sms.db"), SqliteOptions::new()).unwrap();
    let gateway = open(store, vec![by_modem("gsm1", &folder.join("modem"))]).await;
    let seen = sent(&gateway, 1).await;
    assert_eq!(seen, [SmsState::Submitted, SmsState::Sent, SmsState::Delivered]);
    assert_eq!(texts(&modem), ["Message 1"]);
    assert_eq!(modem.sent()[0].to, "+36301234567");
    gateway.close().await;
}

#[tokio::test]
async fn a_long_message_is_delivered_when_all_its_parts_are() {
    let folder = Folder::new("long");
    let modem = folder.modem("modem", "");
    let gateway = open(MemoryStore::new(), vec![by_modem("gsm1", &folder.join("modem"))]).await;
    let mut states = gateway.states();
    let mut events = modem.events();
    let text = "Árvíztűrő tükörfúrógép. ".repeat(10);
    gateway.send(&sms(1, text.trim())).await.unwrap();
    assert_eq!(states_of(&mut states).await.last(), Some(&SmsState::Delivered));
    let whole = event(&mut events, |event| match event {
        Event::Whole { text, .. } => Some(text),
        _ => None,
    });
    assert_eq!(whole.await, text.trim());
    gateway.close().await;
}

#[tokio::test]
async fn modems_of_a_pool_share_the_messages() {
    const COUNT: u64 = 20;
    let folder = Folder::new("pool");
    let modem = |port, imsi| folder.modem(port, &format!("network-delay=10ms,imsi={imsi}"));
    let modems = [modem("one", "216301111111111"), modem("two", "216302222222222")];
    let ports = [folder.join("one"), folder.join("two")];
    let pool = ConnectionConfig::new(name("pool"), modem_config(&ports));
    let gateway = open(MemoryStore::new(), vec![pool]).await;
    for number in 0..COUNT {
        gateway
            .send(&sms(number, &format!("Message {number}")))
            .await
            .unwrap();
    }
    all_ended(&gateway, GUARD).await;
    let counts = modems.each_ref().map(|modem| modem.counters().sent);
    assert_eq!(counts.iter().sum::<u64>(), COUNT);
    assert!(counts.iter().all(|sent| *sent > 0), "{counts:?}");
    gateway.close().await;
}

#[tokio::test]
async fn a_modem_that_is_pulled_out_again_and_again_loses_nothing() {
    const COUNT: usize = 12;
    let folder = Folder::new("unplugged");
    let modem = folder.modem("modem", "unplug-after=4,unplug-for=20ms");
    let gateway = open(MemoryStore::new(), vec![by_modem("gsm1", &folder.join("modem"))]).await;
    for number in 0..COUNT {
        let number = u64::try_from(number).unwrap();
        gateway
            .send(&sms(number, &format!("Message {number}")))
            .await
            .unwrap();
    }
    all_ended(&gateway, GUARD).await;
    let sent = texts(&modem);
    assert_eq!(sent.iter().collect::<BTreeSet<_>>().len(), COUNT, "each arrived");
    let marked = gateway.status().await.unwrap().counters.possible_duplicates;
    let repeated = u64::try_from(sent.len() - COUNT).unwrap();
    assert!(
        modem.counters().unplugged > 1 && repeated <= marked,
        "{repeated}, {marked}"
    );
    gateway.close().await;
}

#[tokio::test]
async fn another_connection_takes_over_while_the_modem_is_away() {
    let folder = Folder::new("failover");
    let behaviour = Behaviour::new().receipts(Some(ozml_sms::smsc::FinalState::Delivered));
    let smsc = TestSmsc::listen("127.0.0.1:0".parse().unwrap(), behaviour)
        .await
        .unwrap();
    let connections = vec![
        by_modem("gsm1", &folder.join("modem")),
        connection("smsc", smsc.addr()),
    ];
    let gateway = open(MemoryStore::new(), connections).await;
    let mut numbers = 0..;
    let mut send = async || sent(&gateway, numbers.next().unwrap()).await;

    send().await;
    assert_eq!(smsc.received().len(), 1, "there is no modem yet");
    let modem = folder.modem("modem", "");
    let back = async {
        while modem.counters().sent == 0 {
            send().await;
        }
    };
    tokio::time::timeout(GUARD, back)
        .await
        .expect("the modem is used once it is there");
    modem.shutdown().await;
    let before = smsc.received().len();
    send().await;
    assert!(smsc.received().len() > before, "it is away again");
    gateway.close().await;
}

#[tokio::test]
async fn a_part_without_an_answer_is_sent_again_and_marked() {
    let folder = Folder::new("unknown");
    let modem = folder.modem("modem", "lose-answer-every=2");
    let gateway = open(
        MemoryStore::new(),
        vec![by_forgetful_modem("gsm1", &folder.join("modem"))],
    )
    .await;
    sent(&gateway, 1).await;
    sent(&gateway, 2).await;
    let sent = modem.sent();
    let marks: Vec<_> = sent
        .iter()
        .map(|sms| (sms.text.as_deref().unwrap(), sms.submit.reject_duplicates))
        .collect();
    assert_eq!(
        marks,
        [("Message 1", false), ("Message 2", false), ("Message 2", true)]
    );
    assert_eq!(
        sent[1].submit.reference, sent[2].submit.reference,
        "known by the TP-MR of the first try"
    );
    gateway.close().await;
}

#[tokio::test]
async fn held_messages_are_never_repeated() {
    let folder = Folder::new("hold");
    let modem = folder.modem("modem", "lose-answer-every=1,reports=none");
    let mut connection = by_forgetful_modem("gsm1", &folder.join("modem"));
    connection.on_unknown = OnUnknown::Hold;
    let gateway = open(MemoryStore::new(), vec![connection]).await;
    assert_eq!(sent(&gateway, 1).await, [SmsState::Submitted, SmsState::Unknown]);
    gateway.close().await;
    assert_eq!(texts(&modem), ["Message 1"]);
}

#[tokio::test]
async fn what_comes_in_is_kept_before_the_modem_forgets_it() {
    let folder = Folder::new("incoming");
    let modem = folder.modem("modem", "");
    let mut events = modem.events();
    let store = SqliteStore::open(folder.join("sms.db"), SqliteOptions::new()).unwrap();
    let gateway = open(store, vec![by_modem("gsm1", &folder.join("modem"))]).await;
    let from = SenderId::new("+36201112222").unwrap();
    modem
        .incoming(&from, &SmsText::new("Good morning").unwrap())
        .unwrap();
    event(&mut events, |event| {
        matches!(event, Event::Deleted { .. }).then_some(())
    })
    .await;
    let kept = gateway.received().await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].from.as_str(), kept[0].text.as_str()),
        ("+36201112222", "Good morning")
    );
    gateway.close().await;
}

#[tokio::test]
async fn a_refused_pin_is_given_once() {
    let folder = Folder::new("pin");
    let modem = folder.modem("modem", "pin=1234");
    let mut events = modem.events();
    let mut config = modem_config(&[folder.join("modem")]);
    config.pin = Some("4321".parse().unwrap());
    let gateway = open(
        MemoryStore::new(),
        vec![ConnectionConfig::new(name("gsm1"), config)],
    )
    .await;
    let tried = event(&mut events, |event| match event {
        Event::PinTried { right, left } => Some((right, left)),
        _ => None,
    });
    assert_eq!(tried.await, (false, 2));
    gateway.close().await;
    assert_eq!(modem.counters().pins, 1);
}

#[tokio::test]
async fn the_right_pin_opens_the_card() {
    let folder = Folder::new("right-pin");
    let _modem = folder.modem("modem", "pin=1234");
    let mut config = modem_config(&[folder.join("modem")]);
    config.pin = Some("1234".parse().unwrap());
    let gateway = open(
        MemoryStore::new(),
        vec![ConnectionConfig::new(name("gsm1"), config)],
    )
    .await;
    assert_eq!(sent(&gateway, 1).await.last(), Some(&SmsState::Delivered));
    gateway.close().await;
}
