//! PINs that SIM cards refused: three wrong ones lock a card, so none is given twice and no third one at all, not by
//! the next process either. Once the modem works, however its card was opened, all is forgotten.

use std::collections::{BTreeMap, BTreeSet};

use crate::gsm::{ModemConfig, Pin, SerialPort};
use crate::store::{Change, Note};

/// The kind of note that keeps what was refused: its key is the port, its value one octet of a hash of port and PIN for
/// each PIN, too little to tell the PIN, and enough to tell most others from it.
pub(crate) const KIND: &str = "modem-pin";

/// The third wrong PIN locks the card: it is left to a person.
const MOST: usize = 2;

/// What the SIM cards refused since their modems last worked, by port.
#[derive(Debug, Default)]
pub(crate) struct RefusedPins(BTreeMap<String, BTreeSet<u8>>);

impl RefusedPins {
    /// Goes on with the notes of the kind [`KIND`].
    pub(crate) fn new(notes: Vec<Note>) -> Self {
        let octets = |note: Note| (note.key, note.value.into_iter().collect());
        Self(notes.into_iter().map(octets).collect())
    }

    /// Whether the PIN of a modem may be given to the SIM card behind this port.
    pub(crate) fn may_give(&self, config: &ModemConfig, port: &SerialPort) -> bool {
        let Some(pin) = &config.pin else { return false };
        let refused = self.0.get(&port.to_string());
        refused.is_none_or(|refused| refused.len() < MOST && !refused.contains(&octet(port, pin)))
    }

    /// The SIM card refused it, or it is not known yet whether it does.
    pub(crate) fn on_refused(&mut self, config: &ModemConfig, port: &SerialPort) -> Option<Change> {
        let octet = octet(port, config.pin.as_ref()?);
        let key = port.to_string();
        let refused = self.0.entry(key.clone()).or_default();
        refused.insert(octet);
        Some(Change::PutNote(Note {
            kind: KIND,
            key,
            value: refused.iter().copied().collect(),
        }))
    }

    /// The card is open now, whatever was refused.
    pub(crate) fn on_taken(&mut self, port: &SerialPort) -> Option<Change> {
        let key = port.to_string();
        self.0.remove(&key)?;
        Some(Change::ForgetNote { kind: KIND, key })
    }
}

fn octet(port: &SerialPort, pin: &Pin) -> u8 {
    let hash = crc32c::crc32c(port.to_string().as_bytes());
    let [octet, ..] = crc32c::crc32c_append(hash, pin.reveal().as_bytes()).to_be_bytes();
    octet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modem(pin: &str) -> (ModemConfig, SerialPort) {
        let port = SerialPort::new("/dev/ttyUSB0").unwrap();
        let mut config = ModemConfig::new(port.clone());
        config.pin = Some(pin.parse().unwrap());
        (config, port)
    }

    #[test]
    fn a_refused_pin_is_not_given_again_but_another_one_is() {
        let (config, port) = modem("1234");
        let mut pins = RefusedPins::default();
        assert!(pins.may_give(&config, &port));
        let Some(Change::PutNote(note)) = pins.on_refused(&config, &port) else {
            panic!("it is noted");
        };
        assert_eq!((note.key.as_str(), note.value.len()), ("/dev/ttyUSB0", 1));
        let mut pins = RefusedPins::new(vec![note]);
        assert!(!pins.may_give(&config, &port));
        assert!(pins.may_give(&modem("4321").0, &port));
        assert!(pins.on_taken(&port).is_some() && pins.on_taken(&port).is_none());
        assert!(pins.may_give(&config, &port));
    }

    #[test]
    fn none_of_several_refused_pins_is_given_again_nor_any_third_one() {
        let (first, port) = modem("1234");
        let (second, _) = modem("4321");
        let mut pins = RefusedPins::default();
        pins.on_refused(&first, &port);
        // As it comes: when it is given, and when it is refused.
        pins.on_refused(&second, &port);
        let Some(Change::PutNote(note)) = pins.on_refused(&second, &port) else {
            panic!("it is noted");
        };
        assert_eq!(note.value.len(), 2);
        let mut pins = RefusedPins::new(vec![note]);
        for pin in ["1234", "4321", "1111"] {
            assert!(!pins.may_give(&modem(pin).0, &port), "{pin}");
        }
        pins.on_taken(&port);
        assert!(pins.may_give(&first, &port) && pins.may_give(&second, &port));
    }

    #[test]
    fn without_a_pin_none_is_given() {
        let port = SerialPort::new("/dev/ttyUSB0").unwrap();
        assert!(!RefusedPins::default().may_give(&ModemConfig::new(port.clone()), &port));
    }
}
