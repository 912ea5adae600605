//! The running server, where there can be one.

use ozml::server::config::Config;
#[cfg(unix)]
use ozml::server::control::Client;
use ozml::server::control::{Answer, Request};

#[cfg(unix)]
use crate::configuration::failed;
use crate::exit::Stop;

/// A connection to it.
#[cfg(unix)]
pub(crate) struct Server(Client);

#[cfg(unix)]
impl Server {
    /// Connects; `None`: none runs.
    pub(crate) fn connect(config: &Config) -> Result<Option<Self>, Stop> {
        let client = Client::connect(&config.control_socket());
        client
            .map(|client| client.map(Self))
            .map_err(|fault| failed(&fault.to_string()))
    }

    /// Asks for something.
    pub(crate) fn ask(&mut self, request: &Request) -> Result<Answer, Stop> {
        self.0.ask(request).map_err(|fault| failed(&fault.to_string()))
    }
}

/// There are no control sockets here.
#[cfg(not(unix))]
pub(crate) enum Server {}

#[cfg(not(unix))]
impl Server {
    pub(crate) fn connect(_: &Config) -> Result<Option<Self>, Stop> {
        Ok(None)
    }

    pub(crate) fn ask(&mut self, _: &Request) -> Result<Answer, Stop> {
        match *self {}
    }
}
