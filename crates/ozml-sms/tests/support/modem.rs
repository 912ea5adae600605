//! Test modems on pseudo-terminals, and gateways that send by them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ozml_sms::gateway::ConnectionConfig;
use ozml_sms::gsm::{ModemConfig, SerialPort};
use ozml_sms::modem_sim::{Event, Events, ModemSim};

use super::GUARD;
use super::gateway::name;

/// A folder for one test, empty at first, and gone after it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ozml-modem-{test}-{}", std::process::id()));
        let _from_an_earlier_run = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A modem whose port has this name, whatever happens to it.
    pub(crate) fn modem(&self, port: &str, behaviour: &str) -> ModemSim {
        ModemSim::open_at(behaviour.parse().unwrap(), &self.join(port)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What sessions with modems on these ports are told.
pub(crate) fn modem_config(ports: &[PathBuf]) -> ModemConfig {
    let mut ports = ports.iter().map(|port| SerialPort::new(port).unwrap());
    let mut config = ModemConfig::new(ports.next().unwrap());
    config.ports.extend(ports);
    config
}

/// A connection by the modem on one port.
pub(crate) fn by_modem(to: &str, port: &Path) -> ConnectionConfig {
    ConnectionConfig::new(name(to), modem_config(&[port.to_owned()]))
}

/// The same, where the modem leaves answers out that would be waited for.
pub(crate) fn by_forgetful_modem(to: &str, port: &Path) -> ConnectionConfig {
    let mut config = modem_config(&[port.to_owned()]);
    config.timers.send = Duration::from_secs(2);
    ConnectionConfig::new(name(to), config)
}

/// The next event of a modem that `wanted` takes.
pub(crate) async fn event<T>(events: &mut Events, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
    let wait = async {
        loop {
            let event = events.next().await.expect("the modem is there");
            if let Some(found) = wanted(event) {
                break found;
            }
        }
    };
    tokio::time::timeout(GUARD, wait).await.expect("it happens")
}
