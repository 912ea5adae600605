//! The times of a session, all of them data.

use std::time::Duration;

/// How long a session waits for what (SMPP 3.4, 7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timers {
    /// For the TCP connection, and for TLS on it.
    pub connect: Duration,
    /// For the answer to the bind.
    pub session_init: Duration,
    /// Silence in either direction after which the link is asked whether it lives.
    pub enquire_link: Duration,
    /// For the answer to that; the link is dead without it.
    pub enquire_link_response: Duration,
    /// For a place in the window: a message of which nothing could be handed over by then is refused, with
    /// the queue as the reason.
    pub queue: Duration,
    /// For the answer to a submit; its outcome is unknown without it.
    pub response: Duration,
    /// Time without a message after which the session unbinds itself; `None`: never.
    pub inactivity: Option<Duration>,
    /// For the requests that are out when an orderly end is asked for.
    pub drain: Duration,
    /// For the answer to the unbind.
    pub unbind: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            session_init: Duration::from_secs(10),
            enquire_link: Duration::from_secs(30),
            enquire_link_response: Duration::from_secs(10),
            queue: Duration::from_secs(60),
            response: Duration::from_secs(30),
            inactivity: None,
            drain: Duration::from_secs(10),
            unbind: Duration::from_secs(5),
        }
    }
}

/// The moment `wait` after `now`, in milliseconds; parts of a millisecond count as a whole one.
pub(crate) fn after(now: u64, wait: Duration) -> u64 {
    let ms = wait.as_nanos().div_ceil(1_000_000);
    now.saturating_add(u64::try_from(ms).unwrap_or(u64::MAX))
}
