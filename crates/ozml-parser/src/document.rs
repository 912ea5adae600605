//! A parsed script: elements, attributes and texts with their places.

use std::borrow::Cow;

use crate::source::{Source, Span};

/// A well-formed document, in a flat arena: nothing about it recurses, dropping included.
#[derive(Debug)]
pub struct Document {
    pub(crate) source: Source,
    /// In document order; the first is the root.
    pub(crate) nodes: Vec<NodeRecord>,
    pub(crate) attributes: Vec<AttributeRecord>,
    /// Values that differ from what is written, one after the other.
    pub(crate) unescaped: String,
}

#[derive(Debug)]
pub(crate) struct NodeRecord {
    /// Index of the parent; the root is its own.
    pub(crate) parent: u32,
    /// Index after the last descendant.
    pub(crate) end: u32,
    pub(crate) span: Span,
    pub(crate) kind: NodeKind,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Element { name: Span, attributes: Span },
    Text(Stored),
}

#[derive(Debug)]
pub(crate) struct AttributeRecord {
    pub(crate) name: Span,
    pub(crate) raw_value: Span,
    pub(crate) value: Stored,
}

/// Where a value is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stored {
    /// As it is written in the source.
    Source(Span),
    /// In the buffer of unescaped values.
    Unescaped(Span),
}

impl Document {
    /// The text the document was read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The outermost element.
    pub fn root(&self) -> Element<'_> {
        Element {
            document: self,
            index: 0,
        }
    }

    fn stored(&self, stored: Stored) -> &str {
        match stored {
            Stored::Source(span) => self.source.slice(span),
            Stored::Unescaped(span) => self.unescaped.get(span.range()).unwrap_or_default(),
        }
    }

    fn node(&self, index: u32) -> Option<Node<'_>> {
        let record = self.nodes.get(index as usize)?;
        Some(match record.kind {
            NodeKind::Element { .. } => Node::Element(Element {
                document: self,
                index,
            }),
            NodeKind::Text(stored) => Node::Text(Text {
                value: Cow::Borrowed(self.stored(stored)),
                span: record.span,
            }),
        })
    }
}

/// A child of an element.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Node<'d> {
    /// An element.
    Element(Element<'d>),
    /// A piece of text, white space included; its span is all that is written of it.
    Text(Text<'d>),
}

/// An element of a document.
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document,
    index: u32,
}

impl<'d> Element<'d> {
    /// The local name as written, without prefix.
    pub fn name(self) -> &'d str {
        self.document.source.slice(self.name_span())
    }

    /// From the `<` of the start tag to the `>` of the end tag.
    pub fn span(self) -> Span {
        self.record().map(|record| record.span).unwrap_or_default()
    }

    /// The local name in the start tag.
    pub fn name_span(self) -> Span {
        self.parts().0
    }

    /// The attributes in the order they are written, without namespace declarations and without those that
    /// have a prefix.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> + use<'d> {
        let document = self.document;
        let records = document.attributes.get(self.parts().1.range());
        records.unwrap_or_default().iter().map(move |record| Attribute {
            name: document.source.slice(record.name),
            value: document.stored(record.value),
            name_span: record.name,
            value_span: record.raw_value,
        })
    }

    /// Elements and texts directly inside; comments and processing instructions are left out.
    pub fn children(self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        let document = self.document;
        let end = self.record().map_or(0, |record| record.end);
        let mut next = self.index.saturating_add(1);
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let node = document.node(next);
            next = document.nodes.get(next as usize)?.end;
            node
        })
    }

    /// Elements directly inside.
    pub fn elements(self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        self.children().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The element around this one; none for the root.
    pub fn parent(self) -> Option<Element<'d>> {
        let parent = self.record()?.parent;
        (parent != self.index).then_some(Element {
            document: self.document,
            index: parent,
        })
    }

    /// How many elements are around this one: 0 for the root.
    pub fn depth(self) -> usize {
        std::iter::successors(self.parent(), |element| element.parent()).count()
    }

    /// All text and CDATA directly inside, joined; what lies between the pieces does not count.
    ///
    /// The span is that of the first piece that is not blank, without the white space at its ends. Where there
    /// is none it is the gap between the tags, or the whole element where that has no end tag.
    pub fn text(self) -> Text<'d> {
        let mut joined = Cow::Borrowed("");
        let mut first: Option<Text<'d>> = None;
        for piece in self.texts() {
            let blank = is_blank(&piece.value);
            if joined.is_empty() {
                joined = piece.value.clone();
            } else {
                joined.to_mut().push_str(&piece.value);
            }
            match &first {
                Some(known) if blank || !is_blank(&known.value) => {}
                _ => first = Some(piece),
            }
        }
        let span = first.map_or_else(|| self.gap(), |piece| self.trimmed(piece.span));
        Text { value: joined, span }
    }

    fn texts(self) -> impl Iterator<Item = Text<'d>> {
        self.children().filter_map(|node| match node {
            Node::Text(text) => Some(text),
            Node::Element(_) => None,
        })
    }

    /// The place before the end tag. No value of an attribute contains `<`, so the last one begins the end tag.
    fn gap(self) -> Span {
        let span = self.span();
        match self.document.source.slice(span).rfind('<') {
            Some(offset) if offset > 0 => {
                let at = (span.start as usize).saturating_add(offset);
                Span::new(at, at)
            }
            _ => span,
        }
    }

    /// `span` without white space at its ends, unchanged where nothing else is in it.
    fn trimmed(self, span: Span) -> Span {
        let text = self.document.source.slice(span);
        let inner = text.trim_matches(is_space);
        if inner.is_empty() {
            return span;
        }
        let lead = text.len().saturating_sub(text.trim_start_matches(is_space).len());
        let start = (span.start as usize).saturating_add(lead);
        Span::new(start, start.saturating_add(inner.len()))
    }

    fn record(self) -> Option<&'d NodeRecord> {
        self.document.nodes.get(self.index as usize)
    }

    fn parts(self) -> (Span, Span) {
        match self.record().map(|record| &record.kind) {
            Some(&NodeKind::Element { name, attributes }) => (name, attributes),
            _ => Default::default(),
        }
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

/// White space of XML 1.0, production 3.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_space)
}

/// An attribute of an element.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'d> {
    name: &'d str,
    value: &'d str,
    name_span: Span,
    value_span: Span,
}

impl<'d> Attribute<'d> {
    /// The name as written.
    pub fn name(&self) -> &'d str {
        self.name
    }

    /// The value with references replaced; line ends and tabs are spaces (XML 1.0, 3.3.3).
    pub fn value(&self) -> &'d str {
        self.value
    }

    /// The name in the start tag.
    pub fn name_span(&self) -> Span {
        self.name_span
    }

    /// The value as written, without its quotes. References in it are not replaced, so offsets of
    /// [`Attribute::value`] must not be added to it.
    pub fn value_span(&self) -> Span {
        self.value_span
    }
}

/// Text of an element.
#[derive(Clone, Debug)]
pub struct Text<'d> {
    value: Cow<'d, str>,
    span: Span,
}

impl<'d> Text<'d> {
    /// The text with references replaced and line ends as LF.
    pub fn value(&self) -> &Cow<'d, str> {
        &self.value
    }

    /// The text itself, borrowed from the document where it stands in one piece.
    pub fn into_value(self) -> Cow<'d, str> {
        self.value
    }

    /// Where it is written.
    pub fn span(&self) -> Span {
        self.span
    }
}
