use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ozml_session::{Clock, ClockTime, WallTime};

/// The machine's clock, beginning when it is made. Its waits need a tokio runtime with timers.
#[derive(Debug, Clone)]
pub struct SystemClock {
    begin: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl SystemClock {
    /// A clock that begins now.
    pub fn new() -> Self {
        Self {
            begin: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> ClockTime {
        ClockTime::from_millis(u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    fn wall(&self) -> WallTime {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        WallTime::from_unix_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn sleep_until(&self, at: ClockTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        match self.begin.checked_add(Duration::from_millis(at.as_millis())) {
            Some(instant) => Box::pin(tokio::time::sleep_until(instant.into())),
            None => Box::pin(std::future::pending()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_wait_ends_at_its_moment_and_not_before() {
        let clock = SystemClock {
            begin: tokio::time::Instant::now().into_std(),
        };
        let before = tokio::time::Instant::now();
        clock.sleep_until(ClockTime::from_millis(250)).await;
        assert!(before.elapsed() >= Duration::from_millis(250));
        assert!(clock.wall().as_unix_millis() > 1_700_000_000_000);
    }
}
