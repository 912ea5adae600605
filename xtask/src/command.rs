//! Programs that a chore runs, always in the root of the repository.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

/// What went wrong, for the person at the terminal.
pub(crate) type Chore = Result<(), String>;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where everything is built.
pub(crate) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program and its arguments.
pub(crate) struct Program {
    command: Command,
    shown: String,
}

/// cargo with arguments that are parted by blanks.
pub(crate) fn cargo(arguments: &str) -> Program {
    program("cargo").arguments(arguments)
}

/// A program without arguments.
pub(crate) fn program(name: &str) -> Program {
    let mut command = Command::new(name);
    command.current_dir(root());
    // What cargo tells this program about itself would look to its build scripts like a change.
    for (variable, _) in std::env::vars_os() {
        let text = variable.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&variable);
        }
    }
    Program {
        command,
        shown: name.to_owned(),
    }
}

impl Program {
    /// Adds arguments that are parted by blanks.
    pub(crate) fn arguments(mut self, arguments: &str) -> Self {
        for argument in arguments.split_whitespace() {
            self = self.argument(argument);
        }
        self
    }

    /// Adds one argument, blanks and all.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self.shown = format!("{} {argument}", self.shown);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs in a folder below the root.
    pub(crate) fn within(mut self, folder: &str) -> Self {
        self.command.current_dir(root().join(folder));
        self
    }

    /// Runs it; its output goes to the terminal.
    pub(crate) fn run(mut self) -> Chore {
        ended(&self.shown, self.command.status())
    }

    /// Starts it; its output goes to a file.
    pub(crate) fn start(mut self, log: &Path) -> Result<Started, String> {
        let file = File::create(log).and_then(|file| Ok((file.try_clone()?, file)));
        let (output, errors) = file.map_err(|fault| format!("{}: {fault}", log.display()))?;
        let child = self.command.stdout(output).stderr(errors).spawn();
        let child = child.map_err(|fault| format!("`{}` cannot be run: {fault}", self.shown))?;
        Ok(Started {
            child,
            shown: self.shown,
        })
    }

    /// Runs it; its output is shown only when it fails.
    pub(crate) fn quietly(mut self) -> Chore {
        match self.command.output() {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => {
                let said = [output.stdout, output.stderr].concat();
                let said = String::from_utf8_lossy(&said);
                Err(format!("`{}` failed: {}\n{said}", self.shown, output.status))
            }
            Err(fault) => Err(format!("`{}` cannot be run: {fault}", self.shown)),
        }
    }

    /// Runs it and gives what it writes to standard output.
    pub(crate) fn output(mut self) -> Result<String, String> {
        let output = self.command.stderr(Stdio::inherit()).output();
        match output {
            Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            Ok(output) => Err(format!("`{}` failed: {}", self.shown, output.status)),
            Err(fault) => Err(format!("`{}` cannot be run: {fault}", self.shown)),
        }
    }

    /// Whether it can be run at all.
    pub(crate) fn works(mut self) -> bool {
        let quiet = self.command.stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    }
}

/// A program that runs.
pub(crate) struct Started {
    child: Child,
    shown: String,
}

impl Started {
    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Chore {
        ended(&self.shown, self.child.wait())
    }
}

fn ended(shown: &str, status: std::io::Result<ExitStatus>) -> Chore {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` failed: {status}")),
        Err(fault) => Err(format!("`{shown}` cannot be run: {fault}")),
    }
}
