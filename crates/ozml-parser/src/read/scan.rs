//! Splits a text into the tokens of XML without building anything.
//!
//! The scanner is lenient about characters and names, which the XML parser checks afterwards. What it calls a
//! [`Fault`] no XML parser accepts; so up to the first fault it sees the tokens that the parser will see, and
//! counting them is a true measure of the work to come.

use memchr::{memchr, memchr2, memmem};

use crate::source::Span;

/// A piece of markup or text. Spans are offsets into the scanned text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// `<name`.
    Open { name: Span },
    /// `name="value"`, the value without its quotes.
    Attribute { name: Span, value: Span },
    /// The `>` or `/>` of a start tag.
    OpenEnd { empty: bool },
    /// `</name>`.
    Close { name: Span },
    /// Characters between tags.
    Text(Span),
    /// `<![CDATA[…]]>`, whole.
    Cdata(Span),
    /// `<!--…-->`, whole.
    Comment,
    /// `<?…?>`, whole.
    Instruction(Span),
    /// The scan ends: this is not XML.
    Fault(Fault),
}

/// Why a scan ended early, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// What is wrong, or what was left open.
    pub(crate) span: Span,
    /// Offset of the `<` of the markup the fault lies in.
    pub(crate) markup: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// `<` that begins no tag.
    NoName,
    /// `<!` that begins neither comment nor CDATA; the span is the word after it, with `<!`.
    Declaration,
    /// An attribute name without `=`.
    NoEquals,
    /// `=` without a quote after it; the span is the name of the attribute.
    NoQuote { at: u32 },
    /// A value whose quote is not closed before `<` or the end; the span begins at the quote.
    OpenValue { name: Span },
    /// No blank before an attribute.
    NoBlank,
    /// Something in a tag that is neither attribute nor end.
    InTag,
    /// A tag that is cut by `<` or the end of the text; the span is its name.
    OpenTag,
    /// A comment, CDATA section or instruction that never ends; the span is its beginning.
    Endless { end: &'static str },
}

/// Iterates over the tokens of a text.
pub(crate) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// The name of the start tag the scanner is in.
    tag: Option<Span>,
    /// Where the last markup began.
    markup: usize,
    stopped: bool,
}

impl<'t> Scanner<'t> {
    /// A scanner that begins at byte `from` of `text`.
    pub(crate) fn new(text: &'t str, from: usize) -> Self {
        Self {
            text,
            at: from,
            tag: None,
            markup: from,
            stopped: false,
        }
    }

    /// Where the next token begins.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes).min(self.text.len());
    }

    fn skip_blanks(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_some_and(is_blank) {
            self.advance(1);
        }
        self.at > start
    }

    /// Takes what can belong to a name, and is generous about it.
    fn name(&mut self) -> Span {
        let start = self.at;
        let length = self.rest().iter().position(|&byte| ends_name(byte));
        self.advance(length.unwrap_or(usize::MAX));
        Span::new(start, self.at)
    }

    fn fault(&mut self, kind: FaultKind, span: Span) -> Token {
        self.stopped = true;
        Token::Fault(Fault {
            kind,
            span,
            markup: self.markup,
        })
    }

    fn in_tag(&mut self, tag: Span) -> Token {
        let blank = self.skip_blanks();
        match self.peek() {
            None | Some(b'<') => self.fault(FaultKind::OpenTag, tag),
            Some(b'>') => self.end_tag(1, false),
            Some(b'/') if self.rest().starts_with(b"/>") => self.end_tag(2, true),
            Some(_) => self.attribute(blank),
        }
    }

    fn end_tag(&mut self, bytes: usize, empty: bool) -> Token {
        self.advance(bytes);
        self.tag = None;
        Token::OpenEnd { empty }
    }

    fn attribute(&mut self, after_blank: bool) -> Token {
        let name = self.name();
        if name.is_empty() {
            let at = self.at;
            return self.fault(FaultKind::InTag, self.character_at(at));
        }
        if !after_blank {
            return self.fault(FaultKind::NoBlank, name);
        }
        self.skip_blanks();
        if self.peek() != Some(b'=') {
            return self.fault(FaultKind::NoEquals, name);
        }
        self.advance(1);
        self.skip_blanks();
        let quote = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => quote,
            _ => {
                let at = Span::new(self.at, self.at).start;
                return self.fault(FaultKind::NoQuote { at }, name);
            }
        };
        let open = self.at;
        self.advance(1);
        let start = self.at;
        let length = memchr2(quote, b'<', self.rest());
        self.advance(length.unwrap_or(usize::MAX));
        if self.peek() != Some(quote) {
            return self.fault(FaultKind::OpenValue { name }, Span::new(open, self.at));
        }
        let value = Span::new(start, self.at);
        self.advance(1);
        Token::Attribute { name, value }
    }

    fn markup(&mut self) -> Token {
        let start = self.at;
        self.markup = start;
        let rest = self.rest();
        if rest.starts_with(b"<!--") {
            return self
                .until(4, "-->")
                .map_or_else(|fault| fault, |_| Token::Comment);
        }
        if rest.starts_with(b"<![CDATA[") {
            return self.until(9, "]]>").map_or_else(|fault| fault, Token::Cdata);
        }
        if rest.starts_with(b"<?") {
            return self.until(2, "?>").map_or_else(|fault| fault, Token::Instruction);
        }
        if rest.starts_with(b"<!") {
            self.advance(2);
            let end = self.name().end as usize;
            return self.fault(FaultKind::Declaration, Span::new(start, end));
        }
        if rest.starts_with(b"</") {
            return self.close();
        }
        self.advance(1);
        let name = self.name();
        if name.is_empty() {
            return self.fault(FaultKind::NoName, Span::new(start, self.at));
        }
        self.tag = Some(name);
        Token::Open { name }
    }

    fn close(&mut self) -> Token {
        let start = self.at;
        self.advance(2);
        let name = self.name();
        if name.is_empty() {
            return self.fault(FaultKind::NoName, Span::new(start, self.at));
        }
        self.skip_blanks();
        match self.peek() {
            Some(b'>') => {
                self.advance(1);
                Token::Close { name }
            }
            None | Some(b'<') => self.fault(FaultKind::OpenTag, name),
            Some(_) => self.fault(FaultKind::InTag, self.character_at(self.at)),
        }
    }

    /// Skips `begin` bytes and everything up to and with `end`.
    fn until(&mut self, begin: usize, end: &'static str) -> Result<Span, Token> {
        let start = self.at;
        self.advance(begin);
        match memmem::find(self.rest(), end.as_bytes()) {
            Some(length) => {
                self.advance(length.saturating_add(end.len()));
                Ok(Span::new(start, self.at))
            }
            None => {
                let beginning = Span::new(start, self.at);
                Err(self.fault(FaultKind::Endless { end }, beginning))
            }
        }
    }

    fn character_at(&self, at: usize) -> Span {
        let length = self.text.get(at..).and_then(|rest| rest.chars().next());
        Span::new(at, at.saturating_add(length.map_or(0, char::len_utf8)))
    }
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if self.stopped {
            return None;
        }
        if let Some(tag) = self.tag {
            return Some(self.in_tag(tag));
        }
        if self.peek()? == b'<' {
            return Some(self.markup());
        }
        let start = self.at;
        self.advance(memchr(b'<', self.rest()).unwrap_or(usize::MAX));
        Some(Token::Text(Span::new(start, self.at)))
    }
}

/// White space of XML 1.0, production 3.
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn ends_name(byte: u8) -> bool {
    byte < b'@' && (is_blank(byte) || matches!(byte, b'<' | b'>' | b'/' | b'=' | b'"' | b'\'' | b'&'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> String {
        let slice = |span: Span| &text[span.range()];
        Scanner::new(text, 0)
            .map(|token| match token {
                Token::Open { name } => format!("<{} ", slice(name)),
                Token::Attribute { name, value } => format!("{}:{} ", slice(name), slice(value)),
                Token::OpenEnd { empty } => if empty { "/> " } else { "> " }.to_owned(),
                Token::Close { name } => format!("</{} ", slice(name)),
                Token::Text(span) => format!("[{}] ", slice(span)),
                Token::Cdata(span) | Token::Instruction(span) => format!("{} ", slice(span)),
                Token::Comment => "!-- ".to_owned(),
                Token::Fault(fault) => format!("{:?}@{}", fault.kind, slice(fault.span)),
            })
            .collect()
    }

    #[test]
    fn tokens_of_a_document() {
        assert_eq!(
            kinds("<?a?><b c='<!--\"/>"),
            "<?a?> <b OpenValue { name: Span { start: 8, end: 9 } }@'"
        );
        assert_eq!(
            kinds("<b c = \"1>\" d=''><!-- <x --><![CDATA[<]]>t</b >\n"),
            "<b c:1> d: > !-- <![CDATA[<]]> [t] </b [\n] "
        );
        assert_eq!(kinds("<b/>"), "<b /> ");
    }

    #[test]
    fn faults_end_the_scan() {
        assert_eq!(kinds("a < b"), "[a ] NoName@<");
        assert_eq!(kinds("<a b=1>"), "<a NoQuote { at: 5 }@b");
        assert_eq!(kinds("<a b='1'c='2'>"), "<a b:1 NoBlank@c");
        assert_eq!(kinds("<a b>"), "<a NoEquals@b");
        assert_eq!(kinds("<a=\"b\">"), "<a InTag@=");
        assert_eq!(kinds("<a <b/>"), "<a OpenTag@a");
        assert_eq!(kinds("<!DOCTYPE x>"), "Declaration@<!DOCTYPE");
        assert_eq!(kinds("<!-- x"), "Endless { end: \"-->\" }@<!--");
        assert_eq!(kinds("</a b>"), "InTag@b");
    }
}
