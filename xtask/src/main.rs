//! Chores of this repository: `cargo xtask ci` and friends.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "chores run programs, take the time and talk to the terminal"
)]

mod asterisk;
mod bench;
mod ci;
mod command;
mod fuzz;
mod mutants;
mod quick_start;
mod stages;
mod tools;
mod tree;

use std::process::ExitCode;

use command::cargo;

const HELP: &str = "\
chores of this repository

  cargo xtask ci               everything a change must pass, stage by stage
  cargo xtask nightly          the same with more cases, kills and fuzzing, then the mutation tests
  cargo xtask fuzz [SECONDS]   runs all fuzz targets at once, 60 seconds where nothing is said
  cargo xtask mutants [I/N]    mutation tests of reader and checker, or the I-th of N parts of them
  cargo xtask bench            runs the benchmarks and prints the lines for BENCHMARKS.md
  cargo xtask asterisk         calls scripts through a real Asterisk; needs root and Debian's packages
  cargo xtask readme           brings the generated parts of README.md up to date
";

/// The fuzz targets alone.
fn fuzz(seconds: u32) -> command::Chore {
    tools::install_fuzz()?;
    fuzz::run(seconds, fuzz::Choices::New)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["ci"] => ci::run(&ci::CHANGE),
        ["nightly"] => ci::run(&ci::NIGHT).and_then(|()| mutants::run(None)),
        ["mutants"] => mutants::run(None),
        ["mutants", shard] => mutants::run(Some(shard)),
        ["fuzz"] => fuzz(60),
        ["fuzz", seconds] => match seconds.parse() {
            Ok(seconds @ 1..) => fuzz(seconds),
            _ => Err(format!("`{seconds}` is no number of seconds from 1")),
        },
        ["bench"] => bench::run(),
        ["asterisk"] => asterisk::run(),
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
