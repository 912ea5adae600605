use std::sync::Arc;

use super::{MessageNumber, Progress, SmsRecord, StoredSms};

/// One change of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A message is accepted. A message whose key is known already is not kept: [`Committed::known`]
    /// names the one that has it.
    Accept(Arc<SmsRecord>, Progress),
    /// A message went on. One that is not there is left out: its insert lost against a known key.
    Progress(MessageNumber, Progress),
    /// A note is written, over the one with its kind and key if there is one.
    PutNote(Note),
    /// A note is forgotten.
    ForgetNote {
        /// Its kind.
        kind: &'static str,
        /// Its key.
        key: String,
    },
}

/// Something small that must survive, such as a report that waits for its web application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is, such as `report`.
    pub kind: &'static str,
    /// Its name among its kind.
    pub key: String,
    /// What it says.
    pub value: Vec<u8>,
}

/// What a commit found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Committed {
    /// Messages that were not accepted since their keys are those of others: the number they were to
    /// have, and the message that has the key.
    pub known: Vec<(MessageNumber, StoredSms)>,
}
