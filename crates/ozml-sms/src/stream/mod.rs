//! What sessions on a stream of bytes share, sockets and serial ports alike.

mod unwritten;

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, Sleep};

pub(crate) use unwritten::Unwritten;

/// A wake-up that is far enough to be none.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// The time of a session that began at `started`.
pub(crate) fn millis_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Sets the timer of a session that began at `started` when it would ring too late for its `next` moment; one
/// that rings too early costs one turn.
pub(crate) fn arm(started: Instant, next: Option<u64>, mut sleep: Pin<&mut Sleep>) {
    let at = next.and_then(|ms| started.checked_add(Duration::from_millis(ms)));
    let at = at.unwrap_or_else(|| Instant::now() + NEVER);
    if sleep.is_elapsed() || sleep.deadline() > at {
        sleep.as_mut().reset(at);
    }
}
