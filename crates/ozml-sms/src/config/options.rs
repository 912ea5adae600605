//! What the connections of all types are told.

use std::num::NonZeroU32;
use std::time::Duration;

use ozml_dialplan::OnUnknown;
use serde::Deserializer;

use super::read::{duration_between, whole_number};
use crate::gateway::ReceiptIdMode;
use crate::smpp::StatusClasses;

/// What the gateway does with a connection, besides what one session is told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionOptions {
    /// Sessions side by side, at least 1.
    pub sessions: u8,
    /// Most parts of messages a second over all sessions; `None`: as many as the centre takes.
    pub rate: Option<NonZeroU32>,
    /// Parts that may leave at once after a pause.
    pub burst: Option<NonZeroU32>,
    /// What becomes of messages whose outcome nobody knows.
    pub on_unknown: OnUnknown,
    /// How ids in receipts are read.
    pub receipt_id: ReceiptIdMode,
    /// What this centre's statuses mean.
    pub statuses: StatusClasses,
    /// Most parts of a message; `None`: the limit `sms_segments` decides.
    pub max_segments: Option<u8>,
    /// How long a message that names no time may take.
    pub validity: Duration,
}

pub(super) fn segments<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    whole_number(deserializer, 1..=u8::MAX).map(Some)
}

pub(super) fn validity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    duration_between(deserializer, Duration::from_secs(60), day().saturating_mul(30))
}

pub(super) fn resend() -> OnUnknown {
    OnUnknown::Resend
}

pub(super) fn day() -> Duration {
    Duration::from_secs(86_400)
}

pub(super) fn yes() -> bool {
    true
}
