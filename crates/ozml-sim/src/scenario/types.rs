//! The types of the values of a scenario file. `$` is a character like any other in all of them.

use std::sync::Arc;
use std::time::Duration;

use ozml_engine::{ParamType, WhiteSpace};
use ozml_session::{Invalid, WallTime, parse_duration};

/// A time with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time(pub(super) Duration);

impl ParamType for Time {
    const NAME: &'static str = "time such as `2s`, `2.5s`, `300ms` or `1m`";
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        parse_duration(text).map(Self)
    }
}

/// A date and a time of day, as the clock on the wall shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateTime(pub(super) WallTime);

impl ParamType for DateTime {
    const NAME: &'static str = "date and time such as `2026-11-24 08:00`";
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let read = text.parse::<jiff::civil::DateTime>();
        let at = read
            .and_then(|civil| jiff::tz::Offset::UTC.to_timestamp(civil))
            .map_err(|_| {
                Invalid::new(format!(
                    "a date and time such as `2026-11-24 08:00` was expected, not `{}`",
                    text.escape_debug()
                ))
            })?;
        Ok(Self(WallTime::from_unix_millis(at.as_millisecond())))
    }
}

/// Any text in one line, as it is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(pub(super) Arc<str>);

impl ParamType for Words {
    const NAME: &'static str = "text";
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(Self(text.into()))
    }
}

/// Any text with its line breaks, without the indentation it has in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Body(pub(super) Arc<str>);

impl ParamType for Body {
    const NAME: &'static str = "text";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Body;
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(Self(text.into()))
    }
}

/// A whole number between two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Within<const LEAST: u16, const MOST: u16>(pub(super) u16);

impl<const LEAST: u16, const MOST: u16> ParamType for Within<LEAST, MOST> {
    const NAME: &'static str = "whole number";
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text
            .parse()
            .ok()
            .filter(|number| digits && (LEAST..=MOST).contains(number));
        number.map(Self).ok_or_else(|| {
            Invalid::new(format!(
                "a whole number from {LEAST} to {MOST} was expected, not `{}`",
                text.escape_debug()
            ))
        })
    }
}

/// Words of a closed list, in any case; the value is the word as the list has it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident $manual:literal [$($word:literal),+ $(,)?]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) struct $name(pub(super) &'static str);

        impl ParamType for $name {
            const NAME: &'static str = $manual;
            const WORDS: &'static [&'static str] = &[$($word),+];
            const REFERENCES: bool = false;

            fn parse(text: &str) -> Result<Self, Invalid> {
                let known = Self::WORDS.iter().find(|word| word.eq_ignore_ascii_case(text));
                known.map(|word| Self(word)).ok_or_else(|| {
                    let (words, found) = (Self::WORDS.join(", "), text.escape_debug());
                    let one_of = if Self::WORDS.len() > 1 { "one of " } else { "" };
                    Invalid::new(format!("{one_of}{words} was expected, not `{found}`"))
                })
            }
        }
    };
}

words! {
    /// The version of the format.
    Version "`1`" ["1"]
}
words! {
    /// What a transport answers.
    SmsResult "`accepted`, `refused` or `unknown`" ["accepted", "refused", "unknown"]
}
words! {
    /// What becomes of a message that was taken.
    SmsFate "state of an SMS" ["submitted", "sent", "delivered", "failed", "expired", "unknown"]
}
words! {
    /// The status code of a refusal (OzML reference: status codes; ours from 900).
    RefusalCode "`501`, `903` or `904`" ["501", "903", "904"]
}
words! {
    /// Why a web request has no answer.
    FetchFault "`timeout`, `forbidden` or `connection`" ["timeout", "forbidden", "connection"]
}
words! {
    /// Whether effects that no expectation names are a failure.
    Others "`allowed` or `refused`" ["allowed", "refused"]
}
words! {
    /// Who ends a call.
    Ender "who ends a call" ["caller", "callee", "script", "host", "limit"]
}
words! {
    /// Why a call ends.
    EndCause "why a call ends" [
        "normal", "busy", "no-answer", "rejected", "not-found", "unreachable", "transferred", "empty",
        "limit", "panic", "error",
    ]
}
words! {
    /// How a run ends.
    RunEnd "how a run ends" ["done", "failed", "hung-up", "limit", "panic"]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_clock_on_the_wall() {
        for written in ["2026-11-24 08:00", "2026-11-24T08:00:00"] {
            let at = DateTime::parse(written).unwrap().0;
            assert_eq!(at.to_string(), "2026-11-24T08:00:00Z", "{written}");
        }
        for wrong in ["", "08:00", "2026-13-01 08:00", "tomorrow"] {
            assert!(DateTime::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_and_words_have_bounds() {
        assert_eq!(Within::<100, 599>::parse("404"), Ok(Within(404)));
        for wrong in ["99", "600", "+404", "", "4e2"] {
            assert!(Within::<100, 599>::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Ender::parse("Caller"), Ok(Ender("caller")));
        assert!(Ender::parse("nobody").is_err());
    }
}
