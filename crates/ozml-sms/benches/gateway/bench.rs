//! What the parts of the benchmark share.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use ozml_sms::gateway::{ConnectionConfig, SmsGateway};
use ozml_sms::options::OptionSet;
use ozml_sms::smsc::{Behaviour, TestSmsc};

use super::counts::Counts;
use super::stores::{Kind, Stores};
use super::support::gateway::connection_with;

/// Messages a centre remembers: more than any part sends.
const KEPT: usize = 2_000_000;

/// Where stores lie, and what went wrong so far.
pub(crate) struct Bench {
    pub(crate) stores: Stores,
    faults: Vec<String>,
}

/// How a gateway is connected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Links {
    pub(crate) window: u16,
    pub(crate) sessions: u16,
    pub(crate) receipts: bool,
}

/// A gateway and its centre.
pub(crate) struct Pair {
    pub(crate) gateway: SmsGateway,
    pub(crate) smsc: TestSmsc,
    pub(crate) links: Links,
    pub(crate) store: Kind,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            stores: Stores::new(),
            faults: Vec::new(),
        }
    }

    /// A gateway on an empty store, connected to a centre that remembers everything.
    pub(crate) async fn pair(&self, store: Kind, links: Links, behaviour: Behaviour) -> Pair {
        let smsc = centre(behaviour).await;
        let config = link_to(smsc.addr(), links);
        let gateway = self.stores.gateway(store, config).await;
        Pair {
            gateway,
            smsc,
            links,
            store,
        }
    }

    /// Prints counts, and remembers what is wrong with them.
    pub(crate) fn judge(&mut self, counts: &Counts) {
        println!("{}", counts.json());
        self.faults.extend(counts.faults());
    }

    pub(crate) fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    pub(crate) fn end(self) -> ExitCode {
        self.stores.remove();
        for fault in &self.faults {
            println!("FAULT: {fault}");
        }
        ExitCode::from(u8::from(!self.faults.is_empty()))
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.stores.folder.clone()
    }
}

pub(crate) async fn centre(behaviour: Behaviour) -> TestSmsc {
    let behaviour = behaviour.with_option("kept", &KEPT.to_string()).unwrap();
    TestSmsc::listen("127.0.0.1:0".parse().unwrap(), behaviour)
        .await
        .unwrap()
}

pub(crate) fn link_to(centre: SocketAddr, links: Links) -> ConnectionConfig {
    let mut config = connection_with("smsc", centre, links.window, links.receipts);
    config.sessions = links.sessions;
    config
}
