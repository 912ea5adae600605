//! The values of `command_status` a centre answers with (SMPP 3.4 5.1.3).

pub(super) const ROK: u32 = 0x00;
pub(super) const RINVMSGLEN: u32 = 0x01;
pub(super) const RINVCMDLEN: u32 = 0x02;
pub(super) const RINVCMDID: u32 = 0x03;
pub(super) const RINVBNDSTS: u32 = 0x04;
pub(super) const RALYBND: u32 = 0x05;
pub(super) const RSYSERR: u32 = 0x08;
pub(super) const RINVSRCADR: u32 = 0x0A;
pub(super) const RINVDSTADR: u32 = 0x0B;
pub(super) const RINVPASWD: u32 = 0x0E;
pub(super) const RINVSYSID: u32 = 0x0F;
pub(super) const RBINDFAIL: u32 = 0x0D;
pub(super) const RMSGQFUL: u32 = 0x14;
pub(super) const RINVSERTYP: u32 = 0x15;
pub(super) const RTHROTTLED: u32 = 0x58;
pub(super) const RINVSCHED: u32 = 0x61;
pub(super) const RINVEXPIRY: u32 = 0x62;
pub(super) const RQUERYFAIL: u32 = 0x67;
pub(super) const RINVTLVSTREAM: u32 = 0xC0;

/// The statuses an option may name; any other is given as a number.
const NAMES: [(&str, u32); 30] = [
    ("RINVMSGLEN", RINVMSGLEN),
    ("RINVCMDLEN", RINVCMDLEN),
    ("RINVCMDID", RINVCMDID),
    ("RINVBNDSTS", RINVBNDSTS),
    ("RALYBND", RALYBND),
    ("RINVPRTFLG", 0x06),
    ("RINVREGDLVFLG", 0x07),
    ("RSYSERR", RSYSERR),
    ("RINVSRCADR", RINVSRCADR),
    ("RINVDSTADR", RINVDSTADR),
    ("RINVMSGID", 0x0C),
    ("RBINDFAIL", RBINDFAIL),
    ("RINVPASWD", RINVPASWD),
    ("RINVSYSID", RINVSYSID),
    ("RMSGQFUL", RMSGQFUL),
    ("RINVSERTYP", RINVSERTYP),
    ("RINVESMCLASS", 0x43),
    ("RSUBMITFAIL", 0x45),
    ("RINVSYSTYP", 0x53),
    ("RTHROTTLED", RTHROTTLED),
    ("RINVSCHED", RINVSCHED),
    ("RINVEXPIRY", RINVEXPIRY),
    ("RINVDFTMSGID", 0x63),
    ("RX_T_APPN", 0x64),
    ("RX_P_APPN", 0x65),
    ("RX_R_APPN", 0x66),
    ("RQUERYFAIL", RQUERYFAIL),
    ("RINVTLVSTREAM", RINVTLVSTREAM),
    ("RDELIVERYFAILURE", 0xFE),
    ("RUNKNOWNERR", 0xFF),
];

/// Reads a status: its name, with or without `ESME_`, or its number, decimal or with `0x`.
pub(super) fn parse(written: &str) -> Option<u32> {
    let upper = written.to_ascii_uppercase();
    let name = upper.strip_prefix("ESME_").unwrap_or(&upper);
    let named = NAMES.iter().find(|(known, _)| *known == name);
    match (named, upper.strip_prefix("0X")) {
        (Some((_, status)), _) => Some(*status),
        (None, Some(digits)) => u32::from_str_radix(digits, 16).ok(),
        (None, None) => upper.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_names_or_numbers() {
        for (written, status) in [
            ("RTHROTTLED", Some(0x58)),
            ("esme_rmsgqful", Some(0x14)),
            ("RX_T_APPN", Some(0x64)),
            ("0x400", Some(0x400)),
            ("69", Some(0x45)),
            ("RTHROTTLE", None),
            ("", None),
            ("0x", None),
        ] {
            assert_eq!(parse(written), status, "{written}");
        }
    }
}
