use std::fmt;
use std::sync::Arc;

use crate::{EffectKey, Invalid, PortFuture};

/// The port to the named message connections that SendMsg and WaitForMsg use.
pub trait Connections: Send + Sync {
    /// Hands a message to a connection.
    fn send<'a>(&'a self, message: &'a OutgoingMessage) -> PortFuture<'a, (), ConnectionError>;

    /// The next message that comes in on a connection from now on. Dropping the future stops waiting.
    fn receive<'a>(
        &'a self,
        connection: &'a ConnectionName,
    ) -> PortFuture<'a, IncomingMessage, ConnectionError>;
}

/// The name of a connection, `name` or `name@localhost`: 1 to 128 characters without blanks or controls.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionName(Arc<str>);

impl ConnectionName {
    /// Checks the form; whether the connection exists is found when it is used.
    pub fn new(name: &str) -> Result<Self, Invalid> {
        let fits =
            (1..=128).contains(&name.len()) && !name.chars().any(|c| c.is_control() || c.is_whitespace());
        if fits {
            Ok(Self(name.into()))
        } else {
            Err(Invalid::new(
                "the name of a connection such as `ops@localhost` was expected",
            ))
        }
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConnectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ConnectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionName({})", self.0)
    }
}

/// A message for a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutgoingMessage {
    /// Names the effect.
    pub key: EffectKey,
    /// The connection.
    pub connection: ConnectionName,
    /// An address behind it, where the connection needs one.
    pub address: Option<String>,
    /// What it says.
    pub text: String,
}

impl OutgoingMessage {
    /// A message without a further address.
    pub fn new(key: EffectKey, connection: ConnectionName, text: String) -> Self {
        Self {
            key,
            connection,
            address: None,
            text,
        }
    }
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomingMessage {
    /// Who sent it.
    pub from: String,
    /// What it says.
    pub text: String,
}

impl IncomingMessage {
    /// A message.
    pub fn new(from: String, text: String) -> Self {
        Self { from, text }
    }
}

/// Why a connection did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// No connections here.
    #[error("message connections are not available here")]
    Unavailable,
    /// There is no connection of this name.
    #[error("there is no connection `{0}`")]
    Unknown(String),
    /// The connection only sends.
    #[error("connection `{0}` receives no messages")]
    SendOnly(String),
    /// The connection is down or full; a later try may succeed.
    #[error("the connection failed: {0}")]
    Failed(String),
}
