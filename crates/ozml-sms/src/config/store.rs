//! `[store]`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::read::duration_between;
use crate::store::Mode;

const DAY: u64 = 86_400;

/// Where messages are kept, how safely and how long.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct StoreSection {
    /// The file of the embedded store; `ozml.db` where neither this nor `url` is given.
    pub path: Option<PathBuf>,
    /// A database for several nodes, instead of `path`.
    pub url: Option<StoreUrl>,
    /// What "accepted" is worth.
    pub mode: Mode,
    /// How long messages that ended are kept: 1 day to 100 years, 30 days where nothing is said.
    #[serde(deserialize_with = "keep")]
    pub keep: Duration,
    /// Most messages that have not ended; the limit of that name.
    pub queue_messages: Option<u64>,
    /// Most bytes of them; the limit of that name.
    pub queue_bytes: Option<u64>,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self {
            path: None,
            url: None,
            mode: Mode::default(),
            keep: Duration::from_secs(30 * DAY),
            queue_messages: None,
            queue_bytes: None,
        }
    }
}

fn keep<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let (least, most) = (Duration::from_secs(DAY), Duration::from_secs(36_500 * DAY));
    duration_between(deserializer, least, most)
}

/// The address of a database. It may have a password in it: Debug prints `***`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct StoreUrl(String);

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreUrl(***)")
    }
}
