use std::borrow::Cow;

/// How the white space around and in a value is read (OzML reference: white space; our reading).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhiteSpace {
    /// Spoken and address-like: ends trimmed, inner runs become one space.
    Squeeze,
    /// Message bodies: common indentation taken off, ends trimmed, inner line breaks kept.
    Body,
    /// Ends trimmed.
    Trim,
}

impl WhiteSpace {
    /// The value as it is used. A no-break space is a character like any other.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Squeeze => squeeze(text.trim_matches(is_space)),
            Self::Body => body(text),
            Self::Trim => Cow::Borrowed(text.trim_matches(is_space)),
        }
    }
}

/// White space as XML knows it.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn squeeze(text: &str) -> Cow<'_, str> {
    let mut blank_before = false;
    // White space is ASCII, so bytes will do.
    let tidy = text.bytes().all(|byte| {
        let blank = is_space(char::from(byte));
        let fine = !blank || (byte == b' ' && !blank_before);
        blank_before = blank;
        fine
    });
    if tidy {
        return Cow::Borrowed(text);
    }
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    Cow::Owned(squeezed)
}

fn body(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_matches(is_space);
    if !trimmed.contains(['\n', '\r']) {
        return Cow::Borrowed(trimmed);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // A text that begins right behind its tag has no indentation in its first line to compare with.
    let first_has_text = text
        .lines()
        .next()
        .is_some_and(|line| indentation(line).is_empty() && !line.is_empty());
    let common = text
        .lines()
        .skip(usize::from(first_has_text))
        .filter(|line| !line.trim_matches(is_space).is_empty())
        .map(indentation)
        .reduce(common_prefix)
        .unwrap_or_default();
    let lines = text.lines().map(|line| {
        line.strip_prefix(common)
            .unwrap_or_else(|| line.trim_matches(is_space))
    });
    let lines: Vec<&str> = lines.collect();
    Cow::Owned(lines.join("\n").trim_matches(is_space).to_owned())
}

fn indentation(line: &str) -> &str {
    let text = line.trim_start_matches([' ', '\t']);
    line.strip_suffix(text).unwrap_or_default()
}

fn common_prefix<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    one.get(..same).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoken_text_is_squeezed() {
        let squeeze = |text| WhiteSpace::Squeeze.apply(text).into_owned();
        assert_eq!(squeeze("\n  Press 1\r\n\t for  hours. "), "Press 1 for hours.");
        assert_eq!(squeeze("a\u{a0} b"), "a\u{a0} b");
        assert!(matches!(WhiteSpace::Squeeze.apply("as it is"), Cow::Borrowed(_)));
    }

    #[test]
    fn bodies_lose_their_indentation_and_keep_their_lines() {
        let body = |text| WhiteSpace::Body.apply(text).into_owned();
        assert_eq!(
            body("\n    Dear Ann,\n      come at 5.\n\n    Bob\n  "),
            "Dear Ann,\n  come at 5.\n\nBob"
        );
        assert_eq!(body("  one line  "), "one line");
        assert_eq!(body("first\r\n    second\n      third"), "first\nsecond\n  third");
        assert_eq!(body("  first\n    second"), "first\n  second");
        assert_eq!(body("\n\ta\n\t b\n    \n\tc\n"), "a\n b\n\nc");
    }
}
