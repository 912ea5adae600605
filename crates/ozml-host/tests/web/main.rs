//! The web client against servers on loopback: honest ones, hostile ones, and one that must never be reached.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "tests fail by panicking, and listen on sockets"
)]

mod addresses;
mod hostile;
mod redirects;
mod reports;
mod requests;
mod server;
