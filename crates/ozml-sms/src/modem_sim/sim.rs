//! The SIM card: what it holds back until it has its PIN.

use super::behaviour::{Behaviour, Card};
use crate::gsm::{ModemError, Pin};

/// Wrong PINs before the PUK is asked for, and wrong PUKs before the card is dead (3GPP TS 11.11 9.3).
const PIN_TRIES: u8 = 3;
const PUK_TRIES: u8 = 10;
const USUAL_PUK: &str = "00000000";

/// A SIM card. What it counts outlives a restart of the modem.
#[derive(Debug)]
pub(super) struct Sim {
    card: Card,
    /// `None`: the card never had one.
    pin: Option<Pin>,
    puk: Option<Pin>,
    /// Whether the PIN is asked for after a start (AT+CLCK="SC").
    guarded: bool,
    locked: bool,
    pin_tries: u8,
    puk_tries: u8,
}

/// Why a card cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SimFault {
    Absent,
    Pin,
    Puk,
    Failed,
}

impl SimFault {
    /// As a command about messages says it (3GPP TS 27.005 3.2.5).
    pub(super) const fn of_messages(self) -> ModemError {
        ModemError::Cms(match self {
            Self::Absent => 310,
            Self::Pin => 311,
            Self::Failed => 313,
            Self::Puk => 316,
        })
    }

    /// As any other command says it (3GPP TS 27.007 9.2).
    pub(super) const fn of_phone(self) -> ModemError {
        ModemError::Cme(match self {
            Self::Absent => 10,
            Self::Pin => 11,
            Self::Puk => 12,
            Self::Failed => 13,
        })
    }
}

/// +CME: incorrect password.
const WRONG: ModemError = ModemError::Cme(16);
/// +CME: operation not allowed.
const NOT_NOW: ModemError = ModemError::Cme(3);

impl Sim {
    pub(super) fn new(behaviour: &Behaviour) -> Self {
        let guarded = behaviour.pin.is_some();
        Self {
            card: behaviour.card,
            pin: behaviour.pin.clone(),
            puk: behaviour.puk.clone(),
            guarded,
            locked: guarded,
            pin_tries: PIN_TRIES,
            puk_tries: PUK_TRIES,
        }
    }

    /// The modem starts: a guarded card is locked again.
    pub(super) fn power_on(&mut self) {
        self.locked = self.guarded;
    }

    /// Whether it can be used.
    pub(super) fn check(&self) -> Result<(), SimFault> {
        match self.card {
            Card::None => Err(SimFault::Absent),
            Card::Failed => Err(SimFault::Failed),
            Card::Ready if self.puk_tries == 0 => Err(SimFault::Failed),
            Card::Ready if self.pin_tries == 0 => Err(SimFault::Puk),
            Card::Ready if self.locked => Err(SimFault::Pin),
            Card::Ready => Ok(()),
        }
    }

    /// Whether the PIN is asked for after a start.
    pub(super) const fn is_guarded(&self) -> bool {
        self.guarded
    }

    /// Tries of the PIN that are left.
    pub(super) const fn tries_left(&self) -> u8 {
        self.pin_tries
    }

    /// AT+CPIN with a PIN.
    pub(super) fn enter_pin(&mut self, given: &str) -> Result<(), ModemError> {
        match self.check() {
            Err(SimFault::Pin) => {}
            Err(fault) => return Err(fault.of_phone()),
            Ok(()) => return Err(NOT_NOW),
        }
        self.compare(given)?;
        self.locked = false;
        Ok(())
    }

    /// AT+CPIN with the PUK and a new PIN.
    pub(super) fn enter_puk(&mut self, given: &str, new: &str) -> Result<(), ModemError> {
        match self.check() {
            Err(SimFault::Puk) => {}
            Err(fault) => return Err(fault.of_phone()),
            Ok(()) => return Err(NOT_NOW),
        }
        if given != self.puk.as_ref().map_or(USUAL_PUK, Pin::reveal) {
            self.puk_tries = self.puk_tries.saturating_sub(1);
            return Err(WRONG);
        }
        self.pin = Some(Pin::new(new).map_err(|_| WRONG)?);
        (self.pin_tries, self.puk_tries, self.locked) = (PIN_TRIES, PUK_TRIES, false);
        Ok(())
    }

    /// AT+CLCK="SC": whether the PIN is asked for from the next start on.
    pub(super) fn guard(&mut self, guarded: bool, given: &str) -> Result<(), ModemError> {
        self.check().map_err(SimFault::of_phone)?;
        self.compare(given)?;
        self.guarded = guarded;
        Ok(())
    }

    /// AT+CPWD="SC".
    pub(super) fn change_pin(&mut self, old: &str, new: &str) -> Result<(), ModemError> {
        self.check().map_err(SimFault::of_phone)?;
        self.compare(old)?;
        self.pin = Some(Pin::new(new).map_err(|_| WRONG)?);
        Ok(())
    }

    /// Counts a wrong PIN.
    fn compare(&mut self, given: &str) -> Result<(), ModemError> {
        let Some(pin) = &self.pin else { return Err(NOT_NOW) };
        if pin.reveal() == given {
            self.pin_tries = PIN_TRIES;
            return Ok(());
        }
        self.pin_tries = self.pin_tries.saturating_sub(1);
        Err(if self.pin_tries == 0 {
            SimFault::Puk.of_phone()
        } else {
            WRONG
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_wrong_pins_ask_for_the_puk() {
        let mut sim = Sim::new(&"pin=1234,puk=12345678".parse().unwrap());
        assert_eq!(sim.check(), Err(SimFault::Pin));
        for expected in [WRONG, WRONG, SimFault::Puk.of_phone()] {
            assert_eq!(sim.enter_pin("9999"), Err(expected));
        }
        assert_eq!(sim.enter_pin("1234"), Err(SimFault::Puk.of_phone()));
        sim.power_on();
        assert_eq!(sim.enter_puk("00000000", "4321"), Err(WRONG));
        assert_eq!(sim.enter_puk("12345678", "4321"), Ok(()));
        sim.power_on();
        assert_eq!(sim.check(), Err(SimFault::Pin), "a restart locks it");
        assert_eq!(sim.enter_pin("4321"), Ok(()));
    }

    #[test]
    fn a_card_without_guard_stays_open() {
        let mut sim = Sim::new(&"pin=1234".parse().unwrap());
        sim.enter_pin("1234").unwrap();
        sim.guard(false, "1234").unwrap();
        sim.power_on();
        assert_eq!((sim.check(), sim.enter_pin("1234")), (Ok(()), Err(NOT_NOW)));
    }
}
