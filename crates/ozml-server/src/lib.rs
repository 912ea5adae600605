//! `ozml serve`: the configuration, the gateway process, the admin listener and the control socket.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the server is where files, sockets and the clock are"
)]

pub mod admin;
pub mod assemble;
pub mod config;
pub mod control;
mod health;
pub mod log;
mod metrics;
pub mod privacy;
pub mod serve;
mod task;
#[cfg(test)]
mod testing;
