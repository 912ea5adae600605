//! `--sms-via URL`.

use ozml::session::PhoneNumber;
use ozml::sms::smpp::SmppUrl;

/// Where the SMS of a run go.
#[derive(Debug, Clone)]
pub(crate) enum SmsVia {
    /// Shown on the console.
    Console,
    /// A test centre inside the process.
    TestSmsc,
    /// A message centre.
    Smpp(Box<SmppUrl>),
    /// The gateway of a configuration.
    Config,
    /// Known, and not available yet.
    NotYet(&'static str),
}

impl SmsVia {
    /// Reads the URL.
    pub(crate) fn read(written: &str) -> Result<Self, String> {
        match written {
            "console:" => Ok(Self::Console),
            "smsc:" => Ok(Self::TestSmsc),
            "config:" => Ok(Self::Config),
            _ if written.starts_with("modem:") => Ok(Self::NotYet("--sms-via modem:")),
            _ if written.starts_with("smpp://") || written.starts_with("smpps://") => written
                .parse()
                .map(|url| Self::Smpp(Box::new(url)))
                .map_err(|fault: ozml::session::Invalid| fault.to_string()),
            _ => Err("`console:`, `smsc:`, `config:`, `smpp://…` or `smpps://…` was expected".to_owned()),
        }
    }
}

/// `--allow-to`: numbers that a real transport may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AllowTo {
    /// Every number.
    Any,
    /// Numbers that begin like this one.
    Prefix(PhoneNumber),
}

impl AllowTo {
    /// Reads `any` or the beginning of a number.
    pub(crate) fn read(written: &str) -> Result<Self, String> {
        match written {
            "any" => Ok(Self::Any),
            prefix => PhoneNumber::new(prefix)
                .map(Self::Prefix)
                .map_err(|fault| format!("`any` or the beginning of a number: {fault}")),
        }
    }

    /// Whether a number may be given.
    pub(crate) fn admits(&self, number: &PhoneNumber) -> bool {
        match self {
            Self::Any => true,
            Self::Prefix(prefix) => number.as_str().starts_with(prefix.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_fault_of_an_address_repeats_a_password() {
        for written in [
            "smpp://shop:MARKER-SECRET-123@127.0.0.1:2775",
            "smpp://shop:MARKER@127.0.0.1",
            "SMPP://shop:MARKER@127.0.0.1",
            "smpp:/shop:MARKER@127.0.0.1:1",
            "smpp://shop:MARKER%@127.0.0.1:1",
            "smpp://shop:MARKER@127.0.0.1:1?x",
            "smpps://a-system-id-that-is-long:MARKER@127.0.0.1:1",
        ] {
            if let Err(fault) = SmsVia::read(written) {
                assert!(!fault.contains("MARKER"), "{fault}");
            }
        }
    }

    #[test]
    fn an_empty_prefix_admits_nothing() {
        assert!(AllowTo::read("").is_err() && AllowTo::read("ANY").is_err());
        let hungary = AllowTo::read("+36").unwrap();
        assert!(hungary.admits(&PhoneNumber::new("+36201").unwrap()));
        assert!(!hungary.admits(&PhoneNumber::new("+4930").unwrap()));
    }
}
