//! The contract of [`Store`]: what every implementation must do, to be called from its tests.

mod accepting;
mod keeping;
mod reading;
mod sample;

use ozml_session::contract::Case;

use super::{Change, Committed, MessageNumber, Progress, Store, StoredSms};

pub use sample::{AT, accept, accepted, full, in_state, record};

/// What comes of a store that is closed and opened again.
#[derive(Debug)]
#[non_exhaustive]
pub enum Again<S> {
    /// The same content, in another store.
    Opened(S),
    /// It keeps nothing ([`Mode::Memory`](super::Mode::Memory)).
    Nothing,
}

/// Plays the contract. `make` gives an empty store, `again` closes one and opens it again.
///
/// # Panics
/// When the contract is broken.
pub fn store<S: Store>(make: impl Fn() -> S, again: impl Fn(S) -> Again<S>, block_on: impl Fn(Case<'_>)) {
    block_on(Box::pin(accepting::all(&make)));
    block_on(Box::pin(reading::all(&make)));
    block_on(Box::pin(keeping::all(&make)));
    block_on(Box::pin(keeping::over_an_end(&make, &again)));
}

/// Commits, and expects it to succeed.
async fn commit(store: &impl Store, changes: Vec<Change>) -> Committed {
    store.commit(changes).await.expect("a commit succeeds")
}

async fn go_on(store: &impl Store, number: u64, progress: Progress) {
    commit(store, vec![Change::Progress(MessageNumber(number), progress)]).await;
}

async fn find(store: &impl Store, message: &StoredSms) -> Option<StoredSms> {
    store.find(&message.record.id).await.expect("it can be read")
}
