//! One command under way.

use super::command::{Command, Information};
use super::result::CommandResult;
use super::resync::Resync;

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// Its final result.
    pub(crate) result: CommandResult,
    /// The lines before it, as far as they are of the answer; behind the header of a message its PDU.
    pub(crate) lines: Vec<String>,
    /// The answer was longer than it may be: its last lines are missing.
    pub(crate) is_cut: bool,
}

impl Reply {
    pub(crate) fn of(result: CommandResult) -> Self {
        Self {
            result,
            lines: Vec::new(),
            is_cut: false,
        }
    }

    /// The first line.
    pub(crate) fn line(&self) -> Option<&str> {
        self.lines.first().map(String::as_str)
    }
}

/// What a command waits for.
#[derive(Debug)]
pub(super) enum Stage {
    /// The prompt before the PDU.
    Prompt,
    /// The final result.
    Result,
    /// The answer to ESC, which need not come.
    Escaped(Resync),
    /// The answer to a question.
    Asking(Resync),
}

/// A command from its first octet to its outcome.
#[derive(Debug)]
pub(super) struct Exchange {
    /// `None`: nothing but getting in step.
    pub(super) command: Option<Command>,
    pub(super) stage: Stage,
    /// Fixed when something is written; nothing that comes in moves it.
    pub(super) deadline: u64,
    /// The PDU was written: from here on the part may be sent, and ESC must not be.
    pub(super) is_out: bool,
    pub(super) reply: Reply,
    octets: usize,
    /// The PDU behind the header of a message is missing yet.
    pub(super) awaits_pdu: bool,
}

impl Exchange {
    pub(super) fn new(command: Option<Command>, stage: Stage, deadline: u64) -> Self {
        Self {
            command,
            stage,
            deadline,
            is_out: false,
            reply: Reply::of(Ok(())),
            octets: 0,
            awaits_pdu: false,
        }
    }

    pub(super) fn information(&self) -> Information {
        let command = self.command.as_ref();
        command.map_or(Information::None, |command| command.information)
    }

    /// Keeps a line of the answer, `longest` octets of them in all; whether it is cut with this line.
    pub(super) fn keep(&mut self, line: String, longest: usize) -> bool {
        if self.reply.is_cut {
            return false;
        }
        self.octets = self.octets.saturating_add(line.len());
        if self.octets > longest {
            self.reply.is_cut = true;
            return true;
        }
        self.reply.lines.push(line);
        false
    }
}
