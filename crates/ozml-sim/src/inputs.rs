use std::collections::VecDeque;
use std::time::Duration;

use ozml_session::{Digits, Invalid, Key, parse_duration};

/// Something the far end does by itself, at a time after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Presses a key.
    Press(Key),
    /// Hangs up.
    HangUp,
}

/// What the far end of a simulated call does.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Times after the answer, in order; keys before a hang-up of the same instant.
    pub(crate) timed: VecDeque<(Duration, Input)>,
    /// Groups of keys; each is pressed when the engine next begins to wait for keys.
    pub(crate) when_listening: VecDeque<Digits>,
}

impl Inputs {
    /// A far end that only listens.
    pub fn new() -> Self {
        Self::default()
    }

    /// Presses keys at a time after the answer.
    #[must_use]
    pub fn press_at(mut self, time: Duration, keys: &Digits) -> Self {
        keys.keys()
            .iter()
            .for_each(|key| self.insert(time, Input::Press(*key)));
        self
    }

    /// Presses keys when the engine next begins to wait for keys, after the prompts.
    #[must_use]
    pub fn press(mut self, keys: Digits) -> Self {
        self.when_listening.push_back(keys);
        self
    }

    /// Hangs up at a time after the answer.
    #[must_use]
    pub fn hang_up_at(mut self, time: Duration) -> Self {
        self.insert(time, Input::HangUp);
        self
    }

    /// Reads `K[@T][,K[@T]…]`: `1,42#` is each group when the engine begins to wait for keys, `1@2.5s`
    /// 2.5 s after the answer. Blanks and line ends between groups are commas.
    pub fn read(mut self, written: &str) -> Result<Self, Invalid> {
        let groups = written.split(|c: char| c == ',' || c.is_whitespace());
        for group in groups.filter(|group| !group.is_empty()) {
            let (keys, time) = match group.split_once('@') {
                Some((keys, time)) => (keys, Some(parse_duration(time)?)),
                None => (group, None),
            };
            let keys = Digits::new(keys)?;
            if keys.keys().is_empty() {
                return Err(Invalid::new(format!("`{}` names no key", group.escape_debug())));
            }
            self = match time {
                Some(time) => self.press_at(time, &keys),
                None => self.press(keys),
            };
        }
        Ok(self)
    }

    fn insert(&mut self, time: Duration, input: Input) {
        let rank = |(time, input): &(Duration, Input)| (*time, *input == Input::HangUp);
        let new = (time, input);
        let at = self.timed.partition_point(|known| rank(known) <= rank(&new));
        self.timed.insert(at, new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_with_and_without_times() {
        let inputs = Inputs::new().read("1,42#, 5@2.5s\n*@300ms").unwrap();
        assert_eq!(
            inputs
                .when_listening
                .iter()
                .map(Digits::to_string)
                .collect::<Vec<_>>(),
            ["1", "42#"]
        );
        let times: Vec<_> = inputs.timed.iter().map(|(time, _)| time.as_millis()).collect();
        assert_eq!(times, [300, 2500]);
        for wrong in ["1x", "@2s", "1@", "1@2"] {
            assert!(Inputs::new().read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn keys_come_before_a_hang_up_of_the_same_instant() {
        let second = Duration::from_secs(1);
        let inputs = Inputs::new()
            .hang_up_at(second)
            .press_at(second, &Digits::new("1").unwrap());
        assert!(matches!(inputs.timed.front(), Some((_, Input::Press(_)))));
    }
}
