use std::time::Duration;

use ozml_session::{Prompt, Speech};

/// How long prompts last where nobody really speaks: golden traces depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpeechModel {
    /// Time of one spoken character.
    pub per_character: Duration,
    /// Least time of a spoken text.
    pub at_least: Duration,
    /// Time of a sound file whose length is not known.
    pub unknown_file: Duration,
}

impl Default for SpeechModel {
    fn default() -> Self {
        Self {
            per_character: Duration::from_millis(60),
            at_least: Duration::from_millis(300),
            unknown_file: Duration::from_secs(2),
        }
    }
}

impl SpeechModel {
    /// How long a prompt lasts.
    pub fn length(&self, prompt: &Prompt) -> Duration {
        match prompt {
            Prompt::Speech(speech) => self.spoken(speech),
            Prompt::Tone(tone) => tone.length,
            Prompt::File(file) => file.ms.map_or(self.unknown_file, Duration::from_millis),
            _ => self.unknown_file,
        }
    }

    fn spoken(&self, speech: &Speech) -> Duration {
        let characters = u32::try_from(speech.text.chars().count()).unwrap_or(u32::MAX);
        self.per_character.saturating_mul(characters).max(self.at_least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_milliseconds_a_character_and_at_least_three_hundred() {
        let length = |text: &str| SpeechModel::default().length(&Prompt::Speech(Speech::new(text)));
        assert_eq!(length("Hi"), Duration::from_millis(300));
        assert_eq!(length("The SMS has been sent."), Duration::from_millis(22 * 60));
        assert_eq!(length("őűéáí0"), Duration::from_millis(360));
    }
}
