//! The faults of a modem and of its line.

use std::collections::VecDeque;

use crate::chance::Chance;

/// How often what goes wrong, in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Faults {
    lost_line: u32,
    lost_octet: u32,
    pub(super) lost_command: u32,
    noise: u32,
    slow_answer: u32,
    slow_send: u32,
    send_error: u32,
    pub(super) is_impatient: bool,
}

const NOISE: [&str; 8] = [
    "RING",
    "NO CARRIER",
    "^RSSI: 12",
    "^BOOT: 1,0",
    "+CREG: 1",
    "+CUSD: 0,\"> a\",15",
    "*PSUTTZ: 1",
    "+CIEV: 2,3",
];
const ERRORS: [&str; 10] = [
    "ERROR",
    "+CMS ERROR: 1",
    "+CMS ERROR: 38",
    "+CMS ERROR: 197",
    "+CMS ERROR: 310",
    "+CMS ERROR: 322",
    "+CMS ERROR: 330",
    "+CMS ERROR: 500",
    "+CMS ERROR: 500",
    "+CMS ERROR: unknown",
];

impl Faults {
    /// Each kind none, seldom or often.
    pub(super) fn some(chance: &mut Chance) -> Self {
        let mut share = || [0, 0, 5_000, 30_000, 100_000][usize::try_from(chance.below(5)).unwrap()];
        Self {
            lost_line: share(),
            lost_octet: share(),
            lost_command: share(),
            noise: 3 * share(),
            slow_answer: share(),
            slow_send: share(),
            send_error: 3 * share(),
            is_impatient: chance.below(4) == 0,
        }
    }

    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }

    pub(super) fn strikes(self, chance: &mut Chance, share: u32) -> bool {
        chance.millionth() < share
    }

    pub(super) fn answer_delay(self, chance: &mut Chance) -> u64 {
        let slow = self.strikes(chance, self.slow_answer);
        if slow {
            1_000 + chance.below(24_000)
        } else {
            chance.below(200)
        }
    }

    pub(super) fn send_delay(self, chance: &mut Chance) -> u64 {
        let slow = self.strikes(chance, self.slow_send);
        if slow {
            100_000 + chance.below(60_000)
        } else {
            chance.below(4_000)
        }
    }

    pub(super) fn send_error(self, chance: &mut Chance) -> Option<&'static str> {
        let fails = self.strikes(chance, self.send_error);
        fails.then(|| ERRORS[usize::try_from(chance.below(10)).unwrap()])
    }
}

/// What the modem has written and we have not read yet.
#[derive(Debug, Default)]
pub(super) struct Output {
    octets: VecDeque<u8>,
    /// A reference that lost a digit cannot be told from another one.
    pub(super) damaged_references: bool,
}

impl Output {
    pub(super) fn forget(&mut self) {
        self.octets.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// The next piece, of any size.
    pub(super) fn piece(&mut self, chance: &mut Chance) -> Vec<u8> {
        let most = [1, 7, 4_096][usize::try_from(chance.below(3)).unwrap()];
        let length = self.octets.len().min(most);
        self.octets.drain(..length).collect()
    }

    pub(super) fn echo(&mut self, line: &str, chance: &mut Chance, faults: Faults) {
        self.write(&format!("{line}\r"), chance, faults);
    }

    pub(super) fn prompt(&mut self, chance: &mut Chance, faults: Faults) {
        if !faults.strikes(chance, faults.lost_line) {
            self.write("\r\n> ", chance, faults);
        }
    }

    pub(super) fn lines(&mut self, lines: &[&str], chance: &mut Chance, faults: Faults) {
        for line in lines {
            if faults.strikes(chance, faults.noise) {
                let noise = NOISE[usize::try_from(chance.below(8)).unwrap()];
                self.write(&format!("\r\n{noise}\r\n"), chance, faults);
            }
            if !faults.strikes(chance, faults.lost_line) {
                self.write(&format!("\r\n{line}\r\n"), chance, faults);
            }
        }
    }

    fn write(&mut self, text: &str, chance: &mut Chance, faults: Faults) {
        let mut octets = text.as_bytes().to_vec();
        if faults.strikes(chance, faults.lost_octet) {
            octets.remove(usize::try_from(chance.below(octets.len() as u64)).unwrap());
            self.damaged_references |= text.contains("+CMGS:");
        }
        self.octets.extend(octets);
    }
}
