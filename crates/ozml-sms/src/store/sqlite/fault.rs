use ozml_session::Invalid;
use rusqlite::ErrorCode;

use super::super::{MessageNumber, StoreError};

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage(pub(super) &'static str);

impl From<Invalid> for Damage {
    fn from(_: Invalid) -> Self {
        Self("a value in it is none of its type")
    }
}

/// Why something was not done to a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A rule of the store is broken: only this commit is at fault.
    Taken(MessageNumber),
    /// There is no room.
    Full,
    /// What is there is no store, or a damaged one.
    Damaged(String),
    /// Anything else.
    Failed(String),
}

impl Fault {
    /// As the port says it.
    pub(super) fn into_error(self, path: &str) -> StoreError {
        match self {
            Self::Taken(number) => StoreError::Taken(number),
            Self::Full => StoreError::Full,
            Self::Damaged(reason) => StoreError::Damaged {
                path: path.to_owned(),
                reason,
            },
            Self::Failed(reason) => StoreError::Failed(reason),
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::Full,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
