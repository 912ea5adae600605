use std::fmt;
use std::sync::Arc;

use crate::{
    Clock, Connections, Directory, Fetcher, Files, History, Ids, Mailer, Messenger, Notifier, PhoneSystem,
    Policy, Unavailable,
};

/// Everything a run meets of the world besides its call. Cheap to clone; one value serves any number of
/// runs.
#[derive(Clone)]
pub struct Ports(Arc<PortsBuilder>);

impl Ports {
    /// Begins with what no run can do without; the builder fills the rest with [`Unavailable`].
    pub fn builder(clock: impl Clock + 'static, ids: impl Ids + 'static) -> PortsBuilder {
        PortsBuilder {
            clock: Box::new(clock),
            ids: Box::new(ids),
            messenger: Box::new(Unavailable),
            policy: Box::new(Unavailable),
            fetcher: Box::new(Unavailable),
            notifier: Box::new(Unavailable),
            mailer: Box::new(Unavailable),
            files: Box::new(Unavailable),
            connections: Box::new(Unavailable),
            directory: Box::new(Unavailable),
            history: Box::new(Unavailable),
            phone_system: Box::new(Unavailable),
        }
    }

    /// Time.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// New ids.
    pub fn ids(&self) -> &dyn Ids {
        &*self.0.ids
    }

    /// SMS.
    pub fn messenger(&self) -> &dyn Messenger {
        &*self.0.messenger
    }

    /// Which destinations may be reached.
    pub fn policy(&self) -> &dyn Policy {
        &*self.0.policy
    }

    /// Web requests that are waited for.
    pub fn fetcher(&self) -> &dyn Fetcher {
        &*self.0.fetcher
    }

    /// Web reports that are queued.
    pub fn notifier(&self) -> &dyn Notifier {
        &*self.0.notifier
    }

    /// E-mail.
    pub fn mailer(&self) -> &dyn Mailer {
        &*self.0.mailer
    }

    /// Files.
    pub fn files(&self) -> &dyn Files {
        &*self.0.files
    }

    /// Message connections.
    pub fn connections(&self) -> &dyn Connections {
        &*self.0.connections
    }

    /// Extensions and phone books.
    pub fn directory(&self) -> &dyn Directory {
        &*self.0.directory
    }

    /// Past calls.
    pub fn history(&self) -> &dyn History {
        &*self.0.history
    }

    /// Other calls.
    pub fn phone_system(&self) -> &dyn PhoneSystem {
        &*self.0.phone_system
    }
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ports")
    }
}

/// Collects the ports of a host, see [`Ports::builder`].
#[must_use]
pub struct PortsBuilder {
    clock: Box<dyn Clock>,
    ids: Box<dyn Ids>,
    messenger: Box<dyn Messenger>,
    policy: Box<dyn Policy>,
    fetcher: Box<dyn Fetcher>,
    notifier: Box<dyn Notifier>,
    mailer: Box<dyn Mailer>,
    files: Box<dyn Files>,
    connections: Box<dyn Connections>,
    directory: Box<dyn Directory>,
    history: Box<dyn History>,
    phone_system: Box<dyn PhoneSystem>,
}

impl PortsBuilder {
    /// The SMS transport.
    pub fn messenger(mut self, port: impl Messenger + 'static) -> Self {
        self.messenger = Box::new(port);
        self
    }

    /// The destination policy; without one everything is admitted.
    pub fn policy(mut self, port: impl Policy + 'static) -> Self {
        self.policy = Box::new(port);
        self
    }

    /// The web client.
    pub fn fetcher(mut self, port: impl Fetcher + 'static) -> Self {
        self.fetcher = Box::new(port);
        self
    }

    /// The web reports.
    pub fn notifier(mut self, port: impl Notifier + 'static) -> Self {
        self.notifier = Box::new(port);
        self
    }

    /// The mail client.
    pub fn mailer(mut self, port: impl Mailer + 'static) -> Self {
        self.mailer = Box::new(port);
        self
    }

    /// The file roots.
    pub fn files(mut self, port: impl Files + 'static) -> Self {
        self.files = Box::new(port);
        self
    }

    /// The message connections.
    pub fn connections(mut self, port: impl Connections + 'static) -> Self {
        self.connections = Box::new(port);
        self
    }

    /// Extensions and phone books.
    pub fn directory(mut self, port: impl Directory + 'static) -> Self {
        self.directory = Box::new(port);
        self
    }

    /// Past calls.
    pub fn history(mut self, port: impl History + 'static) -> Self {
        self.history = Box::new(port);
        self
    }

    /// Other calls.
    pub fn phone_system(mut self, port: impl PhoneSystem + 'static) -> Self {
        self.phone_system = Box::new(port);
        self
    }

    /// The finished value.
    pub fn build(self) -> Ports {
        Ports(Arc::new(self))
    }
}
