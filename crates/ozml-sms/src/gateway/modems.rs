//! How the modems of a connection are.

use crate::gsm::{ModemHealth, ModemIdentity, SerialPort};

/// How one modem is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModemStatus {
    /// Where it is.
    pub port: SerialPort,
    /// Whether it is ready to send.
    pub is_up: bool,
    /// What it said of itself when it was last ready; `None`: it never was.
    pub identity: Option<ModemIdentity>,
    /// What it said last in this session; `None`: nothing yet.
    pub health: Option<ModemHealth>,
}

impl ModemStatus {
    /// One that was not seen yet.
    pub fn new(port: SerialPort) -> Self {
        Self {
            port,
            is_up: false,
            identity: None,
            health: None,
        }
    }

    /// Manufacturer and model, as far as it told.
    pub fn model(&self) -> Option<String> {
        let identity = self.identity.as_ref()?;
        let words = [&identity.manufacturer, &identity.model];
        let words: Vec<_> = words
            .into_iter()
            .map(String::as_str)
            .filter(|word| !word.is_empty())
            .collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// The network it is registered with, as far as it told.
    pub fn operator(&self) -> Option<&str> {
        let operator = self.identity.as_ref()?.operator.as_str();
        (!operator.is_empty()).then_some(operator)
    }

    /// Strength of its signal in dBm, from -113 to -51; `None`: not known.
    pub fn signal_dbm(&self) -> Option<i16> {
        let signal = self.health.as_ref()?.signal.filter(|signal| *signal <= 31)?;
        Some(i16::from(signal).saturating_mul(2).saturating_sub(113))
    }
}
