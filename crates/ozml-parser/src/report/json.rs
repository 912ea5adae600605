//! A message as a JSON object.

use serde_json::{Value, json};

use crate::render::is_unprintable;
use crate::{Diagnostic, Label, Source, Span};

use super::room::Room;

const MESSAGE_CHARACTERS: usize = 400;

/// One message on one line.
pub(super) fn entry(source: &Source, diagnostic: &Diagnostic) -> String {
    let mut object = json!({
        "file": source.name(),
        "code": diagnostic.code.as_str(),
        "status": diagnostic.status,
        "severity": diagnostic.severity,
        "message": cut(&diagnostic.message),
    });
    merge(&mut object, range(source, diagnostic.span().unwrap_or_default()));
    let labels = diagnostic.labels.iter().map(|label| labelled(source, label));
    let rest = json!({
        "labels": labels.collect::<Vec<_>>(),
        "help": diagnostic.help.as_deref().map(cut),
        "fix": super::fix(diagnostic).map(|fix| json!({
            "range": range(source, fix.span),
            "text": fix.text,
        })),
        "limit": diagnostic.limit,
    });
    merge(&mut object, rest);
    line(&object)
}

/// The entries as an array, one a line, and the count of what was left out.
pub(super) fn array(entries: &[String], room: &Room) -> String {
    let (errors, warnings) = room.left_out();
    let more = json!({"more": {"errors": errors, "warnings": warnings}});
    let more = (errors > 0 || warnings > 0).then(|| line(&more));
    let lines: Vec<_> = entries.iter().chain(&more).map(String::as_str).collect();
    one_a_line(&lines)
}

/// The texts, which are values, as an array.
pub(super) fn one_a_line(values: &[&str]) -> String {
    if values.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{}\n]", values.join(",\n"))
    }
}

/// A value on one line. What does not print is escaped: it occurs in strings only.
pub(super) fn line(value: &Value) -> String {
    let mut line = String::new();
    for character in value.to_string().chars() {
        if is_unprintable(character) {
            line.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            line.push(character);
        }
    }
    line
}

/// At most 400 characters of a text.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(MESSAGE_CHARACTERS) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn labelled(source: &Source, label: &Label) -> Value {
    let mut object = range(source, label.span);
    merge(
        &mut object,
        json!({"text": cut(&label.text), "primary": label.primary}),
    );
    object
}

fn range(source: &Source, span: Span) -> Value {
    let start = source.position(span.start as usize);
    let end = source.position(span.end as usize);
    json!({
        "line": start.line,
        "column": start.column,
        "byte": span.start,
        "end_line": end.line,
        "end_column": end.column,
        "end_byte": span.end,
    })
}

/// Adds the members of one object to another.
fn merge(object: &mut Value, other: Value) {
    if let (Value::Object(object), Value::Object(other)) = (object, other) {
        object.extend(other);
    }
}
