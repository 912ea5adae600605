//! The control socket: how `ozml sms` talks to a running server.
//!
//! A request is one line of JSON with a `command`, its answer another one. A connection asks as often as it
//! likes, one thing at a time.
//!
//! ```text
//! {"command":"send","to":"+36201234567","text":"Hello"}
//! {"accepted":{"id":"019a...","segments":1,"encoding":"gsm7"}}
//! {"command":"status","id":"nobody"}
//! {"error":{"code":302,"text":"there is no message `nobody`"}}
//! ```
//!
//! The socket is a file beside the store with mode 0600: whoever may read the store may speak to its server. Texts
//! of messages appear in answers about one message, never in a log.
//!
//! [`Service`] answers requests wherever they come from, so a command line without a server uses it on a
//! gateway of its own.

mod answer;
#[cfg(unix)]
mod client;
mod explain;
mod fault;
mod message;
mod modem;
mod request;
mod service;
mod status;
mod stored;
mod text;
mod wait;

#[cfg(unix)]
mod connection;
#[cfg(unix)]
mod listener;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use answer::{Accepted, Answer, Retried, Routes};
#[cfg(unix)]
pub use client::{Client, ClientError};
pub use explain::{Explained, explain};
pub use fault::Fault;
#[cfg(unix)]
pub use listener::{ControlSocket, SocketError, serve};
pub use message::{Details, History, Message, Messages, Part, Received};
pub use modem::Modem;
pub use request::{ExplainRequest, ListRequest, Request, SendRequest};
pub use service::Service;
pub use status::{Connection, Counts, Gateway, Queue};
pub use stored::{list, message, received};

use crate::assemble::DEFAULT_STORE;
use crate::config::Config;

/// Most octets of a request.
pub const MOST_LINE: usize = 256 * 1024;

/// Most messages in one answer.
pub const MOST_ROWS: u32 = 1_000;

/// Longest time one request waits for a message; whoever wants to wait longer asks again.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

impl Config {
    /// Where the server of this configuration listens for commands: beside its store, and where that would be
    /// when it is kept in memory.
    pub fn control_socket(&self) -> PathBuf {
        let store = self.store.path.as_deref();
        socket_path(store.unwrap_or(Path::new(DEFAULT_STORE)))
    }
}

/// Where the server of a store listens.
pub fn socket_path(store: &Path) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(".sock");
    path.into()
}
