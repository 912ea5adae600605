//! What a modem does, as data.

use std::num::NonZeroU64;
use std::str::FromStr;
use std::time::Duration;

use ozml_session::PhoneNumber;

use super::words::{Digits, Word};
use crate::gsm::{ModemError, Pin};
use crate::share::Share;

/// What a modem does. The default is a good modem: no PIN, registered at home, answers at once, takes every
/// message and reports it delivered. It is changed by options, of which
/// [`option_help`](crate::options::OptionSet::option_help) has the list.
///
/// ```
/// use ozml_sms::modem_sim::Behaviour;
/// use ozml_sms::options::OptionSet;
///
/// let slow: Behaviour = "pin=1234,network-delay=3s".parse().unwrap();
/// let read = Behaviour::default().with_option("pin", "1234").unwrap();
/// assert_eq!(read.with_option("network-delay", "3s").unwrap(), slow);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    pub(super) manufacturer: Word,
    pub(super) model: Word,
    pub(super) number: Option<PhoneNumber>,
    pub(super) imei: Digits,
    pub(super) imsi: Digits,
    pub(super) operator: Word,
    pub(super) service_centre: Option<PhoneNumber>,
    pub(super) card: Card,
    pub(super) pin: Option<Pin>,
    pub(super) puk: Option<Pin>,
    pub(super) slots: u16,
    pub(super) phone_slots: u16,
    pub(super) filled: u16,
    pub(super) signal: u8,
    pub(super) registration: Registration,
    pub(super) registration_delay: Duration,
    pub(super) echo: Echo,
    pub(super) answer_delay: Duration,
    pub(super) prompt_delay: Duration,
    pub(super) network_delay: Duration,
    pub(super) octet_pause: Duration,
    pub(super) line_split: Duration,
    pub(super) noise_every: Option<NonZeroU64>,
    pub(super) lose_answer_every: Option<NonZeroU64>,
    pub(super) lose_prompt_every: Option<NonZeroU64>,
    pub(super) error_every: Option<NonZeroU64>,
    pub(super) error_share: Share,
    pub(super) refuse_to: Option<PhoneNumber>,
    pub(super) error_code: ModemError,
    pub(super) hang_after: Option<NonZeroU64>,
    pub(super) hang_for: Option<Duration>,
    pub(super) unplug_after: Option<NonZeroU64>,
    pub(super) unplug_for: Duration,
    pub(super) restart_time: Duration,
    pub(super) reference: ReferenceFrom,
    pub(super) reject_duplicates: bool,
    pub(super) reports: Option<ReportState>,
    pub(super) report_delay: Duration,
    pub(super) report_route: ReportRoute,
    pub(super) incoming_every: Option<Duration>,
    pub(super) acknowledge_time: Duration,
    pub(super) unacknowledged: Unacknowledged,
    pub(super) seed: u64,
    pub(super) kept: usize,
}

/// What is in the SIM slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Card {
    /// `ready`: a card.
    #[default]
    Ready,
    /// `none`: nothing.
    None,
    /// `failed`: a card that cannot be read.
    Failed,
}

/// What the network says to the modem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Registration {
    /// `home`: registered.
    #[default]
    Home,
    /// `roaming`: registered with a foreign network.
    Roaming,
    /// `searching`: no network yet.
    Searching,
    /// `denied`: the network lets it not in.
    Denied,
}

impl Registration {
    /// `<stat>` of +CREG (3GPP TS 27.007 7.2).
    pub(super) const fn stat(self) -> u8 {
        match self {
            Self::Home => 1,
            Self::Searching => 2,
            Self::Denied => 3,
            Self::Roaming => 5,
        }
    }
}

/// Whether characters come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Echo {
    /// `on`: until ATE0.
    #[default]
    On,
    /// `off`: after ATE1 only.
    Off,
    /// `always`: whatever ATE says.
    Always,
}

/// Whose TP-MR a message has on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReferenceFrom {
    /// `own`: the modem counts itself, as most do.
    #[default]
    Own,
    /// `pdu`: that of the PDU.
    Pdu,
}

/// What status reports tell (TP-ST, 3GPP TS 23.040 9.2.3.15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportState {
    /// `delivered`.
    Delivered,
    /// `unconfirmed`: forwarded, and nobody knows.
    Unconfirmed,
    /// `trying`: not yet, the centre tries again.
    Trying,
    /// `expired`: the validity is over.
    Expired,
    /// `failed`: never.
    Failed,
}

impl ReportState {
    /// The names of the states.
    pub(super) const NAMES: [(&'static str, Option<Self>); 6] = [
        ("none", None),
        ("delivered", Some(Self::Delivered)),
        ("unconfirmed", Some(Self::Unconfirmed)),
        ("trying", Some(Self::Trying)),
        ("expired", Some(Self::Expired)),
        ("failed", Some(Self::Failed)),
    ];

    /// The octet TP-ST.
    pub const fn status(self) -> u8 {
        match self {
            Self::Delivered => 0x00,
            Self::Unconfirmed => 0x01,
            Self::Trying => 0x20,
            Self::Expired => 0x46,
            Self::Failed => 0x40,
        }
    }
}

/// Which ways of status reports AT+CNMI offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReportRoute {
    /// `any`: both.
    #[default]
    Any,
    /// `direct`: +CDS only.
    Direct,
    /// `stored`: +CDSI only.
    Stored,
}

impl ReportRoute {
    /// The values of `<ds>` that are taken.
    pub(super) const fn values(self) -> &'static [u8] {
        match self {
            Self::Any => &[0, 1, 2],
            Self::Direct => &[0, 1],
            Self::Stored => &[0, 2],
        }
    }
}

/// What follows when no AT+CNMA comes in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unacknowledged {
    /// `repeat`: the message comes again.
    #[default]
    Repeat,
    /// `store`: +CNMI is set to 0 for messages and reports and the message is kept, as 3GPP TS 27.005 3.4.4 has it.
    Store,
}

impl Behaviour {
    /// Messages of `filled` that find no slot: the SIM card begins full, and without them.
    pub fn filled_in_vain(&self) -> u16 {
        self.filled.saturating_sub(self.slots)
    }
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            manufacturer: Word::known("OzML"),
            model: Word::known("Modem emulator"),
            number: None,
            imei: Digits::known("490154203237518"),
            imsi: Digits::known("001010123456789"),
            operator: Word::known("Test network"),
            service_centre: PhoneNumber::new("+36300000000").ok(),
            card: Card::Ready,
            pin: None,
            puk: None,
            slots: 20,
            phone_slots: 100,
            filled: 0,
            signal: 20,
            registration: Registration::Home,
            registration_delay: Duration::ZERO,
            echo: Echo::On,
            answer_delay: Duration::ZERO,
            prompt_delay: Duration::ZERO,
            network_delay: Duration::ZERO,
            octet_pause: Duration::ZERO,
            line_split: Duration::ZERO,
            noise_every: None,
            lose_answer_every: None,
            lose_prompt_every: None,
            error_every: None,
            error_share: Share::NONE,
            refuse_to: None,
            error_code: ModemError::Cms(500),
            hang_after: None,
            hang_for: None,
            unplug_after: None,
            unplug_for: Duration::from_secs(2),
            restart_time: Duration::ZERO,
            reference: ReferenceFrom::Own,
            reject_duplicates: false,
            reports: Some(ReportState::Delivered),
            report_delay: Duration::ZERO,
            report_route: ReportRoute::Any,
            incoming_every: None,
            acknowledge_time: Duration::from_secs(15),
            unacknowledged: Unacknowledged::Repeat,
            seed: 1,
            kept: 10_000,
        }
    }
}

impl FromStr for Behaviour {
    type Err = crate::options::OptionError;

    /// Reads `name=value,name=value`; nothing at all is the default.
    fn from_str(written: &str) -> Result<Self, Self::Err> {
        crate::options::OptionSet::from_options(written)
    }
}
