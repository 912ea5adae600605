//! `ozml explain`: a page for every code that a message shows.

use std::fmt::Write as _;

use ozml::engine::{EXPLANATIONS, Explanation};
use ozml::server::config;
use ozml::sim::scenario;
use serde_json::{Value, json};

use crate::args::{ExplainArgs, PageFormat};
use crate::exit::{Exit, Stop};
use crate::output::{pretty, print, shown, wrapped};
use crate::test::manual;

/// Shows the page of a code, or a list of all codes.
pub(crate) fn explain(args: &ExplainArgs) -> Result<Exit, Stop> {
    let text = match (&args.code, args.format) {
        (None, PageFormat::Text) => list(),
        (None, PageFormat::Json) => pretty(&all().map(described).collect()),
        (Some(topic), PageFormat::Text) if topic == manual::TOPIC.code => manual::page(),
        (Some(topic), PageFormat::Json) if topic == manual::TOPIC.code => pretty(&manual::json()),
        (Some(code), format) => {
            let explanation = explanation(code).ok_or_else(|| unknown(code))?;
            match format {
                PageFormat::Text => page(explanation),
                PageFormat::Json => pretty(&described(explanation)),
            }
        }
    };
    let _ = print(&text);
    Ok(Exit::Done)
}

/// The page of a code.
pub(crate) fn explanation(code: &str) -> Option<&'static Explanation> {
    all().find(|known| known.code == code)
}

/// The codes of scripts, of scenarios and of configurations, and the page about scenario files.
fn all() -> impl Iterator<Item = &'static Explanation> {
    EXPLANATIONS
        .iter()
        .chain(scenario::EXPLANATIONS)
        .chain(config::EXPLANATIONS)
        .chain([&manual::TOPIC])
}

fn unknown(code: &str) -> Stop {
    Stop::usage(format!(
        "there is no code `{}`; `ozml explain` lists them",
        shown(code)
    ))
}

fn list() -> String {
    let lines: Vec<_> = all().map(|known| (known.code, known.title)).collect();
    let width = lines.iter().map(|(code, _)| code.len()).max().unwrap_or_default();
    lines.iter().fold(String::new(), |mut text, (code, title)| {
        let _ = writeln!(text, "{code:<width$}  {title}");
        text
    })
}

fn page(explanation: &Explanation) -> String {
    let mut text = format!("{} - {}\n", explanation.code, explanation.title);
    let _ = write!(text, "\n{}", wrapped(explanation.text));
    example(&mut text, "Wrong", explanation.example_wrong);
    example(&mut text, "Right", explanation.example_right);
    text
}

fn example(text: &mut String, title: &str, script: &str) {
    if script.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for line in script.lines() {
        let _ = writeln!(text, "{}", format!("  {line}").trim_end());
    }
}

fn described(explanation: &Explanation) -> Value {
    json!({
        "code": explanation.code,
        "title": explanation.title,
        "text": explanation.text,
        "example_wrong": explanation.example_wrong,
        "example_right": explanation.example_right,
    })
}
