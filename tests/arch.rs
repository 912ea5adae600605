//! What may depend on what, where the outside world may be touched, how long a file may be.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "it reads the sources, asks cargo, and fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use ozml_tests::repository::{files, read, root, shown};
use serde_json::Value;

/// Normal dependencies between our crates, and nothing else. A crate that is missing here is refused.
const ARROWS: &[(&str, &[&str])] = &[
    ("ozml-parser", &[]),
    ("ozml-session", &[]),
    ("ozml-dialplan", &["ozml-session"]),
    ("ozml-media", &["ozml-session"]),
    ("ozml-engine", &["ozml-parser", "ozml-session"]),
    ("ozml-verbs", &["ozml-engine", "ozml-parser", "ozml-session"]),
    (
        "ozml-sim",
        &["ozml-engine", "ozml-media", "ozml-parser", "ozml-session"],
    ),
    ("ozml-sms", &["ozml-dialplan", "ozml-session"]),
    ("ozml-host", &["ozml-media", "ozml-session"]),
    ("ozml-server", LIBRARIES),
    ("ozml", LIBRARIES),
    ("ozml-cli", &["ozml"]),
];

const LIBRARIES: &[&str] = &[
    "ozml-dialplan",
    "ozml-engine",
    "ozml-host",
    "ozml-media",
    "ozml-parser",
    "ozml-server",
    "ozml-session",
    "ozml-sim",
    "ozml-sms",
    "ozml-verbs",
];

/// They may depend on everything.
const FREE: &[&str] = &["ozml-examples", "ozml-tests", "xtask"];

/// Crates without runtime, sockets, clock, threads, files and randomness.
const PURE: &[&str] = &[
    "ozml-dialplan",
    "ozml-engine",
    "ozml-media",
    "ozml-parser",
    "ozml-session",
    "ozml-sim",
    "ozml-verbs",
];

/// Libraries that live in some crates only, by the beginning of their names.
const CONFINED: &[(&[&str], &[&str])] = &[
    (&["tokio"], &["ozml-sms", "ozml-host", "ozml-server", "ozml-cli"]),
    (&["clap"], &["ozml-cli"]),
    (
        &["rusqlite", "sqlx", "postgres", "tokio-postgres", "diesel"],
        &["ozml-sms", "ozml-server"],
    ),
];

/// What must not come into a pure crate through any dependency, by the beginning of its name.
const IMPURE: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "mio",
    "socket2",
    "getrandom",
    "rand",
    "clap",
];

const IMPURE_PATHS: &[&str] = &[
    "std::net",
    "std::fs",
    "std::thread",
    "Instant::now",
    "SystemTime::now",
];

fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

fn list<'v>(value: &'v Value, field: &str) -> impl Iterator<Item = &'v Value> {
    value[field].as_array().into_iter().flatten()
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// The packages of the workspace.
fn members(metadata: &Value) -> Vec<&Value> {
    let members: BTreeSet<&str> = list(metadata, "workspace_members")
        .filter_map(Value::as_str)
        .collect();
    list(metadata, "packages")
        .filter(|package| members.contains(text(package, "id")))
        .collect()
}

/// The names of the normal dependencies of a package.
fn normal_dependencies(package: &Value) -> impl Iterator<Item = &str> {
    list(package, "dependencies")
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| text(dependency, "name"))
}

fn begins_with_one_of(name: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| name.starts_with(beginning))
}

#[test]
fn crates_depend_on_each_other_as_drawn() {
    let metadata = metadata();
    for package in members(&metadata) {
        let name = text(package, "name");
        if FREE.contains(&name) {
            continue;
        }
        let arrow = ARROWS.iter().find(|(known, _)| *known == name);
        let (_, allowed) = arrow.unwrap_or_else(|| panic!("`{name}` has no line in ARROWS"));
        for dependency in normal_dependencies(package).filter(|dependency| dependency.starts_with("ozml")) {
            assert!(
                allowed.contains(&dependency),
                "`{name}` must not depend on `{dependency}`"
            );
        }
    }
}

#[test]
fn runtime_arguments_and_sql_live_where_they_may() {
    let metadata = metadata();
    for package in members(&metadata) {
        let name = text(package, "name");
        if FREE.contains(&name) {
            continue;
        }
        for dependency in normal_dependencies(package) {
            for (libraries, homes) in CONFINED {
                let confined = begins_with_one_of(dependency, libraries) && !homes.contains(&name);
                assert!(
                    !confined,
                    "`{name}` must not depend on `{dependency}`, only {homes:?} may"
                );
            }
        }
    }
}

#[test]
fn pure_crates_get_nothing_impure_through_others() {
    let metadata = metadata();
    let names: BTreeMap<&str, &str> = list(&metadata, "packages")
        .map(|package| (text(package, "id"), text(package, "name")))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"], "nodes")
        .map(|node| (text(node, "id"), node))
        .collect();
    for (id, name) in names.iter().filter(|(_, name)| PURE.contains(name)) {
        for reached in closure(&nodes, id) {
            let library = names[reached];
            assert!(
                !begins_with_one_of(library, IMPURE),
                "`{name}` reaches `{library}`"
            );
        }
    }
}

/// All packages that a package reaches by normal dependencies.
fn closure<'v>(nodes: &BTreeMap<&'v str, &'v Value>, id: &'v str) -> BTreeSet<&'v str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        for dependency in list(nodes[id], "deps") {
            let normal = list(dependency, "dep_kinds").any(|kind| kind["kind"].is_null());
            if normal && reached.insert(text(dependency, "pkg")) {
                open.push(text(dependency, "pkg"));
            }
        }
    }
    reached
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    let metadata = metadata();
    for package in members(&metadata) {
        let manifest = Path::new(text(package, "manifest_path"));
        let takes_them = read(manifest).contains("[lints]\nworkspace = true\n");
        assert!(
            takes_them,
            "{} lacks `[lints]` with `workspace = true`",
            shown(manifest)
        );
    }
    let workspace = read(&root().join("Cargo.toml"));
    assert!(workspace.contains("unsafe_code = \"forbid\""));
}

#[test]
fn pure_crates_name_no_clock_file_socket_or_thread() {
    for name in PURE {
        let folder = root().join("crates").join(name).join("src");
        let sources = if folder.is_dir() {
            files(&folder, "rs")
        } else {
            Vec::new()
        };
        for path in sources {
            let source = read(&path);
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                let found = IMPURE_PATHS.iter().find(|path| line.contains(**path));
                assert_eq!(found, None, "{}: {line}", shown(&path));
            }
        }
    }
}

#[test]
fn files_are_short() {
    let mut lengths: Vec<(usize, String)> = files(root(), "rs")
        .iter()
        .map(|path| (read(path).lines().count(), shown(path)))
        .collect();
    lengths.sort();
    let at = |percent: usize| &lengths[(lengths.len() - 1) * percent / 100];
    assert!(
        at(50).0 <= 150,
        "median {:?}, at most 150 lines were expected",
        at(50)
    );
    assert!(
        at(95).0 <= 450,
        "95 of 100 files up to {:?}, at most 450 lines were expected",
        at(95)
    );
    assert!(
        at(100).0 <= 700,
        "longest {:?}, at most 700 lines were expected",
        at(100)
    );
}
