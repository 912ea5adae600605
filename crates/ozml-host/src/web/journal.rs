//! Where queued reports are kept over a restart.

use std::future::ready;

use ozml_session::PortFuture;

/// Keeps reports until they are delivered, so that none is lost when the process ends.
///
/// An id has printable characters only; the bytes are JSON and hold what the receiver gets, so they are as
/// secret as that.
pub trait NotificationJournal: Send + Sync {
    /// Keeps a report; resolves when it would survive a power cut. The same id again replaces it.
    fn keep<'a>(&'a self, id: &'a str, report: &'a [u8]) -> PortFuture<'a, (), JournalError>;

    /// A report was delivered: it is not needed any more. One that is not there is no error.
    fn done<'a>(&'a self, id: &'a str) -> PortFuture<'a, (), JournalError>;

    /// A report was given up. A journal that shows people what was not delivered sets it aside; without
    /// that it is [`done`](Self::done).
    fn undelivered<'a>(&'a self, id: &'a str, reason: &'a str) -> PortFuture<'a, (), JournalError> {
        let _ = reason;
        self.done(id)
    }

    /// All that is kept and neither done nor undelivered, with its id, oldest first.
    fn load(&self) -> PortFuture<'_, Vec<(String, Vec<u8>)>, JournalError>;
}

/// Why a journal could not do what was asked. What it had kept before is kept still.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JournalError(String);

impl JournalError {
    /// In the words of the store.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Keeps nothing: what is queued is lost when the process ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoJournal;

impl NotificationJournal for NoJournal {
    fn keep<'a>(&'a self, _: &'a str, _: &'a [u8]) -> PortFuture<'a, (), JournalError> {
        Box::pin(ready(Ok(())))
    }

    fn done<'a>(&'a self, _: &'a str) -> PortFuture<'a, (), JournalError> {
        Box::pin(ready(Ok(())))
    }

    fn load(&self) -> PortFuture<'_, Vec<(String, Vec<u8>)>, JournalError> {
        Box::pin(ready(Ok(Vec::new())))
    }
}
