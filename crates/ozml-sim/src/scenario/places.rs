//! Where in the script an event happened.

use ozml_engine::TraceEvent;
use ozml_parser::{Document, Element, Position, ReadingLimits, Source, Span};

/// The name of the element of the first document that an event belongs to.
pub(super) fn span_of(script: &Source, event: &TraceEvent<'_>) -> Option<Span> {
    let (Some(1), Some(line), Some(column)) = (event.doc, event.line, event.column) else {
        return None;
    };
    let document = Document::parse(script, &ReadingLimits::default()).ok()?;
    let place = Position { line, column };
    every_element(&document)
        .into_iter()
        .find(|element| script.position(element.span().range().start) == place)
        .map(Element::name_span)
}

/// All elements in the order of the text.
pub(super) fn every_element(document: &Document) -> Vec<Element<'_>> {
    let mut open = vec![document.root()];
    let mut all = Vec::new();
    while let Some(element) = open.pop() {
        all.push(element);
        let mut inner: Vec<_> = element.elements().collect();
        inner.reverse();
        open.append(&mut inner);
    }
    all
}
