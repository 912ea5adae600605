//! Numbers: times, counts, codes.

use std::sync::Arc;
use std::time::Duration;

use ozml_session::{Digits, Invalid, parse_seconds};

use super::ParamType;
use crate::limits::Limits;
use crate::run::LimitReached;

/// The time of a Delay: seconds, with up to three decimals as our extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelayTime(Duration);

impl DelayTime {
    /// How long.
    pub fn duration(self) -> Duration {
        self.0
    }
}

impl ParamType for DelayTime {
    const NAME: &'static str = "seconds";

    fn parse(text: &str) -> Result<Self, Invalid> {
        parse_seconds(text).map(Self)
    }

    fn over_limit(&self, limits: &Limits) -> Option<LimitReached> {
        over_wait(self.0, limits)
    }
}

/// Whole seconds, as OzML writes every duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(u32);

impl Seconds {
    /// How long.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

impl ParamType for Seconds {
    const NAME: &'static str = "whole seconds";

    fn parse(text: &str) -> Result<Self, Invalid> {
        whole(text, "a whole number of seconds").map(Self)
    }
}

/// The longest time of one wait in whole seconds; the limit `wait` bounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitTime(u32);

impl WaitTime {
    /// How long; zero stands for no time limit of its own.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

impl ParamType for WaitTime {
    const NAME: &'static str = "whole seconds";

    fn parse(text: &str) -> Result<Self, Invalid> {
        whole(text, "a whole number of seconds").map(Self)
    }

    fn over_limit(&self, limits: &Limits) -> Option<LimitReached> {
        over_wait(self.duration(), limits)
    }
}

fn over_wait(time: Duration, limits: &Limits) -> Option<LimitReached> {
    (time > limits.wait).then(|| LimitReached::new("wait", limits.wait.as_secs()))
}

/// A whole number from 0, such as a page or a number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(u32);

impl Count {
    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl ParamType for Count {
    const NAME: &'static str = "whole number";

    fn parse(text: &str) -> Result<Self, Invalid> {
        whole(text, "a whole number").map(Self)
    }
}

/// How many keys are awaited: 1 to [`Digits::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyCount(usize);

impl KeyCount {
    /// The number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl ParamType for KeyCount {
    const NAME: &'static str = "number of keys";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let count = usize::try_from(whole(text, "a number of keys")?).unwrap_or(usize::MAX);
        if (1..=Digits::MAX).contains(&count) {
            Ok(Self(count))
        } else {
            Err(Invalid::new(format!(
                "1 to {} keys can be awaited, not {count}",
                Digits::MAX
            )))
        }
    }
}

/// The pitch of a tone: 20 to 4,000 hertz, which a telephone line carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hertz(u16);

impl Hertz {
    /// Hertz.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl ParamType for Hertz {
    const NAME: &'static str = "hertz";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match u16::try_from(whole(text, "a whole number of hertz")?) {
            Ok(hertz @ 20..=4000) => Ok(Self(hertz)),
            _ => Err(Invalid::new(format!(
                "a tone has 20 to 4000 hertz, not {}",
                text.escape_debug()
            ))),
        }
    }
}

/// A short time in milliseconds; the limit `wait` bounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milliseconds(u32);

impl Milliseconds {
    /// How long.
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.0.into())
    }
}

impl ParamType for Milliseconds {
    const NAME: &'static str = "milliseconds";

    fn parse(text: &str) -> Result<Self, Invalid> {
        whole(text, "a whole number of milliseconds").map(Self)
    }

    fn over_limit(&self, limits: &Limits) -> Option<LimitReached> {
        over_wait(self.duration(), limits)
    }
}

/// A code of an alarm message: 1 to `MOST` hexadecimal digits (Ademco Contact ID).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HexCode<const MOST: usize>(Arc<str>);

impl<const MOST: usize> HexCode<MOST> {
    /// The digits as written; on the line they are filled up with zeros at the left.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> ParamType for HexCode<MOST> {
    const NAME: &'static str = "digits";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=MOST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Invalid::new(format!(
                "1 to {MOST} digits (0-9, A-F) were expected, not `{}`",
                text.escape_debug()
            )))
        }
    }
}

fn whole(text: &str, expected: &str) -> Result<u32, Invalid> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = if digits { text.parse().ok() } else { None };
    number.ok_or_else(|| Invalid::new(format!("{expected} was expected, not `{}`", text.escape_debug())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_digits_only() {
        assert_eq!(Seconds::parse("90").unwrap().duration().as_secs(), 90);
        for wrong in ["", "-1", "+1", "1.5", "2s", "99999999999"] {
            assert!(Seconds::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_are_kept() {
        assert!(KeyCount::parse("1").is_ok() && KeyCount::parse("64").is_ok());
        assert!(KeyCount::parse("0").is_err() && KeyCount::parse("65").is_err());
        assert!(Hertz::parse("20").is_ok() && Hertz::parse("4000").is_ok());
        assert!(Hertz::parse("19").is_err() && Hertz::parse("4001").is_err());
        assert!(HexCode::<3>::parse("1aF").is_ok());
        assert!(HexCode::<3>::parse("1234").is_err() && HexCode::<3>::parse("1g").is_err());
    }

    #[test]
    fn waits_are_bounded_by_their_limit() {
        let limits = Limits::default();
        let over = |text: &str| WaitTime::parse(text).unwrap().over_limit(&limits);
        assert_eq!(over("3600"), None);
        assert_eq!(over("3601").map(|limit| limit.name), Some("wait"));
        assert!(
            Milliseconds::parse("3600001")
                .unwrap()
                .over_limit(&limits)
                .is_some()
        );
    }
}
