use std::fmt;
use std::sync::Arc;

use crate::{EffectKey, Invalid, PortFuture};

/// An absolute `http` or `https` URL without user info, at most 2,048 bytes, read as the WHATWG
/// standard says.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HttpUrl(Arc<str>);

impl HttpUrl {
    /// Longest URL (limit `url_bytes`).
    pub const MAX_BYTES: usize = 2048;

    /// Reads an absolute URL.
    pub fn new(written: &str) -> Result<Self, Invalid> {
        if written.len() > Self::MAX_BYTES {
            return Err(Invalid::new(format!(
                "a URL has at most {} bytes",
                Self::MAX_BYTES
            )));
        }
        if written.chars().any(char::is_control) {
            return Err(Invalid::new("a URL has no control characters"));
        }
        let url = url::Url::parse(written)
            .map_err(|fault| Invalid::new(format!("an absolute http or https URL was expected: {fault}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Invalid::new(format!(
                "a URL begins with http:// or https://, not `{}:`",
                url.scheme()
            )));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Invalid::new("a URL carries no user name and no password"));
        }
        Ok(Self(url.as_str().into()))
    }

    /// Resolves a URL that may be relative to this one.
    pub fn join(&self, written: &str) -> Result<Self, Invalid> {
        let joined = url::Url::parse(&self.0)
            .and_then(|base| base.join(written))
            .map_err(|fault| Invalid::new(format!("a URL was expected: {fault}")))?;
        Self::new(joined.as_str())
    }

    /// The URL in its normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpUrl({})", self.0)
    }
}

/// The port for reports to web applications: queued, retried, never waited for longer than it takes to
/// queue them. A request whose answer the run needs goes through [`Fetcher`](crate::Fetcher).
pub trait Notifier: Send + Sync {
    /// Queues one report.
    fn notify<'a>(&'a self, what: &'a Notification) -> PortFuture<'a, (), NotifyError>;
}

/// A report: an HTTP POST with form fields.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// Names the effect.
    pub key: EffectKey,
    /// Its name, such as `SMSDeliveryReport`.
    pub name: &'static str,
    /// Where it goes.
    pub url: HttpUrl,
    /// Further fields in order.
    pub fields: Vec<(String, String)>,
}

impl Notification {
    /// A report with fields.
    pub fn new(key: EffectKey, name: &'static str, url: HttpUrl, fields: Vec<(String, String)>) -> Self {
        Self {
            key,
            name,
            url,
            fields,
        }
    }
}

/// Why a report was not queued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotifyError {
    /// No web client here; a retry does not help.
    #[error("web reports are not available here")]
    Unavailable,
    /// The address is refused by the rules for outbound URLs; a retry does not help.
    #[error("the address is refused by rule `{rule}`")]
    Forbidden {
        /// The rule.
        rule: String,
    },
    /// The queue for this host is full; a later try may succeed.
    #[error("the queue for this host is full")]
    QueueFull,
    /// The report could not be stored, so it was not queued; a later try may succeed.
    #[error("the report could not be stored: {0}")]
    NotStored(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_absolute_web_addresses() {
        assert_eq!(
            HttpUrl::new("http://App.example/a b").unwrap().as_str(),
            "http://app.example/a%20b"
        );
        for wrong in [
            "menu2",
            "ftp://a/",
            "http://u:p@a/",
            "http://a/\n",
            "http://",
            "//a/b",
        ] {
            assert!(HttpUrl::new(wrong).is_err(), "{wrong}");
        }
        assert!(HttpUrl::new(&format!("http://a/{}", "x".repeat(2048))).is_err());
    }

    #[test]
    fn relative_addresses_are_joined() {
        let base = HttpUrl::new("http://app.example/menus/main").unwrap();
        assert_eq!(base.join("sub").unwrap().as_str(), "http://app.example/menus/sub");
        assert!(base.join("file:///etc/passwd").is_err());
    }
}
