//! Faults of a request, in words that hold no address.

use std::error::Error;

use ozml_session::FetchError;

/// Most characters of a cause: a peer may have a say in it, by its certificate.
const MOST: usize = 200;

/// What became of a request that has no head of an answer, or of a body that broke off.
pub(super) fn failure(fault: &reqwest::Error) -> FetchError {
    if fault.is_timeout() {
        return FetchError::Timeout;
    }
    let what = if fault.is_connect() {
        "no connection"
    } else if fault.is_decode() {
        "the body cannot be read"
    } else {
        "the answer broke off"
    };
    FetchError::Failed(format!("{what}: {}", cause(fault)))
}

/// A limit that an answer reached.
pub(super) fn limit(name: &str, value: usize) -> FetchError {
    FetchError::Failed(format!("limit `{name}` of {value} is reached"))
}

/// The innermost cause: those around it name addresses and URLs.
fn cause(fault: &dyn Error) -> String {
    let mut innermost = fault;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let text = innermost.to_string();
    text.chars()
        .filter(|character| !character.is_control())
        .take(MOST)
        .collect()
}
