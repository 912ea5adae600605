//! Verbs that decide what runs next, and when.

mod delay;
mod exit;

pub(crate) use delay::DELAY;
pub(crate) use exit::EXIT;
