//! `timers` of a modem.

use std::time::Duration;

use serde::Deserialize;

use super::timers::time;
use crate::gsm::ModemTimers;

/// The times of a modem that the file gives, 1 ms to 1 day each; the meaning of each is at [`ModemTimers`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ModemTimersSection {
    /// `attention`.
    #[serde(deserialize_with = "time")]
    pub attention: Option<Duration>,
    /// `command`.
    #[serde(deserialize_with = "time")]
    pub command: Option<Duration>,
    /// `prompt`.
    #[serde(deserialize_with = "time")]
    pub prompt: Option<Duration>,
    /// `send`.
    #[serde(deserialize_with = "time")]
    pub send: Option<Duration>,
    /// `registration`.
    #[serde(deserialize_with = "time")]
    pub registration: Option<Duration>,
    /// `ready`.
    #[serde(deserialize_with = "time")]
    pub ready: Option<Duration>,
    /// `poll`.
    #[serde(deserialize_with = "time")]
    pub poll: Option<Duration>,
    /// `retry`.
    #[serde(deserialize_with = "time")]
    pub retry: Option<Duration>,
}

impl ModemTimersSection {
    /// The given times, the others as they are in `usual`.
    pub fn over(&self, usual: ModemTimers) -> ModemTimers {
        ModemTimers {
            attention: self.attention.unwrap_or(usual.attention),
            command: self.command.unwrap_or(usual.command),
            prompt: self.prompt.unwrap_or(usual.prompt),
            send: self.send.unwrap_or(usual.send),
            registration: self.registration.unwrap_or(usual.registration),
            ready: self.ready.unwrap_or(usual.ready),
            poll: self.poll.unwrap_or(usual.poll),
            retry: self.retry.unwrap_or(usual.retry),
        }
    }
}
