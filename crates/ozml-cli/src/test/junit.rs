//! Results as JUnit XML, which build servers read.

use std::fmt::Write as _;
use std::path::Path;

use super::case::Outcome;
use crate::exit::Exit;

/// The report of all outcomes. Times are those of the simulated calls, so that the same scenarios give the
/// same file.
pub(super) fn junit(outcomes: &[Outcome]) -> String {
    let failures = outcomes
        .iter()
        .filter(|outcome| outcome.exit == Exit::Failed)
        .count();
    let errors = outcomes
        .iter()
        .filter(|outcome| outcome.exit > Exit::Failed)
        .count();
    let total = seconds(outcomes.iter().map(|outcome| outcome.ms).sum());
    let counts = format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{total}\"",
        outcomes.len()
    );
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite name=\"ozml test\" {counts}>\n"
    );
    outcomes.iter().for_each(|outcome| case(&mut text, outcome));
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn case(text: &mut String, outcome: &Outcome) {
    let path = Path::new(&outcome.name);
    let folder = path
        .parent()
        .map(|folder| folder.to_string_lossy())
        .unwrap_or_default();
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    let folder = if folder.is_empty() { "." } else { &folder };
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"",
        escaped(folder),
        escaped(&name),
        seconds(outcome.ms)
    );
    let Some((code, message)) = &outcome.failure else {
        text.push_str("/>\n");
        return;
    };
    let element = if outcome.exit == Exit::Failed {
        "failure"
    } else {
        "error"
    };
    let _ = write!(
        text,
        ">\n      <{element} type=\"{}\" message=\"{}\">{}</{element}>\n    </testcase>\n",
        escaped(code),
        escaped(message),
        escaped(&uncoloured(&outcome.report))
    );
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

/// A report without the colours it has on a terminal. Texts of strangers in it have no control characters.
fn uncoloured(report: &str) -> String {
    let mut pieces = report.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + piece.split_once('m').map_or(piece, |(_, plain)| plain)
    })
}

/// Text for any place of an XML 1.0 document; what no such document can hold becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(character),
            '\u{0}'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_stand_in_it() {
        assert_eq!(
            escaped("a<b>&\"\u{1b}[2J\n"),
            "a&lt;b&gt;&amp;&quot;\u{fffd}[2J\n"
        );
    }
}
