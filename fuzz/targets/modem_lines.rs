//! A session with a modem under any octets in any pieces, with time passing and parts under way.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozml_session::PhoneNumber;
use ozml_sms::gsm::pdu::{Address, Submit};
use ozml_sms::gsm::{Dialogue, DialogueConfig, DialogueEvent, ModemConfig, Pin, SerialPort, Ticket};
use ozml_sms::text::{Reference, segment};

/// What an obedient modem answers; anything else is answered with OK.
const ANSWERS: [(&str, &str); 11] = [
    ("AT+CPIN?", "+CPIN: READY\r\nOK\r\n"),
    ("AT+CREG?", "+CREG: 0,1\r\nOK\r\n"),
    ("AT+CMGF?", "+CMGF: 0\r\nOK\r\n"),
    ("AT+CNMI?", "+CNMI: 2,1,0,1,0\r\nOK\r\n"),
    ("AT+CSMS=?", "+CSMS: (0,1)\r\nOK\r\n"),
    ("AT+CSMS?", "+CSMS: 1,1,1,1\r\nOK\r\n"),
    ("AT+CPMS=?", "+CPMS: (\"SM\"),(\"SM\"),(\"SM\")\r\nOK\r\n"),
    ("AT+CPMS=", "+CPMS: 1,10,1,10,1,10\r\nOK\r\n"),
    ("AT+CPMS?", "+CPMS: \"SM\",1,10,\"SM\",1,10,\"SM\",1,10\r\nOK\r\n"),
    ("AT+CMGS=", "> "),
    (
        "AT+CMGR=1",
        "+CMGR: 1,,24\r\n00040B916302010000F500006210120100000005E8329BFD06\r\nOK\r\n",
    ),
];
/// Most events between two looks at them.
const MOST_EVENTS: usize = 1_000;
/// Most messages that are told and not answered.
const MOST_HELD: usize = 64;

// Octets that no line has are what else happens: time passes, a part is given, a message is taken or not, the end.
// The first octet says whether the modem answers by itself, too, until it is ready, or always.
fuzz_target!(|bytes: &[u8]| {
    let [choice, stream @ ..] = bytes else {
        return;
    };
    let mut session = Session::open(*choice);
    for octet in stream {
        session.happens(*octet);
    }
    session.ends();
});

struct Session {
    dialogue: Dialogue,
    now: u64,
    obeys: bool,
    obeys_when_ready: bool,
    written: Vec<u8>,
    /// What `AT+CMEE?` is answered with.
    error_mode: &'static str,
    given: u64,
    outcomes: u64,
    arrived: Vec<u32>,
    is_ended: bool,
}

impl Session {
    fn open(choice: u8) -> Self {
        let mut modem = ModemConfig::new(SerialPort::new("/dev/ttyUSB0").expect("a whole path"));
        modem.pin = Some(Pin::new("1234").expect("four digits"));
        modem.max_line = 400;
        modem.max_reply = 2_000;
        let mut session = Self {
            dialogue: Dialogue::open(0, DialogueConfig::new(modem)),
            now: 0,
            obeys: choice & 1 != 0,
            obeys_when_ready: choice & 2 != 0,
            written: Vec::new(),
            error_mode: "+CMEE: 0\r\nOK\r\n",
            given: 0,
            outcomes: 0,
            arrived: Vec::new(),
            is_ended: false,
        };
        session.looks();
        session
    }

    fn happens(&mut self, octet: u8) {
        match octet {
            0 => self.passes(1_000),
            1 => self.passes(10_000),
            2 => self.submits(),
            3 | 4 => {
                if let Some(sequence) = self.arrived.pop() {
                    self.dialogue.answer(self.now, sequence, octet == 3);
                }
            }
            5 => self.dialogue.close(self.now),
            6 => self.dialogue.on_port_lost("unplugged".to_owned()),
            _ => self.dialogue.on_bytes(self.now, &[octet]),
        }
        self.looks();
    }

    fn passes(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(moment) = self.dialogue.next_wake_up().filter(|moment| *moment <= until) {
            self.now = moment;
            self.dialogue.on_tick(moment);
            let next = self.dialogue.next_wake_up();
            assert!(next.is_none_or(|next| next > moment), "{next:?} at {moment}");
            self.looks();
        }
        self.now = until;
    }

    fn submits(&mut self) {
        let number = PhoneNumber::new("+36301234567").expect("a number");
        let segments = segment("hello", Reference::Bits8(1)).expect("a short text");
        let submit = Submit::new(Address::from(&number), &segments.parts[0]);
        let given = self
            .dialogue
            .submit(self.now, Ticket(self.given), Box::new(submit));
        self.given += u64::from(given.is_ok());
    }

    /// Takes what the session says and writes; an obedient modem answers.
    fn looks(&mut self) {
        loop {
            let mut events = 0;
            while let Some(event) = self.dialogue.next_event() {
                events += 1;
                self.hears(event);
            }
            assert!(events < MOST_EVENTS);
            assert!(self.arrived.len() <= MOST_HELD);
            let mut output = Vec::new();
            self.dialogue.take_output(&mut output);
            assert!(
                output
                    .iter()
                    .all(|octet| matches!(octet, b' '..=b'~' | b'\r' | 0x1A | 0x1B))
            );
            self.written.extend(output);
            let end = |octet: &u8| matches!(octet, b'\r' | 0x1A | 0x1B);
            let Some(length) = self.written.iter().position(end) else {
                return;
            };
            let command: Vec<u8> = self.written.drain(..=length).collect();
            if self.obeys {
                let answer = self.answer_to(&command);
                self.dialogue.on_bytes(self.now, answer.as_bytes());
            }
        }
    }

    fn hears(&mut self, event: DialogueEvent) {
        assert!(!self.is_ended, "{event:?} after the end");
        match event {
            DialogueEvent::Ready { .. } => self.obeys &= self.obeys_when_ready,
            DialogueEvent::Answered { .. } | DialogueEvent::NotSent { .. } => self.outcomes += 1,
            DialogueEvent::Arrived { sequence, .. } => {
                self.arrived.push(sequence);
                // What the session has given up is not answered any more.
                let most = self.arrived.len().saturating_sub(MOST_HELD);
                self.arrived.drain(..most);
            }
            DialogueEvent::Ended(_) => self.is_ended = true,
            _ => {}
        }
    }

    /// Whatever came before: each part has one outcome, and the end is the end.
    fn ends(&mut self) {
        self.passes(300_000);
        self.dialogue.on_port_lost("unplugged".to_owned());
        self.looks();
        assert_eq!((self.given, self.is_ended), (self.outcomes, true));
        assert_eq!(self.dialogue.next_wake_up(), None);
    }

    fn answer_to(&mut self, command: &[u8]) -> &'static str {
        match command {
            b"AT+CMEE=0\r" => self.error_mode = "+CMEE: 0\r\nOK\r\n",
            b"AT+CMEE=1\r" => self.error_mode = "+CMEE: 1\r\nOK\r\n",
            b"AT+CMEE?\r" => return self.error_mode,
            _ => {}
        }
        let is_named = |(name, _): &&(&str, &str)| command.starts_with(name.as_bytes());
        match ANSWERS.iter().find(is_named) {
            Some((_, answer)) => answer,
            None if command.ends_with(b"\x1A") => "+CMGS: 42\r\nOK\r\n",
            None => "OK\r\n",
        }
    }
}
