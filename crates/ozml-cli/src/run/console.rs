//! The call as a person follows it where lines only come one after the other: in a pipe, in a file, on a dumb
//! terminal.

use std::io::Write as _;

use ozml::engine::{TraceEvent, TraceKind, TraceSink};

use crate::output::{Output, shown};
use crate::run::lines::{Line, line, seconds};
use crate::run::telephone::offers;

/// Prints the events of a run that a person wants to see, one line each.
pub(crate) struct Console {
    output: Output,
    color: bool,
    to_stderr: bool,
    /// Whether somebody sits at a terminal that gives single keys, and wants its own line ends.
    raw: bool,
}

impl Console {
    /// To standard error when standard output carries the trace. `raw`: at a terminal that gives single keys.
    pub(crate) fn new(output: Output, color: bool, to_stderr: bool, raw: bool) -> Self {
        Self {
            output,
            color,
            to_stderr,
            raw,
        }
    }

    /// Prints one line on standard error, beside what happens in the call.
    pub(crate) fn note(&self, text: &str) {
        let _ = std::io::stderr()
            .lock()
            .write_all(format!("{text}{}", self.line_end()).as_bytes());
    }

    fn line_end(&self) -> &'static str {
        if self.raw { "\r\n" } else { "\n" }
    }

    /// What the keypad offers, for somebody who has it in hand.
    fn keypad(&self, kind: &TraceKind<'_>) -> Option<Line> {
        match kind {
            TraceKind::InputStarted { keys, back, awaited } if self.raw => {
                Some(Line::new("keypad", offers(keys, *back, *awaited)))
            }
            _ => None,
        }
    }

    fn laid_out(&self, at_ms: u64, line: &Line) -> String {
        let (time, label, text) = (seconds(at_ms), line.label, shown(&line.text));
        let row = match self.color {
            true => format!(
                "\x1b[2m{time:>9}\x1b[0m  \x1b[{}m{label:<8}\x1b[0m  {text}",
                line.color()
            ),
            false => format!("{time:>9}  {label:<8}  {text}"),
        };
        format!("{}{}", row.trim_end(), self.line_end())
    }
}

impl TraceSink for Console {
    fn record(&self, event: &TraceEvent<'_>) {
        let Some(line) = self
            .keypad(&event.kind)
            .or_else(|| line(event, self.output.verbose))
        else {
            return;
        };
        if self.output.quiet && line.label == "warning" {
            return;
        }
        write(self.to_stderr, &self.laid_out(event.at_ms, &line));
    }
}

/// Writes what the call shows. A closed pipe is no fault of ours: what reads has read enough.
pub(crate) fn write(to_stderr: bool, text: &str) {
    let _ = match to_stderr {
        true => std::io::stderr().lock().write_all(text.as_bytes()),
        false => {
            let mut stdout = std::io::stdout().lock();
            stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
        }
    };
}
