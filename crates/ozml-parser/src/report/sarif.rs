//! A log in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0).

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{Diagnostic, Fix, Label, Severity, Source, Span};

use super::json::{cut, line, one_a_line};
use super::room::Room;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The program that a log names, and what it knows of its codes.
#[derive(Clone, Copy)]
pub struct Tool<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its version, three numbers with dots between them.
    pub version: &'t str,
    /// The page about a code, if there is one.
    pub rule: fn(&str) -> Option<Rule>,
}

/// What a log says about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// A few words.
    pub title: &'static str,
    /// A paragraph.
    pub text: &'static str,
}

/// The whole log: `results` were made by [`result`], the codes stand where their rule index points.
pub(super) fn log(tool: &Tool<'_>, codes: &[&'static str], results: &[String], room: &Room) -> String {
    let rules: Vec<_> = codes.iter().map(|code| rule(tool, code)).collect();
    let driver = json!({"name": tool.name, "semanticVersion": tool.version, "rules": rules});
    let left_out = room
        .sentence()
        .map(|text| json!({"level": "note", "message": message(&text)}));
    let invocation = json!({
        "executionSuccessful": true,
        "toolExecutionNotifications": left_out.into_iter().collect::<Vec<_>>(),
    });
    let results: Vec<_> = results.iter().map(String::as_str).collect();
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\
         \"tool\":{},\n\"invocations\":[{}],\n\
         \"columnKind\":\"unicodeCodePoints\",\"newlineSequences\":[\"\\r\\n\",\"\\n\",\"\\r\"],\n\
         \"results\":{}\n}}]}}\n",
        line(&json!({"driver": driver})),
        line(&invocation),
        one_a_line(&results),
    )
}

fn rule(tool: &Tool<'_>, code: &str) -> Value {
    match (tool.rule)(code) {
        Some(rule) => json!({
            "id": code,
            "shortDescription": message(rule.title),
            "fullDescription": message(rule.text),
        }),
        None => json!({"id": code}),
    }
}

/// One message on one line, a SARIF `result`.
pub(super) fn result(source: &Source, diagnostic: &Diagnostic, rule_index: usize) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = cut(&diagnostic.message);
    if let Some(help) = &diagnostic.help {
        let _ = write!(text, "\nhelp: {}", cut(help));
    }
    let places = |primary| {
        let labels = diagnostic
            .labels
            .iter()
            .filter(move |label| label.primary == primary);
        labels.map(|label| place(source, label)).collect::<Vec<_>>()
    };
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": rule_index,
        "level": level,
        "message": message(&text),
        "locations": places(true),
        "relatedLocations": places(false),
        "properties": {"status": diagnostic.status, "limit": diagnostic.limit},
    });
    if let (Some(fix), Value::Object(result)) = (super::fix(diagnostic), &mut result) {
        result.insert("fixes".to_owned(), json!([change(source, diagnostic, fix)]));
    }
    line(&result)
}

fn place(source: &Source, label: &Label) -> Value {
    let place = json!({
        "artifactLocation": {"uri": uri(source.name())},
        "region": region(source, label.span),
    });
    match label.text.as_str() {
        "" => json!({"physicalLocation": place}),
        text => json!({"physicalLocation": place, "message": message(&cut(text))}),
    }
}

fn change(source: &Source, diagnostic: &Diagnostic, fix: &Fix) -> Value {
    let description = diagnostic.help.as_deref().unwrap_or("mend it");
    json!({
        "description": message(&cut(description)),
        "artifactChanges": [{
            "artifactLocation": {"uri": uri(source.name())},
            "replacements": [{
                "deletedRegion": region(source, fix.span),
                "insertedContent": {"text": fix.text},
            }],
        }],
    })
}

fn region(source: &Source, span: Span) -> Value {
    let start = source.position(span.start as usize);
    let end = source.position(span.end as usize);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": span.start,
        "byteLength": span.len(),
    })
}

/// A message object. Braces are doubled, single ones would be placeholders (SARIF 2.1.0, 3.11.5).
fn message(text: &str) -> Value {
    json!({"text": text.replace('{', "{{").replace('}', "}}")})
}

/// The name of a source as a URI reference (RFC 3986): an absolute path becomes a `file` URI.
fn uri(name: &str) -> String {
    let mut uri = String::from(if name.starts_with('/') { "file://" } else { "" });
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_uri_references() {
        assert_eq!(uri("menu/árak 1.xml"), "menu/%C3%A1rak%201.xml");
        assert_eq!(uri("/srv/a.xml"), "file:///srv/a.xml");
        assert_eq!(uri("<standard input>"), "%3Cstandard%20input%3E");
        assert_eq!(uri("c:a.xml"), "c%3Aa.xml");
    }

    #[test]
    fn braces_are_no_placeholders() {
        assert_eq!(message("`${name}`"), json!({"text": "`${{name}}`"}));
    }
}
