//! The gateway against a test centre in the same process: what was accepted, what arrived, what came twice, and how fast.
//! `cargo bench -p ozml-sms --bench gateway [NAME…]`; `OZML_BENCH_STORE` names another folder for the stores.
//!
//! Each part prints a line of JSON with its counts. The process fails when a message is lost, when more are
//! repeated than the windows held at the cuts, or when a repeated one is not marked as a possible duplicate.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark takes the time, prints and may fail"
)]

#[path = "../support/asked.rs"]
mod asked;
mod bench;
mod counts;
mod cut;
mod durable;
mod idle;
mod poison;
#[path = "../support/processor.rs"]
mod processor;
#[path = "../support/raw_flush.rs"]
mod raw_flush;
mod receipts;
mod send;
#[path = "../support/stores.rs"]
mod stores;
#[path = "../../tests/support/mod.rs"]
mod support;
mod throttled;

use std::process::ExitCode;

use asked::asked;
use bench::Bench;

const NAMES: [&str; 6] = ["durable", "throttled", "cut", "receipts", "poison", "idle"];

fn main() -> ExitCode {
    if let Some(role) = idle::Child::of_this_process() {
        idle::run_child(role);
        return ExitCode::SUCCESS;
    }
    let Some(names) = asked(&NAMES) else {
        return ExitCode::FAILURE;
    };
    let mut bench = Bench::new();
    let runtime = support::threads(2);
    for name in names {
        println!("\n== {name}");
        runtime.block_on(run(name, &mut bench));
    }
    bench.end()
}

async fn run(name: &str, bench: &mut Bench) {
    match name {
        "durable" => durable::run(bench).await,
        "throttled" => throttled::run(bench).await,
        "cut" => cut::run(bench).await,
        "receipts" => receipts::run(bench).await,
        "poison" => poison::run(bench).await,
        _ => idle::run(bench).await,
    }
}
