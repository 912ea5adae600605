//! From bytes to a document: encoding, pre-scan, XML, arena.

mod build;
mod characters;
mod declaration;
mod encoding;
mod explain;
mod prescan;
mod scan;

pub use encoding::Unreadable;
pub(crate) use scan::{Scanner, Token, is_blank};

use crate::{Diagnostic, Document, ReadingLimits, Source};

impl Document {
    /// Reads a document. A byte order mark and white space before it are skipped.
    ///
    /// # Errors
    /// One diagnostic with status 300, since XML is read up to its first fault only. An exceeded limit is named
    /// in [`Diagnostic::limit`].
    pub fn parse(source: &Source, limits: &ReadingLimits) -> Result<Document, Diagnostic> {
        let text = source.text();
        let start = characters::leading_bytes(text);
        let fault = prescan::check(source, start, limits)?;
        // The XML parser sees no byte that the pre-scan has not counted.
        let end = fault.map_or(text.len(), |fault| fault.markup);
        let body = text.get(start..end).unwrap_or_default();
        match (roxmltree::Document::parse(body), fault) {
            (Ok(tree), None) => Ok(build::build(source.clone(), &tree, start)),
            (Ok(_), Some(fault)) => Err(explain::fault(source, start, fault)),
            (Err(error), fault) => Err(explain::xml(source, start, &error, fault)),
        }
    }
}

/// The tokens of a text, without its byte order mark and the white space before the first of them.
pub(crate) fn tokens(text: &str) -> Scanner<'_> {
    Scanner::new(text, characters::leading_bytes(text))
}
