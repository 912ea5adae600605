//! Getting a connection: TCP, and TLS on it.

use std::io;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::event::Closed;
use super::timers::Timers;

/// Which certificates a message centre may show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TlsRoots {
    /// Those the system trusts.
    #[default]
    System,
    /// Those signed by the certificates of this PEM text, and no other.
    Pem(Vec<u8>),
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The host was not found or does not listen.
    #[error("no connection to {address}: {fault}")]
    Tcp {
        /// `HOST:PORT`.
        address: String,
        /// The system's words.
        fault: io::Error,
    },
    /// TCP and TLS took too long.
    #[error("no connection to {address} within {} ms", limit.as_millis())]
    TimedOut {
        /// `HOST:PORT`.
        address: String,
        /// The time that was given.
        limit: std::time::Duration,
    },
    /// The trusted certificates cannot be used.
    #[error("no trusted certificates for smpps: {0}")]
    Roots(String),
    /// The centre's certificate or its TLS was not accepted.
    #[error("no TLS with {address}: {fault}")]
    Tls {
        /// `HOST:PORT`.
        address: String,
        /// What is wrong.
        fault: io::Error,
    },
    /// The session was not bound.
    #[error("{0}")]
    Bind(Closed),
}

/// A connection of either kind.
pub(crate) enum Connection {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Connects to `host`:`port`, which is written `address`.
pub(crate) async fn connect(
    (host, port, address): (&str, u16, &str),
    tls: Option<&TlsRoots>,
    timers: &Timers,
) -> Result<Connection, ConnectError> {
    let limit = timers.connect;
    let attempt = async {
        let tcp = async {
            let stream = TcpStream::connect((host, port)).await?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        let stream = tcp.await.map_err(|fault| ConnectError::Tcp {
            address: address.to_owned(),
            fault,
        })?;
        match tls {
            None => Ok(Connection::Plain(stream)),
            Some(roots) => wrap(stream, host, address, roots).await,
        }
    };
    let timed_out = |_| ConnectError::TimedOut {
        address: address.to_owned(),
        limit,
    };
    timeout(limit, attempt).await.map_err(timed_out)?
}

async fn wrap(
    stream: TcpStream,
    host: &str,
    address: &str,
    roots: &TlsRoots,
) -> Result<Connection, ConnectError> {
    let tls = |fault| ConnectError::Tls {
        address: address.to_owned(),
        fault,
    };
    let name = ServerName::try_from(host.to_owned()).map_err(|fault| tls(io::Error::other(fault)))?;
    let connector = TlsConnector::from(client_config(roots)?);
    let stream = connector.connect(name, stream).await.map_err(tls)?;
    Ok(Connection::Tls(Box::new(stream)))
}

fn client_config(roots: &TlsRoots) -> Result<Arc<ClientConfig>, ConnectError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|fault| ConnectError::Roots(fault.to_string()))?;
    let config = builder
        .with_root_certificates(root_store(roots)?)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn root_store(roots: &TlsRoots) -> Result<RootCertStore, ConnectError> {
    let mut store = RootCertStore::empty();
    match roots {
        TlsRoots::System => {
            let found = rustls_native_certs::load_native_certs();
            // One that cannot be read does not spoil the others.
            store.add_parsable_certificates(found.certs);
        }
        TlsRoots::Pem(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|fault| ConnectError::Roots(fault.to_string()))?;
                store
                    .add(certificate)
                    .map_err(|fault| ConnectError::Roots(fault.to_string()))?;
            }
        }
    }
    if store.is_empty() {
        return Err(ConnectError::Roots("none were found".to_owned()));
    }
    Ok(store)
}
