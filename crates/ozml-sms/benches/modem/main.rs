//! What sending by a modem costs beside what the modem itself takes: our gateway, smstools3 and gammu, each on the
//! emulator without delays, in one run. `cargo bench -p ozml-sms --bench modem [NAME…]`; `OZML_BENCH_STORE` names
//! another folder for the stores. smstools3 and gammu have to be installed where they are asked for.
//!
//! Each prints a line of JSON. The process fails when a message is lost or comes twice, or when ours takes more than
//! its bar.

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
mod figure;
mod gammu;
mod modem;
mod ours;
mod program;
mod raw;
#[path = "../support/raw_flush.rs"]
mod raw_flush;
mod smstools;
#[path = "../support/stores.rs"]
mod stores;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::process::ExitCode;

use asked::asked;
use figure::Figures;
use ozml_sms::store::Mode;
use stores::Stores;

/// Messages by ours, and by each of the others, which pause between commands: 200 would take them half an hour and give
/// the same figures.
const MESSAGES: u32 = 200;
const FEW: u32 = 20;
const NAMES: [&str; 5] = ["ours", "ours-memory", "smstools", "gammu-smsd", "gammu"];

fn main() -> ExitCode {
    let Some(names) = asked(&NAMES) else {
        return ExitCode::FAILURE;
    };
    println!("{}", figure::machine());
    let stores = Stores::new();
    raw_flush::raw_flushes(&stores.folder);
    let runtime = support::threads(2);
    let figures = runtime.block_on(async {
        let mut figures = Figures::beside(raw::run(MESSAGES).await);
        for name in names {
            figures.add(match name {
                "ours" => ours::run(&stores, Mode::Sync, MESSAGES).await,
                "ours-memory" => ours::run(&stores, Mode::Memory, MESSAGES).await,
                "smstools" => smstools::run(FEW).await,
                "gammu-smsd" => gammu::run_daemon(FEW).await,
                _ => gammu::run_each(FEW).await,
            });
        }
        figures
    });
    stores.remove();
    figures.judge()
}
