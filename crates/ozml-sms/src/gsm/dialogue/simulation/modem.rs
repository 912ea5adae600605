//! A modem of the simulation: it knows what it really sent and what it really has, and it fails in every way.

use std::collections::{BTreeMap, VecDeque};

use super::line::{Faults, Output};
use crate::chance::Chance;
use crate::gsm::pdu::{Frame, Submit};

/// How long after a restart nothing is heard, at least.
const BOOT: u64 = 3_000;
const PLACES: [(&str, u16); 2] = [("SM", 6), ("ME", 12)];

/// A message or a report in the network, in the memory, or on its way to us.
#[derive(Debug, Clone)]
pub(super) struct InNetwork {
    pub(super) id: u32,
    pub(super) line: String,
    pub(super) length: usize,
    pub(super) is_report: bool,
}

/// What it does once it is through with what it is at.
#[derive(Debug)]
enum Work {
    Answer(Vec<String>),
    Send {
        pdu: String,
        error: Option<&'static str>,
    },
    Prompt(usize),
    Restart,
}

/// What really happened.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// What went to the network: the PDU, and the reference it was given.
    pub(super) sent: Vec<(String, u8)>,
    /// Messages that are gone from memory and network, in order.
    pub(super) gone: Vec<u32>,
    /// PDUs that were taken for a text.
    pub(super) misfires: u32,
}

pub(super) struct Modem {
    pub(super) chance: Chance,
    pub(super) faults: Faults,
    pub(super) truth: Truth,
    pub(super) output: Output,
    input: VecDeque<u8>,
    line: Vec<u8>,
    /// In the input of a PDU.
    prompted: Option<usize>,
    work: Option<(u64, Work)>,
    deaf_until: u64,
    is_booting: bool,
    echoes: bool,
    has_text_mode: bool,
    error_mode: u8,
    is_phase_2_plus: bool,
    offers_phase_2_plus: bool,
    tells: bool,
    /// For reading, and for what comes in.
    memories: [&'static str; 2],
    stored: BTreeMap<(&'static str, u16), InNetwork>,
    network: VecDeque<InNetwork>,
    /// Written to us, and until when it waits for its acknowledgement.
    direct: Option<(u64, InNetwork)>,
    quiet_until: u64,
    reference: u8,
}

impl Modem {
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let faults = Faults::some(&mut chance);
        let offers_phase_2_plus = chance.below(2) == 0;
        let mut modem = Self {
            output: Output::default(),
            chance,
            faults,
            truth: Truth::default(),
            input: VecDeque::new(),
            line: Vec::new(),
            prompted: None,
            work: None,
            deaf_until: 0,
            is_booting: false,
            echoes: true,
            has_text_mode: true,
            error_mode: 0,
            is_phase_2_plus: false,
            offers_phase_2_plus,
            tells: false,
            memories: ["SM", "SM"],
            stored: BTreeMap::new(),
            network: VecDeque::new(),
            direct: None,
            quiet_until: 0,
            reference: 0,
        };
        modem.reference = modem.chance.below(256) as u8;
        modem
    }

    pub(super) fn hears(&mut self, octets: &[u8]) {
        self.input.extend(octets);
    }

    /// Something is sent to its number.
    pub(super) fn arrives(&mut self, incoming: InNetwork) {
        self.network.push_back(incoming);
    }

    /// What was not fetched.
    pub(super) fn left(&self) -> Vec<u32> {
        let direct = self.direct.iter().map(|(_, incoming)| incoming);
        let left = self.network.iter().chain(self.stored.values()).chain(direct);
        left.map(|incoming| incoming.id).collect()
    }

    pub(super) fn hangs(&mut self, now: u64, ms: u64) {
        self.deaf_until = self.deaf_until.max(now + ms);
    }

    pub(super) fn restarts(&mut self, now: u64) {
        if let Some((_, Work::Send { pdu, error: None })) = self.work.take()
            && self.chance.below(2) == 0
        {
            self.sends(pdu);
        }
        let ms = BOOT + self.chance.below(5_000);
        self.deaf_until = now + ms;
        self.is_booting = true;
        self.input.clear();
        self.line.clear();
        self.prompted = None;
        self.output.forget();
        self.echoes = true;
        self.has_text_mode = true;
        self.error_mode = 0;
        self.is_phase_2_plus = false;
        self.tells = false;
        self.memories = ["SM", "SM"];
        self.network
            .extend(self.direct.take().map(|(_, incoming)| incoming));
    }

    /// Does what is due.
    pub(super) fn advance(&mut self, now: u64) {
        if now < self.deaf_until {
            if self.is_booting {
                self.input.clear();
            }
            return;
        }
        if std::mem::take(&mut self.is_booting) && self.chance.below(2) == 0 {
            self.says(&["RDY"]);
        }
        loop {
            if let Some((due, work)) = self.work.take() {
                if due > now {
                    self.refuses_meanwhile(&work);
                    self.work = Some((due, work));
                    break;
                }
                self.finishes(now, work);
                if now < self.deaf_until {
                    return;
                }
            }
            let Some(octet) = self.input.pop_front() else {
                break;
            };
            self.takes(now, octet);
        }
        self.tells_what_came(now);
    }

    /// Some have no patience while they send: whatever is asked then is refused at once.
    fn refuses_meanwhile(&mut self, work: &Work) {
        if self.faults.is_impatient && matches!(work, Work::Send { .. }) {
            let asked = self.input.drain(..).filter(|octet| *octet == b'\r').count();
            (0..asked).for_each(|_| self.says(&["ERROR"]));
        }
    }

    pub(super) fn next_moment(&self) -> Option<u64> {
        let work = self.work.as_ref().map(|(due, _)| *due);
        let direct = self.direct.as_ref().map(|(due, _)| *due);
        let waits = !self.network.is_empty() && self.tells;
        let moments = [
            work,
            direct,
            waits.then_some(self.quiet_until),
            self.is_booting.then_some(0),
        ];
        let next = moments.into_iter().flatten().min()?;
        Some(next.max(self.deaf_until))
    }

    fn takes(&mut self, now: u64, octet: u8) {
        match (octet, self.prompted) {
            (0x1B, Some(_)) => {
                self.prompted = None;
                self.line.clear();
                self.says(&["OK"]);
            }
            (0x1B, None) => self.line.clear(),
            (0x1A, Some(length)) => self.takes_pdu(now, length),
            (b'\r', None) => {
                let line = String::from_utf8(std::mem::take(&mut self.line)).unwrap();
                if self.echoes {
                    self.output.echo(&line, &mut self.chance, self.faults);
                }
                if !line.is_empty() && !self.faults.strikes(&mut self.chance, self.faults.lost_command) {
                    let work = self.does(&line);
                    let delay = self.faults.answer_delay(&mut self.chance);
                    self.work = Some((now + delay, work));
                }
            }
            (octet, _) => self.line.push(octet),
        }
    }

    fn takes_pdu(&mut self, now: u64, length: usize) {
        let pdu = String::from_utf8(std::mem::take(&mut self.line)).unwrap();
        self.prompted = None;
        if self.echoes {
            self.output.echo(&pdu, &mut self.chance, self.faults);
        }
        if self.has_text_mode {
            self.truth.misfires += 1;
        }
        let is_whole = pdu.len() == 2 * (length + 1);
        let error = if is_whole {
            self.faults.send_error(&mut self.chance)
        } else {
            Some("+CMS ERROR: 304")
        };
        let delay = self.faults.send_delay(&mut self.chance);
        self.work = Some((now + delay, Work::Send { pdu, error }));
    }

    fn finishes(&mut self, now: u64, work: Work) {
        match work {
            Work::Answer(lines) => {
                let lines: Vec<_> = lines.iter().map(String::as_str).collect();
                self.says(&lines);
            }
            Work::Prompt(length) => {
                self.prompted = Some(length);
                self.output.prompt(&mut self.chance, self.faults);
            }
            Work::Send {
                error: Some(error), ..
            } => self.says(&[error]),
            Work::Send { pdu, error: None } => {
                let reference = self.sends(pdu);
                self.says(&[&format!("+CMGS: {reference}"), "OK"]);
            }
            Work::Restart => {
                self.says(&["OK"]);
                self.restarts(now);
            }
        }
    }

    fn sends(&mut self, pdu: String) -> u8 {
        self.reference = self.reference.wrapping_add(1);
        self.truth.sent.push((pdu, self.reference));
        self.reference
    }

    fn says(&mut self, lines: &[&str]) {
        self.output.lines(lines, &mut self.chance, self.faults);
    }

    /// What the network has comes in: into the memory, or, reports, directly to us.
    fn tells_what_came(&mut self, now: u64) {
        if let Some((_, incoming)) = self.direct.take_if(|(due, _)| *due <= now) {
            // Nobody acknowledged: nothing is told directly any more (3GPP TS 27.005 3.4.4).
            self.network.push_back(incoming);
            self.tells = false;
        }
        if !self.tells || self.quiet_until > now || self.work.is_some() && self.chance.below(2) == 0 {
            return;
        }
        let Some(incoming) = self.network.pop_front() else {
            return;
        };
        self.quiet_until = now + 500 + self.chance.below(3_000);
        if incoming.is_report && self.is_phase_2_plus {
            if self.direct.is_some() {
                return self.network.push_back(incoming);
            }
            self.says(&[&format!("+CDS: {}", incoming.length), &incoming.line]);
            self.direct = Some((now + 15_000, incoming));
            return;
        }
        self.stores(incoming);
    }

    fn stores(&mut self, incoming: InNetwork) {
        let memory = self.memories[1];
        let (_, places) = PLACES.into_iter().find(|(name, _)| *name == memory).unwrap();
        let free = (1..=places).find(|index| !self.stored.contains_key(&(memory, *index)));
        let Some(index) = free else {
            return self.network.push_back(incoming);
        };
        let name = if incoming.is_report { "+CDSI" } else { "+CMTI" };
        self.stored.insert((memory, index), incoming);
        self.says(&[&format!("{name}: \"{memory}\",{index}")]);
    }

    /// What it does about a command.
    fn does(&mut self, line: &str) -> Work {
        let answer = |lines: &[&str]| Work::Answer(lines.iter().map(|line| (*line).to_owned()).collect());
        let ok = |line: String| Work::Answer(vec![line, "OK".to_owned()]);
        let number = |prefix: &str| {
            line.strip_prefix(prefix)
                .and_then(|digits| digits.parse::<u16>().ok())
        };
        if let Some(length) = number("AT+CMGS=") {
            return Work::Prompt(length.into());
        }
        if let Some(index) = number("AT+CMGR=") {
            return self.reads(index);
        }
        if let Some(index) = number("AT+CMGD=") {
            let found = self.stored.remove(&(self.memories[0], index));
            self.truth.gone.extend(found.map(|incoming| incoming.id));
            return answer(&["OK"]);
        }
        if let Some(names) = line.strip_prefix("AT+CPMS=\"") {
            return self.selects(names);
        }
        match line {
            "AT" | "ATV1" | "AT+CMMS=1" | "AT+CSCA=\"+36209300099\",145" => answer(&["OK"]),
            "ATE0" => {
                self.echoes = false;
                answer(&["OK"])
            }
            "AT+CMEE=0" | "AT+CMEE=1" => {
                self.error_mode = u8::from(line.ends_with('1'));
                answer(&["OK"])
            }
            "AT+CMGF=0" => {
                self.has_text_mode = false;
                answer(&["OK"])
            }
            "AT+CSMS=1" => {
                self.is_phase_2_plus = true;
                ok("+CSMS: 1,1,1".to_owned())
            }
            "AT+CNMI=2,1,0,1,0" => {
                self.tells = true;
                answer(&["OK"])
            }
            "AT+CNMA" => self.is_acknowledged(),
            "AT+CFUN=1,1" => Work::Restart,
            "AT+CPIN?" => answer(&["+CPIN: READY", "OK"]),
            "AT+CREG?" => answer(&["+CREG: 0,1", "OK"]),
            "AT+CMGF?" => ok(format!("+CMGF: {}", u8::from(self.has_text_mode))),
            "AT+CMEE?" => ok(format!("+CMEE: {}", self.error_mode)),
            "AT+CNMI?" => answer(&["+CNMI: 2,1,0,1,0", "OK"]),
            "AT+CSMS?" => ok(format!("+CSMS: {},1,1,1", u8::from(self.is_phase_2_plus))),
            "AT+CSMS=?" if self.offers_phase_2_plus => answer(&["+CSMS: (0,1)", "OK"]),
            "AT+CPMS=?" => answer(&["+CPMS: (\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")", "OK"]),
            "AT+CPMS?" => {
                let [read, kept] = self
                    .memories
                    .map(|memory| format!("\"{memory}\",{}", self.usage(memory)));
                ok(format!("+CPMS: {read},{read},{kept}"))
            }
            "AT+CMGL=4" => self.lists(),
            "AT+CSCA?" => answer(&["+CSCA: \"+36209300099\",145", "OK"]),
            "AT+CIMI" => answer(&["216301234567890", "OK"]),
            "AT+CGMI" | "AT+CGMM" | "AT+CGMR" => answer(&["Model", "OK"]),
            "AT+COPS?" => answer(&["+COPS: 0,0,\"Operator\"", "OK"]),
            "AT+CSQ" => answer(&["+CSQ: 20,99", "OK"]),
            _ => answer(&["ERROR"]),
        }
    }

    fn is_acknowledged(&mut self) -> Work {
        let answer = if let Some((_, incoming)) = self.direct.take() {
            self.truth.gone.push(incoming.id);
            "OK"
        } else {
            "+CMS ERROR: 340"
        };
        Work::Answer(vec![answer.to_owned()])
    }

    fn usage(&self, memory: &str) -> String {
        let used = self.stored.keys().filter(|(name, _)| *name == memory).count();
        let (_, places) = PLACES.into_iter().find(|(name, _)| *name == memory).unwrap();
        format!("{used},{places}")
    }

    fn selects(&mut self, names: &str) -> Work {
        let chosen = PLACES
            .into_iter()
            .find(|(name, _)| names.starts_with(name))
            .unwrap()
            .0;
        self.memories[0] = chosen;
        if names.contains(',') {
            self.memories[1] = chosen;
        }
        let [read, kept] = self.memories.map(|memory| self.usage(memory));
        Work::Answer(vec![format!("+CPMS: {read},{read},{kept}"), "OK".to_owned()])
    }

    fn reads(&mut self, index: u16) -> Work {
        let found = self.stored.get(&(self.memories[0], index));
        let mut lines: Vec<_> = found
            .into_iter()
            .flat_map(|incoming| [format!("+CMGR: 1,,{}", incoming.length), incoming.line.clone()])
            .collect();
        lines.push("OK".to_owned());
        Work::Answer(lines)
    }

    fn lists(&mut self) -> Work {
        let mut lines = Vec::new();
        for ((memory, index), incoming) in &self.stored {
            if *memory == self.memories[0] {
                lines.push(format!("+CMGL: {index},1,,{}", incoming.length));
                lines.push(incoming.line.clone());
            }
        }
        lines.push("OK".to_owned());
        Work::Answer(lines)
    }
}

/// The ticket that a PDU carries as its number.
pub(super) fn ticket_of(pdu: &str) -> u64 {
    let frame = Frame::from_hex(pdu, None).unwrap();
    let submit = Submit::read(&frame.octets).unwrap();
    submit
        .destination
        .as_str()
        .strip_prefix("3630")
        .unwrap()
        .parse()
        .unwrap()
}
