//! PINs that SIM cards refused: three wrong ones lock a card, so none is given twice, not by the next process either.

use std::collections::BTreeMap;

use crate::gsm::{ModemConfig, Pin, SerialPort};
use crate::store::{Change, Note};

/// The kind of note that keeps what was refused: its key is the port, its value one octet of a hash of port and PIN,
/// too little to tell the PIN, and enough to tell most others from it.
pub(crate) const KIND: &str = "modem-pin";

/// What the SIM cards refused, by port.
#[derive(Debug, Default)]
pub(crate) struct RefusedPins(BTreeMap<String, u8>);

impl RefusedPins {
    /// Goes on with the notes of the kind [`KIND`].
    pub(crate) fn new(notes: Vec<Note>) -> Self {
        let octet = |note: Note| Some((note.key, *note.value.first()?));
        Self(notes.into_iter().filter_map(octet).collect())
    }

    /// Whether the PIN of a modem may be given to the SIM card behind this port.
    pub(crate) fn may_give(&self, config: &ModemConfig, port: &SerialPort) -> bool {
        let pin = config.pin.as_ref();
        pin.is_some_and(|pin| self.0.get(&port.to_string()) != Some(&octet(port, pin)))
    }

    /// The SIM card refused it, or it is not known yet whether it does.
    pub(crate) fn on_refused(&mut self, config: &ModemConfig, port: &SerialPort) -> Option<Change> {
        let octet = octet(port, config.pin.as_ref()?);
        let key = port.to_string();
        self.0.insert(key.clone(), octet);
        Some(Change::PutNote(Note {
            kind: KIND,
            key,
            value: vec![octet],
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
    fn without_a_pin_none_is_given() {
        let port = SerialPort::new("/dev/ttyUSB0").unwrap();
        assert!(!RefusedPins::default().may_give(&ModemConfig::new(port.clone()), &port));
    }
}
