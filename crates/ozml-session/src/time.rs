use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

use crate::Invalid;

/// A moment on a [`Clock`]: milliseconds since the clock began. Monotonic, without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ClockTime(u64);

impl ClockTime {
    /// When the clock began.
    pub const ZERO: Self = Self(0);

    /// The moment `ms` milliseconds after the beginning.
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the beginning.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The moment `wait` later; parts of a millisecond count as a whole one, so no wait is too short.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        let ms = u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment, 0 when it lies ahead.
    pub const fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A date and time of day for records and time profiles, never for waiting: milliseconds since
/// 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(i64);

impl WallTime {
    /// From milliseconds since the Unix epoch.
    pub const fn from_unix_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_unix_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for WallTime {
    /// RFC 3339 in UTC, such as `2026-01-01T00:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => fmt::Display::fmt(&timestamp, f),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl FromStr for WallTime {
    type Err = Invalid;

    /// Reads RFC 3339 with any offset; parts of a millisecond are dropped.
    fn from_str(written: &str) -> Result<Self, Invalid> {
        let timestamp: Result<jiff::Timestamp, _> = written.parse();
        timestamp
            .map(|timestamp| Self(timestamp.as_millisecond()))
            .map_err(|_| {
                Invalid::new(format!(
                    "a date and time such as `2026-01-31T08:00:00Z` was expected, not `{}`",
                    written.escape_debug()
                ))
            })
    }
}

/// The port for time. Runs, timers and time limits use [`now`](Self::now) and
/// [`sleep_until`](Self::sleep_until) only; [`wall`](Self::wall) marks records.
pub trait Clock: Send + Sync {
    /// The present moment; never goes back.
    fn now(&self) -> ClockTime;

    /// The present date and time; may jump.
    fn wall(&self) -> WallTime;

    /// Resolves at `at` or as soon as possible after it. Dropping the future forgets the wake-up.
    fn sleep_until(&self, at: ClockTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Reads a time as people write it: a number with at most three decimals and `ms`, `s`, `m`, `h` or
/// `d`, such as `300ms`, `2.5s`, `1m`, `30d`; a day is 24 hours. Zero may stand without a unit.
pub fn parse_duration(written: &str) -> Result<Duration, Invalid> {
    let fault = || {
        Invalid::new(format!(
            "a time such as `2s`, `2.5s`, `300ms` or `1m` was expected, not `{}`",
            written.escape_debug()
        ))
    };
    if written == "0" {
        return Ok(Duration::ZERO);
    }
    let unit_at = written
        .find(|c: char| c.is_ascii_alphabetic())
        .ok_or_else(fault)?;
    let (number, unit) = written.split_at(unit_at);
    let millis_per_unit = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(fault()),
    };
    thousandths(number)
        .and_then(|thousandths| thousandths.checked_mul(millis_per_unit))
        .map(Duration::from_micros)
        .ok_or_else(fault)
}

/// Reads seconds without a unit, as OzML writes every duration; up to three decimals are our extension.
pub fn parse_seconds(written: &str) -> Result<Duration, Invalid> {
    thousandths(written).map(Duration::from_millis).ok_or_else(|| {
        Invalid::new(format!(
            "a number of seconds was expected, not `{}`",
            written.escape_debug()
        ))
    })
}

/// A decimal number with at most three decimals, times 1,000.
fn thousandths(number: &str) -> Option<u64> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 3 {
        return None;
    }
    let decimals: u64 = format!("{decimals:0<3}").parse().ok()?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000)?
        .checked_add(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_up() {
        let begin = ClockTime::from_millis(5);
        assert_eq!(begin.after(Duration::from_micros(1)).as_millis(), 6);
        assert_eq!(begin.after(Duration::MAX).as_millis(), u64::MAX);
        assert_eq!(ClockTime::ZERO.millis_since(begin), 0);
    }

    #[test]
    fn wall_time_prints_as_rfc_3339() {
        assert_eq!(
            WallTime::from_unix_millis(1_767_225_600_000).to_string(),
            "2026-01-01T00:00:00Z"
        );
    }

    #[test]
    fn wall_time_is_read_as_rfc_3339() {
        let read = |written: &str| written.parse::<WallTime>().map(WallTime::as_unix_millis);
        assert_eq!(read("2026-01-01T00:00:00Z"), Ok(1_767_225_600_000));
        assert_eq!(read("2026-01-01T01:00:00.5+01:00"), Ok(1_767_225_600_500));
        for wrong in ["", "2026-01-01", "yesterday", "2026-13-01T00:00:00Z"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_read_as_written() {
        for (written, ms) in [
            ("0", 0),
            ("2s", 2_000),
            ("2.5s", 2_500),
            ("300ms", 300),
            ("1m", 60_000),
            ("4h", 14_400_000),
            ("30d", 2_592_000_000),
        ] {
            assert_eq!(
                parse_duration(written).unwrap(),
                Duration::from_millis(ms),
                "{written}"
            );
        }
        for wrong in [
            "",
            "2",
            "s",
            "-1s",
            "1.2345s",
            "1e3s",
            "2 s",
            "1w",
            "99999999999999999999h",
        ] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
