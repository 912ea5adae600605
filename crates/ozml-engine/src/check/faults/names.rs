//! Names of variables.

use ozml_parser::{Diagnostic, Source, Span};

/// Where a name is used.
#[derive(Clone, Copy)]
pub(in crate::check) struct NamePlace {
    span: Span,
    /// Whether the span is the name itself, and not the whole value around it.
    exact: bool,
}

/// Finds the names of a value one after the other, in the order they stand in it: one pass over the text,
/// however many there are.
#[derive(Default)]
pub(in crate::check) struct NameFinder {
    field: Span,
    /// Where the last one ended; none once a name was not found.
    from: Option<usize>,
}

impl NameFinder {
    /// The place of `$name` in `field`. Where it is written with references (`&#36;`) or in another piece of
    /// the text, the whole value has to do, for this name and those after it.
    pub(in crate::check) fn find(&mut self, source: &Source, field: Span, name: &str) -> NamePlace {
        if self.field != field {
            (self.field, self.from) = (field, Some(0));
        }
        let begin = self
            .from
            .and_then(|from| begin_of(source.slice(field), from, name));
        self.from = begin.map(|begin| begin.saturating_add(name.len()));
        match begin {
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
}

/// Where `name` begins behind a `$` that is not escaped, from byte `from` on.
fn begin_of(text: &str, from: usize, name: &str) -> Option<usize> {
    let mut rest = text.get(from..)?;
    loop {
        let dollar = rest.find('$')?;
        let after = rest.get(dollar.checked_add(1)?..)?;
        if let Some(escaped) = after.strip_prefix('$') {
            rest = escaped;
            continue;
        }
        let behind = after.strip_prefix(name);
        if behind.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')) {
            return Some(text.len().saturating_sub(after.len()));
        }
        rest = after;
    }
}

/// What to do about a name that nothing sets.
#[derive(Clone, Copy)]
pub(in crate::check) enum NameHelp<'n> {
    /// Another name was probably meant.
    Write(&'n str),
    /// It exists inside this element only.
    ExistsInside(&'n str),
    /// This verb sets it.
    SetBy(&'n str),
    /// Nothing is known of it.
    SetIt,
}

pub(in crate::check) fn undefined_name(name: &str, place: NamePlace, help: NameHelp<'_>) -> Diagnostic {
    let span = place.span;
    let fault = Diagnostic::warning("undefined-name", 302, span, format!("nothing sets `${name}`"))
        .label(span, "stays as it is written, unless the host sets it");
    match help {
        NameHelp::Write(near) if place.exact => fault.help(format!("write `${near}`")).fix(span, near),
        NameHelp::Write(near) => fault.help(format!("write `${near}`")),
        NameHelp::ExistsInside(home) => fault.help(format!("`${name}` exists inside `{home}` only")),
        NameHelp::SetBy(verb) => fault.help(format!("`{verb}` sets it; this script has none")),
        NameHelp::SetIt => fault.help(format!(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_their_order() {
        let source = Source::new("s", "<a>$$b $bc $b. $$$b</a>");
        let field = Span::new(3, 19);
        let mut finder = NameFinder::default();
        let mut found = |name: &str| {
            let place = finder.find(&source, field, name);
            (place.exact, place.span.start)
        };
        assert_eq!(found("bc"), (true, 8));
        assert_eq!(found("b"), (true, 12));
        assert_eq!(found("b"), (true, 18));
        assert_eq!(found("b"), (false, 3));
        assert_eq!(found("bc"), (false, 3), "once lost, the whole value has to do");
    }
}
