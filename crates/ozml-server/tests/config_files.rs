//! Configurations and secrets on disk.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reads and writes files and fails by panicking, in its helpers too"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use ozml_server::config::{Config, LoadError, SystemSecrets};

const SMPP: &str =
    "[[sms.connection]]\nname = \"a\"\ntype = \"smpp\"\nurl = \"smpp://shop@127.0.0.1:2775\"\n";

/// A folder of its own with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _from_an_earlier_run = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

#[test]
fn a_password_is_read_beside_the_configuration() {
    let text = format!("{SMPP}password_file = \"password\"\n");
    let folder = folder("password", &[("ozml.toml", &text), ("password", "marker\n")]);
    let config = Config::load(&folder.join("ozml.toml")).unwrap().config;
    for (mode, warnings) in [(0o644, 1), (0o640, 0)] {
        fs::set_permissions(folder.join("password"), fs::Permissions::from_mode(mode)).unwrap();
        let resolved = config.resolve(&SystemSecrets).unwrap();
        assert_eq!(resolved.warnings.len(), warnings, "{mode:o}");
        assert_eq!(resolved.connections.len(), 1);
    }
    fs::remove_file(folder.join("password")).unwrap();
    fs::create_dir(folder.join("password")).unwrap();
    let faults = config.resolve(&SystemSecrets).unwrap_err();
    assert!(
        faults[0].message.ends_with("it is no regular file"),
        "{}",
        faults[0]
    );
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let text = format!("{SMPP}password = \"marker-too-long\"\n");
    let folder = folder("faults", &[("ozml.toml", &text)]);
    match Config::load(&folder.join("ozml.toml")) {
        Err(LoadError::Faults { text, faults }) => {
            assert_eq!(faults.len(), 1);
            assert!(!text.text().contains("marker"));
        }
        other => panic!("{other:?}"),
    }
    fs::write(folder.join("latin1.toml"), b"password = \"marker\xe9\"").unwrap();
    let load = |name| Config::load(&folder.join(name)).unwrap_err();
    match load("latin1.toml") {
        LoadError::Text(unreadable) => assert!(!unreadable.source.text().contains("marker")),
        other => panic!("{other:?}"),
    }
    assert!(matches!(load("none.toml"), LoadError::File { .. }));
}
