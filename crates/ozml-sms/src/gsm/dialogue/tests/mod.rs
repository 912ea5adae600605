//! The dialogue with a modem that answers from a table.

mod ending;
mod polling;
mod receiving;
mod sending;
mod start;

use std::collections::{BTreeMap, VecDeque};

use super::*;
use crate::gsm::pdu::{Address, Deliver, Frame, Incoming, Timestamp};
use crate::gsm::{ErrorClass, ModemConfig, NeedsPerson, SerialPort};
use crate::text::{Reference, segment};
use ozml_session::{PhoneNumber, WallTime};

/// What the modem of these tests answers, where a test says nothing else.
const USUAL: &[(&str, &str)] = &[
    ("AT+CPIN?", "+CPIN: READY\r\nOK"),
    ("AT+CREG?", "+CREG: 0,1\r\nOK"),
    ("AT+CSMS=?", "+CSMS: (0)\r\nOK"),
    ("AT+CSMS?", "+CSMS: 0,1,1,1\r\nOK"),
    ("AT+CMGF?", "+CMGF: 0\r\nOK"),
    ("AT+CPMS=?", "+CPMS: (\"SM\"),(\"SM\"),(\"SM\")\r\nOK"),
    ("AT+CPMS?", "+CPMS: \"SM\",0,10,\"SM\",0,10,\"SM\",0,10\r\nOK"),
    ("AT+CPMS=\"SM\",\"SM\",\"SM\"", "+CPMS: 0,10,0,10,0,10\r\nOK"),
    ("AT+CPMS=\"ME\"", "ERROR"),
    ("AT+CSCA?", "+CSCA: \"+36209300099\",145\r\nOK"),
    ("AT+CGMI", "Maker\r\nOK"),
    ("AT+CGMM", "Model\r\nOK"),
    ("AT+CGMR", "1.0\r\nOK"),
    ("AT+CIMI", "216301234567890\r\nOK"),
    ("AT+COPS?", "+COPS: 0,0,\"Operator\"\r\nOK"),
    ("AT+CSQ", "+CSQ: 20,99\r\nOK"),
    ("AT+CMMS=1", "ERROR"),
];

struct Bench {
    dialogue: Dialogue,
    now: u64,
    /// Answers given once, in order, before the usual ones.
    once: BTreeMap<&'static str, VecDeque<&'static str>>,
    /// Commands as they were written; a PDU is `PDU`, ESC is `ESC`.
    log: Vec<String>,
    written: Vec<u8>,
    error_mode: &'static str,
    events: Vec<DialogueEvent>,
}

fn config() -> DialogueConfig {
    DialogueConfig::new(ModemConfig::new(SerialPort::new("/dev/ttyUSB0").unwrap()))
}

impl Bench {
    fn open(config: DialogueConfig, once: &[(&'static str, &'static str)]) -> Self {
        let mut bench = Self {
            dialogue: Dialogue::open(0, config),
            now: 0,
            once: BTreeMap::new(),
            log: Vec::new(),
            written: Vec::new(),
            error_mode: "+CMEE: 0\r\nOK",
            events: Vec::new(),
        };
        once.iter()
            .for_each(|(command, answer)| bench.answers(command, answer));
        bench.run();
        bench
    }

    /// A modem that is ready and has had its first look.
    fn ready(config: DialogueConfig) -> Self {
        let mut bench = Self::open(config, &[]);
        assert!(
            matches!(bench.events[0], DialogueEvent::Ready { .. }),
            "{:?}",
            bench.events
        );
        bench.forget();
        bench
    }

    fn forget(&mut self) {
        self.log.clear();
        self.events.clear();
    }

    /// The next answer to this command; an empty one is none.
    fn answers(&mut self, command: &'static str, answer: &'static str) {
        self.once.entry(command).or_default().push_back(answer);
    }

    fn answer_to(&mut self, command: &str) -> String {
        if let Some(answer) = self.once.get_mut(command).and_then(VecDeque::pop_front) {
            return answer.to_owned();
        }
        match command {
            "AT+CMEE=0" => self.error_mode = "+CMEE: 0\r\nOK",
            "AT+CMEE=1" => self.error_mode = "+CMEE: 1\r\nOK",
            "AT+CMEE?" => return self.error_mode.to_owned(),
            _ => {}
        }
        let usual = USUAL.iter().find(|(name, _)| *name == command);
        match (command, usual) {
            (_, Some((_, answer))) => (*answer).to_owned(),
            ("PDU", None) => "+CMGS: 42\r\nOK".to_owned(),
            ("ESC", None) => "OK".to_owned(),
            (submit, None) if submit.starts_with("AT+CMGS=") => "> ".to_owned(),
            _ => "OK".to_owned(),
        }
    }

    /// Lets both talk until nothing is left to say.
    fn run(&mut self) {
        loop {
            self.events
                .extend(std::iter::from_fn(|| self.dialogue.next_event()));
            self.dialogue.take_output(&mut self.written);
            let end = |octet: &u8| matches!(octet, b'\r' | 0x1A | 0x1B);
            let Some(length) = self.written.iter().position(end) else {
                assert_eq!(self.written, b"");
                return;
            };
            let rest = self.written.split_off(length + 1);
            let command = match std::mem::replace(&mut self.written, rest) {
                line if line.ends_with(b"\r") => String::from_utf8(line).unwrap().trim().to_owned(),
                line if line.ends_with(b"\x1A") => "PDU".to_owned(),
                _ => "ESC".to_owned(),
            };
            let answer = self.answer_to(&command);
            self.log.push(command);
            self.hears(&answer);
        }
    }

    fn hears(&mut self, answer: &str) {
        let end = if answer.is_empty() || answer.ends_with("> ") {
            ""
        } else {
            "\r\n"
        };
        self.dialogue
            .on_bytes(self.now, format!("{answer}{end}").as_bytes());
    }

    /// Something comes unasked.
    fn says(&mut self, lines: &str) {
        self.hears(lines);
        self.run();
    }

    /// Time passes, from one moment to wake up to the next.
    fn passes(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(moment) = self.dialogue.next_wake_up().filter(|moment| *moment <= until) {
            self.now = moment;
            self.dialogue.on_tick(moment);
            self.run();
        }
        self.now = until;
    }

    fn submits(&mut self, ticket: u64) {
        self.gives(ticket, submit());
    }

    fn gives(&mut self, ticket: u64, submit: Submit) {
        let given = self.dialogue.submit(self.now, Ticket(ticket), Box::new(submit));
        assert_eq!(given, Ok(()));
        self.run();
    }

    fn answer(&mut self, sequence: u32, taken: bool) {
        self.dialogue.answer(self.now, sequence, taken);
        self.run();
    }

    fn log(&self) -> Vec<&str> {
        self.log.iter().map(String::as_str).collect()
    }

    fn end(&self) -> &ModemEnd {
        match self.events.last() {
            Some(DialogueEvent::Ended(end)) => end,
            other => panic!("{other:?}"),
        }
    }

    fn answers_told(&self) -> Vec<(u64, SubmitAnswer)> {
        let answer = |event: &DialogueEvent| match event {
            DialogueEvent::Answered { ticket, answer } => Some((ticket.0, *answer)),
            _ => None,
        };
        self.events.iter().filter_map(answer).collect()
    }

    fn arrived(&self) -> Vec<u32> {
        let sequence = |event: &DialogueEvent| match event {
            DialogueEvent::Arrived { sequence, .. } => Some(*sequence),
            _ => None,
        };
        self.events.iter().filter_map(sequence).collect()
    }
}

fn number() -> PhoneNumber {
    PhoneNumber::new("+36301234567").unwrap()
}

fn submit() -> Submit {
    let segments = segment("hello", Reference::Bits8(1)).unwrap();
    Submit::new(Address::from(&number()), &segments.parts[0])
}

/// A message that comes in; its line, and the length of its TPDU.
fn deliver(text: &str) -> (String, usize) {
    let at = Timestamp::utc(WallTime::from_unix_millis(1_768_989_600_000));
    let parts = Deliver::of_text(&Address::from(&number()), text, Reference::Bits8(1), at).unwrap();
    let frame = Frame::new(parts[0].write());
    (frame.to_hex(), frame.tpdu_length())
}
