//! Every code is explained, and its examples are what they say.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "it reads the sources, and fails by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ozml_engine::{CheckOptions, Contexts, EXPLANATIONS, Engine, PlannedVerbs};
use ozml_parser::{Diagnostic, Source};

/// Where faults are found.
const SOURCES: [&str; 4] = [
    "ozml-parser/src/read",
    "ozml-engine/src/check",
    "ozml-engine/src/verb",
    "ozml-verbs/src",
];

/// What stands before a code in the sources.
const MAKERS: [&str; 4] = [
    "error(",
    "warning(",
    "const CODE: &str =",
    "const CODE: Code = Code(",
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn codes_in(code: &str) -> impl Iterator<Item = &str> {
    MAKERS.into_iter().flat_map(move |maker| {
        code.match_indices(maker).filter_map(move |(at, _)| {
            let literal = code[at + maker.len()..].trim_start().strip_prefix('"')?;
            literal.split('"').next()
        })
    })
}

#[test]
fn every_code_of_the_sources_is_explained_and_no_other() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut used = BTreeSet::new();
    for folder in SOURCES {
        for path in rust_files(&crates.join(folder)) {
            let source = std::fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap();
            used.extend(codes_in(code).map(str::to_owned));
        }
    }
    let explained: BTreeSet<_> = EXPLANATIONS.iter().map(|known| known.code.to_owned()).collect();
    assert_eq!(used, explained);
}

/// What a check says in the first context that has the verbs of the script.
fn checked(script: &str, planned: PlannedVerbs) -> Vec<Diagnostic> {
    let engine = Engine::new(ozml_verbs::standard().unwrap());
    let context = if script.starts_with("<Request") {
        Contexts::M
    } else {
        Contexts::E
    };
    let options = CheckOptions::new(context).planned(planned).hints(true);
    engine
        .check(&Source::new("example.xml", script), options)
        .diagnostics
}

#[test]
fn wrong_examples_get_their_code() {
    for known in EXPLANATIONS {
        let planned = match known.code {
            "verb-not-available" => PlannedVerbs::Refused,
            _ => PlannedVerbs::Known,
        };
        let found = checked(known.example_wrong, planned);
        let codes: Vec<_> = found.iter().map(|fault| fault.code.as_str()).collect();
        assert_eq!(codes, [known.code], "{found:#?}");
    }
}

#[test]
fn right_examples_check_clean() {
    for known in EXPLANATIONS {
        let found = checked(known.example_right, PlannedVerbs::Known);
        assert!(found.is_empty(), "{}: {found:#?}", known.code);
    }
}

#[test]
fn texts_are_one_paragraph_that_ends() {
    for known in EXPLANATIONS {
        let (title, text) = (known.title, known.text);
        assert!(!title.is_empty() && !title.ends_with('.'), "{}", known.code);
        assert!(text.ends_with('.') && !text.contains('\n'), "{}", known.code);
    }
}
