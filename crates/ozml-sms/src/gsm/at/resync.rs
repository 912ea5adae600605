//! Getting in step with a modem that left a command without its result.
//!
//! A modem answers in the order in which it was asked. So once the answer to a question is there, nothing older can come
//! any more that could be taken for the answer to a later command. Each question is another one than the last, so that
//! the answer to a question of before, or to the command itself, is not taken for that to this one.
//!
//! Silence proves nothing: a modem that is slow is silent, too. So a final result alone, without the words that belong
//! to the question, never counts as its answer; it only makes the next question due sooner.

use super::super::ModemError;
use super::command::Command;
use super::result::CommandResult;

/// Questions whose answers are recognised, and which need neither the SIM card nor the network. One more than are asked at
/// most: one may be the command that was not answered.
const QUESTIONS: [Command; MOST_QUESTIONS + 1] = [
    Command::MESSAGE_MODE,
    Command::ERROR_MODE,
    Command::ask("AT+CNMI?", "+CNMI:"),
    Command::SERVICE,
];

/// Questions before a modem counts as silent.
pub(crate) const MOST_QUESTIONS: usize = 3;

/// Quiet after a result that tells not what it belongs to, in milliseconds.
pub(crate) const QUIET: u64 = 1_000;

/// Goes through the questions, from one resynchronisation to the next.
#[derive(Debug, Default)]
pub(crate) struct Questions(usize);

impl Questions {
    /// The next one whose answer is none to `command`, too.
    pub(crate) fn next(&mut self, command: Option<&Command>) -> Command {
        let information = command.map(|command| command.information);
        let mut all = QUESTIONS.into_iter().cycle().skip(self.0 % QUESTIONS.len());
        let question = all.find(|question| {
            self.0 = self.0.wrapping_add(1);
            information != Some(question.information)
        });
        question.unwrap_or(Command::MESSAGE_MODE)
    }
}

/// One resynchronisation.
#[derive(Debug, Default)]
pub(crate) struct Resync {
    asked: Vec<Command>,
    /// Only this question is asked, and only this number is its answer.
    mark: Option<(Command, u16)>,
    /// The information of the last question is there: its final result is the next.
    is_answered: bool,
    /// A final result without it came: when nothing follows, the next question is due.
    pub(crate) quiet_at: Option<u64>,
    /// `+CMGS:` that came late.
    pub(crate) reference: Option<String>,
    /// An error that came before anything else. It may be the answer to a question, until that has another one.
    error: Option<ModemError>,
    is_confirmed: bool,
    is_disturbed: bool,
}

impl Resync {
    /// By a number that was set just before, so that nobody who asked earlier can have been answered with it.
    pub(crate) fn by_mark(question: Command, number: u16) -> Self {
        Self {
            mark: Some((question, number)),
            ..Self::default()
        }
    }

    /// The question that is asked again and again, if there is only one.
    pub(crate) fn only_question(&self) -> Option<Command> {
        self.mark.as_ref().map(|(question, _)| question.clone())
    }

    /// The next question is `question`.
    pub(crate) fn ask(&mut self, question: Command) {
        self.asked.push(question);
        self.is_answered = false;
        self.quiet_at = None;
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.len()
    }

    /// The question that waits for its answer.
    pub(crate) fn question(&self) -> Option<&Command> {
        self.asked.last()
    }

    /// Takes a line of information; whether it belongs to a question.
    pub(crate) fn on_information(&mut self, line: &str) -> bool {
        if let Some((question, number)) = &self.mark {
            self.is_answered = question.information.number(line) == Some(*number);
            return question.information.has_prefix_of(line);
        }
        let has_prefix = |question: &Command| question.information.has_prefix_of(line);
        let Some(place) = self.asked.iter().position(has_prefix) else {
            return false;
        };
        if place == 0 && !self.is_disturbed {
            self.is_confirmed = self.error.is_some();
        }
        self.is_disturbed = true;
        self.is_answered = place.saturating_add(1) == self.asked.len();
        true
    }

    /// Takes a final result. `true`: it ends the answer to the last question, we are in step.
    pub(crate) fn on_result(&mut self, now: u64, result: CommandResult) -> bool {
        if self.is_answered {
            return true;
        }
        if let Err(error) = result
            && self.error.is_none()
            && !self.is_disturbed
        {
            self.error = Some(error);
        } else {
            self.is_disturbed = true;
        }
        if self.question().is_some() {
            self.quiet_at = Some(now.saturating_add(QUIET));
        }
        false
    }

    /// The error that answered the command for certain: it came first, and every question had an answer of its own.
    pub(crate) fn error(&self) -> Option<ModemError> {
        self.error.filter(|_| self.is_confirmed)
    }

    /// Takes a late `+CMGS:`; only the part that is out can have one.
    pub(crate) fn on_reference(&mut self, line: &str) {
        self.reference.get_or_insert_with(|| line.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(questions: usize) -> Resync {
        let mut all = Questions::default();
        let mut resync = Resync::default();
        (0..questions).for_each(|_| resync.ask(all.next(None)));
        resync
    }

    #[test]
    fn the_answer_to_the_last_question_ends_it() {
        let mut resync = asking(2);
        assert!(resync.on_information("+CMGF: 0"));
        assert!(!resync.on_result(0, Ok(())));
        assert!(resync.on_information("+CMEE: 1"));
        assert!(resync.on_result(0, Ok(())));
    }

    #[test]
    fn a_mark_is_answered_by_its_number_only() {
        let mut resync = Resync::by_mark(Command::ERROR_MODE, 1);
        resync.ask(Command::ERROR_MODE);
        assert!(resync.on_information("+CMEE: 0"));
        assert!(!resync.on_result(0, Ok(())));
        assert!(resync.on_information("+CMEE: 1"));
        assert!(resync.on_result(0, Ok(())));
    }

    #[test]
    fn questions_take_turns_and_are_never_the_command_itself() {
        for command in [None, Some(&Command::ERROR_MODE), Some(&Command::PHASE_2_PLUS)] {
            let mut questions = Questions::default();
            let found: Vec<_> = (0..12).map(|_| questions.next(command)).collect();
            assert!(
                found
                    .windows(3)
                    .all(|three| three[0] != three[1] && three[0] != three[2])
            );
            assert!(found.iter().all(|question| {
                command.is_none_or(|command| question.information != command.information)
            }));
        }
    }

    #[test]
    fn an_error_is_the_late_answer_only_when_the_question_has_its_own() {
        let mut late = asking(1);
        late.on_result(0, Err(ModemError::Cms(38)));
        assert_eq!(late.error(), None);
        late.on_information("+CMGF: 0");
        assert_eq!(late.error(), Some(ModemError::Cms(38)));

        // A modem that is busy may refuse a question.
        let mut refused = asking(2);
        refused.on_result(0, Err(ModemError::Plain));
        refused.on_information("+CMEE: 1");
        assert_eq!(refused.error(), None);
    }
}
