//! Codes of `command_status`: their names and what a sender does about them (SMPP 3.4, 5.1.3;
//! 5.0, 4.7.6). The codes are the standard's, the sorting into classes is ours.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ozml_session::Invalid;

/// A `command_status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status(pub u32);

/// What a sender does about a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusClass {
    /// The request was carried out.
    Ok,
    /// The centre is busy: not taken, try again slower. Does not count as an attempt.
    Congestion,
    /// A later try may succeed.
    Temporary,
    /// This message will never be taken.
    PermanentMessage,
    /// The session is at fault, not the message: it goes back untouched and the session is bound anew.
    Session,
}

use StatusClass::{Congestion, PermanentMessage as Permanent, Session, Temporary};

/// Every status the standards name, ordered by code.
const TABLE: &[(u32, &str, StatusClass)] = &[
    (0x00, "ROK", StatusClass::Ok),
    (0x01, "RINVMSGLEN", Permanent),
    (0x02, "RINVCMDLEN", Permanent),
    (0x03, "RINVCMDID", Permanent),
    (0x04, "RINVBNDSTS", Session),
    (0x05, "RALYBND", Session),
    (0x06, "RINVPRTFLG", Permanent),
    (0x07, "RINVREGDLVFLG", Permanent),
    (0x08, "RSYSERR", Temporary),
    (0x0A, "RINVSRCADR", Permanent),
    (0x0B, "RINVDSTADR", Permanent),
    (0x0C, "RINVMSGID", Permanent),
    (0x0D, "RBINDFAIL", Session),
    (0x0E, "RINVPASWD", Session),
    (0x0F, "RINVSYSID", Session),
    (0x11, "RCANCELFAIL", Temporary),
    (0x13, "RREPLACEFAIL", Temporary),
    (0x14, "RMSGQFUL", Congestion),
    (0x15, "RINVSERTYP", Permanent),
    (0x33, "RINVNUMDESTS", Permanent),
    (0x34, "RINVDLNAME", Permanent),
    (0x40, "RINVDESTFLAG", Permanent),
    (0x42, "RINVSUBREP", Permanent),
    (0x43, "RINVESMCLASS", Permanent),
    (0x44, "RCNTSUBDL", Permanent),
    (0x45, "RSUBMITFAIL", Temporary),
    (0x48, "RINVSRCTON", Permanent),
    (0x49, "RINVSRCNPI", Permanent),
    (0x50, "RINVDSTTON", Permanent),
    (0x51, "RINVDSTNPI", Permanent),
    (0x53, "RINVSYSTYP", Session),
    (0x54, "RINVREPFLAG", Permanent),
    (0x55, "RINVNUMMSGS", Permanent),
    (0x58, "RTHROTTLED", Congestion),
    (0x61, "RINVSCHED", Permanent),
    (0x62, "RINVEXPIRY", Permanent),
    (0x63, "RINVDFTMSGID", Permanent),
    (0x64, "RX_T_APPN", Temporary),
    (0x65, "RX_P_APPN", Permanent),
    (0x66, "RX_R_APPN", Permanent),
    (0x67, "RQUERYFAIL", Temporary),
    (0xC0, "RINVOPTPARSTREAM", Permanent),
    (0xC1, "ROPTPARNOTALLWD", Permanent),
    (0xC2, "RINVPARLEN", Permanent),
    (0xC3, "RMISSINGOPTPARAM", Permanent),
    (0xC4, "RINVOPTPARAMVAL", Permanent),
    (0xFE, "RDELIVERYFAILURE", Temporary),
    (0xFF, "RUNKNOWNERR", Temporary),
    (0x100, "RSERTYPUNAUTH", Permanent),
    (0x101, "RPROHIBITED", Permanent),
    (0x102, "RSERTYPUNAVAIL", Temporary),
    (0x103, "RSERTYPDENIED", Permanent),
    (0x104, "RINVDCS", Permanent),
    (0x105, "RINVSRCADDRSUBUNIT", Permanent),
    (0x106, "RINVDSTADDRSUBUNIT", Permanent),
];

impl Status {
    /// The request was carried out.
    pub const OK: Self = Self(0x00);
    /// The `command_length` makes no sense.
    pub const INVALID_COMMAND_LENGTH: Self = Self(0x02);
    /// The command is unknown or not supported.
    pub const INVALID_COMMAND_ID: Self = Self(0x03);
    /// The session is not bound, or not bound for this.
    pub const INVALID_BIND_STATUS: Self = Self(0x04);
    /// The system_id is bound already.
    pub const ALREADY_BOUND: Self = Self(0x05);
    /// The receiver cannot take this message now: the centre keeps it and repeats it.
    pub const RECEIVER_TEMPORARY_ERROR: Self = Self(0x64);
    /// The receiver will never take this message.
    pub const RECEIVER_PERMANENT_ERROR: Self = Self(0x65);

    /// Whether the request was carried out.
    pub fn is_ok(self) -> bool {
        self == Self::OK
    }

    /// The standard's name without `ESME_`, such as `RINVDSTADR`; vendors' codes have none.
    pub fn name(self) -> Option<&'static str> {
        self.row().map(|(_, name, _)| *name)
    }

    /// The class where no route says otherwise. A code that is not the standard's counts as temporary:
    /// a message is not lost because its centre has codes of its own.
    pub fn class(self) -> StatusClass {
        self.row().map_or(Temporary, |(_, _, class)| *class)
    }

    fn row(self) -> Option<&'static (u32, &'static str, StatusClass)> {
        let found = TABLE.binary_search_by_key(&self.0, |(code, _, _)| *code).ok()?;
        TABLE.get(found)
    }
}

impl fmt::Display for Status {
    /// `RINVDSTADR (0x0000000B)`, or the code alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} (0x{:08X})", self.0),
            None => write!(f, "0x{:08X}", self.0),
        }
    }
}

/// Names of SMPP 5.0 for codes that 3.4 calls otherwise.
const OTHER_NAMES: &[(&str, u32)] = &[
    ("RINVTLVSTREAM", 0xC0),
    ("RTLVNOTALLWD", 0xC1),
    ("RINVTLVLEN", 0xC2),
    ("RMISSINGTLV", 0xC3),
    ("RINVTLVVAL", 0xC4),
];

impl FromStr for Status {
    type Err = Invalid;

    /// A name in any case, with or without `ESME_`, or the code, decimal or with `0x`.
    fn from_str(written: &str) -> Result<Self, Invalid> {
        let upper = written.to_ascii_uppercase();
        let name = upper.strip_prefix("ESME_").unwrap_or(&upper);
        let mut names = TABLE.iter().map(|(code, name, _)| (*name, *code));
        let named = names.find(|(known, _)| *known == name);
        let named = named.or_else(|| OTHER_NAMES.iter().copied().find(|(known, _)| *known == name));
        let number = |digits: &str, radix| {
            let digits = Some(digits).filter(|digits| digits.chars().all(|digit| digit.is_digit(radix)));
            digits.and_then(|digits| u32::from_str_radix(digits, radix).ok())
        };
        let code = match (named, upper.strip_prefix("0X")) {
            (Some((_, code)), _) => Some(code),
            (None, Some(digits)) => number(digits, 16),
            (None, None) => number(&upper, 10),
        };
        code.map(Self).ok_or_else(|| {
            Invalid::new(format!(
                "`{}` is no SMPP status: write a name such as RTHROTTLED or a code such as 0x58",
                written.escape_debug()
            ))
        })
    }
}

impl FromStr for StatusClass {
    type Err = Invalid;

    /// A word of the configuration: `congestion`, `temporary`, `permanent` or `session`.
    fn from_str(word: &str) -> Result<Self, Invalid> {
        match word {
            "congestion" => Ok(Congestion),
            "temporary" => Ok(Temporary),
            "permanent" => Ok(Permanent),
            "session" => Ok(Session),
            _ => Err(Invalid::new(format!(
                "`{}` is no class of a status: write congestion, temporary, permanent or session",
                word.escape_debug()
            ))),
        }
    }
}

/// The classes of one route: the common ones but for what the route says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusClasses(BTreeMap<Status, StatusClass>);

impl StatusClasses {
    /// The same with another class for `status`.
    #[must_use]
    pub fn with(mut self, status: Status, class: StatusClass) -> Self {
        self.0.insert(status, class);
        self
    }

    /// Classes as a configuration writes them, status and class; of two for one status the latter counts.
    /// ROK cannot be sorted otherwise: a message the centre took was taken.
    pub fn parse<'a>(written: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Invalid> {
        let mut classes = Self::default();
        for (status, class) in written {
            let status: Status = status.parse()?;
            if status.is_ok() {
                return Err(Invalid::new("ROK is no refusal and has no other class"));
            }
            classes = classes.with(status, class.parse()?);
        }
        Ok(classes)
    }

    /// The class of `status` on this route.
    pub fn class(&self, status: Status) -> StatusClass {
        self.0.get(&status).copied().unwrap_or_else(|| status.class())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_ordered() {
        assert!(TABLE.is_sorted_by(|(a, _, _), (b, _, _)| a < b));
    }

    #[test]
    fn statuses_have_names_and_classes() {
        for (code, written, class) in [
            (0x00, "ROK (0x00000000)", StatusClass::Ok),
            (0x0B, "RINVDSTADR (0x0000000B)", Permanent),
            (0x14, "RMSGQFUL (0x00000014)", Congestion),
            (0x0E, "RINVPASWD (0x0000000E)", Session),
            (0x45, "RSUBMITFAIL (0x00000045)", Temporary),
            (0x0411, "0x00000411", Temporary),
        ] {
            assert_eq!(
                (Status(code).to_string().as_str(), Status(code).class()),
                (written, class)
            );
        }
    }

    #[test]
    fn a_route_may_sort_otherwise() {
        let classes = StatusClasses::default().with(Status(0x0411), Permanent);
        assert_eq!(classes.class(Status(0x0411)), Permanent);
        assert_eq!(classes.class(Status(0x58)), Congestion);
    }

    #[test]
    fn statuses_are_names_or_codes() {
        for (code, name, _) in TABLE {
            assert_eq!(name.parse(), Ok(Status(*code)));
        }
        for (written, code) in [
            ("esme_rmsgqful", 0x14),
            ("RINVTLVSTREAM", 0xC0),
            ("0x400", 0x400),
            ("0XfE", 0xFE),
            ("69", 0x45),
        ] {
            assert_eq!(written.parse(), Ok(Status(code)), "{written}");
        }
        for wrong in ["RTHROTTLE", "", "0x", "0x+1", "+1", "4294967296", "ESME_"] {
            let fault = wrong.parse::<Status>().unwrap_err().to_string();
            assert!(
                fault.starts_with(&format!("`{wrong}` is no SMPP status")),
                "{fault}"
            );
        }
    }

    #[test]
    fn a_configuration_may_sort_otherwise() {
        let classes = StatusClasses::parse([("RINVDSTADR", "temporary"), ("0x411", "congestion")]).unwrap();
        assert_eq!(classes.class(Status(0x0B)), Temporary);
        assert_eq!(classes.class(Status(0x411)), Congestion);
        assert_eq!(classes.class(Status(0x58)), Congestion);
        for (status, class, fault) in [
            ("RNONE", "temporary", "`RNONE` is no SMPP status"),
            (
                "RINVDSTADR",
                "fatal",
                "`fatal` is no class of a status: write congestion, temporary, permanent or session",
            ),
            ("ROK", "session", "ROK is no refusal"),
        ] {
            let found = StatusClasses::parse([(status, class)]).unwrap_err().to_string();
            assert!(found.starts_with(fault), "{found}");
        }
    }
}
