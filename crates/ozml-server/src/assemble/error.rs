use ozml_dialplan::ConfigFault;
use ozml_host::web::{JournalError, WebConfigError};
use ozml_parser::Diagnostic;
use ozml_sms::smsc::ListenError;
use ozml_sms::store::StoreError;

/// Why nothing runs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Secrets that are missing or wrong.
    #[error("{}", first(.0))]
    Config(Vec<Diagnostic>),
    /// Routes or destinations that are no good.
    #[error("{}", first(.0))]
    Rules(Vec<ConfigFault>),
    /// Another process has the store, or it cannot be used.
    #[error("{}", with_advice(.0))]
    Store(#[from] StoreError),
    /// There is no web client.
    #[error("{0}")]
    Web(#[from] WebConfigError),
    /// The reports that wait cannot be read.
    #[error("the reports that wait cannot be read: {0}")]
    Reports(#[from] JournalError),
    /// A connection of type `console` cannot listen.
    #[error("{0}")]
    Console(#[from] ListenError),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

/// The first fault stands for all where there is room for one.
fn first<T: ToString>(faults: &[T]) -> String {
    faults
        .first()
        .map_or_else(|| "the configuration has faults".to_owned(), ToString::to_string)
}

fn with_advice(error: &StoreError) -> String {
    match error {
        StoreError::Damaged { .. } => {
            format!("{error}; `ozml serve --new-store` sets the file aside and begins a new one")
        }
        _ => error.to_string(),
    }
}
