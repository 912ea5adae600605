//! The `ozml` command.
fn main() {}
