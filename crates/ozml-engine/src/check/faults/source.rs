//! Changes of the source text that mend faults.

use ozml_parser::{Attribute, Diagnostic, Element, Source, Span};

use crate::white_space::is_space;

/// Longest element whose name is changed in one piece, in bytes between its tags.
const MOST_BETWEEN_TAGS: usize = 2_000;

/// Adds the change of an element's name to a fault. Both tags must change together, so the change covers
/// all between them; an element too long for that gets none.
pub(super) fn renamed(fault: Diagnostic, source: &Source, element: Element<'_>, name: &str) -> Diagnostic {
    let start = element.name_span();
    let Some(end) = end_tag_name(source, element) else {
        return fault.fix(start, name);
    };
    let between = source.slice(Span::new(start.range().end, end.range().start));
    if between.len() > MOST_BETWEEN_TAGS {
        return fault;
    }
    fault.fix(
        Span::new(start.range().start, end.range().end),
        format!("{name}{between}{name}"),
    )
}

/// The local name in the end tag; none where there is no end tag.
fn end_tag_name(source: &Source, element: Element<'_>) -> Option<Span> {
    let span = element.span();
    let whole = source.slice(span);
    let tag_at = whole.rfind("</")?;
    let written = whole.get(tag_at..)?.strip_prefix("</")?.strip_suffix('>')?;
    let name = written.trim_end_matches(is_space);
    let local = name.rsplit(':').next().unwrap_or(name);
    if local != element.name() {
        // The last end tag belongs to something inside: the element closes itself.
        return None;
    }
    let end = span
        .range()
        .start
        .saturating_add(tag_at)
        .saturating_add("</".len())
        .saturating_add(name.len());
    Some(Span::new(end.saturating_sub(local.len()), end))
}

/// An attribute with its value, its quotes and the white space before it.
pub(super) fn whole_attribute(source: &Source, attribute: &Attribute<'_>) -> Span {
    let name = attribute.name_span().range().start;
    let before = source.slice(Span::new(0, name));
    let blank = before
        .len()
        .saturating_sub(before.trim_end_matches(is_space).len());
    let quote = 1;
    Span::new(
        name.saturating_sub(blank),
        attribute.value_span().range().end.saturating_add(quote),
    )
}

/// What stands between the tags of an element, as it is written.
pub(in crate::check) fn between_tags<'s>(source: &'s Source, element: Element<'_>) -> Option<&'s str> {
    let whole = source.slice(element.span());
    let end = whole.rfind("</")?;
    let begin = start_tag_length(whole)?;
    whole.get(begin..end)
}

/// The bytes of the start tag that `text` begins with: `>` may stand in its values.
fn start_tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '>') => return Some(at.saturating_add(1)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_tag_ends_behind_its_values() {
        assert_eq!(start_tag_length(r#"<a b="x>y" c='>'>text"#), Some(17));
        assert_eq!(start_tag_length("<a"), None);
    }
}
