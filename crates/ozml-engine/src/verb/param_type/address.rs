//! Who or what is reached: numbers, extensions, connections, mail and web addresses, calls.

use std::sync::Arc;

use ozml_session::{CallId, HttpUrl, Invalid, MailAddress, PhoneNumber, SenderId};

use super::{Doubt, ParamType};

const MAX_NAME: usize = 128;

/// What can be called: a phone number, the name of an extension, or `name@host`. No character that means
/// something in a SIP or dial string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallAddress(Arc<str>);

impl CallAddress {
    /// The address; a number without its separators.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for CallAddress {
    const NAME: &'static str = "phone number or extension";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if let Ok(number) = PhoneNumber::new(text) {
            return Ok(Self(number.as_str().into()));
        }
        let (name, host) = text.split_once('@').unwrap_or((text, "localhost"));
        if text.len() <= MAX_NAME && is_word(name, "._-+*#") && is_word(host, ".-") {
            return Ok(Self(text.into()));
        }
        Err(Invalid::new(format!(
            "a phone number or an extension such as `106` or `106@localhost` was expected, not `{}`",
            text.escape_debug()
        )))
    }
}

/// Where a call is routed to: as [`CallAddress`], or the name of an outside line, which may have blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteTarget(Arc<str>);

impl RouteTarget {
    /// The target, empty when the call is to be refused.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for RouteTarget {
    const NAME: &'static str = "extension or outside line";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let line = text.len() <= MAX_NAME && is_word(text, " ._-+*#");
        if text.is_empty() || line {
            return Ok(Self(text.into()));
        }
        CallAddress::parse(text).map(|address| Self(address.0))
    }
}

/// Letters, digits and what `others` holds.
fn is_word(text: &str, others: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || others.contains(c))
}

/// The name of a message connection as a script writes it, usually `name@localhost`. A blank in it is
/// taken literally, as the vendor's own text has one; whether there is such a connection is found when it
/// is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionAddress(Arc<str>);

impl ConnectionAddress {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for ConnectionAddress {
    const NAME: &'static str = "connection";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if (1..=MAX_NAME).contains(&text.len()) && !text.chars().any(char::is_control) {
            Ok(Self(text.into()))
        } else {
            Err(Invalid::new(
                "the name of a connection such as `ops@localhost` was expected",
            ))
        }
    }

    fn doubt(text: &str) -> Option<Doubt> {
        text.contains(' ').then(|| Doubt {
            reason: "a blank stands in the name of a connection, and belongs to it",
            meant: text.replace(' ', ""),
        })
    }
}

impl ParamType for PhoneNumber {
    const NAME: &'static str = "phone number";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for SenderId {
    const NAME: &'static str = "number, short code or name";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for MailAddress {
    const NAME: &'static str = "mail address";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for HttpUrl {
    const NAME: &'static str = "http or https URL";
    const PERCENT_ENCODED: bool = true;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for CallId {
    const NAME: &'static str = "call id";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_vendor_calls_is_an_address() {
        for good in [
            "+062554670",
            "voipservice1",
            "106@localhost",
            "+36 (20) 999-8877",
            "*9#",
        ] {
            assert!(CallAddress::parse(good).is_ok(), "{good}");
        }
        for wrong in [
            "", "a@", "@b", "a b", "106;x=1", "106?x", "a&b", "<106>", "a\r\nb", "a@b@c",
        ] {
            assert!(CallAddress::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_line_may_have_blanks_and_no_target_refuses() {
        assert!(RouteTarget::parse("My trunk 2").is_ok() && RouteTarget::parse("").is_ok());
        assert!(RouteTarget::parse("a;b").is_err());
    }

    #[test]
    fn a_blank_in_a_connection_is_taken_and_doubted() {
        let written = "admin @localhost";
        assert_eq!(ConnectionAddress::parse(written).unwrap().as_str(), written);
        assert_eq!(
            ConnectionAddress::doubt(written).map(|doubt| doubt.meant),
            Some("admin@localhost".to_owned())
        );
        assert_eq!(ConnectionAddress::doubt("admin@localhost"), None);
    }
}
