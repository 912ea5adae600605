//! Which parameters are given, and how.

use ozml_parser::{Attribute, Diagnostic, Element, Source, Span};

use super::super::shape::Shape;
use super::source::whole_attribute;
use crate::verb::ParamSpec;

pub(in crate::check) fn unknown_attribute(
    source: &Source,
    element: Element<'_>,
    attribute: &Attribute<'_>,
    known: &[ParamSpec],
    near: Option<&str>,
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
    let mut names = known
        .iter()
        .filter(|param| !param.http_only)
        .map(|param| param.name)
        .peekable();
    match near {
        Some(near) => fault.help(format!("write `{near}`")).fix(span, near),
        None if names.peek().is_none() => fault
            .help("take it out")
            .fix(whole_attribute(source, attribute), ""),
        None => fault.help(format!(
            "its attributes are: {}",
            names.collect::<Vec<_>>().join(", ")
        )),
    }
}

pub(in crate::check) fn http_only(
    source: &Source,
    element: Element<'_>,
    attribute: &Attribute<'_>,
) -> Diagnostic {
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
    .fix(whole_attribute(source, attribute), "")
}

pub(in crate::check) fn given_twice(
    source: &Source,
    attribute: &Attribute<'_>,
    param: &ParamSpec,
    first: Span,
) -> Diagnostic {
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
    .fix(whole_attribute(source, attribute), "")
}

pub(in crate::check) fn other_attribute_name(
    element: Element<'_>,
    attribute: &Attribute<'_>,
    name: &str,
) -> Diagnostic {
    let (written, span) = (attribute.name(), attribute.name_span());
    let fault = Diagnostic::warning(
        "other-spelling",
        302,
        span,
        format!("`{written}` is understood as `{name}`"),
    )
    .help(format!("write `{name}`"));
    // Where the proper name is there as well, the change would make two of it.
    let taken = element
        .attributes()
        .any(|other| other.name().eq_ignore_ascii_case(name));
    if taken { fault } else { fault.fix(span, name) }
}

pub(in crate::check) fn content_and_attribute(
    param: &ParamSpec,
    content: Span,
    attribute: Span,
) -> Diagnostic {
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

pub(in crate::check) fn missing(element: Element<'_>, shape: Shape, param: &ParamSpec) -> Diagnostic {
    let span = element.name_span();
    let fault = Diagnostic::error(
        "missing-parameter",
        302,
        span,
        format!("`{}` needs `{}`", shape.name, param.name),
    )
    .label(span, format!("missing: {}", param.summary));
    let (verb, name) = (element.name(), param.name);
    if param.content {
        fault.help(format!("write `<{verb}>…</{verb}>` or `<{verb} {name}=\"…\"/>`"))
    } else {
        fault.help(format!("add `{name}=\"…\"`"))
    }
}

pub(in crate::check) fn empty(shape: Shape, param: &ParamSpec, span: Span) -> Diagnostic {
    Diagnostic::error(
        "missing-parameter",
        302,
        span,
        format!("`{}` of `{}` is empty", param.name, shape.name),
    )
    .label(span, format!("expected: {}", param.type_name))
    .help("give it a value")
}
