//! The test centre on a socket.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::behaviour::Behaviour;
use super::centre::{Centre, Counters};
use super::event::Event;
use super::received::ReceivedSms;
use super::serve::{Shared, serve};
use crate::wall::wall_now;

/// Events a watcher may be behind before it misses some.
const EVENTS_KEPT: usize = 4_096;
/// How long [`TestSmsc::shutdown`] waits for peers to answer its unbind.
const SHUTDOWN_TIME: Duration = Duration::from_secs(1);
/// What is waited for when no connection can be taken, as when too many files are open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Why a test centre cannot listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenError {
    /// The address is not on loopback.
    #[error(
        "a test centre on {0} could be reached by other machines: listen on a loopback address such as \
         127.0.0.1, or allow it with `Behaviour::allow_remote`"
    )]
    NotLoopback(SocketAddr),
    /// The system refuses the address.
    #[error("cannot listen on {0}: {1}")]
    Io(SocketAddr, io::Error),
}

/// A test centre that listens. Dropping it closes all connections at once.
#[derive(Debug)]
pub struct TestSmsc {
    addr: SocketAddr,
    shared: Arc<Shared>,
    acceptor: JoinHandle<()>,
}

impl TestSmsc {
    /// Listens on `addr`; port 0 takes a free one. Must be called inside a tokio runtime with I/O and time
    /// enabled; the connections are served there.
    pub async fn listen(addr: SocketAddr, behaviour: Behaviour) -> Result<Self, ListenError> {
        if !addr.ip().is_loopback() && !behaviour.allow_remote {
            return Err(ListenError::NotLoopback(addr));
        }
        let connections = behaviour.limits.connections;
        let failed = |error| ListenError::Io(addr, error);
        let listener = TcpListener::bind(addr).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let shared = Arc::new(Shared::new(Centre::new(behaviour, wall_now()), EVENTS_KEPT));
        let acceptor = tokio::spawn(accept(listener, Arc::clone(&shared), connections));
        Ok(Self {
            addr,
            shared,
            acceptor,
        })
    }

    /// Where it listens, with the port it was given.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The newest messages, oldest first, as many as the behaviour keeps.
    pub fn received(&self) -> Vec<ReceivedSms> {
        self.shared.centre().received()
    }

    /// How often things happened so far.
    pub fn counters(&self) -> Counters {
        self.shared.centre().counters()
    }

    /// What happens from now on.
    pub fn events(&self) -> Events {
        Events::new(self.shared.events())
    }

    /// Takes no more connections, unbinds all sessions, and waits at most a second for their answers.
    pub async fn shutdown(mut self) {
        self.shared.stop();
        let limit = SHUTDOWN_TIME.saturating_mul(2);
        // Whether the acceptor came to its end or is ended by the drop makes no difference now.
        let _ = timeout(limit, &mut self.acceptor).await;
    }
}

impl Drop for TestSmsc {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

/// What happens at a test centre, in order.
pub type Events = crate::events::Events<Event>;

/// Takes connections until the centre stops, then waits for them to end.
async fn accept(listener: TcpListener, shared: Arc<Shared>, connections: usize) {
    let mut sessions = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shared.stopped() => break,
        };
        while sessions.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) if sessions.len() < connections => {
                // Without TCP_NODELAY small answers would wait for the peer's acknowledgement.
                let _ = stream.set_nodelay(true);
                sessions.spawn(serve(Arc::clone(&shared), stream));
            }
            Ok(_) => {}
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
    let all = async { while sessions.join_next().await.is_some() {} };
    let _ = timeout(SHUTDOWN_TIME, all).await;
}
