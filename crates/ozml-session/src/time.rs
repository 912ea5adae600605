use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

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
}
