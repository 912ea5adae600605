//! Text to a TOML document.

use std::collections::BTreeSet;

use ozml_parser::{Diagnostic, Source, Span};
use toml::Spanned;
use toml::de::{DeTable, Error};

use super::super::Config;
use super::MOST_FAULTS;

/// The document, and why it is none. What was read is worth nothing then.
pub(in super::super) fn parse(source: &Source) -> (Spanned<DeTable<'_>>, Vec<Diagnostic>) {
    if source.text().len() > Config::MOST_BYTES {
        let message = format!("a configuration has at most {} MiB", Config::MOST_BYTES >> 20);
        let fault = Diagnostic::error("toml-syntax", 300, Span::default(), message);
        return (nothing(), vec![fault]);
    }
    let (document, faults) = tolerant(source.text());
    let mut faults: Vec<_> = faults
        .iter()
        .map(|fault| (Span::from(fault.span().unwrap_or_default()), fault.message()))
        .collect();
    faults.sort_unstable();
    // Something that is never closed swallows what follows: only the first fault is one for sure.
    if faults.iter().any(|(_, text)| text.contains("unclosed")) {
        faults.truncate(1);
    }
    // The parser goes on in the middle of a line: only the first fault of a line is one for sure.
    let mut lines = BTreeSet::new();
    let faults = faults
        .into_iter()
        .filter(|(span, _)| lines.insert(source.position(span.start as usize).line))
        .take(MOST_FAULTS)
        .map(|(span, text)| not_toml(span, text));
    let faults = faults.collect();
    (document, faults)
}

/// The document as far as it can be read, and its faults: all of them, or the first one of a long text, for
/// each costs more than the text it is about.
pub(in super::super) fn tolerant(text: &str) -> (Spanned<DeTable<'_>>, Vec<Error>) {
    const LONG: usize = 1 << 20;
    if text.len() <= LONG {
        return DeTable::parse_recoverable(text);
    }
    match DeTable::parse(text) {
        Ok(document) => (document, Vec::new()),
        Err(fault) => (nothing(), vec![fault]),
    }
}

fn nothing<'i>() -> Spanned<DeTable<'i>> {
    Spanned::new(0..0, DeTable::new())
}

fn not_toml(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("toml-syntax", 300, span, format!("this is no TOML: {text}"))
}
