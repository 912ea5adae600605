//! The telephone on a terminal: each case runs a command on a pseudo-terminal, types when something has
//! appeared, and says what the screen shows.
//!
//! Clocks and times are replaced. The binary is the one that `OZML_BIN` names; without it, it is built first.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    reason = "a test harness runs programs and fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use ozml_tests::markdown::{Case, cases};
use ozml_tests::pseudo_terminal::{self, Step};
use ozml_tests::{binary, golden, repository, scratch};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let path = if arguments.list {
        String::new()
    } else {
        search_path()
    };
    let path: Arc<str> = path.into();
    let suites = repository::files(&repository::root().join("tests/terminal"), "md");
    let trials = suites.iter().flat_map(|suite| trials(suite, &path)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Where programs are, `ozml` first.
fn search_path() -> String {
    let ozml = binary::path();
    let folder = ozml.parent().expect("the binary lies in a folder");
    let rest = std::env::var("PATH").unwrap_or_default();
    format!("{}:{rest}", folder.display())
}

fn trials(suite: &Path, path: &Arc<str>) -> Vec<Trial> {
    let stem = suite.file_stem().unwrap_or_default().to_string_lossy();
    let trial = |case: Case| {
        let (suite, path) = (suite.to_path_buf(), path.clone());
        let name = format!("{stem}: {}", case.name);
        Trial::test(name.clone(), move || check(&suite, &name, &case, &path))
    };
    cases(&repository::read(suite)).into_iter().map(trial).collect()
}

fn check(suite: &Path, name: &str, case: &Case, path: &str) -> Result<(), Failed> {
    let command = case.block("sh").ok_or("the case has no block `sh`")?;
    let steps: Result<Vec<Step>, String> = case.text("typing").lines().map(Step::read).collect();
    let folder = scratch::folder(&PathBuf::from(env!("CARGO_TARGET_TMPDIR")), name, case);
    let session = pseudo_terminal::run(command.text.trim_end(), &folder, path, &steps?)?;
    let actual = [
        ("snap", timeless(&session.snaps.join("\n"))),
        ("screen", timeless(&session.screen)),
        (
            "sequences",
            session.sequences.iter().map(|one| format!("{one}\n")).collect(),
        ),
        ("exit", format!("{}\n", session.exit)),
    ];
    golden::settle(suite, "terminal", case, &actual)
}

/// The clock `01:23` and the time `12.345 s` at the beginning of rows stand for any.
fn timeless(screen: &str) -> String {
    screen.lines().map(|row| timeless_row(row) + "\n").collect()
}

fn timeless_row(row: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((clock, rest)) = row.split_once("  ")
        && let Some((minutes, seconds)) = clock.split_once(':')
        && digits(minutes)
        && digits(seconds)
    {
        return format!("mm:ss  {rest}");
    }
    match row.split_once(" s  ") {
        Some((time, rest)) if digits(&time.trim_start().replacen('.', "", 1)) => format!("seconds  {rest}"),
        _ => row.to_owned(),
    }
}
