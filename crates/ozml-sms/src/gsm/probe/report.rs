//! What a modem is and can.

use std::fmt;

use super::super::{ModemEnd, ModemError, NeedsPerson};

/// What a modem says of itself when it is asked; empty or `None` where it says nothing.
///
/// What it says is printable ASCII, and nothing else can be said about it: it comes from the modem.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ProbeReport {
    /// `AT+CGMI`.
    pub manufacturer: String,
    /// `AT+CGMM`.
    pub model: String,
    /// `AT+CGMR`.
    pub revision: String,
    /// `AT+CGSN`, the IMEI: it names this one device.
    pub serial_number: String,
    /// `AT+CPIN?`.
    pub sim: SimState,
    /// `AT+COPS?`.
    pub operator: String,
    /// `AT+CREG?`, or `AT+CEREG?` where that is better.
    pub registration: Registration,
    /// `AT+CSQ`.
    pub signal: Option<Signal>,
    /// `AT+CSCA?`.
    pub service_centre: Option<String>,
    /// `AT+CPMS?`: the memories in use, each once.
    pub memories: Vec<MemoryUse>,
    /// `AT+CPMS=?`: the memories that can be read, by name.
    pub storages: Vec<String>,
    /// `AT+CMGF=?`: whether PDUs can be sent. Nothing is sent without.
    pub pdu_mode: bool,
    /// `AT+CSMS=?`: phase 2+, in which what comes in is acknowledged.
    pub phase_2_plus: bool,
    /// `AT+CNMI=?`: how it can tell what came in.
    pub indications: Indications,
    /// `AT+CMMS=?`: whether the radio link can be kept between parts.
    pub more_messages: bool,
}

/// Whether the SIM card can be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SimState {
    /// The modem does not say.
    #[default]
    Unknown,
    /// It can be used.
    Ready,
    /// It wants its PIN.
    WantsPin,
    /// It is locked and wants its PUK.
    WantsPuk,
    /// It wants something else, in the modem's words.
    Wants(String),
    /// There is none.
    Absent,
    /// It cannot be used.
    Fault(ModemError),
}

impl SimState {
    /// What a person has to mend.
    pub(in super::super) fn fault(&self) -> Option<NeedsPerson> {
        match self {
            Self::Ready | Self::Unknown => None,
            Self::WantsPin => Some(NeedsPerson::NoPin),
            Self::WantsPuk => Some(NeedsPerson::Locked),
            // Locked to another telephone or network: the wrong card for this modem.
            Self::Wants(_) => Some(NeedsPerson::SimFault(ModemError::Cme(15))),
            Self::Absent => Some(NeedsPerson::NoSim),
            Self::Fault(error) => Some(NeedsPerson::SimFault(*error)),
        }
    }
}

impl fmt::Display for SimState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Ready => f.write_str("ready"),
            Self::WantsPin => f.write_str("wants its PIN"),
            Self::WantsPuk => f.write_str("locked, wants its PUK"),
            Self::Wants(what) => write!(f, "wants {what}"),
            Self::Absent => f.write_str("none"),
            Self::Fault(error) => error.fmt(f),
        }
    }
}

/// Whether there is a network to send by (3GPP TS 27.007 7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Registration {
    /// The modem does not say.
    #[default]
    Unknown,
    /// There is none, and it looks for none.
    Off,
    /// It looks for one.
    Searching,
    /// The network does not let it in.
    Denied,
    /// With the network of the SIM card.
    Home,
    /// With another network.
    Roaming,
    /// Emergency calls only.
    EmergencyOnly,
}

impl Registration {
    /// The one of a number.
    pub(super) fn of(state: u16) -> Self {
        match state {
            0 => Self::Off,
            1 | 6 | 9 => Self::Home,
            2 => Self::Searching,
            3 => Self::Denied,
            5 | 7 | 10 => Self::Roaming,
            8 => Self::EmergencyOnly,
            _ => Self::Unknown,
        }
    }

    /// Whether messages can be sent.
    pub fn is_registered(self) -> bool {
        matches!(self, Self::Home | Self::Roaming)
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "unknown",
            Self::Off => "not registered",
            Self::Searching => "searching",
            Self::Denied => "refused by the network",
            Self::Home => "registered",
            Self::Roaming => "registered, roaming",
            Self::EmergencyOnly => "emergency calls only",
        })
    }
}

/// The strength of the signal, 0 to 31 as `AT+CSQ` has it (3GPP TS 27.007 8.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal(u8);

impl Signal {
    /// Nothing for 99, which is "not known", and for what is out of range.
    pub fn new(strength: u8) -> Option<Self> {
        (strength <= 31).then_some(Self(strength))
    }

    /// In dBm.
    pub fn dbm(self) -> i16 {
        i16::from(self.0).saturating_mul(2).saturating_sub(113)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self.0 {
            0 | 1 => "hardly any",
            2..=9 => "weak",
            10..=14 => "fair",
            15..=19 => "good",
            _ => "excellent",
        }
    }
}

impl fmt::Display for Signal {
    /// `-71 dBm, excellent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} dBm, {}", self.dbm(), self.words())
    }
}

/// How full a memory is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryUse {
    /// `SM`, `ME` …
    pub name: String,
    /// Places in use.
    pub used: u16,
    /// Places.
    pub total: u16,
}

/// Values that `AT+CNMI` takes; each list is empty where the modem does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Indications {
    /// How lines that nobody asked for are written.
    pub modes: Vec<u16>,
    /// What is done with messages; 1: stored and told.
    pub messages: Vec<u16>,
    /// What is done with status reports; 1: told, 2: stored and told.
    pub reports: Vec<u16>,
}

/// What keeps a modem from being used, and what would not work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Judgement {
    /// Why a session would end.
    pub obstacles: Vec<ModemEnd>,
    /// What would be missing in a session.
    pub notes: Vec<&'static str>,
}

impl Judgement {
    /// Whether the modem can be used as it is.
    pub fn is_usable(&self) -> bool {
        self.obstacles.is_empty()
    }
}

/// Places that must be free.
const FREE_PLACES: u16 = 2;

impl ProbeReport {
    /// What a gateway would make of it.
    pub fn judgement(&self) -> Judgement {
        Judgement {
            obstacles: self.obstacles(),
            notes: self.notes().collect(),
        }
    }

    /// Without the SIM card a modem knows neither network nor service centre.
    fn obstacles(&self) -> Vec<ModemEnd> {
        let mut obstacles = Vec::new();
        if self.names_nothing() {
            return vec![ModemEnd::NeedsPerson(NeedsPerson::NoGsmModem)];
        }
        if !self.pdu_mode {
            obstacles.push(ModemEnd::NeedsPerson(NeedsPerson::NoPduMode));
        }
        if let Some(fault) = self.sim.fault() {
            obstacles.push(ModemEnd::NeedsPerson(fault));
            return obstacles;
        }
        match self.registration {
            Registration::Home | Registration::Roaming => {}
            Registration::Denied => {
                obstacles.push(ModemEnd::NeedsPerson(NeedsPerson::RegistrationDenied));
            }
            _ => obstacles.push(ModemEnd::NoNetwork),
        }
        if self.service_centre.is_none() {
            obstacles.push(ModemEnd::NeedsPerson(NeedsPerson::NoServiceCentre));
        }
        obstacles
    }

    /// Whether all answers were bare: `OK`, as some devices say to everything, or `ERROR`.
    fn names_nothing(&self) -> bool {
        let said = Self {
            sim: match &self.sim {
                SimState::Fault(ModemError::Plain) => SimState::Unknown,
                other => other.clone(),
            },
            pdu_mode: false,
            ..self.clone()
        };
        said == Self::default()
    }

    fn notes(&self) -> impl Iterator<Item = &'static str> {
        let is_full = |memory: &MemoryUse| memory.total.saturating_sub(memory.used) < FREE_PLACES;
        let offers = |values: &[u16], wanted: &[u16]| {
            values.is_empty() || values.iter().any(|value| wanted.contains(value))
        };
        let weak = self.signal.is_some_and(|signal| signal.dbm() < -93);
        let notes = [
            (weak, "the signal is weak: messages may need several tries"),
            (
                self.memories.iter().any(is_full),
                "the memory is nearly full: it is read and emptied first",
            ),
            (
                !offers(&self.indications.messages, &[1]),
                "it does not tell what comes in: messages are found when the memory is looked at",
            ),
            (
                !offers(&self.indications.reports, &[1, 2]),
                "it does not tell delivery reports: messages end as sent",
            ),
        ];
        notes
            .into_iter()
            .filter_map(|(holds, note)| holds.then_some(note))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> ProbeReport {
        ProbeReport {
            sim: SimState::Ready,
            registration: Registration::Home,
            signal: Signal::new(20),
            service_centre: Some("+36209300099".to_owned()),
            pdu_mode: true,
            ..ProbeReport::default()
        }
    }

    fn obstacles(report: ProbeReport) -> Vec<String> {
        let judgement = report.judgement();
        judgement.obstacles.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_modem_that_has_everything_can_be_used() {
        assert_eq!(good().judgement(), Judgement::default());
        assert!(good().judgement().is_usable());
    }

    #[test]
    fn what_is_missing_is_told_as_a_session_would() {
        let without_sim = ProbeReport {
            sim: SimState::Absent,
            registration: Registration::Off,
            service_centre: None,
            ..good()
        };
        assert_eq!(obstacles(without_sim), ["the modem has no SIM card: put one in"]);
        let locked = ProbeReport {
            sim: SimState::WantsPin,
            pdu_mode: false,
            ..good()
        };
        assert_eq!(
            obstacles(locked),
            [
                "the modem has no PDU mode: take another one",
                "the SIM card wants its PIN: give `pin_env` or `pin_file`, or unlock the card by hand with \
                 `ozml modem unlock PORT`"
            ]
        );
        let lost = ProbeReport {
            registration: Registration::Searching,
            service_centre: None,
            ..good()
        };
        assert_eq!(obstacles(lost).len(), 2);
        let denied = ProbeReport {
            registration: Registration::Denied,
            ..good()
        };
        assert_eq!(
            obstacles(denied),
            ["the network refuses the SIM card: ask the operator"]
        );
    }

    #[test]
    fn what_names_nothing_is_no_modem() {
        let says_ok = ProbeReport {
            pdu_mode: true,
            ..ProbeReport::default()
        };
        let says_error = ProbeReport {
            sim: SimState::Fault(ModemError::Plain),
            ..ProbeReport::default()
        };
        for report in [says_ok, says_error.clone()] {
            assert_eq!(
                obstacles(report),
                ["no GSM modem, or one that knows no messages: check the port, a modem may have several"]
            );
        }
        let named = ProbeReport {
            model: "EC25".to_owned(),
            ..says_error
        };
        assert_ne!(
            named.judgement().obstacles,
            [ModemEnd::NeedsPerson(NeedsPerson::NoGsmModem)]
        );
    }

    #[test]
    fn what_would_not_work_is_noted() {
        let report = ProbeReport {
            signal: Signal::new(3),
            memories: vec![MemoryUse {
                name: "SM".to_owned(),
                used: 19,
                total: 20,
            }],
            indications: Indications {
                modes: vec![0, 1],
                messages: vec![0],
                reports: vec![0],
            },
            ..good()
        };
        assert_eq!(report.judgement().notes.len(), 4);
    }

    #[test]
    fn signals_are_told_in_dbm_and_words() {
        for (strength, told) in [
            (0, "-113 dBm, hardly any"),
            (9, "-95 dBm, weak"),
            (10, "-93 dBm, fair"),
            (31, "-51 dBm, excellent"),
        ] {
            assert_eq!(Signal::new(strength).unwrap().to_string(), told);
        }
        assert_eq!(Signal::new(99), None);
    }

    #[test]
    fn states_of_registration_have_their_numbers() {
        let registered = (0..=255).filter(|state| Registration::of(*state).is_registered());
        assert_eq!(registered.collect::<Vec<_>>(), [1, 5, 6, 7, 9, 10]);
    }
}
