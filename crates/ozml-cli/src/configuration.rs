//! The configuration that a command names.

use std::path::Path;

use ozml::parser::{Diagnostic, Source, render};
use ozml::server::config::{Config, LoadError};

use crate::exit::{Exit, Stop};
use crate::output::{Output, complain};

/// A configuration, and its text without secrets.
pub(crate) struct Loaded {
    pub(crate) config: Config,
    source: Source,
}

impl Loaded {
    /// Reads it; faults and warnings are shown.
    pub(crate) fn read(path: &Path, output: Output) -> Result<Self, Stop> {
        match Config::load(path) {
            Ok(read) => {
                let loaded = Self {
                    config: read.config,
                    source: read.source,
                };
                loaded.warn(&read.warnings, output);
                Ok(loaded)
            }
            Err(fault) => Err(unusable(fault, output)),
        }
    }

    /// Shows warnings.
    pub(crate) fn warn(&self, warnings: &[Diagnostic], output: Output) {
        if !output.quiet {
            show(warnings, &self.source, output);
        }
    }

    /// What was found when it was to be used.
    pub(crate) fn faulty(&self, faults: &[Diagnostic], output: Output) -> Stop {
        show(faults, &self.source, output);
        Stop {
            exit: Exit::Wrong,
            text: format!("`{}` cannot be used", self.source.name()),
        }
    }
}

/// A command that did not come to a good end.
pub(crate) fn failed(text: &str) -> Stop {
    Stop {
        exit: Exit::Failed,
        text: text.to_owned(),
    }
}

/// Why a configuration cannot be used; its faults are shown.
pub(crate) fn unusable(fault: LoadError, output: Output) -> Stop {
    let text = fault.to_string();
    let exit = match fault {
        LoadError::Faults { text, faults } => {
            show(&faults, &text, output);
            Exit::Wrong
        }
        LoadError::Text(unreadable) => {
            show(&[unreadable.diagnostic], &unreadable.source, output);
            Exit::Unreadable
        }
        _ => Exit::Usage,
    };
    Stop { exit, text }
}

fn show(diagnostics: &[Diagnostic], source: &Source, output: Output) {
    if !diagnostics.is_empty() {
        complain(&render(diagnostics, source, output.stderr_style()));
    }
}
