use crate::{HttpUrl, PortFuture};

/// The port for requests whose answer a run waits for: scripts and sounds.
///
/// Its time limits belong to the port and to real time, never to the engine's clock.
pub trait Fetcher: Send + Sync {
    /// Makes the request, follows redirects, and gives the whole answer.
    fn fetch<'a>(&'a self, request: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError>;
}

/// How a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchMethod {
    /// Fields go into the query.
    Get,
    /// Fields go into the body, form-encoded.
    Post,
}

impl FetchMethod {
    /// The word of HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchRequest {
    /// How.
    pub method: FetchMethod,
    /// Where.
    pub url: HttpUrl,
    /// Form fields in order.
    pub fields: Vec<(String, String)>,
    /// Longest body taken, in bytes after decompression.
    pub max_bytes: usize,
}

impl FetchRequest {
    /// A POST with form fields, as notifications are made.
    pub fn post(url: HttpUrl, fields: Vec<(String, String)>, max_bytes: usize) -> Self {
        Self {
            method: FetchMethod::Post,
            url,
            fields,
            max_bytes,
        }
    }

    /// A GET.
    pub fn get(url: HttpUrl, max_bytes: usize) -> Self {
        Self {
            method: FetchMethod::Get,
            url,
            fields: Vec::new(),
            max_bytes,
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchAnswer {
    /// HTTP status.
    pub status: u16,
    /// Where it came from after redirects.
    pub url: HttpUrl,
    /// The whole body.
    pub body: Vec<u8>,
}

impl FetchAnswer {
    /// An answer.
    pub fn new(status: u16, url: HttpUrl, body: Vec<u8>) -> Self {
        Self { status, url, body }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// No web client here; a retry does not help.
    #[error("web requests are not available here")]
    Unavailable,
    /// The address is refused by the rules for outbound URLs; a retry does not help.
    #[error("the address is refused by rule `{rule}`")]
    Forbidden {
        /// The rule.
        rule: String,
    },
    /// The answer is larger than allowed.
    #[error("the answer has more than {max} bytes")]
    TooLarge {
        /// The limit.
        max: usize,
    },
    /// A deadline passed; a later try may succeed.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or it broke; a later try may succeed.
    #[error("the request failed: {0}")]
    Failed(String),
}
