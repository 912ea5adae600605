use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::routes::pages;
use crate::assemble::Running;
use crate::config::AdminSection;

/// Connections at once; further ones are closed.
const CONNECTIONS: usize = 64;
/// How long the head of a request may take to come.
const HEAD: Duration = Duration::from_secs(10);
/// How long a connection may take, its answer included.
const WHOLE: Duration = Duration::from_secs(30);
/// Bytes of the head of a request.
const HEAD_BYTES: usize = 16 * 1024;
/// What is waited for when no connection can be taken, as when too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens for questions about what runs.
#[derive(Debug)]
pub struct AdminListener {
    listener: TcpListener,
    address: SocketAddr,
}

/// Why nobody listens.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// The address is reached from other machines, and nothing says that it may be.
    #[error("[admin]: {0} is reached from other machines: listen on 127.0.0.1, or say `allow_remote = true`")]
    NotLoopback(SocketAddr),
    /// The system refuses the address.
    #[error("[admin]: cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
}

impl AdminListener {
    /// Takes the address. Needs a tokio runtime with I/O.
    ///
    /// # Errors
    /// When the address is taken, or is no loopback address and that is not allowed.
    pub async fn bind(section: &AdminSection) -> Result<Self, AdminError> {
        let wanted = section.listen;
        if !wanted.ip().is_loopback() && !section.allow_remote {
            return Err(AdminError::NotLoopback(wanted));
        }
        let failed = |fault| AdminError::Listen(wanted, fault);
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Where it listens, with the port it was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers whoever asks. Never ends by itself; dropping it ends all connections.
    pub async fn serve(self, running: Arc<Running>) {
        let pages = pages(running, self.address.ip().is_loopback());
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                Some(_) = connections.join_next() => continue,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(fault) => {
                    tracing::warn!(reason = %fault, "the admin listener takes no connection");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            if let Ok(place) = Arc::clone(&room).try_acquire_owned() {
                let pages = pages.clone();
                connections.spawn(async move {
                    answer(stream, pages).await;
                    drop(place);
                });
            }
        }
    }
}

/// One request, one answer: whoever asks rarely need not stay.
async fn answer(stream: TcpStream, pages: Router) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(pages));
    match timeout(WHOLE, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => tracing::debug!(reason = %fault, "a question to the admin listener broke off"),
        Err(_) => tracing::debug!("a question to the admin listener took too long"),
    }
}
