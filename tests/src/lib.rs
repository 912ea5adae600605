//! Shared parts of the test suites: markdown suites, their expected blocks, a simulated call.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test harness reads files and fails by panicking"
)]

pub mod binary;
pub mod golden;
pub mod markdown;
pub mod program;
pub mod pseudo_terminal;
pub mod repository;
pub mod scenario;
pub mod scenario_files;
pub mod scratch;
pub mod setting;
pub mod simulation;
pub mod trace_text;
pub mod world;
