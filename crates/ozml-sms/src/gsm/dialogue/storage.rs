//! Which memory a modem keeps messages in.

use std::collections::BTreeSet;

use super::super::Storage;
use super::super::at::{Command, Fields, Memory, Reply};

/// Chooses the memory at the start.
#[derive(Debug)]
pub(super) struct StorageChoice {
    step: Step,
    /// To be tried, the last first.
    candidates: Vec<Memory>,
    /// The largest so far.
    best: Option<(u16, Memory)>,
    /// Chosen on the modem.
    current: Option<Memory>,
    /// The modem took the last choice, but told nothing of the memory: it may have kept to its own.
    is_doubtful: bool,
    /// Those that may have messages in them, besides the one that is chosen.
    pub(super) filled: BTreeSet<Memory>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Which there are.
    Offered,
    /// Chooses one of them, and sees how large it is.
    Try(Memory),
    /// None can be chosen, or none for certain: which is it?
    AsItIs,
    Done,
}

impl StorageChoice {
    pub(super) fn new(storage: Storage) -> Self {
        let candidates = match storage {
            Storage::Auto => Vec::new(),
            Storage::Sim => vec![Memory::SIM],
            Storage::Modem => vec![Memory::MODEM],
            Storage::Both => vec![Memory::BOTH],
        };
        let mut choice = Self {
            step: Step::Offered,
            candidates,
            best: None,
            current: None,
            is_doubtful: false,
            filled: BTreeSet::new(),
        };
        if storage == Storage::Auto {
            // Until they say that they are empty.
            choice.filled.extend([Memory::SIM, Memory::MODEM]);
        } else {
            choice.try_next();
        }
        choice
    }

    /// The next command, `None` once the choice is made.
    pub(super) fn command(&self) -> Option<Command> {
        match self.step {
            Step::Offered => Some(Command::MEMORIES),
            Step::Try(memory) => Some(Command::select_for_all(memory)),
            Step::AsItIs => Some(Command::MEMORY),
            Step::Done => None,
        }
    }

    /// Takes an answer, `None` for one that was refused.
    pub(super) fn on_reply(&mut self, reply: Option<&Reply>) {
        let line = reply.and_then(Reply::line).unwrap_or_default();
        let fields = Fields::of(line, "+CPMS:");
        match self.step {
            Step::Offered => {
                self.candidates = offered(line);
                self.try_next();
            }
            Step::Try(memory) => {
                if reply.is_some() {
                    self.chosen(memory, fields);
                }
                self.try_next();
            }
            Step::AsItIs => {
                let named = |place| fields.and_then(|fields| fields.text(place)).and_then(Memory::new);
                self.current = named(6).or_else(|| named(0)).or(self.current);
                self.step = Step::Done;
            }
            Step::Done => {}
        }
    }

    /// The memory for all that comes in; `None`: the modem tells of none.
    pub(super) fn home(&self) -> Option<Memory> {
        self.current
    }

    fn chosen(&mut self, memory: Memory, fields: Option<Fields<'_>>) {
        let number = |place| fields.and_then(|fields| fields.number(place));
        self.current = Some(memory);
        self.is_doubtful = fields.is_none();
        if number(0) == Some(0) {
            self.filled.remove(&memory);
        }
        // What comes in goes into the third; where only one is told, they are the same.
        let total = number(5).or_else(|| number(1)).unwrap_or_default();
        if self.best.is_none_or(|(most, _)| most < total) {
            self.best = Some((total, memory));
        }
    }

    fn try_next(&mut self) {
        if let Some(memory) = self.candidates.pop() {
            self.step = Step::Try(memory);
            return;
        }
        self.step = match self.best.take() {
            None if self.current.is_none() => Step::AsItIs,
            Some((_, memory)) if self.current != Some(memory) => Step::Try(memory),
            _ if self.is_doubtful => Step::AsItIs,
            _ => Step::Done,
        };
    }
}

/// Memories that can be read and can take what comes in: `+CPMS: ("SM","ME"),("SM"),("SM","ME")`. Where the modem does
/// not say, both are tried.
fn offered(line: &str) -> Vec<Memory> {
    let lists: Vec<_> = line.split(')').collect();
    let has = |list: Option<&&str>, memory: Memory| {
        list.is_none_or(|list| list.is_empty() || list.contains(&format!("\"{memory}\"")))
    };
    let wanted = [Memory::SIM, Memory::MODEM].into_iter();
    wanted
        .filter(|memory| has(lists.first(), *memory) && has(lists.get(2), *memory))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays a modem with these answers; what was asked and the memory.
    fn choose(storage: Storage, answers: &[&str]) -> (Vec<String>, Option<Memory>) {
        let mut choice = StorageChoice::new(storage);
        let mut asked = Vec::new();
        for answer in answers {
            let mut octets = Vec::new();
            choice.command().unwrap().write(&mut octets).unwrap();
            asked.push(String::from_utf8(octets).unwrap().trim().to_owned());
            let mut reply = Reply::of(Ok(()));
            reply.lines.push((*answer).to_owned());
            choice.on_reply(Some(&reply).filter(|_| *answer != "ERROR"));
        }
        assert!(choice.command().is_none());
        (asked, choice.home())
    }

    #[test]
    fn the_largest_is_chosen() {
        let (asked, home) = choose(
            Storage::Auto,
            &[
                "+CPMS: (\"ME\",\"SM\",\"MT\"),(\"ME\",\"SM\"),(\"SM\",\"ME\")",
                "+CPMS: 0,20,0,20,0,20",
                "+CPMS: 0,50,0,50,0,50",
            ],
        );
        assert_eq!((asked.len(), home), (3, Some(Memory::SIM)));
        let (asked, home) = choose(
            Storage::Auto,
            &[
                "ERROR",
                "+CPMS: 0,99,0,99,0,99",
                "+CPMS: 0,50,0,50,0,50",
                "+CPMS: 0,99,0,99,0,99",
            ],
        );
        assert_eq!(asked.last().unwrap(), "AT+CPMS=\"ME\",\"ME\",\"ME\"");
        assert_eq!(home, Some(Memory::MODEM));
    }

    #[test]
    fn only_what_is_offered_is_tried() {
        let (asked, home) = choose(
            Storage::Auto,
            &[
                "+CPMS: (\"ME\",\"SM\"),(\"SM\"),(\"SM\")",
                "+CPMS: 0,20,0,20,0,20",
            ],
        );
        assert_eq!(asked.last().unwrap(), "AT+CPMS=\"SM\",\"SM\",\"SM\"");
        assert_eq!(home, Some(Memory::SIM));
    }

    #[test]
    fn a_memory_that_cannot_be_chosen_is_taken_as_it_is() {
        let (asked, home) = choose(
            Storage::Modem,
            &["ERROR", "+CPMS: \"SM\",1,10,\"SM\",1,10,\"SM\",1,10"],
        );
        assert_eq!(asked, ["AT+CPMS=\"ME\",\"ME\",\"ME\"", "AT+CPMS?"]);
        assert_eq!(home, Some(Memory::SIM));
    }

    #[test]
    fn a_modem_that_takes_a_choice_and_keeps_to_its_own_memory_is_believed() {
        let (_, home) = choose(
            Storage::Modem,
            &["OK", "+CPMS: \"SM\",1,10,\"SM\",1,10,\"SM\",1,10"],
        );
        assert_eq!(home, Some(Memory::SIM));
        let (_, home) = choose(Storage::Modem, &["OK", "ERROR"]);
        assert_eq!(home, Some(Memory::MODEM));
    }
}
