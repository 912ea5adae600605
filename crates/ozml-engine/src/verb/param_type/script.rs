//! Scripts inside scripts, and where the next one comes from.

use std::sync::Arc;

use ozml_parser::{Document, ReadingLimits, Source};
use ozml_session::{HttpUrl, Invalid};

use super::ParamType;
use crate::white_space::WhiteSpace;

/// A whole script as text. Variables in it belong to the run that will run it, so none is replaced here:
/// a value must never become a part of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptText(Arc<str>);

impl ScriptText {
    /// The script.
    pub fn as_arc(&self) -> &Arc<str> {
        &self.0
    }
}

impl ParamType for ScriptText {
    const NAME: &'static str = "OzML script, escaped";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Trim;
    const REFERENCES: bool = false;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let source = Source::new("script", text);
        match Document::parse(&source, &ReadingLimits::default()) {
            Ok(_) => Ok(Self(source.text().into())),
            Err(fault) => Err(Invalid::new(format!("the script in it cannot be read: {fault}"))),
        }
    }
}

/// Where a script is fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScriptAddress {
    /// A web application.
    Url(HttpUrl),
    /// Beside the document that names it: resolved against the URL of that one.
    Relative(Arc<str>),
    /// A query whose first column is a script; only where an SQL source is configured.
    Sql(Arc<str>),
}

impl ParamType for ScriptAddress {
    const NAME: &'static str = "http or https URL";
    const PERCENT_ENCODED: bool = true;

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_select(text) {
            return Ok(Self::Sql(text.into()));
        }
        if has_scheme(text) {
            return HttpUrl::new(text).map(Self::Url);
        }
        // Any base shows whether the text can be resolved at all.
        HttpUrl::new("http://base.example/")?.join(text)?;
        Ok(Self::Relative(text.into()))
    }
}

fn is_select(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("select") && word.len() < text.len()
}

/// A scheme of RFC 3986 3.1 and its colon.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart() {
        let parse = ScriptAddress::parse;
        assert!(matches!(parse("http://a.example/x"), Ok(ScriptAddress::Url(_))));
        for relative in ["menu.php", "/menu", "?again=1", "../x"] {
            assert!(
                matches!(parse(relative), Ok(ScriptAddress::Relative(_))),
                "{relative}"
            );
        }
        assert!(matches!(parse("select x from y"), Ok(ScriptAddress::Sql(_))));
        assert!(matches!(parse("select"), Ok(ScriptAddress::Relative(_))));
        for wrong in ["ftp://a.example/", "javascript:alert(1)", "localhost:80/x"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_script_in_a_script_can_be_read() {
        assert!(ScriptText::parse("<Response><Speak>Hi</Speak></Response>").is_ok());
        let fault = ScriptText::parse("<Response>").unwrap_err().to_string();
        assert!(fault.starts_with("the script in it cannot be read: "), "{fault}");
    }
}
