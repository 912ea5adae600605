//! Files, and what can be played.

use ozml_session::{FileName, HttpUrl, Invalid};

use super::ParamType;
use crate::white_space::WhiteSpace;

impl ParamType for FileName {
    const NAME: &'static str = "path";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Trim;

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

/// Where a sound comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SoundSource {
    /// A file under one of the roots.
    File(FileName),
    /// A file of a web server.
    Web(HttpUrl),
}

impl ParamType for SoundSource {
    const NAME: &'static str = "path or http URL";
    const WHITE_SPACE: WhiteSpace = WhiteSpace::Trim;

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.contains("://") {
            HttpUrl::new(text).map(Self::Web)
        } else {
            FileName::new(text).map(Self::File)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_is_a_file_or_a_web_address() {
        assert!(matches!(
            SoundSource::parse("a/hold.wav"),
            Ok(SoundSource::File(_))
        ));
        assert!(matches!(
            SoundSource::parse("http://a.example/x.mp3"),
            Ok(SoundSource::Web(_))
        ));
        assert!(SoundSource::parse("ftp://a.example/x.mp3").is_err());
        assert!(SoundSource::parse("../x.wav").is_err());
    }
}
