//! Which verb it is.

use ozml_parser::{Diagnostic, Element, Source};

use super::source::renamed;
use crate::verb::VerbSpec;

pub(in crate::check) fn unknown_verb(
    source: &Source,
    element: Element<'_>,
    near: Option<&str>,
) -> Diagnostic {
    let (name, span) = (element.name(), element.name_span());
    let fault = Diagnostic::error("unknown-verb", 301, span, format!("there is no verb `{name}`"))
        .label(span, "not a verb of OzML");
    match near {
        Some(near) => renamed(fault.help(format!("write `{near}`")), source, element, near),
        None => fault.help("`ozml verbs` lists the verbs"),
    }
}

/// `<Response>` inside a script.
pub(in crate::check) fn inner_root(element: Element<'_>) -> Diagnostic {
    let (name, span) = (element.name(), element.name_span());
    Diagnostic::error(
        "unknown-verb",
        301,
        span,
        format!("`{name}` is no verb, it holds a whole script"),
    )
    .label(span, "stands once, around all verbs")
    .help("put what is in it into the outer one")
}

pub(in crate::check) fn not_available(element: Element<'_>, spec: &VerbSpec) -> Diagnostic {
    let span = element.name_span();
    Diagnostic::error(
        "verb-not-available",
        301,
        span,
        format!("`{}` is not available yet", spec.name),
    )
    .label(span, "an OzML verb that this version cannot run")
    .help("take it out, or use a version that has it; `ozml verbs` shows what is available")
}

pub(in crate::check) fn other_verb_name(source: &Source, element: Element<'_>, name: &str) -> Diagnostic {
    let (written, span) = (element.name(), element.name_span());
    let fault = Diagnostic::warning(
        "other-spelling",
        301,
        span,
        format!("`{written}` is understood as `{name}`"),
    )
    .help(format!("write `{name}`"));
    renamed(fault, source, element, name)
}
