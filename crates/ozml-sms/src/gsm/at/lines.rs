//! Octets of a modem as lines.

/// What the last octet made whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A line that is not empty: printable ASCII.
    Line(String),
    /// A line that was too long; its rest is left out.
    Cut,
    /// `> `: the modem waits for a PDU.
    Prompt,
}

/// Makes lines of octets. CR and LF end a line alike; what is not printable ASCII is left out, since noise on the line
/// and a modem that wakes up make such octets.
#[derive(Debug)]
pub(crate) struct Lines {
    longest: usize,
    line: String,
    cut: bool,
}

impl Lines {
    /// Lines up to `longest` octets.
    pub(crate) fn new(longest: usize) -> Self {
        Self {
            longest,
            line: String::new(),
            cut: false,
        }
    }

    /// Takes the next octet.
    pub(crate) fn push(&mut self, octet: u8) -> Option<Piece> {
        match octet {
            b'\r' | b'\n' => return self.end(),
            b' '..=b'~' if self.line.len() < self.longest => self.line.push(char::from(octet)),
            b' '..=b'~' => self.cut = true,
            _ => {}
        }
        // The prompt has no end of line (3GPP TS 27.005 3.5.1).
        if self.line != "> " {
            return None;
        }
        self.line.clear();
        Some(Piece::Prompt)
    }

    fn end(&mut self) -> Option<Piece> {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.cut) {
            return Some(Piece::Cut);
        }
        match line.trim() {
            "" => None,
            ">" => Some(Piece::Prompt),
            trimmed => Some(Piece::Line(trimmed.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(octets: &[u8]) -> Vec<Piece> {
        let mut lines = Lines::new(12);
        octets.iter().filter_map(|octet| lines.push(*octet)).collect()
    }

    fn line(text: &str) -> Piece {
        Piece::Line(text.to_owned())
    }

    #[test]
    fn cr_and_lf_end_lines_in_any_mixture() {
        let found = pieces(b"\r\n\r\nOK\r\n+CREG: 0,1\r\rRING\n\nOK");
        assert_eq!(found, [line("OK"), line("+CREG: 0,1"), line("RING")]);
    }

    #[test]
    fn the_prompt_needs_no_end_of_line() {
        assert_eq!(pieces(b"\r\n> "), [Piece::Prompt]);
        assert_eq!(pieces(b"> 0011\r\n"), [Piece::Prompt, line("0011")]);
        assert_eq!(pieces(b">\r\n"), [Piece::Prompt]);
        assert_eq!(pieces(b"a > b\r"), [line("a > b")]);
    }

    #[test]
    fn noise_is_left_out() {
        assert_eq!(
            pieces(b"\0\xFF> O\x1AK\r\n"),
            [Piece::Prompt, line("OK")],
            "a prompt and a line, each behind noise"
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_survived() {
        let found = pieces(b"123456789012\r1234567890123\rOK\r");
        assert_eq!(found, [line("123456789012"), Piece::Cut, line("OK")]);
    }
}
