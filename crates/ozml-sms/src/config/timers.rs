//! `timers` of a connection.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::read::duration_between;
use crate::smpp::Timers;

/// The times of a connection that the file gives, 1 ms to 1 day each; the meaning of each is at [`Timers`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TimersSection {
    /// `connect`.
    #[serde(deserialize_with = "time")]
    pub connect: Option<Duration>,
    /// `session_init`.
    #[serde(deserialize_with = "time")]
    pub session_init: Option<Duration>,
    /// `enquire_link`.
    #[serde(deserialize_with = "time")]
    pub enquire_link: Option<Duration>,
    /// `enquire_link_response`.
    #[serde(deserialize_with = "time")]
    pub enquire_link_response: Option<Duration>,
    /// `queue`.
    #[serde(deserialize_with = "time")]
    pub queue: Option<Duration>,
    /// `response`.
    #[serde(deserialize_with = "time")]
    pub response: Option<Duration>,
    /// `inactivity`; without it a session stays bound.
    #[serde(deserialize_with = "time")]
    pub inactivity: Option<Duration>,
    /// `drain`.
    #[serde(deserialize_with = "time")]
    pub drain: Option<Duration>,
    /// `unbind`.
    #[serde(deserialize_with = "time")]
    pub unbind: Option<Duration>,
}

impl TimersSection {
    /// The given times, the others as they are in `usual`.
    pub fn over(&self, usual: Timers) -> Timers {
        Timers {
            connect: self.connect.unwrap_or(usual.connect),
            session_init: self.session_init.unwrap_or(usual.session_init),
            enquire_link: self.enquire_link.unwrap_or(usual.enquire_link),
            enquire_link_response: self.enquire_link_response.unwrap_or(usual.enquire_link_response),
            queue: self.queue.unwrap_or(usual.queue),
            response: self.response.unwrap_or(usual.response),
            inactivity: self.inactivity.or(usual.inactivity),
            drain: self.drain.unwrap_or(usual.drain),
            unbind: self.unbind.unwrap_or(usual.unbind),
        }
    }
}

pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    const DAY: Duration = Duration::from_secs(86_400);
    duration_between(deserializer, Duration::from_millis(1), DAY).map(Some)
}
