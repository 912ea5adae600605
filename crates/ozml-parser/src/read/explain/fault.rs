//! What the scanner stumbles over: tags, attributes and sections that are cut or badly written.

use crate::Diagnostic;
use crate::source::{Source, Span};

use super::super::characters::{begins_name, character_span};
use super::super::scan::{Fault, FaultKind};
use super::kind::wrong_kind;
use super::{clipped, error};

/// Explains a fault of the scanner.
pub(in crate::read) fn fault(source: &Source, start: usize, fault: Fault) -> Diagnostic {
    if let Some(other) = wrong_kind(source, start) {
        return other;
    }
    let span = fault.span;
    match fault.kind {
        FaultKind::NoName => no_name(source, span),
        FaultKind::Declaration => unknown_declaration(source, span),
        FaultKind::NoEquals => no_equals(source, span),
        FaultKind::NoQuote { at } => no_quote(source, span, at),
        FaultKind::OpenValue { name } => open_value(source, name, span),
        FaultKind::NoBlank => no_blank(source, span),
        FaultKind::InTag => in_tag(source, span),
        FaultKind::OpenTag => open_tag(source, span),
        FaultKind::Endless { end } => endless(source, span, end),
    }
}

fn no_name(source: &Source, span: Span) -> Diagnostic {
    if source.slice(span) == "</" {
        return error("tag", span, "an end tag without a name, expected `</Name>`")
            .help("write the name of the element it closes");
    }
    error("tag", span, "`<` begins no tag here: no name follows")
        .help("write `&lt;` for the character `<`")
        .fix(span, "&lt;")
}

fn unknown_declaration(source: &Source, span: Span) -> Diagnostic {
    let word = source.slice(span);
    let help = match word.get(2..3) {
        Some("[") => "a section of plain text is written `<![CDATA[...]]>`, in capitals",
        Some("-") => "a comment is written `<!-- ... -->`, with two hyphens",
        _ => "write `&lt;!` for the characters `<!`",
    };
    let message = format!("`{}` begins neither a comment nor a CDATA section", clipped(word));
    error("tag", span, message).help(help)
}

fn no_equals(source: &Source, name: Span) -> Diagnostic {
    let written = source.slice(name);
    let after = character_span(source.text(), name.end as usize);
    if matches!(source.slice(after), "\"" | "'") {
        let message = format!("no `=` between `{}` and its value", clipped(written));
        let place = Span::new(name.end as usize, name.end as usize);
        return error("attribute", name, message)
            .help(format!("write `{}=` before the quote", clipped(written)))
            .fix(place, "=");
    }
    let message = format!("the attribute `{}` has no value", clipped(written));
    error("attribute", name, message).help(format!("write `{}=\"...\"`", clipped(written)))
}

/// A value without quotes, or between quotes that are none for XML.
fn no_quote(source: &Source, name: Span, at: u32) -> Diagnostic {
    let at = at as usize;
    let rest = source.text().get(at..).unwrap_or_default();
    let attribute = clipped(source.slice(name));
    let (value, length, message) = match rest.chars().next() {
        Some(quote) if is_foreign_quote(quote) => {
            let inner = rest.get(quote.len_utf8()..).unwrap_or_default();
            let value = foreign_value(inner);
            let closing = inner.get(value.len()..).and_then(|after| after.chars().next());
            let closing = closing.filter(|&c| is_foreign_quote(c)).map_or(0, char::len_utf8);
            let length = quote
                .len_utf8()
                .saturating_add(value.len())
                .saturating_add(closing);
            let message =
                format!("the value of `{attribute}` stands between `{quote}`, expected `\"` or `'`");
            (value, length, message)
        }
        _ => {
            let value = bare_value(rest);
            let message = format!("the value of `{attribute}` is not in quotes");
            (value, value.len(), message)
        }
    };
    let span = Span::new(at, at.saturating_add(length));
    if value.contains('"') {
        return error("attribute", span, message).help("put the value between `\"` or `'`");
    }
    error("attribute", span, message)
        .help(format!("write `{attribute}=\"{}\"`", clipped(value)))
        .fix(span, format!("\"{value}\""))
}

fn is_foreign_quote(character: char) -> bool {
    matches!(
        character,
        '\u{2018}'..='\u{201f}' | '«' | '»' | '`' | '´' | '″' | '′' | '＂'
    )
}

fn foreign_value(text: &str) -> &str {
    let end = text.find(|c| is_foreign_quote(c) || matches!(c, '<' | '>' | '\n' | '\r'));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

fn bare_value(text: &str) -> &str {
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '<' | '>'));
    let value = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let closes = text
        .get(value.len()..)
        .is_some_and(|after| after.starts_with('>'));
    value.strip_suffix('/').filter(|_| closes).unwrap_or(value)
}

fn open_value(source: &Source, name: Span, value: Span) -> Diagnostic {
    let quote = Span::new(value.start as usize, (value.start as usize).saturating_add(1));
    let attribute = clipped(source.slice(name));
    let rest = source.text().get(value.end as usize..).unwrap_or_default();
    let raw = rest
        .strip_prefix('<')
        .filter(|after| !after.starts_with(|c| c == '/' || begins_name(c)));
    if raw.is_some() {
        let place = character_span(source.text(), value.end as usize);
        return error("attribute", place, format!("`<` in the value of `{attribute}`"))
            .help("write `&lt;` for the character `<`")
            .fix(place, "&lt;");
    }
    let message = format!(
        "the value of `{attribute}` is not closed: no second `{}`",
        source.slice(quote)
    );
    let fault = error("attribute", quote, message);
    if rest.is_empty() {
        return fault.label(quote, "opened here").help("close it");
    }
    let place = character_span(source.text(), value.end as usize);
    fault
        .label(quote, "opened here")
        .label(place, "a value may not contain `<`")
        .help("close it; for the character `<` write `&lt;`")
}

fn no_blank(source: &Source, name: Span) -> Diagnostic {
    let message = format!("no blank before the attribute `{}`", clipped(source.slice(name)));
    let place = Span::new(name.start as usize, name.start as usize);
    error("attribute", name, message)
        .help("part attributes with a blank")
        .fix(place, " ")
}

fn in_tag(source: &Source, span: Span) -> Diagnostic {
    let found = source.slice(span);
    let before = source.text().get(..span.start as usize).unwrap_or_default();
    let tag = before.rsplit('<').next().unwrap_or_default();
    let whole = tag.trim_start_matches('/');
    if found == "=" && whole.chars().all(|c| !c.is_whitespace()) {
        let name = Span::new(before.len().saturating_sub(whole.len()), before.len());
        let message = format!("`{}` is followed by `=`, expected a blank or `>`", clipped(whole));
        return error("tag", name, message).help(
            "put a blank between the name of the element and its attribute, as in `<Array id=\"...\">`",
        );
    }
    if tag.starts_with('/') {
        let message = format!("`{found}` in an end tag, expected `>`");
        return error("tag", span, message).help("an end tag holds the name of its element only");
    }
    let help = match found {
        "/" => "a tag without content ends with `/>`",
        "\"" | "'" => "an attribute is written `name=\"value\"`; a quote too many or too few comes before",
        _ => "an attribute is written `name=\"value\"`",
    };
    error(
        "tag",
        span,
        format!("`{found}` in a tag, expected an attribute, `>` or `/>`"),
    )
    .help(help)
}

fn open_tag(source: &Source, name: Span) -> Diagnostic {
    let before = source.text().get(..name.start as usize).unwrap_or_default();
    let begin = if before.ends_with("</") { "</" } else { "<" };
    let written = clipped(source.slice(name));
    error(
        "tag",
        name,
        format!("the tag `{begin}{written}` is not closed: no `>`"),
    )
    .help("write `>` at its end")
}

fn endless(source: &Source, span: Span, end: &str) -> Diagnostic {
    let begin = source.slice(span);
    error(
        "tag",
        span,
        format!("`{begin}` is never closed, expected `{end}`"),
    )
    .help(format!("write `{end}` where it ends"))
}
