//! Markdown suites: every heading with fenced blocks below it is a case.

use std::ops::Range;

/// One case of a suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its heading.
    pub name: String,
    /// Its fenced blocks in their order.
    pub blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The first word behind the fence.
    pub kind: String,
    /// The other words behind the fence.
    pub argument: String,
    /// What stands in it, each line ended.
    pub text: String,
    /// The lines of that text, counted from 0.
    lines: Range<usize>,
}

impl Case {
    /// The first block of a kind.
    pub fn block(&self, kind: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.kind == kind)
    }

    /// The text of the first block of a kind, empty when there is none.
    pub fn text(&self, kind: &str) -> &str {
        self.block(kind).map_or("", |block| &block.text)
    }
}

const FENCE: &str = "```";

/// The cases of a suite.
///
/// # Panics
/// When a fence is not closed, or two cases have one name.
pub fn cases(suite: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = suite.split('\n').enumerate();
    while let Some((_, line)) = lines.next() {
        if let Some(heading) = line.strip_prefix('#') {
            let name = heading.trim_start_matches('#').trim().to_owned();
            assert!(cases.iter().all(|case| case.name != name), "two cases `{name}`");
            cases.push(Case {
                name,
                blocks: Vec::new(),
            });
        } else if let Some(info) = line.strip_prefix(FENCE) {
            let block = block(info, &mut lines);
            cases
                .last_mut()
                .expect("a heading before the first block")
                .blocks
                .push(block);
        }
    }
    cases.retain(|case| !case.blocks.is_empty());
    cases
}

fn block<'t>(info: &str, lines: &mut impl Iterator<Item = (usize, &'t str)>) -> Block {
    let (kind, argument) = info.trim().split_once(' ').unwrap_or((info.trim(), ""));
    let mut text = String::new();
    let mut range: Option<Range<usize>> = None;
    for (number, line) in lines {
        let start = range.as_ref().map_or(number, |range| range.start);
        range = Some(start..number);
        if line == FENCE {
            return Block {
                kind: kind.to_owned(),
                argument: argument.trim().to_owned(),
                text,
                lines: range.unwrap_or_default(),
            };
        }
        text.push_str(line);
        text.push('\n');
    }
    panic!("the block `{info}` is not closed");
}

/// The suite with another text in the block `kind` of a case; a block that is missing is added behind the
/// last one.
///
/// # Panics
/// When there is no such case.
pub fn with_block(suite: &str, case: &str, kind: &str, text: &str) -> String {
    let cases = cases(suite);
    let case = cases
        .iter()
        .find(|known| known.name == case)
        .expect("the case is there");
    let mut lines: Vec<&str> = suite.split('\n').collect();
    let new = text.strip_suffix('\n').unwrap_or(text);
    let new: Vec<&str> = if text.is_empty() {
        Vec::new()
    } else {
        new.split('\n').collect()
    };
    match case.block(kind) {
        Some(block) => drop(lines.splice(block.lines.clone(), new)),
        None => {
            let behind = case.blocks.last().map_or(0, |block| block.lines.end + 1);
            let opening = format!("{FENCE}{kind}");
            let added = ["", &opening].into_iter().chain(new).chain([FENCE]);
            drop(lines.splice(behind..behind, added));
            return lines.join("\n");
        }
    }
    lines.join("\n")
}
