//! Verbs that are heard.

mod beep;
mod play;
mod record;
mod speak;

pub(crate) use beep::BEEP;
pub(crate) use play::PLAY;
pub(crate) use record::RECORD;
pub(crate) use speak::SPEAK;
