//! Health and metrics over HTTP: `/health/live`, `/health/ready`, `/metrics`, `/status`.
//!
//! There is no log-in, so only this machine is answered unless the configuration says otherwise, and no web page in a
//! browser on this machine: requests must name a loopback host. Nothing here shows numbers, texts or secrets.

mod guard;
mod listener;
mod routes;
#[cfg(test)]
mod tests;

pub use listener::{AdminError, AdminListener};
