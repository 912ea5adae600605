//! The lines of a source that a diagnostic shows, cut around the faults.

use std::ops::Range;

use crate::source::{BYTE_ORDER_MARK, Source, Span};
use crate::{Label, Position};

use super::escape;

const MOST_CHARACTERS: usize = 120;
/// Characters after the fault where a line is cut on both sides.
const AFTER: usize = 70;
const CUT: &str = "...";
/// Labels further apart than this many lines are shown in excerpts of their own.
const NEAR_LINES: u32 = 3;
const MOST_LABELS: usize = 8;

/// Some lines that follow one another, escaped, with the marks in them.
pub(super) struct Excerpt {
    /// Number of the first line.
    pub(super) line: u32,
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
}

/// A label whose place is a range of bytes of an excerpt.
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) text: String,
    pub(super) primary: bool,
}

impl Excerpt {
    /// The excerpts for `labels`, in the order of the source. A label is shown on the line where it begins.
    pub(super) fn of_labels(source: &Source, labels: &[Label]) -> Vec<Excerpt> {
        let mut placed: Vec<(u32, &Label)> = labels
            .iter()
            .take(MOST_LABELS)
            .map(|label| (first_line(source, label.span), label))
            .collect();
        placed.sort_by_key(|&(line, label)| (line, label.span));
        placed
            .chunk_by(|(before, _), (after, _)| after.saturating_sub(*before) <= NEAR_LINES)
            .map(|near| Self::of_near_labels(source, near))
            .collect()
    }

    fn of_near_labels(source: &Source, labels: &[(u32, &Label)]) -> Excerpt {
        let first = labels.first().map_or(1, |&(line, _)| line);
        let last = labels.last().map_or(1, |&(line, _)| line);
        let mut excerpt = Excerpt {
            line: first,
            text: String::new(),
            marks: Vec::new(),
        };
        for number in first..=last {
            if number > first {
                excerpt.text.push('\n');
            }
            let span = source.line_span(number).unwrap_or_default();
            let here: Vec<&Label> = labels
                .iter()
                .filter(|&&(line, _)| line == number)
                .map(|&(_, label)| label)
                .collect();
            excerpt.add_line(source, span, &here);
        }
        excerpt
    }

    fn add_line(&mut self, source: &Source, line: Span, labels: &[&Label]) {
        let primary = labels.iter().find(|label| label.primary).or(labels.first());
        let anchor = primary.map_or(line.start, |label| label.span.start);
        let window = Window::new(source.slice(line), offset_in(line, anchor));
        let begin = self.text.len();
        for label in labels {
            let start = window.place(offset_in(line, label.span.start));
            let end = window.place(offset_in(line, label.span.end));
            self.marks.push(Mark {
                range: begin.saturating_add(start)..begin.saturating_add(end.max(start)),
                text: label.text.clone(),
                primary: label.primary,
            });
        }
        window.write(&mut self.text);
    }
}

fn first_line(source: &Source, span: Span) -> u32 {
    let Position { line, .. } = source.position(span.start as usize);
    line
}

fn offset_in(line: Span, byte: u32) -> usize {
    (byte.clamp(line.start, line.end) as usize).saturating_sub(line.start as usize)
}

/// A part of a line.
struct Window<'l> {
    line: &'l str,
    shown: Range<usize>,
}

impl<'l> Window<'l> {
    fn new(line: &'l str, anchor: usize) -> Self {
        let (before, after) = line.split_at_checked(anchor).unwrap_or((line, ""));
        let room = MOST_CHARACTERS.saturating_sub(CUT.len().saturating_mul(2));
        let (all_after, width_after) = fitting(after.chars(), MOST_CHARACTERS);
        let (all_before, width_before) = fitting(before.chars().rev(), MOST_CHARACTERS);
        let whole = all_after == after.len()
            && all_before == before.len()
            && width_after.saturating_add(width_before) <= MOST_CHARACTERS;
        if whole {
            return Self {
                line,
                shown: 0..line.len(),
            };
        }
        let (least_after, least_width) = fitting(after.chars(), AFTER);
        let (shown_before, width) = fitting(before.chars().rev(), room.saturating_sub(least_width));
        let (shown_after, _) = fitting(after.chars(), room.saturating_sub(width));
        let start = before.len().saturating_sub(shown_before);
        let end = before.len().saturating_add(shown_after.max(least_after));
        Self {
            line,
            shown: start..end,
        }
    }

    fn write(&self, output: &mut String) {
        if self.shown.start > 0 {
            output.push_str(CUT);
        }
        self.write_until(self.shown.end, output);
        if self.shown.end < self.line.len() {
            output.push_str(CUT);
        }
    }

    /// Where the byte at `offset` of the line is in what [`Window::write`] writes.
    fn place(&self, offset: usize) -> usize {
        let mut before = String::new();
        if self.shown.start > 0 {
            before.push_str(CUT);
        }
        self.write_until(offset.clamp(self.shown.start, self.shown.end), &mut before);
        before.len()
    }

    fn write_until(&self, end: usize, output: &mut String) {
        let shown = self.line.get(self.shown.start..end).unwrap_or_default();
        for character in shown.chars().filter(|&character| character != BYTE_ORDER_MARK) {
            escape::push(output, character);
        }
    }
}

/// Bytes of the first characters that fit `most` when escaped, and how many characters they become.
fn fitting(characters: impl Iterator<Item = char>, most: usize) -> (usize, usize) {
    let (mut bytes, mut width) = (0_usize, 0_usize);
    let mut escaped = String::new();
    for character in characters {
        escaped.clear();
        escape::push(&mut escaped, character);
        let wider = width.saturating_add(escaped.chars().count());
        if wider > most {
            break;
        }
        width = wider;
        bytes = bytes.saturating_add(character.len_utf8());
    }
    (bytes, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, anchor: usize) -> String {
        let mut text = String::new();
        Window::new(line, anchor).write(&mut text);
        text
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let line = "a".repeat(120);
        assert_eq!(shown(&line, 60), line);
        assert_eq!(shown("", 0), "");
    }

    #[test]
    fn a_long_line_is_cut_around_the_fault() {
        let line = format!("{}X{}", "a".repeat(1000), "b".repeat(1000));
        for anchor in [0, 5, 1000, 1990, 2001] {
            let text = shown(&line, anchor);
            assert!(text.chars().count() <= 120, "{anchor}: {text}");
            assert!(text.chars().count() >= 114, "{anchor}: {text}");
        }
        assert!(shown(&line, 1000).contains('X'));
        let window = Window::new(&line, 1000);
        let mut text = String::new();
        window.write(&mut text);
        assert_eq!(text.get(window.place(1000)..window.place(1001)), Some("X"));
    }

    #[test]
    fn escapes_count_as_they_are_shown() {
        let line = "\u{202e}".repeat(500);
        assert!(shown(&line, 600).chars().count() <= 120);
    }
}
