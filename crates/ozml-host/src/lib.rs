//! The ports on a real machine. For now: the clock, ids and files.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "here the real clock is read and files are opened, for everybody else"
)]

mod clock;
mod files;
mod ids;

pub use clock::SystemClock;
pub use files::{FileRoots, RootError};
pub use ids::RandomIds;
