//! `ozml explain`: a page for every code that a message shows.

use std::fmt::Write as _;

use ozml::engine::{EXPLANATIONS, Explanation};
use serde_json::{Value, json};

use crate::args::{ExplainArgs, PageFormat};
use crate::exit::{Exit, Stop};
use crate::output::{pretty, print, shown, wrapped};

/// Shows the page of a code, or a list of all codes.
pub(crate) fn explain(args: &ExplainArgs) -> Result<Exit, Stop> {
    let text = match (&args.code, args.format) {
        (None, PageFormat::Text) => list(),
        (None, PageFormat::Json) => pretty(&EXPLANATIONS.iter().map(described).collect()),
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
    EXPLANATIONS.iter().find(|known| known.code == code)
}

fn unknown(code: &str) -> Stop {
    Stop::usage(format!(
        "there is no code `{}`; `ozml explain` lists them",
        shown(code)
    ))
}

fn list() -> String {
    let width = EXPLANATIONS.iter().map(|known| known.code.len()).max();
    let width = width.unwrap_or_default();
    EXPLANATIONS.iter().fold(String::new(), |mut text, known| {
        let _ = writeln!(text, "{:<width$}  {}", known.code, known.title);
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
