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

use StatusClass::{Congestion, Ok, PermanentMessage as Permanent, Session, Temporary};

/// Every status the standards name, ordered by code.
const TABLE: &[(u32, &str, StatusClass)] = &[
    (0x00, "ROK", Ok),
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

impl FromStr for Status {
    type Err = Invalid;

    /// Reads a name, with or without `ESME_`, or a code, decimal or with `0x`.
    fn from_str(written: &str) -> Result<Self, Invalid> {
        let upper = written.to_ascii_uppercase();
        let name = upper.strip_prefix("ESME_").unwrap_or(&upper);
        // SMPP 5.0 has a name of its own for 0xC0.
        let name = if name == "RINVTLVSTREAM" {
            "RINVOPTPARSTREAM"
        } else {
            name
        };
        let named = TABLE.iter().find(|(_, known, _)| *known == name);
        let code = match (named, upper.strip_prefix("0X")) {
            (Some((code, _, _)), _) => Some(*code),
            (None, Some(digits)) => u32::from_str_radix(digits, 16).ok(),
            (None, None) => upper.parse().ok(),
        };
        code.map(Self).ok_or_else(|| {
            Invalid::new(format!(
                "an SMPP status such as RTHROTTLED or 0x58 was expected, not `{}`",
                written.escape_debug()
            ))
        })
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
            (0x00, "ROK (0x00000000)", Ok),
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
    fn statuses_are_read_by_name_or_code() {
        for (written, code) in [
            ("RTHROTTLED", Some(0x58)),
            ("esme_rmsgqful", Some(0x14)),
            ("RX_T_APPN", Some(0x64)),
            ("RINVTLVSTREAM", Some(0xC0)),
            ("0x400", Some(0x400)),
            ("69", Some(0x45)),
            ("RTHROTTLE", None),
            ("", None),
            ("0x", None),
        ] {
            assert_eq!(written.parse().ok(), code.map(Status), "{written}");
        }
    }

    #[test]
    fn a_route_may_sort_otherwise() {
        let classes = StatusClasses::default().with(Status(0x0411), Permanent);
        assert_eq!(classes.class(Status(0x0411)), Permanent);
        assert_eq!(classes.class(Status(0x58)), Congestion);
    }
}
