//! The decision whether a request may be made.

use ozml_session::FetchError;

use super::address::{is_public, is_web_port};
use super::origin::{Origin, OriginPattern};

/// Which origins may be reached: what is denied first, then what is allowed, then all that is public.
#[derive(Debug, Clone, Default)]
pub struct AddressRules {
    allow: Vec<OriginPattern>,
    deny: Vec<OriginPattern>,
    only_allowed: Option<String>,
}

/// What is left to do before the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// Nothing.
    Whatever,
    /// The addresses of the name must be public.
    IfPublic,
}

/// The rule that names an address outside of the public internet.
pub(super) const PRIVATE_ADDRESS: &str = "private-address";

impl AddressRules {
    /// The rule of [`only_allowed`](Self::only_allowed) where the host has no better name for it.
    pub const NOT_ALLOWED: &'static str = "not-allowed";

    /// Everything public may be reached, and nothing else.
    pub fn new() -> Self {
        Self::default()
    }

    /// Origins that may be reached, wherever they lie and whatever their port.
    #[must_use]
    pub fn allow(mut self, origins: impl IntoIterator<Item = OriginPattern>) -> Self {
        self.allow.extend(origins);
        self
    }

    /// Origins that may not be reached, even where they are allowed.
    #[must_use]
    pub fn deny(mut self, origins: impl IntoIterator<Item = OriginPattern>) -> Self {
        self.deny.extend(origins);
        self
    }

    /// Refuses all that is not allowed, by a rule of this name.
    #[must_use]
    pub fn only_allowed(mut self, rule: impl Into<String>) -> Self {
        self.only_allowed = Some(rule.into());
        self
    }

    pub(super) fn admit(&self, origin: &Origin) -> Result<Admission, FetchError> {
        if let Some(pattern) = self.deny.iter().find(|pattern| pattern.admits(origin)) {
            return Err(forbidden(format!("fetch.deny {pattern}")));
        }
        if self.allow.iter().any(|pattern| pattern.admits(origin)) {
            return Ok(Admission::Whatever);
        }
        if let Some(rule) = &self.only_allowed {
            return Err(forbidden(rule));
        }
        if origin.address().is_some_and(|address| !is_public(address)) {
            return Err(forbidden(PRIVATE_ADDRESS));
        }
        if !is_web_port(origin.port()) {
            return Err(forbidden("port"));
        }
        Ok(Admission::IfPublic)
    }
}

pub(super) fn forbidden(rule: impl Into<String>) -> FetchError {
    FetchError::Forbidden { rule: rule.into() }
}

#[cfg(test)]
mod tests {
    use ozml_session::HttpUrl;

    use super::*;

    fn rules() -> AddressRules {
        let origins = |written: &[&str]| -> Vec<_> {
            written
                .iter()
                .map(|one| OriginPattern::new(one).unwrap())
                .collect()
        };
        AddressRules::new()
            .allow(origins(&["http://127.0.0.1:8080", "https://*.app.example:22"]))
            .deny(origins(&["https://bad.app.example:22", "https://evil.example"]))
    }

    fn decide(rules: &AddressRules, url: &str) -> Result<Admission, String> {
        let origin = Origin::of(&HttpUrl::new(url).unwrap()).unwrap();
        match rules.admit(&origin) {
            Ok(admission) => Ok(admission),
            Err(FetchError::Forbidden { rule }) => Err(rule),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn deny_comes_before_allow_before_addresses_before_ports() {
        let decide = |url| decide(&rules(), url);
        let refused = |rule: &str| Err(rule.to_owned());
        assert_eq!(
            decide("https://bad.app.example:22/"),
            refused("fetch.deny https://bad.app.example:22")
        );
        assert_eq!(
            decide("https://evil.example./x"),
            refused("fetch.deny https://evil.example")
        );
        assert_eq!(decide("https://good.app.example:22/"), Ok(Admission::Whatever));
        assert_eq!(decide("http://127.1:8080/"), Ok(Admission::Whatever));
        assert_eq!(decide("http://127.0.0.1:22/"), refused("private-address"));
        assert_eq!(decide("http://8.8.8.8:22/"), refused("port"));
        assert_eq!(decide("http://other.example:22/"), refused("port"));
        assert_eq!(decide("http://other.example/"), Ok(Admission::IfPublic));
        assert_eq!(decide("http://8.8.8.8/"), Ok(Admission::IfPublic));
    }

    #[test]
    fn only_what_is_allowed_where_the_host_wants_it_so() {
        let rules = rules().only_allowed("--allow-url");
        assert_eq!(decide(&rules, "http://127.0.0.1:8080/x"), Ok(Admission::Whatever));
        assert_eq!(
            decide(&rules, "http://other.example/"),
            Err("--allow-url".to_owned())
        );
        let denied = decide(&rules, "https://evil.example/");
        assert_eq!(denied, Err("fetch.deny https://evil.example".to_owned()));
    }
}
