//! Verbs that decide what runs next, and when.

mod array;
mod delay;
mod exit;
mod for_each;
mod go_to;
mod sql;
mod var;

pub(crate) use array::ARRAY;
pub(crate) use delay::DELAY;
pub(crate) use exit::EXIT;
pub(crate) use for_each::FOR_EACH;
pub(crate) use go_to::GO_TO;
pub(crate) use sql::SQL;
pub(crate) use var::VAR;
