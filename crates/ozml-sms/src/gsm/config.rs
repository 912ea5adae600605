//! What a session with a modem is told.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use ozml_session::{Invalid, PhoneNumber};

use super::error::ErrorClasses;
use super::port::SerialPort;

/// One pool of modems: each is a session of the connection, all are set up the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModemConfig {
    /// The ports of the modems, at least one.
    pub ports: Vec<SerialPort>,
    /// Bits a second; modems on USB take any.
    pub baud: u32,
    /// The PIN of the SIM cards; given once.
    pub pin: Option<Pin>,
    /// The service centre, where the SIM cards do not name it.
    pub smsc: Option<PhoneNumber>,
    /// Where the modems keep what comes in.
    pub storage: Storage,
    /// Parts that may be with a modem at once: one is sent, the others wait for it.
    pub window: u8,
    /// Whether delivery reports are asked for.
    pub receipts: bool,
    /// What errors mean.
    pub errors: ErrorClasses,
    /// How long to wait for what.
    pub timers: ModemTimers,
    /// Longest line a modem may send, in octets (limit `modem_line_bytes`).
    pub max_line: usize,
    /// Longest answer to one command, in octets (limit `modem_reply_bytes`).
    pub max_reply: usize,
}

impl ModemConfig {
    /// A modem on one port, 115,200 bit/s, reports asked for.
    pub fn new(port: SerialPort) -> Self {
        Self::of_ports(vec![port])
    }

    /// The same of several modems.
    pub(crate) fn of_ports(ports: Vec<SerialPort>) -> Self {
        Self {
            ports,
            baud: 115_200,
            pin: None,
            smsc: None,
            storage: Storage::default(),
            window: 2,
            receipts: true,
            errors: ErrorClasses::default(),
            timers: ModemTimers::default(),
            max_line: 1_024,
            max_reply: 16 * 1_024,
        }
    }
}

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModemTimers {
    /// For the answer to `AT`, which is asked three times.
    pub attention: Duration,
    /// For the answer to any other command that asks no network.
    pub command: Duration,
    /// For the prompt before a PDU.
    pub prompt: Duration,
    /// For the answer to a PDU: the network decides (3GPP TS 27.005 3.5.1).
    pub send: Duration,
    /// For the registration with a network after the start.
    pub registration: Duration,
    /// For a SIM card that takes its time after the PIN, and for a modem that was restarted.
    pub ready: Duration,
    /// Between two looks at memory and registration.
    pub poll: Duration,
    /// Before an error of the modem itself is tried again.
    pub retry: Duration,
}

impl Default for ModemTimers {
    fn default() -> Self {
        Self {
            attention: Duration::from_secs(1),
            command: Duration::from_secs(5),
            prompt: Duration::from_secs(10),
            send: Duration::from_secs(120),
            registration: Duration::from_secs(60),
            ready: Duration::from_secs(20),
            poll: Duration::from_secs(60),
            retry: Duration::from_secs(5),
        }
    }
}

/// Where a modem keeps what comes in (3GPP TS 27.005 3.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[non_exhaustive]
pub enum Storage {
    /// `auto`: the largest it offers of its own and the SIM card's.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// `SM`: the SIM card.
    #[serde(rename = "SM")]
    Sim,
    /// `ME`: the modem.
    #[serde(rename = "ME")]
    Modem,
    /// `MT`: both.
    #[serde(rename = "MT")]
    Both,
}

/// The PIN of a SIM card, 4 to 8 digits (3GPP TS 11.11 9.3). Debug and Display print `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// Checks the digits; no error repeats them.
    pub fn new(digits: &str) -> Result<Self, Invalid> {
        let is_pin = (4..=8).contains(&digits.len()) && digits.bytes().all(|octet| octet.is_ascii_digit());
        if !is_pin {
            return Err(Invalid::new("the PIN of a SIM card is 4 to 8 digits"));
        }
        Ok(Self(digits.to_owned()))
    }

    /// The digits, for the SIM card only.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Pin {
    type Err = Invalid;

    fn from_str(digits: &str) -> Result<Self, Invalid> {
        Self::new(digits)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_digits_and_stays_hidden() {
        assert_eq!(format!("{:?} {0}", Pin::new("1234").unwrap()), "*** ***");
        for wrong in ["", "123", "123456789", "12 34", "12a4", "1234\r"] {
            let fault = Pin::new(wrong).unwrap_err().to_string();
            assert_eq!(fault, "the PIN of a SIM card is 4 to 8 digits");
        }
    }
}
