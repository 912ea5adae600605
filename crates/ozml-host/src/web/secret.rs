//! Secrets that sign.

use std::fmt;
use std::sync::Arc;

use ozml_session::Invalid;

/// A secret shared with a web application. Never shown: its Debug form is `***`, and no error repeats it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<[u8]>);

impl Secret {
    /// Fewest bytes.
    pub const MIN_BYTES: usize = 16;
    /// Most bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Takes 16 to 1,024 bytes of text without controls; blanks are part of it.
    pub fn new(secret: &str) -> Result<Self, Invalid> {
        if !(Self::MIN_BYTES..=Self::MAX_BYTES).contains(&secret.len()) {
            return Err(Invalid::new(format!(
                "a secret has {} to {} bytes, this one has {}",
                Self::MIN_BYTES,
                Self::MAX_BYTES,
                secret.len()
            )));
        }
        if secret.chars().any(char::is_control) {
            return Err(Invalid::new("a secret has no control characters"));
        }
        Ok(Self(secret.as_bytes().into()))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The secret in use and, while it is being changed, the one before it: signatures are made with the first
/// and accepted from both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets {
    current: Secret,
    previous: Option<Secret>,
}

impl Secrets {
    /// One secret.
    pub fn new(current: Secret) -> Self {
        Self {
            current,
            previous: None,
        }
    }

    /// The secret before it, still accepted.
    #[must_use]
    pub fn previous(mut self, previous: Secret) -> Self {
        self.previous = Some(previous);
        self
    }

    pub(super) fn current(&self) -> &Secret {
        &self.current
    }

    pub(super) fn accepted(&self) -> impl Iterator<Item = &Secret> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_enough_and_never_shown() {
        let secret = Secret::new("correct horse battery").unwrap();
        let secrets = Secrets::new(secret.clone()).previous(secret);
        assert!(!format!("{secrets:?}").contains("horse"));
        for wrong in ["", "fifteen letters", "sixteen letters\n"] {
            let fault = Secret::new(wrong).unwrap_err().to_string();
            assert!(wrong.is_empty() || !fault.contains(wrong.trim()), "{fault}");
        }
        assert!(Secret::new(&"x".repeat(1025)).is_err());
    }
}
