//! The page about scenario files, from the descriptions that read them.

use std::fmt::Write as _;

use ozml::engine::{Contexts, Explanation, ParamSpec, PartSpec};
use ozml::sim::scenario::TEST;
use serde_json::{Value, json};

use crate::output::wrapped;

/// The page in short, as one of the pages that `ozml explain` lists.
pub(crate) static TOPIC: Explanation = Explanation::new(
    "scenario-files",
    "What a scenario file can say",
    INTRODUCTION,
    "",
    EXAMPLE,
);

const EXAMPLE: &str = include_str!("../new/script.test.xml");
const INTRODUCTION: &str = "A scenario is a file `NAME.test.xml` beside the script `NAME.xml`. It says who \
    calls, what the caller does, what the world answers and what must come of it; `ozml test` plays it on \
    virtual time.";
const RULES: &[&str] = &[
    "What the caller does without `At` is done one after the other: after a text was spoken (`After`), or when \
     the script next waits for keys. What the caller never gets to do is a failure.",
    "Texts, requests and inputs are open lists: they must come in this order, others may come in between.",
    "Effects are a closed list: an SMS, mail, message, transfer, report or change of a file that `Expect` does \
     not name is a failure, and so are a verb that fails and a limit that is reached. A refused SMS needs no \
     `Failed`; nor does a request that an `Answer` lets fail. Of a refused SMS the trace keeps the recipient \
     only, so its text is not compared.",
    "What an input with `Sensitive=\"true\"` collects is `•`, one for each character, wherever a call is compared or shown: in `Collected` and `Variable`, and in spoken texts, SMS and addresses made of it.",
    "`Variable` sees what `Var` and the host set.",
    "Of several `Sms` for one recipient, or `Answer` for one address, each is for one message or request, and \
     the last for all that follow.",
];

/// The page as text.
pub(crate) fn page() -> String {
    let mut text = format!("{} - {}\n\n{}", TOPIC.code, TOPIC.title, wrapped(INTRODUCTION));
    for rule in RULES {
        let _ = write!(text, "\n{}", wrapped(rule));
    }
    element(&mut text, &TEST, 0);
    let _ = writeln!(text, "\nExample");
    for line in EXAMPLE.lines() {
        let _ = writeln!(text, "  {line}");
    }
    text
}

fn element(text: &mut String, part: &PartSpec, depth: usize) {
    let indent = "  ".repeat(depth);
    let several = if part.several { ", any number" } else { "" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{indent}<{}> {}{several}", part.name, part.summary);
    for param in part.params {
        let _ = writeln!(text, "{indent}    {}", described(param));
    }
    for inner in part.children.parts() {
        element(text, inner, depth.saturating_add(1));
    }
}

fn described(param: &ParamSpec) -> String {
    let mut text = format!("{}: {}", param.name, param.summary);
    let words = param.words.join(", ");
    let values = if words.is_empty() { param.type_name } else { &words };
    let _ = write!(text, " ({values}");
    if is_mandatory(param) {
        text.push_str(", mandatory");
    }
    if param.content {
        text.push_str(", or the text between the tags");
    }
    if let Some(default) = param.default {
        let _ = write!(text, ", default {default}");
    }
    text.push(')');
    text
}

fn is_mandatory(param: &ParamSpec) -> bool {
    param.mandatory.contains(Contexts::E)
}

/// The page for programs.
pub(crate) fn json() -> Value {
    json!({ "topic": TOPIC.code, "title": TOPIC.title, "text": INTRODUCTION, "rules": RULES, "element": of(&TEST) })
}

fn of(part: &PartSpec) -> Value {
    json!({
        "name": part.name,
        "summary": part.summary,
        "several": part.several,
        "attributes": part.params.iter().map(|param| json!({
            "name": param.name,
            "summary": param.summary,
            "type": param.type_name,
            "mandatory": is_mandatory(param),
            "content": param.content,
            "default": param.default,
            "words": param.words,
        })).collect::<Vec<_>>(),
        "elements": part.children.parts().iter().map(of).collect::<Vec<_>>(),
    })
}
