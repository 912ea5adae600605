//! Our gateway.

use std::time::Instant;

use ozml_session::Messenger;
use ozml_sms::gateway::ConnectionConfig;
use ozml_sms::gsm::{ModemConfig, SerialPort};

use super::figure::Figure;
use super::modem::Modem;
use super::stores::{Kind, Stores};
use super::support::gateway::name;
use super::support::{GUARD, all_ended, sms};
use tokio::task::JoinSet;

/// As the others do it: all are there at once, and no reports are asked for.
pub(crate) async fn run(stores: &Stores, store: Kind, messages: u32) -> Figure {
    let modem = Modem::open();
    let mut config = ModemConfig::new(SerialPort::new(modem.port()).unwrap());
    config.receipts = false;
    let connection = ConnectionConfig::new(name("modem"), config);
    let gateway = stores.gateway(store, connection).await;
    let text = |number| sms(u64::from(number), &format!("message {number}"));
    gateway.send(&text(0)).await.unwrap();
    all_ended(&gateway, GUARD).await;
    let begun = Instant::now();
    let mut senders = JoinSet::new();
    for number in 1..=messages {
        let gateway = gateway.clone();
        senders.spawn(async move { gateway.send(&text(number)).await.unwrap() });
    }
    senders.join_all().await;
    all_ended(&gateway, GUARD).await;
    let took = begun.elapsed();
    gateway.close().await;
    modem.took_each_once(messages + 1);
    Figure {
        name: format!("ours, store in mode {store:?}").to_lowercase(),
        messages,
        took,
        is_ours: true,
    }
}
