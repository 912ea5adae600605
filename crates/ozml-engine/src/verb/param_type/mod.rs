//! How the value of a parameter is read from text.

mod address;
mod file;
mod keys;
mod keyword;
mod name;
mod number;
mod query;
mod script;
mod text;

use ozml_session::Invalid;

pub use address::{CallAddress, ConnectionAddress, RouteTarget};
pub use file::SoundSource;
pub use keys::DtmfKeys;
pub use keyword::{AfterDownload, CallDirection, CallParty, EventQualifier, Flag, Party, RecordingFormat};
pub use name::{ArrayName, VariableName};
pub use number::{Count, DelayTime, Hertz, HexCode, KeyCount, Milliseconds, Seconds, WaitTime};
pub use query::{LocalTime, SqlQuery};
pub use script::{ScriptAddress, ScriptText};
pub use text::{BodyText, LineText, SpokenText, VariableText};

use crate::limits::Limits;
use crate::run::LimitReached;
use crate::white_space::WhiteSpace;

/// The type of a parameter: how it is read from text.
pub trait ParamType: Clone + Send + Sync + 'static {
    /// What the manual calls it.
    const NAME: &'static str;
    /// All words it takes, where it takes no others. They are compared without regard to case.
    const WORDS: &'static [&'static str] = &[];
    /// How its white space is read.
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Squeeze;
    /// Whether a variable inside a longer value is percent-encoded.
    const PERCENT_ENCODED: bool = false;
    /// Whether `$name` in it stands for the value of a variable; if not, it is text like any other.
    const REFERENCES: bool = true;

    /// Reads a value whose white space has been dealt with and whose variables have been replaced.
    fn parse(text: &str) -> Result<Self, Invalid>;

    /// The limit that this value alone exceeds; reaching it ends the run.
    fn over_limit(&self, limits: &Limits) -> Option<LimitReached> {
        let _ = limits;
        None
    }

    /// What is odd about a value that is taken as it is, and how it was probably meant: the checker warns.
    fn doubt(text: &str) -> Option<Doubt> {
        let _ = text;
        None
    }
}

/// A value that is allowed and probably not meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What is odd, in the words of a message.
    pub reason: &'static str,
    /// How it was probably meant.
    pub meant: String,
}
