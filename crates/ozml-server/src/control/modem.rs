//! How a modem is, as answers show it.

use ozml_sms::gateway::ModemStatus;
use serde::{Deserialize, Serialize};

/// How a modem is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Modem {
    /// The path of its serial port.
    pub port: String,
    /// Whether it is ready to send.
    pub up: bool,
    /// Manufacturer and model, as far as it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The network it is registered with, as far as it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Whether there is a network to send by; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
    /// Strength of its signal in dBm; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal_dbm: Option<i16>,
    /// Places of its memory for messages that are in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_used: Option<u16>,
    /// Places of its memory for messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_total: Option<u16>,
}

impl From<&ModemStatus> for Modem {
    fn from(status: &ModemStatus) -> Self {
        Self {
            port: status.port.to_string(),
            up: status.is_up,
            model: status.model(),
            operator: status.operator().map(ToOwned::to_owned),
            registered: status.health.map(|health| health.registered),
            signal_dbm: status.signal_dbm(),
            memory_used: status.health.and_then(|health| health.memory_used),
            memory_total: status.health.and_then(|health| health.memory_total),
        }
    }
}
