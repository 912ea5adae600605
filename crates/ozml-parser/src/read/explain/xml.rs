//! The errors of roxmltree, which knows the place but not the reason.

use roxmltree::{Error, TextPos};

use crate::Diagnostic;
use crate::source::{Source, Span};

use super::super::characters::character_span;
use super::super::scan::{Fault, Scanner, Token};
use super::kind::wrong_kind;
use super::{clipped, error, misplaced_declaration, reference, structure};

/// Explains an error of the XML parser, or the fault of the scanner if that comes first.
pub(in crate::read) fn xml(source: &Source, start: usize, found: &Error, fault: Option<Fault>) -> Diagnostic {
    if let Some(other) = wrong_kind(source, start) {
        return other;
    }
    let at = place(found).map(|position| offset(source.text(), start, position));
    if let Some(fault) = fault
        && at.is_none_or(|at| at >= fault.markup)
    {
        return super::fault(source, start, fault);
    }
    explain(source, start, found, at.unwrap_or_else(|| source.text().len()))
}

fn explain(source: &Source, start: usize, found: &Error, at: usize) -> Diagnostic {
    let character = character_span(source.text(), at);
    match found {
        Error::UnexpectedCloseTag(..) | Error::UnexpectedEntityCloseTag(_) => {
            structure::wrong_end_tag(source, start, at)
        }
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => structure::ends_too_early(source, start),
        Error::UnknownToken(_) => structure::unexpected(source, start, at),
        Error::UnknownEntityReference(name, _) => reference::unknown_entity(name, at),
        Error::MalformedEntityReference(_) => reference::raw_ampersand(source, at),
        Error::DuplicatedAttribute(name, _) => doubled_attribute(source, start, name, at),
        Error::UnknownNamespace(prefix, _) => unknown_prefix(prefix, at),
        Error::UnexpectedDeclaration(_) => misplaced_declaration(character),
        Error::InvalidName(_) => invalid_name(source, at),
        Error::NonXmlChar(found, _) => illegal_character(*found, character),
        Error::InvalidComment(_) => double_hyphen(source, at),
        Error::InvalidCharacterData(_) => end_of_cdata(source, at),
        Error::NoRootNode => error(
            "empty-script",
            character,
            "no element, expected one such as `<Response>`",
        )
        .help("a script that does nothing is `<Response/>`"),
        Error::InvalidXmlPrefixUri(_)
        | Error::UnexpectedXmlUri(_)
        | Error::UnexpectedXmlnsUri(_)
        | Error::InvalidElementNamePrefix(_)
        | Error::DuplicatedNamespace(..) => namespace(character),
        Error::InvalidChar(expected, ..) => {
            unexpected_character(source, character, &format!("`{}`", char::from(*expected)))
        }
        Error::InvalidChar2(expected, ..) => unexpected_character(source, character, expected),
        Error::InvalidString(expected, _) => {
            unexpected_character(source, character, &format!("`{expected}`"))
        }
        _ => {
            error("tag", character, "this is not well-formed XML").help("compare it with a script that runs")
        }
    }
}

fn doubled_attribute(source: &Source, start: usize, name: &str, at: usize) -> Diagnostic {
    let span = Span::new(at, at.saturating_add(name.len()));
    let first = first_attribute(source, start, name, at);
    let message = format!("the attribute `{}` is given twice", clipped(name));
    let fault = error("duplicate-attribute", span, message).help("keep one of them");
    match first {
        Some(first) => fault.label(first, "first given here"),
        None => fault,
    }
}

/// The attribute called `name` in the tag that holds byte `at`, if it stands before that byte.
fn first_attribute(source: &Source, start: usize, name: &str, at: usize) -> Option<Span> {
    let mut first = None;
    for token in Scanner::new(source.text(), start) {
        match token {
            Token::Open { name } if name.start as usize > at => break,
            Token::Open { .. } => first = None,
            Token::Attribute { name, .. } if name.start as usize >= at => break,
            Token::Attribute { name: other, .. } if source.slice(other) == name => first = Some(other),
            _ => {}
        }
    }
    first
}

fn unknown_prefix(prefix: &str, at: usize) -> Diagnostic {
    let span = Span::new(at, at.saturating_add(prefix.len()));
    let message = format!("the prefix `{}` is not declared", clipped(prefix));
    error("namespace", span, message).help(format!(
        "remove `{0}:`, or declare it on the root element: `xmlns:{0}=\"...\"`",
        clipped(prefix)
    ))
}

/// A use of prefixes that Namespaces in XML 1.0 forbids.
pub(in crate::read) fn namespace(span: Span) -> Diagnostic {
    error(
        "namespace",
        span,
        "this use of a namespace or prefix is not allowed",
    )
    .help("a script needs no namespaces: remove it")
}

fn invalid_name(source: &Source, at: usize) -> Diagnostic {
    let rest = source.text().get(at..).unwrap_or_default();
    let ends = |c: char| c.is_whitespace() || matches!(c, '=' | '<' | '>' | '/' | '"' | '\'');
    let name = rest.split(ends).next().unwrap_or_default();
    let span = Span::new(at, at.saturating_add(name.len()));
    error("name", span, format!("`{}` is no name", clipped(name)))
        .help("a name begins with a letter; for the character `<` write `&lt;`")
}

fn illegal_character(found: char, span: Span) -> Diagnostic {
    let message = format!("the character U+{:04X} is not allowed in XML", u32::from(found));
    error("character", span, message).help("remove it").fix(span, "")
}

fn double_hyphen(source: &Source, comment: usize) -> Diagnostic {
    let content = comment.saturating_add("<!--".len());
    let rest = source.text().get(content..).unwrap_or_default();
    let at = content.saturating_add(rest.find("--").unwrap_or_default());
    let span = Span::new(at, at.saturating_add(2));
    error("comment", span, "`--` in a comment, where only `-->` may end it")
        .help("write one hyphen, or put a blank between them")
}

fn end_of_cdata(source: &Source, at: usize) -> Diagnostic {
    let before = source.text().get(..at).unwrap_or_default();
    let start = before.rfind("]]>").unwrap_or(at);
    let span = Span::new(start, start.saturating_add(3));
    error(
        "cdata-end",
        span,
        "`]]>` in a text, where no CDATA section is open",
    )
    .help("write `]]&gt;`")
    .fix(span, "]]&gt;")
}

fn unexpected_character(source: &Source, span: Span, expected: &str) -> Diagnostic {
    let message = match source.slice(span) {
        "" => format!("the script ends here, expected {expected}"),
        found => format!("found `{found}`, expected {expected}"),
    };
    error("tag", span, message).help("an element is written `<Name attribute=\"value\">...</Name>`")
}

/// Where the error is; none for those that the parser reports at the first character because they have no place.
fn place(found: &Error) -> Option<TextPos> {
    match found {
        Error::NoRootNode | Error::UnclosedRootNode | Error::UnexpectedEndOfStream => None,
        _ => Some(found.pos()),
    }
}

/// The byte at a position of roxmltree, which counts LF as line end and columns in characters.
fn offset(text: &str, start: usize, position: TextPos) -> usize {
    let body = text.get(start..).unwrap_or_default();
    let lines_before = (position.row as usize).saturating_sub(1);
    let line_start = match lines_before.checked_sub(1) {
        Some(last) => memchr::memchr_iter(b'\n', body.as_bytes())
            .nth(last)
            .map_or(body.len(), |end| end.saturating_add(1)),
        None => 0,
    };
    let line = body.get(line_start..).unwrap_or_default();
    let column = (position.col as usize).saturating_sub(1);
    let in_line = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    start.saturating_add(line_start).saturating_add(in_line)
}
