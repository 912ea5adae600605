//! What a modem says of itself.

use std::fmt;
use std::str::FromStr;

use ozml_session::Invalid;

/// A name in an answer: 1 to 32 printable ASCII characters without quotes, backslashes and commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word(String);

/// An identity of 15 digits: IMEI or IMSI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digits(String);

impl Word {
    /// A name of ours.
    pub(super) fn known(name: &'static str) -> Self {
        Self(name.to_owned())
    }
}

impl Digits {
    /// An identity of ours.
    pub(super) fn known(digits: &'static str) -> Self {
        Self(digits.to_owned())
    }
}

impl FromStr for Word {
    type Err = Invalid;

    fn from_str(written: &str) -> Result<Self, Invalid> {
        let plain = |octet: u8| (octet.is_ascii_graphic() || octet == b' ') && !b"\"\\,".contains(&octet);
        if (1..=32).contains(&written.len()) && written.bytes().all(plain) {
            return Ok(Self(written.to_owned()));
        }
        Err(Invalid::new("1 to 32 plain characters were expected"))
    }
}

impl FromStr for Digits {
    type Err = Invalid;

    fn from_str(written: &str) -> Result<Self, Invalid> {
        if written.len() == 15 && written.bytes().all(|octet| octet.is_ascii_digit()) {
            return Ok(Self(written.to_owned()));
        }
        Err(Invalid::new("15 digits were expected"))
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
