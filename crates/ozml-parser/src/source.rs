//! The text of a script, with its name and its lines.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

/// The byte order mark, allowed once at the start of a text.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// A range of bytes of a source text, end excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The span of the bytes `start..end`; offsets that do not fit 32 bits become the greatest that does.
    pub fn new(start: usize, end: usize) -> Self {
        let fit = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            start: fit(start),
            end: fit(end),
        }
    }

    /// The span as a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The number of bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether no byte lies in the span.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A place in a text as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Position {
    /// Line, from 1. LF, CRLF and a lone CR end a line.
    pub line: u32,
    /// Column in characters, from 1; a byte order mark does not count.
    pub column: u32,
}

/// The text of one script under the name that messages show.
///
/// A clone is cheap and shares the text.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// A source named `name`, usually its path or URL. A byte order mark stays in the text: spans count
    /// from the first byte of `text`.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self(Arc::new(Inner {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
        }))
    }

    /// The name given to [`Source::new`].
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The whole text, byte order mark included.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The text of `span`, empty where the span does not lie on character boundaries inside the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text().get(span.range()).unwrap_or_default()
    }

    /// Line and column of the byte at `byte`; an offset beyond the end counts as the end.
    pub fn position(&self, byte: usize) -> Position {
        self.lines().position(self.text(), byte)
    }

    /// SHA-256 of the bytes of the text, 64 lower-case hexadecimal digits.
    pub fn sha256(&self) -> String {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(self.text().as_bytes()) {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// The bytes of line `line` (from 1) without its line end, if there is such a line.
    pub(crate) fn line_span(&self, line: u32) -> Option<Span> {
        let starts = &self.lines().starts;
        let index = (line as usize).checked_sub(1)?;
        let start = *starts.get(index)? as usize;
        let end = starts
            .get(index.saturating_add(1))
            .map_or(self.text().len(), |&next| next as usize);
        let line = self.text().get(start..end)?.trim_end_matches(['\r', '\n']);
        Some(Span::new(start, start.saturating_add(line.len())))
    }

    fn lines(&self) -> &LineIndex {
        self.0.lines.get_or_init(|| LineIndex::new(self.text()))
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name())
            .field("bytes", &self.text().len())
            .finish()
    }
}

/// Where lines start, and how many characters lie before every block of bytes, so that a position in a line
/// of a megabyte costs no more than one in a short line.
struct LineIndex {
    starts: Vec<u32>,
    characters_before_block: Vec<u32>,
}

const BLOCK_BYTES: usize = 1024;

impl LineIndex {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let next = at.saturating_add(1);
            let first_half_of_crlf = bytes.get(at) == Some(&b'\r') && bytes.get(next) == Some(&b'\n');
            if !first_half_of_crlf {
                starts.push(Span::new(next, next).start);
            }
        }
        let mut sum = 0_u32;
        let characters_before_block = bytes
            .chunks(BLOCK_BYTES)
            .map(|block| {
                let before = sum;
                sum = sum.saturating_add(count_characters(block));
                before
            })
            .collect();
        Self {
            starts,
            characters_before_block,
        }
    }

    fn position(&self, text: &str, byte: usize) -> Position {
        let byte = byte.min(text.len());
        let line = self
            .starts
            .partition_point(|&start| start as usize <= byte)
            .max(1);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .map_or(0, |&start| start as usize);
        let mut before = match text.as_bytes().get(start..byte) {
            Some(near) if near.len() <= BLOCK_BYTES => count_characters(near),
            _ => self
                .characters_before(text, byte)
                .saturating_sub(self.characters_before(text, start)),
        };
        if start == 0 && byte > 0 && text.starts_with(BYTE_ORDER_MARK) {
            before = before.saturating_sub(1);
        }
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: before.saturating_add(1),
        }
    }

    fn characters_before(&self, text: &str, byte: usize) -> u32 {
        let block = byte / BLOCK_BYTES;
        let known = self.characters_before_block.get(block).copied();
        let from = known.map_or(block.saturating_sub(1), |_| block);
        let before = known.or_else(|| self.characters_before_block.get(from).copied());
        let rest = text.as_bytes().get(from.saturating_mul(BLOCK_BYTES)..byte);
        before
            .unwrap_or_default()
            .saturating_add(rest.map_or(0, count_characters))
    }
}

/// Counts the bytes that begin a character of UTF-8.
fn count_characters(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, byte: usize) -> (u32, u32) {
        let position = Source::new("t", text).position(byte);
        (position.line, position.column)
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        let text = "a\nb\r\nc\rd";
        assert_eq!(at(text, 0), (1, 1));
        assert_eq!(at(text, 2), (2, 1));
        assert_eq!(at(text, 5), (3, 1));
        assert_eq!(at(text, 7), (4, 1));
        assert_eq!(at(text, 99), (4, 2));
    }

    #[test]
    fn columns_are_characters_and_the_byte_order_mark_is_none() {
        assert_eq!(at("\u{feff}<é>x", 3), (1, 1));
        assert_eq!(at("\u{feff}<é>x", 7), (1, 4));
        assert_eq!(at("日本語", 6), (1, 3));
    }

    #[test]
    fn long_lines_are_counted_by_blocks() {
        let text = "é".repeat(BLOCK_BYTES * 3);
        for characters in [0, 1, 511, 512, 513, 1024, 3071, 3072] {
            let expected = u32::try_from(characters).unwrap() + 1;
            assert_eq!(at(&text, characters * 2), (1, expected));
        }
    }

    #[test]
    fn a_line_is_found_without_its_end() {
        let source = Source::new("t", "a\r\nbcd\re");
        let line = |n| source.line_span(n).map(|span| source.slice(span).to_owned());
        assert_eq!(line(1).as_deref(), Some("a"));
        assert_eq!(line(2).as_deref(), Some("bcd"));
        assert_eq!(line(3).as_deref(), Some("e"));
        assert_eq!(line(4), None);
        assert_eq!(line(0), None);
    }

    #[test]
    fn the_digest_is_lower_hex() {
        assert_eq!(
            Source::new("t", "abc").sha256(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
