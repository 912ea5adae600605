use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{FileName, HttpUrl, Invalid, Key, LanguageTag, PhoneNumber, StopOn};

/// Something to be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prompt {
    /// Spoken text.
    Speech(Speech),
    /// A sound file.
    File(SoundFile),
    /// A sound that was fetched from a web server.
    Fetched(FetchedSound),
    /// A tone.
    Tone(Tone),
}

/// A sound file under a root of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SoundFile {
    /// Its name as the script writes it.
    pub name: FileName,
    /// Its playing time in milliseconds, where it is known.
    pub ms: Option<u64>,
}

impl SoundFile {
    /// A file of a known or unknown playing time.
    pub fn new(name: FileName, ms: Option<u64>) -> Self {
        Self { name, ms }
    }
}

/// A sound from a web server, whole.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchedSound {
    /// Where it came from.
    pub url: HttpUrl,
    /// A wav or mp3 file; what it really is nobody has checked.
    pub bytes: Arc<[u8]>,
}

impl FetchedSound {
    /// A sound.
    pub fn new(url: HttpUrl, bytes: Arc<[u8]>) -> Self {
        Self { url, bytes }
    }
}

impl fmt::Debug for FetchedSound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FetchedSound({}, {} bytes)", self.url, self.bytes.len())
    }
}

/// Text to be spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Speech {
    /// What is said.
    pub text: Arc<str>,
    /// In which language; `None`: the system's.
    pub language: Option<LanguageTag>,
    /// With which voice; `None`: the system's.
    pub voice: Option<VoiceName>,
}

impl Speech {
    /// Text in the system's language and voice.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self {
            text: text.into(),
            language: None,
            voice: None,
        }
    }
}

/// The name of a voice, as the speech engine knows it: 1 to 64 characters without controls.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VoiceName(Arc<str>);

impl VoiceName {
    /// Checks the form only.
    pub fn new(name: &str) -> Result<Self, Invalid> {
        if (1..=64).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
            Ok(Self(name.into()))
        } else {
            Err(Invalid::new(
                "the name of a voice has 1 to 64 characters and no controls",
            ))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tone {
    /// Hertz.
    pub frequency: u16,
    /// How long.
    pub length: Duration,
}

impl Tone {
    /// A tone of `frequency` hertz.
    pub fn new(frequency: u16, length: Duration) -> Self {
        Self { frequency, length }
    }
}

/// How far a prompt got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Played {
    /// Milliseconds heard.
    pub ms: u64,
    /// The key that stopped it; `None`: it came to its end.
    pub by: Option<Key>,
}

impl Played {
    /// Heard to the end.
    pub fn whole(ms: u64) -> Self {
        Self { ms, by: None }
    }

    /// Stopped by a key.
    pub fn cut(ms: u64, by: Key) -> Self {
        Self { ms, by: Some(by) }
    }
}

/// What to record and when to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// Where the recording goes.
    pub file: FileName,
    /// Longest duration, by the clock and not by received sound.
    pub at_most: Duration,
    /// Ends after so much silence.
    pub silence: Option<Duration>,
    /// Keys that end it.
    pub until: StopOn,
}

impl Record {
    /// A recording that only its longest duration ends.
    pub fn new(file: FileName, at_most: Duration) -> Self {
        Self {
            file,
            at_most,
            silence: None,
            until: StopOn::NONE,
        }
    }
}

/// A closed recording.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// Where it is.
    pub file: FileName,
    /// Its length in milliseconds.
    pub ms: u64,
    /// What ended it.
    pub end: RecordingEnd,
}

impl Recorded {
    /// A recording of `ms` milliseconds.
    pub fn new(file: FileName, ms: u64, end: RecordingEnd) -> Self {
        Self { file, ms, end }
    }
}

/// What ended a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordingEnd {
    /// One of its keys.
    Digit(Key),
    /// Its longest duration.
    Duration,
    /// Silence.
    Silence,
    /// The end of the call.
    HungUp,
    /// A limit on size or space.
    Limit,
    /// A fault.
    Error,
}

/// Where a blind transfer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlindTransfer {
    /// The new number.
    pub target: PhoneNumber,
}

impl BlindTransfer {
    /// To a number.
    pub fn new(target: PhoneNumber) -> Self {
        Self { target }
    }
}

/// A transfer that took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transferred {
    /// Whether the far end confirmed it; `false` when it just left.
    pub confirmed: bool,
}

impl Transferred {
    /// A transfer.
    pub fn new(confirmed: bool) -> Self {
        Self { confirmed }
    }
}
