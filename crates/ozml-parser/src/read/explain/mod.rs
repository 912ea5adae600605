//! Faults of XML in our own words: what was found, what was expected, how to mend it.

mod fault;
mod kind;
pub(super) mod reference;
mod structure;
mod xml;

pub(super) use fault::fault;
pub(super) use kind::doctype;
pub(super) use xml::{namespace, xml};

use crate::source::Span;
use crate::{Code, Diagnostic};

/// A fault of XML: always status 300.
fn error(code: impl Into<Code>, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, 300, span, message)
}

/// The message for `<?xml` anywhere but at the start.
pub(super) fn misplaced_declaration(span: Span) -> Diagnostic {
    error(
        "xml-declaration",
        span,
        "an XML declaration may stand only at the start, as `<?xml ...?>`",
    )
    .help("remove it; if two scripts follow one another, keep one of them")
}

/// The beginning of `text`, enough to recognise it in a message.
fn clipped(text: &str) -> String {
    const CHARACTERS: usize = 40;
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
