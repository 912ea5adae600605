//! `ozml serve`: the gateway as a process, until it is told to end.

mod reload;
mod server;
mod signals;

use std::io;
use std::path::PathBuf;

use self::server::Server;
use self::signals::{Signal, Signals};
use crate::admin::AdminError;
use crate::assemble::{Assembled, OpenOptions, StartError};
use crate::config::{LoadError, SystemSecrets};
#[cfg(unix)]
use crate::control::SocketError;
use crate::log;

/// What a server is told, besides its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServeOptions {
    /// The file of the configuration. It is read again at HUP.
    pub config: PathBuf,
    /// Whether a store that cannot be used is set aside and a new one begun.
    pub new_store: bool,
    /// The level of the log, over the one of the configuration.
    pub log_level: Option<String>,
}

impl ServeOptions {
    /// Everything as the configuration says.
    pub fn new(config: PathBuf) -> Self {
        Self {
            config,
            new_store: false,
            log_level: None,
        }
    }
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServeEnd {
    /// In good order.
    InOrder,
    /// At once, since it was told a second time, or since something hangs. Nothing that was accepted is lost;
    /// what was on the wire may be sent again at the next start. The process should end without further ado.
    AtOnce,
}

/// Why a server does not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// There is no configuration that can be used.
    #[error("{0}")]
    Config(#[from] LoadError),
    /// The gateway does not begin.
    #[error("{0}")]
    Start(#[from] StartError),
    /// The admin listener does not begin.
    #[error("{0}")]
    Admin(#[from] AdminError),
    /// The control socket does not begin.
    #[cfg(unix)]
    #[error("{0}")]
    Control(#[from] SocketError),
    /// The system gives no signals.
    #[error("no signals: {0}")]
    Signals(io::Error),
}

/// Runs until TERM or Ctrl-C: accepts nothing more then, and ends in good order within 30 seconds. HUP reads the
/// configuration again; one with faults is logged and changes nothing.
///
/// Writes the log of the process. Needs a tokio runtime with time and I/O.
///
/// # Errors
/// When it does not begin. Nothing is running then.
pub async fn serve(options: ServeOptions) -> Result<ServeEnd, ServeError> {
    let mut signals = Signals::listen().map_err(ServeError::Signals)?;
    let (assembled, source) = Assembled::load(&options.config, &SystemSecrets)?;
    log::begin(assembled.config().log, options.log_level.as_deref());
    log::log_diagnostics(&source, assembled.warnings());
    let how = OpenOptions::default().new_store(options.new_store);
    let server = tokio::select! {
        server = Server::open(assembled, how) => server?,
        () = signals.end() => return Ok(ServeEnd::InOrder),
    };
    while signals.next().await == Signal::Reload {
        server.reload(&options.config).await;
    }
    tracing::info!("ending, which takes 30 seconds at most; a second signal ends at once");
    let is_in_order = tokio::select! {
        is_in_order = server.running.close() => is_in_order,
        () = signals.end() => false,
    };
    if is_in_order {
        tracing::info!("ended");
        return Ok(ServeEnd::InOrder);
    }
    tracing::warn!("ended at once: what was on the wire may be sent again at the next start");
    // To drop it is to wait for the store.
    std::mem::forget(server);
    Ok(ServeEnd::AtOnce)
}
