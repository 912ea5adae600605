//! References: `&amp;`, `&#8364;`, and what people write instead.

use crate::Diagnostic;
use crate::source::{Source, Span};

use super::super::characters;
use super::{clipped, error};

const CODE: &str = "character-reference";

/// Checks the character reference that `text` begins with; `at` is its place (XML 1.0, production 66).
pub(in crate::read) fn check(text: &str, at: usize) -> Result<(), Diagnostic> {
    let digits_at = if text.starts_with("&#x") { 3 } else { 2 };
    let radix = if digits_at == 3 { 16 } else { 10 };
    let rest = text.get(digits_at..).unwrap_or_default();
    let length = rest
        .bytes()
        .take_while(|&byte| char::from(byte).is_digit(radix))
        .count();
    let digits = rest.get(..length).unwrap_or_default();
    let end = digits_at.saturating_add(length);
    let span = Span::new(at, at.saturating_add(end));
    let written = text.get(..end).unwrap_or_default();
    let complete = text.get(end..).is_some_and(|after| after.starts_with(';'));
    if digits.is_empty() || !complete {
        let message = format!("`{}` is no complete character reference", clipped(written));
        return Err(error(CODE, span, message)
            .help("write `&#`, a decimal number and `;`, or `&#x`, a hexadecimal number and `;`"));
    }
    let number = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
    if characters::is_character(number) {
        return Ok(());
    }
    let why = match number {
        0xd800..=0xdfff => "a surrogate, which is no character",
        0x11_0000.. => "a number beyond the last character, U+10FFFF",
        0xfffe..=0xffff => "a number that is no character",
        _ => "a control character, which XML does not allow",
    };
    let message = format!("`{};` refers to {why}", clipped(written));
    Err(error(CODE, span, message).help("remove it, or write the character itself"))
}

/// `&` that begins no reference.
pub(super) fn raw_ampersand(source: &Source, at: usize) -> Diagnostic {
    let span = Span::new(at, at.saturating_add(1));
    error("ampersand", span, "`&` begins no reference here")
        .help("write `&amp;` for the character `&`, in addresses too")
        .fix(span, "&amp;")
        .label(span, after_ampersand(source, at))
}

fn after_ampersand(source: &Source, at: usize) -> &'static str {
    let rest = source.text().get(at.saturating_add(1)..).unwrap_or_default();
    match rest.starts_with(characters::begins_name) {
        true => "no `;` ends the name",
        false => "no name follows",
    }
}

/// `&name;` with a name that XML does not know.
pub(super) fn unknown_entity(name: &str, at: usize) -> Diagnostic {
    let span = Span::new(at, at.saturating_add(name.len()).saturating_add(2));
    let message = format!("XML does not know the entity `&{};`", clipped(name));
    let fault = error("entity", span, message);
    match HTML_ENTITIES.binary_search_by_key(&name, |&(known, _)| known) {
        Ok(index) => {
            let number = HTML_ENTITIES.get(index).map_or(0, |&(_, number)| number);
            let reference = format!("&#{number};");
            fault
                .help(format!(
                    "it is an entity of HTML: write `{reference}` or the character itself"
                ))
                .fix(span, reference)
        }
        Err(_) => fault.help(
            "XML knows `&amp;` `&lt;` `&gt;` `&quot;` `&apos;` only; for the character `&` write `&amp;`",
        ),
    }
}

/// The entities of HTML that texts contain most, sorted by name.
const HTML_ENTITIES: [(&str, u32); 48] = [
    ("Aacute", 193),
    ("Auml", 196),
    ("Eacute", 201),
    ("Iacute", 205),
    ("Oacute", 211),
    ("Ouml", 214),
    ("Uacute", 218),
    ("Uuml", 220),
    ("aacute", 225),
    ("agrave", 224),
    ("aring", 229),
    ("auml", 228),
    ("bdquo", 8222),
    ("bull", 8226),
    ("ccedil", 231),
    ("cent", 162),
    ("copy", 169),
    ("deg", 176),
    ("eacute", 233),
    ("egrave", 232),
    ("euml", 235),
    ("euro", 8364),
    ("hellip", 8230),
    ("iacute", 237),
    ("iexcl", 161),
    ("iquest", 191),
    ("laquo", 171),
    ("ldquo", 8220),
    ("lsquo", 8216),
    ("mdash", 8212),
    ("middot", 183),
    ("nbsp", 160),
    ("ndash", 8211),
    ("ntilde", 241),
    ("oacute", 243),
    ("oslash", 248),
    ("ouml", 246),
    ("pound", 163),
    ("raquo", 187),
    ("rdquo", 8221),
    ("reg", 174),
    ("rsquo", 8217),
    ("shy", 173),
    ("szlig", 223),
    ("times", 215),
    ("trade", 8482),
    ("uacute", 250),
    ("uuml", 252),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_references() {
        for good in ["&#9;", "&#x41;x", "&#xfffd;", "&#1114111;", "&#x0000041;"] {
            assert_eq!(check(good, 0), Ok(()), "{good}");
        }
        let bad = [
            ("&#xD800;", "surrogate"),
            ("&#1114112;", "beyond"),
            ("&#99999999999;", "beyond"),
            ("&#1;", "control"),
            ("&#xFFFF;", "no character"),
            ("&#X41;", "no complete"),
            ("&#;", "no complete"),
            ("&#x;", "no complete"),
            ("&#65", "no complete"),
            ("&#6A;", "no complete"),
        ];
        for (text, why) in bad {
            let fault = check(text, 7).unwrap_err();
            assert!(fault.message.contains(why), "{text}: {}", fault.message);
            assert_eq!(fault.span().unwrap().start, 7);
        }
    }

    #[test]
    fn html_entities_are_sorted() {
        assert!(HTML_ENTITIES.is_sorted_by_key(|&(name, _)| name));
        assert_eq!(unknown_entity("nbsp", 3).fix.unwrap().text, "&#160;");
        assert!(unknown_entity("foo", 3).fix.is_none());
    }
}
