use std::fmt;
use std::sync::Arc;

use crate::Invalid;
use crate::gsm_alphabet;

/// A number that can be called or sent an SMS, as the engine takes it: an optional `+`, then 1 to 20
/// of the characters `0-9 * #`. Blanks, hyphens, dots and brackets of the written form are dropped.
///
/// Wider than E.164 on purpose: `+062554670`, short codes and internal numbers are numbers here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(Arc<str>);

impl PhoneNumber {
    /// Most digits of a number, the `+` not counted.
    pub const MAX_DIGITS: usize = 20;

    /// Reads a number as people write it.
    pub fn new(written: &str) -> Result<Self, Invalid> {
        let compact: String = written
            .chars()
            .filter(|c| !matches!(c, ' ' | '\t' | '\n' | '\r' | '-' | '.' | '(' | ')' | '[' | ']'))
            .collect();
        if written.trim().is_empty() {
            return Err(Invalid::new("a phone number was expected, this is empty"));
        }
        let digits = compact.strip_prefix('+').unwrap_or(&compact);
        if digits.is_empty() {
            return Err(Invalid::new("a phone number needs at least one digit"));
        }
        if let Some(wrong) = digits.chars().find(|c| !matches!(c, '0'..='9' | '*' | '#')) {
            return Err(Invalid::new(number_fault(wrong)));
        }
        if digits.len() > Self::MAX_DIGITS {
            return Err(Invalid::new(format!(
                "a phone number has at most {} digits, this one has {}",
                Self::MAX_DIGITS,
                digits.len()
            )));
        }
        Ok(Self(compact.into()))
    }

    /// The number without separators, with its `+` if it has one.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits alone, without `+`.
    pub fn digits(&self) -> &str {
        self.0.strip_prefix('+').unwrap_or(&self.0)
    }

    /// Whether the number is written in international form, with a leading `+`.
    pub fn is_international(&self) -> bool {
        self.0.starts_with('+')
    }
}

fn number_fault(wrong: char) -> String {
    match wrong {
        ',' | ';' => "one number was expected, this looks like a list: send one message for each".to_owned(),
        '+' => "the `+` of a phone number stands once, at its beginning".to_owned(),
        c => format!(
            "`{}` cannot stand in a phone number (digits, `*`, `#` and a leading `+`)",
            c.escape_debug()
        ),
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.0)
    }
}

/// What the receiver of an SMS sees as its sender: a phone number, or 1 to 11 characters of the GSM
/// default alphabet (3GPP TS 23.040 9.1.2.5).
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum SenderId {
    /// A number or short code.
    Number(PhoneNumber),
    /// An alphanumeric sender.
    Name(Arc<str>),
}

impl SenderId {
    /// Most characters of an alphanumeric sender.
    pub const MAX_NAME: usize = 11;

    /// Digits make a number, anything else a name.
    pub fn new(written: &str) -> Result<Self, Invalid> {
        let written = written.trim();
        if let Ok(number) = PhoneNumber::new(written) {
            return Ok(Self::Number(number));
        }
        let length = written.chars().count();
        if length == 0 {
            return Err(Invalid::new("a sender needs at least one character"));
        }
        if length > Self::MAX_NAME {
            return Err(Invalid::new(format!(
                "a sender is a number or at most {} characters, this one has {length}",
                Self::MAX_NAME
            )));
        }
        match written
            .chars()
            .find(|c| c.is_control() || !gsm_alphabet::is_default(*c))
        {
            Some(wrong) => Err(Invalid::new(format!(
                "`{}` cannot stand in a sender: it is not in the GSM default alphabet",
                wrong.escape_debug()
            ))),
            None => Ok(Self::Name(written.into())),
        }
    }

    /// The sender as written, numbers without separators.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Number(number) => number.as_str(),
            Self::Name(name) => name,
        }
    }
}

impl fmt::Display for SenderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SenderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SenderId({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_documentation_are_numbers() {
        for number in ["+062554670", "+0615546669", "9994", "*100#", "+36 (20) 999-8877"] {
            assert!(PhoneNumber::new(number).is_ok(), "{number}");
        }
        assert_eq!(
            PhoneNumber::new("+36 (20) 999-8877").unwrap().as_str(),
            "+36209998877"
        );
    }

    #[test]
    fn what_is_no_number_says_why() {
        for (written, why) in [
            ("", "this is empty"),
            ("+", "at least one digit"),
            ("12a", "`a` cannot stand"),
            ("1,2", "looks like a list"),
            ("1+2", "at its beginning"),
            ("123456789012345678901", "at most 20 digits, this one has 21"),
            ("12\u{1a}", "\\u{1a}"),
        ] {
            let fault = PhoneNumber::new(written).unwrap_err().to_string();
            assert!(fault.contains(why), "{written}: {fault}");
        }
    }

    #[test]
    fn senders_are_numbers_or_short_names() {
        assert!(matches!(SenderId::new("+3620").unwrap(), SenderId::Number(_)));
        assert!(matches!(SenderId::new("Ozeki 10").unwrap(), SenderId::Name(_)));
        assert!(SenderId::new("twelve chars").is_err());
        assert!(SenderId::new("tab\there").is_err());
        assert!(SenderId::new("őr").is_err());
    }
}
