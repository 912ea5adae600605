use std::time::Duration;

use ozml_parser::ReadingLimits;
use ozml_session::Invalid;

/// What a script and its run may use. Zero allows nothing; there is no "unlimited".
///
/// The field names are the ones that errors, `--limit` and `[limits]` use. Limits that guard the run end
/// the call when they are reached; limits that guard others (`sms_per_call`, `sms_segments`) refuse the
/// one effect and the script goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// What a document may measure.
    pub reading: ReadingLimits,
    /// Characters of one Speak.
    pub speak_chars: u64,
    /// Verbs of one run.
    pub verbs_per_call: u64,
    /// Verbs in a row that take no call time.
    pub verbs_without_wait: u64,
    /// Variables of one run.
    pub variables: u64,
    /// Bytes of one variable.
    pub variable_bytes: u64,
    /// Bytes of all variables of one run.
    pub all_variable_bytes: u64,
    /// Items of one array.
    pub array_items: u64,
    /// Nesting of loops.
    pub foreach_nesting: u64,
    /// Scripts that one run fetches: GoTo, and answers of ForwardToUrl.
    pub goto_per_call: u64,
    /// The same in a row that take no call time.
    pub goto_without_wait: u64,
    /// How often one UserInput repeats its prompts.
    pub menu_repeats: u64,
    /// Bytes of a fetched script.
    pub fetch_bytes: u64,
    /// Bytes of a fetched sound.
    pub fetch_audio_bytes: u64,
    /// SMS of one run.
    pub sms_per_call: u64,
    /// Parts of one SMS.
    pub sms_segments: u64,
    /// Longest call.
    pub call_duration: Duration,
    /// Longest single wait.
    pub wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reading: ReadingLimits::default(),
            speak_chars: 10_000,
            verbs_per_call: 100_000,
            verbs_without_wait: 10_000,
            variables: 1_000,
            variable_bytes: 64 * 1024,
            all_variable_bytes: 1024 * 1024,
            array_items: 10_000,
            foreach_nesting: 8,
            goto_per_call: 100,
            goto_without_wait: 20,
            menu_repeats: 100,
            fetch_bytes: 1024 * 1024,
            fetch_audio_bytes: 20 * 1024 * 1024,
            sms_per_call: 20,
            sms_segments: 10,
            call_duration: Duration::from_secs(4 * 3600),
            wait: Duration::from_secs(3600),
        }
    }
}

enum Slot<'l> {
    Count(&'l mut u64),
    Time(&'l mut Duration),
}

impl Limits {
    /// The names [`set`](Self::set) knows besides [`ReadingLimits::NAMES`].
    pub const NAMES: [&'static str; 17] = [
        "speak_chars",
        "verbs_per_call",
        "verbs_without_wait",
        "variables",
        "variable_bytes",
        "all_variable_bytes",
        "array_items",
        "foreach_nesting",
        "goto_per_call",
        "goto_without_wait",
        "menu_repeats",
        "fetch_bytes",
        "fetch_audio_bytes",
        "sms_per_call",
        "sms_segments",
        "call_duration",
        "wait",
    ];

    /// Sets the limit called `name` to a number, or to a time such as `90s` or `4h`.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), LimitError> {
        let wrong = |fault: Invalid| LimitError::Value {
            name: name.to_owned(),
            fault,
        };
        match self.slot(name) {
            Some(Slot::Time(time)) => *time = ozml_session::parse_duration(value).map_err(wrong)?,
            Some(Slot::Count(count)) => *count = parse_count(value).map_err(wrong)?,
            None => {
                let count = parse_count(value).map_err(wrong)?;
                if !self
                    .reading
                    .set(name, usize::try_from(count).unwrap_or(usize::MAX))
                {
                    return Err(LimitError::Unknown {
                        name: name.to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    /// The limit called `name`, times in seconds; none if no limit has that name.
    pub fn get(&self, name: &str) -> Option<u64> {
        match self.clone().slot(name) {
            Some(Slot::Time(time)) => Some(time.as_secs()),
            Some(Slot::Count(count)) => Some(*count),
            None => u64::try_from(self.reading.get(name)?).ok(),
        }
    }

    fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        Some(match name {
            "speak_chars" => Slot::Count(&mut self.speak_chars),
            "verbs_per_call" => Slot::Count(&mut self.verbs_per_call),
            "verbs_without_wait" => Slot::Count(&mut self.verbs_without_wait),
            "variables" => Slot::Count(&mut self.variables),
            "variable_bytes" => Slot::Count(&mut self.variable_bytes),
            "all_variable_bytes" => Slot::Count(&mut self.all_variable_bytes),
            "array_items" => Slot::Count(&mut self.array_items),
            "foreach_nesting" => Slot::Count(&mut self.foreach_nesting),
            "goto_per_call" => Slot::Count(&mut self.goto_per_call),
            "goto_without_wait" => Slot::Count(&mut self.goto_without_wait),
            "menu_repeats" => Slot::Count(&mut self.menu_repeats),
            "fetch_bytes" => Slot::Count(&mut self.fetch_bytes),
            "fetch_audio_bytes" => Slot::Count(&mut self.fetch_audio_bytes),
            "sms_per_call" => Slot::Count(&mut self.sms_per_call),
            "sms_segments" => Slot::Count(&mut self.sms_segments),
            "call_duration" => Slot::Time(&mut self.call_duration),
            "wait" => Slot::Time(&mut self.wait),
            _ => return None,
        })
    }
}

fn parse_count(value: &str) -> Result<u64, Invalid> {
    value.parse().map_err(|_| {
        Invalid::new(format!(
            "a whole number was expected, not `{}`",
            value.escape_debug()
        ))
    })
}

/// Why a limit was not set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// No limit has this name.
    #[error("there is no limit `{name}`; the limits are: {}", limit_names())]
    Unknown {
        /// What was written.
        name: String,
    },
    /// The value does not fit the limit.
    #[error("limit `{name}`: {fault}")]
    Value {
        /// The limit.
        name: String,
        /// What is wrong.
        fault: Invalid,
    },
}

fn limit_names() -> String {
    let mut names: Vec<_> = Limits::NAMES
        .iter()
        .chain(&ReadingLimits::NAMES)
        .copied()
        .collect();
    names.sort_unstable();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_sets_a_limit() {
        for name in Limits::NAMES.iter().chain(&ReadingLimits::NAMES) {
            let mut limits = Limits::default();
            let value = if matches!(*name, "call_duration" | "wait") {
                "7s"
            } else {
                "7"
            };
            limits.set(name, value).unwrap();
            assert_ne!(limits, Limits::default(), "{name}");
            assert_eq!(limits.get(name), Some(7), "{name}");
        }
    }

    #[test]
    fn wrong_names_and_values_say_so() {
        let mut limits = Limits::default();
        assert!(
            limits
                .set("sms_per_cal", "1")
                .unwrap_err()
                .to_string()
                .contains("sms_per_call")
        );
        assert!(
            limits
                .set("sms_per_call", "-1")
                .unwrap_err()
                .to_string()
                .contains("whole number")
        );
        assert!(limits.set("wait", "soon").is_err());
    }
}
