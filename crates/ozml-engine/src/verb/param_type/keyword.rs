//! Words of a closed list, in any case.

use ozml_session::Invalid;

use super::ParamType;

/// The variant of a closed list that `text` names.
fn chosen<T: Copy>(text: &str, words: &[&str], values: &[T]) -> Result<T, Invalid> {
    let found = words.iter().position(|word| word.eq_ignore_ascii_case(text));
    found.and_then(|at| values.get(at)).copied().ok_or_else(|| {
        Invalid::new(format!(
            "one of {} was expected, not `{}`",
            words.join(", "),
            text.escape_debug()
        ))
    })
}

macro_rules! keywords {
    ($(#[$doc:meta])* $name:ident $manual:literal { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl ParamType for $name {
            const NAME: &'static str = $manual;
            const WORDS: &'static [&'static str] = &[$($word),*];

            fn parse(text: &str) -> Result<Self, Invalid> {
                chosen(text, Self::WORDS, &[$(Self::$variant),*])
            }
        }
    };
}

keywords! {
    /// Whose ears are meant.
    Party "`caller`, `callee` or `all`" {
        /// Who placed the call.
        Caller = "caller",
        /// Who was called.
        Callee = "callee",
        /// Both.
        All = "all",
    }
}

keywords! {
    /// One end of a call.
    CallParty "`caller` or `callee`" {
        /// Who placed the call.
        Caller = "caller",
        /// Who was called.
        Callee = "callee",
    }
}

keywords! {
    /// The format of a recording.
    RecordingFormat "`mp3` or `wav`" {
        /// MPEG audio layer 3.
        Mp3 = "mp3",
        /// PCM in a WAV file.
        Wav = "wav",
    }
}

keywords! {
    /// What an alarm message says of its event (Ademco Contact ID).
    EventQualifier "`NewEvent`, `NewRestore` or `StatusReport`" {
        /// It began.
        NewEvent = "NewEvent",
        /// It is over.
        NewRestore = "NewRestore",
        /// It goes on.
        StatusReport = "StatusReport",
    }
}

keywords! {
    /// The direction of a call of the history.
    CallDirection "direction of a call" {
        /// Between two extensions.
        Internal = "Internal",
        /// Between two outside lines.
        External = "External",
        /// From outside to an extension.
        Inbound = "Inbound",
        /// From an extension to outside.
        Outbound = "Outbound",
    }
}

keywords! {
    /// What becomes of a message that was fetched.
    AfterDownload "`delete`, `downloaded` or `none`" {
        /// It is deleted.
        Delete = "delete",
        /// It is marked as downloaded.
        Downloaded = "downloaded",
        /// It is left as it is.
        Keep = "none",
    }
}

/// Yes or no: `true` or `false`, in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(bool);

impl Flag {
    /// The answer.
    pub fn get(self) -> bool {
        self.0
    }
}

impl ParamType for Flag {
    const NAME: &'static str = "`true` or `false`";
    const WORDS: &'static [&'static str] = &["true", "false"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        chosen(text, Self::WORDS, &[true, false]).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_in_any_case_and_no_others() {
        assert_eq!(Party::parse("Callee"), Ok(Party::Callee));
        assert_eq!(Flag::parse("TRUE").map(Flag::get), Ok(true));
        for wrong in ["yes", "1", "tru", ""] {
            let fault = Flag::parse(wrong).unwrap_err().to_string();
            assert!(fault.starts_with("one of true, false was expected"), "{fault}");
        }
        assert!(CallParty::parse("all").is_err());
    }
}
