//! The events of a run in words: a label and what there is to say.

use ozml::engine::{TraceEvent, TraceKind};

/// A line that a person wants to see, before it is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) label: &'static str,
    pub(crate) text: String,
}

impl Line {
    pub(crate) fn new(label: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { label, text }
    }

    /// The colour of the label (ECMA-48 SGR).
    pub(crate) fn color(&self) -> &'static str {
        match self.label {
            "failed" | "refused" | "limit" | "policy" | "panic" => "31",
            "warning" => "33",
            "says" | "plays" | "beep" => "32",
            "sms" | "status" => "36",
            _ => "1",
        }
    }
}

/// What is to be said of an event, if anything; verbs and variables only when it is to be `verbose`.
pub(crate) fn line(event: &TraceEvent<'_>, verbose: bool) -> Option<Line> {
    of_call(event)
        .or_else(|| of_sound_and_keys(&event.kind))
        .or_else(|| of_sms(&event.kind))
        .or_else(|| of_script(event, verbose))
}

fn of_call(event: &TraceEvent<'_>) -> Option<Line> {
    Some(match &event.kind {
        TraceKind::CallStarted { caller, called, .. } => {
            let caller = caller.as_deref().unwrap_or("a withheld number");
            Line::new("call", format!("from {caller} to {called}"))
        }
        TraceKind::CallAnswered => Line::new("answered", ""),
        TraceKind::CallRejected { cause } => Line::new("rejected", format!("not answered ({cause})")),
        TraceKind::CallEnded { cause, by, .. } => Line::new("ended", format!("by {} ({cause})", party(by))),
        TraceKind::Held => Line::new("held", ""),
        TraceKind::Released => Line::new("released", ""),
        _ => return None,
    })
}

fn of_sound_and_keys(kind: &TraceKind<'_>) -> Option<Line> {
    Some(match kind {
        TraceKind::PromptSpoken { text, language } => Line::new("says", spoken(text, language.as_deref())),
        TraceKind::PromptPlayed { file } => Line::new("plays", &**file),
        TraceKind::PromptCut { key } => Line::new("cut", format!("by key {key}")),
        TraceKind::Beep => Line::new("beep", ""),
        TraceKind::Waited { ms } => Line::new("waited", seconds(*ms)),
        TraceKind::KeyPressed { key } => Line::new("key", *key),
        TraceKind::InputWaiting => Line::new("listens", ""),
        TraceKind::InputCollected { digits } => Line::new("entered", &**digits),
        TraceKind::InputTimeout => Line::new("timeout", "no key in time"),
        _ => return None,
    })
}

fn of_sms(kind: &TraceKind<'_>) -> Option<Line> {
    Some(match kind {
        TraceKind::SmsAccepted {
            id,
            to,
            from,
            text,
            segments,
        } => Line::new("sms", accepted(id, to, from.as_deref(), text, *segments)),
        TraceKind::SmsRefused { to, code, text } => {
            Line::new("refused", format!("sms to {to}: {text} ({code})"))
        }
        TraceKind::SmsStatus { id, state, reason } => {
            let reason = reason
                .as_ref()
                .map(|reason| format!(": {reason}"))
                .unwrap_or_default();
            Line::new("status", format!("sms {id} {state}{reason}"))
        }
        _ => return None,
    })
}

fn of_script(event: &TraceEvent<'_>, verbose: bool) -> Option<Line> {
    Some(match &event.kind {
        TraceKind::VerbStarted { verb } if verbose => Line::new("verb", format!("{verb}{}", place(event))),
        TraceKind::Var { name, value } if verbose => Line::new("var", format!("{name} = {value}")),
        TraceKind::VerbFailed {
            verb,
            code,
            name,
            text,
        } => Line::new(
            "failed",
            format!("{verb}{}: {text} ({code} {name})", place(event)),
        ),
        TraceKind::Fetch {
            method, url, status, ..
        } => Line::new("asks", format!("{method} {url} ({})", answered(*status))),
        TraceKind::DocLoaded { url, .. } => Line::new("script", loaded(event.doc, url)),
        TraceKind::Limit { name, value } => Line::new("limit", format!("`{name}` of {value} is reached")),
        TraceKind::Policy { rule, target } => Line::new("policy", format!("{target} is refused by `{rule}`")),
        TraceKind::Panic { text } => Line::new("panic", &**text),
        TraceKind::Warning { text, .. } => Line::new("warning", format!("{text}{}", place(event))),
        _ => return None,
    })
}

fn party(by: &str) -> String {
    match by {
        "limit" => "a limit".to_owned(),
        by => format!("the {by}"),
    }
}

/// What is heard of a spoken text.
pub(crate) fn spoken(text: &str, language: Option<&str>) -> String {
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

fn answered(status: u16) -> String {
    match status {
        0 => "no answer".to_owned(),
        status => status.to_string(),
    }
}

fn loaded(doc: Option<u32>, url: &str) -> String {
    match doc {
        Some(doc) => format!("document {doc} from {url}"),
        None => format!("from {url}"),
    }
}

fn place(event: &TraceEvent<'_>) -> String {
    match (event.doc, event.line) {
        (Some(1) | None, Some(line)) => format!(" (line {line})"),
        (Some(doc), Some(line)) => format!(" (document {doc}, line {line})"),
        _ => String::new(),
    }
}

/// A time in seconds, to the millisecond.
pub(crate) fn seconds(ms: u64) -> String {
    format!("{}.{:03} s", ms / 1000, ms % 1000)
}
