//! `[[sms.connection]]` with `type = "smpp"`.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ozml_dialplan::OnUnknown;
use ozml_session::{ConnectionName, SenderId};
use serde::{Deserialize, Deserializer};

use super::options::{ConnectionOptions, day, resend, segments, validity, yes};
use super::read::{EnvironmentVariable, checked, name, variable, whole_number};
use super::statuses::classes;
use super::timers::TimersSection;
use crate::gateway::ReceiptIdMode;
use crate::smpp::{
    AddressRange, Bind, BindMode, Password, SmppConfig, SmppUrl, StatusClasses, SubmitOptions, SystemType,
    Timers, TlsRoots, Window, address_range, frame, system_type,
};
use crate::text::DefaultCharset;

/// A connection to a message centre.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SmppSection {
    /// What routes call it.
    #[serde(deserialize_with = "name")]
    pub name: ConnectionName,
    /// Whether it is to be used at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Where the centre listens, and who binds there.
    #[serde(deserialize_with = "url")]
    pub url: SmppUrl,
    /// The password itself.
    #[serde(default, deserialize_with = "password")]
    pub password: Option<Password>,
    /// Where the environment has the password.
    #[serde(default, deserialize_with = "variable")]
    pub password_env: Option<EnvironmentVariable>,
    /// The file with the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Which way messages go.
    #[serde(default)]
    pub bind: BindMode,
    /// Sessions side by side, 1 to 50.
    #[serde(default = "one", deserialize_with = "sessions")]
    pub sessions: u8,
    /// Most submits without an answer in each session; the limit `smpp_window` where nothing is said.
    #[serde(default, deserialize_with = "window")]
    pub window: Option<Window>,
    /// Most parts of messages a second; 0: as many as the centre takes.
    #[serde(default)]
    pub rate: u32,
    /// Parts that may leave at once after a pause; `rate` where nothing is said.
    #[serde(default)]
    pub burst: Option<NonZeroU32>,
    /// What becomes of messages whose outcome nobody knows.
    #[serde(default = "resend")]
    pub on_unknown: OnUnknown,
    /// How ids in receipts are read.
    #[serde(default)]
    pub receipt_id: ReceiptIdMode,
    /// Whether delivery receipts are asked for.
    #[serde(default = "yes")]
    pub receipts: bool,
    /// The sender of messages that name none.
    #[serde(default, deserialize_with = "sender")]
    pub sender: Option<SenderId>,
    /// Type of number and numbering plan of numbers without `+`.
    #[serde(default)]
    pub local_ton_npi: Option<(u8, u8)>,
    /// What `data_coding` 0 means there.
    #[serde(default)]
    pub default_charset: DefaultCharset,
    #[serde(default, deserialize_with = "bind_type")]
    system_type: SystemType,
    #[serde(default, deserialize_with = "bind_range")]
    address_range: AddressRange,
    /// A file of certificates in PEM form to trust instead of the system's; for `smpps://`.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    /// How long to wait for what.
    #[serde(default)]
    pub timers: TimersSection,
    /// What this centre's statuses mean.
    #[serde(default, deserialize_with = "classes")]
    pub statuses: StatusClasses,
    /// Most parts of a message, 1 to 255; the limit `sms_segments` where nothing is said.
    #[serde(default, deserialize_with = "segments")]
    pub max_segments: Option<u8>,
    /// How long a message that names no time may take, 1 minute to 30 days; 24 hours where nothing is said.
    #[serde(default = "day", deserialize_with = "validity")]
    pub validity: Duration,
}

/// What connections take that do not say otherwise: limits of the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmppDefaults {
    /// `smpp_window`.
    pub window: Window,
    /// `submit_response`.
    pub response: Duration,
    /// `smpp_pdu_bytes`.
    pub max_length: usize,
}

impl Default for SmppDefaults {
    fn default() -> Self {
        Self {
            window: Window::default(),
            response: Timers::default().response,
            max_length: frame::DEFAULT_MAX_LENGTH,
        }
    }
}

impl SmppSection {
    /// What each session is told. `password` comes from wherever the section says, `ca` is the PEM text of
    /// the file [`ca`](Self::ca).
    pub fn smpp_config(&self, password: Password, ca: Option<Vec<u8>>, defaults: SmppDefaults) -> SmppConfig {
        let bind = Bind::new(self.bind, self.url.system_id.clone(), password);
        let usual = Timers {
            response: defaults.response,
            ..Timers::default()
        };
        let submit = SubmitOptions::default();
        SmppConfig {
            tls: self.url.tls.then(|| ca.map_or(TlsRoots::System, TlsRoots::Pem)),
            bind: bind.with_fields(self.system_type.clone(), self.address_range.clone()),
            window: self.window.unwrap_or(defaults.window),
            timers: self.timers.over(usual),
            submit: SubmitOptions {
                sender: self.sender.clone(),
                local_ton_npi: self.local_ton_npi.unwrap_or(submit.local_ton_npi),
                charset: self.default_charset,
                receipts: self.receipts,
            },
            max_length: defaults.max_length,
            ..SmppConfig::new(&self.url)
        }
    }

    /// What the gateway does with the connection.
    pub fn options(&self) -> ConnectionOptions {
        let rate = NonZeroU32::new(self.rate);
        ConnectionOptions {
            sessions: self.sessions,
            rate,
            burst: self.burst.or(rate),
            on_unknown: self.on_unknown,
            receipt_id: self.receipt_id,
            statuses: self.statuses.clone(),
            max_segments: self.max_segments,
            validity: self.validity,
        }
    }
}

fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SmppUrl, D::Error> {
    checked(deserializer, str::parse)
}

fn password<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Password>, D::Error> {
    checked(deserializer, Password::new).map(Some)
}

fn sender<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SenderId>, D::Error> {
    checked(deserializer, SenderId::new).map(Some)
}

fn bind_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemType, D::Error> {
    checked(deserializer, system_type)
}

fn bind_range<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AddressRange, D::Error> {
    checked(deserializer, address_range)
}

fn sessions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    whole_number(deserializer, 1..=50)
}

fn window<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Window>, D::Error> {
    let size = whole_number(deserializer, 1..=Window::MAX)?;
    Window::new(size).map(Some).map_err(serde::de::Error::custom)
}

fn one() -> u8 {
    1
}
