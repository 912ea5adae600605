//! The date and time of the machine.

use std::time::{SystemTime, UNIX_EPOCH};

use ozml_session::WallTime;

pub(crate) fn wall_now() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime::from_unix_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
