//! An SMS gateway inside a program of one's own: a durable outbox, a route with two message centres, and what
//! becomes of a message. The centres are test centres in this process; for real ones change their addresses.
#![allow(clippy::print_stdout, reason = "examples talk to a person")]

use std::error::Error;
use std::future::poll_fn;
use std::path::Path;

use ozml::dialplan::{DestinationPolicy, RouteSection, Router, RouterConfig, SharedPolicy};
use ozml::host::{RandomIds, SystemClock};
use ozml::session::{ConnectionName, EffectKey, Ids, Messenger, OutgoingSms, PhoneNumber, SmsState, SmsText};
use ozml::sms::gateway::{ConnectionConfig, GatewayConfig, GatewayPorts, GatewayRules, SmsGateway};
use ozml::sms::smpp::{SmppConfig, SmppUrl};
use ozml::sms::smsc::{Behaviour, FinalState, TestSmsc};
use ozml::sms::store::{SqliteOptions, SqliteStore};

/// A connection to a message centre.
fn connection(name: &str, url: &str) -> Result<ConnectionConfig, Box<dyn Error>> {
    let url: SmppUrl = url.parse()?;
    Ok(ConnectionConfig::new(
        ConnectionName::new(name)?,
        SmppConfig::new(&url),
    ))
}

/// Everything goes to `smsc1`, and to `smsc2` while that one is down. The policy admits all numbers: fit for
/// test centres only.
fn rules(connections: &[ConnectionConfig]) -> Result<GatewayRules, Box<dyn Error>> {
    let mut config = RouterConfig::default();
    config.connections = connections
        .iter()
        .map(|connection| connection.name.clone())
        .collect();
    config.routes = vec![RouteSection::all_to(["smsc1", "smsc2"])];
    let router = Router::new(&config).map_err(|faults| format!("{faults:?}"))?;
    let policy = SharedPolicy::new(DestinationPolicy::unrestricted(), SystemClock::new(), |alarm| {
        println!("alarm: {alarm}");
    });
    Ok(GatewayRules::new(router, policy))
}

/// Sends one message and tells what becomes of it, to its end.
async fn run(store: &Path) -> Result<Vec<SmsState>, Box<dyn Error>> {
    let behaviour = Behaviour::new().receipts(Some(FinalState::Delivered));
    let centre = TestSmsc::listen("127.0.0.1:0".parse()?, behaviour).await?;
    let connections = vec![
        connection("smsc1", &format!("smpp://shop@{}", centre.addr()))?,
        connection("smsc2", "smpp://shop@127.0.0.1:1")?,
    ];
    let config = GatewayConfig::new(connections.clone(), rules(&connections)?);
    let store = SqliteStore::open(store, SqliteOptions::default())?;
    let ports = GatewayPorts::new(RandomIds, SystemClock::new());
    let gateway = SmsGateway::open(config, store, ports).await?;

    let mut states = gateway.states();
    // The same key again would give the first answer again and send nothing.
    let key = EffectKey::new(RandomIds.run(), 1);
    let text = SmsText::new("Your parcel waits at the desk.")?;
    let sms = OutgoingSms::new(key, PhoneNumber::new("+36301234567")?, text);
    let accepted = gateway.send(&sms).await?;
    println!("{}: accepted, {} part", accepted.id, accepted.segments);

    let mut seen = Vec::new();
    while let Some(status) = poll_fn(|context| states.as_mut().poll_next(context)).await {
        println!("{}: {}", status.id, status.state);
        seen.push(status.state);
        if status.state.is_final() {
            break;
        }
    }
    gateway.close().await;
    centre.shutdown().await;
    Ok(seen)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("ozml-sms-gateway-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let result = run(&folder.join("ozml.db")).await;
    std::fs::remove_dir_all(&folder)?;
    result.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs() {
        assert!(main().is_ok());
    }

    #[tokio::test]
    async fn a_message_is_seen_to_its_end() {
        let folder = std::env::temp_dir().join(format!("ozml-sms-gateway-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let seen = run(&folder.join("ozml.db")).await.unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(seen, [SmsState::Submitted, SmsState::Sent, SmsState::Delivered]);
    }
}
