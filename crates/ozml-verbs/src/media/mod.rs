//! Verbs that are heard.

mod speak;

pub(crate) use speak::SPEAK;
