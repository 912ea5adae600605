//! A gateway with connections to test centres.

use std::net::SocketAddr;

use ozml_dialplan::{DestinationPolicy, DestinationsSection, Router, RouterConfig, SharedPolicy};
use ozml_session::{Clock, ClockTime, ConnectionName, WallTime};
use ozml_sms::gateway::{ConnectionConfig, GatewayConfig, GatewayPorts, GatewayRules, SmsGateway};
use ozml_sms::smpp::Window;
use ozml_sms::store::Store;

use super::{CountedIds, config};

/// The date of the machine.
pub(crate) struct RealDate;

impl Clock for RealDate {
    fn now(&self) -> ClockTime {
        ClockTime::ZERO
    }

    fn wall(&self) -> WallTime {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        WallTime::from_unix_millis(i64::try_from(since.as_millis()).unwrap())
    }

    fn sleep_until(&self, _: ClockTime) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

pub(crate) fn name(name: &str) -> ConnectionName {
    ConnectionName::new(name).unwrap()
}

/// A connection to a centre.
pub(crate) fn connection(to: &str, addr: SocketAddr) -> ConnectionConfig {
    ConnectionConfig::new(name(to), config(addr))
}

/// The same with another window, with or without receipts.
pub(crate) fn connection_with(to: &str, addr: SocketAddr, window: u16, receipts: bool) -> ConnectionConfig {
    let mut smpp = config(addr);
    smpp.window = Window::new(window).unwrap();
    smpp.submit.receipts = receipts;
    ConnectionConfig::new(name(to), smpp)
}

/// Everything goes to these connections, the first one first.
pub(crate) fn rules(connections: &[ConnectionConfig]) -> GatewayRules {
    let to: Vec<_> = connections.iter().map(|config| config.name.as_str()).collect();
    rules_to(connections, to)
}

/// Everything goes where `to` of a route says.
pub(crate) fn rules_to(connections: &[ConnectionConfig], to: impl serde::Serialize) -> GatewayRules {
    let mut config = RouterConfig::default();
    config.routes = vec![serde_json::from_value(serde_json::json!({"name": "all", "to": to})).unwrap()];
    config.connections = connections.iter().map(|config| config.name.clone()).collect();
    let policy = SharedPolicy::new(DestinationPolicy::unrestricted(), RealDate, |_| {});
    GatewayRules::new(Router::new(&config).unwrap(), policy)
}

/// A policy as a configuration writes it.
pub(crate) fn policy(section: serde_json::Value) -> SharedPolicy {
    let section: DestinationsSection = serde_json::from_value(section).unwrap();
    SharedPolicy::new(DestinationPolicy::new(&section).unwrap(), RealDate, |_| {})
}

pub(crate) fn ports() -> GatewayPorts {
    GatewayPorts::new(CountedIds::default(), RealDate)
}

pub(crate) async fn open(store: impl Store + 'static, connections: Vec<ConnectionConfig>) -> SmsGateway {
    let rules = rules(&connections);
    SmsGateway::open(GatewayConfig::new(connections, rules), store, ports())
        .await
        .unwrap()
}
