//! A well-formed text as the formatter sees it: what gets a line, and what must stay as it is.

use crate::read::{Token, is_blank, tokens};
use crate::source::Span;

use super::line_end::{self, LineEnd};

/// What stands in a text, in its order, without blank text.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) items: Vec<Item>,
    /// The first one in blank text; none where no line ends between two tags.
    pub(super) line_end: Option<LineEnd>,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// How many lines end between this item and the one before it.
    pub(super) breaks: usize,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// The start tag of an element whose content is laid out.
    Start(Tag),
    /// The end tag that belongs to it; its name.
    End(Span),
    /// A whole element whose content, if there is any, stays as it is.
    Whole { tag: Tag, content: Span },
    /// A comment or an instruction, the XML declaration too.
    Note(Span),
}

#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: Span,
    pub(super) attributes: Vec<Attribute>,
}

#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: Span,
    /// With its quotes.
    pub(super) value: Span,
}

impl Outline {
    /// The outline of a text that is known to be well-formed.
    pub(super) fn new(text: &str) -> Self {
        let mut builder = Builder {
            text,
            outline: Outline::default(),
            tag: None,
            open: Vec::new(),
            breaks: 0,
        };
        let mut tokens = tokens(text);
        let mut start = tokens.offset();
        while let Some(token) = tokens.next() {
            let end = tokens.offset();
            builder.add(token, Span::new(start, end));
            start = end;
        }
        builder.outline
    }
}

struct Builder<'t> {
    text: &'t str,
    outline: Outline,
    /// The start tag that is being read.
    tag: Option<Tag>,
    open: Vec<Open>,
    /// How many lines ended since the last item.
    breaks: usize,
}

/// An element whose end tag is still to come.
struct Open {
    /// The index of its start tag.
    item: usize,
    content_start: u32,
    /// Whether its content must stay as it is.
    keeps_content: bool,
}

impl Builder<'_> {
    fn add(&mut self, token: Token, span: Span) {
        match token {
            Token::Open { name } => {
                let attributes = Vec::new();
                self.tag = Some(Tag { name, attributes });
            }
            Token::Attribute { name, value } => self.attribute(name, value),
            Token::OpenEnd { empty } => self.start(empty, span.end),
            Token::Close { name } => self.end(name, span.start),
            Token::Text(text) => self.text(text),
            Token::Cdata(_) => self.keep_content(),
            Token::Comment | Token::Instruction(_) => self.push(Kind::Note(span)),
            // A well-formed text has none.
            Token::Fault(_) => {}
        }
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind) {
        let breaks = std::mem::take(&mut self.breaks);
        self.outline.items.push(Item { kind, breaks });
    }

    fn attribute(&mut self, name: Span, value: Span) {
        let quoted = Span {
            start: value.start.saturating_sub(1),
            end: value.end.saturating_add(1),
        };
        if let Some(tag) = &mut self.tag {
            tag.attributes.push(Attribute { name, value: quoted });
        }
    }

    fn start(&mut self, empty: bool, end: u32) {
        let Some(tag) = self.tag.take() else {
            return;
        };
        if empty {
            let content = Span::default();
            return self.push(Kind::Whole { tag, content });
        }
        self.open.push(Open {
            item: self.outline.items.len(),
            content_start: end,
            keeps_content: self.preserves_space(&tag),
        });
        self.push(Kind::Start(tag));
    }

    /// XML 1.0, 2.10.
    fn preserves_space(&self, tag: &Tag) -> bool {
        tag.attributes.iter().any(|attribute| {
            let value = self.slice(attribute.value).trim_matches(['"', '\'']);
            self.slice(attribute.name) == "xml:space" && value == "preserve"
        })
    }

    fn text(&mut self, span: Span) {
        let text = self.slice(span);
        if !text.bytes().all(is_blank) {
            return self.keep_content();
        }
        let line_end = LineEnd::first_of(text);
        self.breaks = line_end::count(text);
        self.outline.line_end = self.outline.line_end.or(line_end);
    }

    fn keep_content(&mut self) {
        if let Some(element) = self.open.last_mut() {
            element.keeps_content = true;
        }
    }

    fn end(&mut self, name: Span, content_end: u32) {
        let Some(element) = self.open.pop() else {
            return;
        };
        if element.keeps_content {
            let start = element.content_start;
            return self.make_whole(
                element.item,
                Span {
                    start,
                    end: content_end,
                },
            );
        }
        if element.item.saturating_add(1) == self.outline.items.len() {
            return self.make_whole(element.item, Span::default());
        }
        self.push(Kind::End(name));
    }

    /// Turns the start tag at `index` and what was found since into one item.
    fn make_whole(&mut self, index: usize, content: Span) {
        self.outline.items.truncate(index.saturating_add(1));
        self.breaks = 0;
        if let Some(Item {
            kind: Kind::Start(tag),
            breaks,
        }) = self.outline.items.pop()
        {
            let kind = Kind::Whole { tag, content };
            self.outline.items.push(Item { kind, breaks });
        }
    }
}
