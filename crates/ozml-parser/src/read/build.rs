//! From the tree of roxmltree, which borrows the text, to our arena, which owns it.

use std::ops::Range;

use roxmltree::{Attribute, Node};

use crate::document::{AttributeRecord, Document, NodeKind, NodeRecord, Stored};
use crate::source::{Source, Span};

/// Copies `tree`, parsed from the text of `source` without its first `skipped` bytes.
pub(super) fn build(source: Source, tree: &roxmltree::Document<'_>, skipped: usize) -> Document {
    let mut builder = Builder {
        text: tree.input_text(),
        skipped,
        open: Vec::new(),
        document: Document {
            source,
            nodes: Vec::with_capacity(tree.descendants().len()),
            attributes: Vec::new(),
            unescaped: String::new(),
        },
    };
    for node in tree.root_element().descendants() {
        builder.add(node);
    }
    builder.close_until(0);
    builder.document
}

struct Builder<'t> {
    text: &'t str,
    skipped: usize,
    /// Index of each open element, with the offset where it ends in the text.
    open: Vec<(u32, usize)>,
    document: Document,
}

impl<'t> Builder<'t> {
    fn add(&mut self, node: Node<'_, 't>) {
        let range = node.range();
        while self.open.last().is_some_and(|&(_, end)| end <= range.start) {
            self.close_until(self.open.len().saturating_sub(1));
        }
        let index = index(self.document.nodes.len());
        let parent = self.open.last().map_or(index, |&(parent, _)| parent);
        let (span, kind) = if node.is_element() {
            self.open.push((index, range.end));
            (self.span(range.start, range.end), self.element(node))
        } else if node.is_text() {
            self.text(node)
        } else {
            return;
        };
        self.document.nodes.push(NodeRecord {
            parent,
            end: index.saturating_add(1),
            span,
            kind,
        });
    }

    /// Ends open elements until `depth` are left.
    fn close_until(&mut self, depth: usize) {
        let end = index(self.document.nodes.len());
        for (index, _) in self.open.drain(depth..) {
            if let Some(record) = self.document.nodes.get_mut(index as usize) {
                record.end = end;
            }
        }
    }

    fn element(&mut self, node: Node<'_, 't>) -> NodeKind {
        let first = self.document.attributes.len();
        for attribute in node
            .attributes()
            .filter(|attribute| attribute.namespace().is_none())
        {
            self.attribute(attribute);
        }
        NodeKind::Element {
            name: self.place_of(node.tag_name().name()).unwrap_or_default(),
            attributes: Span::new(first, self.document.attributes.len()),
        }
    }

    fn attribute(&mut self, attribute: Attribute<'_, 't>) {
        let value = attribute.value();
        let written = self
            .place_of(value)
            .unwrap_or_else(|| self.value_place(attribute.range()));
        let name = attribute.range().start;
        let record = AttributeRecord {
            name: self.span(name, name.saturating_add(attribute.name().len())),
            raw_value: written,
            value: self.stored(value),
        };
        self.document.attributes.push(record);
    }

    /// The part between the quotes. The value range of roxmltree is wrong after more than 255 bytes around `=`.
    fn value_place(&self, range: Range<usize>) -> Span {
        let end = range.end.saturating_sub(1);
        let written = self.text.get(range.start..end).unwrap_or_default();
        let quote = self
            .text
            .get(end..range.end)
            .and_then(|quote| quote.chars().next());
        let before = quote.and_then(|quote| written.rfind(quote)).unwrap_or_default();
        self.span(range.start.saturating_add(before).saturating_add(1), end)
    }

    /// A text may be made of several pieces, of which roxmltree gives the place of the first.
    fn text(&mut self, node: Node<'_, 't>) -> (Span, NodeKind) {
        let stored = self.stored(node.text().unwrap_or_default());
        let range = node.range();
        let end = match stored {
            Stored::Source(_) => range.end,
            Stored::Unescaped(_) => self.end_of_text(node),
        };
        (self.span(range.start, end), NodeKind::Text(stored))
    }

    fn end_of_text(&self, node: Node<'_, 't>) -> usize {
        if let Some(next) = node.next_sibling() {
            return next.range().start;
        }
        let around = node.parent().map(|parent| parent.range()).unwrap_or_default();
        let end_tag = self.text.get(around.clone()).and_then(|text| text.rfind('<'));
        around.start.saturating_add(end_tag.unwrap_or_default())
    }

    fn stored(&mut self, value: &str) -> Stored {
        if let Some(place) = self.place_of(value) {
            return Stored::Source(place);
        }
        let start = self.document.unescaped.len();
        self.document.unescaped.push_str(value);
        Stored::Unescaped(Span::new(start, self.document.unescaped.len()))
    }

    /// The place of a part that is borrowed from the text; none for one that was made from it.
    fn place_of(&self, part: &str) -> Option<Span> {
        let start = part.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let end = start.checked_add(part.len())?;
        (end <= self.text.len()).then(|| self.span(start, end))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(
            start.saturating_add(self.skipped),
            end.saturating_add(self.skipped),
        )
    }
}

/// Node counts fit 32 bits, since the number of bytes does.
fn index(count: usize) -> u32 {
    Span::new(count, count).start
}
