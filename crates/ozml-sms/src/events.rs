//! What happens at a test peer, for those who watch.

use tokio::sync::broadcast::{self, error::RecvError};

/// So many events were dropped, since nobody read them in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed(pub u64);

/// What happens at a test peer, in order. Whoever reads too slowly misses events and is told how many.
#[derive(Debug)]
pub struct Events<E>(broadcast::Receiver<E>);

impl<E: Clone + From<Missed>> Events<E> {
    pub(crate) fn new(receiver: broadcast::Receiver<E>) -> Self {
        Self(receiver)
    }

    /// Waits for the next event; `None` when the peer is gone. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<E> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(count)) => Some(Missed(count).into()),
            Err(RecvError::Closed) => None,
        }
    }
}
