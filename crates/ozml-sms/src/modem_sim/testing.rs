//! Somebody at the line of a modem, for tests.

use ozml_session::{ClockTime, SenderId, SmsText, WallTime};

use super::event::Event;
use super::modem::Modem;

/// 2026-01-21T10:00:00Z.
const STARTED: WallTime = WallTime::from_unix_millis(1_768_989_600_000);

pub(super) fn at(ms: u64) -> ClockTime {
    ClockTime::from_millis(ms)
}

/// A modem whose line is watched.
pub(super) struct Peer {
    pub(super) modem: Modem,
    pub(super) now: u64,
}

impl Peer {
    /// A modem that does not echo, so that transcripts show its answers only.
    pub(super) fn new(options: &str) -> Self {
        let modem = Modem::new(format!("echo=off,{options}").parse().unwrap(), STARTED);
        Self { modem, now: 0 }
    }

    /// The octets it writes at once.
    pub(super) fn typed(&mut self, octets: &str) -> String {
        self.modem.on_bytes(at(self.now), octets.as_bytes());
        self.output()
    }

    /// The lines of its answer to a command, empty ones left out.
    pub(super) fn ask(&mut self, command: &str) -> Vec<String> {
        lines(&self.typed(&format!("{command}\r")))
    }

    /// Lets so many milliseconds pass, with every wake-up in between; what it writes then.
    pub(super) fn wait(&mut self, ms: u64) -> String {
        let end = self.now + ms;
        let mut written = self.output();
        while let Some(wake) = self.modem.next_wake(at(self.now)).filter(|wake| *wake <= at(end)) {
            self.now = self.now.max(wake.as_millis());
            self.modem.on_tick(at(self.now));
            written += &self.output();
        }
        self.now = end;
        self.modem.on_tick(at(end));
        written + &self.output()
    }

    pub(super) fn output(&mut self) -> String {
        let mut octets = Vec::new();
        self.modem.take_output(at(self.now), &mut octets);
        String::from_utf8_lossy(&octets).into_owned()
    }

    /// Gives a PDU to AT+CMGS or the like; the lines of the answer.
    pub(super) fn give(&mut self, command: &str, typed: &str) -> Vec<String> {
        assert_eq!(self.typed(&format!("{command}\r")), "\r\n> ");
        lines(&self.typed(&format!("{typed}\x1a")))
    }

    pub(super) fn incoming(&mut self, from: &str, text: &str) -> Vec<String> {
        let (from, text) = (SenderId::new(from).unwrap(), SmsText::new(text).unwrap());
        self.modem.incoming(at(self.now), &from, &text).unwrap();
        lines(&self.output())
    }

    pub(super) fn events(&mut self) -> Vec<Event> {
        self.modem.take_events().collect()
    }
}

pub(super) fn lines(written: &str) -> Vec<String> {
    let lines = written.split(['\r', '\n']).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}
