//! Characters that would move the cursor, colour the terminal or turn the reading direction.

/// `text` on one line, at most `most` characters of it, everything unprintable escaped.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let mut output = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == most {
            output.push_str("...");
            break;
        }
        match character {
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            _ => push(&mut output, character),
        }
    }
    output
}

/// Appends `character`, escaped if it does not print. A tab becomes four blanks.
pub(super) fn push(output: &mut String, character: char) {
    match character {
        '\t' => output.push_str("    "),
        _ if is_unprintable(character) => output.extend(character.escape_unicode()),
        _ => output.push(character),
    }
}

/// C0, DEL and C1 controls, line and paragraph separators, bidirectional controls, marks and joiners without
/// width: what a program writes out instead of showing it, so that no stranger's text steers a terminal.
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unprintable_characters_are_escaped() {
        let text = "a\u{1b}[1m\u{202e}\u{9b}\u{2028}\t\r\nß日";
        let expected = "a\\u{1b}[1m\\u{202e}\\u{9b}\\u{2028}    \\r\\nß日";
        assert_eq!(one_line(text, 99), expected);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(one_line("abcdef", 3), "abc...");
        assert_eq!(one_line("abc", 3), "abc");
    }
}
