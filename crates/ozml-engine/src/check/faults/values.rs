//! What a value says.

use ozml_parser::{Diagnostic, Source, Span};
use ozml_session::Invalid;

use super::super::shape::Shape;
use crate::run::LimitReached;
use crate::verb::{Doubt, Given};

pub(in crate::check) fn wrong_value(
    shape: Shape,
    field: &Given<'_>,
    fault: &Invalid,
    near: Option<&str>,
) -> Diagnostic {
    let (param, span) = (field.spec, field.span);
    let wrong = Diagnostic::error(
        "wrong-value",
        302,
        span,
        format!("`{}` of `{}`: {fault}", param.name, shape.name),
    )
    .label(span, format!("expected: {}", param.type_name));
    match near {
        Some(near) => wrong.help(format!("write `{near}`")).fix(span, near),
        None if param.references => {
            wrong.help("correct the value, or let a variable such as `$name` give it")
        }
        None => wrong.help("correct the value"),
    }
}

/// Reports that the script alone exceeds a limit.
pub(crate) fn over_limit(limit: &LimitReached, span: Span) -> Diagnostic {
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

pub(in crate::check) fn doubtful(
    source: &Source,
    shape: Shape,
    field: &Given<'_>,
    text: &str,
    doubt: &Doubt,
) -> Diagnostic {
    let (param, span) = (field.spec, field.span);
    let message = format!("`{}` of `{}`: {}", param.name, shape.name, doubt.reason);
    let fault = Diagnostic::warning("doubtful-value", 302, span, message)
        .label(span, "taken as it is")
        .help(format!("write `{}` if that is meant", doubt.meant));
    if source.slice(span) == text {
        fault.fix(span, &*doubt.meant)
    } else {
        fault
    }
}
