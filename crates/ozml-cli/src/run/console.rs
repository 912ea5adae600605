//! The call as a person follows it: one line for each thing that happens.

use std::io::Write as _;

use ozml::engine::{TraceEvent, TraceKind, TraceSink};

use crate::output::{Output, shown};

/// Prints the events of a run that a person wants to see.
pub(crate) struct Console {
    output: Output,
    color: bool,
    to_stderr: bool,
    line_end: &'static str,
}

impl Console {
    /// To standard error when standard output carries the trace; a raw terminal wants its own line ends.
    pub(crate) fn new(output: Output, to_stderr: bool, raw: bool) -> Self {
        let color = if to_stderr {
            output.color_stderr
        } else {
            output.color_stdout
        };
        Self {
            output,
            color,
            to_stderr,
            line_end: if raw { "\r\n" } else { "\n" },
        }
    }

    fn line(&self, event: &TraceEvent<'_>) -> Option<(&'static str, String)> {
        let line = match &event.kind {
            TraceKind::CallStarted { caller, called, .. } => (
                "call",
                format!(
                    "from {} to {called}",
                    caller.as_deref().unwrap_or("a withheld number")
                ),
            ),
            TraceKind::CallAnswered => ("answered", String::new()),
            TraceKind::CallRejected { cause } => ("rejected", format!("not answered ({cause})")),
            TraceKind::CallEnded { cause, by, .. } => ("ended", format!("by {} ({cause})", party(by))),
            TraceKind::VerbStarted { verb } if self.output.verbose => {
                ("verb", format!("{verb}{}", place(event)))
            }
            TraceKind::VerbFailed {
                verb,
                code,
                name,
                text,
            } => (
                "failed",
                format!("{verb}{}: {text} ({code} {name})", place(event)),
            ),
            TraceKind::PromptSpoken { text, language } => ("says", spoken(text, language.as_deref())),
            TraceKind::PromptPlayed { file } => ("plays", file.to_string()),
            TraceKind::PromptCut { key } => ("cut", format!("by key {key}")),
            TraceKind::Beep => ("beep", String::new()),
            TraceKind::Waited { ms } => ("waited", seconds(*ms)),
            TraceKind::KeyPressed { key } => ("key", key.to_string()),
            TraceKind::InputWaiting => ("listens", String::new()),
            TraceKind::SmsAccepted {
                id,
                to,
                from,
                text,
                segments,
            } => ("sms", accepted(id, to, from.as_deref(), text, *segments)),
            TraceKind::SmsRefused { to, code, text } => ("refused", format!("sms to {to}: {text} ({code})")),
            TraceKind::SmsStatus { id, state, reason } => ("status", status(id, state, reason.as_deref())),
            TraceKind::Held => ("held", String::new()),
            TraceKind::Released => ("released", String::new()),
            TraceKind::Limit { name, value } => ("limit", format!("`{name}` of {value} is reached")),
            TraceKind::Policy { rule, target } => ("policy", format!("{target} is refused by `{rule}`")),
            TraceKind::Panic { text } => ("panic", text.to_string()),
            TraceKind::Warning { text, .. } => ("warning", format!("{text}{}", place(event))),
            _ => return None,
        };
        Some(line)
    }
}

impl TraceSink for Console {
    fn record(&self, event: &TraceEvent<'_>) {
        let Some((label, text)) = self.line(event) else {
            return;
        };
        if self.output.quiet && label == "warning" {
            return;
        }
        let time = seconds(event.at_ms);
        let line = match self.color {
            true => format!(
                "\x1b[2m{time:>9}\x1b[0m  \x1b[{}m{label:<8}\x1b[0m  {}",
                color(label),
                shown(&text)
            ),
            false => format!("{time:>9}  {label:<8}  {}", shown(&text)),
        };
        let line = format!("{}{}", line.trim_end(), self.line_end);
        // A closed pipe is no fault of ours: what reads has read enough.
        let _ = match self.to_stderr {
            true => std::io::stderr().lock().write_all(line.as_bytes()),
            false => std::io::stdout().lock().write_all(line.as_bytes()),
        };
    }
}

fn color(label: &str) -> &'static str {
    match label {
        "failed" | "refused" | "limit" | "policy" | "panic" => "31",
        "warning" => "33",
        "says" | "plays" | "beep" => "32",
        "sms" | "status" => "36",
        _ => "1",
    }
}

fn party(by: &str) -> String {
    match by {
        "limit" => "a limit".to_owned(),
        by => format!("the {by}"),
    }
}

fn spoken(text: &str, language: Option<&str>) -> String {
    match language {
        Some(language) => format!("[{language}] {text}"),
        None => text.to_owned(),
    }
}

fn accepted(id: &str, to: &str, from: Option<&str>, text: &str, segments: u8) -> String {
    let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
    let parts = if segments == 1 {
        String::new()
    } else {
        format!(", {segments} parts")
    };
    format!("to {to}{from}: {text}  (accepted{parts}, {id})")
}

fn status(id: &str, state: &str, reason: Option<&str>) -> String {
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("sms {id} {state}{reason}")
}

fn place(event: &TraceEvent<'_>) -> String {
    match (event.doc, event.line) {
        (Some(1) | None, Some(line)) => format!(" (line {line})"),
        (Some(doc), Some(line)) => format!(" (document {doc}, line {line})"),
        _ => String::new(),
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03} s", ms / 1000, ms % 1000)
}
