//! Octets made to command lines (V.250 5.2).

const BACKSPACE: u8 = 0x08;
/// Octets of a command line; a longer one is cut, and then wrong.
const MAX_LINE: usize = 2 * 1024;

/// The command line that is being typed, and the one before.
#[derive(Debug, Default)]
pub(super) struct Line {
    typed: Vec<u8>,
    last: String,
}

impl Line {
    /// An octet; the line when it ends it. `A/` ends itself and is the last line again.
    pub(super) fn on_octet(&mut self, octet: u8) -> Option<String> {
        match octet {
            b'\r' => {
                let line = String::from_utf8_lossy(&self.typed).into_owned();
                self.typed.clear();
                return Some(line);
            }
            BACKSPACE => {
                self.typed.pop();
            }
            // Line feeds, and what was meant to end or cancel a PDU.
            ..0x20 | 0x7F => {}
            _ if self.typed.len() < MAX_LINE => self.typed.push(octet),
            _ => {}
        }
        if self.typed.eq_ignore_ascii_case(b"A/") {
            self.typed.clear();
            return Some(self.last.clone());
        }
        None
    }

    /// What `A/` repeats from now on.
    pub(super) fn repeat_with(&mut self, line: &str) {
        line.clone_into(&mut self.last);
    }
}

/// A line as it may be shown: without what follows a command that takes a PIN.
pub(super) fn masked(line: &str) -> String {
    let upper = line.to_ascii_uppercase();
    let takes_pin = ["+CPIN=", "+CLCK=", "+CPWD="].iter().filter_map(|name| {
        let at = upper.find(name)?.saturating_add(name.len());
        // What can be set is no PIN.
        (!upper.get(at..)?.starts_with('?')).then_some(at)
    });
    match takes_pin.min().and_then(|at| line.get(..at)) {
        Some(head) => format!("{head}***"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(line: &mut Line, octets: &[u8]) -> Vec<String> {
        octets.iter().filter_map(|octet| line.on_octet(*octet)).collect()
    }

    #[test]
    fn lines_end_with_a_carriage_return_and_can_be_mended() {
        let mut line = Line::default();
        assert_eq!(lines(&mut line, b"\x1b\nATX\x08E0\r\nAT\r"), ["ATE0", "AT"]);
        line.repeat_with("AT+CSQ");
        assert_eq!(lines(&mut line, b"a/A/\r"), ["AT+CSQ", "AT+CSQ", ""]);
        assert_eq!(
            lines(&mut line, &[&[b'x'; 9_999][..], b"\r"].concat())[0].len(),
            MAX_LINE
        );
    }

    #[test]
    fn no_pin_is_shown() {
        for (line, shown) in [
            ("AT+CPIN=\"1234\"", "AT+CPIN=***"),
            ("at+cmee=1;+cpin=1234\"", "at+cmee=1;+cpin=***"),
            ("AT+CLCK=\"SC\",0,\"1234\"", "AT+CLCK=***"),
            ("AT+CPIN=?", "AT+CPIN=?"),
            ("AT+CPIN?", "AT+CPIN?"),
        ] {
            assert_eq!(masked(line), shown);
        }
    }
}
