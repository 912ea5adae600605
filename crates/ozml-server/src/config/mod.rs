//! The configuration file `ozml.toml`.
//!
//! ```
//! use ozml_parser::Source;
//! use ozml_server::config::Config;
//!
//! let source = Source::new("ozml.toml", r#"
//! [[sms.connection]]
//! name = "smsc1"
//! type = "smpp"
//! url = "smpp://shop@127.0.0.1:2775"
//! windw = 100
//! "#);
//! let (config, faults) = Config::read(&source);
//! assert!(config.is_none());
//! assert_eq!(faults[0].message, "there is no key `windw` in [[sms.connection]]");
//! assert_eq!(faults[0].help.as_deref(), Some("write `window`"));
//! ```

mod connections;
mod dial_plan;
mod explain;
mod fetch;
mod hide;
mod limits;
mod load;
mod place;
mod read;
mod rules;
mod secrets;
mod sections;

#[cfg(test)]
mod tests;

use std::path::Path;

use crate::assemble::DEFAULT_STORE;

use ozml_dialplan::{DestinationsSection, RouterConfig};
use ozml_parser::{Diagnostic, Source};
use ozml_sms::config::{ConnectionSection, StoreSection};

pub use connections::Connection;
pub use explain::EXPLANATIONS;
pub use fetch::Fetch;
pub use hide::hide_secrets;
pub use limits::{BudgetLimits, LimitsSection, ServerLimits};
pub use load::{LoadError, Loaded};
pub use place::Places;
pub use secrets::{Resolved, ResolvedConnection, ResolvedTransport, SecretFile, SecretSource, SystemSecrets};
pub use sections::{
    AdminSection, FilesSection, LogFormat, LogLevel, LogSection, PrivacySection, RootName, Shown,
};

/// What the file says; sections that are not there are as they are by default. Sections can be compared, so
/// that a server knows which changed when the file is read again.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// `[store]`.
    pub store: StoreSection,
    /// `[admin]`.
    pub admin: AdminSection,
    /// `[log]`.
    pub log: LogSection,
    /// `[privacy]`.
    pub privacy: PrivacySection,
    /// `[files]`.
    pub files: FilesSection,
    /// `[limits]`.
    pub limits: LimitsSection,
    /// `[fetch]`.
    pub fetch: Fetch,
    /// `[[sms.connection]]`, in the order of the file; their names are distinct.
    pub connections: Vec<Connection>,
    /// `[[sms.route]]`, `[[sms.table]]` and `[[time_profile]]`: a router can be built from it.
    pub router: RouterConfig,
    /// `[destinations]`, with the budgets that `[limits]` may set: a policy can be built from it. Without it
    /// what is allowed depends on the connections.
    pub destinations: Option<DestinationsSection>,
}

impl Config {
    /// Reads a configuration: all faults and warnings at once, in the order of the text. There is a
    /// configuration if and only if none of them is an error.
    ///
    /// The messages repeat no secret, but lines of `source` may have one: render them with
    /// [`hide_secrets`]`(source)`.
    pub fn read(source: &Source) -> (Option<Self>, Vec<Diagnostic>) {
        let (document, faults) = read::parse(source);
        if !faults.is_empty() {
            return (None, faults);
        }
        let mut reader = read::Reader::new(document.get_ref());
        let config = Self::sections(&mut reader);
        let faults = reader.finish();
        let clean = !faults.iter().any(Diagnostic::is_error);
        (config.filter(|_| clean), faults)
    }

    fn sections(reader: &mut read::Reader<'_>) -> Option<Self> {
        // Each is read, whatever the others are like.
        let store = reader.section("store");
        let admin = reader.section("admin");
        let log = reader.section("log");
        let privacy = reader.section("privacy");
        let files = reader.section("files");
        let limits = reader.section("limits");
        let fetch = fetch::fetch(reader);
        let connections = connections::connections(reader);
        let router = dial_plan::router(reader);
        let destinations = dial_plan::destinations(reader);
        rules::later(reader);
        rules::store(reader, store.as_ref());
        rules::admin(reader, admin.as_ref());
        rules::limits(reader);
        let mut config = Self {
            store: store?,
            admin: admin?,
            log: log?,
            privacy: privacy?,
            files: files?,
            limits: limits?,
            fetch: fetch?,
            connections: connections?,
            router: router?,
            destinations: destinations?,
        };
        connections::rules::destinations(reader, &config.connections, config.destinations.as_ref());
        config.settle_limits();
        Some(config)
    }

    /// `[store]` may set limits, and limits are budgets of `[destinations]`.
    fn settle_limits(&mut self) {
        let limits = &mut self.limits.server;
        limits.queue_messages = self.store.queue_messages.unwrap_or(limits.queue_messages);
        limits.queue_bytes = self.store.queue_bytes.unwrap_or(limits.queue_bytes);
        if let Some(section) = &mut self.destinations {
            self.limits.budgets.over(section);
        }
    }

    /// The policy for connections to other machines: what `[destinations]` says, else internal numbers only.
    pub fn destinations_or_default(&self) -> DestinationsSection {
        self.destinations.clone().unwrap_or_else(|| {
            let mut section = DestinationsSection::default();
            self.limits.budgets.over(&mut section);
            section
        })
    }

    /// The same with its relative paths, that of the store where nothing is said too, as they are seen from
    /// `folder`, in which the file lies.
    #[must_use]
    pub fn seen_from(mut self, folder: &Path) -> Self {
        let sections = self.connections.iter_mut().map(|one| &mut one.section);
        let of_connections = sections
            .flat_map(|section| match section {
                ConnectionSection::Smpp(smpp) => [smpp.password_file.as_mut(), smpp.ca.as_mut()],
                ConnectionSection::Modem(modem) => [modem.pin_file.as_mut(), None],
                _ => [None, None],
            })
            .flatten();
        self.store.path.get_or_insert_with(|| DEFAULT_STORE.into());
        let web = &mut self.fetch.section;
        let of_web = web.secret_file.iter_mut().chain(&mut web.previous_secret_file);
        let paths = self.files.0.values_mut().chain(&mut self.store.path);
        for path in paths.chain(of_connections).chain(of_web) {
            secrets::seen_from(folder, path);
        }
        self
    }
}
