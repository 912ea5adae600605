//! Where an element stands.

use ozml_parser::{Diagnostic, Element, Source, Span};

use super::super::shape::Shape;
use super::source::{between_tags, renamed};
use crate::verb::{Contexts, VerbSpec};

pub(in crate::check) fn not_here(element: Element<'_>, spec: &VerbSpec, context: Contexts) -> Diagnostic {
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

pub(in crate::check) fn not_first(element: Element<'_>, spec: &VerbSpec) -> Diagnostic {
    let (name, span) = (spec.name, element.name_span());
    Diagnostic::error(
        "not-first",
        303,
        span,
        format!("`{name}` can only be the first verb of a script"),
    )
    .label(span, "the verbs before it have answered the call")
    .help(format!(
        "put `{name}` before all other verbs, or use `Hangup` here"
    ))
}

pub(in crate::check) fn not_nested(element: Element<'_>, spec: &VerbSpec) -> Diagnostic {
    let (name, span) = (spec.name, element.name_span());
    Diagnostic::error(
        "not-nested",
        303,
        span,
        format!("`{name}` cannot stand inside another verb"),
    )
    .label(span, "not here")
    .help(format!("put `{name}` directly into `<Response>`"))
}

pub(in crate::check) fn not_inside(element: Element<'_>, spec: &VerbSpec, part: &str) -> Diagnostic {
    let (name, span) = (spec.name, element.name_span());
    Diagnostic::error(
        "not-inside",
        303,
        span,
        format!("`{name}` cannot stand inside `{part}`"),
    )
    .label(span, "not here")
    .help(format!(
        "put `{name}` behind the element that holds `{part}`, or into another part of it"
    ))
}

pub(in crate::check) fn once(element: Element<'_>, name: &str, first: Span) -> Diagnostic {
    let span = element.name_span();
    Diagnostic::warning(
        "only-once",
        302,
        span,
        format!("there are several `{name}`; the first counts"),
    )
    .label(span, "this one does nothing")
    .label(first, "this one counts")
    .help("take it out, or put what is in it into the first one")
}

pub(in crate::check) fn never_reached(element: Element<'_>, last: &VerbSpec, last_span: Span) -> Diagnostic {
    let (name, span) = (last.name, element.name_span());
    Diagnostic::warning(
        "never-reached",
        303,
        span,
        format!("nothing after `{name}` is run"),
    )
    .label(span, "never reached")
    .label(last_span, "the script ends here")
    .help(format!("put it before `{name}`, or take it out"))
}

pub(in crate::check) fn stray_text(container: &str, span: Span) -> Diagnostic {
    Diagnostic::error("stray-text", 300, span, format!("`{container}` takes no text"))
        .label(span, "text between elements does nothing")
        .help("put it into a verb such as `<Speak>`, or take it out")
}

/// An element inside one that takes text only or nothing.
pub(in crate::check) fn unexpected_child(
    source: &Source,
    child: Element<'_>,
    shape: Shape,
    verb: bool,
) -> Diagnostic {
    let name = child.name();
    let fault = unexpected(
        child,
        format!("`{}` holds no elements, found `<{name}>`", shape.name),
    );
    if verb || shape.content().is_none() {
        return fault.help(format!("put `<{name}>` before or behind `{}`", shape.name));
    }
    let plain = between_tags(source, child).unwrap_or_default();
    let fault = fault.help("OzML takes plain text: take the markup out");
    fault.fix(child.span(), plain)
}

/// A part that stands one level too high.
pub(in crate::check) fn belongs_into(child: Element<'_>, shape: Shape, outer: &str) -> Diagnostic {
    let name = child.name();
    let message = format!("`<{name}>` cannot stand directly in `{}`", shape.name);
    unexpected(child, message).help(format!("put it into `<{outer}>`"))
}

/// A verb where only parts may stand.
pub(in crate::check) fn verb_beside_parts(child: Element<'_>, shape: Shape) -> Diagnostic {
    let message = format!(
        "the verb `{}` cannot stand directly in `{}`",
        child.name(),
        shape.name
    );
    unexpected(child, message).help(format!("{}; put it into the right one", holds(shape)))
}

pub(in crate::check) fn unknown_part(
    source: &Source,
    child: Element<'_>,
    shape: Shape,
    near: Option<&str>,
) -> Diagnostic {
    let fault = unexpected(
        child,
        format!("`{}` has no part `<{}>`", shape.name, child.name()),
    );
    match near {
        Some(near) => renamed(fault.help(format!("write `{near}`")), source, child, near),
        None => fault.help(holds(shape)),
    }
}

/// A state that is not known: its verbs are never run, and everything else is right.
pub(in crate::check) fn unknown_state(
    source: &Source,
    child: Element<'_>,
    shape: Shape,
    near: Option<&str>,
) -> Diagnostic {
    let (name, span) = (child.name(), child.name_span());
    let fault = Diagnostic::warning(
        "unknown-state",
        302,
        span,
        format!("`{}` knows no state `{name}`", shape.name),
    )
    .label(span, "what stands in it is never run");
    match near {
        Some(near) => renamed(fault.help(format!("write `{near}`")), source, child, near),
        None => fault.help(holds(shape)),
    }
}

fn unexpected(child: Element<'_>, message: String) -> Diagnostic {
    let span = child.name_span();
    Diagnostic::error("unexpected-element", 300, span, message).label(span, "not allowed here")
}

fn holds(shape: Shape) -> String {
    let parts: Vec<_> = shape
        .children
        .parts()
        .iter()
        .map(|part| format!("`<{}>`", part.name))
        .collect();
    format!("`{}` holds {}", shape.name, parts.join(", "))
}
