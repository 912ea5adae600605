//! Chores of this repository: `cargo xtask ci` and friends.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "chores run programs, take the time and talk to the terminal"
)]

mod bench;
mod ci;
mod command;
mod quick_start;
mod stages;
mod tools;
mod tree;

use std::process::ExitCode;

use command::cargo;

const HELP: &str = "\
chores of this repository

  cargo xtask ci        everything a change must pass, stage by stage
  cargo xtask nightly   the same with more cases for the property tests
  cargo xtask bench     runs the benchmarks and prints the lines for BENCHMARKS.md
  cargo xtask readme    brings the generated parts of README.md up to date
";

/// Cases of each property in a nightly run; 256 otherwise.
const NIGHTLY_CASES: u32 = 20_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["ci"] => ci::run(None),
        ["nightly"] => ci::run(Some(NIGHTLY_CASES)),
        ["bench"] => bench::run(),
        ["readme"] => cargo("test --quiet --package ozml-tests --test readme")
            .env("OZML_BLESS", "1")
            .run(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("`{}` is no chore\n\n{HELP}", other.join(" "))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault}");
            ExitCode::FAILURE
        }
    }
}
