//! The benchmarks.

use crate::command::{Chore, cargo};
use crate::tools;

/// Runs every benchmark; each prints its figures and its limits.
pub(crate) fn run() -> Chore {
    tools::install_modem_programs()?;
    cargo("bench --workspace --all-features --locked --bench *").run()
}
