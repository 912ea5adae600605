//! The W3C XML conformance suite, as far as it concerns a reader without DTDs (threats T1 and T3).
//!
//! The suite lies in the registry package named in `tests/w3c/Cargo.toml`; the first run fetches it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]
#![allow(clippy::disallowed_methods, reason = "the suite is a folder of files")]

use std::path::{Path, PathBuf};
use std::process::Command;

use ozml_parser::{Document, ReadingLimits, Source, Style, render};

/// Where cargo keeps the suite.
fn suite() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/w3c/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path"])
        .arg(&manifest)
        .output()
        .expect("cargo runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the suite is not here; with a network, run `cargo fetch --manifest-path {}`\n{complaint}",
        manifest.display()
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let carrier = packages
        .iter()
        .find(|package| package["name"] == "xrust")
        .unwrap();
    let manifest = Path::new(carrier["manifest_path"].as_str().unwrap());
    manifest.with_file_name("tests/conformance/xml/xmlconf")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Reads a file the way a script is read; the error is rendered too.
fn read(path: &Path) -> Result<(), String> {
    let bytes = std::fs::read(path).unwrap();
    let shown = |fault, source: &_| {
        let text = render(&[fault], source, Style::Plain);
        assert!(text.contains("\n --> ") || text.contains("--> "), "{text}");
        text
    };
    let source =
        Source::from_bytes("t", &bytes).map_err(|refused| shown(refused.diagnostic, &refused.source))?;
    Document::parse(&source, &ReadingLimits::default()).map_err(|fault| shown(fault, &source))?;
    Ok(())
}

/// The value of an attribute in a tag of a catalogue.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, after) = tag.split_once(&format!("{name}="))?;
    after.get(1..)?.split(after.chars().next()?).next()
}

/// The documents that a catalogue calls not well-formed under XML 1.0, fifth edition.
fn malformed(catalogue: &Path) -> Vec<PathBuf> {
    let bytes = std::fs::read(catalogue).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    text.split("<TEST")
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
        .filter(|tag| attribute(tag, "TYPE") == Some("not-wf"))
        .filter(|tag| attribute(tag, "VERSION").is_none_or(|version| version != "1.1"))
        .filter(|tag| attribute(tag, "RECOMMENDATION").is_none_or(|name| !name.ends_with("1.1")))
        .filter(|tag| attribute(tag, "EDITION").is_none_or(|editions| editions.contains('5')))
        .filter_map(|tag| attribute(tag, "URI"))
        .map(|uri| catalogue.with_file_name(uri))
        .filter(|path| path.is_file())
        .collect()
}

/// White space before the XML declaration, which web applications print and we skip.
const TOLERATED: [&str; 3] = [
    "xmltest/not-wf/sa/147.xml",
    "oasis/p01fail1.xml",
    "oasis/p22fail1.xml",
];

fn has_dtd(path: &Path) -> bool {
    let bytes = std::fs::read(path).unwrap();
    String::from_utf8_lossy(&bytes).contains("<!DOCTYPE")
}

#[test]
fn no_document_panics() {
    let mut documents = Vec::new();
    files(&suite(), &mut documents);
    let readable = documents.iter().filter(|path| read(path).is_ok()).count();
    assert!(documents.len() > 3_000, "{} documents", documents.len());
    assert!(readable > 100, "{readable} are readable");
}

#[test]
fn malformed_documents_are_refused() {
    let mut catalogues = Vec::new();
    files(&suite(), &mut catalogues);
    catalogues.retain(|path| path.extension().is_some_and(|extension| extension == "xml"));
    let documents: Vec<PathBuf> = catalogues.iter().flat_map(|path| malformed(path)).collect();
    let (with_dtd, without_dtd): (Vec<_>, Vec<_>) = documents.into_iter().partition(|path| has_dtd(path));
    assert!(
        without_dtd.len() > 100,
        "{} documents without DTD",
        without_dtd.len()
    );
    assert!(with_dtd.len() > 500, "{} documents with DTD", with_dtd.len());
    let accepted: Vec<_> = without_dtd
        .iter()
        .chain(&with_dtd)
        .filter(|path| read(path).is_ok())
        .filter(|path| !TOLERATED.iter().any(|tolerated| path.ends_with(tolerated)))
        .collect();
    assert!(accepted.is_empty(), "accepted: {accepted:#?}");
}
