//! Bytes that should be UTF-8.

use std::sync::Arc;

use crate::source::BYTE_ORDER_MARK;
use crate::{Diagnostic, Source, Span};

use super::{characters, declaration};

/// Bytes that are no text, with as much of a source as is needed to show the message.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// The bytes as far as they can be shown. Positions up to the fault are right, the rest may be replaced.
    pub source: Source,
    /// What is wrong with them; its status is 300.
    pub diagnostic: Diagnostic,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl std::error::Error for Unreadable {}

impl Source {
    /// A source from bytes, which must be UTF-8.
    ///
    /// # Errors
    /// Names the encoding the bytes seem to have where it is not UTF-8: by its byte order mark, by the pattern
    /// of zero bytes, or as they declare it themselves.
    pub fn from_bytes(name: impl Into<Arc<str>>, bytes: &[u8]) -> Result<Source, Box<Unreadable>> {
        let name = name.into();
        if let Some(wide) = Wide::detect(bytes) {
            return Err(wide.refuse(name, bytes));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Source::new(name, text)),
            Err(error) => Err(refuse(name, bytes, error.valid_up_to())),
        }
    }
}

/// Refuses bytes that stop being UTF-8 at `at`.
fn refuse(name: Arc<str>, bytes: &[u8], at: usize) -> Box<Unreadable> {
    let source = Source::new(name, String::from_utf8_lossy(bytes));
    let start = characters::leading_bytes(source.text());
    let declared = declaration::declared_encoding(source.text(), start);
    let span = characters::character_span(source.text(), at);
    let diagnostic = match declared {
        Some(encoding) if !encoding.eq_ignore_ascii_case("UTF-8") => {
            declaration::wrong_encoding(encoding, span)
        }
        _ => {
            let byte = bytes.get(at).copied().unwrap_or_default();
            let message = format!("the byte 0x{byte:02X} is no UTF-8, expected a script in UTF-8");
            Diagnostic::error("encoding", 300, span, message)
                .help("save the script as UTF-8; it may be in a Windows or ISO-8859 encoding")
        }
    };
    Box::new(Unreadable { source, diagnostic })
}

/// Encodings with units of more than one byte.
#[derive(Clone, Copy)]
struct Wide {
    name: &'static str,
    unit: usize,
    little_endian: bool,
}

impl Wide {
    /// XML 1.0, appendix F: by byte order mark, or by the first `<`.
    fn detect(bytes: &[u8]) -> Option<Self> {
        let (name, unit, little_endian) = match bytes {
            [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => ("UTF-32LE", 4, true),
            [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => ("UTF-32BE", 4, false),
            [0xff, 0xfe, ..] | [b'<', 0, ..] => ("UTF-16LE", 2, true),
            [0xfe, 0xff, ..] | [0, b'<', ..] => ("UTF-16BE", 2, false),
            _ => return None,
        };
        Some(Self {
            name,
            unit,
            little_endian,
        })
    }

    fn refuse(self, name: Arc<str>, bytes: &[u8]) -> Box<Unreadable> {
        let text: String = bytes
            .chunks_exact(self.unit)
            .map(|unit| self.character(unit))
            .collect();
        let source = Source::new(name, text.trim_start_matches(BYTE_ORDER_MARK));
        let message = format!("the script is encoded as {}, expected UTF-8", self.name);
        let diagnostic =
            Diagnostic::error("encoding", 300, Span::default(), message).help("save the script as UTF-8");
        Box::new(Unreadable { source, diagnostic })
    }

    /// Good enough to show the first line: what needs two units is replaced.
    fn character(self, unit: &[u8]) -> char {
        let append = |code: u32, byte: &u8| code << 8 | u32::from(*byte);
        let code = match self.little_endian {
            true => unit.iter().rev().fold(0, append),
            false => unit.iter().fold(0, append),
        };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> (String, u32) {
        let unreadable = Source::from_bytes("t", bytes).unwrap_err();
        assert_eq!(unreadable.diagnostic.status, 300);
        let at = unreadable.diagnostic.span().unwrap().start;
        (unreadable.diagnostic.message, at)
    }

    #[test]
    fn utf_8_keeps_its_mark() {
        let source = Source::from_bytes("t", b"\xef\xbb\xbf<a/>").unwrap();
        assert_eq!(source.text(), "\u{feff}<a/>");
    }

    #[test]
    fn wide_encodings_are_named() {
        let wide = |bytes: &[u8]| refusal(bytes).0;
        assert!(wide(b"\xff\xfe<\0a\0").contains("UTF-16LE"));
        assert!(wide(b"\xfe\xff\0<\0a").contains("UTF-16BE"));
        assert!(wide(b"<\0a\0/\0>\0").contains("UTF-16LE"));
        assert!(wide(b"\0<\0a").contains("UTF-16BE"));
        assert!(wide(b"\xff\xfe\0\0<\0\0\0").contains("UTF-32LE"));
        assert!(wide(b"\0\0\0<").contains("UTF-32BE"));
    }

    #[test]
    fn broken_utf_8_is_found_where_it_begins() {
        let (message, at) = refusal(b"<a>\xc3\xa9\xe9</a>");
        assert!(message.contains("0xE9"), "{message}");
        assert_eq!(at, 5);
        let (message, _) = refusal(b"<?xml version='1.0' encoding='ISO-8859-2'?><a>\xe9</a>");
        assert!(message.contains("`ISO-8859-2`"), "{message}");
    }
}
