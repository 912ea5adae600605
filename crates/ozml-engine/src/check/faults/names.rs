//! Names of variables.

use ozml_parser::{Diagnostic, Source, Span};

/// Where a name is used.
#[derive(Clone, Copy)]
pub(in crate::check) struct NamePlace {
    span: Span,
    /// Whether the span is the name itself, and not the whole value around it.
    exact: bool,
}

/// Finds `$name` in a value. Where it is written with references (`&#36;`) or in another piece of the text,
/// the whole value has to do.
pub(in crate::check) fn place_of_name(source: &Source, field: Span, name: &str) -> NamePlace {
    let text = source.slice(field);
    let found = text.match_indices('$').find_map(|(at, _)| {
        let begin = at.checked_add(1)?;
        let rest = text.get(begin..)?.strip_prefix(name)?;
        let whole = !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let dollars = text.get(..begin)?;
        let escaped = dollars.len().saturating_sub(dollars.trim_end_matches('$').len()) % 2 == 0;
        (whole && !escaped).then_some(begin)
    });
    match found {
        Some(begin) => {
            let start = field.range().start.saturating_add(begin);
            NamePlace {
                span: Span::new(start, start.saturating_add(name.len())),
                exact: true,
            }
        }
        None => NamePlace {
            span: field,
            exact: false,
        },
    }
}

pub(in crate::check) fn undefined_name(
    name: &str,
    place: NamePlace,
    near: Option<&str>,
    home: Option<&str>,
) -> Diagnostic {
    let fault = Diagnostic::warning(
        "undefined-name",
        302,
        place.span,
        format!("nothing sets `${name}`"),
    )
    .label(place.span, "stays as it is written, unless the host sets it");
    match (near, home) {
        (Some(near), _) if place.exact => fault.help(format!("write `${near}`")).fix(place.span, near),
        (Some(near), _) => fault.help(format!("write `${near}`")),
        (None, Some(home)) => fault.help(format!("`${name}` exists inside `{home}` only")),
        (None, None) => fault.help(format!(
            "set it with `<Var ID=\"{name}\">…</Var>`; for a dollar sign before a letter write `$$`"
        )),
    }
}

pub(in crate::check) fn undefined_array(
    source: &Source,
    name: &str,
    field: Span,
    near: Option<&str>,
) -> Diagnostic {
    let fault = Diagnostic::warning(
        "undefined-array",
        302,
        field,
        format!("nothing defines an array `{name}`"),
    )
    .label(field, "runs zero times, unless the host sets it");
    match near {
        Some(near) if source.slice(field).trim_start_matches('$') == name => {
            fault.help(format!("write `{near}`")).fix(field, near)
        }
        Some(near) => fault.help(format!("write `{near}`")),
        None => fault.help(format!(
            "define it with `<Array ID=\"{name}\"><item>…</item></Array>`"
        )),
    }
}

pub(in crate::check) fn not_an_array(name: &str, field: Span) -> Diagnostic {
    Diagnostic::warning(
        "not-an-array",
        302,
        field,
        format!("`{name}` is a text, not an array"),
    )
    .label(field, "runs zero times")
    .help(format!(
        "define it with `<Array ID=\"{name}\"><item>…</item></Array>`"
    ))
}

pub(in crate::check) fn array_as_text(name: &str, place: NamePlace) -> Diagnostic {
    Diagnostic::warning(
        "array-as-text",
        302,
        place.span,
        format!("`${name}` is an array, not a text"),
    )
    .label(place.span, "stays as it is written")
    .help(format!(
        "run through it with `<ForEach Source=\"{name}\">` and use `$item`"
    ))
}

pub(in crate::check) fn unused(name: &str, place: Span) -> Diagnostic {
    Diagnostic::warning(
        "unused-variable",
        302,
        place,
        format!("`{name}` is set and never used"),
    )
    .label(place, "no value of the script refers to it")
    .help(format!("use it as `${name}`, or take it out"))
}
