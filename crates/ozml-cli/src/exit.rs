//! Exit codes: part of the contract.

use std::process::ExitCode;

use ozml::engine::Checked;

/// How a command ended, as the shell sees it. Of several the highest counts, `Internal` above all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything in order; warnings alone too.
    Done = 0,
    /// A verb failed, an SMS was not delivered, or an expectation was not met.
    Failed = 1,
    /// Not readable XML, or over a reading limit.
    Unreadable = 2,
    /// Wrong OzML.
    Wrong = 3,
    /// A limit or policy event occurred, even if the script went on.
    Limit = 4,
    /// Wrong usage.
    Usage = 64,
    /// Our own fault.
    Internal = 70,
}

impl Exit {
    /// What checking a script comes to. A document that cannot be read, over a reading limit too, is
    /// [`Unreadable`](Self::Unreadable); a limit that the script alone shows is [`Limit`](Self::Limit).
    pub(crate) fn of_check(checked: &Checked) -> Self {
        if !checked.is_readable() {
            return Self::Unreadable;
        }
        let errors = checked.diagnostics.iter().filter(|fault| fault.is_error());
        let exits = errors.map(|fault| match fault.limit {
            Some(_) => Self::Limit,
            None => Self::Wrong,
        });
        exits.max().unwrap_or(Self::Done)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command that cannot go on: the code, and what to say on standard error.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) exit: Exit,
    pub(crate) text: String,
}

impl Stop {
    /// Wrong usage.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            text: text.into(),
        }
    }

    /// Something that this version does not have.
    pub(crate) fn not_yet(what: &str) -> Self {
        Self::usage(format!("{what} is not available yet in this version"))
    }
}
