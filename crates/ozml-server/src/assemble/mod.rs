//! From a configuration to a running gateway: what `ozml serve` does, and every command that sends without a server.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use ozml_server::assemble::{Assembled, OpenOptions};
//! use ozml_server::config::SystemSecrets;
//!
//! let (assembled, _text) = Assembled::load("ozml.toml".as_ref(), &SystemSecrets)?;
//! let running = assembled.open(OpenOptions::default()).await?;
//! // running.gateway() sends.
//! running.close().await;
//! # Ok(())
//! # }
//! ```

mod consoles;
mod error;
mod journal;
mod open_store;
mod retention;
mod rules;
mod running;
#[cfg(test)]
mod tests;

use std::path::Path;

use ozml_dialplan::RouterConfig;
use ozml_host::web::WebConfig;
use ozml_parser::{Diagnostic, Source};
use ozml_session::ConnectionName;
use ozml_sms::config::ConnectionOptions;
use ozml_sms::gateway::{ConnectionConfig, GatewayRules, QueueLimits, Transport};
use ozml_sms::store::Mode;

pub use self::error::StartError;
pub use self::rules::Destinations;
pub use self::running::{Reconfigured, Running};

use crate::config::{Config, Connection, LoadError, Loaded, Resolved, ResolvedTransport, SecretSource};
use crate::privacy::Privacy;

/// A configuration with everything that is needed to run it.
#[derive(Debug)]
pub struct Assembled {
    config: Config,
    connections: Vec<Planned>,
    web: WebConfig,
    warnings: Vec<Diagnostic>,
}

/// How a gateway is opened, besides what its configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct OpenOptions {
    /// Whether a store that cannot be used is set aside and a new one begun.
    pub new_store: bool,
}

impl OpenOptions {
    /// The same, with a new store in the place of one that cannot be used.
    #[must_use]
    pub fn new_store(self, new_store: bool) -> Self {
        Self { new_store }
    }
}

/// A connection that is to be there.
#[derive(Debug, Clone)]
enum Planned {
    /// To a message centre, or by modems.
    Gateway(Box<ConnectionConfig>),
    /// To nobody: messages are logged.
    Console(ConnectionName),
}

impl Assembled {
    /// Fetches the secrets that the configuration names. Its relative paths are as they are: see
    /// [`Config::seen_from`], which [`Config::load`] applies.
    ///
    /// # Errors
    /// [`StartError::Config`] with all secrets that are missing or wrong.
    pub fn new(config: Config, secrets: &dyn SecretSource) -> Result<Self, StartError> {
        Self::resolved(config, secrets).map_err(StartError::Config)
    }

    /// Reads a file and fetches the secrets it names. Gives its text without secrets too, for messages.
    ///
    /// # Errors
    /// When the file cannot be read, or has faults; secrets that are missing or wrong are faults.
    pub fn load(path: &Path, secrets: &dyn SecretSource) -> Result<(Self, Source), LoadError> {
        let Loaded {
            config,
            source,
            mut warnings,
        } = Config::load(path)?;
        match Self::resolved(config, secrets) {
            Ok(mut assembled) => {
                warnings.append(&mut assembled.warnings);
                assembled.warnings = warnings;
                Ok((assembled, source))
            }
            Err(faults) => Err(LoadError::Faults { text: source, faults }),
        }
    }

    fn resolved(config: Config, secrets: &dyn SecretSource) -> Result<Self, Vec<Diagnostic>> {
        let Resolved {
            connections,
            web,
            warnings,
        } = config.resolve(secrets)?;
        let connections = connections.into_iter().map(|resolved| {
            let name = resolved.name;
            let (transport, options) = match resolved.transport {
                ResolvedTransport::Console => return Planned::Console(name),
                ResolvedTransport::Smpp { config, options } => (Transport::from(*config), options),
                ResolvedTransport::Modem { config, options } => (Transport::from(*config), options),
            };
            let mut section = config.connections.iter();
            let section = section.rfind(|section| *section.name() == name);
            Planned::Gateway(Box::new(connection(name, transport, *options, section)))
        });
        Ok(Self {
            connections: connections.collect(),
            web,
            warnings,
            config,
        })
    }

    /// What was noticed and is no fault.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// What it was made from.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Opens the store and begins to connect. Needs a tokio runtime with time and I/O.
    ///
    /// # Errors
    /// When the store cannot be had, or something cannot be listened on. Nothing is running then.
    pub async fn open(self, options: OpenOptions) -> Result<Running, StartError> {
        Running::open(self, options).await
    }

    /// Which numbers may be reached.
    pub fn destinations(&self) -> Destinations {
        Destinations::of(&self.config)
    }

    /// Routes and policy, apart from any gateway: to explain what they would do.
    ///
    /// # Errors
    /// [`StartError::Rules`] for rules that were not read by [`Config::read`].
    pub fn rules(&self) -> Result<GatewayRules, StartError> {
        self.config.gateway_rules()
    }
}

impl Config {
    /// The file of the store; `None`: it is kept in memory.
    pub fn store_file(&self) -> Option<&Path> {
        let path = self.store.path.as_deref();
        (self.store.mode != Mode::Memory).then(|| path.unwrap_or(Path::new(DEFAULT_STORE)))
    }

    /// Routes and policy, apart from any gateway and without a secret: to explain what they would do.
    ///
    /// # Errors
    /// [`StartError::Rules`] for rules that were not read by [`Config::read`].
    pub fn gateway_rules(&self) -> Result<GatewayRules, StartError> {
        let policy = Destinations::of(self).policy(Privacy::from(self.privacy), |_| {})?;
        rules::rules(self, policy)
    }

    /// The routes of messages, for those who show them.
    pub fn routes(&self) -> &RouterConfig {
        &self.router
    }

    fn queue_limits(&self) -> QueueLimits {
        let limits = &self.limits.server;
        let mut queue = QueueLimits::default();
        queue.messages = usize::try_from(limits.queue_messages).unwrap_or(usize::MAX);
        queue.bytes = limits.queue_bytes;
        queue
    }
}

/// The file of the store where nothing is said.
pub(crate) const DEFAULT_STORE: &str = "ozml.db";

fn connection(
    name: ConnectionName,
    transport: Transport,
    options: ConnectionOptions,
    section: Option<&Connection>,
) -> ConnectionConfig {
    // Where the file says nothing, the limit `message_life` holds.
    let is_said = section.is_some_and(|section| section.places.has("validity"));
    let mut connection = ConnectionConfig::new(name, transport);
    connection.sessions = u16::from(options.sessions);
    connection.rate = options.rate.map(|rate| f64::from(rate.get()));
    connection.burst = options.burst.map_or(1.0, |burst| f64::from(burst.get()));
    connection.on_unknown = options.on_unknown;
    connection.receipt_id = options.receipt_id;
    connection.classes = options.statuses;
    connection.validity = is_said.then_some(options.validity);
    connection.max_segments = options.max_segments;
    connection
}
