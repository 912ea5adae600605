//! Messages that ended are kept for a while, then forgotten.

use std::time::Duration;

use ozml_session::{Clock, WallTime};
use ozml_sms::gateway::SmsGateway;
use ozml_sms::store::StoreError;
use tokio::time::interval;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Forgets every hour what was accepted longer ago than `keep` and has ended, as long as the store is
/// open.
pub(super) async fn purge_hourly(gateway: SmsGateway, clock: impl Clock, keep: Duration) {
    let mut hours = interval(HOUR);
    loop {
        hours.tick().await;
        match gateway.purge(before(clock.wall(), keep)).await {
            Ok(0) => {}
            Err(StoreError::Closed) => return,
            Ok(messages) => tracing::info!(messages, "messages that ended long ago are forgotten"),
            Err(error) => tracing::warn!(reason = %error, "the store forgets nothing at present"),
        }
    }
}

fn before(now: WallTime, keep: Duration) -> WallTime {
    let keep = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
    WallTime::from_unix_millis(now.as_unix_millis().saturating_sub(keep))
}
