//! Reports that wait are kept as notes of the store.

use std::sync::Arc;

use ozml_host::web::{JournalError, NotificationJournal};
use ozml_session::PortFuture;
use ozml_sms::store::{Change, CommitError, Note, Store, StoreError};

/// The kind of note that keeps a report which the notifier has taken.
const KIND: &str = "web-report";

/// The journal of the notifier. Reports come back in the order of their ids, which begin with the run: the older
/// ones first.
pub(super) struct StoreJournal(pub(super) Arc<dyn Store>);

impl StoreJournal {
    async fn commit(&self, change: Change) -> Result<(), JournalError> {
        let committed = self.0.commit(vec![change]).await;
        committed
            .map(drop)
            .map_err(|CommitError { error, .. }| failed(&error))
    }
}

fn failed(error: &StoreError) -> JournalError {
    JournalError::new(error.to_string())
}

impl NotificationJournal for StoreJournal {
    fn keep<'a>(&'a self, id: &'a str, report: &'a [u8]) -> PortFuture<'a, (), JournalError> {
        Box::pin(self.commit(Change::PutNote(Note {
            kind: KIND,
            key: id.to_owned(),
            value: report.to_vec(),
        })))
    }

    fn done<'a>(&'a self, id: &'a str) -> PortFuture<'a, (), JournalError> {
        Box::pin(self.commit(Change::ForgetNote {
            kind: KIND,
            key: id.to_owned(),
        }))
    }

    fn load(&self) -> PortFuture<'_, Vec<(String, Vec<u8>)>, JournalError> {
        Box::pin(async {
            let notes = self.0.notes(KIND).await.map_err(|error| failed(&error))?;
            Ok(notes.into_iter().map(|note| (note.key, note.value)).collect())
        })
    }
}
