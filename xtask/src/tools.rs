//! Programs beside the Rust toolchain: found, or installed.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::command::{Chore, Program, cargo, program, root};

/// Looks for every tool and installs what is missing: cargo's into the target folder, all others from
/// the packages of the system.
pub(crate) fn install() -> Chore {
    install_for_cargo("cargo-deny", "deny", "^0.20")?;
    install_fuzz()?;
    if !program("npm").argument("--version").works() {
        let why = "node 18 or newer and npm are needed to test against an independent SMPP implementation";
        install_packages("nodejs npm", why)?;
    }
    if !program("python3").arguments("-m pip --version").works() {
        let why = "python3 with pip is needed to play recordings of modems";
        install_packages("python3 python3-pip", why)?;
    }
    if !program("xmllint").argument("--version").works() {
        install_packages(
            "libxml2-utils",
            "xmllint is needed to test the XML Schema of the verbs",
        )?;
    }
    install_modem_programs()?;
    println!("cargo-deny, cargo-fuzz, a C++ compiler, node, npm, pip, xmllint, gammu and smstools are here");
    Ok(())
}

/// The same for `cargo-fuzz` alone, and for the C++ compiler that builds the fuzzer it links.
pub(crate) fn install_fuzz() -> Chore {
    if !program("c++").argument("--version").works() {
        install_packages("g++", "a C++ compiler is needed to build the fuzz targets")?;
    }
    install_for_cargo("cargo-fuzz", "fuzz", "^0.13")
}

/// The same for programs that send by modems, which the benchmark needs as well.
pub(crate) fn install_modem_programs() -> Chore {
    let found = "command -v gammu && command -v gammu-smsd && command -v smsd";
    if program("sh").argument("-c").argument(found).works() {
        return Ok(());
    }
    let why = "gammu and smstools are needed to test the modem emulator, and to measure beside them";
    install_packages("gammu gammu-smsd smstools", why)
}

/// Looks for a caller and for the maker of small Debian systems, and installs what is missing.
pub(crate) fn install_telephony() -> Chore {
    let found = "command -v sipp && command -v mmdebstrap";
    if program("sh").argument("-c").argument(found).works() {
        return Ok(());
    }
    let why = "SIPp and mmdebstrap are needed to call through a real Asterisk";
    install_packages("sip-tester mmdebstrap", why)
}

/// The same for `cargo-mutants`, which only the night needs.
pub(crate) fn install_mutants() -> Chore {
    install_for_cargo("cargo-mutants", "mutants", "^27")
}

/// Installs a subcommand of cargo unless it is there.
fn install_for_cargo(package: &str, subcommand: &str, version: &str) -> Chore {
    if installed(package, subcommand).argument("--version").works() {
        return Ok(());
    }
    // Unoptimised: it is built in half the time and has little to do itself.
    cargo("install --locked --debug --root target/tools --version")
        .argument(version)
        .argument(package)
        .run()
}

/// A subcommand of cargo: ours where we installed it.
pub(crate) fn installed(package: &str, subcommand: &str) -> Program {
    let ours = root().join("target/tools/bin").join(package);
    if ours.is_file() {
        program(&ours.to_string_lossy()).argument(subcommand)
    } else {
        cargo(subcommand)
    }
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
        .run()?;
    program("sh")
        .argument("tests/interop/modem-models/fetch.sh")
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
    installed("cargo-deny", "deny")
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
