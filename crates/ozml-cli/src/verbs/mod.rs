//! `ozml verbs`: the manual, from the same descriptions the checker uses.

mod xsd;

use std::fmt::Write as _;

use ozml::engine::{Contexts, Origin, ParamSpec, Registry, VerbSpec};
use serde_json::{Value, json};

use crate::args::{VerbsArgs, VerbsFormat};
use crate::exit::{Exit, Stop};
use crate::output::{pretty, print};

/// Shows all verbs, or the page of one.
pub(crate) fn verbs(args: &VerbsArgs) -> Result<Exit, Stop> {
    let engine = ozml::standard();
    let registry = engine.registry();
    let text = match (&args.name, args.format) {
        (None, VerbsFormat::Text) => list(registry.verbs()),
        (None, VerbsFormat::Json) => pretty(&Value::Array(registry.verbs().map(described).collect())),
        (None, VerbsFormat::Xsd) => xsd::schema(registry),
        (Some(_), VerbsFormat::Xsd) => {
            return Err(Stop::usage(
                "an XML Schema describes all verbs: leave the name out",
            ));
        }
        (Some(name), VerbsFormat::Text) => page(verb(registry, name)?),
        (Some(name), VerbsFormat::Json) => pretty(&described(verb(registry, name)?)),
    };
    let _ = print(&text);
    Ok(Exit::Done)
}

fn verb(registry: &Registry, name: &str) -> Result<&'static VerbSpec, Stop> {
    let unknown = || Stop::usage(format!("there is no verb `{name}`; `ozml verbs` lists them"));
    registry.get(name).ok_or_else(unknown)
}

fn list(verbs: impl Iterator<Item = &'static VerbSpec>) -> String {
    let mut text = String::new();
    for verb in verbs {
        let later = if verb.is_available() {
            ""
        } else {
            "  (not available yet)"
        };
        let _ = writeln!(
            text,
            "{:<24}  {:<9}  {}{later}",
            verb.name,
            verb.contexts.to_string(),
            verb.summary
        );
    }
    text.push_str("\nE on a call  T control of other calls  R routing  M messaging script  H HTTP API\n");
    text
}

fn page(verb: &VerbSpec) -> String {
    let mut text = format!("{} - {}\n", verb.name, verb.summary);
    if !verb.is_available() {
        text.push_str("\nNot available yet in this version.\n");
    }
    if !verb.aliases.is_empty() {
        let _ = writeln!(text, "\nAlso written: {}", verb.aliases.join(", "));
    }
    let _ = writeln!(
        text,
        "\nContexts: {}    Kind: {}",
        verb.contexts,
        verb.kind.as_str()
    );
    if !verb.params.is_empty() {
        text.push_str("\nParameters\n");
        verb.params.iter().for_each(|param| parameter(&mut text, param));
    }
    if !verb.answers.is_empty() {
        let names: Vec<_> = verb.answers.iter().map(|name| format!("${name}")).collect();
        let _ = writeln!(text, "\nSets: {}", names.join(", "));
    }
    paragraph(&mut text, "Notes", verb.notes);
    paragraph(
        &mut text,
        "Our reading (not documented by the vendor)",
        verb.readings,
    );
    let _ = writeln!(text, "\nExample\n  {}", verb.example);
    text
}

fn parameter(text: &mut String, param: &ParamSpec) {
    let _ = write!(text, "  {:<18}  {}, {}", param.name, param.type_name, need(param));
    if let Some(default) = param.default {
        let _ = write!(text, ", default {default}");
    }
    if param.content {
        text.push_str(", or the text between the tags");
    }
    if param.origin == Origin::Ours {
        text.push_str(" [ours]");
    }
    let _ = writeln!(text, "\n  {:<18}  {}", "", param.summary);
    if !param.aliases().is_empty() {
        let _ = writeln!(text, "  {:<18}  also written: {}", "", param.aliases().join(", "));
    }
}

fn need(param: &ParamSpec) -> String {
    if param.mandatory == Contexts::NONE {
        "optional".to_owned()
    } else if param.mandatory.contains(Contexts::SCRIPTS) {
        "mandatory".to_owned()
    } else {
        format!("mandatory in {}", param.mandatory)
    }
}

fn paragraph(text: &mut String, title: &str, sentences: &[&str]) {
    if !sentences.is_empty() {
        let _ = writeln!(text, "\n{title}");
        sentences.iter().for_each(|sentence| {
            let _ = writeln!(text, "  {sentence}");
        });
    }
}

fn described(verb: &VerbSpec) -> Value {
    json!({
        "name": verb.name,
        "summary": verb.summary,
        "available": verb.is_available(),
        "aliases": verb.aliases,
        "contexts": letters(verb.contexts),
        "kind": verb.kind.as_str(),
        "parameters": verb.params.iter().map(described_parameter).collect::<Vec<_>>(),
        "answers": verb.answers,
        "notes": verb.notes,
        "readings": verb.readings,
        "example": verb.example,
    })
}

fn described_parameter(param: &ParamSpec) -> Value {
    json!({
        "name": param.name,
        "aliases": param.aliases(),
        "type": param.type_name,
        "summary": param.summary,
        "mandatory": letters(param.mandatory),
        "default": param.default,
        "content": param.content,
        "sensitive": param.sensitive,
        "http_only": param.http_only,
        "documented": param.origin == Origin::Documented,
    })
}

fn letters(contexts: Contexts) -> Vec<String> {
    contexts
        .to_string()
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}
