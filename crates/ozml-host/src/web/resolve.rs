//! From a name to checked addresses, and from there into the connection.

use std::future::{Future, ready};
use std::net::{IpAddr, SocketAddr};

use ozml_session::PortFuture;
use reqwest::dns::{Addrs, Name, Resolving};

/// Finds the addresses of names. A request asks once, all it got is checked, and the connection goes to
/// what was checked.
pub trait Resolve: Send + Sync {
    /// The addresses of a name, which is never an address itself.
    fn resolve<'a>(&'a self, name: &'a str) -> PortFuture<'a, Vec<IpAddr>, ResolveError>;
}

/// The name has no address, or it cannot be found out now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of the host was not found")]
pub struct ResolveError;

/// The resolver of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> PortFuture<'a, Vec<IpAddr>, ResolveError> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await;
            let addresses = found.map_err(|_| ResolveError)?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

tokio::task_local! {
    static CHECKED: Checked;
}

/// Addresses that a request may connect to, for the host it is made to.
#[derive(Debug, Clone, Default)]
pub(super) struct Checked {
    /// As the connection asks for it.
    pub(super) host: String,
    pub(super) addresses: Vec<IpAddr>,
}

impl Checked {
    /// Polls a request so that [`Handout`] gives its connection these addresses and no others.
    pub(super) fn during<F: Future>(self, request: F) -> impl Future<Output = F::Output> {
        CHECKED.scope(self, request)
    }
}

/// The resolver inside the HTTP client: it asks nobody, it hands out what was checked. A connection that is
/// made outside of its request gets nothing.
pub(super) struct Handout;

impl reqwest::dns::Resolve for Handout {
    fn resolve(&self, name: Name) -> Resolving {
        let checked = CHECKED.try_with(|checked| {
            let is_for_it = checked.host == name.as_str();
            is_for_it.then(|| checked.addresses.clone())
        });
        Box::pin(ready(match checked {
            Ok(Some(addresses)) => {
                let addresses: Addrs =
                    Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
                Ok(addresses)
            }
            _ => Err(ResolveError.into()),
        }))
    }
}
