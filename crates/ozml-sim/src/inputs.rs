use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use ozml_session::{Digits, Invalid, Key, parse_duration};

/// Something the far end does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Presses a key.
    Press(Key),
    /// Hangs up.
    HangUp,
    /// Puts us on hold.
    Hold,
    /// Takes us back.
    Release,
}

/// When the far end does something by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// At a time after the answer.
    At(Duration),
    /// When the engine next begins to wait for keys, after the prompts.
    Listening,
    /// When a prompt that has this in its text, or in the name of its file, was heard to its end.
    Heard(Arc<str>),
}

/// What the far end of a simulated call does: some of it at its time, the rest one after the other, each
/// when its moment comes and everything before it is done.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Times after the answer, in order; a hang-up after all else of the same instant.
    pub(crate) timed: VecDeque<Timed>,
    pub(crate) in_turn: VecDeque<InTurn>,
    /// Steps with keys that nobody could press.
    missed: Vec<usize>,
    steps: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Timed {
    pub(crate) time: Duration,
    pub(crate) input: Input,
    step: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct InTurn {
    /// What must have been heard; none for a moment in which the engine waits for keys.
    pub(crate) heard: Option<Arc<str>>,
    pub(crate) inputs: Vec<Input>,
    step: usize,
}

impl Inputs {
    /// A far end that only listens.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does something at a moment. Steps are counted from 0 in the order they are added.
    #[must_use]
    pub fn step(mut self, when: When, inputs: impl IntoIterator<Item = Input>) -> Self {
        let (step, inputs) = (self.steps, inputs.into_iter());
        self.steps = step.saturating_add(1);
        let heard = match when {
            When::At(time) => {
                inputs.for_each(|input| self.insert(Timed { time, input, step }));
                return self;
            }
            When::Listening => None,
            When::Heard(text) => Some(text),
        };
        let inputs = inputs.collect();
        self.in_turn.push_back(InTurn { heard, inputs, step });
        self
    }

    /// The steps that are not done, or not wholly, in their order.
    pub fn left(&self) -> Vec<usize> {
        let timed = self.timed.iter().map(|timed| timed.step);
        let in_turn = self.in_turn.iter().map(|step| step.step);
        let mut left: Vec<_> = timed.chain(in_turn).chain(self.missed.iter().copied()).collect();
        left.sort_unstable();
        left.dedup();
        left
    }

    /// Presses keys at a time after the answer.
    #[must_use]
    pub fn press_at(self, time: Duration, keys: &Digits) -> Self {
        self.step(When::At(time), pressed(keys))
    }

    /// Presses keys when the engine next begins to wait for keys, after the prompts.
    #[must_use]
    pub fn press(self, keys: Digits) -> Self {
        self.step(When::Listening, pressed(&keys))
    }

    /// Hangs up at a time after the answer.
    #[must_use]
    pub fn hang_up_at(self, time: Duration) -> Self {
        self.step(When::At(time), [Input::HangUp])
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

    /// A key of this step could not be pressed.
    pub(crate) fn miss(&mut self, timed: &Timed) {
        self.missed.push(timed.step);
    }

    fn insert(&mut self, new: Timed) {
        let rank = |timed: &Timed| (timed.time, timed.input == Input::HangUp);
        let at = self.timed.partition_point(|known| rank(known) <= rank(&new));
        self.timed.insert(at, new);
    }
}

/// The keys one after the other.
fn pressed(keys: &Digits) -> Vec<Input> {
    keys.keys().iter().copied().map(Input::Press).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_with_and_without_times() {
        let inputs = Inputs::new().read("1,42#, 5@2.5s\n*@300ms").unwrap();
        let groups: Vec<_> = inputs.in_turn.iter().map(|step| step.inputs.len()).collect();
        assert_eq!(groups, [1, 3]);
        let times: Vec<_> = inputs.timed.iter().map(|timed| timed.time.as_millis()).collect();
        assert_eq!(times, [300, 2500]);
        assert_eq!(inputs.left(), [0, 1, 2, 3]);
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
        let first = inputs.timed.front().map(|timed| timed.input);
        assert!(matches!(first, Some(Input::Press(_))));
    }
}
