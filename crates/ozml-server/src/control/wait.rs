//! Waiting for what becomes of a message.

use std::future::poll_fn;
use std::time::Duration;

use ozml_session::{MessageId, Messenger, SmsStates};
use ozml_sms::gateway::SmsGateway;
use ozml_sms::store::StoredSms;
use tokio::time::{Instant, timeout_at};

use super::stored::unknown;
use super::{Fault, LONGEST_WAIT};

/// What a message is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// At most so long.
    pub(super) wait: Duration,
    /// More entries of its history than these; `None`: its end.
    pub(super) seen: Option<usize>,
}

impl Wanted {
    fn is_met(self, stored: &StoredSms) -> bool {
        let progress = &stored.progress;
        progress.is_ended() || self.seen.is_some_and(|seen| progress.history.len() > seen)
    }
}

/// The message as it is when what is wanted has come, or the time is over.
pub(super) async fn message(
    gateway: &SmsGateway,
    id: &MessageId,
    wanted: Wanted,
) -> Result<StoredSms, Fault> {
    // From before the first look, so that no state is missed between two looks.
    let mut states = gateway.states();
    let end = Instant::now() + wanted.wait.min(LONGEST_WAIT);
    loop {
        let stored = gateway.find(id).await?.ok_or_else(|| unknown(id))?;
        if wanted.is_met(&stored) || timeout_at(end, next_of(&mut states, id)).await != Ok(true) {
            return Ok(stored);
        }
    }
}

/// Resolves when a message is no more as it was, at the latest after the longest wait.
pub(super) async fn change(gateway: &SmsGateway, before: &StoredSms) -> Result<(), Fault> {
    let id = &before.record.id;
    let mut states = gateway.states();
    let end = Instant::now() + LONGEST_WAIT;
    loop {
        let stored = gateway.find(id).await?;
        let is_changed = stored.is_none_or(|stored| stored.progress != before.progress);
        if is_changed || timeout_at(end, next_of(&mut states, id)).await != Ok(true) {
            return Ok(());
        }
    }
}

/// Resolves at the next state of a message; false: none will come.
async fn next_of(states: &mut SmsStates, id: &MessageId) -> bool {
    loop {
        match poll_fn(|task| states.as_mut().poll_next(task)).await {
            Some(status) if status.id == *id => return true,
            Some(_) => {}
            None => return false,
        }
    }
}
