//! One message about a script: what was found, what was expected, how to mend it.

use std::fmt;

use crate::source::Span;

/// A word that names a kind of fault, such as `unknown-verb`. It never changes once published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Code(pub &'static str);

impl Code {
    /// The word itself.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl From<&'static str> for Code {
    fn from(word: &'static str) -> Self {
        Self(word)
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The script cannot run.
    Error,
    /// The script runs, but perhaps not as it was meant.
    Warning,
}

/// A remark at a place of the script.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The remark; may be empty.
    pub text: String,
    /// Whether the fault itself is here, and not something that explains it.
    pub primary: bool,
}

/// A change of the source text that mends the fault.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fix {
    /// What to replace; empty for an insertion.
    pub span: Span,
    /// What to put there.
    pub text: String,
}

/// One fault of a script.
///
/// ```
/// use ozml_parser::{Diagnostic, Span};
///
/// let fault = Diagnostic::error("unknown-verb", 301, Span::new(11, 15), "no verb is called `Spek`")
///     .help("write `Speak`")
///     .fix(Span::new(11, 15), "Speak");
/// assert_eq!(fault.code, "unknown-verb");
/// assert_eq!(fault.span(), Some(Span::new(11, 15)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind of fault.
    pub code: Code,
    /// The status code of the HTTP API that belongs to it: 300 to 303, or one of ours from 900.
    pub status: u16,
    /// How grave it is.
    pub severity: Severity,
    /// What was found, and what was expected.
    pub message: String,
    /// Places, the primary one first.
    pub labels: Vec<Label>,
    /// How to mend it.
    pub help: Option<String>,
    /// The same as a change of the text, where there is one.
    pub fix: Option<Box<Fix>>,
    /// The name of the limit that was exceeded, where the fault is that.
    pub limit: Option<&'static str>,
}

impl Diagnostic {
    /// An error whose fault lies at `span`.
    pub fn error(code: impl Into<Code>, status: u16, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code.into(), status, span, message.into())
    }

    /// A warning about the text at `span`.
    pub fn warning(code: impl Into<Code>, status: u16, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code.into(), status, span, message.into())
    }

    fn new(severity: Severity, code: Code, status: u16, span: Span, message: String) -> Self {
        let fault = Label {
            span,
            text: String::new(),
            primary: true,
        };
        Self {
            code,
            status,
            severity,
            message,
            labels: vec![fault],
            help: None,
            fix: None,
            limit: None,
        }
    }

    /// Adds a remark. At the span of the fault itself it becomes the remark of the fault, anywhere else it is
    /// a secondary one.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        match self.labels.iter_mut().find(|label| label.primary) {
            Some(fault) if fault.span == span && fault.text.is_empty() => fault.text = text.into(),
            _ => self.labels.push(Label {
                span,
                text: text.into(),
                primary: false,
            }),
        }
        self
    }

    /// Says how to mend the fault.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Gives the change that mends the fault.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        self.fix = Some(Box::new(Fix { span, text }));
        self
    }

    /// Says that the limit called `name` was exceeded.
    #[must_use]
    pub fn limit(mut self, name: &'static str) -> Self {
        self.limit = Some(name);
        self
    }

    /// Where the fault is.
    pub fn span(&self) -> Option<Span> {
        self.labels
            .iter()
            .find(|label| label.primary)
            .map(|label| label.span)
    }

    /// Whether the script cannot run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_at_the_fault_is_its_remark() {
        let span = Span::new(3, 5);
        let fault = Diagnostic::warning("x", 302, span, "m")
            .label(span, "here")
            .label(Span::new(0, 1), "there");
        let labels: Vec<_> = fault
            .labels
            .iter()
            .map(|l| (l.text.as_str(), l.primary))
            .collect();
        assert_eq!(labels, [("here", true), ("there", false)]);
        assert!(!fault.is_error());
    }
}
