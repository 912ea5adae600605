//! `--sms-via URL`.

use std::ops::RangeInclusive;

use ozml::session::{Invalid, PhoneNumber};
use ozml::sms::gsm::{ProbeOptions, SerialPort};
use ozml::sms::smpp::SmppUrl;

/// Bits a second that a port may be set to.
pub(crate) const BAUD: RangeInclusive<u32> = 300..=4_000_000;

/// Where the SMS of a run go.
#[derive(Debug, Clone)]
pub(crate) enum SmsVia {
    /// Shown on the console.
    Console,
    /// A test centre inside the process.
    TestSmsc,
    /// A message centre.
    Smpp(Box<SmppUrl>),
    /// The gateway of a configuration.
    Config,
    /// A GSM modem.
    Modem(Box<ModemAddress>),
}

impl SmsVia {
    /// Reads the URL.
    pub(crate) fn read(written: &str) -> Result<Self, String> {
        match written {
            "console:" => Ok(Self::Console),
            "smsc:" => Ok(Self::TestSmsc),
            "config:" => Ok(Self::Config),
            _ if written.starts_with("modem:") => ModemAddress::read(written)
                .map(|modem| Self::Modem(Box::new(modem)))
                .map_err(|fault| fault.to_string()),
            _ if written.starts_with("smpp://") || written.starts_with("smpps://") => written
                .parse()
                .map(|url| Self::Smpp(Box::new(url)))
                .map_err(|fault: ozml::session::Invalid| fault.to_string()),
            _ => Err(
                "`console:`, `smsc:`, `config:`, `smpp://…`, `smpps://…` or `modem:PORT` was expected"
                    .to_owned(),
            ),
        }
    }
}

/// `modem:PORT`, and what may follow: `?baud=9600&smsc=+36209300099`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModemAddress {
    /// Where the modem is.
    pub(crate) port: SerialPort,
    /// Bits a second.
    pub(crate) baud: u32,
    /// The service centre, where the SIM card does not name it.
    pub(crate) smsc: Option<PhoneNumber>,
}

impl ModemAddress {
    fn read(written: &str) -> Result<Self, Invalid> {
        let rest = written.strip_prefix("modem:").unwrap_or(written);
        let (port, options) = rest.split_once('?').unwrap_or((rest, ""));
        let mut address = Self {
            port: port.parse()?,
            baud: ProbeOptions::default().baud,
            smsc: None,
        };
        for option in options.split('&').filter(|option| !option.is_empty()) {
            address.set(option)?;
        }
        Ok(address)
    }

    fn set(&mut self, option: &str) -> Result<(), Invalid> {
        match option.split_once('=') {
            Some(("baud", baud)) => {
                let baud = baud.parse().ok().filter(|baud| BAUD.contains(baud));
                self.baud = baud.ok_or_else(|| Invalid::new("`baud` is a number from 300 to 4000000"))?;
            }
            Some(("smsc", number)) => self.smsc = Some(PhoneNumber::new(&number.replace("%2B", "+"))?),
            _ => {
                return Err(Invalid::new(
                    "behind `?` stand `baud=…` and `smsc=…`, with `&` between them",
                ));
            }
        }
        Ok(())
    }
}

/// `--allow-to`: numbers that a real transport may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AllowTo {
    /// Every number.
    Any,
    /// Numbers that begin like this one.
    Prefix(PhoneNumber),
}

impl AllowTo {
    /// Reads `any` or the beginning of a number.
    pub(crate) fn read(written: &str) -> Result<Self, String> {
        match written {
            "any" => Ok(Self::Any),
            prefix => PhoneNumber::new(prefix)
                .map(Self::Prefix)
                .map_err(|fault| format!("`any` or the beginning of a number: {fault}")),
        }
    }

    /// Whether a number may be given.
    pub(crate) fn admits(&self, number: &PhoneNumber) -> bool {
        match self {
            Self::Any => true,
            Self::Prefix(prefix) => number.as_str().starts_with(prefix.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_fault_of_an_address_repeats_a_password() {
        for written in [
            "smpp://shop:MARKER-SECRET-123@127.0.0.1:2775",
            "smpp://shop:MARKER@127.0.0.1",
            "SMPP://shop:MARKER@127.0.0.1",
            "smpp:/shop:MARKER@127.0.0.1:1",
            "smpp://shop:MARKER%@127.0.0.1:1",
            "smpp://shop:MARKER@127.0.0.1:1?x",
            "smpps://a-system-id-that-is-long:MARKER@127.0.0.1:1",
        ] {
            if let Err(fault) = SmsVia::read(written) {
                assert!(!fault.contains("MARKER"), "{fault}");
            }
        }
    }

    #[test]
    fn a_modem_is_a_port_and_how_it_is_spoken_to() {
        let modem = |written: &str| match SmsVia::read(written) {
            Ok(SmsVia::Modem(modem)) => (
                modem.port.to_string(),
                modem.baud,
                modem.smsc.map(|number| number.to_string()),
            ),
            other => panic!("{other:?}"),
        };
        let port = || "/dev/ttyUSB0".to_owned();
        assert_eq!(modem("modem:/dev/ttyUSB0"), (port(), 115_200, None));
        for smsc in ["+36209300099", "%2B36209300099"] {
            let written = format!("modem:/dev/ttyUSB0?baud=9600&smsc={smsc}");
            assert_eq!(modem(&written), (port(), 9_600, Some("+36209300099".to_owned())));
        }
        for wrong in [
            "modem:",
            "modem:ttyUSB0",
            "modem:/dev/a?baud=1",
            "modem:/dev/a?speed=9600",
            "modem:/dev/a?smsc=x",
        ] {
            assert!(SmsVia::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_empty_prefix_admits_nothing() {
        assert!(AllowTo::read("").is_err() && AllowTo::read("ANY").is_err());
        let hungary = AllowTo::read("+36").unwrap();
        assert!(hungary.admits(&PhoneNumber::new("+36201").unwrap()));
        assert!(!hungary.admits(&PhoneNumber::new("+4930").unwrap()));
    }
}
