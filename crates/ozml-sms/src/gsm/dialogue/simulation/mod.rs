//! The dialogue with a modem that fails in every way, in virtual time. What is told of the parts and of what comes in is
//! held against what the modem really did.
//!
//! The trap that it must find: a modem answers after our deadline, and the answer is taken for that to the next command.
//! Without the resynchronisation after a deadline a message is deleted here that nobody took.

mod line;
mod modem;

use std::collections::{BTreeMap, BTreeSet};

use ozml_session::{PhoneNumber, WallTime};

use super::*;
use crate::chance::Chance;
use crate::gsm::pdu::{Address, Deliver, Frame, Incoming, StatusReport, Timestamp, TpStatus};
use crate::gsm::{ModemConfig, SerialPort};
use crate::text::{Reference, segment};
use line::Faults;
use modem::{InNetwork, Modem, ticket_of};

/// Seeds of the usual run; `OZML_MODEM_SEEDS` asks for more, `OZML_MODEM_SEED` shows what happens with one.
const SEEDS: u64 = 2_000;
/// How long things go wrong, and how long they go well afterwards, in milliseconds.
const TROUBLE: u64 = 600_000;
const CALM: u64 = 600_000;

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Answered(SubmitAnswer),
    NotSent,
}

thread_local! {
    /// Prints what both sides say.
    static TRACE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

fn trace(now: u64, what: &str, octets: &[u8]) {
    if TRACE.get() && !octets.is_empty() {
        println!("{now:>8} {what} {}", octets.escape_ascii());
    }
}

struct World {
    now: u64,
    chance: Chance,
    modem: Modem,
    dialogue: Dialogue,
    is_ready: bool,
    is_over: bool,
    reopens_at: Option<u64>,
    last_ticket: u64,
    open: BTreeSet<u64>,
    outcomes: BTreeMap<u64, Outcome>,
    last_incoming: u32,
    /// Told and to be answered at a time.
    to_answer: Vec<(u64, u32, u32)>,
    told: BTreeSet<u32>,
    taken: BTreeSet<u32>,
}

impl World {
    fn new(seed: u64) -> Self {
        let modem = Modem::new(seed);
        Self {
            now: 0,
            chance: Chance::new(!seed),
            modem,
            dialogue: Dialogue::open(0, config()),
            is_ready: false,
            is_over: false,
            reopens_at: None,
            last_ticket: 1_000_000,
            open: BTreeSet::new(),
            outcomes: BTreeMap::new(),
            last_incoming: 1_000_000,
            to_answer: Vec::new(),
            told: BTreeSet::new(),
            taken: BTreeSet::new(),
        }
    }

    /// Lets time pass; something happens every few seconds.
    fn run(&mut self, until: u64, in_trouble: bool) {
        let mut next = self.now;
        while self.now < until {
            if next <= self.now {
                self.happens(in_trouble);
                next = self.now + 1 + self.chance.below(20_000);
            }
            self.step();
            let answers = self.to_answer.iter().map(|(at, ..)| *at).min();
            let wakes = [
                self.dialogue.next_wake_up(),
                self.modem.next_moment(),
                self.reopens_at,
                answers,
                Some(next),
            ];
            let wake = wakes.into_iter().flatten().min().unwrap_or(until);
            self.now = wake.max(self.now + 1);
        }
    }

    /// Nothing new happens; what is under way comes to its end.
    fn last_calm(&mut self) {
        self.is_over = true;
        self.run(self.now + CALM / 2, false);
    }

    fn happens(&mut self, in_trouble: bool) {
        if self.is_over {
            return;
        }
        match self.chance.below(if in_trouble { 16 } else { 8 }) {
            0..=4 => self.submit(),
            5 | 6 => self.something_comes_in(),
            8 if self.chance.below(2) == 0 => self.modem.restarts(self.now),
            9 => {
                let ms = self.chance.below(160_000);
                self.modem.hangs(self.now, ms);
            }
            10 if self.chance.below(4) == 0 => self.dialogue.on_port_lost("unplugged".to_owned()),
            11 if self.chance.below(4) == 0 => self.dialogue.close(self.now),
            // It comes back as not sent if it still waits, and has its outcome otherwise.
            12 => self.dialogue.withdraw(Ticket(self.last_ticket)),
            _ => {}
        }
    }

    fn submit(&mut self) {
        for _ in 0..=self.chance.below(3) {
            let ticket = self.last_ticket + 1;
            let number = PhoneNumber::new(&format!("+3630{ticket}")).unwrap();
            let part = &segment("hello", Reference::Bits8(1)).unwrap().parts[0];
            let mut submit = Submit::new(Address::from(&number), part);
            submit.reject_duplicates = false;
            if self
                .dialogue
                .submit(self.now, Ticket(ticket), Box::new(submit))
                .is_ok()
            {
                self.last_ticket = ticket;
                self.open.insert(ticket);
            }
        }
    }

    fn something_comes_in(&mut self) {
        self.last_incoming += 1;
        let id = self.last_incoming;
        let address = Address::from(&PhoneNumber::new(&format!("+3620{id}")).unwrap());
        let at = Timestamp::utc(WallTime::from_unix_millis(1_768_989_600_000));
        let is_report = self.chance.below(2) == 0;
        let frame = Frame::new(if is_report {
            StatusReport::new(7, address, at, at, TpStatus(0)).write()
        } else {
            Deliver::of_text(&address, "hello", Reference::Bits8(1), at).unwrap()[0].write()
        });
        self.modem.arrives(InNetwork {
            id,
            length: frame.tpdu_length(),
            line: frame.to_hex(),
            is_report,
        });
    }

    /// Both talk until neither has anything to say now.
    fn step(&mut self) {
        if self.reopens_at.is_some_and(|moment| moment <= self.now) {
            self.reopens_at = None;
            self.dialogue = Dialogue::open(self.now, config());
        }
        self.dialogue.on_tick(self.now);
        let due = self.to_answer.extract_if(.., |(at, ..)| *at <= self.now);
        for (_, sequence, id) in due.collect::<Vec<_>>() {
            self.answer(sequence, id);
        }
        loop {
            let mut written = Vec::new();
            self.dialogue.take_output(&mut written);
            assert!(
                written
                    .iter()
                    .all(|octet| matches!(octet, b' '..=b'~' | b'\r' | 0x1A | 0x1B))
            );
            trace(self.now, ">>", &written);
            self.modem.hears(&written);
            self.modem.advance(self.now);
            self.events();
            if self.modem.output.is_empty() && written.is_empty() {
                return;
            }
            let piece = self.modem.output.piece(&mut self.chance);
            trace(self.now, "<<", &piece);
            self.dialogue.on_bytes(self.now, &piece);
        }
    }

    fn answer(&mut self, sequence: u32, id: u32) {
        let taken = self.modem.faults.is_none() || self.chance.below(4) > 0;
        if taken {
            self.taken.insert(id);
        }
        self.dialogue.answer(self.now, sequence, taken);
    }

    fn events(&mut self) {
        while let Some(event) = self.dialogue.next_event() {
            trace(self.now, "--", format!("{event:?}").as_bytes());
            match event {
                DialogueEvent::Ready { .. } => self.is_ready = true,
                DialogueEvent::Answered { ticket, answer } => {
                    self.outcome(ticket.0, Outcome::Answered(answer));
                }
                DialogueEvent::NotSent { ticket } => self.outcome(ticket.0, Outcome::NotSent),
                DialogueEvent::Arrived {
                    sequence, incoming, ..
                } => {
                    let address = match incoming {
                        Incoming::Deliver(message) => message.source,
                        Incoming::StatusReport(report) => report.recipient,
                    };
                    let id = address.as_str().strip_prefix("3620").unwrap().parse().unwrap();
                    self.told.insert(id);
                    let slow = self.chance.below(8) == 0;
                    let wait = if slow {
                        self.chance.below(30_000)
                    } else {
                        self.chance.below(50)
                    };
                    self.to_answer.push((self.now + wait, sequence, id));
                }
                DialogueEvent::Unreadable { why, .. } => panic!("{why}"),
                DialogueEvent::Ended(_) => {
                    assert_eq!(self.dialogue.next_event(), None);
                    assert!(self.open.is_empty(), "without an outcome: {:?}", self.open);
                    self.is_ready = false;
                    self.to_answer.clear();
                    self.reopens_at = Some(self.now + 1_000);
                }
                _ => {}
            }
        }
        let gone = &self.modem.truth.gone;
        assert!(
            gone.iter().all(|id| self.taken.contains(id)),
            "deleted before it was taken"
        );
        assert_eq!(self.modem.truth.misfires, 0, "a PDU was taken for a text");
    }

    fn outcome(&mut self, ticket: u64, outcome: Outcome) {
        assert!(self.open.remove(&ticket), "{ticket} has two outcomes");
        self.outcomes.insert(ticket, outcome);
    }

    /// Holds what was told of the parts against what was sent.
    fn check(&self) {
        let mut sent: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        for (pdu, reference) in &self.modem.truth.sent {
            sent.entry(ticket_of(pdu)).or_default().push(*reference);
        }
        assert!(
            sent.values().all(|references| references.len() == 1),
            "sent twice"
        );
        for (ticket, outcome) in &self.outcomes {
            let sent = sent.get(ticket).map(|references| references[0]);
            let is_true = match outcome {
                Outcome::Answered(SubmitAnswer::Accepted { reference: None }) => sent.is_some(),
                Outcome::Answered(SubmitAnswer::Accepted { reference }) => {
                    *reference == sent || sent.is_some() && self.modem.output.damaged_references
                }
                Outcome::Answered(SubmitAnswer::Refused(_)) | Outcome::NotSent => sent.is_none(),
                Outcome::Answered(SubmitAnswer::Unknown(_)) => true,
            };
            assert!(is_true, "{ticket}: told {outcome:?}, was {sent:?}");
        }
        assert!(self.open.is_empty(), "without an outcome: {:?}", self.open);
        assert!(self.is_ready, "not ready again");
        assert_eq!(self.modem.left(), [0; 0], "not fetched");
    }
}

fn config() -> DialogueConfig {
    let mut config = DialogueConfig::new(ModemConfig::new(SerialPort::new("/dev/ttyUSB0").unwrap()));
    config.modem.window = 3;
    config.modem.smsc = Some(PhoneNumber::new("+36209300099").unwrap());
    config
}

fn simulate(seed: u64) -> World {
    let mut world = World::new(seed);
    world.run(TROUBLE, true);
    world.modem.faults = Faults::default();
    world.run(TROUBLE + CALM / 2, false);
    // What was the last to come in is fetched as well.
    world.last_calm();
    world.check();
    world
}

#[test]
fn nothing_is_lost_and_nothing_is_told_that_is_not_so() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .map(|number| number.parse::<u64>().unwrap())
    };
    let seeds = number("OZML_MODEM_SEEDS").unwrap_or(SEEDS);
    if let Some(seed) = number("OZML_MODEM_SEED") {
        TRACE.set(true);
        simulate(seed);
        return;
    }
    let mut told = BTreeMap::new();
    for seed in 0..seeds {
        let world = std::panic::catch_unwind(|| simulate(seed));
        let world = world.unwrap_or_else(|_| panic!("seed {seed}"));
        for outcome in world.outcomes.values() {
            *told.entry(kind(*outcome)).or_insert(0_u64) += 1;
        }
    }
    // A simulation in which one of them does not occur shows nothing.
    for kind in ["accepted", "refused", "unknown", "not sent"] {
        assert!(
            told.get(kind).is_some_and(|count| *count > seeds / 10),
            "{told:?}"
        );
    }
}

fn kind(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered(SubmitAnswer::Accepted { .. }) => "accepted",
        Outcome::Answered(SubmitAnswer::Refused(_)) => "refused",
        Outcome::Answered(SubmitAnswer::Unknown(_)) => "unknown",
        Outcome::NotSent => "not sent",
    }
}
