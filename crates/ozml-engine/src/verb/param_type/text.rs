//! Texts of all kinds.

use std::sync::Arc;

use ozml_session::{Invalid, LanguageTag, SmsText, VoiceName};

use super::ParamType;
use crate::limits::Limits;
use crate::run::LimitReached;
use crate::white_space::WhiteSpace;

/// Text to be spoken; may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenText(Arc<str>);

impl Default for SpokenText {
    /// Silence.
    fn default() -> Self {
        Self("".into())
    }
}

impl SpokenText {
    /// The text, shared.
    pub fn as_arc(&self) -> &Arc<str> {
        &self.0
    }
}

impl ParamType for SpokenText {
    const NAME: &'static str = "text";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(Self(text.into()))
    }

    fn over_limit(&self, limits: &Limits) -> Option<LimitReached> {
        let chars = u64::try_from(self.0.chars().count()).unwrap_or(u64::MAX);
        (chars > limits.speak_chars).then(|| LimitReached::new("speak_chars", limits.speak_chars))
    }
}

/// Text in one line: a name to be shown, a subject, a filter. No control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineText(Arc<str>);

impl LineText {
    /// The text, shared.
    pub fn as_arc(&self) -> &Arc<str> {
        &self.0
    }
}

impl ParamType for LineText {
    const NAME: &'static str = "text in one line";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Trim;

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text.chars().find(|c| c.is_control()) {
            Some(control) => Err(Invalid::new(format!(
                "one line was expected, found the control character `{}`",
                control.escape_debug()
            ))),
            None => Ok(Self(text.into())),
        }
    }
}

/// The body of a mail or message: line breaks stay, the indentation of the script goes; may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyText(Arc<str>);

impl BodyText {
    /// The text, shared.
    pub fn as_arc(&self) -> &Arc<str> {
        &self.0
    }
}

impl ParamType for BodyText {
    const NAME: &'static str = "message text";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Body;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(Self(text.into()))
    }
}

/// What a variable holds, or an item of an array; may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableText(Arc<str>);

impl VariableText {
    /// The text, shared.
    pub fn as_arc(&self) -> &Arc<str> {
        &self.0
    }
}

impl ParamType for VariableText {
    const NAME: &'static str = "any text";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Trim;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(Self(text.into()))
    }

    fn over_limit(&self, limits: &Limits) -> Option<LimitReached> {
        let bytes = u64::try_from(self.0.len()).unwrap_or(u64::MAX);
        (bytes > limits.variable_bytes).then(|| LimitReached::new("variable_bytes", limits.variable_bytes))
    }
}

impl ParamType for SmsText {
    const NAME: &'static str = "message text";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Body;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for LanguageTag {
    const NAME: &'static str = "language code";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for VoiceName {
    const NAME: &'static str = "name of a voice";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
