//! The command line as a whole: each case gives a command, and says what it prints and how it ends.
//!
//! The binary is the one that `OZML_BIN` names; without it, it is built first.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    reason = "a test harness runs programs and fails by panicking"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use ozml_tests::markdown::{Case, cases};
use ozml_tests::{binary, golden, repository, scratch};

/// Where the binary is, and where cases may write.
struct Bench {
    folder_of_ozml: PathBuf,
    scratch: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let suites = repository::files(&repository::root().join("tests/cli"), "md");
    let bench = if arguments.list || suites.is_empty() {
        None
    } else {
        Some(Bench::set_up())
    };
    let bench = Arc::new(bench);
    let trials = suites.iter().flat_map(|suite| trials(suite, &bench)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(suite: &Path, bench: &Arc<Option<Bench>>) -> Vec<Trial> {
    let stem = suite
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let trial = |case: Case| {
        let (suite, bench) = (suite.to_path_buf(), bench.clone());
        let name = format!("{stem}: {}", case.name);
        Trial::test(name.clone(), move || match &*bench {
            Some(bench) => bench.check(&suite, &case, &name),
            None => Ok(()),
        })
    };
    cases(&repository::read(suite)).into_iter().map(trial).collect()
}

impl Bench {
    fn set_up() -> Self {
        let ozml = binary::path();
        Self {
            folder_of_ozml: ozml.parent().expect("the binary lies in a folder").to_path_buf(),
            scratch: PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
        }
    }

    fn check(&self, suite: &Path, case: &Case, name: &str) -> Result<(), Failed> {
        let command = case.block("sh").ok_or("the case has no block `sh`")?;
        let output = self.run(
            &command.text,
            case.text("stdin"),
            &scratch::folder(&self.scratch, name, case),
        );
        let actual = [
            ("stdout", String::from_utf8_lossy(&output.stdout).into_owned()),
            ("stderr", String::from_utf8_lossy(&output.stderr).into_owned()),
            ("exit", exit(&output)),
        ];
        golden::settle(suite, "cli", case, &actual)
    }

    fn run(&self, command: &str, stdin: &str, folder: &Path) -> Output {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder_of_ozml.clone()).chain(std::env::split_paths(&path));
        let mut child = Command::new("sh")
            .args(["-c", command])
            .current_dir(folder)
            .env("PATH", std::env::join_paths(folders).expect("a search path"))
            .env_remove("OZML_LOG")
            .env_remove("OZML_SMPP_PASSWORD")
            .env_remove("OZML_MODEM_PIN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut keys = child.stdin.take().expect("standard input is piped");
        // A program that does not read to the end closes its input early.
        let _early = keys.write_all(stdin.as_bytes());
        drop(keys);
        child.wait_with_output().expect("the command ends")
    }
}

fn exit(output: &Output) -> String {
    match output.status.code() {
        Some(code) => format!("{code}\n"),
        None => format!("{}\n", output.status),
    }
}
