//! The messages of the checker, one small function each.

use ozml_parser::{Attribute, Diagnostic, Element, Span};
use ozml_session::Invalid;

use super::suggest::nearest;
use crate::registry::Registry;
use crate::run::LimitReached;
use crate::verb::{Contexts, ParamSpec, VerbSpec};

pub(super) fn unknown_root(root: Element<'_>) -> Diagnostic {
    let name = root.name();
    Diagnostic::error(
        "unknown-root",
        300,
        root.name_span(),
        format!("a script begins with `<Response>`, this document with `<{name}>`"),
    )
    .label(root.name_span(), "neither `Response` nor `OzML` nor a verb")
    .help("put the verbs into `<Response>` and `</Response>`")
}

pub(super) fn unknown_verb(element: Element<'_>, registry: &Registry) -> Diagnostic {
    let name = element.name();
    let span = element.name_span();
    let fault = Diagnostic::error("unknown-verb", 301, span, format!("there is no verb `{name}`"))
        .label(span, "not a verb of OzML");
    match nearest(name, registry.names()) {
        Some(near) => fault.help(format!("write `{near}`")).fix(span, near),
        None => fault.help("`ozml verbs` lists the verbs"),
    }
}

pub(super) fn not_available(element: Element<'_>, spec: &VerbSpec) -> Diagnostic {
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

pub(super) fn not_here(element: Element<'_>, spec: &VerbSpec, context: Contexts) -> Diagnostic {
    let span = element.name_span();
    Diagnostic::error(
        "verb-not-here",
        303,
        span,
        format!("`{}` cannot be used here", spec.name),
    )
    .label(span, format!("this script runs in context {context}"))
    .help(format!("`{}` belongs into: {}", spec.name, spec.contexts))
}

pub(super) fn unknown_attribute(
    element: Element<'_>,
    attribute: &Attribute<'_>,
    known: &[ParamSpec],
) -> Diagnostic {
    let (verb, name, span) = (element.name(), attribute.name(), attribute.name_span());
    let fault = Diagnostic::error(
        "unknown-attribute",
        302,
        span,
        format!("`{verb}` has no attribute `{name}`"),
    )
    .label(span, "not an attribute of this element")
    .label(element.name_span(), "");
    let names = known
        .iter()
        .filter(|param| !param.http_only)
        .map(|param| param.name);
    match nearest(name, names.clone()) {
        Some(near) => fault.help(format!("write `{near}`")).fix(span, near),
        None if known.is_empty() => fault.help("take it out"),
        None => fault.help(format!(
            "its attributes are: {}",
            names.collect::<Vec<_>>().join(", ")
        )),
    }
}

pub(super) fn http_only(element: Element<'_>, attribute: &Attribute<'_>) -> Diagnostic {
    let span = attribute.name_span();
    let (verb, name) = (element.name(), attribute.name());
    Diagnostic::error(
        "http-only",
        302,
        span,
        format!("`{name}` of `{verb}` belongs to the HTTP API"),
    )
    .label(span, "not in a script")
    .help("take it out")
}

pub(super) fn given_twice(attribute: &Attribute<'_>, param: &ParamSpec, first: Span) -> Diagnostic {
    let span = attribute.name_span();
    Diagnostic::warning(
        "given-twice",
        302,
        span,
        format!("`{}` is given twice; the first counts", param.name),
    )
    .label(span, "this one is ignored")
    .label(first, "this one counts")
    .help("take one of them out")
}

pub(super) fn content_and_attribute(param: &ParamSpec, content: Span, attribute: Span) -> Diagnostic {
    let name = param.name;
    Diagnostic::error(
        "content-and-attribute",
        302,
        content,
        format!("`{name}` is given as attribute and as text, and the two differ"),
    )
    .label(content, "the text")
    .label(attribute, "the attribute")
    .help(format!("keep the attribute `{name}` or the text, not both"))
}

pub(super) fn unexpected_child(child: Element<'_>, spec: &VerbSpec) -> Diagnostic {
    let span = child.name_span();
    let fault = Diagnostic::error(
        "unexpected-element",
        300,
        span,
        format!("`{}` holds no elements, found `<{}>`", spec.name, child.name()),
    )
    .label(span, "not allowed here");
    match spec.content() {
        Some(param) if param.type_name == "text" => fault.help("OzML speaks plain text: take the markup out"),
        _ => fault.help(format!(
            "put `<{}>` before or behind `{}`",
            child.name(),
            spec.name
        )),
    }
}

pub(super) fn stray_text(container: &str, span: Span) -> Diagnostic {
    Diagnostic::error("stray-text", 300, span, format!("`{container}` takes no text"))
        .label(span, "text between elements does nothing")
        .help("put it into a verb such as `<Speak>`, or take it out")
}

pub(super) fn wrong_value(spec: &VerbSpec, param: &ParamSpec, span: Span, fault: &Invalid) -> Diagnostic {
    Diagnostic::error(
        "wrong-value",
        302,
        span,
        format!("`{}` of `{}`: {fault}", param.name, spec.name),
    )
    .label(span, format!("expected: {}", param.type_name))
    .help("correct the value, or use a variable such as `$name`")
}

pub(super) fn over_limit(limit: &LimitReached, span: Span) -> Diagnostic {
    let (name, value) = (limit.name, limit.value);
    Diagnostic::error(
        "over-limit",
        302,
        span,
        format!("limit `{name}` of {value} is exceeded"),
    )
    .label(span, "more than the limit allows")
    .help(format!(
        "make it smaller, or raise the limit with `--limit {name}=…`"
    ))
    .limit(name)
}

pub(super) fn missing(element: Element<'_>, spec: &VerbSpec, param: &ParamSpec) -> Diagnostic {
    let span = element.name_span();
    let fault = Diagnostic::error(
        "missing-parameter",
        302,
        span,
        format!("`{}` needs `{}`", spec.name, param.name),
    )
    .label(span, format!("{} is missing", param.summary));
    let (verb, name) = (element.name(), param.name);
    if param.content {
        fault.help(format!("write `<{verb}>…</{verb}>` or `<{verb} {name}=\"…\"/>`"))
    } else {
        fault.help(format!("add `{name}=\"…\"`"))
    }
}

pub(super) fn empty(spec: &VerbSpec, param: &ParamSpec, span: Span) -> Diagnostic {
    Diagnostic::error(
        "missing-parameter",
        302,
        span,
        format!("`{}` of `{}` is empty", param.name, spec.name),
    )
    .label(span, format!("expected: {}", param.type_name))
    .help("give it a value")
}
