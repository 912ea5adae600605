//! Sections of the server itself.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// `[admin]`: where health and metrics are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct AdminSection {
    /// Where to listen; 127.0.0.1:9510 where nothing is said. Port 0 takes a free one.
    #[serde(deserialize_with = "socket_address")]
    pub listen: SocketAddr,
    /// Whether another address than a loopback one may be listened on. There is no log-in.
    pub allow_remote: bool,
}

impl Default for AdminSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9510)),
            allow_remote: false,
        }
    }
}

fn socket_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let written = String::deserialize(deserializer)?;
    let address = written.parse();
    address.map_err(|_| {
        D::Error::custom("an IP address with a port was expected, such as `127.0.0.1:9510` or `[::1]:9510`")
    })
}

/// `[log]`: what is written to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct LogSection {
    /// For people or for programs.
    pub format: LogFormat,
    /// The least grave events that are written.
    pub level: LogLevel,
}

/// What a line of the log looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LogFormat {
    /// A line of words.
    #[default]
    Text,
    /// A JSON object.
    Json,
}

/// How grave an event of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LogLevel {
    /// Something does not work.
    Error,
    /// Something may not work as it was meant.
    Warn,
    /// What an operator wants to know.
    #[default]
    Info,
    /// What helps to find a fault.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The word in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// `[privacy]`: what logs show of callers and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PrivacySection {
    /// Keys that callers press.
    pub digits: Shown,
    /// Texts of messages.
    pub texts: Shown,
    /// Phone numbers; masked ones keep their last three digits.
    pub numbers: Shown,
}

/// Whether something is shown as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Shown {
    /// Not as it is.
    #[default]
    Masked,
    /// As it is.
    Shown,
}

/// `[files]`: the folders that scripts see, by the names of their roots.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct FilesSection(pub BTreeMap<RootName, PathBuf>);

/// The name of a file root: 1 to 64 letters, digits, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootName(String);

impl RootName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for RootName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if (1..=64).contains(&name.len()) && name.chars().all(fits) {
            return Ok(Self(name));
        }
        Err(D::Error::custom(
            "the name of a root has 1 to 64 letters, digits, `_` and `-`",
        ))
    }
}
