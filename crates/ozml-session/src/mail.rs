use std::fmt;
use std::sync::Arc;

use crate::{EffectKey, Invalid, PortFuture};

/// The port that sends e-mail.
pub trait Mailer: Send + Sync {
    /// Hands a mail over; resolves when the mail server has taken or refused it.
    fn send<'a>(&'a self, mail: &'a OutgoingMail) -> PortFuture<'a, (), MailError>;
}

/// One mail address, `local@domain`, without display name: no controls, blanks, lists or brackets.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MailAddress(Arc<str>);

impl MailAddress {
    /// Checks the form; whether the address exists is the mail server's matter.
    pub fn new(address: &str) -> Result<Self, Invalid> {
        let fits = address.len() <= 254
            && address.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && !domain.is_empty() && !domain.contains('@')
            })
            && !address
                .chars()
                .any(|c| c.is_control() || c.is_whitespace() || "<>,;:\\\"()[]".contains(c));
        if fits {
            Ok(Self(address.into()))
        } else {
            Err(Invalid::new(
                "one mail address such as `duty@corp.example` was expected",
            ))
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailAddress({})", self.0)
    }
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutgoingMail {
    /// Names the effect.
    pub key: EffectKey,
    /// The receiver.
    pub to: MailAddress,
    /// The sender; `None`: the provider's own.
    pub from: Option<MailAddress>,
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl OutgoingMail {
    /// A mail from the provider's own address.
    pub fn new(key: EffectKey, to: MailAddress, subject: String, text: String) -> Self {
        Self {
            key,
            to,
            from: None,
            subject,
            text,
        }
    }
}

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// No mail server here; a retry does not help.
    #[error("e-mail is not available here")]
    Unavailable,
    /// The server refused for good.
    #[error("the mail server refused: {0}")]
    Refused(String),
    /// The server cannot take it now; a later try may succeed.
    #[error("the mail server cannot take it now: {0}")]
    Temporary(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_plain_address() {
        assert!(MailAddress::new("duty@corp.example").is_ok());
        for wrong in [
            "",
            "duty",
            "@x",
            "a@",
            "a@b@c",
            "a@b, c@d",
            "a@b\r\nBcc: c@d",
            "A <a@b>",
        ] {
            assert!(MailAddress::new(wrong).is_err(), "{wrong}");
        }
    }
}
