//! Which characters XML 1.0 allows where.

use crate::source::{BYTE_ORDER_MARK, Span};

use super::scan::is_blank;

/// How many bytes before the first character that matters: one byte order mark and white space.
pub(super) fn leading_bytes(text: &str) -> usize {
    let mark = text
        .strip_prefix(BYTE_ORDER_MARK)
        .map_or(0, |_| BYTE_ORDER_MARK.len_utf8());
    let blanks = text.bytes().skip(mark).take_while(|&byte| is_blank(byte)).count();
    mark.saturating_add(blanks)
}

/// Whether `code` is a Char (XML 1.0, production 2).
pub(super) fn is_character(code: u32) -> bool {
    matches!(code, 0x9 | 0xa | 0xd | 0x20..=0xd7ff | 0xe000..=0xfffd | 0x1_0000..=0x10_ffff)
}

/// Whether `character` begins a name (XML 1.0, production 4).
pub(super) fn begins_name(character: char) -> bool {
    matches!(character, ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}'
        | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// Whether `character` may stand in a name (XML 1.0, production 4a).
pub(super) fn belongs_to_name(character: char) -> bool {
    begins_name(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{b7}'
            | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// Whether `name` is a Name (XML 1.0, production 5).
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(begins_name) && name.chars().all(belongs_to_name)
}

/// The span of the character of `text` at byte `at`; empty at the end.
pub(super) fn character_span(text: &str, at: usize) -> Span {
    let character = text.get(at..).and_then(|rest| rest.chars().next());
    Span::new(at, at.saturating_add(character.map_or(0, char::len_utf8)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_bytes_are_one_mark_and_blanks() {
        assert_eq!(leading_bytes("\u{feff}\r\n\t <a/>"), 7);
        assert_eq!(leading_bytes("\u{feff}\u{feff}<a/>"), 3);
        assert_eq!(leading_bytes(" \u{a0}<a/>"), 1);
        assert_eq!(leading_bytes(""), 0);
    }

    #[test]
    fn names() {
        for name in ["a", "_x-1.b", "a:b", "été"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "-a", "a b", "a+b", "a;"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
