//! Rows of a terminal: widths are columns, and characters of East Asia take two.

use unicode_width::UnicodeWidthChar as _;

/// The columns a character takes. The selector that makes an emoji of a sign before it may widen it.
fn columns_of(character: char) -> usize {
    match character {
        '\u{fe0f}' => 1,
        _ => character.width().unwrap_or(0),
    }
}

/// The most columns a text takes; terminals draw joined emoji narrower.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Where the first row of a text ends, between words where that can be, and where the next one begins; in
/// bytes. What is left over when the text fits is nothing.
pub(crate) fn first_row(text: &str, width: usize) -> (usize, usize) {
    let (mut used, mut blank) = (0_usize, None);
    for (at, character) in text.char_indices() {
        if character == ' ' {
            blank = Some(at);
        }
        used = used.saturating_add(columns_of(character));
        if used > width {
            return match blank {
                Some(blank) => (blank, blank.saturating_add(1)),
                None if at == 0 => (character.len_utf8(), character.len_utf8()),
                None => (at, at),
            };
        }
    }
    (text.len(), text.len())
}

/// A text in rows.
pub(crate) fn rows(mut text: &str, width: usize) -> Vec<&str> {
    let mut rows = Vec::new();
    loop {
        let (end, next) = first_row(text, width);
        rows.push(text.get(..end).unwrap_or_default());
        text = text.get(next..).unwrap_or_default();
        if text.is_empty() {
            return rows;
        }
    }
}

/// A text cut to one row.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fits = |character: &char| {
        let rest = left.checked_sub(columns_of(*character));
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_between_words() {
        assert_eq!(rows("press one for tea", 9), ["press one", "for tea"]);
        assert_eq!(rows("press one for tea", 8), ["press", "one for", "tea"]);
        assert_eq!(rows("", 8), [""]);
    }

    #[test]
    fn what_has_no_words_is_broken_anywhere_and_wide_characters_count_two() {
        assert_eq!(rows("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(rows("予約は一番", 5), ["予約", "は一", "番"]);
        assert_eq!(rows("予約", 1), ["予", "約"]);
        assert_eq!(rows("❤\u{fe0f}❤\u{fe0f}", 3), ["❤\u{fe0f}❤", "\u{fe0f}"]);
    }

    #[test]
    fn a_row_too_long_says_so() {
        assert_eq!(cut("keypad: 1 2", 11), "keypad: 1 2");
        assert_eq!(cut("keypad: 1 2", 10), "keypad: 1…");
        assert_eq!(columns(&cut("予約は一番", 6)), 5);
    }
}
