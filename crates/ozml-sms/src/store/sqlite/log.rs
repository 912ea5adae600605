use std::sync::Arc;

use tokio::sync::oneshot::{self, error::TryRecvError};

use super::database::Database;
use super::fault::Fault;
use super::file::PAGE_BYTES;
use super::reader::Reader;
use super::stats::Counters;

/// Pages of the log from which on it is copied to the file: 16 MiB.
const COPIED: u64 = 4096;
/// Pages at which commits wait until that is done.
const MOST: u64 = 4 * COPIED;

/// Keeps the write-ahead log from growing without end, and copying from it from holding commits up: another
/// thread copies what is there, and the writer only what came in the meantime. Then the log begins anew.
pub(super) struct Log {
    pub(super) copier: Reader,
    /// Answered when the copier is done.
    copied: Option<oneshot::Receiver<Result<(), Fault>>>,
    counters: Arc<Counters>,
}

impl Log {
    pub(super) fn new(copier: Reader, counters: Arc<Counters>) -> Self {
        Self {
            copier,
            copied: None,
            counters,
        }
    }

    /// To be called after each commit.
    pub(super) fn look(&mut self, database: &mut dyn Database) -> Result<(), Fault> {
        let pages = database.log_pages()?;
        self.counters
            .log_is(pages.saturating_mul(PAGE_BYTES.unsigned_abs()));
        let Some(mut copied) = self.copied.take() else {
            if pages >= COPIED {
                self.copied = Some(self.copier.checkpoint());
            }
            return Ok(());
        };
        let done = if pages >= MOST {
            copied.blocking_recv().ok()
        } else {
            match copied.try_recv() {
                Err(TryRecvError::Empty) => {
                    self.copied = Some(copied);
                    return Ok(());
                }
                done => done.ok(),
            }
        };
        match done {
            Some(Ok(())) => database.checkpoint(),
            Some(failed) => failed,
            None => Err(Fault::Failed(
                "the thread that copies from the log ended".to_owned(),
            )),
        }
    }
}
