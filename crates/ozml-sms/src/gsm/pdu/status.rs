//! TP-ST, what became of a message (3GPP TS 23.040 9.2.3.15).

use std::fmt;

/// The status in a report, as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TpStatus(pub u8);

/// What a status means for the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TpStatusKind {
    /// Delivered, as far as the centre can know.
    Done,
    /// Not yet; the centre goes on trying and sends another report.
    Trying,
    /// Never delivered.
    GaveUp,
    /// Not delivered for a passing reason; the centre tries no more, a new message may get through.
    TemporaryGaveUp,
}

use TpStatusKind::{Done, GaveUp, TemporaryGaveUp, Trying};

impl TpStatus {
    /// Received by the recipient.
    pub const RECEIVED: Self = Self(0x00);
    /// Its validity ended.
    pub const EXPIRED: Self = Self(0x46);
    /// Its sender had it deleted.
    pub const DELETED_BY_SENDER: Self = Self(0x47);
    /// The centre's own people deleted it.
    pub const DELETED_BY_CENTRE: Self = Self(0x48);

    /// What it means; a reserved value means what its range does. From 0x80 there is no range: the standard has
    /// receivers take those for "service rejected".
    pub const fn kind(self) -> TpStatusKind {
        match self.0 {
            0x00..=0x1F => Done,
            0x20..=0x3F => Trying,
            0x40..=0x5F => GaveUp,
            0x60..=0xFF => TemporaryGaveUp,
        }
    }

    /// What the standard says it means.
    pub const fn meaning(self) -> &'static str {
        match self.0 {
            0x00 => "received",
            0x01 => "handed on, whether it was received is not known",
            0x02 => "replaced by the service centre",
            0x03..=0x1F => "done",
            0x20 | 0x60 => "congestion",
            0x21 | 0x61 => "recipient busy",
            0x22 | 0x62 => "no answer from the recipient",
            0x23 | 0x63 => "service rejected",
            0x24 | 0x44 | 0x64 => "quality of service not available",
            0x25 | 0x65 => "error of the recipient",
            0x26..=0x3F => "not delivered yet",
            0x40 => "remote procedure error",
            0x41 => "incompatible destination",
            0x42 => "connection rejected by the recipient",
            0x43 => "not obtainable",
            0x45 => "no interworking available",
            0x46 => "validity ended",
            0x47 => "deleted by the sender",
            0x48 => "deleted by the service centre",
            0x49 => "message does not exist",
            0x4A..=0x5F => "not deliverable",
            0x66..=0x7F => "not delivered",
            0x80..=0xFF => "reserved status",
        }
    }
}

impl fmt::Display for TpStatus {
    /// `validity ended (TP-ST 0x46)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (TP-ST {:#04x})", self.meaning(), self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_values_go_by_their_range() {
        for (statuses, kind) in [
            (&[0x00, 0x01, 0x02, 0x03, 0x10, 0x1F][..], Done),
            (&[0x20, 0x25, 0x26, 0x30, 0x3F], Trying),
            (&[0x40, 0x46, 0x49, 0x4A, 0x50, 0x5F], GaveUp),
            (&[0x60, 0x65, 0x66, 0x70, 0x7F, 0x80, 0xFF], TemporaryGaveUp),
        ] {
            for status in statuses {
                assert_eq!(TpStatus(*status).kind(), kind, "{status:#04x}");
            }
        }
    }

    #[test]
    fn a_status_is_told_with_its_meaning() {
        assert_eq!(TpStatus::EXPIRED.to_string(), "validity ended (TP-ST 0x46)");
        assert_eq!(
            TpStatus(0x62).to_string(),
            "no answer from the recipient (TP-ST 0x62)"
        );
    }
}
