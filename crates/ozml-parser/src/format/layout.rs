//! Writes an outline down.

use crate::source::Span;

use super::line_end::LineEnd;
use super::outline::{Item, Kind, Outline, Tag};

/// The most characters a start tag may have, its indentation included, before its attributes get their own lines.
const TAG_CHARACTERS: usize = 100;
const INDENTATION: &str = "  ";

/// Appends the layout of `outline`, which was made from `text`. It is cut short once `output` has more than
/// `most` bytes: indentation can make a hostile text many times as long.
pub(super) fn write(text: &str, outline: &Outline, line_end: LineEnd, most: usize, output: &mut String) {
    let mut page = Page {
        text,
        line_end: line_end.as_str(),
        depth: 0,
        output,
    };
    let mut items = outline.items.iter().peekable();
    let mut first = true;
    while let Some(item) = items.next() {
        page.leave(item);
        if !first {
            let ends_line = items.peek().is_none_or(|next| next.breaks > 0);
            page.separate(item, ends_line);
        }
        page.item(item);
        first = false;
        if page.output.len() > most {
            return;
        }
    }
    page.output.push_str(page.line_end);
}

struct Page<'t, 'o> {
    text: &'t str,
    line_end: &'static str,
    /// How many elements are around what is written next.
    depth: usize,
    output: &'o mut String,
}

impl<'t> Page<'t, '_> {
    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// An end tag is indented like its start tag.
    fn leave(&mut self, item: &Item) {
        if matches!(item.kind, Kind::End(_)) {
            self.depth = self.depth.saturating_sub(1);
        }
    }

    /// Writes what is between `item` and the one before. A note about what stands before it on its line stays
    /// with it.
    fn separate(&mut self, item: &Item, ends_line: bool) {
        if matches!(item.kind, Kind::Note(_)) && item.breaks == 0 && ends_line {
            return self.output.push(' ');
        }
        if item.breaks > 1 {
            self.output.push_str(self.line_end);
        }
        self.new_line(self.depth);
    }

    fn new_line(&mut self, indentation: usize) {
        self.output.push_str(self.line_end);
        for _ in 0..indentation {
            self.output.push_str(INDENTATION);
        }
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            Kind::Start(tag) => {
                self.tag(tag, ">");
                self.depth = self.depth.saturating_add(1);
            }
            Kind::End(name) => self.end_tag(*name),
            Kind::Whole { tag, content } if content.is_empty() => self.tag(tag, "/>"),
            Kind::Whole { tag, content } => {
                self.tag(tag, ">");
                self.output.push_str(self.slice(*content));
                self.end_tag(tag.name);
            }
            Kind::Note(note) => self.output.push_str(self.slice(*note)),
        }
    }

    fn tag(&mut self, tag: &Tag, end: &str) {
        self.output.push('<');
        self.output.push_str(self.slice(tag.name));
        let broken = tag.attributes.len() > 1 && self.tag_characters(tag, end) > TAG_CHARACTERS;
        for attribute in &tag.attributes {
            if broken {
                self.new_line(self.depth.saturating_add(2));
            } else {
                self.output.push(' ');
            }
            self.output.push_str(self.slice(attribute.name));
            self.output.push('=');
            self.output.push_str(self.slice(attribute.value));
        }
        self.output.push_str(end);
    }

    /// How long the line of a tag would be. Line breaks in values count like other characters.
    fn tag_characters(&self, tag: &Tag, end: &str) -> usize {
        let characters = |span| self.slice(span).chars().count();
        let attributes = tag.attributes.iter().map(|attribute| {
            let blank_and_equals = 2_usize;
            blank_and_equals
                .saturating_add(characters(attribute.name))
                .saturating_add(characters(attribute.value))
        });
        let around = INDENTATION
            .len()
            .saturating_mul(self.depth)
            .saturating_add("<".len())
            .saturating_add(characters(tag.name))
            .saturating_add(end.len());
        attributes.fold(around, usize::saturating_add)
    }

    fn end_tag(&mut self, name: Span) {
        self.output.push_str("</");
        self.output.push_str(self.slice(name));
        self.output.push('>');
    }
}
