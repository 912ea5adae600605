//! Expected blocks: compared, or rewritten with `OZML_BLESS=1`.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::Failed;
use similar::TextDiff;

use crate::markdown::{Case, with_block};
use crate::repository;

/// Stands for any text in a line of an expected block.
const ANY: &str = "[..]";

/// Cases run side by side, and several may rewrite one file.
static WRITING: Mutex<()> = Mutex::new(());

/// Whether expected blocks are rewritten instead of compared.
pub fn blessing() -> bool {
    std::env::var_os("OZML_BLESS").is_some_and(|value| value == "1")
}

/// Compares what came out with the blocks of a case: pairs of the kind of a block and its actual text. A
/// block that is missing stands for no text. With `OZML_BLESS=1` the blocks are rewritten where they differ.
///
/// # Errors
/// What differs, and the command that rewrites it.
///
/// # Panics
/// When the suite cannot be rewritten.
pub fn settle(suite: &Path, test: &str, case: &Case, actual: &[(&str, String)]) -> Result<(), Failed> {
    let different: Vec<_> = actual
        .iter()
        .filter(|(kind, text)| !matches(case.text(kind), text))
        .collect();
    if different.is_empty() {
        return Ok(());
    }
    if blessing() {
        let _one_writer = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let old = repository::read(suite);
        let new = different.iter().fold(old, |suite, (kind, text)| {
            with_block(&suite, &case.name, kind, &blessed(case.text(kind), text))
        });
        fs::write(suite, new).expect("the suite can be written");
        return Ok(());
    }
    let diffs: String = different
        .iter()
        .map(|(kind, text)| diff(kind, case.text(kind), text))
        .collect();
    Err(Failed::from(format!(
        "{}, case `{}`:\n{diffs}if the new text is right: OZML_BLESS=1 cargo test -p ozml-tests --test {test}",
        repository::shown(suite),
        case.name,
    )))
}

/// Whether a text is what was expected, line by line; `[..]` stands for anything within a line.
pub fn matches(expected: &str, actual: &str) -> bool {
    let (mut expected, mut actual) = (expected.split('\n'), actual.split('\n'));
    loop {
        match (expected.next(), actual.next()) {
            (None, None) => return true,
            (Some(expected), Some(actual)) if line_matches(expected, actual) => {}
            _ => return false,
        }
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    let Some((start, rest)) = expected.split_once(ANY) else {
        return expected == actual;
    };
    let Some(actual) = actual.strip_prefix(start) else {
        return false;
    };
    // The shortest match may be too short, so every place where the rest could begin is tried.
    (0..=actual.len()).any(|at| actual.get(at..).is_some_and(|tail| line_matches(rest, tail)))
}

/// The new text, with the lines of the old one where those still match: they may hold `[..]`.
fn blessed(expected: &str, actual: &str) -> String {
    let mut expected = expected.split('\n');
    let lines = actual.split('\n').map(|line| match expected.next() {
        Some(known) if line_matches(known, line) => known,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn diff(kind: &str, expected: &str, actual: &str) -> String {
    let diff = TextDiff::from_lines(expected, actual);
    format!(
        "{}\n",
        diff.unified_diff()
            .header(&format!("{kind}, expected"), &format!("{kind}, actual"))
    )
}
