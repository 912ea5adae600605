//! Verbs that work on files.

mod delete_file;
mod move_file;

pub(crate) use delete_file::DELETE_FILE;
pub(crate) use move_file::MOVE_FILE;
