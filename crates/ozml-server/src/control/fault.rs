use ozml_session::SmsRefusal;
use ozml_sms::store::StoreError;
use serde::{Deserialize, Serialize};

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{text}")]
#[non_exhaustive]
pub struct Fault {
    /// The status code a script would see (OzML reference: status codes; ours from 900).
    pub code: u16,
    /// Why, for people.
    pub text: String,
}

impl Fault {
    /// The request itself is at fault: InvalidParameter.
    pub fn invalid(text: impl Into<String>) -> Self {
        Self {
            code: 302,
            text: text.into(),
        }
    }

    /// There are too many connections.
    #[cfg(unix)]
    pub(super) fn busy() -> Self {
        Self {
            code: 905,
            text: "too many commands are under way, try again".to_owned(),
        }
    }

    /// The gateway was closed meanwhile.
    pub(super) fn closed() -> Self {
        Self {
            code: 904,
            text: "the gateway is closed".to_owned(),
        }
    }
}

impl From<SmsRefusal> for Fault {
    fn from(refusal: SmsRefusal) -> Self {
        Self {
            code: refusal.code(),
            text: refusal.to_string(),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self {
            code: 904,
            text: error.to_string(),
        }
    }
}
