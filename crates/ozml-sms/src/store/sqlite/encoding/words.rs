//! The words rows use for the values of enumerations.

use ozml_session::SmsEncoding;

use super::super::super::{OnUnknown, PartState, WhenDown};

/// A value and its word.
pub(super) trait Word: Copy + PartialEq + Sized + 'static {
    /// Each value has one.
    const WORDS: &'static [(Self, &'static str)];

    /// The word of a value.
    fn word(self) -> Option<&'static str> {
        Self::WORDS
            .iter()
            .find(|(value, _)| *value == self)
            .map(|(_, word)| *word)
    }

    /// The value of a word.
    fn of(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(value, _)| *value)
    }
}

impl Word for PartState {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Waiting, "waiting"),
        (Self::Out, "out"),
        (Self::Sent, "sent"),
        (Self::Delivered, "delivered"),
        (Self::Failed, "failed"),
        (Self::Expired, "expired"),
        (Self::Unknown, "unknown"),
    ];
}

impl Word for OnUnknown {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Resend, "resend"), (Self::Hold, "hold")];
}

impl Word for WhenDown {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Keep, "keep"), (Self::Fail, "fail")];
}

impl Word for SmsEncoding {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Gsm7, "gsm7"), (Self::Ucs2, "ucs2")];
}
