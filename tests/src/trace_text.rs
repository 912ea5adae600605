//! Traces as people read them: one line an event, `at_ms line:column kind field=value …`.

use ozml_engine::TraceEvent;
use serde_json::Value;

/// What every event of a run says, or what changes with every edit of its script.
const LEFT_OUT: [&str; 12] = [
    "v",
    "seq",
    "at_ms",
    "run",
    "call",
    "leg",
    "kind",
    "line",
    "column",
    "script",
    "sha256",
    "started_at",
];

/// A trace, one line an event. Words stand as they are, other texts as JSON.
pub fn trace_text(events: &[TraceEvent<'_>]) -> String {
    events.iter().map(line).collect()
}

fn line(event: &TraceEvent<'_>) -> String {
    let place = match (event.line, event.column) {
        (Some(line), Some(column)) => format!("{line}:{column}"),
        _ => String::new(),
    };
    let value = serde_json::to_value(event).unwrap_or_default();
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    let mut text = format!("{:>6} {place:>5} {kind}", event.at_ms);
    for (name, value) in value.as_object().into_iter().flatten() {
        let first_document = name == "doc" && *value == 1;
        if !LEFT_OUT.contains(&name.as_str()) && !first_document {
            text.push_str(&format!(" {name}={}", shown(value)));
        }
    }
    text.push('\n');
    text
}

fn shown(value: &Value) -> String {
    let is_word_character = |c: char| c.is_ascii_alphanumeric() || "+-*#_.:".contains(c);
    match value.as_str() {
        Some(word) if !word.is_empty() && word.chars().all(is_word_character) => word.to_owned(),
        _ => value.to_string(),
    }
}
