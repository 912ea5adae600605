//! Elements that are not closed, or closed by something else.

use crate::Diagnostic;
use crate::source::{Source, Span};

use super::super::scan::{Scanner, Token};
use super::{clipped, error};

/// The names of the elements that are open just before byte `until`, outermost first.
fn open_elements(source: &Source, start: usize, until: usize) -> Vec<Span> {
    let mut open = Vec::new();
    for token in Scanner::new(source.text(), start) {
        match token {
            Token::Open { name } | Token::Close { name } if name.start as usize > until => break,
            Token::Open { name } => open.push(name),
            Token::OpenEnd { empty: true } | Token::Close { .. } => {
                open.pop();
            }
            _ => {}
        }
    }
    open
}

/// An end tag, at byte `at`, that does not fit the element it stands in.
pub(super) fn wrong_end_tag(source: &Source, start: usize, at: usize) -> Diagnostic {
    let open = open_elements(source, start, at);
    let found = match Scanner::new(source.text(), at).next() {
        Some(Token::Close { name }) => name,
        _ => Span::new(at, at),
    };
    let name = source.slice(found);
    let Some((&expected, around)) = open.split_last() else {
        return stray_end_tag(name, found);
    };
    let wanted = source.slice(expected);
    let differs_in_case = name.eq_ignore_ascii_case(wanted);
    let closes_another = around
        .iter()
        .any(|&outer| source.slice(outer).eq_ignore_ascii_case(name));
    if closes_another && !differs_in_case {
        return never_closed(source, expected, around.last().copied())
            .label(found, format!("`</{}>` comes first", clipped(name)));
    }
    let message = format!("`</{}>` does not close `<{}>`", clipped(name), clipped(wanted));
    let help = match differs_in_case {
        true => format!("write both tags in the same way: `</{}>`", clipped(wanted)),
        false => format!("write `</{}>`", clipped(wanted)),
    };
    error("end-tag", found, message)
        .label(expected, "opened here")
        .help(help)
        .fix(found, wanted)
}

/// An end tag where no element is open.
fn stray_end_tag(name: &str, found: Span) -> Diagnostic {
    error("end-tag", found, format!("`</{}>` closes nothing", clipped(name)))
        .help("remove it, or write the start tag it belongs to")
}

/// An element that is still open; `parent` is the element around it.
fn never_closed(source: &Source, name: Span, parent: Option<Span>) -> Diagnostic {
    let written = clipped(source.slice(name));
    let line = source.position(name.start as usize).line;
    let message = format!("`<{written}>` of line {line} is never closed");
    let fault = error("unclosed-element", name, message);
    let bare = source
        .text()
        .get(name.end as usize..)
        .is_some_and(|after| after.starts_with('>'));
    let doubled = parent.is_some_and(|parent| source.slice(parent) == source.slice(name));
    if doubled && bare {
        let place = Span::new(name.start as usize, name.start as usize);
        return fault
            .help(format!(
                "write `</{written}>` instead of the second `<{written}>`"
            ))
            .fix(place, "/");
    }
    fault.help(format!(
        "write `</{written}>` where it ends, or `/>` at the end of its tag"
    ))
}

/// The text ends while elements are open.
pub(super) fn ends_too_early(source: &Source, start: usize) -> Diagnostic {
    let open = open_elements(source, start, source.text().len());
    match open.split_last() {
        Some((&name, around)) => never_closed(source, name, around.last().copied()),
        None => {
            let end = source.text().len();
            error(
                "tag",
                Span::new(end, end),
                "the script ends in the middle of a tag",
            )
            .help("write the rest of it")
        }
    }
}

/// Something at byte `at` that stands outside of the root element, or in it where no markup fits.
pub(super) fn unexpected(source: &Source, start: usize, at: usize) -> Diagnostic {
    let rest = source.text().get(at..).unwrap_or_default();
    match Scanner::new(source.text(), at).next() {
        Some(Token::Close { name }) => stray_end_tag(source.slice(name), name),
        Some(Token::Open { name }) => {
            let root = Scanner::new(source.text(), start).find_map(|token| match token {
                Token::Open { name } => Some(name),
                _ => None,
            });
            let message = format!("`<{}>` is a second root element", clipped(source.slice(name)));
            error("several-roots", name, message)
                .label(root.unwrap_or(name), "the script is this element")
                .help("put both into one `<Response>...</Response>`")
        }
        _ => {
            let line = rest.lines().next().unwrap_or_default();
            let span = Span::new(at, at.saturating_add(line.len()));
            let message = format!("found `{}` outside of the root element", clipped(line));
            error("text-outside-root", span, message).help("remove it, or move it into an element")
        }
    }
}
