//! Programs of others, with all of their files in one folder.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

/// A folder that is removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new one with these folders in it.
    pub(crate) fn with(name: &str, folders: &[&str]) -> Self {
        let path = std::env::temp_dir().join(format!("ozml-bench-{name}-{}", std::process::id()));
        for folder in folders {
            fs::create_dir_all(path.join(folder)).unwrap();
        }
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, with `FOLDER` in its text standing for the folder.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text.replace("FOLDER", &self.0.to_string_lossy())).unwrap();
        path
    }

    /// How many files are in a folder in it, without those that lock others.
    pub(crate) fn count(&self, folder: &str) -> usize {
        let files = fs::read_dir(self.0.join(folder)).unwrap().flatten();
        files
            .filter(|file| file.path().extension() != Some(OsStr::new("LOCK")))
            .count()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A daemon that is asked to end when it is dropped.
pub(crate) struct Daemon(Child);

impl Daemon {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(
            quiet(command)
                .spawn()
                .unwrap_or_else(|fault| missing(command, &fault)),
        )
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It ends its children itself, so it is not killed outright.
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _ = self.0.wait();
    }
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) {
    let status = quiet(command)
        .status()
        .unwrap_or_else(|fault| missing(command, &fault));
    assert!(status.success(), "{command:?}: {status}");
}

fn quiet(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

#[expect(clippy::panic, reason = "a benchmark may fail")]
fn missing<T>(command: &Command, fault: &std::io::Error) -> T {
    panic!(
        "{}: {fault}; install it, or name the parts to run",
        command.get_program().display()
    )
}
