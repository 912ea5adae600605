//! Verbs that steer the call.

mod hangup;

pub(crate) use hangup::HANGUP;
