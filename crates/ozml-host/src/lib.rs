//! The ports on a real machine. For now: the clock and ids.
#![allow(
    clippy::disallowed_methods,
    reason = "here the real clock is read, for everybody else"
)]

mod clock;
mod ids;

pub use clock::SystemClock;
pub use ids::RandomIds;
