//! The ports on a real machine. For now: the clock, ids, files and the web.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "here the real clock is read, files are opened and sockets used, for everybody else"
)]

mod clock;
mod files;
mod ids;
pub mod web;

pub use clock::SystemClock;
pub use files::{FileRoots, RootError};
pub use ids::RandomIds;
