//! Origins, and patterns of them as the configuration writes them.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ozml_session::{HttpUrl, Invalid};
use url::{Host, Url};

/// Scheme, host and port of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    is_secure: bool,
    /// A name has no dot at its end.
    host: Host<String>,
    port: u16,
}

impl Origin {
    /// None for a URL that has none, which no [`HttpUrl`] is.
    pub(super) fn of(url: &HttpUrl) -> Option<Self> {
        Self::of_parsed(&Url::parse(url.as_str()).ok()?)
    }

    fn of_parsed(url: &Url) -> Option<Self> {
        let host = match url.host()? {
            Host::Domain(name) => Host::Domain(name.trim_end_matches('.').to_owned()),
            Host::Ipv4(address) => Host::Ipv4(address),
            Host::Ipv6(address) => Host::Ipv6(address),
        };
        Some(Self {
            is_secure: url.scheme() == "https",
            host,
            port: url.port_or_known_default()?,
        })
    }

    /// Whether the scheme is `https`.
    pub(super) fn is_secure(&self) -> bool {
        self.is_secure
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The host as it is written, without a dot at its end.
    pub(super) fn host(&self) -> String {
        self.host.to_string()
    }

    /// The address, where the host is no name.
    pub(super) fn address(&self) -> Option<IpAddr> {
        match self.host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }

    /// Whether the name means this machine by definition.
    pub(super) fn is_localhost(&self) -> bool {
        let Host::Domain(name) = &self.host else {
            return false;
        };
        name == "localhost" || name.ends_with(".localhost")
    }

    /// `HOST:PORT`: one server.
    pub(super) fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// One origin, or all whose host lies below a name: `https://app.example`, `http://127.0.0.1:8080`,
/// `https://*.app.example`.
///
/// Scheme and port count: a port that is not written is the one of the scheme. `*.` stands for one name or more
/// before the rest, so `*.app.example` is not `app.example` itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginPattern {
    origin: Origin,
    is_below: bool,
}

impl OriginPattern {
    /// Reads an origin without path, query and user info.
    pub fn new(written: &str) -> Result<Self, Invalid> {
        let expected = || {
            Invalid::new(format!(
                "an origin such as `https://app.example`, `http://127.0.0.1:8080` or `https://*.app.example` was expected, not `{}`",
                written.escape_debug()
            ))
        };
        let (scheme, rest) = written.split_once("://").ok_or_else(expected)?;
        let (is_below, rest) = match rest.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        if rest.contains('*') {
            return Err(expected());
        }
        let url = HttpUrl::new(&format!("{scheme}://{rest}"))?;
        let url = Url::parse(url.as_str()).map_err(|_| expected())?;
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let origin = Origin::of_parsed(&url).filter(|_| is_bare).ok_or_else(expected)?;
        if is_below && origin.address().is_some() {
            return Err(expected());
        }
        Ok(Self { origin, is_below })
    }

    pub(super) fn admits(&self, origin: &Origin) -> bool {
        if !self.is_below {
            return self.origin == *origin;
        }
        let lies_below = match (&origin.host, &self.origin.host) {
            (Host::Domain(name), Host::Domain(above)) => name
                .strip_suffix(above.as_str())
                .is_some_and(|front| front.len() > 1 && front.ends_with('.')),
            _ => false,
        };
        lies_below && self.origin.is_secure == origin.is_secure && self.origin.port == origin.port
    }
}

impl FromStr for OriginPattern {
    type Err = Invalid;

    fn from_str(written: &str) -> Result<Self, Invalid> {
        Self::new(written)
    }
}

impl fmt::Display for OriginPattern {
    /// As it would be written, with the port where it is not the one of the scheme.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.origin.is_secure {
            ("https", 443)
        } else {
            ("http", 80)
        };
        let below = if self.is_below { "*." } else { "" };
        write!(f, "{scheme}://{below}{}", self.origin.host)?;
        match self.origin.port {
            port if port == usual => Ok(()),
            port => write!(f, ":{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(pattern: &str, url: &str) -> bool {
        let origin = Origin::of(&HttpUrl::new(url).unwrap()).unwrap();
        OriginPattern::new(pattern).unwrap().admits(&origin)
    }

    #[test]
    fn scheme_host_and_port_must_be_the_same() {
        assert!(admits("https://app.example", "https://APP.example:443/x?y"));
        assert!(admits("https://app.example/", "https://app.example./"));
        assert!(admits("http://127.0.0.1:8080", "http://0x7f.1:8080/"));
        assert!(admits("http://[::1]:8080", "http://[0::1]:8080/"));
        assert!(!admits("https://app.example", "http://app.example/"));
        assert!(!admits("https://app.example", "https://app.example:8443/"));
        assert!(!admits(
            "https://app.example",
            "https://app.example.evil.example/"
        ));
        assert!(!admits("http://127.0.0.1:8080", "http://localhost:8080/"));
    }

    #[test]
    fn a_star_stands_for_names_before_the_rest() {
        assert!(admits("https://*.app.example", "https://a.app.example/"));
        assert!(admits("https://*.app.example", "https://a.b.app.example/"));
        assert!(admits("http://*.app.example:81", "http://a.app.example:81/"));
        assert!(!admits("https://*.app.example", "https://app.example/"));
        assert!(!admits("https://*.app.example", "https://evilapp.example/"));
        assert!(!admits("https://*.app.example", "https://a.app.example:8443/"));
    }

    #[test]
    fn patterns_are_shown_as_they_are_written() {
        for written in [
            "https://app.example",
            "http://127.0.0.1:8080",
            "https://*.app.example:8443",
            "http://[::1]",
        ] {
            assert_eq!(OriginPattern::new(written).unwrap().to_string(), written);
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for wrong in [
            "",
            "app.example",
            "ftp://app.example",
            "https://",
            "https://*",
            "https://*.",
            "https://a.*.example",
            "https://a*.example",
            "https://*.127.0.0.1",
            "https://app.example/path",
            "https://app.example?x",
            "https://app.example#x",
            "https://me@app.example",
            "https://app.example:99999",
        ] {
            assert!(OriginPattern::new(wrong).is_err(), "{wrong}");
        }
    }
}
