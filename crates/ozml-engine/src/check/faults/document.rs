//! Documents that are no scripts.

use ozml_parser::{Diagnostic, Element};

pub(in crate::check) fn unknown_root(root: Element<'_>) -> Diagnostic {
    let (name, span) = (root.name(), root.name_span());
    if name.eq_ignore_ascii_case("html") {
        return Diagnostic::error(
            "html-page",
            300,
            span,
            "this is an HTML page, expected a script such as `<Response>...</Response>`",
        )
        .help("look at what the address answers: often an error or a log-in page");
    }
    Diagnostic::error(
        "unknown-root",
        300,
        span,
        format!("a script begins with `<Response>`, this document with `<{name}>`"),
    )
    .label(span, "neither `Response` nor `OzML` nor a verb")
    .help("put the verbs into `<Response>` and `</Response>`")
}

/// A document of another kind than the one that was asked for.
pub(in crate::check) fn other_root(root: Element<'_>, expected: &str) -> Diagnostic {
    let (name, span) = (root.name(), root.name_span());
    Diagnostic::error(
        "unknown-root",
        300,
        span,
        format!("this document begins with `<{name}>`, expected `<{expected}>`"),
    )
    .label(span, format!("`{expected}` was expected"))
    .help(format!(
        "put what is in it into `<{expected}>` and `</{expected}>`"
    ))
}

/// `<action application="play" …/>`, which an article shows as OzML and no page of the vendor's knows.
pub(in crate::check) fn is_action_dialect(element: Element<'_>) -> bool {
    element.name().eq_ignore_ascii_case("action")
        && element
            .attributes()
            .any(|attribute| attribute.name().eq_ignore_ascii_case("application"))
}

pub(in crate::check) fn action_dialect(element: Element<'_>) -> Diagnostic {
    let span = element.name_span();
    Diagnostic::error(
        "action-dialect",
        301,
        span,
        "`<action application=\"…\">` is not OzML, though some articles show it",
    )
    .label(span, "a verb was expected")
    .help("in OzML each verb is an element of its own, such as `<Play>hello.wav</Play>`; `ozml verbs` lists them")
}
