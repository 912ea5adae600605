//! The first commands of the README really run and print what they show.

use std::path::PathBuf;

use crate::command::{Chore, program, root, target_folder};

/// The command that passes all tests, as the README gives it.
const TESTS: &str = "cargo xtask ci\n";

/// Runs the first `sh` block and compares its output with the `text` block behind it.
pub(crate) fn run() -> Chore {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(path).map_err(|fault| format!("README.md: {fault}"))?;
    let mut commands = blocks(&readme, "sh").into_iter();
    let first = commands.next().ok_or("README.md has no `sh` block")?;
    if commands.next().as_deref() != Some(TESTS) {
        return Err(format!(
            "the second `sh` block of README.md is not `{}`",
            TESTS.trim()
        ));
    }
    print!("{first}");
    let printed = program("sh").argument("-euc").argument(&first).output()?;
    print!("{printed}");
    let shown = blocks(&readme, "text").into_iter().next().unwrap_or_default();
    if without_ids(&shown) == without_ids(&printed) {
        Ok(())
    } else {
        Err("README.md shows another output than its first command prints".to_owned())
    }
}

/// The release binary, built or not.
pub(crate) fn binary() -> PathBuf {
    target_folder()
        .join("release")
        .join(format!("ozml{}", std::env::consts::EXE_SUFFIX))
}

/// The texts of all fenced blocks of a kind.
fn blocks(markdown: &str, kind: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in markdown.lines() {
        match (open.take(), line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info == kind, String::new())),
            (None, None) => {}
            (Some((wanted, text)), Some(_)) => blocks.extend(wanted.then_some(text)),
            (Some((wanted, text)), None) => open = Some((wanted, format!("{text}{line}\n"))),
        }
    }
    blocks
}

/// The text with every id of a message as `ID`: they are new in each run.
fn without_ids(text: &str) -> String {
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.map(|word| if is_id(word) { "ID" } else { word }).collect()
}

fn is_id(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    word.len() == 36 && word.split('-').count() == 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_by_kind() {
        let markdown = "a\n```sh\none\ntwo\n```\n```text\nthree\n```\n```sh\nfour\n```\n";
        assert_eq!(blocks(markdown, "sh"), ["one\ntwo\n", "four\n"]);
        assert_eq!(blocks(markdown, "text"), ["three\n"]);
    }

    #[test]
    fn ids_do_not_count() {
        let id = "0b9cf2f4-74c5-4c3e-9d8e-1d2f6c1f2a3b";
        assert_eq!(without_ids(&format!("sms {id}\n")), "sms ID");
        assert_eq!(without_ids("sms well-known-5\n"), "sms well-known-5\n");
    }
}
