//! The configuration that a command names.

use ozml::parser::{Diagnostic, Source, render};
use ozml::server::config::LoadError;

use crate::exit::{Exit, Stop};
use crate::output::{Output, complain};

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
