//! The benchmarks.

use crate::command::{Chore, cargo};

/// Runs every benchmark; each prints its figures and its limits.
pub(crate) fn run() -> Chore {
    cargo("bench --workspace --all-features --locked --bench *").run()
}
