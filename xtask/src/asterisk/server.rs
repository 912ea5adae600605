use std::process::Command;

use super::folder;
use super::process::Process;
use crate::command::root;

/// The example `fastagi_session` with all scripts of the cases.
pub(super) struct Server {
    process: Process,
    pub(super) port: u16,
}

impl Server {
    /// Starts it on a free port.
    pub(super) fn start() -> Result<Self, String> {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
        let mut command = Command::new(target.join("debug/examples/fastagi_session"));
        let scripts = std::fs::read_dir(folder().join("scripts")).map_err(|fault| fault.to_string())?;
        command.args(scripts.flatten().map(|entry| entry.path()));
        command.args(["--listen", "127.0.0.1:0"]);
        let mut process = Process::start("the server", command)?;
        let port = process.until(|line| {
            line.strip_prefix("waiting for calls on ")?
                .rsplit(':')
                .next()?
                .parse()
                .ok()
        })?;
        Ok(Self { process, port })
    }

    /// What the trace of the next run tells that the cases compare.
    pub(super) fn trace(&mut self) -> Result<Vec<String>, String> {
        let mut events = Vec::new();
        self.process.until(|line| {
            events.extend(shown(line));
            line.contains("\"kind\":\"run.ended\"").then_some(())
        })?;
        Ok(events)
    }
}

/// Kinds of events and the fields that are compared.
const SHOWN: &[(&str, &[&str])] = &[
    ("call.answered", &[]),
    ("call.rejected", &["cause"]),
    ("call.ended", &["cause", "by"]),
    ("prompt.spoken", &["text"]),
    ("prompt.cut", &["key"]),
    ("beep", &[]),
    ("key.pressed", &["key"]),
    ("input.waiting", &[]),
    ("input.collected", &["digits"]),
    ("verb.finished", &["outcome"]),
    ("run.ended", &["outcome"]),
];

/// An event in a few words; verbs that are simply through are left out.
fn shown(line: &str) -> Option<String> {
    let kind = field(line, "kind")?;
    let (_, fields) = SHOWN.iter().find(|(known, _)| *known == kind)?;
    let values = fields.iter().filter_map(|name| field(line, name));
    let text = std::iter::once(kind).chain(values).collect::<Vec<_>>().join(" ");
    (text != "verb.finished ok").then_some(text)
}

/// The text of a field; none of those that are compared has an escaped character.
fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_shown_in_a_few_words() {
        let event = |rest: &str| format!("{{\"v\":1,\"seq\":2,\"kind\":{rest}}}");
        let key = event("\"key.pressed\",\"key\":\"5\",\"line\":3");
        assert_eq!(shown(&key).as_deref(), Some("key.pressed 5"));
        assert_eq!(
            shown(&event("\"verb.finished\",\"verb\":\"Speak\",\"outcome\":\"ok\"")),
            None
        );
        assert_eq!(shown(&event("\"waited\",\"ms\":5")), None);
    }
}
