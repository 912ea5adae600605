//! SMS behind the Messenger port: alphabets and segmentation, SMPP, GSM modems, the gateway with its durable outbox,
//! a test message centre and a test modem.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "sockets, the clock and hash maps may live in this crate"
)]

mod chance;
pub mod config;
mod cut;
pub mod events;
pub mod gateway;
pub mod gsm;
mod link;
pub mod modem_sim;
pub mod options;
mod share;
pub mod smpp;
pub mod smsc;
pub mod store;
mod stream;
pub mod text;
mod wall;
