//! The program `ozml` as tests run it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::repository;

/// The absolute path of the binary: the one that `OZML_BIN` names, or one that is built now.
///
/// # Panics
/// When there is none, or it cannot be built.
pub fn path() -> PathBuf {
    let path = std::env::var_os("OZML_BIN").map_or_else(built, PathBuf::from);
    fs::canonicalize(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// Builds the binary and asks cargo where it is.
fn built() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--package=ozml-cli", "--message-format=json"])
        .current_dir(repository::root())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "`ozml` cannot be built");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo names the binary")
}
