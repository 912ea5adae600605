//! Reports for programs: bounded, complete, and without characters that steer a terminal.
#![allow(clippy::expect_used, reason = "helpers of a test fail the test")]

use ozml_parser::{Diagnostic, Format, Report, Source, Span, Style, Tool};
use serde_json::{Value, json};

const TOOL: Tool<'_> = Tool {
    name: "ozml",
    version: "0.1.0",
    rule: |_| None,
};

fn report(format: Format<'_>, source: &Source, diagnostics: &[Diagnostic]) -> String {
    let mut report = Report::new(format);
    report.add(source, diagnostics);
    report.finish()
}

fn json_report(source: &Source, diagnostics: &[Diagnostic]) -> Vec<Value> {
    serde_json::from_str(&report(Format::Json, source, diagnostics)).expect("JSON")
}

#[test]
fn a_message_is_an_object() {
    let source = Source::new("é.xml", "<a>\n  é<Spek/></a>");
    let span = Span::new(9, 13);
    let fault = Diagnostic::error("unknown-verb", 301, span, "there is no verb `Spek`")
        .label(span, "not a verb")
        .help("write `Speak`")
        .fix(span, "Speak");
    let range = json!({"line": 2, "column": 5, "byte": 9, "end_line": 2, "end_column": 9, "end_byte": 13});
    let expected = json!([{
        "file": "é.xml", "code": "unknown-verb", "status": 301, "severity": "error",
        "message": "there is no verb `Spek`",
        "line": 2, "column": 5, "byte": 9, "end_line": 2, "end_column": 9, "end_byte": 13,
        "labels": [{
            "line": 2, "column": 5, "byte": 9, "end_line": 2, "end_column": 9, "end_byte": 13,
            "text": "not a verb", "primary": true,
        }],
        "help": "write `Speak`",
        "fix": {"range": range, "text": "Speak"},
        "limit": null,
    }]);
    assert_eq!(Value::Array(json_report(&source, &[fault])), expected);
}

#[test]
fn nothing_found_is_an_empty_array_and_no_text() {
    let source = Source::new("a.xml", "<a/>");
    assert_eq!(report(Format::Json, &source, &[]), "[]\n");
    assert_eq!(report(Format::Text(Style::Plain), &source, &[]), "");
}

#[test]
fn what_is_too_much_is_counted_over_all_sources() {
    let source = Source::new("a.xml", "<a/>");
    let fault = |number: usize| match number % 3 {
        0 => Diagnostic::warning("w", 302, Span::new(0, 4), "a warning"),
        _ => Diagnostic::error("e", 302, Span::new(0, 4), "an error"),
    };
    let faults: Vec<_> = (0..75).map(fault).collect();
    for format in [Format::Text(Style::Plain), Format::Json, Format::Sarif(TOOL)] {
        let mut report = Report::new(format);
        report.add(&source, &faults);
        report.add(&source, &faults);
        assert_eq!((report.errors(), report.warnings()), (100, 50));
        let text = report.finish();
        let kept = text.matches("an error").count() + text.matches("a warning").count();
        match format {
            Format::Text(_) => assert!(text.ends_with("\nand 34 more errors and 16 more warnings\n")),
            Format::Json => assert!(text.ends_with("{\"more\":{\"errors\":34,\"warnings\":16}}\n]\n")),
            _ => assert!(text.contains("\"and 34 more errors and 16 more warnings\"")),
        }
        assert_eq!(kept, 100, "{text}");
    }
}

#[test]
fn long_messages_are_cut_and_bytes_are_bounded() {
    let source = Source::new("a.xml", "<a/>");
    let fault = Diagnostic::error("e", 302, Span::new(0, 4), "x".repeat(2_000)).help("y".repeat(2_000));
    let faults = vec![fault; 10_000];
    for format in [Format::Text(Style::Plain), Format::Json, Format::Sarif(TOOL)] {
        let text = report(format, &source, &faults);
        assert!((10_000..=65 * 1024).contains(&text.len()), "{}", text.len());
    }
    let found = json_report(&source, &faults);
    let kept = found.len() - 1;
    assert_eq!(found[kept]["more"]["errors"], 10_000 - kept);
    assert_eq!(found[0]["message"], format!("{}...", "x".repeat(400)));
}

#[test]
fn characters_that_steer_a_terminal_are_escaped_and_kept() {
    let source = Source::new("a\u{202e}.xml", "<a/>");
    let message = "b\u{9b}2J\u{1b}[1m\nc\u{2028}";
    let faults = [Diagnostic::error("e", 302, Span::new(0, 4), message)];
    for format in [Format::Json, Format::Sarif(TOOL)] {
        let text = report(format, &source, &faults);
        let steers = |character: char| character != '\n' && (character.is_control() || character > '~');
        assert!(!text.contains(steers), "{text:?}");
    }
    let found = json_report(&source, &faults);
    assert_eq!(found[0]["message"], message);
    assert_eq!(found[0]["file"], "a\u{202e}.xml");
}

#[test]
fn a_log_names_rules_places_and_changes() {
    let source = Source::new("a b.xml", "<Spek/>");
    let (name, all) = (Span::new(1, 5), Span::new(0, 7));
    let fault = |code| Diagnostic::error(code, 301, name, "no verb").label(all, "in here");
    let faults = [
        fault("one").fix(name, "Speak").help("write `Speak`"),
        fault("two"),
        fault("one"),
    ];
    let log: Value = serde_json::from_str(&report(Format::Sarif(TOOL), &source, &faults)).expect("JSON");
    let run = &log["runs"][0];
    assert_eq!(
        run["tool"]["driver"]["rules"],
        json!([{"id": "one"}, {"id": "two"}])
    );
    let results = run["results"].as_array().expect("results");
    let indices: Vec<_> = results.iter().map(|result| &result["ruleIndex"]).collect();
    assert_eq!(indices, [0, 1, 0]);
    let region = json!({"startLine": 1, "startColumn": 2, "endLine": 1, "endColumn": 6, "byteOffset": 1, "byteLength": 4});
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(
        *place,
        json!({"artifactLocation": {"uri": "a%20b.xml"}, "region": region})
    );
    let related = &results[0]["relatedLocations"][0];
    assert_eq!(related["message"]["text"], "in here");
    assert_eq!(results[0]["message"]["text"], "no verb\nhelp: write `Speak`");
    let change = &results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(
        *change,
        json!({"deletedRegion": region, "insertedContent": {"text": "Speak"}})
    );
}
