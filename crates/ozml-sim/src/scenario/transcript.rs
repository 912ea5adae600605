//! A call as people read it: what was heard, pressed and done, in the order it happened.

use std::fmt::{self, Write as _};

use ozml_engine::{TraceEvent, TraceKind};

/// Lines before and after the one that matters.
const AROUND: usize = 6;

/// The lines of a call, or those around one of them.
#[derive(Debug, Clone)]
pub struct Transcript {
    lines: Vec<(u64, String)>,
}

/// What happened in a run, for people. Steps that say nothing to them are left out.
pub fn transcript(events: &[TraceEvent<'_>]) -> Transcript {
    let line = |event: &TraceEvent<'_>| {
        let shown = shown(&event.kind)?;
        let place = place(event);
        Some((
            event.seq,
            format!("{:>10}  {place:<6}  {shown}", time(event.at_ms)),
        ))
    };
    Transcript {
        lines: events.iter().filter_map(line).collect(),
    }
}

impl Transcript {
    /// The lines around an event, or the last ones; what is left out is marked.
    #[must_use]
    pub fn around(&self, seq: Option<u64>) -> Self {
        let count = self.lines.len();
        let at = seq.and_then(|seq| self.lines.iter().position(|(known, _)| *known >= seq));
        let at = at.unwrap_or(count);
        let begin = at.saturating_sub(AROUND);
        let end = at.saturating_add(AROUND).min(count);
        let mut lines: Vec<_> = self.lines.get(begin..end).unwrap_or_default().to_vec();
        let gap = |lines: usize| (0, format!("{:>10}  ({lines} more)", "..."));
        if begin > 0 {
            lines.insert(0, gap(begin));
        }
        if end < count {
            lines.push(gap(count.saturating_sub(end)));
        }
        Self { lines }
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines
            .iter()
            .try_for_each(|(_, line)| writeln!(f, "{}", line.trim_end()))
    }
}

/// A time of a call in seconds, as far as it has any.
pub(super) fn time(ms: u64) -> String {
    let (seconds, rest) = (ms / 1000, ms % 1000);
    let decimals = format!("{rest:03}");
    match decimals.trim_end_matches('0') {
        "" => format!("{seconds} s"),
        decimals => format!("{seconds}.{decimals} s"),
    }
}

/// The place of an event: line and column, or the number of a document that is not the first.
pub(super) fn place(event: &TraceEvent<'_>) -> String {
    match (event.doc, event.line, event.column) {
        (Some(1) | None, Some(line), Some(column)) => format!("{line}:{column}"),
        (Some(doc), Some(line), Some(column)) => format!("#{doc} {line}:{column}"),
        _ => String::new(),
    }
}

/// An event in words; none for those that only the machine needs.
pub(super) fn shown(kind: &TraceKind<'_>) -> Option<String> {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = match kind {
        TraceKind::CallStarted { caller, called, .. } => {
            let caller = caller.as_deref().unwrap_or("a withheld number");
            write!(text, "call from {caller} to {called}")
        }
        TraceKind::CallRejected { cause } => write!(text, "call refused: {cause}"),
        TraceKind::CallEnded { cause, by, .. } => write!(text, "call ended by {by}: {cause}"),
        TraceKind::RunEnded { outcome } => write!(text, "run ended: {outcome}"),
        TraceKind::VerbFailed {
            verb,
            code,
            text: why,
            ..
        } => write!(text, "{verb} failed: {code} {why}"),
        TraceKind::PromptSpoken { text: words, .. } => write!(text, "spoken {words:?}"),
        TraceKind::PromptPlayed { file } => write!(text, "played {file:?}"),
        TraceKind::PromptCut { key } => write!(text, "cut by key {key}"),
        TraceKind::Beep => write!(text, "beep"),
        TraceKind::Waited { ms } => write!(text, "waited {}", time(*ms)),
        TraceKind::KeyPressed { key } => write!(text, "key {key}"),
        TraceKind::KeysSent { keys } => write!(text, "keys sent: {keys}"),
        TraceKind::InputWaiting => write!(text, "waits for keys"),
        TraceKind::InputCollected { digits } => write!(text, "collected {digits:?}"),
        TraceKind::InputTimeout => write!(text, "no keys in time"),
        TraceKind::SmsAccepted {
            to,
            from,
            text: words,
            ..
        } => {
            let from = from
                .as_ref()
                .map_or_else(String::new, |from| format!(" from {from}"));
            write!(text, "SMS to {to}{from}: {words:?}")
        }
        TraceKind::SmsRefused { to, code, text: why } => write!(text, "SMS to {to} refused: {code} {why}"),
        TraceKind::SmsStatus { state, .. } => write!(text, "SMS {state}"),
        TraceKind::Fetch { url, status, .. } => write!(text, "asked {url}: {status}"),
        TraceKind::Transfer { target, result } => write!(text, "transfer to {target}: {result}"),
        TraceKind::Held => write!(text, "put on hold"),
        TraceKind::Released => write!(text, "taken back"),
        TraceKind::FileMoved { file, to } => write!(text, "{file:?} moved to {to:?}"),
        TraceKind::FileDeleted { file } => write!(text, "{file:?} deleted"),
        TraceKind::MailSent { to, subject } => write!(text, "mail to {to}: {subject:?}"),
        TraceKind::MessageSent {
            connection,
            text: words,
        } => {
            write!(text, "message to {connection}: {words:?}")
        }
        TraceKind::Notify { name, url, .. } => write!(text, "report {name} to {url}"),
        TraceKind::Route { destination, .. } => write!(text, "routed to {destination:?}"),
        TraceKind::Var { name, value } => write!(text, "${name} = {value:?}"),
        TraceKind::Limit { name, value } => write!(text, "limit {name} of {value} reached"),
        TraceKind::Policy { rule, target } => write!(text, "refused by {rule}: {target}"),
        TraceKind::Panic { text: why } => write!(text, "broke down: {why}"),
        TraceKind::Warning { code, text: why } => write!(text, "warning {code}: {why}"),
        _ => return None,
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_decimals_they_need() {
        let shown: Vec<_> = [0, 1000, 1320, 61_005].map(time).into();
        assert_eq!(shown, ["0 s", "1 s", "1.32 s", "61.005 s"]);
    }
}
