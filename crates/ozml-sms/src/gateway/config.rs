//! What a gateway is told.

use std::time::Duration;

use ozml_dialplan::OnUnknown;
use ozml_session::ConnectionName;

use super::receipts::ReceiptIdMode;
use super::transport::Transport;
use crate::smpp::StatusClasses;

/// One connection to a message centre, or a pool of modems: several sessions that share a line of messages.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConnectionConfig {
    /// Its name in routes, logs and metrics.
    pub name: ConnectionName,
    /// Where it goes, and how messages are wanted there.
    pub transport: Transport,
    /// Sessions at once, from 1. Modems are one session a port, whatever stands here.
    pub sessions: u16,
    /// Most parts a second over all sessions; `None`: as the centre allows.
    pub rate: Option<f64>,
    /// Parts that may go at once after a silence, where there is a rate.
    pub burst: f64,
    /// What is done with a message of which nobody can tell whether it was sent, where neither it nor its
    /// route says so.
    pub on_unknown: OnUnknown,
    /// How ids in receipts of a message centre are written.
    pub receipt_id: ReceiptIdMode,
    /// What is done about which status of a message centre.
    pub classes: StatusClasses,
    /// How long a message is worth sending that this connection takes first, where neither the message nor
    /// its route says so; `None`: as the rules of the gateway say.
    pub validity: Option<Duration>,
    /// Most parts of a message that this connection takes first; `None`: as the message says.
    pub max_segments: Option<u8>,
}

impl ConnectionConfig {
    /// One session, no rate, receipts matched by themselves.
    pub fn new(name: ConnectionName, transport: impl Into<Transport>) -> Self {
        Self {
            name,
            transport: transport.into(),
            sessions: 1,
            rate: None,
            burst: 1.0,
            on_unknown: OnUnknown::Resend,
            receipt_id: ReceiptIdMode::default(),
            classes: StatusClasses::default(),
            validity: None,
            max_segments: None,
        }
    }
}

/// Bounds of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueueLimits {
    /// Messages that have not ended (limit `queue_messages`); more are refused.
    pub messages: usize,
    /// Bytes of their texts (limit `queue_bytes`); more are refused.
    pub bytes: u64,
    /// Messages that came in and nobody took yet; more are left to their centres.
    pub received: u64,
}

impl Default for QueueLimits {
    /// 1,000,000 messages, 4 GiB; 100,000 that came in.
    fn default() -> Self {
        Self {
            messages: 1_000_000,
            bytes: 4 * 1024 * 1024 * 1024,
            received: 100_000,
        }
    }
}
