//! Texts that are no scripts at all.

use crate::Diagnostic;
use crate::source::{Source, Span};

use super::{clipped, error};

/// A text that does not begin like XML, or is XML of another kind.
pub(super) fn wrong_kind(source: &Source, start: usize) -> Option<Diagnostic> {
    let body = source.text().get(start..)?;
    let first_line = body.lines().next().unwrap_or_default();
    let span = Span::new(start, start.saturating_add(first_line.len()));
    if body.is_empty() {
        return Some(
            error(
                "empty-script",
                span,
                "the script is empty, expected an element such as `<Response>`",
            )
            .help("a script that does nothing is `<Response/>`"),
        );
    }
    if begins_with(body, "&lt;") {
        return Some(
            error(
                "escaped-script",
                span,
                "the script is escaped: it begins with `&lt;`, expected `<`",
            )
            .help("send the XML itself, without escaping it for HTML"),
        );
    }
    if begins_with(body, "<html") {
        return Some(html_page(span));
    }
    if body.starts_with('<') {
        return None;
    }
    let message = format!(
        "found the text `{}` before the first element, expected `<`",
        clipped(first_line)
    );
    Some(
        error("text-outside-root", span, message)
            .help("a web application may have printed a warning before the script; remove the text"),
    )
}

/// A document type: an HTML page, or a script with a DTD.
pub(in crate::read) fn doctype(source: &Source, start: usize, span: Span) -> Diagnostic {
    let rest = source.text().get(span.end as usize..).unwrap_or_default();
    if begins_with(rest.trim_start(), "html") {
        return html_page(span);
    }
    if let Some(other) = wrong_kind(source, start) {
        return other;
    }
    error(
        "dtd",
        span,
        "found a document type declaration; DTDs are not supported",
    )
    .help("remove everything from `<!DOCTYPE` to its `>`, and replace its entities")
}

fn html_page(span: Span) -> Diagnostic {
    error(
        "html-page",
        span,
        "this is an HTML page, expected a script such as `<Response>...</Response>`",
    )
    .help("look at what the address answers: often an error or a log-in page")
}

fn begins_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(beginning))
}
