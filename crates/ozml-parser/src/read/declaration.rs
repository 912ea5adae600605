//! The XML declaration: roxmltree reads it without looking at version and encoding.

use crate::source::{Source, Span};
use crate::{Code, Diagnostic};

use super::characters::character_span;
use super::scan::is_blank;

const BEGIN: &str = "<?xml";
const WANTED: &str = "write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>`, or leave the declaration out";
const CODE: Code = Code("xml-declaration");

/// Checks the declaration at byte `start`, if there is one (XML 1.0, productions 23 to 32 and 80).
pub(super) fn check(source: &Source, start: usize) -> Result<(), Diagnostic> {
    let Some(declaration) = Declaration::find(source.text(), start) else {
        return Ok(());
    };
    let parts = declaration.parts().map_err(malformed)?;
    let mut parts = parts.into_iter().peekable();
    match parts.next() {
        Some((name, value)) if source.slice(name) == "version" => check_version(source, value)?,
        other => return Err(malformed(other.map_or(declaration.head(), |(name, _)| name))),
    }
    if let Some((_, value)) = parts.next_if(|(name, _)| source.slice(*name) == "encoding") {
        check_encoding(source, value)?;
    }
    if let Some((_, value)) = parts.next_if(|(name, _)| source.slice(*name) == "standalone")
        && !matches!(source.slice(value), "yes" | "no")
    {
        let message = format!("standalone is `{}`, expected `yes` or `no`", source.slice(value));
        return Err(Diagnostic::error(CODE, 300, value, message).help(WANTED));
    }
    parts.next().map_or(Ok(()), |(name, _)| Err(malformed(name)))
}

/// The encoding that the declaration at the start of `text` names, read as far as it can be read.
pub(super) fn declared_encoding(text: &str, start: usize) -> Option<&str> {
    let parts = Declaration::find(text, start)?.parts().ok()?;
    let (_, value) = parts
        .into_iter()
        .find(|(name, _)| text.get(name.range()) == Some("encoding"))?;
    text.get(value.range())
}

fn check_version(source: &Source, value: Span) -> Result<(), Diagnostic> {
    let version = source.slice(value);
    if version == "1.0" {
        return Ok(());
    }
    let message = format!("the script declares XML version `{version}`, expected `1.0`");
    Err(Diagnostic::error(CODE, 300, value, message)
        .help("write `version=\"1.0\"`")
        .fix(value, "1.0"))
}

fn check_encoding(source: &Source, value: Span) -> Result<(), Diagnostic> {
    let encoding = source.slice(value);
    if ["UTF-8", "US-ASCII"]
        .iter()
        .any(|known| encoding.eq_ignore_ascii_case(known))
    {
        return Ok(());
    }
    Err(wrong_encoding(encoding, value).fix(value, "UTF-8"))
}

/// The message for text in another encoding than UTF-8.
pub(super) fn wrong_encoding(encoding: &str, span: Span) -> Diagnostic {
    let message = format!("the script declares the encoding `{encoding}`, expected UTF-8");
    Diagnostic::error("encoding", 300, span, message)
        .help("save the script as UTF-8 and declare `encoding=\"UTF-8\"` or nothing")
}

fn malformed(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, 300, span, "this XML declaration cannot be read").help(WANTED)
}

struct Declaration<'t> {
    text: &'t str,
    start: usize,
    /// Offset of its `?>`.
    end: usize,
}

impl<'t> Declaration<'t> {
    fn find(text: &'t str, start: usize) -> Option<Self> {
        let content = text.get(start..)?.strip_prefix(BEGIN)?;
        let begins = content.starts_with("?>") || content.bytes().next().is_some_and(is_blank);
        let length = content.find("?>").filter(|_| begins)?;
        let end = start.saturating_add(BEGIN.len()).saturating_add(length);
        Some(Self { text, start, end })
    }

    /// The place of `<?xml`.
    fn head(&self) -> Span {
        Span::new(self.start, self.start.saturating_add(BEGIN.len()))
    }

    /// Names and values as they follow one another, or the place that cannot be read.
    fn parts(&self) -> Result<Vec<(Span, Span)>, Span> {
        let mut at = self.start.saturating_add(BEGIN.len());
        let mut parts = Vec::new();
        loop {
            let name_start = self.skip(at, is_blank);
            if name_start == self.end {
                return Ok(parts);
            }
            let name_end = self.skip(name_start, |byte| byte.is_ascii_alphabetic());
            if name_start == at || name_end == name_start {
                return Err(self.character(name_start));
            }
            let value = self.value(name_end)?;
            parts.push((Span::new(name_start, name_end), value));
            at = (value.end as usize).saturating_add(1);
        }
    }

    fn value(&self, name_end: usize) -> Result<Span, Span> {
        let equals = self.skip(name_end, is_blank);
        let quote_at = self.skip(equals.saturating_add(1), is_blank);
        let bytes = self.text.as_bytes();
        match (bytes.get(equals), bytes.get(quote_at)) {
            (Some(b'='), Some(&quote @ (b'"' | b'\''))) => {
                let start = quote_at.saturating_add(1);
                let end = self.skip(start, |byte| byte != quote);
                if end == self.end {
                    return Err(Span::new(quote_at, end));
                }
                Ok(Span::new(start, end))
            }
            (Some(b'='), _) => Err(self.character(quote_at)),
            _ => Err(self.character(equals)),
        }
    }

    fn skip(&self, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(from..self.end).unwrap_or_default();
        let length = rest.iter().position(|&byte| !belongs(byte)).unwrap_or(rest.len());
        from.saturating_add(length).min(self.end)
    }

    fn character(&self, at: usize) -> Span {
        character_span(self.text, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<(&'static str, String)> {
        let source = Source::new("t", text);
        check(&source, 0).err().map(|fault| {
            (
                fault.code.as_str(),
                source.slice(fault.span().unwrap()).to_owned(),
            )
        })
    }

    #[test]
    fn good_declarations() {
        for text in [
            "<a/>",
            "<?xml-stylesheet x?>",
            "<?xml version='1.0'?>",
            "<?xml\tversion = \"1.0\"\nencoding='utf-8' standalone='no' ?>",
            "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn bad_declarations() {
        let cases = [
            ("<?xml?>", "xml-declaration", "<?xml"),
            ("<?xml encoding='UTF-8'?>", "xml-declaration", "encoding"),
            ("<?xml version='1.1'?>", "xml-declaration", "1.1"),
            ("<?xml version='1.0'encoding='UTF-8'?>", "xml-declaration", "e"),
            ("<?xml version=1.0?>", "xml-declaration", "1"),
            ("<?xml version='1.0?>", "xml-declaration", "'1.0"),
            ("<?xml version='1.0' standalone='YES'?>", "xml-declaration", "YES"),
            (
                "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
                "xml-declaration",
                "encoding",
            ),
            (
                "<?xml version='1.0' encoding='ISO-8859-2'?>",
                "encoding",
                "ISO-8859-2",
            ),
        ];
        for (text, code, at) in cases {
            assert_eq!(fault(text), Some((code, at.to_owned())), "{text}");
        }
    }
}
