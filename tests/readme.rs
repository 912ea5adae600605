//! The generated parts of the README are current; `cargo xtask readme` rewrites them.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "it reads and writes the README, and fails by panicking"
)]

use std::fmt::Write as _;
use std::fs;

use ozml_engine::VerbSpec;
use ozml_tests::golden::blessing;
use ozml_tests::repository::{read, root};
use ozml_verbs::{PLANNED, VERBS};

/// Every verb that runs with its parameters, then those that are known by name.
fn verbs() -> String {
    let mut table =
        String::from("| verb | contexts | what it does | parameters |\n| --- | --- | --- | --- |\n");
    for verb in VERBS {
        let (contexts, summary) = (verb.contexts, verb.summary);
        let _ = writeln!(
            table,
            "| `{}` | {contexts} | {summary} | {} |",
            verb.name,
            parameters(verb)
        );
    }
    let planned: Vec<_> = PLANNED.iter().map(|verb| format!("`{}`", verb.name)).collect();
    let _ = writeln!(
        table,
        "\nKnown by name, not available yet: {}.",
        planned.join(", ")
    );
    table
}

/// The mandatory ones in bold, the one that may stand between the tags in italics.
fn parameters(verb: &VerbSpec) -> String {
    let shown = verb.params.iter().map(|param| {
        let name = if param.content {
            format!("*{}*", param.name)
        } else {
            param.name.to_owned()
        };
        let mandatory = param.mandatory.contains(verb.contexts);
        if mandatory { format!("**{name}**") } else { name }
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// The example for embedders: what stands between the attributes of the file and its tests.
fn embed() -> String {
    let example = read(&root().join("examples/embed.rs"));
    let code = example.lines().skip_while(|line| !line.starts_with("use "));
    let code = code.take_while(|line| *line != "#[cfg(test)]");
    let code = code.collect::<Vec<_>>().join("\n");
    format!("```rust\n{}\n```\n", code.trim_end())
}

/// The text with another content between `<!-- NAME -->` and `<!-- end of NAME -->`.
fn with_part(text: &str, name: &str, content: &str) -> String {
    let (opening, closing) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, rest) = text.split_once(&opening).expect("the part begins");
    let (_, after) = rest.split_once(&closing).expect("the part ends");
    format!("{before}{opening}{content}{closing}{after}")
}

#[test]
fn generated_parts_are_current() {
    let path = root().join("README.md");
    let written = read(&path);
    let current = with_part(&with_part(&written, "verbs", &verbs()), "embed", &embed());
    if blessing() {
        fs::write(&path, &current).expect("the README can be written");
    } else {
        assert!(
            written == current,
            "README.md is out of date: run `cargo xtask readme`"
        );
    }
}
