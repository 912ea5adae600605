//! `[[sms.connection]]`, of whatever type.

use ozml_session::ConnectionName;
use serde::Deserialize;

use super::modem::ModemSection;
use super::options::yes;
use super::read::name;
use super::smpp::SmppSection;
use crate::smpp::BindMode;

/// A connection that messages go over. The key `type` says which of them it is and is read before the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionSection {
    /// `type = "smpp"`: a message centre.
    Smpp(Box<SmppSection>),
    /// `type = "console"`: messages are shown, not sent.
    Console(ConsoleSection),
    /// `type = "modem"`: GSM modems.
    Modem(Box<ModemSection>),
}

impl ConnectionSection {
    /// The words that `type` takes.
    pub const TYPES: &[&str] = &["smpp", "modem", "console"];

    /// What routes call it.
    pub fn name(&self) -> &ConnectionName {
        match self {
            Self::Smpp(smpp) => &smpp.name,
            Self::Console(console) => &console.name,
            Self::Modem(modem) => &modem.name,
        }
    }

    /// Whether it is to be used at all.
    pub fn enabled(&self) -> bool {
        match self {
            Self::Smpp(smpp) => smpp.enabled,
            Self::Console(console) => console.enabled,
            Self::Modem(modem) => modem.enabled,
        }
    }

    /// Whether it takes messages; a receiver only brings them.
    pub fn sends(&self) -> bool {
        match self {
            Self::Smpp(smpp) => smpp.bind != BindMode::Receiver,
            Self::Console(_) | Self::Modem(_) => true,
        }
    }

    /// Whether its messages end on this machine. A modem reaches real telephones.
    pub fn stays_here(&self) -> bool {
        match self {
            Self::Smpp(smpp) => smpp.url.is_loopback(),
            Self::Console(_) => true,
            Self::Modem(_) => false,
        }
    }
}

/// A connection that shows its messages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConsoleSection {
    /// What routes call it.
    #[serde(deserialize_with = "name")]
    pub name: ConnectionName,
    /// Whether it is to be used at all.
    #[serde(default = "yes")]
    pub enabled: bool,
}
