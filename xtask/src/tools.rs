//! Programs beside the Rust toolchain: found, or installed.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::command::{Chore, Program, cargo, program, root};

/// Looks for every tool and installs what is missing: `cargo-deny` into the target folder, node, npm and
/// `xmllint` from the packages of the system.
pub(crate) fn install() -> Chore {
    if !deny_program().argument("--version").works() {
        // Unoptimised: it is built in half the time and reads a few hundred files.
        cargo("install cargo-deny --version ^0.20 --locked --debug --root target/tools").run()?;
    }
    if !program("npm").argument("--version").works() {
        let why = "node 18 or newer and npm are needed to test against an independent SMPP implementation";
        install_packages("nodejs npm", why)?;
    }
    if !program("xmllint").argument("--version").works() {
        install_packages(
            "libxml2-utils",
            "xmllint is needed to test the XML Schema of the verbs",
        )?;
    }
    println!("cargo-deny, node, npm and xmllint are here");
    Ok(())
}

/// Installs packages of the system where that can be done; `why` says what they are for.
fn install_packages(packages: &str, why: &str) -> Chore {
    let is_root = program("id")
        .argument("-u")
        .output()
        .is_ok_and(|id| id.trim() == "0");
    if !is_root || !program("apt-get").argument("--version").works() {
        return Err(format!("{why}; install that, then run this again"));
    }
    program("apt-get").arguments("update --quiet").run()?;
    program("apt-get")
        .arguments("install --quiet --yes --no-install-recommends")
        .arguments(packages)
        .run()
}

/// Implementations of others that tests talk to.
pub(crate) fn peers() -> Chore {
    program("npm")
        .arguments("ci --no-audit --no-fund")
        .within("tests/interop/smpp-node")
        .run()
}

/// Licences, sources and bans; advisories where a database is on this machine already.
pub(crate) fn deny() -> Chore {
    deny_program().arguments("check bans licenses sources").run()?;
    match advisory_database() {
        Some((folder, days)) => {
            println!("advisories: {} is {days} days old", folder.display());
            deny_program().arguments("--offline check advisories").run()
        }
        None => {
            println!("advisories: not checked, no database here (`cargo deny fetch db` gets one)");
            Ok(())
        }
    }
}

fn deny_program() -> Program {
    let ours = root().join("target/tools/bin/cargo-deny");
    if ours.is_file() {
        program(&ours.to_string_lossy())
    } else {
        cargo("deny")
    }
}

/// The database that `cargo deny` keeps, and its age in days.
fn advisory_database() -> Option<(PathBuf, u64)> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))?;
    ["advisory-dbs", "advisory-db"]
        .iter()
        .find_map(|name| age(&home.join(name)))
}

fn age(folder: &Path) -> Option<(PathBuf, u64)> {
    let newest = std::fs::read_dir(folder).ok()?.flatten();
    let newest = newest
        .filter_map(|entry| entry.metadata().ok()?.modified().ok())
        .max()?;
    let seconds = SystemTime::now().duration_since(newest).ok()?.as_secs();
    Some((folder.to_path_buf(), seconds / 86_400))
}
