//! Errors of modems: what they are called and what a sender does about them. The codes are the standards' (0 to
//! 127: 3GPP TS 24.011 E.2; 128 to 255: TS 23.040 9.2.3.22; 300 to 511: TS 27.005 3.2.5; +CME: TS 27.007 9.2), the
//! sorting into classes is ours.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ozml_session::Invalid;

/// Why a modem did not do as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ModemError {
    /// `+CMS ERROR`: of messages.
    Cms(u16),
    /// `+CME ERROR`: of the modem.
    Cme(u16),
    /// `ERROR`, or an error written as a text: no reason that we know.
    Plain,
}

/// What a sender does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// `network`: the network did not take it, a later try may succeed.
    Network,
    /// `modem`: the modem is at fault; after three in a row it is restarted.
    Modem,
    /// `permanent`: this message will never be taken.
    Permanent,
    /// `taken`: the centre has it already; when this was a repeat it counts as sent.
    Taken,
    /// `unusable`: the modem is of no use until a person has mended it.
    Unusable,
    /// `memory`: it has no place left; what it keeps is read and deleted.
    Memory,
    /// `service-centre`: nobody knows where the service centre is.
    ServiceCentre,
}

use ErrorClass::{Memory, Modem, Network, Permanent, ServiceCentre, Taken, Unusable};

impl ErrorClass {
    /// All of them.
    pub const ALL: [Self; 7] = [Network, Modem, Permanent, Taken, Unusable, Memory, ServiceCentre];

    /// The word in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Network => "network",
            Modem => "modem",
            Permanent => "permanent",
            Taken => "taken",
            Unusable => "unusable",
            Memory => "memory",
            ServiceCentre => "service-centre",
        }
    }
}

impl FromStr for ErrorClass {
    type Err = Invalid;

    fn from_str(word: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|class| class.name() == word);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|class| class.name()).collect();
            Invalid::new(format!(
                "`{}` is no class of an error: write {}",
                word.escape_debug(),
                names.join(", ")
            ))
        })
    }
}

/// +CMS: codes from and to, what they mean, their class; ordered, the first row that fits counts.
const CMS: &[(u16, u16, &str, ErrorClass)] = &[
    (1, 1, "unassigned number", Permanent),
    (8, 8, "operator determined barring", Permanent),
    (10, 10, "call barred", Permanent),
    (17, 17, "network failure", Network),
    (21, 21, "short message transfer rejected", Permanent),
    (22, 22, "memory capacity exceeded", Network),
    (27, 27, "destination out of order", Network),
    (28, 28, "unidentified subscriber", Permanent),
    (29, 29, "facility rejected", Permanent),
    (30, 30, "unknown subscriber", Permanent),
    (38, 38, "network out of order", Network),
    (41, 41, "temporary failure", Network),
    (42, 42, "congestion", Network),
    (47, 47, "resources unavailable", Network),
    (50, 50, "requested facility not subscribed", Permanent),
    (69, 69, "requested facility not implemented", Permanent),
    (81, 81, "invalid short message reference", Permanent),
    (95, 95, "semantically incorrect message", Permanent),
    (96, 96, "invalid mandatory information", Permanent),
    (97, 97, "message type not implemented", Permanent),
    (
        98,
        98,
        "message not compatible with the protocol state",
        Permanent,
    ),
    (99, 99, "information element not implemented", Permanent),
    (111, 111, "protocol error", Permanent),
    (127, 127, "interworking", Network),
    (128, 128, "telematic interworking not supported", Permanent),
    (129, 129, "short message type 0 not supported", Permanent),
    (130, 130, "short message cannot be replaced", Permanent),
    (143, 143, "TP-PID error", Permanent),
    (144, 144, "alphabet not supported", Permanent),
    (145, 145, "message class not supported", Permanent),
    (159, 159, "TP-DCS error", Permanent),
    (160, 160, "command cannot be actioned", Permanent),
    (161, 161, "command not supported", Permanent),
    (175, 175, "command error", Permanent),
    (176, 176, "TPDU not supported", Permanent),
    (192, 192, "service centre busy", Network),
    (193, 193, "no subscription at the service centre", Permanent),
    (194, 194, "service centre system failure", Network),
    (195, 195, "invalid SME address", Permanent),
    (196, 196, "destination barred", Permanent),
    (197, 197, "rejected as a duplicate", Taken),
    (198, 198, "TP-VPF not supported", Permanent),
    (199, 199, "TP-VP not supported", Permanent),
    (208, 208, "SIM memory full", Memory),
    (209, 209, "no place for messages on the SIM card", Permanent),
    (212, 212, "SIM toolkit busy", Network),
    (255, 255, "unspecified error", Network),
    (300, 300, "modem failure", Modem),
    (301, 301, "message service of the modem reserved", Modem),
    (302, 302, "operation not allowed", Unusable),
    (303, 303, "operation not supported", Unusable),
    (304, 304, "invalid PDU", Permanent),
    (305, 305, "invalid text parameter", Permanent),
    (310, 310, "no SIM card", Unusable),
    (311, 311, "SIM PIN required", Unusable),
    (312, 312, "PH-SIM PIN required", Unusable),
    (313, 313, "SIM failure", Unusable),
    (314, 314, "SIM busy", Modem),
    (315, 315, "wrong SIM card", Unusable),
    (316, 316, "SIM PUK required", Unusable),
    (317, 317, "SIM PIN2 required", Unusable),
    (318, 318, "SIM PUK2 required", Unusable),
    (320, 320, "memory failure", Modem),
    (321, 321, "invalid memory index", Memory),
    (322, 322, "memory full", Memory),
    (330, 330, "service centre address unknown", ServiceCentre),
    (331, 331, "no network service", Network),
    (332, 332, "network timeout", Network),
    (500, 500, "unknown error", Modem),
    // What no row above names counts as temporary: a message is not lost because somebody has codes of their own.
    (0, 255, "error of the network", Network),
    (256, 511, "error of the modem", Modem),
    (512, u16::MAX, "error of the manufacturer's own", Modem),
];

/// +CME, likewise.
const CME: &[(u16, u16, &str, ErrorClass)] = &[
    (0, 0, "phone failure", Modem),
    (3, 3, "operation not allowed", Unusable),
    (4, 4, "operation not supported", Unusable),
    (10, 10, "no SIM card", Unusable),
    (11, 11, "SIM PIN required", Unusable),
    (12, 12, "SIM PUK required", Unusable),
    (13, 13, "SIM failure", Unusable),
    (14, 14, "SIM busy", Modem),
    (15, 15, "wrong SIM card", Unusable),
    (16, 16, "incorrect password", Unusable),
    (17, 17, "SIM PIN2 required", Unusable),
    (18, 18, "SIM PUK2 required", Unusable),
    (20, 20, "memory full", Memory),
    (21, 21, "invalid index", Memory),
    (22, 22, "not found", Memory),
    (23, 23, "memory failure", Modem),
    (30, 30, "no network service", Network),
    (31, 31, "network timeout", Network),
    (32, 32, "network allows emergency calls only", Network),
    (100, 100, "unknown error", Modem),
    (0, u16::MAX, "error of the modem", Modem),
];

impl ModemError {
    /// The modem cannot read the PDU: whoever wrote it is at fault.
    pub const INVALID_PDU: Self = Self::Cms(304);

    /// What the standards say it means.
    pub fn meaning(self) -> &'static str {
        self.row().0
    }

    /// As a configuration writes it: `CMS 38`, `CME 10` or `ERROR`.
    pub fn code(self) -> String {
        match self {
            Self::Cms(code) => format!("CMS {code}"),
            Self::Cme(code) => format!("CME {code}"),
            Self::Plain => "ERROR".to_owned(),
        }
    }

    /// The class where no connection says otherwise.
    pub fn class(self) -> ErrorClass {
        self.row().1
    }

    fn row(self) -> (&'static str, ErrorClass) {
        let (table, code) = match self {
            Self::Cms(code) => (CMS, code),
            Self::Cme(code) => (CME, code),
            Self::Plain => return ("error without a reason", Modem),
        };
        let mut rows = table.iter();
        let row = rows.find(|(from, to, ..)| (*from..=*to).contains(&code));
        row.map_or(("error of the modem", Modem), |(.., meaning, class)| {
            (meaning, *class)
        })
    }
}

impl fmt::Display for ModemError {
    /// `no network service (+CMS ERROR: 331)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meaning = self.meaning();
        match self {
            Self::Cms(code) => write!(f, "{meaning} (+CMS ERROR: {code})"),
            Self::Cme(code) => write!(f, "{meaning} (+CME ERROR: {code})"),
            Self::Plain => write!(f, "{meaning} (ERROR)"),
        }
    }
}

impl FromStr for ModemError {
    type Err = Invalid;

    /// As a configuration writes it: `512` or `CMS 512`, `CME 100`, `ERROR`; in any case.
    fn from_str(written: &str) -> Result<Self, Invalid> {
        let upper = written.to_ascii_uppercase();
        if upper == "ERROR" {
            return Ok(Self::Plain);
        }
        let code = |digits: &str| {
            let digits = Some(digits).filter(|digits| digits.bytes().all(|octet| octet.is_ascii_digit()));
            digits.and_then(|digits| digits.parse().ok())
        };
        let (kind, digits): (fn(u16) -> Self, _) =
            match (upper.strip_prefix("CME "), upper.strip_prefix("CMS ")) {
                (Some(digits), _) => (Self::Cme, digits),
                (None, Some(digits)) => (Self::Cms, digits),
                (None, None) => (Self::Cms, upper.as_str()),
            };
        code(digits).map(kind).ok_or_else(|| {
            Invalid::new(format!(
                "`{}` is no error of a modem: write the code of a +CMS ERROR such as 512, `CME 100` or `ERROR`",
                written.escape_debug()
            ))
        })
    }
}

/// The classes of one connection: the common ones but for what the connection says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorClasses(BTreeMap<ModemError, ErrorClass>);

impl ErrorClasses {
    /// The same with another class for `error`.
    #[must_use]
    pub fn with(mut self, error: ModemError, class: ErrorClass) -> Self {
        self.0.insert(error, class);
        self
    }

    /// The class of `error` here.
    pub fn class(&self, error: ModemError) -> ErrorClass {
        self.0.get(&error).copied().unwrap_or_else(|| error.class())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the specification, by class.
    #[test]
    fn codes_have_their_classes() {
        for (class, codes) in [
            (
                Network,
                &[17, 22, 27, 38, 41, 42, 47, 127, 192, 194, 212, 255, 331, 332][..],
            ),
            (Modem, &[300, 301, 314, 320, 500, 512, 65_535]),
            (
                Permanent,
                &[
                    1, 8, 10, 21, 28, 29, 30, 50, 69, 81, 95, 96, 97, 98, 99, 111, 128, 129, 130, 143, 144,
                    145, 159, 160, 161, 175, 176, 193, 195, 196, 198, 199, 209, 304, 305,
                ],
            ),
            (Taken, &[197]),
            (Unusable, &[302, 303, 310, 311, 312, 313, 315, 316, 317, 318]),
            (Memory, &[208, 322, 321]),
            (ServiceCentre, &[330]),
        ] {
            for code in codes {
                assert_eq!(ModemError::Cms(*code).class(), class, "{code}");
            }
        }
        assert_eq!(ModemError::Cms(2).class(), Network);
        assert_eq!(ModemError::Cme(14).class(), Modem);
        assert_eq!(ModemError::Plain.class(), Modem);
    }

    #[test]
    fn errors_are_told_with_their_meaning() {
        for (written, shown) in [
            ("331", "no network service (+CMS ERROR: 331)"),
            ("cms 38", "network out of order (+CMS ERROR: 38)"),
            ("CME 10", "no SIM card (+CME ERROR: 10)"),
            ("error", "error without a reason (ERROR)"),
            ("700", "error of the manufacturer's own (+CMS ERROR: 700)"),
        ] {
            let error: ModemError = written.parse().unwrap();
            assert_eq!(
                (error.to_string().as_str(), error.code().parse()),
                (shown, Ok(error))
            );
        }
        for wrong in ["", "65536", "-1", "+1", "CME", "CME +1", "CMX 1"] {
            let fault = wrong.parse::<ModemError>().unwrap_err().to_string();
            assert!(fault.contains("is no error of a modem"), "{fault}");
        }
    }

    #[test]
    fn a_connection_may_sort_otherwise() {
        let classes = ErrorClasses::default().with(ModemError::Cms(512), "permanent".parse().unwrap());
        assert_eq!(classes.class(ModemError::Cms(512)), Permanent);
        assert_eq!(classes.class(ModemError::Cms(38)), Network);
        let fault = "fatal".parse::<ErrorClass>().unwrap_err().to_string();
        assert!(
            fault.starts_with("`fatal` is no class of an error: write network, modem"),
            "{fault}"
        );
    }
}
