use std::fmt;
use std::sync::Arc;

use crate::Invalid;

/// The text of an SMS: not empty, at most 64 KiB. How many parts it needs is the transport's matter.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SmsText(Arc<str>);

impl SmsText {
    /// Most octets of a text in UTF-8.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// Takes the text as it is.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::new("an SMS needs a text"));
        }
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid::new(format!(
                "the text of an SMS has at most {} bytes",
                Self::MAX_BYTES
            )));
        }
        Ok(Self(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SmsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmsText({} bytes)", self.0.len())
    }
}

/// A language code such as `en-UK` or `pt-BR`: letters, digits and hyphens, 2 to 35 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LanguageTag(Arc<str>);

impl LanguageTag {
    /// Checks the form only; which languages a speech engine knows is the session's matter.
    pub fn new(code: &str) -> Result<Self, Invalid> {
        let well_formed = (2..=35).contains(&code.len())
            && code
                .split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
            && code.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        if well_formed {
            Ok(Self(code.into()))
        } else {
            Err(Invalid::new("a language code such as `en-UK` was expected"))
        }
    }

    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sms_has_a_text_of_bounded_length() {
        assert!(SmsText::new("").is_err());
        assert!(SmsText::new(&"x".repeat(SmsText::MAX_BYTES + 1)).is_err());
        assert_eq!(
            SmsText::new("Hello! How are you?").unwrap().as_str(),
            "Hello! How are you?"
        );
    }

    #[test]
    fn language_codes_are_checked_for_form() {
        for code in ["en", "en-UK", "pt-BR", "en-us"] {
            assert!(LanguageTag::new(code).is_ok(), "{code}");
        }
        for code in ["", "e", "en_UK", "en-", "-en", "english language", "1a"] {
            assert!(LanguageTag::new(code).is_err(), "{code}");
        }
    }
}
