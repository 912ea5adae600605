//! The SMS gateway: a durable outbox behind the port [`Messenger`](ozml_session::Messenger), routes and policy before
//! it, and connections to message centres that never give up.
//!
//! `outbox`, `supervisor`, `throttle`, `receipts` and `incoming` are pure; `runtime` is the one module that knows tokio.

mod config;
mod incoming;
mod modems;
mod outbox;
mod pins;
mod plan;
mod receipts;
mod report;
mod runtime;
mod service;
mod supervisor;
mod throttle;
mod transport;

pub use config::{ConnectionConfig, QueueLimits};
pub use incoming::received;
pub use modems::ModemStatus;
pub use outbox::counters::{Counters, LATENCY_BOUNDS};
pub use outbox::{ConnectionStatus, QueueStatus};
pub use plan::{GatewayRules, Planner, SendOptions};
pub use receipts::ReceiptIdMode;
pub use runtime::GatewayStatus;
pub use service::{GatewayConfig, GatewayPorts, SmsGateway};
pub use transport::Transport;

pub(crate) use crate::link::{PartToken, SessionId};
