//! `[[sms.connection]]` with `type = "modem"`.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ozml_dialplan::OnUnknown;
use ozml_session::{ConnectionName, Invalid, PhoneNumber};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::modem_timers::ModemTimersSection;
use super::options::{ConnectionOptions, day, resend, segments, validity, yes};
use super::read::{Checked, EnvironmentVariable, checked, name, table, variable, whole_number};
use crate::gateway::ReceiptIdMode;
use crate::gsm::{ErrorClasses, ModemConfig, Pin, SerialPort, Storage};
use crate::smpp::StatusClasses;

/// Most modems of one connection.
const MOST_PORTS: usize = 50;

/// A GSM modem, or several that share a line of messages. Exactly one of `port` and `ports` is given; that no
/// other connection has the same port is for the reader of the whole file to see.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ModemSection {
    /// What routes call it.
    #[serde(deserialize_with = "name")]
    pub name: ConnectionName,
    /// Whether it is to be used at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The serial device of the modem.
    #[serde(default, deserialize_with = "port")]
    pub port: Option<SerialPort>,
    /// The serial devices of several modems, 1 to 50.
    #[serde(default, deserialize_with = "ports")]
    pub ports: Option<Vec<SerialPort>>,
    /// Bits a second, 300 to 4,000,000; 115,200 where nothing is said.
    #[serde(default, deserialize_with = "baud")]
    pub baud: Option<u32>,
    /// The PIN of the SIM cards itself.
    #[serde(default, deserialize_with = "pin")]
    pub pin: Option<Pin>,
    /// Where the environment has the PIN.
    #[serde(default, deserialize_with = "variable")]
    pub pin_env: Option<EnvironmentVariable>,
    /// The file with the PIN.
    #[serde(default)]
    pub pin_file: Option<PathBuf>,
    /// The service centre, where the SIM cards do not name it.
    #[serde(default, deserialize_with = "smsc")]
    pub smsc: Option<PhoneNumber>,
    /// Where the modems keep what comes in.
    #[serde(default)]
    pub storage: Storage,
    /// Parts that may be with a modem at once, 1 to 10.
    #[serde(default = "two", deserialize_with = "window")]
    pub window: u8,
    /// Most parts of messages a second over all modems; 0: as many as they take.
    #[serde(default)]
    pub rate: u32,
    /// Parts that may leave at once after a pause; `rate` where nothing is said.
    #[serde(default)]
    pub burst: Option<NonZeroU32>,
    /// What becomes of messages whose outcome nobody knows.
    #[serde(default = "resend")]
    pub on_unknown: OnUnknown,
    /// Whether delivery reports are asked for.
    #[serde(default = "yes")]
    pub receipts: bool,
    /// What the errors of these modems mean.
    #[serde(default, deserialize_with = "errors")]
    pub errors: ErrorClasses,
    /// How long to wait for what.
    #[serde(default)]
    pub timers: ModemTimersSection,
    /// Most parts of a message, 1 to 255; the limit `sms_segments` where nothing is said.
    #[serde(default, deserialize_with = "segments")]
    pub max_segments: Option<u8>,
    /// How long a message that names no time may take, 1 minute to 30 days; 24 hours where nothing is said.
    #[serde(default = "day", deserialize_with = "validity")]
    pub validity: Duration,
}

/// What connections take that do not say otherwise: limits of the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModemDefaults {
    /// `modem_line_bytes`.
    pub max_line: usize,
    /// `modem_reply_bytes`.
    pub max_reply: usize,
}

impl ModemSection {
    /// The ports in the order of the file, whichever key names them.
    pub fn all_ports(&self) -> impl Iterator<Item = &SerialPort> {
        self.port.iter().chain(self.ports.iter().flatten())
    }

    /// What each session is told. `pin` comes from wherever the section says.
    pub fn modem_config(&self, pin: Option<Pin>, defaults: ModemDefaults) -> ModemConfig {
        let ports: Vec<_> = self.all_ports().cloned().collect();
        let mut config = ModemConfig::of_ports(ports);
        config.baud = self.baud.unwrap_or(config.baud);
        config.pin = pin;
        config.smsc.clone_from(&self.smsc);
        config.storage = self.storage;
        config.window = self.window;
        config.receipts = self.receipts;
        config.errors = self.errors.clone();
        config.timers = self.timers.over(config.timers);
        config.max_line = defaults.max_line;
        config.max_reply = defaults.max_reply;
        config
    }

    /// What the gateway does with the connection.
    pub fn options(&self) -> ConnectionOptions {
        let rate = NonZeroU32::new(self.rate);
        ConnectionOptions {
            sessions: u8::try_from(self.all_ports().count()).unwrap_or(u8::MAX),
            rate,
            burst: self.burst.or(rate),
            on_unknown: self.on_unknown,
            receipt_id: ReceiptIdMode::Text,
            statuses: StatusClasses::default(),
            max_segments: self.max_segments,
            validity: self.validity,
        }
    }
}

fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SerialPort>, D::Error> {
    checked(deserializer, str::parse).map(Some)
}

fn ports<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<SerialPort>>, D::Error> {
    let written = Vec::<Checked<SerialPort>>::deserialize(deserializer)?;
    if !(1..=MOST_PORTS).contains(&written.len()) {
        return Err(D::Error::custom(format!("1 to {MOST_PORTS} ports were expected")));
    }
    Ok(Some(written.into_iter().map(|Checked(port)| port).collect()))
}

fn baud<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    whole_number(deserializer, 300..=4_000_000).map(Some)
}

fn pin<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Pin>, D::Error> {
    checked(deserializer, Pin::new).map(Some)
}

fn smsc<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PhoneNumber>, D::Error> {
    checked(deserializer, |written| {
        let number = PhoneNumber::new(written).ok();
        let number = number.filter(|number| {
            number.is_international() && number.digits().bytes().all(|digit| digit.is_ascii_digit())
        });
        number.ok_or_else(|| {
            Invalid::new("the number of a service centre was expected, with its country: `+36209300099`")
        })
    })
    .map(Some)
}

fn window<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    whole_number(deserializer, 1..=10)
}

fn errors<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ErrorClasses, D::Error> {
    let written = table(deserializer)?.into_iter();
    Ok(written.fold(ErrorClasses::default(), |classes, (error, class)| {
        classes.with(error, class)
    }))
}

fn two() -> u8 {
    2
}
