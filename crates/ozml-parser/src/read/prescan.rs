//! One linear pass over a text before it is parsed: reading limits, and what the XML parser lets through.
//!
//! roxmltree is quadratic in the namespaces of a document and the attributes of an element, accepts any version
//! and encoding in the declaration, and references to surrogates and beyond U+10FFFF.

use memchr::{memchr_iter, memmem};

use crate::source::{Source, Span};
use crate::{Diagnostic, ReadingLimits};

use super::scan::{Fault, FaultKind, Scanner, Token, is_blank};
use super::{characters, declaration, explain};

/// Checks `source` from byte `start` on. `Some` says that it is not XML from a certain place on; what is
/// before that place has been checked.
pub(super) fn check(
    source: &Source,
    start: usize,
    limits: &ReadingLimits,
) -> Result<Option<Fault>, Diagnostic> {
    let bytes = source.text().len();
    let most = limits.script_bytes.min(u32::MAX as usize);
    if bytes > most {
        let found = format!("the script has {bytes} bytes, more");
        return Err(exceeded("script_bytes", most, Span::default(), &found));
    }
    declaration::check(source, start)?;
    let mut prescan = Prescan {
        source,
        limits,
        start,
        has_character_references: memmem::find(source.text().as_bytes(), b"&#").is_some(),
        elements: 0,
        depth: 0,
        attributes: 0,
        namespaces: 0,
        text_bytes: 0,
    };
    for token in Scanner::new(source.text(), start) {
        if let Token::Fault(fault) = token {
            return prescan.fault(fault).map(Some);
        }
        prescan.token(token)?;
    }
    Ok(None)
}

struct Prescan<'s> {
    source: &'s Source,
    limits: &'s ReadingLimits,
    start: usize,
    /// Most scripts have none, which spares a search in every text and value.
    has_character_references: bool,
    elements: usize,
    depth: usize,
    /// Of the current element.
    attributes: usize,
    namespaces: usize,
    /// Since the last tag.
    text_bytes: usize,
}

impl Prescan<'_> {
    fn token(&mut self, token: Token) -> Result<(), Diagnostic> {
        match token {
            Token::Open { name } => self.open(name),
            Token::Attribute { name, value } => self.attribute(name, value),
            Token::OpenEnd { empty } => {
                self.depth = self.depth.saturating_sub(usize::from(empty));
                Ok(())
            }
            Token::Close { .. } => {
                self.depth = self.depth.saturating_sub(1);
                self.text_bytes = 0;
                Ok(())
            }
            Token::Text(span) => {
                self.text(span)?;
                self.references(span)
            }
            Token::Cdata(span) => self.text(span),
            Token::Instruction(span) => self.instruction(span),
            Token::Comment | Token::Fault(_) => Ok(()),
        }
    }

    fn open(&mut self, name: Span) -> Result<(), Diagnostic> {
        self.elements = self.elements.saturating_add(1);
        self.depth = self.depth.saturating_add(1);
        self.attributes = 0;
        self.text_bytes = 0;
        if self.elements > self.limits.elements {
            let found = "the script has more elements";
            return Err(exceeded("elements", self.limits.elements, name, found));
        }
        if self.depth > self.limits.depth {
            let found = format!("this element is nested {} deep, more", self.depth);
            return Err(exceeded("depth", self.limits.depth, name, &found));
        }
        self.name(name)
    }

    fn attribute(&mut self, name: Span, value: Span) -> Result<(), Diagnostic> {
        self.attributes = self.attributes.saturating_add(1);
        if self.attributes > self.limits.attributes {
            let found = "this element has more attributes";
            return Err(exceeded("attributes", self.limits.attributes, name, found));
        }
        let written = self.source.slice(name);
        if written.starts_with("xmlns") || written.ends_with("xmlns") {
            self.namespaces = self.namespaces.saturating_add(1);
        }
        if self.namespaces > self.limits.namespaces {
            let found = "the script declares more namespaces";
            return Err(exceeded("namespaces", self.limits.namespaces, name, found));
        }
        if value.len() > self.limits.value_bytes {
            let found = format!("this value has {} bytes, more", value.len());
            return Err(exceeded("value_bytes", self.limits.value_bytes, value, &found));
        }
        let declares = written.starts_with("xmlns:");
        if declares && (value.is_empty() || written == "xmlns:xmlns") {
            return Err(explain::namespace(name));
        }
        self.name(name)?;
        self.references(value)
    }

    fn name(&self, name: Span) -> Result<(), Diagnostic> {
        if name.len() <= self.limits.name_bytes {
            return match self.source.slice(name).starts_with(':') {
                true => Err(explain::namespace(name)),
                false => Ok(()),
            };
        }
        let found = format!("this name has {} bytes, more", name.len());
        Err(exceeded("name_bytes", self.limits.name_bytes, name, &found))
    }

    /// Pieces between two tags count together: they become one text. Outside of the root there is none.
    fn text(&mut self, span: Span) -> Result<(), Diagnostic> {
        if self.depth == 0 {
            return Ok(());
        }
        self.text_bytes = self.text_bytes.saturating_add(span.len());
        if self.text_bytes <= self.limits.value_bytes {
            return Ok(());
        }
        let found = format!("this text has {} bytes, more", self.text_bytes);
        Err(exceeded("value_bytes", self.limits.value_bytes, span, &found))
    }

    /// Character references must name characters (XML 1.0, 4.1).
    fn references(&self, span: Span) -> Result<(), Diagnostic> {
        if !self.has_character_references {
            return Ok(());
        }
        let text = self.source.slice(span);
        for ampersand in memchr_iter(b'&', text.as_bytes()) {
            let at = (span.start as usize).saturating_add(ampersand);
            let rest = text.get(ampersand..).unwrap_or_default();
            if rest.starts_with("&#") {
                explain::reference::check(rest, at)?;
            }
        }
        Ok(())
    }

    /// A target is a name other than `xml`, without prefix, and a blank follows it (XML 1.0, productions 16 and 17).
    fn instruction(&self, span: Span) -> Result<(), Diagnostic> {
        let written = self.source.slice(span);
        let content = written.trim_start_matches("<?").trim_end_matches("?>");
        let target = content.split(|c: char| c.is_ascii() && is_blank(c as u8)).next();
        let target = target.unwrap_or_default();
        if target.eq_ignore_ascii_case("xml") {
            return match span.start as usize == self.start && target == "xml" {
                true => Ok(()),
                false => Err(explain::misplaced_declaration(span)),
            };
        }
        if characters::is_name(target) && !target.contains(':') {
            return Ok(());
        }
        let message = format!("`<?{target}` begins no processing instruction, expected a name");
        Err(Diagnostic::error("instruction", 300, span, message).help("remove it"))
    }

    fn fault(&self, fault: Fault) -> Result<Fault, Diagnostic> {
        let word = self.source.slice(fault.span);
        let doctype = word
            .get(..9)
            .is_some_and(|begin| begin.eq_ignore_ascii_case("<!doctype"));
        if fault.kind == FaultKind::Declaration && doctype {
            return Err(explain::doctype(self.source, self.start, fault.span));
        }
        Ok(fault)
    }
}

fn exceeded(name: &'static str, limit: usize, span: Span, found: &str) -> Diagnostic {
    let message = format!("{found} than the limit `{name}` of {limit}");
    Diagnostic::error("reading-limit", 300, span, message)
        .help(format!(
            "make it smaller, or raise the limit with `--limit {name}=N` or `{name}` under `[limits]`"
        ))
        .limit(name)
}
