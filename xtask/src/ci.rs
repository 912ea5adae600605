//! Everything a change must pass.
//!
//! All stages share one target folder, and the same features, so that nothing is built twice. The bars on
//! crate arrows, file sizes, verbs and README are tests like others (`tests/`).

use crate::command::{Chore, cargo};
use crate::stages::Stages;
use crate::tree::Tree;
use crate::{fuzz, quick_start, tools};

/// How much is tried where more is better.
pub(crate) struct Effort {
    /// Cases of each property, if not the usual number.
    cases: Option<u32>,
    /// How often a process is killed in each loop of kills, if not the usual number of times.
    kills: Option<u32>,
    /// Seeds of the dialogue with a modem, if not the usual number.
    modem_seeds: Option<u32>,
    /// How long the fuzz targets run, all at once.
    fuzz_seconds: u32,
    /// Where their random choices begin.
    fuzz_choices: fuzz::Choices,
}

/// For every change. Fuzzing may take four minutes in all: on two cores where nothing is there yet, cargo-fuzz
/// takes half a minute to install and the targets not two to build.
pub(crate) const CHANGE: Effort = Effort {
    cases: None,
    kills: None,
    modem_seeds: None,
    fuzz_seconds: 75,
    fuzz_choices: fuzz::Choices::TheSame,
};

/// For the night.
pub(crate) const NIGHT: Effort = Effort {
    cases: Some(20_000),
    kills: Some(100),
    modem_seeds: Some(100_000),
    fuzz_seconds: 1_800,
    fuzz_choices: fuzz::Choices::New,
};

/// Runs all stages.
pub(crate) fn run(effort: &Effort) -> Chore {
    let mut stages = Stages::default();
    let tree = Tree::now();
    stages.run("format", || {
        cargo("fmt --all --check").run()?;
        cargo("fmt --manifest-path fuzz/Cargo.toml --check").run()
    })?;
    stages.run("tools", tools::install)?;
    stages.run("licences and sources of dependencies", tools::deny)?;
    stages.run("lints", || {
        cargo("clippy --workspace --all-targets --all-features --locked -- -D warnings").run()
    })?;
    stages.run("build", || {
        cargo("build --release --package ozml-cli --locked").run()
    })?;
    stages.run("peers", tools::peers)?;
    stages.run("tests", || tests(effort))?;
    stages.run("fuzzing", || fuzz::run(effort.fuzz_seconds, effort.fuzz_choices))?;
    stages.run("documentation", || {
        let flags = "--deny warnings";
        cargo("doc --workspace --no-deps --all-features --locked")
            .env("RUSTDOCFLAGS", flags)
            .run()
    })?;
    stages.run("quick start", quick_start::run)?;
    stages.run("nothing changed", || tree.is_unchanged())?;
    stages.report();
    Ok(())
}

/// All tests. Those of the command line take the binary that is built already.
fn tests(effort: &Effort) -> Chore {
    let mut tests = cargo("test --workspace --all-features --locked --no-fail-fast")
        .env("OZML_BIN", quick_start::binary());
    let numbers = [
        ("PROPTEST_CASES", effort.cases),
        ("OZML_KILLS", effort.kills),
        ("OZML_MODEM_SEEDS", effort.modem_seeds),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            tests = tests.env(name, number.to_string());
        }
    }
    tests.run()
}
