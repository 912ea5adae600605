use std::sync::Arc;
use std::time::Duration;

use ozml_session::{
    CallId, HttpUrl, Invalid, LanguageTag, PhoneNumber, SenderId, SmsText, VoiceName, parse_seconds,
};

use crate::limits::Limits;
use crate::run::LimitReached;
use crate::white_space::WhiteSpace;

/// The type of a parameter: how it is read from text.
pub trait ParamType: Clone + Send + Sync + 'static {
    /// What the manual calls it.
    const NAME: &'static str;
    /// How its white space is read.
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Squeeze;
    /// Whether a variable inside a longer value is percent-encoded.
    const PERCENT_ENCODED: bool = false;

    /// Reads a value whose white space has been dealt with and whose variables have been replaced.
    fn parse(text: &str) -> Result<Self, Invalid>;

    /// The limit that this value alone exceeds; reaching it ends the run.
    fn over_limit(&self, limits: &Limits) -> Option<LimitReached> {
        let _ = limits;
        None
    }
}

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

/// The time of a Delay: seconds, with up to three decimals as our extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelayTime(Duration);

impl DelayTime {
    /// How long.
    pub fn duration(self) -> Duration {
        self.0
    }
}

impl ParamType for DelayTime {
    const NAME: &'static str = "seconds";

    fn parse(text: &str) -> Result<Self, Invalid> {
        parse_seconds(text).map(Self)
    }

    fn over_limit(&self, limits: &Limits) -> Option<LimitReached> {
        (self.0 > limits.wait).then(|| LimitReached::new("wait", limits.wait.as_secs()))
    }
}

impl ParamType for PhoneNumber {
    const NAME: &'static str = "phone number";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for SmsText {
    const NAME: &'static str = "message text";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Body;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for SenderId {
    const NAME: &'static str = "number, short code or name";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl ParamType for HttpUrl {
    const NAME: &'static str = "http or https URL";
    const PERCENT_ENCODED: bool = true;

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

impl ParamType for CallId {
    const NAME: &'static str = "call id";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
